using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Xunit;

namespace UniversalFlows.Tests.Commands;

/// <summary>
/// Whatever a user gets wrong: exit code 5, the very line of this table on stderr, nothing on stdout, every file as it was and no new one. In
/// the table @ is the folder of the test, and * stands for words of the .NET parser, or for the rest of a list of names.
/// </summary>
public sealed class BadInputTable : IDisposable
{
    private readonly Shell _shell = new();
    private readonly SortedDictionary<string, string> _before;

    /// <summary>A flow file with every kind of layer, from which <see cref="Flows"/> spoils one place at a time.</summary>
    private const string GoodFlow = """
        {
         "format": "universal-flows",
         "version": 1,
         "dimension": 2,
         "layers": [
          {
           "type": "coupling", "passive": [0], "active": [1],
           "transformer": { "type": "affine", "scale": { "map": "exp", "bound": 2, "offset": 0.5, "minimum": 0.25 }, "shift": "plain" },
           "conditioner": {
            "type": "mlp", "activation": "tanh", "clip": [[-3, 3]],
            "layers": [{ "weights": [[1.5], [-0.5]], "bias": [0.1, 0.2] }, { "weights": [[1, 2], [3, 4]], "bias": [5, 6] }]
           }
          },
          {
           "type": "coupling", "mask": [0, 1],
           "transformer": { "type": "sos", "squares": 1, "degree": 1, "basis": { "type": "chebyshev", "interval": [-4, 4] }, "linear": 0.125 },
           "conditioner": { "type": "chebyshev", "degrees": [1], "intervals": [[-2, 2]], "coefficients": [[1, 0.5], [0.25, 0], [2, 1]] }
          },
          {
           "type": "coupling", "passive": [0], "active": [1],
           "transformer": { "type": "dsf", "sigmoids": 1, "slope": { "map": "softplus" }, "minimumWeight": 0.75 },
           "conditioner": { "type": "table", "knots": [-1, 1], "values": [[0, 1], [1, 0], [2, 2]] }
          },
          {
           "type": "coupling", "passive": [], "active": [0, 1],
           "transformer": { "type": "rqs", "bins": 1, "interval": [-7, 7], "tails": "linear", "slope": { "map": "sigmoid" }, "minimumBin": 0.375 },
           "conditioner": { "type": "constant", "values": [0, 0, 1, 2, 0, 0, 3, 4] }
          },
          { "type": "permutation", "order": [1, 0] },
          { "type": "linear", "matrix": [[2, 1], [1, 3]], "shift": [0.5, -8] },
          { "type": "inverse", "layer": { "type": "composition", "layers": [] } }
         ]
        }
        """;

    public BadInputTable()
    {
        foreach (string folder in (string[])["folder", "folder.html", "full", "blocked", "results/maps"]) Directory.CreateDirectory(_shell[folder]);
        _shell.Write("good", GoodFlow);
        _shell.Write("points.csv", "x1,x2\n0.5,-1\n");
        _shell.Write("words.csv", "x1,x2\n0.5,-1\n1,two\n");
        _shell.Write("header.csv", "a,b\n0.5,-1\n");
        _shell.Write("empty.csv", "x1,x2\n");
        _shell.Write("full/note.txt", "mine\n");
        _shell.Write("blocked/maps", "a file\n");
        _before = Contents();
    }

    public void Dispose() => _shell.Dispose();

    public static TheoryData<string, string> Arguments => new()
    {
        { "battery", "give one of --command \"PROGRAM\" --dim D, --flow FILE, or --stress" },
        { "battery --flow @nothing", "the flow file @nothing does not exist" },
        { "battery --flow @good --law frob", "no law of values is called 'frob': there are *" },
        { "battery --stress --cases 0", "--cases takes a whole number of at least 1, not '0' (see uf battery --help)" },
        { "battery --flow @good --precision half", "--precision belongs to --command" },
        { "verify Q1", "there is no claim \"Q1\": *" },
        { "verify B33 nothing-like-it", "there is no claim \"nothing-like-it\": see uf list claims" },
        { "verify --source X", "--source takes A, B, N, S or L, not 'X'" },
        { "verify --kind theorm", "--kind takes definition, *" },
        { "verify --verdict true", "--verdict takes certified, *" },
        { "verify --profile quick", "--profile takes ci or full, not 'quick'" },
        { "verify --cached --again", "--cached computes nothing and --again computes all: one of them" },
        { "verify B33 --results @good", "--results @good is a file; a folder was expected" },
        { "merge @nowhere --out @new", "there is no folder @nowhere" },
        { "merge --out @new", "required argument missing for command: 'merge' (see uf merge --help)" },
        { "slurm --out @new", "option '--shards' is required (see uf slurm --help)" },
        { "slurm --shards 0 --out @new", "--shards takes a whole number from 1 to 10000, not '0' (see uf slurm --help)" },
        { "slurm --shards 2 --profile quik --out @new", "unknown profile 'quik': did you mean quick?" },
        { "slurm map --shards 2 --out @new", "unknown study 'map': did you mean maps?" },
        { "construct", "option '--family' is required (see uf construct --help)" },
        { "construct --family sos --epsilon 0.1 --out @new", "construct takes either --target, or --law or --law-data (see uf construct --help)" },
        { "construct --target twist --law circle --family sos --epsilon 0.1 --out @new", "construct takes either --target, or --law or --law-data (see uf construct --help)" },
        { "construct --law circel --family sos --epsilon 0.1 --out @new", "unknown law 'circel': did you mean circle?" },
        { "construct --law circle --metric w1 --family sos --epsilon 0.1 --out @new", "--metric takes bl, not 'w1'" },
        { "construct --law circle --norm l2 --family sos --epsilon 0.1 --out @new", "--norm goes with --target, not with a law" },
        { "construct --law circle --domain box(-1,1) --family sos --epsilon 0.1 --out @new", "--domain goes with --target, not with a law" },
        { "construct --law circle --sigma 0 --family sos --epsilon 0.1 --out @new", "--sigma takes a positive number such as 0.01, not '0' (see uf construct --help)" },
        { "construct --target twist --sigma 0.1 --family sos --epsilon 0.1 --out @new", "--metric and --sigma go with --law" },
        { "construct --law-data @words.csv --family sos --epsilon 0.1 --out @new", "@words.csv: line 3, column 2 (x2): 'two' is not a finite number" },
        { "construct --target twst --family rqs --epsilon 0.1 --out @new", "unknown target 'twst' at column 1: did you mean twist?" },
        { "construct --target twist --family acff --epsilon 0.1 --out @new", "there is no construction for the family 'acff': choose sos, dsf, rqs or acf" },
        { "construct --target twist --family rqs --epsilon -1 --out @new", "--epsilon takes a positive number such as 1e-6, not '-1' (see uf construct --help)" },
        { "construct --target twist --family acf --epsilon 0.1 --norm l2 --certify --out @new", "--certify proves sup errors: leave it out for --norm l2" },
        { "construct --target twist --family rqs --epsilon 0.1 --norm l7 --out @new", "--norm takes sup, l1 or l2, not 'l7'" },
        { "construct --target twist --family rqs --epsilon 0.1 --out @points.csv", "@points.csv is a file; a folder was expected" },
        { "frobnicate", "unknown verb 'frobnicate': see uf --help" },
        { "evla", "unknown verb 'evla': did you mean eval?" },
        { "--jsn", "unknown option --jsn: did you mean --json?" },
        { "list frobnicate", "nothing to list is called 'frobnicate': there are flows, *" },
        { "list target", "nothing to list is called 'target': did you mean targets?" },
        { "list targets extra", "'extra' was not expected here: see uf list --help" },
        { "eval", "option '--flow' is required (see uf eval --help)" },
        { "eval --flow", "required argument missing for option: '--flow' (see uf eval --help)" },
        { "eval --flwo x", "unknown option --flwo: did you mean --flow?" },
        { "eval --flow @good --flow @good --points @points.csv", "option '--flow' expects a single argument but 2 were provided (see uf eval --help)" },
        { "eval --flow @good --points @points.csv extra", "'extra' was not expected here: see uf eval --help" },
        { "eval --flow @good --points @points.csv --jobs 0", "--jobs takes a whole number of at least 1, not '0' (see uf eval --help)" },
        { "eval --flow @good --points @points.csv --jobs many", "--jobs takes a whole number of at least 1, not 'many' (see uf eval --help)" },
        { "show", "required argument missing for command: 'show' (see uf show --help)" },
        { "show --bogus", "unknown option --bogus: see uf show --help" },
        { "doctor --fast", "unknown option --fast: see uf doctor --help" },
        { "bench", "required argument missing for command: 'bench' (see uf bench --help)" },
        { "bench train-stp", "'train-stp' is not a workload; did you mean train-step?" },
        { "bench gemm --batch 0", "--batch takes a whole number of at least 1, not '0' (see uf bench --help)" },
        { "bench gemm --threads 0", "--threads takes a whole number of at least 1, not '0' (see uf bench --help)" },
        { "bench train-step --family accf", "\"accf\" is not a known family; known are acf, sos, *" },
        { "measure --flow @good", "write --target for a map, or --law for a law: what the flow is measured against" },
        { "measure --target twist", "--flow is missing: the flow file to measure" },
        { "measure --law moons", "write one of --flow, --against and --against-data: what the law is compared with" },
        { "measure --law moons --flow @good --against square", "write one of --flow, --against and --against-data: what the law is compared with" },
        { "measure --law moons --flow @good --target twist", "--target and --domain are for maps, --law and --law-data for laws: write one kind" },
        { "measure --against square --flow @good", "write either --law with a name or --law-data with a file of points" },
        { "measure --law moons --flow @good --metric w3", "unknown metric 'w3': there are w1, w2, bl, *" },
        { "measure --law moons --flow @good --metric ks", "the metric ks compares distribution functions on the line; these are laws of R^2: write --metric bl, w1 or mmd" },
        { "measure --law circle --flow @good --metric tv", "circle has no density, and the metric tv compares densities: write --metric bl, w1 or mmd" },
        { "measure --law student --flow @good", "student is a law of R^1, but @good one of R^2" },
        { "measure --law moons --flow @good --epsilon 0", "--epsilon takes a positive number, not '0' (see uf measure --help)" },
        { "measure --law moons --flow @good --repeats 1 --metric w1", "the metric w1 has bounds from repetitions only: write --repeats 2 or more" },
        { "measure --law swiss-roll --against swiss-roll --metric prokhorov", "the metric prokhorov is computed for finitely many point masses on both sides: points of a file, or the law atoms" },
        { "certify --flow @good", "option '--target' is required (see uf certify --help)" },
        { "certify --flow @good --target twist --norm l7", "--norm takes sup, l1, l2 or c1, not 'l7'" },
        { "certify --flow @good --target twist --norm l2 --out @new", "--out writes certificates of the sup norm: leave it out for --norm l2" },
        { "certify --flow @good --target twist --lipschitz", "--lipschitz is about the flow alone: leave --target, --norm and --out out" },
        { "certify --flow @good --lipschitz --norm c1", "--lipschitz is about the flow alone: leave --target, --norm and --out out" },
        { "certify --flow @good --lipschitz --domain ring(0.6,1.8)", "certify takes a box or a ball, not ring(0.6,1.8)" },
        { "certify --flow @good --target twist --gap 200%", "--gap takes a share from 0 to below 1 such as 1% or 0.01, not '200%' (see uf certify --help)" },
        { "certify --flow @good --target twist --gap small", "--gap takes a share from 0 to below 1 such as 1% or 0.01, not 'small' (see uf certify --help)" },
        { "certify --flow @good --target twist --degree 11", "--degree takes a whole number from 1 to 10, not '11' (see uf certify --help)" },
        { "certify --flow @good --target twist --max-boxes 0", "--max-boxes takes a whole number of at least 1, not '0' (see uf certify --help)" },
        { "certify --flow @good --target twist --domain ring(0.6,1.8)", "certify takes a box or a ball, not ring(0.6,1.8)" },
        { "certify --flow @good --target sine", "@good is a flow of R^2, but the target sine is a map of R^1" },
        { "check", "required argument missing for command: 'check' (see uf check --help)" },
        { "check @good", "@good: this is no certificate: a member \"format\" with the value \"universal-flows-certificate\" was expected" },
        { "check @nowhere", "the certificate @nowhere does not exist" },
        { "fit --target sine --family acf", "option '--out' is required (see uf fit --help)" },
        { "fit --target sine --family acff --out @new", "unknown family 'acff': did you mean acf? there are acf, sos, *" },
        { "fit --target sine --family 0 --out @new", "unknown family '0': there are acf, sos, *" },
        { "fit --target sine --family acf --depth -1 --out @new", "--depth takes a whole number of at least 0, not '-1' (see uf fit --help)" },
        { "fit --target sine --family acf --depth 99999 --out @new", "--depth takes at most 4096, not 99999" },
        { "fit --target sine --family acf --depth 1.5 --out @new", "--depth takes a whole number of at least 0, not '1.5' (see uf fit --help)" },
        { "fit --target sine --family acf --hidden 3,x --out @new", "--hidden takes widths from 1 to 4096 such as 32,32, or none, not '3,x'" },
        { "fit --target sine --family acf --hidden 0 --out @new", "--hidden takes widths from 1 to 4096 such as 32,32, or none, not '0'" },
        { "fit --target sine --family acf --activation thanh --out @new", "unknown activation 'thanh': did you mean tanh? there are identity, tanh, relu, silu" },
        { "fit --target sine --family acf --method sgd --out @new", "unknown method 'sgd': there are lm, *" },
        { "fit --target sine --family acf --points 65 --out @new", "--points takes a multiple of 64 with --method lm, not 65" },
        { "fit --target sine --family acf --steps 0 --out @new", "--steps takes a whole number of at least 1, not '0' (see uf fit --help)" },
        { "fit --target sine --family acf --seed -1 --out @new", "--seed takes a whole number from 0 to 18446744073709551615, not '-1' (see uf fit --help)" },
        { "fit --target sine --family acf --seed 18446744073709551616 --out @new", "--seed takes a whole number from 0 to 18446744073709551615, not '18446744073709551616' (see uf fit --help)" },
        { "fit --target sine --family acf --max-time soon --out @new", "--max-time takes a time such as 90s, 5m or 1h, not 'soon' (see uf fit --help)" },
        { "fit --target sine --family acf --max-time 0s --out @new", "--max-time takes a time such as 90s, 5m or 1h, not '0s' (see uf fit --help)" },
        { "fit --family acf --out @new", "fit takes either --target or --law (see uf fit --help)" },
        { "fit --target sine --law moons --family acf --out @new", "fit takes either --target or --law (see uf fit --help)" },
        { "fit --law mons --family acf --out @new", "unknown law 'mons': did you mean moons?" },
        { "fit --law moons --law-data @points.csv --family acf --out @new", "write either --law with a name or --law-data with a file of points" },
        { "fit --law-data @nothing.csv --family acf --out @new", "the points file @nothing.csv does not exist" },
        { "fit --law-data @words.csv --family acf --out @new", "@words.csv: line 3, column 2 (x2): 'two' is not a finite number" },
        { "fit --law-data @header.csv --family acf --out @new", "@header.csv: line 1: the header must be x1,x2 for points of R^2, not 'a,b'" },
        { "fit --law-data @empty.csv --family acf --out @new", "@empty.csv: line 2: there is no point after the header" },
        { "sample", "write either --law with a name or --law-data with a file of points" },
        { "sample --law circle(1) --out @new", "the law circle takes 0 parameters, separated by commas, not 1" },
        { "sample --law two-gaussians(1,0)", "the parameters of two-gaussians(1,0) are out of range: two-gaussians(m=1, s=0.25) needs s > 0" },
        { "sample --law circle --count 0", "--count takes a whole number from 1 to 10000000, not '0' (see uf sample --help)" },
        { "fit --law moons --method lm --family acf --out @new", "--method lm is for targets; a law takes --method a*" },
        { "fit --law moons --domain box(-1,1) --family acf --out @new", "--domain goes with --target; a law lives on all of R^d" },
        { "run map", "unknown study 'map': did you mean maps?" },
        { "run --profile quik", "unknown profile 'quik': did you mean quick?" },
        { "run --shard 5/4", "--shard takes I/N with 1 <= I <= N, such as 2/4, not '5/4'" },
        { "run --shard 0/4", "--shard takes I/N with 1 <= I <= N, such as 2/4, not '0/4'" },
        { "run --shard 2", "--shard takes I/N with 1 <= I <= N, such as 2/4, not '2'" },
        { "run --seed x", "--seed takes a whole number from 0 to 18446744073709551615, not 'x' (see uf run --help)" },
        { "run --jobs -2", "--jobs takes a whole number of at least 1, not '-2' (see uf run --help)" },
        { "report --out @page.txt", "--out @page.txt: the name of a page ends in .html" },
    };

    /// <summary>What follows uf measure --flow @good --target.</summary>
    public static TheoryData<string, string> Formulas => new()
    {
        { "twsit", "unknown target 'twsit' at column 1: did you mean twist?" },
        { "twist(1", "',', ';' or ')' was expected at column 8, but the end of the text is there: write a name, or a name with parameters such as twist(2.5)" },
        { "twist(1,2)", "the target twist(omega=1.5707963267948966) takes 1 parameter, but another begins at column 9" },
        { "henon(1;2)", "parameters are separated by ',', but another group begins at column 9: write henon(a=1.4, b=0.3)" },
        { "henon(1,0)", "the parameters at column 7 are out of range: henon(a=1.4, b=0.3) is a diffeomorphism only if b is not 0" },
        { "cyclic(2.5)", "the dimension at column 8 must be a whole number from 1 to 64, not 2.5" },
        { "cyclic(65)", "the dimension at column 8 must be a whole number from 1 to 64, not 65" },
        { "x1+)", "a number, a variable, a function or '(' was expected at column 4, but ')' is there" },
        { "x;", "a number, a variable, a function or '(' was expected at column 3, but the end of the formula is there" },
        { ";x", "a number, a variable, a function or '(' was expected at column 1, but ';' is there" },
        { "(x;y", "an operator or ')' was expected at column 3, but ';' is there" },
        { "sn(x);y", "unknown name 'sn' at column 1: did you mean sin?" },
        { "sin;y", "'(' after sin was expected at column 4, but ';' is there" },
        { "sin(x;y)", "an operator or ')' was expected at column 6, but ';' is there" },
        { "x;w", "unknown name 'w' at column 3: variables are x1, x2, .. (or x, y, z), constants pi and e, functions sin cos tan exp log sqrt sinh cosh tanh atan abs" },
        { "x;x3", "the variable at column 3 is coordinate 3, but the formula has only 2 components: components are separated by ';', and the dimension is their number" },
        { "x0;y", "unknown name 'x0' at column 1: variables are x1, x2, .. (or x, y, z), constants pi and e, functions sin cos tan exp log sqrt sinh cosh tanh atan abs" },
        { "2x;y", "an operator was expected at column 2: write 2*x.. for a product" },
        { "1e999*x;y", "'1e999' at column 1 is not a finite number" },
        { "1.2.3*x;y", "'1.2.3' at column 1 is not a finite number" },
        { "x$y;y", "an operator, ';' or the end was expected at column 2, but '$' is there" },
        { "x**y;y", "a number, a variable, a function or '(' was expected at column 3, but '*' is there" },
        { "sine", "@good is a flow of R^2, but the target sine is a map of R^1" },
        { "log(x);y", "the target is not finite at (0, 0), a point of box(-1,1): choose a domain inside its domain of definition with --domain" },
        { "1/x;y", "the target is not finite at (0, 0), a point of box(-1,1): choose a domain inside its domain of definition with --domain" },
        { new string('(', 300) + "x", "the formula is nested too deeply at column 101: at most about 100 levels of parentheses, signs and powers are possible" },
        { new string('a', 2000), "unknown target '" + new string('a', 197) + "..." + new string('a', 98) + "' at column 1: *" },
    };

    /// <summary>What follows uf measure --flow @good --target twist --domain.</summary>
    public static TheoryData<string, string> Domains => new()
    {
        { "bx(1)", "unknown domain 'bx' at column 1: write box(-1,1), *" },
        { "box", "the domain 'box' at column 1 needs numbers: write box(-1,1), *" },
        { "box()", "the domain 'box' at column 1 needs numbers: write box(-1,1), *" },
        { "box(-1,1", "',', ';' or ')' was expected at column 9, but the end of the text is there: write box(-1,1), *" },
        { "box(-1;1)", "a box has two numbers a coordinate, a lower and an upper end, but 1 begins at column 5: write box(-1,1), *" },
        { "box(-1,0,1)", "a box has two numbers a coordinate, a lower and an upper end, but 3 begin at column 5: write box(-1,1), *" },
        { "box(1,-1)", "the interval at column 5 is empty: the lower end must be less than the upper one, not 1,-1" },
        { "box(0,0)", "the interval at column 5 is empty: the lower end must be less than the upper one, not 0,0" },
        { "box(a,b)", "a finite number was expected at column 5, but 'a' is there: write box(-1,1), *" },
        { "box(NaN,1)", "a finite number was expected at column 5, but 'N' is there: write box(-1,1), *" },
        { "box(-1e308,1e308)", "the interval at column 5 is wider than a double can say: -1E+308,1E+308" },
        { "box(-1e200,1e200)", "the volume of the domain at column 1 is too large for a double: choose sides nearer to 1" },
        { "box(0,1;0,1;0,1)", "the box has 3 coordinates at column 13, but the target has 2: give one pair for all or 2 pairs" },
        { "ball()", "the domain 'ball' at column 1 needs numbers: write box(-1,1), *" },
        { "ball(0)", "the ball is empty or a point: the radius at column 6 must be positive, not 0" },
        { "ball(-1)", "the ball is empty or a point: the radius at column 6 must be positive, not -1" },
        { "ball(1,2)", "a ball is ball(radius) or ball(radius; centre), but there are more numbers at column 8: write box(-1,1), *" },
        { "ball(1;0)", "the centre at column 8 has 1 coordinates, but the target has 2" },
        { "ball(1;1e20,0)", "the radius at column 6 is too large or too small for doubles about 1E+20: 1" },
        { "ball(1)x", "the end was expected at column 8, but 'x' is there: write box(-1,1), *" },
        { "(1)", "a name was expected at column 1, but '(' is there: write box(-1,1), *" },
        { "sector(1,2)", "a sector has two radii and two angles, but other numbers begin at column 8: write box(-1,1), *" },
        { "sector(2,1;0,1)", "the sector at column 8 is empty: the inner radius must be less than the outer one, not 2,1" },
        { "sector(1,2;0,7)", "the angles at column 12 close the ring: their difference must be less than 2 pi, not 7" },
        { "ring(2,1)", "the ring at column 6 is empty: the inner radius must be less than the outer one, not 2,1" },
        { "ring(0,1)", "the inner radius at column 6 must be positive, not 0: a set with 0 in it is a ball" },
        { "ring(1)", "a ring has two radii, but other numbers begin at column 6: write box(-1,1), *" },
    };

    /// <summary>Old and new text in <see cref="GoodFlow"/> (' for "), and the complaint.</summary>
    public static TheoryData<string, string, string> Flows => new()
    {
        { "{\n 'format'", "[\n 'format'", "line 2, byte 10: this is not valid JSON: *" },
        { "'version': 1,", "'version': 1", "line 4, byte 2: this is not valid JSON: *" },
        { "'format': 'universal-flows',\n", "", "\"format\" is missing" },
        { "universal-flows", "universal-flow", "format: \"universal-flow\" is not a format of this program; expected \"universal-flows\"" },
        { "'version': 1", "'version': 2", "version: version 2 is not known; this program reads version 1" },
        { "'version': 1", "'version': '1'", "version: a whole number is expected here, not a string" },
        { "'dimension': 2", "'dimension': 0", "dimension: 0 is not between 1 and 4096" },
        { "'dimension': 2", "'dimension': 2.5", "dimension: a whole number is expected here, not 2.5" },
        { "'dimension': 2", "'dimension': 5000", "dimension: 5000 is not between 1 and 4096" },
        { "'dimension': 2", "'dimension': 3", "layers[1].mask: 3 numbers are expected, found 2" },
        { "'dimension': 2,\n", "'dimension': 2, 'dimension': 2,\n", "\"dimension\" occurs twice" },
        { "'dimension': 2,\n", "'dimension': 2, 'colour': 'red',\n", "\"colour\" is not known here; known are format, version, name, note, dimension, layers" },
        { "'layers': [\n", "'layers': {},'x': [\n", "\"x\" is not known here; known are format, version, name, note, dimension, layers" },
        { "'type': 'coupling', 'passive': [0]", "'type': 'cupling', 'passive': [0]", "layers[0].type: \"cupling\" is not known; known are coupling, *" },
        { "'type': 'coupling', 'passive': [0]", "'type': 7, 'passive': [0]", "layers[0].type: a string is expected here, not a number" },
        { "'passive': [0], 'active': [1]", "'passive': [0], 'active': [0]", "layers[0].active: coordinate 0 is listed twice" },
        { "'passive': [0], 'active': [1]", "'passive': [0], 'active': []", "layers[0].active: no coordinate is active" },
        { "'passive': [0], 'active': [1]", "'passive': [0], 'active': [2]", "layers[0].active[0]: 2 is not between 0 and 1" },
        { "'passive': [0], 'active': [1]", "'passive': [0, 0], 'active': [1]", "layers[0].passive: coordinate 0 is listed twice" },
        { "'passive': [0], 'active': [1]", "'passive': [0]", "layers[0]: \"active\" is missing" },
        { "'mask': [0, 1]", "'mask': [0, 2]", "layers[1].mask: a mask has entries 1 (passive) and 0 (active)" },
        { "'mask': [0, 1]", "'mask': [1, 1]", "layers[1].mask: no coordinate is active" },
        { "'mask': [0, 1]", "'mask': [0, 1], 'active': [0]", "layers[1].active: give either \"mask\" or \"passive\" and \"active\"" },
        { "'mask': [0, 1]", "'mask': [0, 1, 1]", "layers[1].mask: 2 numbers are expected, found 3" },
        { "'map': 'exp'", "'map': 'exq'", "layers[0].transformer.scale.map: \"exq\" is not known; known are exp, softplus, sigmoid" },
        { "'map': 'exp', ", "", "layers[0].transformer.scale: \"map\" is missing" },
        { "'bound': 2", "'bound': 0", "layers[0].transformer.scale.bound: 0 is not above 0" },
        { "'bound': 2", "'bound': 1e999", "layers[0].transformer.scale.bound: the number is too large for a double" },
        { "'offset': 0.5", "'offset': null", "layers[0].transformer.scale.offset: a number is expected here, not null" },
        { "'minimum': 0.25", "'minimum': -1", "layers[0].transformer.scale.minimum: the minimum is negative (-1)" },
        { "'shift': 'plain'", "'shift': 'plane'", "layers[0].transformer.shift: \"plane\" is not known; known are plain, product" },
        { "'activation': 'tanh'", "'activation': 'tan'", "layers[0].conditioner.activation: \"tan\" is not known; known are tanh, relu, silu, identity" },
        { "'activation': 'tanh', ", "", "layers[0].conditioner: \"activation\" is missing" },
        { "'clip': [[-3, 3]]", "'clip': [[3, -3]]", "layers[0].conditioner.clip[0]: the interval [3, -3] is empty" },
        { "'clip': [[-3, 3]]", "'clip': []", "layers[0].conditioner.clip: one interval a passive coordinate is expected, 1 in all, found 0" },
        { "'weights': [[1.5], [-0.5]]", "'weights': [[1.5]]", "layers[0].conditioner.layers[0].weights: 2 rows are expected, found 1" },
        { "'weights': [[1.5], [-0.5]]", "'weights': [[1.5], [-0.5, 1]]", "layers[0].conditioner.layers[0].weights[1]: 1 number is expected, found 2" },
        { "'weights': [[1.5], [-0.5]]", "'weights': [[1.5], ['-0.5']]", "layers[0].conditioner.layers[0].weights[1][0]: a number is expected here, not a string" },
        { "'bias': [5, 6]", "'bias': [5]", "layers[0].conditioner.layers[1].bias: the last layer must have 2 outputs (one for each raw parameter of each active coordinate), found 1" },
        { "'bias': [0.1, 0.2]", "'bias': []", "layers[0].conditioner.layers[0].bias: a layer has at least one output" },
        { "'layers': [{ 'weights'", "'layers': [], 'layer': [{ 'weights'", "layers[0].conditioner: \"layer\" is not known here; known are type, clip, activation, layers" },
        { "'squares': 1", "'squares': 0", "layers[1].transformer.squares: 0 is not between 1 and 64" },
        { "'squares': 1", "'squares': 1e3", "layers[1].transformer.squares: a whole number is expected here, not 1e3" },
        { "'degree': 1", "'degree': 256", "layers[1].transformer.degree: 256 is not between 0 and 255" },
        { "'type': 'chebyshev', 'interval': [-4, 4]", "'type': 'legendre', 'interval': [-4, 4]", "layers[1].transformer.basis.type: \"legendre\" is not known; known are chebyshev, monomial" },
        { "'interval': [-4, 4]", "'interval': [4, 4]", "layers[1].transformer.basis.interval: the interval [4, 4] is empty" },
        { "'interval': [-4, 4]", "'interval': [-1e308, 1e308]", "layers[1].transformer.basis.interval: the interval [-1E+308, 1E+308] is wider than a double can say" },
        { "'basis': { 'type': 'chebyshev', 'interval': [-4, 4] }", "'basis': { 'type': 'monomial', 'scale': 0 }", "layers[1].transformer.basis.scale: 0 is not above 0" },
        { "'linear': 0.125", "'linear': -0.125", "layers[1].transformer.linear: the linear term is negative (-0.125); it must be ≥ 0 for the map to increase" },
        { "'degrees': [1]", "'degrees': [1, 1]", "layers[1].conditioner.degrees: one degree a passive coordinate is expected, 1 in all, found 2" },
        { "'degrees': [1]", "'degrees': [-1]", "layers[1].conditioner.degrees[0]: -1 is not between 0 and 4096" },
        { "'intervals': [[-2, 2]]", "'intervals': [[-2]]", "layers[1].conditioner.intervals[0]: 2 numbers are expected, found 1" },
        { "'coefficients': [[1, 0.5], [0.25, 0], [2, 1]]", "'coefficients': [[1, 0.5], [0.25, 0]]", "layers[1].conditioner.coefficients: 3 rows are expected, found 2" },
        { "'coefficients': [[1, 0.5], [0.25, 0], [2, 1]]", "'coefficients': [[1, 0.5], [0.25, 0], [2]]", "layers[1].conditioner.coefficients[2]: 2 numbers are expected, found 1" },
        { "'sigmoids': 1", "'sigmoids': 0", "layers[2].transformer.sigmoids: 0 is not between 1 and 4096" },
        { "'minimumWeight': 0.75", "'minimumWeight': 1", "layers[2].transformer.minimumWeight: 1 is not in [0, 1/1)" },
        { "'knots': [-1, 1]", "'knots': [1, -1]", "layers[2].conditioner.knots: knot 1 is not larger than the one before" },
        { "'knots': [-1, 1]", "'knots': [1]", "layers[2].conditioner.values[0]: 1 number is expected, found 2" },
        { "'type': 'table'", "'type': 'constant'", "layers[2].conditioner: \"knots\" is not known here; known are type, clip, values" },
        { "'bins': 1", "'bins': 0", "layers[3].transformer.bins: 0 is not between 1 and 4096" },
        { "'tails': 'linear'", "'tails': 'free'", "layers[3].transformer.tails: \"free\" is not known; known are identity, linear" },
        { "'minimumBin': 0.375", "'minimumBin': 1", "layers[3].transformer.minimumBin: 1 is not in [0, 1/1)" },
        { "'values': [0, 0, 1, 2, 0, 0, 3, 4]", "'values': [0, 0, 1, 2]", "layers[3].conditioner.values: 8 numbers are expected, found 4" },
        { "'values': [0, 0, 1, 2, 0, 0, 3, 4]", "'values': [0, 0, 1, 2, 0, 0, 3, true]", "layers[3].conditioner.values[7]: a number is expected here, not true or false" },
        { "'order': [1, 0]", "'order': [1, 1]", "layers[4].order: the order is not a permutation of 0 … 1: entry 1 is 1" },
        { "'order': [1, 0]", "'order': [1]", "layers[4].order: 2 entries are expected, found 1" },
        { "'order': [1, 0]", "'order': '10'", "layers[4].order: an array is expected here, not a string" },
        { "'matrix': [[2, 1], [1, 3]]", "'matrix': [[2, 1], [4, 2]]", "layers[5].matrix: the matrix is singular, or as good as singular in double precision" },
        { "'matrix': [[2, 1], [1, 3]]", "'matrix': [[2, 1]]", "layers[5].matrix: 2 rows are expected, found 1" },
        { "'matrix': [[2, 1], [1, 3]]", "'matrix': [[2, 1e-400], [1, NaN]]", "line 30, byte 51: this is not valid JSON: *" },
        { "'shift': [0.5, -8]", "'shift': [0.5]", "layers[5].shift: 2 numbers are expected, found 1" },
        { "'layer': { 'type': 'composition', 'layers': [] }", "'layers': []", "layers[6]: \"layers\" is not known here; known are type, layer" },
        { "'type': 'composition', 'layers': []", "'type': 'composition'", "layers[6].layer: \"layers\" is missing" },
        { "'layers': [] } }", "'layers': 'none' } }", "layers[6].layer.layers: an array is expected here, not a string" },
        { "{ 'type': 'permutation', 'order': [1, 0] }", "{ 'type': 'autoregressive' }", "layers[4]: \"transformer\" is missing" },
        { "{ 'type': 'permutation', 'order': [1, 0] }", "null", "layers[4]: an object is expected here, not null" },
    };

    /// <summary>Points for a flow of the plane, and the complaint.</summary>
    public static TheoryData<string, string> Points => new()
    {
        { "", "line 1: the file is empty; the header x1,x2 was expected" },
        { "x1\n1\n", "line 1: the points have 1 coordinate, but the flow acts on R^2: the header x1,x2 was expected" },
        { "x2,x1\n1,2\n", "line 1: the header must be x1,x2 for a flow of R^2, not 'x2,x1'" },
        { "1,2\n3,4\n", "line 1: the header must be x1,x2 for a flow of R^2, not '1,2'" },
        { "a;b\n1;2\n", "line 1: the header must be x1,x2 for a flow of R^2, not 'a;b'" },
        { "x1,x2\n1,2\n3,abc\n", "line 3, column 2 (x2): 'abc' is not a finite number" },
        { "x1,x2\nNaN,2\n", "line 2, column 1 (x1): 'NaN' is not a finite number" },
        { "x1,x2\n1,1e999\n", "line 2, column 2 (x2): '1e999' is not a finite number" },
        { "x1,x2\n1\n", "line 2: 1 number, but the header has 2" },
        { "x1,x2\n1,2,3\n", "line 2: 3 numbers, but the header has 2" },
        { "x1,x2\n\n1,2\n", "line 2: the line is empty, but more points follow" },
        { "x1,x2\n1;2\n", "line 2: 1 number, but the header has 2; numbers are separated by commas" },
        { "x1,x2\n1\t2\n", "line 2: 1 number, but the header has 2; numbers are separated by commas" },
        { "x1,x2\n,2\n", "line 2, column 1 (x1): '' is not a finite number" },
        { "x1,x2\n1,0x10\n", "line 2, column 2 (x2): '0x10' is not a finite number" },
    };

    public static TheoryData<string, string> Folders => new()
    {
        { "eval --flow @good --points @nothing.csv", "the points file @nothing.csv does not exist" },
        { "eval --flow @nothing --points @points.csv", "the flow file @nothing does not exist" },
        { "eval --flow @good --points @folder", "@folder is a folder; a points file was expected" },
        { "eval --flow @good --points @points.csv --out @no/y.csv", "@no/y.csv can't be written: there is no folder @no" },
        { "eval --flow @good --points @points.csv --out @points.csv", "--out @points.csv is an input of the same command, which it would replace" },
        { "eval --flow @good --points @points.csv --out @good", "--out @good is an input of the same command, which it would replace" },
        { "eval --flow @good --points @points.csv --out @points.csv/y.csv", "@points.csv/y.csv can't be written: there is no folder @points.csv" },
        { "eval --flow @good --points @points.csv --out @folder", "@folder is a folder; the name of a file to write was expected" },
        { "show @nothing", "the flow file @nothing does not exist" },
        { "show @folder", "@folder is a folder; a flow file was expected" },
        { "show @points.csv", "@points.csv: line 1, byte 1: this is not valid JSON: *" },
        { "show @good/x", "the flow file @good/x does not exist" },
        { "fit --target sine --family acf --out @full", "the folder @full is not empty, and nothing is overwritten: name a new or an empty folder" },
        { "fit --target sine --family acf --out @points.csv", "@points.csv is a file; a folder was expected" },
        { "fit --target sine --family acf --out @points.csv/new", "the folder @points.csv/new can't be made: a part of the path is not a folder" },
        { "run --results @points.csv", "@points.csv is a file; a folder was expected" },
        { "run --results @points.csv/new", "the folder @points.csv/new can't be made: a part of the path is not a folder" },
        { "run --results @blocked", "@blocked/maps is a file; a folder was expected" },
        { "report --results @points.csv", "--results @points.csv is a file; a folder was expected" },
        { "report --results @nothing", "--results @nothing does not exist; uf run --results @nothing makes it" },
        { "report --results @full", "--results @full is not a folder of results: it has other things in it, but none of the folders *" },
        { "report --results @blocked", "@blocked/maps is a file; a folder of results was expected" },
        { "report --results @results/maps", "--results @results/maps is the folder of the study maps; the one that contains it was expected" },
        { "report --results @results --out @folder.html", "--out @folder.html is a folder; the name of a page was expected" },
    };

    [Theory, MemberData(nameof(Arguments)), MemberData(nameof(Folders))]
    public void Commands(string command, string line) => Refused(line, command.Split(' '));

    [Theory, MemberData(nameof(Formulas))]
    public void Targets(string formula, string line) => Refused(line, "measure", "--flow", "@good", "--target", formula);

    [Theory, MemberData(nameof(Domains))]
    public void DomainTexts(string domain, string line) => Refused(line, "measure", "--flow", "@good", "--target", "twist", "--domain", domain);

    [Theory, MemberData(nameof(Flows))]
    public void FlowFiles(string old, string replacement, string complaint)
    {
        (old, replacement) = (old.Replace('\'', '"'), replacement.Replace('\'', '"'));
        int at = GoodFlow.IndexOf(old, StringComparison.Ordinal);
        Assert.True(at >= 0, "the table spoils a text that is not there");
        Bad("bad", string.Concat(GoodFlow.AsSpan(0, at), replacement, GoodFlow.AsSpan(at + old.Length)));
        Refused($"@bad: {complaint}", "show", "@bad");
    }

    [Theory, MemberData(nameof(Points))]
    public void CsvFiles(string text, string complaint)
    {
        Bad("bad.csv", text);
        Refused($"@bad.csv: {complaint}", "eval", "--flow", "@good", "--points", "@bad.csv", "--out", "@y.csv");
    }

    [Fact]
    public void What_the_table_spoils_is_good() => Assert.Equal(0, _shell.Uf("eval", "--flow", "@good", "--points", "@points.csv").Code);

    [Fact]
    public void There_are_more_than_two_hundred_rows() =>
        Assert.True(Arguments.Count + Formulas.Count + Domains.Count + Flows.Count + Points.Count + Folders.Count > 200);

    private void Bad(string name, string text)
    {
        _shell.Write(name, text);
        _before[name] = Hash(_shell[name]);
    }

    private void Refused(string line, params string[] words)
    {
        Outcome outcome = _shell.Uf(words);
        outcome.IsBadInput();
        string folder = Path.GetDirectoryName(_shell["x"])!;
        string found = outcome.Error["uf: ".Length..^1].Replace(folder + Path.DirectorySeparatorChar, "@", StringComparison.Ordinal).Replace(folder, "@", StringComparison.Ordinal);
        if (line.Contains('*', StringComparison.Ordinal)) Assert.Matches($"^{Regex.Escape(line).Replace("\\*", ".*", StringComparison.Ordinal)}$", found);
        else Assert.Equal(line, found);
        Assert.Equal(_before, Contents());
    }

    /// <summary>Every file of the folder with a hash of its bytes, every folder with nothing.</summary>
    private SortedDictionary<string, string> Contents()
    {
        string folder = Path.GetDirectoryName(_shell["x"])!;
        return new(
            Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories).ToDictionary(p => Path.GetRelativePath(folder, p).Replace('\\', '/'), Hash), StringComparer.Ordinal);
    }

    private static string Hash(string path) => Directory.Exists(path) ? "" : Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path)));
}
