using System.Runtime.Intrinsics;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using UniversalFlows.Tests.Oracles;
using Xunit;

namespace UniversalFlows.Tests.Scalars;

/// <summary>Accuracy of the elementary functions against 69-digit values, their special values, and the independence of lanes.</summary>
public sealed class ElementaryTests(ITestOutputHelper output)
{
    private sealed record Case(Func<Vector512<double>, Vector512<double>> Function, Func<BigReal, BigReal> Exact, double Bound, bool Odd,
        Func<double, bool> Domain, double[] Around);

    private const double Ln2 = 0.6931471805599453, Tan1 = 0.41421356237309503;

    private static bool Everywhere(double x) => double.IsFinite(x);

    // Bound: just above the largest error measured, so that a worse polynomial fails; the proved bounds of the docstrings are larger.
    // Around: reduction boundaries, thresholds, zeros; tested with their neighbours.
    private static readonly Dictionary<string, Case> Cases = new()
    {
        ["Exp"] = new(Elementary.Exp, BigReal.Exp, 1.0, false, x => Math.Abs(x) < 746, [708, -708, 709.782712893384, -708.3964185322641, -745.1332191019411, -744.4, Ln2 / 2, -Ln2 / 2, 5 * Ln2 / 2, 1e-17]),
        ["Expm1"] = new(Elementary.Expm1, BigReal.Expm1, 1.2, true, x => Math.Abs(x) < 746, [708, -708, 709.782712893384, 1.5 * Ln2, Ln2 / 2, -Ln2 / 2, -1.5 * Ln2, -36.7, -37.5, 36.7, 1e-17]),
        ["Log"] = new(Elementary.Log, BigReal.Log, 0.9, false, x => x > 0 && double.IsFinite(x), [1, 2, 0.5, Math.Sqrt(0.5), Math.Sqrt(2), double.MaxValue, 2.2250738585072014e-308, 5e-324, 1e-310]),
        ["Log1p"] = new(Elementary.Log1p, BigReal.Log1p, 1.35, true, x => x > -1 && double.IsFinite(x), [Math.Sqrt(2) - 1, Math.Sqrt(0.5) - 1, 1, -0.5, -0.9999999, 1.2676506002282294e30, 1e16, double.MaxValue, 1e-17]),
        ["Tanh"] = new(Elementary.Tanh, BigReal.Tanh, 2.5, true, x => Math.Abs(x) < 1e3, [Ln2 / 4, 3 * Ln2 / 4, 5 * Ln2 / 4, 18.7, 19.06, 20, 22, 1e-8, 1e-17]),
        ["Logistic"] = new(Elementary.Logistic, BigReal.Logistic, 2.05, false, x => Math.Abs(x) < 746, [-708, 708, -709.78, -745.1332191019411, Ln2 / 2, -Ln2 / 2, 36.7, -36.7, -700]),
        ["Softplus"] = new(Elementary.Softplus, BigReal.Softplus, 1.45, false, x => x > -746 && double.IsFinite(x), [-708, 708, -745.1332191019411, 0.881373587, -0.881373587, -36.7, 36.7, -700, 1e-17]),
        ["Sin"] = new(Elementary.Sin, BigReal.Sin, 0.8, true, Everywhere, [Math.PI / 4, Math.PI / 2, Math.PI, 3 * Math.PI / 2, 355, 710, 134217728, 1e22, 6381956970095103 * Math.Pow(2, 797), double.MaxValue, 1e-8]),
        ["Cos"] = new(Elementary.Cos, BigReal.Cos, 0.8, false, Everywhere, [Math.PI / 4, Math.PI / 2, Math.PI, 3 * Math.PI / 2, 355, 177.5, 134217728, 1e22, 6381956970095103 * Math.Pow(2, 797), double.MaxValue, 1e-8]),
        ["Atan"] = new(Elementary.Atan, BigReal.Atan, 1.75, true, Everywhere, [Tan1, 2.414213562373095, 1, 0.5, 2, 1e8, 1e300, 1e-8]),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory, MemberData(nameof(Names))]
    public void The_error_is_what_the_docs_say(string name)
    {
        Case c = Cases[name];
        double[] x = [.. Arguments(c).Where(c.Domain)];
        Assert.True(x.Length > 2000);
        (double worst, double at) = WorstError(c.Function, c.Exact, x);
        output.WriteLine($"{name}: {worst:F4} ulp at {at:R} ({x.Length} arguments), bound {c.Bound}");
        Assert.True(worst <= c.Bound, $"{name}({at:R}) is off by {worst} ulp, expected at most {c.Bound}");
    }

    [Theory]
    [InlineData("Sin", 26)]
    [InlineData("Cos", 26)]
    [InlineData("Sin", 1023)]
    [InlineData("Cos", 1023)]
    public void Near_multiples_of_half_pi_all_digits_are_right(string name, int highestBinade)
    {
        // the double nearest to q·π/2, where the reduction cancels most
        Case c = Cases[name];
        Sequence draw = new(7);
        double[] x = new double[1500];
        for (int i = 0; i < x.Length; i++)
        {
            double size = Math.ScaleB(1 + draw.Unit(), (int)(draw.Unit() * highestBinade));
            BigReal q = BigReal.FromDouble(Math.Round(size));
            x[i] = (q * BigReal.Pi / 2).ToDouble();
        }
        x = [.. x.Where(double.IsFinite)];
        (double worst, double at) = WorstError(c.Function, c.Exact, x);
        output.WriteLine($"{name}: {worst:F4} ulp at {at:R}");
        Assert.True(worst <= c.Bound, $"{name}({at:R}) is off by {worst} ulp");
    }

    [Fact]
    public void Tanh_inlined_has_the_bits_of_tanh()
    {
        Philox random = new(1, "tanh twice");
        for (int n = 0; n < 10_000; n++)
        {
            double scale = Math.ScaleB(1, random.NextInt(80) - 60);
            Vector512<double> x = Vector512.Create(random.NextNormal() * scale, 0, -random.NextUniform(), double.NaN, 40 * random.NextNormal(), scale, -scale, double.PositiveInfinity);
            Assert.Equal(Elementary.Tanh(x).AsInt64(), Elementary.TanhInlined(x).AsInt64());
        }
    }

    [Fact]
    public void A_polynomial_one_term_short_is_seen()
    {
        // 1 + x + … + x¹⁰/10! on [0, 0.34] lacks up to 2e-13: hundreds of ulp
        static Vector512<double> Truncated(Vector512<double> x)
        {
            Vector512<double> sum = Vector512<double>.One;
            for (int k = 10; k > 0; k--) sum = Vector512<double>.One + (sum * x / k);
            return sum;
        }
        double[] x = [.. Enumerable.Range(0, 64).Select(i => i * 0.34 / 64)];
        Assert.InRange(WorstError(Truncated, BigReal.Exp, x).Worst, 500, 5000);
        // and one wrong last bit is one ulp
        Assert.InRange(BigReal.Ulps(Math.BitIncrement(1.5), BigReal.FromDouble(1.5)), 1, 1);
        Assert.True(double.IsNaN(BigReal.Ulps(double.NaN, BigReal.One)));
    }

    [Theory]
    [InlineData("Exp", 1, double.PositiveInfinity, 0)]
    [InlineData("Expm1", 0, double.PositiveInfinity, -1)]
    [InlineData("Log", double.NegativeInfinity, double.PositiveInfinity, double.NaN)]
    [InlineData("Log1p", 0, double.PositiveInfinity, double.NaN)]
    [InlineData("Tanh", 0, 1, -1)]
    [InlineData("Logistic", 0.5, 1, 0)]
    [InlineData("Softplus", 0.6931471805599453, double.PositiveInfinity, 0)]
    [InlineData("Sin", 0, double.NaN, double.NaN)]
    [InlineData("Cos", 1, double.NaN, double.NaN)]
    [InlineData("Atan", 0, 1.5707963267948966, -1.5707963267948966)]
    public void Zeros_infinities_and_NaN(string name, double atZero, double atInfinity, double atMinusInfinity)
    {
        Case c = Cases[name];
        Same(atZero, At(c, 0.0));
        Same(c.Odd ? -atZero : atZero, At(c, -0.0));
        Same(atInfinity, At(c, double.PositiveInfinity));
        Same(atMinusInfinity, At(c, double.NegativeInfinity));
        Assert.True(double.IsNaN(At(c, double.NaN)));
        if (c.Odd)
        {
            foreach (double tiny in new[] { 5e-324, 1e-310, 2.2250738585072014e-308, 1e-300 })
            {
                Same(tiny, At(c, tiny));
                Same(-tiny, At(c, -tiny));
            }
        }
    }

    [Fact]
    public void Out_of_domain_and_out_of_range()
    {
        Assert.True(double.IsNaN(At(Cases["Log"], -1)));
        Assert.True(double.IsNaN(At(Cases["Log"], -5e-324)));
        Assert.True(double.IsNaN(At(Cases["Log1p"], -1.0000000000000002)));
        Same(double.NegativeInfinity, At(Cases["Log1p"], -1));
        Same(0, At(Cases["Log"], 1));
        foreach (double big in new[] { 710.0, 746, 1e4, 1e300 })
        {
            Same(double.PositiveInfinity, At(Cases["Exp"], big));
            Same(double.PositiveInfinity, At(Cases["Expm1"], big));
            Same(-1, At(Cases["Expm1"], -big));
            Same(1, At(Cases["Tanh"], big));
            Same(-1, At(Cases["Tanh"], -big));
            Same(1, At(Cases["Logistic"], big));
            Same(big, At(Cases["Softplus"], big));
        }
        foreach (double low in new[] { -745.2, -746, -1e4, -1e300 })
        {
            foreach (string name in new[] { "Exp", "Logistic", "Softplus" }) Same(0, At(Cases[name], low));
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void A_lane_depends_on_its_own_argument_only(string name)
    {
        Case c = Cases[name];
        double[] x = [.. Arguments(c).Where((_, i) => i % 8 == 0), double.NaN, double.PositiveInfinity, -5e-324];
        foreach (double v in x)
        {
            double alone = At(c, v);
            // the neighbours force every slow path
            Vector512<double> mixed = Vector512.Create(1e300, -1e300, double.NaN, v, double.PositiveInfinity, 1e-310, -720, 0.5);
            long expected = BitConverter.DoubleToInt64Bits(alone), actual = BitConverter.DoubleToInt64Bits(c.Function(mixed)[3]);
            Assert.True(expected == actual || (double.IsNaN(alone) && double.IsNaN(c.Function(mixed)[3])), $"{name}({v:R}) changes with its neighbours");
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void Odd_functions_are_exactly_odd(string name)
    {
        if (name is not ("Tanh" or "Sin" or "Atan")) return;
        Case c = Cases[name];
        foreach (double x in Arguments(c)) Same(-At(c, x), At(c, -x));
    }

    [Fact]
    public void Logistic_is_one_over_one_plus_exp_bit_for_bit()
    {
        foreach (double x in Arguments(Cases["Logistic"]).Where(x => x >= -708)) Same(1 / (1 + At(Cases["Exp"], -x)), At(Cases["Logistic"], x));
    }

    [Fact]
    public void Tanh_stays_in_the_unit_interval_and_logistic_too()
    {
        Sequence draw = new(11);
        for (int i = 0; i < 20000; i++)
        {
            double x = (draw.Unit() - 0.5) * 60;
            Assert.True(Math.Abs(At(Cases["Tanh"], x)) <= 1);
            Assert.True(At(Cases["Logistic"], x) is > 0 and <= 1);
        }
    }

    /// <summary>Random arguments over all binades and densely over the ordinary range, and every neighbourhood of the case.</summary>
    private static IEnumerable<double> Arguments(Case c)
    {
        Sequence draw = new(42);
        for (int i = 0; i < 1000; i++)
        {
            yield return BitConverter.Int64BitsToDouble((long)draw.Next()) is var any && double.IsFinite(any) ? any : 1;
            yield return (draw.Unit() - 0.5) * 1600;
        }
        for (int i = 0; i < 1500; i++)
        {
            yield return (draw.Unit() - 0.5) * 4;
            yield return (draw.Unit() - 0.5) * 40;
            yield return Math.ScaleB(draw.Unit() - 0.5, -(int)(draw.Unit() * 60));
        }
        foreach (double centre in c.Around)
        {
            double up = centre, down = centre;
            for (int i = 0; i < 12; i++, up = Math.BitIncrement(up), down = Math.BitDecrement(down))
            {
                foreach (double v in new[] { up, down, centre * (1 + (1e-3 * (draw.Unit() - 0.5))) })
                {
                    yield return v;
                    yield return -v;
                }
            }
        }
    }

    private static (double Worst, double At) WorstError(Func<Vector512<double>, Vector512<double>> f, Func<BigReal, BigReal> exact, double[] x)
    {
        double worst = 0, at = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double error = BigReal.Ulps(f(Vector512.Create(x[i]))[0], exact(BigReal.FromDouble(x[i])));
            // written so that NaN replaces the worst and stays
            if (!(error <= worst)) (worst, at) = (error, x[i]);
            if (double.IsNaN(worst)) break;
        }
        return (worst, at);
    }

    private static double At(Case c, double x) => c.Function(Vector512.Create(x))[0];

    private static void Same(double expected, double actual) =>
        Assert.True(BitConverter.DoubleToInt64Bits(expected) == BitConverter.DoubleToInt64Bits(actual) || (double.IsNaN(expected) && double.IsNaN(actual)),
            $"expected {expected:R}, got {actual:R}");

    /// <summary>SplitMix64: arguments that are the same in every run.</summary>
    private sealed class Sequence(ulong seed)
    {
        private ulong _state = seed;

        public ulong Next()
        {
            ulong z = _state += 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }

        public double Unit() => (Next() >> 11) * (1.0 / (1UL << 53));
    }
}
