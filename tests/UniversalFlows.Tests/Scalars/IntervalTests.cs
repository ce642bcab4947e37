using System.Runtime.Intrinsics;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using UniversalFlows.Tests.Oracles;
using Xunit;

namespace UniversalFlows.Tests.Scalars;

/// <summary>Intervals enclose: every operation on random boxes against 77-digit values at points of the box, and bugs that the battery must catch.</summary>
public sealed class IntervalTests
{
    internal sealed record Unary(string Name, Func<Interval, Interval> Enclose, Func<BigReal, BigReal> Exact, double Least, double Most);

    private sealed record Binary(string Name, Func<Interval, Interval, Interval> Enclose, Func<BigReal, BigReal, BigReal> Exact);

    private static readonly Unary[] s_unary =
    [
        new("Sqrt", Interval.Sqrt, BigReal.Sqrt, 0, 1e3),
        new("Exp", Interval.Exp, BigReal.Exp, -700, 700),
        new("Expm1", Interval.Expm1, BigReal.Expm1, -50, 50),
        new("Log", Interval.Log, BigReal.Log, 1e-300, 1e3),
        new("Log1p", Interval.Log1p, BigReal.Log1p, -0.999, 1e3),
        new("Tanh", Interval.Tanh, BigReal.Tanh, -25, 25),
        new("Logistic", Interval.Logistic, BigReal.Logistic, -700, 700),
        new("Softplus", Interval.Softplus, BigReal.Softplus, -700, 700),
        new("Sin", Interval.Sin, BigReal.Sin, -40, 40),
        new("Cos", Interval.Cos, BigReal.Cos, -40, 40),
        new("Sin of large numbers", Interval.Sin, BigReal.Sin, -1e12, 1e12),
        new("Atan", Interval.Atan, BigReal.Atan, -1e3, 1e3),
        new("Abs", Interval.Abs, BigReal.Abs, -3, 3),
        new("Chebyshev 9", x => Chebyshev(9, x), x => Chebyshev(9, x), -1.3, 1.3),
        new("Chebyshev 30", x => Chebyshev(30, x), x => Chebyshev(30, x), -1, 1),
        new("Negation", x => -x, x => -x, -3, 3),
    ];

    private static readonly Binary[] s_binary =
    [
        new("+", (a, b) => a + b, (a, b) => a + b),
        new("-", (a, b) => a - b, (a, b) => a - b),
        new("*", (a, b) => a * b, (a, b) => a * b),
        new("/", (a, b) => a / b, (a, b) => a / b),
        new("Max", Interval.Max, (a, b) => a < b ? b : a),
        new("Min", Interval.Min, (a, b) => a < b ? a : b),
        new("SelectLess", (a, b) => Interval.SelectLess(a, b, a * a, b), (a, b) => a < b ? a * a : b),
    ];

    private static Interval Chebyshev(int k, Interval x)
    {
        Interval[] basis = new Interval[k + 1];
        Interval.Chebyshev(x, basis);
        return basis[k];
    }

    private static BigReal Chebyshev(int k, BigReal x)
    {
        (BigReal before, BigReal now) = (BigReal.One, x);
        for (int j = 2; j <= k; j++) (before, now) = (now, (x * now * 2) - before);
        return now;
    }

    public static TheoryData<string> UnaryNames => [.. s_unary.Select(u => u.Name)];

    public static TheoryData<string> BinaryNames => [.. s_binary.Select(u => u.Name)];

    [Theory, MemberData(nameof(UnaryNames))]
    public void Functions_enclose(string name)
    {
        Unary u = Array.Find(s_unary, c => c.Name == name)!;
        Assert.Null(Violation(u));
    }

    [Theory, MemberData(nameof(BinaryNames))]
    public void Operations_enclose(string name)
    {
        Binary c = Array.Find(s_binary, b => b.Name == name)!;
        Philox random = new(5, Philox.StreamKey(name));
        for (int n = 0; n < 400; n++)
        {
            (double al, double au) = Ends(random, -3, 3);
            (double bl, double bu) = Ends(random, name == "/" ? 0.01 : -3, 3);
            Interval enclosure = c.Enclose(Interval.Between(al, au), Interval.Between(bl, bu));
            for (int k = 0; k < 4; k++)
            {
                double a = k == 0 ? al : k == 1 ? au : Inside(random, al, au), b = k is 0 or 3 ? bl : k == 1 ? bu : Inside(random, bl, bu);
                Assert.True(Holds(enclosure, c.Exact(BigReal.FromDouble(a), BigReal.FromDouble(b))), $"{a:R} {name} {b:R} is outside {enclosure.Lower[0]:R} … {enclosure.Upper[0]:R}");
            }
        }
    }

    /// <summary>Bugs of the kinds that enclosures have: the battery is no good if it lets one through.</summary>
    [Fact]
    public void The_battery_catches_planted_bugs()
    {
        Unary[] bugs =
        [
            new("rounding dropped", x => new(Lanes.Exp(x.Lower), Lanes.Exp(x.Upper)), BigReal.Exp, -5, 5),
            new("ends swapped", x => new(Interval.Tanh(x).Upper, Interval.Tanh(x).Lower), BigReal.Tanh, -2, 2),
            new("a decreasing function taken for increasing", x => new(Lanes.Exp(-x.Lower), Lanes.Exp(-x.Upper)), x => BigReal.Exp(-x), -2, 2),
            new("a polynomial at the ends alone", x => Hull(Chebyshev(9, Interval.Point(x.Lower)), Chebyshev(9, Interval.Point(x.Upper))), x => Chebyshev(9, x), -1, 1),
            new("rounded inwards", x => Shrunk(Interval.Logistic(x)), BigReal.Logistic, -5, 5),
            new("the crest of sin forgotten", x => Hull(Interval.Sin(Interval.Point(x.Lower)), Interval.Sin(Interval.Point(x.Upper))), BigReal.Sin, -4, 4),
            new("|x| without the case of 0", x => Hull(Interval.Abs(Interval.Point(x.Lower)), Interval.Abs(Interval.Point(x.Upper))), BigReal.Abs, -3, 3),
        ];
        foreach (Unary bug in bugs) Assert.True(Violation(bug) is not null, $"not caught: {bug.Name}");

        static Interval Shrunk(Interval x) => new(new Lanes(Rounding.Up(x.Lower.Value, 5)), new Lanes(Rounding.Down(x.Upper.Value, 5)));

        static Interval Hull(Interval a, Interval b) => Interval.SelectLess(Interval.Between(-1, 1), default, a, b);
    }

    [Fact]
    public void Enclosures_are_tight()
    {
        // at a point: a few ulps; an enclosure of everything would pass every other test
        Philox random = new(1, Philox.StreamKey("tight"));
        foreach (Unary u in s_unary)
        {
            for (int n = 0; n < 50; n++)
            {
                Interval y = u.Enclose(Interval.Constant(random.NextUniform(u.Least, u.Most)));
                Assert.True(y.Upper[0] - y.Lower[0] <= 24 * Rounding.Unit * Scale(u, y) + 1e-320, $"{u.Name}: {y.Lower[0]:R} … {y.Upper[0]:R}");
            }
        }
    }

    /// <summary>What a rounding error is relative to: the value; for T_k, k ≤ 30, k² times it, or k² in [−1, 1].</summary>
    private static double Scale(Unary u, Interval y) => u.Name.StartsWith("Chebyshev ", StringComparison.Ordinal) ? 900 * Math.Max(1, y.Magnitude[0]) : y.Magnitude[0];

    [Property]
    public bool Larger_boxes_have_larger_enclosures(int seed)
    {
        Philox random = new((ulong)seed, Philox.StreamKey("isotone"));
        foreach (Unary u in s_unary)
        {
            (double outerLow, double outerHigh) = Ends(random, u.Least, u.Most);
            double a = Inside(random, outerLow, outerHigh), b = Inside(random, outerLow, outerHigh);
            Interval inner = u.Enclose(Interval.Between(Math.Min(a, b), Math.Max(a, b))), outer = u.Enclose(Interval.Between(outerLow, outerHigh));
            // a function that is computed to 4.4 ulp is increasing up to 9 ulp
            double slack = 20 * Rounding.Unit * Scale(u, inner);
            if (!(outer.Lower[0] <= inner.Lower[0] + slack && inner.Upper[0] <= outer.Upper[0] + slack)) return false;
        }

        foreach (Binary c in s_binary)
        {
            double low = c.Name == "/" ? 0.01 : -3;
            (double al, double au) = Ends(random, -3, 3);
            (double bl, double bu) = Ends(random, low, 3);
            Interval inner = c.Enclose(Interval.Constant(Inside(random, al, au)), Interval.Constant(Inside(random, bl, bu)));
            Interval outer = c.Enclose(Interval.Between(al, au), Interval.Between(bl, bu));
            if (!(outer.Lower[0] <= inner.Lower[0] && inner.Upper[0] <= outer.Upper[0])) return false;
        }

        return true;
    }

    [Fact]
    public void What_is_not_proved_is_NaN_and_stays_NaN()
    {
        double nan = double.NaN, inf = double.PositiveInfinity;
        Interval[] unproved =
        [
            Interval.Between(2, 1), Interval.Between(nan, 1), Interval.Between(0, nan), // empty, not numbers
            Interval.Constant(1) / Interval.Between(-1, 1), Interval.Constant(1) / Interval.Between(-0.0, 0.0), Interval.Constant(1) / Interval.Between(0, 1),
            Interval.Sqrt(Interval.Between(-1e-9, 1)), Interval.Log(Interval.Between(-1, 1)), Interval.Log1p(Interval.Between(-2, 0)),
            Interval.Sin(Interval.Between(-inf, inf)), Interval.Constant(inf) - Interval.Constant(inf), Interval.Constant(1e300) * Interval.Constant(1e300) * Interval.Constant(0),
        ];
        foreach (Interval x in unproved)
        {
            Assert.False(x.IsProved(0));
            Assert.False(x.Contains(0, 0));
            foreach (Unary u in s_unary) Assert.False(u.Enclose(x).IsProved(0), u.Name);
            foreach (Binary c in s_binary.Where(b => b.Name != "SelectLess"))
            {
                Assert.False(c.Enclose(x, Interval.Constant(1)).IsProved(0), c.Name);
                Assert.False(c.Enclose(Interval.Constant(1), x).IsProved(0), c.Name);
            }

            Assert.True(double.IsNaN(x.Magnitude[0]) && double.IsNaN(x.Mignitude[0]));
            Assert.False(Interval.SelectLess(Interval.Between(-1, 1), Interval.Constant(0), x, Interval.Constant(1)).IsProved(0));
            // nothing is known of the condition: both branches
            Interval either = Interval.SelectLess(x, Interval.Constant(0), Interval.Constant(1), Interval.Constant(2));
            Assert.True(either.Contains(0, 1) && either.Contains(0, 2));
        }
    }

    [Fact]
    public void Infinite_ends_and_signed_zeros()
    {
        double inf = double.PositiveInfinity;
        Assert.True(Interval.Exp(Interval.Between(-inf, 0)).Contains(0, 0));
        Assert.True(Interval.Tanh(Interval.Between(-inf, inf)).Contains(0, 1) && Interval.Tanh(Interval.Between(-inf, inf)).Contains(0, -1));
        Assert.Equal(double.NegativeInfinity, Interval.Log(Interval.Between(0, 1)).Lower[0]);
        Assert.Equal(double.NegativeInfinity, Interval.Log(Interval.Between(-0.0, 1)).Lower[0]);
        Assert.True(Interval.Atan(Interval.Between(0, inf)).Contains(0, Math.PI / 2));
        Assert.True(Interval.Exp(Interval.Between(0, 1000)).Upper[0] == inf);
        foreach (double zero in (double[])[0.0, -0.0])
        {
            Assert.True(Interval.Abs(Interval.Between(zero, 1)).Contains(0, 0));
            Assert.True(Interval.Sqrt(Interval.Between(zero, 1)).Contains(0, 0));
            Assert.True((Interval.Constant(zero) * Interval.Between(-1, 1)).Contains(0, 0));
        }
    }

    [Fact]
    public void Dense_layers_enclose()
    {
        Philox random = new(2, Philox.StreamKey("dense"));
        for (int round = 0; round < 20; round++)
        {
            int inputs = 1 + random.NextInt(40), outputs = 1 + random.NextInt(20);
            Dense layer = new(inputs, outputs);
            foreach (ref double w in layer.All) w = random.NextNormal() * Math.ScaleB(1, random.NextInt(30));
            double[] lower = new double[inputs], upper = new double[inputs];
            Interval[] x = new Interval[inputs], y = new Interval[outputs];
            for (int k = 0; k < inputs; k++)
            {
                (lower[k], upper[k]) = Ends(random, -3, 3);
                x[k] = Interval.Between(lower[k], upper[k]);
            }

            Interval.Affine(layer, x, y);
            for (int trial = 0; trial < 4; trial++)
            {
                BigReal[] point = [.. Enumerable.Range(0, inputs).Select(k => BigReal.FromDouble(trial == 0 ? lower[k] : Inside(random, lower[k], upper[k])))];
                for (int n = 0; n < outputs; n++)
                {
                    BigReal exact = BigReal.FromDouble(layer.Bias[n]);
                    for (int k = 0; k < inputs; k++) exact += BigReal.FromDouble(layer.Weights[(n * inputs) + k]) * point[k];
                    Assert.True(Holds(y[n], exact));
                    if (upper.Zip(lower, (u, l) => u - l).All(v => v == 0)) Assert.True(y[n].Upper[0] - y[n].Lower[0] < 1e-3);
                }
            }
        }
    }

    [Fact]
    public void A_turn_is_enclosed()
    {
        // Wave counts turns with two doubles around 1/(2π)
        BigReal turn = BigReal.One / (BigReal.Two * BigReal.Pi);
        Assert.True(BigReal.FromDouble(0.15915494309189532) < turn && turn < BigReal.FromDouble(0.15915494309189535));
        foreach (int k in (int[])[-7, -1, 0, 1, 3, 1000, 123456789])
        {
            double crest = ((BigReal.FromDouble(k) * BigReal.Two * BigReal.Pi) + (BigReal.Pi * BigReal.Half)).ToDouble();
            Assert.Equal(1, Interval.Sin(Interval.Between(Math.BitDecrement(crest), Math.BitIncrement(crest))).Upper[0]);
            Assert.True(Interval.Sin(Interval.Between(crest - 1, crest - 0.1)).Upper[0] < 0.9951);
        }
    }

    private static string? Violation(Unary u)
    {
        Philox random = new(3, Philox.StreamKey(u.Name));
        for (int n = 0; n < 250; n++)
        {
            (double low, double high) = Ends(random, u.Least, u.Most);
            Interval y = u.Enclose(Interval.Between(low, high));
            for (int k = 0; k < 4; k++)
            {
                double x = k == 0 ? low : k == 1 ? high : Inside(random, low, high);
                if (!Holds(y, u.Exact(BigReal.FromDouble(x)))) return $"{u.Name}({x:R}) is outside {y.Lower[0]:R} … {y.Upper[0]:R}, box {low:R} … {high:R}";
            }
        }

        return null;
    }

    /// <summary>Points, tiny and wide boxes by turns; an end at a whole number or at 0 now and then.</summary>
    internal static (double Low, double High) Ends(Philox random, double least, double most)
    {
        double a = random.NextUniform(least, most);
        if (random.NextInt(5) == 0) a = Math.Clamp(Math.Round(a), least, most);
        double width = random.NextInt(4) switch { 0 => 0, 1 => Math.Abs(a) * 1e-15, 2 => 1e-3 * random.NextUniform(), _ => (most - least) * random.NextUniform() };
        return (a, Math.Min(most, a + width));
    }

    internal static double Inside(Philox random, double low, double high) => Math.Clamp(low + ((high - low) * random.NextUniform()), low, high);

    private static bool Holds(Interval y, BigReal exact)
    {
        if (!y.IsProved(0)) return false;
        return (double.IsInfinity(y.Lower[0]) || BigReal.FromDouble(y.Lower[0]) <= exact) && (double.IsInfinity(y.Upper[0]) || exact <= BigReal.FromDouble(y.Upper[0]));
    }
}
