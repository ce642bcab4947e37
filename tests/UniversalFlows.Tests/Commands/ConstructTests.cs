using System.Text.Json;
using Xunit;

namespace UniversalFlows.Tests.Commands;

/// <summary>uf construct: files, exit codes and bad input.</summary>
public sealed class ConstructTests : IDisposable
{
    private readonly Shell _shell = new();

    public void Dispose() => _shell.Dispose();

    private Outcome Construct(string target, string domain, string family, string epsilon, params string[] more) =>
        _shell.Uf(["construct", "--target", target, "--domain", domain, "--family", family, "--epsilon", epsilon, "--out", "@new", .. more]);

    [Theory]
    [InlineData("sup", "chebyshev")]
    [InlineData("l1", "chebyshev")]
    [InlineData("l2", "mlp")]
    public void A_flow_and_its_numbers_are_written(string norm, string conditioner)
    {
        Outcome outcome = Construct("x + 0.1*sin(y); y + 0.1*x^2", "box(-1,1)", "sos", "1e-3", "--norm", norm, "--conditioner", conditioner, "--json");
        Assert.Equal(0, outcome.Code);
        JsonElement json = outcome.Json(), file = JsonDocument.Parse(File.ReadAllText(_shell["new/construction.json"])).RootElement;
        Assert.True(JsonElement.DeepEquals(json, file));
        Assert.True(json.GetProperty("met").GetBoolean());
        Assert.Equal((norm, conditioner), (json.GetProperty("norm").GetString(), json.GetProperty("conditioner").GetString()));
        JsonElement chain = json.GetProperty("chains")[0];
        Assert.Equal(2 * chain.GetProperty("factors").GetInt32(), chain.GetProperty("steps").GetArrayLength());
        Assert.True(chain.GetProperty("smallestMinor").GetDouble() > 0);
        JsonElement measured = _shell.Uf("measure", "--flow", "@new/flow.flow.json", "--target", "x + 0.1*sin(y); y + 0.1*x^2", "--domain", "box(-1,1)", "--json").Json();
        Assert.InRange(measured.GetProperty(norm).GetDouble(), 0, 1e-3);
        Assert.Equal(measured.GetProperty(norm).GetDouble(), json.GetProperty("measured").GetProperty(norm).GetDouble());
        Construct("x; y", "box(-1,1)", "sos", "1e-3").IsBadInput("not empty");
    }

    [Fact]
    public void A_fold_is_refused_with_code_2_and_no_flow()
    {
        Outcome outcome = Construct("x^2; y", "box(-1,1)", "sos", "1e-3");
        Assert.Equal(2, outcome.Code);
        Assert.Contains("refused at step (a)", outcome.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_shell["new/flow.flow.json"]));
        Assert.Equal("(a)", JsonDocument.Parse(File.ReadAllText(_shell["new/construction.json"])).RootElement.GetProperty("refusal").GetProperty("step").GetString());
    }

    /// <summary>A kink: no polynomial of the ladder is within 1e-9. The best flow is written, with its error, and the code says so.</summary>
    [Fact]
    public void An_error_that_is_not_met_is_code_2_with_the_best_flow()
    {
        Outcome outcome = Construct("x + 0.3*abs(x - 0.1)", "box(-1,1)", "sos", "1e-9", "--json");
        Assert.Equal(2, outcome.Code);
        Assert.Contains("is above the 1E-09 asked for; the best flow found was written", outcome.Error, StringComparison.Ordinal);
        JsonElement json = outcome.Json();
        Assert.False(json.GetProperty("met").GetBoolean());
        double sup = json.GetProperty("measured").GetProperty("sup").GetDouble();
        Assert.InRange(sup, 1e-9, 1e-2);
        JsonElement measured = _shell.Uf("measure", "--flow", "@new/flow.flow.json", "--target", "x + 0.3*abs(x - 0.1)", "--domain", "box(-1,1)", "--json").Json();
        Assert.Equal(sup, measured.GetProperty("sup").GetDouble());
    }

    /// <summary>The error that decides is the measured one off the exceptional set, its uncertainty and the set's bound; the couplings are counted by uf show.</summary>
    [Theory]
    [InlineData("x + 0.1*sin(y); y + 0.1*x^2", "cell", "l2", "relu", 0)]
    [InlineData("x + 0.1*sin(y); y + 0.1*x^2", "cell", "l1", "tanh", 0)]
    [InlineData("abs(2*x)-1; y", "three", "l2", "tanh", 3)]
    [InlineData("0*x; y", "three", "l1", "relu", 3)]
    public void Affine_couplings_in_Lp(string target, string route, string norm, string conditioner, int couplings)
    {
        Outcome outcome = Construct(target, "box(-1,1)", "acf", "0.2", "--norm", norm, "--route", route, "--conditioner", conditioner, "--json");
        Assert.Equal(0, outcome.Code);
        JsonElement json = outcome.Json(), measured = json.GetProperty("measured"), set = json.GetProperty("exceptionalSet");
        Assert.True(json.GetProperty("met").GetBoolean());
        double p = norm == "l1" ? 1 : 2, contribution = set.GetProperty("contribution").GetDouble();
        Assert.InRange(contribution, 1e-9, Math.Pow(set.GetProperty("measure").GetDouble(), 1 / p) * set.GetProperty("size").GetDouble() * (1 + 1e-12));
        double sum = measured.GetProperty($"{norm}OffSet").GetDouble() + measured.GetProperty($"{norm}Uncertainty").GetDouble() + contribution;
        Assert.Equal(sum, json.GetProperty("error").GetDouble(), 1e-12);
        Assert.InRange(sum, 0, 0.2);
        if (route == "cell") couplings = 4 * json.GetProperty("maps").GetArrayLength();
        Assert.Equal(couplings, json.GetProperty("constants").GetProperty("couplings").GetDouble());
        int counted = 0;
        foreach (JsonElement kind in _shell.Uf("show", "@new/flow.flow.json", "--json").Json().GetProperty("kinds").EnumerateArray())
        {
            string name = kind.GetProperty("kind").GetString()!;
            Assert.Contains(name, (string[])["additive coupling", "affine coupling", "linear map"]);
            if (name != "linear map") counted += kind.GetProperty("layers").GetInt32();
        }

        Assert.Equal(couplings, counted);
        // the file alone: the Lp error by quadrature, which does not see the set
        JsonElement again = _shell.Uf("measure", "--flow", "@new/flow.flow.json", "--target", target, "--domain", "box(-1,1)", "--json").Json();
        Assert.Equal(measured.GetProperty($"{norm}OffSet").GetDouble(), again.GetProperty(norm).GetDouble(), 0.02);
    }

    /// <summary>The sup routes have no exceptional set: one measured error decides.</summary>
    [Theory]
    [InlineData("overshear")]
    [InlineData("henon")]
    public void Affine_couplings_in_the_sup_norm(string route)
    {
        Outcome outcome = Construct("x + 0.1*sin(y); y + 0.1*x^2", "box(-1,1)", "acf", "0.05", "--route", route, "--json");
        Assert.Equal(0, outcome.Code);
        JsonElement json = outcome.Json();
        Assert.Equal(route, json.GetProperty("route").GetString());
        Assert.False(json.TryGetProperty("exceptionalSet", out _));
        Assert.Equal(json.GetProperty("measured").GetProperty("sup").GetDouble(), json.GetProperty("error").GetDouble());
        Assert.InRange(json.GetProperty("error").GetDouble(), 0, 0.05);
    }

    /// <summary>What is given is what is used: the constants say so, and uf show counts N(2M − 1) affine couplings, less those that are merged at the ends of steps.</summary>
    [Theory]
    [InlineData("--route overshear --scheme suzuki --steps 2 --directions 5 --degree 4 --weight 1e-2 --order first --margin 0.05", "steps=2 directions=5 degree=4 weight=0.01 affineCouplings=90")]
    [InlineData("--route overshear --scheme lie --steps 3 --directions 4 --degree 3", "steps=3 directions=4 degree=3 weight=0.01 affineCouplings=12")]
    [InlineData("--route overshear --steps 2 --directions 6 --degree 5", "steps=2 directions=6 degree=5 affineCouplings=22")]
    [InlineData("--route henon --steps 3 --directions 5 --degree 4 --delta 1e-5", "steps=3 directions=5 degree=4 delta=1E-05 affineCouplings=54")]
    [InlineData("--norm l2 --route cell --cells 6 --pieces 7 --cell-order 1 --gamma 0.25 --ramp 1e-6", "mostCells=6 order=1 margin=0.25 ramp=1E-06")]
    [InlineData("--norm l2 --route three --cells 6 --ramp 1e-6", "mostCells=6 ramp=1E-06 couplings=3")]
    public void Settings_are_taken_as_they_are_given(string options, string constants)
    {
        Outcome outcome = Construct("x + 0.1*sin(y); y + 0.1*x^2", "box(-1,1)", "acf", "1e-9", [.. options.Split(' '), "--json"]);
        Assert.Equal(2, outcome.Code); // 1e-9 is out of reach of all of them, and the flow is written
        JsonElement json = outcome.Json();
        foreach (string[] pair in constants.Split(' ').Select(c => c.Split('=')))
            Assert.Equal(double.Parse(pair[1], System.Globalization.CultureInfo.InvariantCulture), json.GetProperty("constants").GetProperty(pair[0]).GetDouble());
        if (!json.GetProperty("constants").TryGetProperty("affineCouplings", out JsonElement couplings)) return;
        double counted = 0;
        foreach (JsonElement kind in _shell.Uf("show", "@new/flow.flow.json", "--json").Json().GetProperty("kinds").EnumerateArray())
            if (kind.GetProperty("kind").GetString() != "linear map") counted += kind.GetProperty("layers").GetInt32();
        Assert.Equal(couplings.GetDouble(), counted);
    }

    /// <summary>The control: a weight so small that terms cancel in the field, but not in the product of their flows. It is told, code 2, and neither a flow nor a NaN is written.</summary>
    [Theory]
    [InlineData("1e-4", "terms with coefficients up to")]
    [InlineData("1e-3", "terms with coefficients up to")]
    [InlineData("1e-6", "not positive definite")]
    public void Too_small_a_weight_is_told(string weight, string words)
    {
        string[] setup = ["--scheme", "strang", "--steps", "8", "--directions", "16", "--degree", "14", "--margin", "0.1", "--order", "first", "--json"];
        const string Map = "x + 0.24*sin(x + 2*y) + 0.1*x*y; y + 0.25*cos(2*x - y) - 0.25 + 0.1*y^2";
        Outcome outcome = Construct(Map, "box(-1,1)", "acf", "1e-2", [.. setup, "--weight", weight]);
        Assert.Equal(2, outcome.Code);
        Assert.Contains($"uf: refused at step (d): the weight {double.Parse(weight, System.Globalization.CultureInfo.InvariantCulture):G3} is too small", outcome.Error, StringComparison.Ordinal);
        Assert.Contains(words, outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", outcome.Out, StringComparison.Ordinal);
        Assert.False(File.Exists(_shell["new/flow.flow.json"]));
        Assert.Equal("(d)", outcome.Json().GetProperty("refusal").GetProperty("step").GetString());
    }

    [Fact]
    public void The_printed_table_says_what_an_Lp_error_does_not()
    {
        Outcome outcome = Construct("0*x; y", "box(-1,1)", "acf", "0.3", "--norm", "l2", "--route", "three");
        Assert.Equal(0, outcome.Code);
        foreach (string words in (string[])["off the exceptional set", "l2 of the set, estimated", "l2, the sum", "unless the class of conditioners is fixed", "measure of the exceptional set"])
            Assert.Contains(words, outcome.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Route_cell_refuses_a_fold_and_misses_what_is_too_small()
    {
        Outcome fold = Construct("x^2; y", "box(-1,1)", "acf", "0.1", "--norm", "l2");
        Assert.Equal(2, fold.Code);
        Assert.Contains("refused at step (a)", fold.Error, StringComparison.Ordinal);
        Outcome small = _shell.Uf("construct", "--target", "1-x; y", "--domain", "box(0,1)", "--family", "acf", "--norm", "l1", "--route", "three", "--epsilon", "1e-5", "--out", "@other");
        Assert.Equal(2, small.Code);
        Assert.Contains("is above the 1E-05 asked for; the best flow found was written", small.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x; y", "sos", "0", "", "--epsilon takes a positive number")]
    [InlineData("x; y", "sos", "-1", "", "--epsilon takes a positive number")]
    [InlineData("x; y", "sos", "abc", "", "--epsilon takes a positive number")]
    [InlineData("x; y", "sos", "NaN", "", "--epsilon takes a positive number")]
    [InlineData("x; y", "acf", "1e-3", "--norm sup --route cell", "no small sup error")]
    [InlineData("x; y", "acf", "1e-3", "--norm sup --route three", "no small sup error")]
    [InlineData("x; y", "acf", "1e-3", "--norm l2 --route four", "--route takes cell, three, overshear or henon, not 'four'")]
    [InlineData("x; y", "acf", "1e-3", "--norm l2 --conditioner chebyshev", "--conditioner takes relu or tanh")]
    [InlineData("x; y", "acf", "1e-3", "--norm l2 --order first", "--order is for route overshear and henon, not for route cell")]
    [InlineData("x; y", "sos", "1e-3", "--route cell", "--route is for --family acf")]
    [InlineData("x1; x2; x3; x4", "acf", "1e-3", "--norm l2", "d = 3")]
    [InlineData("x1; x2; x3; x4; x5; x6; x7; x8; x9", "acf", "1e-3", "--norm l2 --route three", "d = 8")]
    [InlineData("x; y", "acf", "1e-3", "--route henon --conditioner tanh", "--conditioner is not for route henon")]
    [InlineData("x; y", "acf", "1e-3", "--degree 4 --norm l2", "--degree is for route overshear and henon, not for route cell")]
    [InlineData("x; y", "acf", "1e-3", "--factors 4", "are for sos, dsf and rqs")]
    [InlineData("x; y", "sos", "1e-3", "--steps 4", "--steps is for --family acf")]
    [InlineData("x; y", "rqs", "1e-3", "--scheme corrected", "--scheme is for --family acf")]
    [InlineData("x; y", "acf", "1e-3", "--steps 0", "--steps takes a whole number from 1 to 4096, not '0'")]
    [InlineData("x; y", "acf", "1e-3", "--directions 1", "--directions takes a whole number from 2 to 256, not '1'")]
    [InlineData("x; y", "acf", "1e-3", "--scheme yoshida", "--scheme takes corrected, lie, strang or suzuki, not 'yoshida'")]
    [InlineData("x; y", "acf", "1e-3", "--scheme lie --weight 0", "--weight takes a number from 1E-12 to 1000000, not '0'")]
    [InlineData("x; y", "acf", "1e-3", "--scheme lie --weight NaN", "--weight takes a number from")]
    [InlineData("x; y", "acf", "1e-3", "--weight 1e-2", "--weight is about the field fits of a plain splitting: choose --scheme lie, strang or suzuki")]
    [InlineData("x; y", "acf", "1e-3", "--scheme corrected --margin 0.1", "--margin is about the field fits of a plain splitting")]
    [InlineData("x; y", "acf", "1e-3", "--route henon --weight 1e-2", "--weight is for route overshear, not for route henon")]
    [InlineData("x; y", "acf", "1e-3", "--route henon --scheme lie", "--scheme is for route overshear, not for route henon")]
    [InlineData("x; y", "acf", "1e-3", "--route henon --delta 2", "--delta takes a number from 1E-12 to 1, not '2'")]
    [InlineData("x; y", "acf", "1e-3", "--delta 1e-6", "--delta is for route henon, not for route overshear")]
    [InlineData("x; y", "acf", "1e-3", "--directions 256 --degree 255", "M = 256 directions and degree D = 255 make 130816 unknown coefficients; at most 8000 are possible")]
    [InlineData("x; y", "acf", "1e-3", "--cells 8", "--cells is for route cell and three, not for route overshear")]
    [InlineData("x; y", "acf", "1e-3", "--norm l2 --cells 1", "--cells takes a whole number from 2 to 4096, not '1'")]
    [InlineData("x; y", "acf", "1e-3", "--norm l2 --cells 4000", "--cells takes at most 3636 with route cell for d = 2, not 4000")]
    [InlineData("x; y", "acf", "1e-3", "--norm l2 --route three --cells 257", "--cells takes at most 256 with route three for d = 2, not 257")]
    [InlineData("x; y", "acf", "1e-3", "--norm l2 --cells 400 --pieces 400", "--cells 400 and --pieces 400 make tables of 160000 knots; at most 40000 are possible")]
    [InlineData("x; y", "acf", "1e-3", "--norm l2 --route three --pieces 4", "--pieces is for route cell, not for route three")]
    [InlineData("x; y", "acf", "1e-3", "--norm l2 --gamma 0.6", "--gamma takes a number from 0 to 0.5, not '0.6'")]
    [InlineData("x; y", "acf", "1e-3", "--norm l2 --route three --gamma 0.1", "--gamma is for route cell, not for route three")]
    [InlineData("x; y", "acf", "1e-3", "--norm l2 --ramp 0", "--ramp takes a number from 1E-15 to 1, not '0'")]
    [InlineData("x; y", "acf", "1e-3", "--norm l2 --cell-order 3", "--cell-order takes a whole number from 1 to 2, not '3'")]
    [InlineData("x; y", "xyz", "1e-3", "", "'xyz'")]
    [InlineData("x; y", "sos", "1e-3", "--norm l3", "--norm takes sup, l1 or l2, not 'l3'")]
    [InlineData("x; y", "sos", "1e-3", "--order middle", "--order takes first, last or moving")]
    [InlineData("x; y", "sos", "1e-3", "--conditioner rbf", "--conditioner takes")]
    [InlineData("x1; x2; x3; x4", "sos", "1e-3", "", "d = 3")]
    [InlineData("x; y", "sos", "1e-3", "--degree 0", "--degree")]
    [InlineData("x; y", "sos", "1e-3", "--degree 256", "--degree")]
    [InlineData("x; y", "rqs", "1e-3", "--size 0", "--size")]
    [InlineData("x; y", "sos", "1e-3", "--size 8", "sums of squares have a degree but no size")]
    [InlineData("x; y", "dsf", "1e-3", "--size 8", "--size takes more than")]
    [InlineData("x; y", "rqs", "1e-3", "--mixture plain", "--mixture and --overlap are about the sigmoids of dsf")]
    [InlineData("x; y", "dsf", "1e-3", "--mixture best", "'best'")]
    [InlineData("x; y", "dsf", "1e-3", "--overlap 0", "--overlap takes a number from 0.25 to 8, not '0'")]
    [InlineData("x; y", "dsf", "1e-3", "--overlap NaN", "--overlap takes a number from 0.25 to 8, not 'NaN'")]
    public void Bad_input_is_one_line(string target, string family, string epsilon, string more, string words)
    {
        Construct(target, "box(-1,1)", family, epsilon, [.. more.Split(' ', StringSplitOptions.RemoveEmptyEntries)]).IsBadInput(words);
        Assert.False(Directory.Exists(_shell["new"]));
    }
}
