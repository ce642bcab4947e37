using System.Text;
using UniversalFlows.Bijections;
using UniversalFlows.Bijections.Files;
using UniversalFlows.Bijections.Residuals;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using Xunit;

namespace UniversalFlows.Tests.Bijections;

/// <summary>Planar, Sylvester and residual layers: known answers and what their formulas promise.</summary>
public sealed class ResidualLayerTests
{
    /// <summary>w = û = 1, b = 0 at x = 1: the constraint makes û = softplus(u) − 1, so u = log(e² − 1).</summary>
    [Fact]
    public void A_planar_layer_has_its_known_value()
    {
        PlanarFlow flow = new([Math.Log(Math.Exp(2) - 1)], [1], 0);
        Real[] x = [new(1)];
        double logDet = flow.Forward<Real>(x).Value;
        Assert.Equal(1.7615941560, x[0].Value, 1e-10);
        Assert.Equal(0.3506388022, logDet, 1e-10);
    }

    /// <summary>At w·u = 0 the constraint gives w·û = log 2 − 1, whatever |w| is: dividing by |w| instead of |w|² would scale it.</summary>
    [Theory]
    [InlineData(1, 0)]
    [InlineData(3, 4)]
    [InlineData(0.1, -0.2)]
    public void The_constraint_divides_by_the_square_of_w(double w0, double w1)
    {
        const double Far = 1e6; // tanh is 1 to the last bit: f(x) − x = û
        PlanarFlow flow = new([-w1, w0], [w0, w1], 0);
        Real[] x = [new(Far * w0), new(Far * w1)];
        flow.Map<Real>(x);
        double product = (w0 * (x[0].Value - (Far * w0))) + (w1 * (x[1].Value - (Far * w1)));
        Assert.Equal(Math.Log(2) - 1, product, 1e-8 * (1 + (w0 * w0) + (w1 * w1)));
        Assert.Equal(-0.3068528194, Math.Log(2) - 1, 1e-10);
    }

    /// <summary>A reflection of R² sends e_1 to v − …: with M = d and diagonal weights a Sylvester layer is d planar ramps in an orthonormal frame.</summary>
    [Fact]
    public void A_Sylvester_layer_of_rank_one_is_a_planar_layer()
    {
        double[] v = [0.3, -1.2, 0.7];
        double square = v.Sum(a => a * a), c = 0.4, rho = 0.25, b = -0.6, inner = Math.Exp(rho), slope = Math.Log(1 + Math.Exp(c)) - 1;
        double[] q = [1 - (2 * v[0] * v[0] / square), -2 * v[0] * v[1] / square, -2 * v[0] * v[2] / square];
        SylvesterFlow sylvester = new(v, [c], [rho], [b], 3);
        // planar with w = r̃q and w·û = r·r̃: û = (r·r̃/r̃)q, and the raw u is along q too
        double raw = Math.Log(Math.Exp(1 + slope) - 1) / inner;
        PlanarFlow planar = new([.. q.Select(a => raw * a)], [.. q.Select(a => inner * a)], b);
        Philox random = new(3, "sylvester");
        for (int n = 0; n < 20; n++)
        {
            Real[] x = [.. q.Select(_ => new Real(random.NextUniform(-2, 2)))], y = [.. x];
            double first = sylvester.Forward<Real>(x).Value, second = planar.Forward<Real>(y).Value;
            Assert.Equal(second, first, 1e-13);
            for (int i = 0; i < 3; i++) Assert.Equal(y[i].Value, x[i].Value, 1e-13);
        }
    }

    /// <summary>Quotients |g(x) − g(y)|/|x − y| never exceed κ; with a linear g and a large matrix they reach it.</summary>
    [Fact]
    public void The_Lipschitz_constant_is_kept_and_reached()
    {
        Philox random = new(4, "residual");
        Dense first = new(2, 8), second = new(8, 2), linear = new(2, 2);
        foreach (Dense layer in (Dense[])[first, second, linear])
            foreach (ref double w in layer.All) w = 3 * random.NextNormal();
        double greatest = 0;
        foreach ((ResidualFlow flow, bool reaches) in (IEnumerable<(ResidualFlow, bool)>)[(new(0.6, Activation.Tanh, first, second), false), (new(0.6, Activation.Identity, linear), true)])
        {
            for (int n = 0; n < 400; n++)
            {
                double angle = random.NextUniform(0, 6.3), x = random.NextNormal(), y = random.NextNormal(), h = 1e-3;
                Real[] a = [new(x), new(y)], b = [new(x + (h * Math.Cos(angle))), new(y + (h * Math.Sin(angle)))], p = [.. a], q = [.. b];
                flow.Map<Real>(a);
                flow.Map<Real>(b);
                double quotient = Math.Sqrt(Enumerable.Range(0, 2).Sum(i => Math.Pow((b[i] - q[i] - (a[i] - p[i])).Value, 2))) / h;
                Assert.True(quotient <= 0.6 * (1 + 1e-9), $"{quotient}");
                if (reaches) greatest = Math.Max(greatest, quotient);
            }
        }

        Assert.Equal(0.6, greatest, 1e-3);
    }

    /// <summary>Below its bound a matrix is used as it is, to the bit.</summary>
    [Fact]
    public void A_small_matrix_is_not_scaled()
    {
        Dense layer = new(1, 1);
        layer.Weights[0] = 0.25;
        Real[] x = [new(3)];
        Assert.Equal(Math.Log(1.25), new ResidualFlow(0.5, Activation.Identity, layer).Forward<Real>(x).Value, 1e-15);
        Assert.Equal(3.75, x[0].Value);
    }

    /// <summary>The fixed point is reached within the proved number of steps, here counted with plain steps: 0.9ⁿ/(1 − 0.9) ≤ 2⁻⁶⁰ at n = 417.</summary>
    [Fact]
    public void The_number_of_contractions_is_proved()
    {
        Dense layer = new(1, 1);
        layer.Weights[0] = -5;
        ResidualFlow flow = new(0.9, Activation.Identity, layer);
        Assert.Equal(417, flow.Contractions);
        Assert.True(Math.Pow(0.9, 417) / 0.1 <= Math.ScaleB(1, -60) && Math.Pow(0.9, 416) / 0.1 > Math.ScaleB(1, -60));
        Real[] y = [new(1)];
        InverseStatus status = default;
        Assert.Equal(Math.Log(10), flow.Inverse<Real>(y, ref status).Value, 1e-12);
        Assert.Equal(10, y[0].Value, 1e-13);
        Assert.Equal(InverseStatus.Converged, status);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 7)]
    [InlineData(7, 2)]
    [InlineData(5, 5)]
    public void Singular_vectors_attain_the_norm(int rows, int columns)
    {
        Philox random = new((ulong)(rows + (10 * columns)), "singular");
        double[] a = new double[rows * columns], u = new double[rows], v = new double[columns];
        random.FillNormal(a);
        double norm = SingularPair.First(a, u, v), attained = 0;
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < columns; j++) attained += u[i] * a[(i * columns) + j] * v[j];
        Assert.Equal(norm, attained, 1e-14 * norm);
        Assert.Equal(1, u.Sum(x => x * x), 1e-14);
        Assert.Equal(1, v.Sum(x => x * x), 1e-14);
        int d = Math.Max(rows, columns);
        double[] square = new double[d * d];
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < columns; j++) square[(i * d) + j] = a[(i * columns) + j];
        Assert.Equal(SmallMatrix.OperatorNorm(square, d), norm, 1e-13 * norm);
    }

    private const string File = """
        { "format": "universal-flows", "version": 1, "dimension": 2, "layers": [
          { "type": "planar", "u": [0.5, 1], "w": [3, 0], "b": 7 },
          { "type": "sylvester", "reflections": [[1, 0], [0, 2]], "outer": [[1, 2], [0, 4]], "inner": [[5, 6], [0, 8]], "bias": [9, 10] },
          { "type": "residual", "lipschitz": 0.75, "activation": "tanh", "layers": [ { "weights": [[1, 11]], "bias": [0] }, { "weights": [[1], [12]], "bias": [0, 13] } ] } ] }
        """;

    public static TheoryData<string, string, string, string> BadFiles => new()
    {
        { "[3, 0]", "[0, 0]", "layers[0].w", "w is 0: the layer has no direction" },
        { "[0.5, 1]", "[0.5]", "layers[0].u", "2 numbers are expected, found 1" },
        { "\"b\": 7", "\"c\": 7", "layers[0]", "\"c\" is not known here" },
        { "[9, 10]", "[]", "layers[1].bias", "from 1 to 2 hidden units are expected, found 0" },
        { "[9, 10]", "[9, 10, 11]", "layers[1].bias", "from 1 to 2 hidden units are expected, found 3" },
        { "[0, 4]", "[3, 4]", "layers[1].outer[1][0]", "3 stands below the diagonal, where a triangular matrix is 0" },
        { "[0, 8]", "[1, 8]", "layers[1].inner[1][0]", "1 stands below the diagonal, where a triangular matrix is 0" },
        { "[[1, 0], [0, 2]]", "[[1, 0], [0, 0]]", "layers[1].reflections", "reflection 1 has no direction" },
        { "0.75", "1", "layers[2].lipschitz", "1 is not between 0.001 and 0.999" },
        { "\"tanh\"", "\"silu\"", "layers[2].activation", "\"silu\" is not known; known are tanh, identity" },
        { "[0, 13]", "[13]", "layers[2].layers[1].bias", "the last layer must have 2 outputs (one for each coordinate), found 1" },
    };

    [Theory, MemberData(nameof(BadFiles))]
    public void A_bad_file_is_refused_where_it_is_bad(string good, string bad, string place, string says)
    {
        Assert.Equal(3, FlowFile.Parse(Encoding.UTF8.GetBytes(File)).Parts.Count);
        FlowFormatException e = Assert.Throws<FlowFormatException>(() => FlowFile.Parse(Encoding.UTF8.GetBytes(File.Replace(good, bad, StringComparison.Ordinal))));
        Assert.StartsWith($"{place}: ", e.Message, StringComparison.Ordinal);
        Assert.Contains(says, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructors_name_what_is_wrong()
    {
        Dense one = new(1, 1), wide = new(1, 2);
        Assert.Contains("w is 0", Assert.Throws<ArgumentException>(() => new PlanarFlow([1, 1], [0, 0], 0)).Message, StringComparison.Ordinal);
        Assert.Contains("not finite", Assert.Throws<ArgumentException>(() => new PlanarFlow([double.NaN], [1], 0)).Message, StringComparison.Ordinal);
        Assert.Contains("has from 1 to 1", Assert.Throws<ArgumentException>(() => new SylvesterFlow([1, 1], [0, 0, 0, 0], [0, 0, 0, 0], [0, 0], 1)).Message, StringComparison.Ordinal);
        Assert.Contains("below the diagonal", Assert.Throws<ArgumentException>(() => new SylvesterFlow([1, 0, 0, 1], [0, 0, 1, 0], [0, 0, 0, 0], [0, 0], 2)).Message, StringComparison.Ordinal);
        Assert.Contains("no direction", Assert.Throws<ArgumentException>(() => new SylvesterFlow([0, 0], [0], [0], [0], 2)).Message, StringComparison.Ordinal);
        Assert.Contains("not between", Assert.Throws<ArgumentException>(() => new ResidualFlow(1, Activation.Tanh, one)).Message, StringComparison.Ordinal);
        Assert.Contains("tanh or identity", Assert.Throws<ArgumentException>(() => new ResidualFlow(0.9, Activation.SiLU, one)).Message, StringComparison.Ordinal);
        Assert.Contains("features", Assert.Throws<ArgumentException>(() => new ResidualFlow(0.9, Activation.Tanh, wide)).Message, StringComparison.Ordinal);
    }
}
