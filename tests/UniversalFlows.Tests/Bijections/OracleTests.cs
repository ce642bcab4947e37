using System.Globalization;
using System.Text;
using System.Text.Json;
using UniversalFlows.Bijections;
using UniversalFlows.Bijections.Files;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using UniversalFlows.Testing;
using UniversalFlows.Tests.Oracles;
using Xunit;

namespace UniversalFlows.Tests.Bijections;

/// <summary>Flow files against an evaluation in 77 digits: values of transformers within 1e-12, of networks and log-dets within 1e-10.</summary>
public sealed class OracleTests
{
    private static readonly Dictionary<string, (string Transformer, int RawCount)> s_transformers = new()
    {
        ["affine exp"] = ("""{ "type": "affine", "scale": { "map": "exp" } }""", 2),
        ["affine exp, bound, offset, minimum"] = ("""{ "type": "affine", "scale": { "map": "exp", "bound": 2, "offset": 0.3, "minimum": 0.01 } }""", 2),
        ["affine softplus"] = ("""{ "type": "affine", "scale": { "map": "softplus", "minimum": 0.001 } }""", 2),
        ["affine sigmoid"] = ("""{ "type": "affine", "scale": { "map": "sigmoid", "offset": 2 } }""", 2),
        ["affine product shift"] = ("""{ "type": "affine", "scale": { "map": "exp" }, "shift": "product" }""", 2),
        ["additive"] = ("""{ "type": "additive" }""", 1),
        ["sos monomial"] = ("""{ "type": "sos", "squares": 2, "degree": 3, "basis": { "type": "monomial", "scale": 1.5 }, "linear": 0.1 }""", 9),
        ["sos chebyshev"] = ("""{ "type": "sos", "squares": 1, "degree": 4, "basis": { "type": "chebyshev", "interval": [-3, 2] }, "linear": 0.01 }""", 6),
        ["sos chebyshev, two squares, no linear term"] = ("""{ "type": "sos", "squares": 2, "degree": 2, "basis": { "type": "chebyshev", "interval": [-2, 2] } }""", 7),
        ["dsf exp"] = ("""{ "type": "dsf", "sigmoids": 4, "slope": { "map": "exp" } }""", 12),
        ["dsf softplus"] = ("""{ "type": "dsf", "sigmoids": 7, "slope": { "map": "softplus", "minimum": 0.001 }, "minimumWeight": 0.01 }""", 21),
        ["ddsf exp"] = ("""{ "type": "ddsf", "widths": [3], "slope": { "map": "exp" } }""", 9),
        ["ddsf softplus"] = ("""{ "type": "ddsf", "widths": [3, 2, 4], "slope": { "map": "softplus", "minimum": 0.001 }, "minimumWeight": 0.01 }""", 49),
        ["rqs identity tails"] = ("""{ "type": "rqs", "bins": 5, "interval": [-2, 2], "slope": { "map": "softplus" } }""", 14),
        ["rqs linear tails"] = ("""{ "type": "rqs", "bins": 6, "interval": [-1.5, 2], "tails": "linear", "slope": { "map": "softplus", "minimum": 0.001 }, "minimumBin": 0.01 }""", 19),
    };

    private static readonly Dictionary<string, string> s_flows = new()
    {
        ["affine, tanh network"] = """
            { "format": "universal-flows", "version": 1, "dimension": 2, "layers": [
              { "type": "coupling", "passive": [0], "active": [1], "transformer": { "type": "affine", "scale": { "map": "exp", "bound": 5 } },
                "conditioner": { "type": "mlp", "activation": "tanh", "layers": [
                  { "weights": [[0.7], [-1.3], [0.4]], "bias": [0.1, -0.2, 0.3] },
                  { "weights": [[0.5, -0.4, 0.9], [1.1, 0.3, -0.8]], "bias": [0.2, -0.6] } ] } },
              { "type": "permutation", "order": [1, 0] },
              { "type": "coupling", "mask": [1, 0], "transformer": { "type": "affine", "scale": { "map": "softplus", "minimum": 0.1 }, "shift": "product" },
                "conditioner": { "type": "mlp", "activation": "silu", "layers": [
                  { "weights": [[1.5], [-0.5]], "bias": [0.4, 0.7] }, { "weights": [[0.2, -0.9], [0.6, 0.1]], "bias": [0.3, 0.2] },
                  { "weights": [[0.8, 0.5], [-0.7, 0.4]], "bias": [0, 1] } ] } },
              { "type": "linear", "matrix": [[2, -1], [0.5, -3]], "shift": [0.25, -4] } ] }
            """,
        ["all families, three dimensions"] = """
            { "format": "universal-flows", "version": 1, "dimension": 3, "layers": [
              { "type": "coupling", "passive": [2, 0], "active": [1],
                "transformer": { "type": "rqs", "bins": 2, "interval": [-2, 2], "tails": "linear", "slope": { "map": "softplus", "minimum": 0.01 }, "minimumBin": 0.05 },
                "conditioner": { "type": "mlp", "activation": "relu", "clip": [[-1, 1], [-1.5, 1.5]], "layers": [
                  { "weights": [[0.7, 0.2], [-1.3, 0.5]], "bias": [0.1, 0.2] },
                  { "weights": [[0.5, -0.4], [0.9, 1.1], [0.3, -0.8], [-0.6, 0.2], [0.1, 0.3], [0.4, -0.2], [1, 0.6]], "bias": [0.2, -0.6, 0.3, 0.1, 0.5, 0.4, 0.9] } ] } },
              { "type": "composition", "layers": [
                { "type": "coupling", "passive": [1], "active": [2, 0], "transformer": { "type": "dsf", "sigmoids": 2, "slope": { "map": "exp", "bound": 3 }, "minimumWeight": 0.05 },
                  "conditioner": { "type": "chebyshev", "degrees": [2], "intervals": [[-3, 3]],
                    "coefficients": [[0.1, 0.2, 0.3], [-0.4, 0.1, 0.2], [0.3, 0.2, -0.1], [0.1, 0.5, 0.2], [-1, 0.3, 0.1], [1, 0.2, 0.1],
                                     [0.2, 0.1, 0.4], [0.3, -0.2, 0.1], [0.2, 0.1, 0.1], [-0.3, 0.4, 0], [-0.5, 0.1, 0.2], [0.7, 0, 0.1]] } },
                { "type": "linear", "matrix": [[1, 0.5, 0], [0, -2, 0.3], [0.1, 0, 1.5]] } ] },
              { "type": "coupling", "passive": [0, 1], "active": [2], "transformer": { "type": "sos", "squares": 1, "degree": 2, "basis": { "type": "monomial" }, "linear": 0.2 },
                "conditioner": { "type": "chebyshev", "degrees": [1, 1], "intervals": [[-3, 3], [-2, 4]], "bias": [0, 1, 0, 0],
                  "coefficients": [[0.1, 0.2, -0.1, 0.3], [0.4, 0.1, 0.2, -0.2], [0.3, 0.2, -0.1, 0.1], [0.1, 0.1, 0.2, 0.05]] } },
              { "type": "coupling", "passive": [2], "active": [0], "transformer": { "type": "affine", "scale": { "map": "sigmoid", "minimum": 0.5 } },
                "conditioner": { "type": "table", "knots": [-2, -0.3, 1, 4], "values": [[0.1, 0.9, -0.4, 0.3], [1, 2, -1, 0.5]], "bias": [0.5, 0] } } ] }
            """,
    };

    public static TheoryData<string> Transformers => [.. s_transformers.Keys];

    public static TheoryData<string> Flows => [.. s_flows.Keys];

    [Theory, MemberData(nameof(Transformers))]
    public void Transformer_has_its_77_digit_values(string name)
    {
        (string transformer, int count) = s_transformers[name];
        Philox random = new(1, name);
        for (int n = 0; n < 50; n++)
        {
            double[] raw = [.. Enumerable.Range(0, count).Select(_ => 0.8 * random.NextNormal())];
            if (name.StartsWith("sos", StringComparison.Ordinal)) raw[1] += 1;
            string file = $$"""
                { "format": "universal-flows", "version": 1, "dimension": 1, "layers": [ { "type": "coupling", "passive": [], "active": [0],
                  "transformer": {{transformer}}, "conditioner": { "type": "constant", "values": [{{string.Join(", ", raw.Select(r => r.ToString("R", CultureInfo.InvariantCulture)))}}] } } ] }
                """;
            Compare(file, [random.NextUniform(-3, 3)], 1e-12);
        }
    }

    [Theory, MemberData(nameof(Flows))]
    public void Flow_file_has_its_77_digit_values(string name)
    {
        Philox random = new(2, name);
        for (int n = 0; n < 50; n++)
            Compare(s_flows[name], [.. Enumerable.Range(0, name.StartsWith("all", StringComparison.Ordinal) ? 3 : 2).Select(_ => random.NextUniform(-1.5, 1.5))], 1e-10);
    }

    /// <summary>Every registered bijection that the reference can read (all but inverses), as its file.</summary>
    [Fact]
    public void Registered_bijections_have_their_77_digit_values()
    {
        int compared = 0;
        foreach (BijectionCase subject in BijectionRegistry.All)
        {
            string file = Encoding.UTF8.GetString(FlowFile.ToBytes(subject.Draw(11)));
            if (file.Contains("\"inverse\"", StringComparison.Ordinal)) continue;
            Compare(file, new Trial(subject, 11).Point(), 1e-10);
            compared++;
        }

        Assert.True(compared > 60);
    }

    /// <summary>Forward values and log-det at x, and the residual of the inverse with its log-det.</summary>
    private static void Compare(string file, double[] x, double tolerance)
    {
        Composition flow = FlowFile.Parse(Encoding.UTF8.GetBytes(file));
        using JsonDocument document = JsonDocument.Parse(file);
        BigReal[] exact = [.. x.Select(v => (BigReal)v)];
        BigReal exactLogDet = ReferenceFlow.Forward(document.RootElement, exact);
        Real[] y = [.. x.Select(v => new Real(v))];
        double logDet = flow.Forward<Real>(y).Value;
        for (int i = 0; i < x.Length; i++) Close(exact[i], y[i].Value, tolerance);
        Close(exactLogDet, logDet, 1e-10);

        // f⁻¹(y) is judged where it lands: the exact f there must give y, and its log-det the negative
        Real[] back = [.. y];
        InverseStatus status = default;
        double inverse = flow.Inverse<Real>(back, ref status).Value;
        Assert.Equal(InverseStatus.Converged, status);
        BigReal[] again = [.. back.Select(v => (BigReal)v.Value)];
        BigReal againLogDet = ReferenceFlow.Forward(document.RootElement, again);
        for (int i = 0; i < x.Length; i++) Close(again[i], y[i].Value, tolerance);
        Close(-againLogDet, inverse, 1e-10);
    }

    private static void Close(BigReal expected, double actual, double tolerance)
    {
        double error = double.IsFinite(actual) ? (BigReal.Abs((BigReal)actual - expected) / (1 + BigReal.Abs(expected))).ToDouble() : double.NaN;
        Assert.True(error <= tolerance, $"expected {expected}, found {actual:R}, relative error {error:g3}");
    }
}
