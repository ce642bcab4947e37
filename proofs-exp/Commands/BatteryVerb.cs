using System.CommandLine;
using System.Globalization;
using UniversalFlows.Bijections;
using UniversalFlows.Proofs.Studies;
using UniversalFlows.Testing;
using UniversalFlows.Testing.Foreign;

namespace UniversalFlows.Proofs.Commands;

/// <summary>uf battery: the laws against a program, a flow file, or the registry.</summary>
internal static class BatteryVerb
{
    private const int MostPatience = 86400;

    public static Command Create(Terminal terminal, Option<bool> json)
    {
        Option<string> command = Options.Text("--command", "PROGRAM", "A program: it gets the word forward or inverse as last argument, reads x1,..,xd and writes y1,..,yd,logdet (CSV).");
        Option<string> inverse = Options.Text("--inverse-command", "PROGRAM", "A program of its own for the inverse; then neither gets a word.");
        Option<bool> noInverse = new("--no-inverse") { Description = "The program has no inverse: laws of the inverse are left out." };
        Option<int> dimension = Options.Whole("--dim", null, 1, "The dimension d of the program's points.", most: 1000);
        Option<string> flow = Options.Text("--flow", "FILE", "A flow file (*.flow.json) in place of a program.");
        Option<int> points = Options.Whole("--points", 100, 1, "Random points a law takes.", most: 1_000_000);
        Option<ulong> seed = Options.Seed();
        Option<double> reach = Real("--reach", 2, "Points are drawn from [-R, R]^d.");
        Option<string> precision = Options.Text("--precision", "P", "double, or single: what the program computes in; tolerances scale with it.");
        precision.DefaultValueFactory = _ => "double";
        Option<bool> far = new("--far") { Description = "Also ask for finite values up to 1e6 in every coordinate." };
        Option<bool> nan = new("--nan") { Description = "Also send NaN." };
        Option<bool> noDensity = new("--no-density") { Description = "Leave out the integral of the density (d <= 2), which takes many points." };
        Option<string> law = Options.Text("--law", "NAME", "Only this law.");
        Option<int> patience = Options.Whole("--patience", 60, 1, "Seconds after which a program counts as hung.", most: MostPatience);
        Option<bool> stress = new("--stress") { Description = "Every law over every kind of bijection of the library, many times." };
        Option<int> cases = Options.Whole("--cases", 1_000_000, 1, "How many cases --stress runs.");
        Option<string> replay = Options.Text("--case", "NAME", "Only this kind of bijection (with --stress).");
        Option<ulong?> trial = new("--trial") { HelpName = "SEED", Description = "One single case, as a failure names it (with --stress, --law and --case)." };
        Option<int> jobs = Options.Jobs();
        Verb verb = new(
            "battery", "Hold a flow to the laws: somebody else's program, a flow file, or (--stress) every bijection of the library. Exit code 2 if a law is broken.",
            "uf battery --command \"python3 my_flow.py\" --dim 2\nuf battery --flow fit/flow.flow.json\nuf battery --stress --cases 20000")
        {
            command, inverse, noInverse, dimension, flow, points, seed, reach, precision, far, nan, noDensity, law, patience, stress, cases, replay, trial, jobs,
        };
        verb.SetAction(r =>
        {
            if (r.GetValue(stress))
            {
                foreach (Option other in (Option[])[command, inverse, noInverse, dimension, flow, points, reach, precision, far, nan, noDensity, patience])
                    if (r.GetResult(other) is { Implicit: false }) throw new InputException($"{other.Name} has no meaning with --stress");
                return StressRun.Run(terminal, r.GetValue(json), new StressOptions(r.GetValue(cases), r.GetValue(seed), r.GetValue(law), r.GetValue(replay), r.GetValue(trial), r.GetValue(jobs)));
            }

            foreach (Option other in (Option[])[cases, replay, trial])
                if (r.GetResult(other) is { Implicit: false }) throw new InputException($"{other.Name} belongs to --stress");
            if (r.GetValue(flow) is not null == r.GetValue(command) is not null) throw new InputException("give one of --command \"PROGRAM\" --dim D, --flow FILE, or --stress");
            AuditOptions options = new(
                r.GetValue(points), r.GetValue(seed), r.GetValue(reach), r.GetValue(far), r.GetValue(nan), !r.GetValue(noDensity), Known(r.GetValue(law)));
            if (r.GetValue(flow) is { } file)
            {
                foreach (Option other in (Option[])[inverse, noInverse, dimension, precision, patience])
                    if (r.GetResult(other) is { Implicit: false }) throw new InputException($"{other.Name} belongs to --command");
                return Audit(terminal, r.GetValue(json), new BijectionValues(Files.Flow(file), file), options, $"--flow {Quoted(file)}");
            }

            string program = r.GetValue(command)!;
            if (string.IsNullOrWhiteSpace(program)) throw new InputException("--command is empty; the command line of a program was expected");
            if (r.GetResult(dimension) is not { Implicit: false }) throw new InputException("--command needs --dim D, the dimension of the program's points");
            if (r.GetValue(inverse) is not null && r.GetValue(noInverse)) throw new InputException("--inverse-command and --no-inverse exclude each other");
            string p = r.GetRequiredValue(precision);
            double epsilon = p switch { "double" => ValueTrial.DoubleEpsilon, "single" => SingleEpsilon, _ => throw new InputException($"--precision is double or single, not '{p}'") };
            ProgramFlow foreign = new(program, r.GetValue(dimension), r.GetValue(inverse))
            {
                HasInverse = !r.GetValue(noInverse),
                Epsilon = epsilon,
                Patience = TimeSpan.FromSeconds(r.GetValue(patience)),
            };
            string words = $"--command {Quoted(program)}{(r.GetValue(inverse) is { } i ? $" --inverse-command {Quoted(i)}" : "")}{(foreign.HasInverse ? "" : " --no-inverse")} --dim {foreign.Dimension}"
                + (p == "single" ? " --precision single" : "");
            return Audit(terminal, r.GetValue(json), foreign, options, words);
        });
        return verb;
    }

    /// <summary>2⁻²³.</summary>
    private const double SingleEpsilon = 1.1920928955078125e-7;

    private static int Audit(Terminal terminal, bool json, IForeignFlow flow, AuditOptions options, string words)
    {
        IReadOnlyList<LawResult> results;
        try
        {
            int done = 0, all = options.Law is null ? ForeignLaws.All.Count : 1;
            results = Progress.Show(terminal, lines: false, report => ForeignLaws.Audit(flow, options, law => report((double)done++ / all, law.Name)));
        }
        catch (ForeignFlowException e)
        {
            throw new InputException(e.Message, e);
        }

        string replay = string.Create(CultureInfo.InvariantCulture, $"uf battery {words} --points {options.Points} --seed {options.Seed} --reach {options.Reach:R}")
            + (options.FarAway ? " --far" : "") + (options.NaN ? " --nan" : "") + (options.Density ? "" : " --no-density");
        LawResult[] broken = [.. results.Where(r => r.Verdict == LawVerdict.Broken)];
        if (json)
        {
            terminal.Json(w =>
            {
                w.WriteString("flow", flow.Name);
                w.WriteNumber("dimension", flow.Dimension);
                w.WriteNumber("seed", options.Seed);
                w.WriteNumber("broken", broken.Length);
                w.Objects("laws", results, r =>
                {
                    w.WriteString("law", r.Law.Name);
                    w.WriteString("statement", r.Law.Statement);
                    w.WriteNumber("points", r.Points);
                    w.WriteString("verdict", Word(r.Verdict));
                    if (r.Why is { } why) w.WriteString("why", why);
                    if (r.Verdict == LawVerdict.Broken) w.WriteString("replay", $"{replay} --law {r.Law.Name}");
                });
            });
        }
        else
        {
            terminal.Table(["law", "points", "verdict", "what"], results.Select(r => (string[])[r.Law.Name, $"{r.Points}", Word(r.Verdict), r.Why ?? r.Law.Statement]));
            foreach (LawResult r in broken)
            {
                terminal.Out.WriteLine($"\nbroken: {r.Law.Name}: {r.Law.Statement}\n  {r.Why}\n  seed {r.Seed}; replay with: {replay} --law {r.Law.Name}");
            }
        }

        int held = results.Count(r => r.Verdict == LawVerdict.Holds);
        if (held + broken.Length == 0)
        {
            terminal.Say("uf: no law was decided");
            return results.Any(r => r.Verdict == LawVerdict.Undecided) ? ExitCode.OutOfBudget : ExitCode.Nothing;
        }

        if (broken.Length == 0) return ExitCode.Good;
        terminal.Say($"uf: {flow.Name} breaks {broken.Length} of {held + broken.Length} laws: {string.Join(", ", broken.Select(r => r.Law.Name))}");
        return ExitCode.NotMet;
    }

    private static string? Known(string? law)
    {
        string[] names = [.. ForeignLaws.All.Select(l => l.Name)];
        if (law is null || names.Contains(law)) return law;
        IReadOnlyList<string> nearest = Targets.Spelling.Nearest(law, names);
        throw new InputException($"no law of values is called '{law}': {(nearest.Count > 0 ? $"did you mean {string.Join(" or ", nearest)}?" : $"there are {string.Join(", ", names)}")}");
    }

    private static string Word(LawVerdict verdict) => verdict.ToString().ToLowerInvariant();

    private static string Quoted(string text) => text.Any(c => !(char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '-' or '_')) ? $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"" : text;

    private static Option<double> Real(string name, double standard, string description) => new(name)
    {
        HelpName = "R",
        Description = description,
        DefaultValueFactory = _ => standard,
        CustomParser = result =>
        {
            string text = result.Tokens[^1].Value;
            if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value > 0 && double.IsFinite(value)) return value;
            result.AddError($"{name} takes a number above 0, not '{text}'");
            return standard;
        },
    };
}
