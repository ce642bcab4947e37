using System.Globalization;
using UniversalFlows.Bijections;
using UniversalFlows.Bijections.Files;
using UniversalFlows.Bijections.Transformers;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using Xunit;

namespace UniversalFlows.Tests.Commands;

/// <summary>uf eval gives the flow's numbers, to the bit.</summary>
public sealed class EvalTests : IDisposable
{
    private readonly Shell _shell = new();

    public void Dispose() => _shell.Dispose();

    [Theory]
    [InlineData(FlowFamily.Acf, 2)]
    [InlineData(FlowFamily.Sos, 2)]
    [InlineData(FlowFamily.Dsf, 3)]
    [InlineData(FlowFamily.Rqs, 1)]
    public void Forward_is_the_flow_and_inverse_undoes_it(FlowFamily family, int d)
    {
        Composition flow = _shell.Flow("flow", family, d, 4);
        double[][] points = Points(d, 1100);
        _shell.Write("x.csv", Csv(points));
        Assert.Equal(0, _shell.Uf("eval", "--flow", "@flow", "--points", "@x.csv", "--out", "@y.csv").Code);
        double[][] y = Read("y.csv", d);
        for (int n = 0; n < points.Length; n++)
        {
            Real[] x = [.. points[n].Select(v => new Real(v))];
            double logDet = flow.Forward<Real>(x).Value;
            Assert.Equal([.. x.Select(v => v.Value), logDet], y[n]);
        }

        _shell.Write("back.csv", Csv([.. y.Select(row => row[..d])]));
        Outcome back = _shell.Uf("eval", "--flow", "@flow", "--points", "@back.csv", "--inverse", "--out", "@x2.csv");
        Assert.Equal(0, back.Code);
        Assert.Contains("converged for all 1100 points", back.Error, StringComparison.Ordinal);
        double[][] x2 = Read("x2.csv", d);
        for (int n = 0; n < points.Length; n++)
        {
            for (int i = 0; i < d; i++) Assert.Equal(points[n][i], x2[n][i], 1e-9);
            Assert.Equal(-y[n][d], x2[n][d], 1e-8);
        }
    }

    [Fact]
    public void No_bit_depends_on_the_threads_or_on_the_other_points()
    {
        _shell.Flow("flow", FlowFamily.Dsf, 2, 3);
        double[][] points = Points(2, 1500);
        _shell.Write("all.csv", Csv(points));
        _shell.Write("some.csv", Csv(points[700..713]));
        string[] one = Lines(_shell.Uf("eval", "--flow", "@flow", "--points", "@all.csv", "--jobs", "1"));
        Assert.Equal(one, Lines(_shell.Uf("eval", "--flow", "@flow", "--points", "@all.csv", "--jobs", "3")));
        Assert.Equal(one[701..714], Lines(_shell.Uf("eval", "--flow", "@flow", "--points", "@some.csv"))[1..]);
    }

    [Fact]
    public void Standard_input_is_read_and_standard_output_written()
    {
        _shell.Shift("flow", 0.25, -1);
        _shell.Input = "\uFEFFx1, x2\r\n1, 2\r\n-0.5,1e-3\r\n\r\n";
        Outcome outcome = _shell.Uf("eval", "--flow", "@flow", "--points", "-");
        Assert.Equal((0, "y1,y2,logdet\n1.25,1,0\n-0.25,-0.999,0\n", ""), (outcome.Code, outcome.Out, outcome.Error));
    }

    [Fact]
    public void No_points_give_the_header_and_code_8()
    {
        _shell.Shift("flow", 0.25);
        _shell.Input = "x1\n";
        Outcome outcome = _shell.Uf("eval", "--flow", "@flow", "--points", "-");
        Assert.Equal((8, "y1,logdet\n"), (outcome.Code, outcome.Out));
        Assert.Contains("nothing was evaluated", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Points_without_an_image_are_NaN_and_code_2()
    {
        // e^s = 1e-300 or so: the preimage of 1e30 is beyond the doubles
        AffineTransformer steep = new(new PositiveMap(PositiveKind.Exp));
        FlowFile.Save(new Composition(1, [new Coupling(1, [], [0], steep, new UniversalFlows.Bijections.Conditioners.ConstantConditioner(0, [-690.0, 0.0]))]), _shell["flow"]);
        _shell.Input = "x1\n0\n1e30\n";
        Outcome outcome = _shell.Uf("eval", "--flow", "@flow", "--points", "-", "--inverse");
        Assert.Equal(2, outcome.Code);
        Assert.Contains("1 of 2 points", outcome.Error, StringComparison.Ordinal);
        Assert.StartsWith("y1,logdet\n0,690\n", outcome.Out, StringComparison.Ordinal);
        Assert.Equal(1, _shell.Uf("eval", "--flow", "@flow", "--points", "-", "--inverse", "--json").Json().GetProperty("failed").GetInt32());
    }

    [Fact]
    public void Json_has_the_numbers()
    {
        _shell.Shift("flow", 0.25, -1);
        _shell.Input = "x1,x2\n1,2\n";
        var json = _shell.Uf("eval", "--flow", "@flow", "--points", "-", "--json").Json();
        Assert.Equal(1.25, json.GetProperty("values")[0][0].GetDouble());
        Assert.Equal(0, json.GetProperty("logdet")[0].GetDouble());
        Assert.Equal("forward", json.GetProperty("direction").GetString());
    }

    [Fact]
    public void A_flow_of_thousands_of_layers_takes_seconds()
    {
        Composition flow = new Architecture(FlowFamily.Acf, 2, 3000, [8]).Initialise(seed: 3);
        FlowFile.Save(flow, _shell["deep"]);
        _shell.Write("x.csv", Csv(Points(2, 2000)));
        var clock = System.Diagnostics.Stopwatch.StartNew();
        Assert.Equal(0, _shell.Uf("eval", "--flow", "@deep", "--points", "@x.csv", "--out", "@y.csv").Code);
        Assert.True(clock.Elapsed.TotalSeconds < 20, $"took {clock.Elapsed.TotalSeconds:F1} s");
    }

    private static double[][] Points(int d, int count)
    {
        Philox random = new(5, "eval tests");
        return [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, d).Select(_ => random.NextUniform(-1.5, 1.5)).ToArray())];
    }

    private static string Csv(double[][] rows) =>
        string.Join(',', Enumerable.Range(1, rows[0].Length).Select(i => $"x{i}")) + "\n" + string.Concat(rows.Select(r => string.Join(',', r.Select(v => v.ToString("R"))) + "\n"));

    private double[][] Read(string name, int d)
    {
        string[] lines = File.ReadAllLines(_shell[name]);
        Assert.Equal(string.Concat(Enumerable.Range(1, d).Select(i => $"y{i},")) + "logdet", lines[0]);
        return [.. lines[1..].Select(l => l.Split(',').Select(v => double.Parse(v, CultureInfo.InvariantCulture)).ToArray())];
    }

    private static string[] Lines(Outcome outcome)
    {
        Assert.Equal(0, outcome.Code);
        return outcome.Out.Split('\n');
    }
}
