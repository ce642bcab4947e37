using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Distributions;

/// <summary>The Laplace law, p = ½e^{−|x|}.</summary>
internal sealed class LaplaceLine : LineDensity
{
    public override double Mean => 0;

    public override double Variance => 2;

    public override double Entropy => 1 + Log(2);

    public override (double Lower, double Upper) Window => (-25, 25);

    public override double Cdf(double x) => x < 0 ? 0.5 * Real.Exp(new(x)).Value : 1 - (0.5 * Real.Exp(new(-x)).Value);

    public override double Survival(double x) => Cdf(-x);

    public override double Quantile(double p, double q) => p <= q ? Log(2 * p) : -Log(2 * q);

    public override T LogDensity<T>(T x) => -T.Abs(x) - Log(2);
}

/// <summary>The logistic law, F = σ(x).</summary>
internal sealed class LogisticLine : LineDensity
{
    public override double Mean => 0;

    public override double Variance => Math.PI * Math.PI / 3;

    public override double Entropy => 2;

    public override (double Lower, double Upper) Window => (-25, 25);

    public override double Cdf(double x) => Real.Logistic(new(x)).Value;

    public override double Survival(double x) => Real.Logistic(new(-x)).Value;

    public override double Quantile(double p, double q) => Log(p / q);

    public override T LogDensity<T>(T x) => -T.Softplus(x) - T.Softplus(-x);
}

/// <summary>The arcsine law on [−1, 1], scaled by s and shifted by c: F(u) = ½ + asin(u)/π, the coordinate of a uniform point of a circle; for s = c = ½ it is Beta(½, ½).</summary>
internal sealed class ArcsineLine(double centre, double scale) : LineDensity
{
    public override double Mean => centre;

    public override double Variance => 0.5 * scale * scale;

    public override double Entropy => Log(0.5 * Math.PI * scale);

    public override (double Lower, double Upper) Window => (centre - scale, centre + scale);

    /// <summary>asin u = 2 atan(u/(1 + √(1 − u²))).</summary>
    public override double Cdf(double x)
    {
        double u = Math.Clamp((x - centre) / scale, -1, 1);
        return 0.5 + (2 * Real.Atan(new(u / (1 + Math.Sqrt((1 - u) * (1 + u))))).Value / Math.PI);
    }

    public override double Quantile(double p, double q) =>
        p <= q ? centre - (scale * Real.Cos(new(Math.PI * p)).Value) : centre + (scale * Real.Cos(new(Math.PI * q)).Value);

    public override T LogDensity<T>(T x)
    {
        T u = (x - centre) / scale, square = (1 - u) * (1 + u), floor = T.Constant(1e-300);
        return T.SelectLess(T.Constant(0), square, (-0.5 * T.Log(T.Max(square, floor))) - Log(Math.PI * scale), T.Constant(double.NegativeInfinity));
    }
}

/// <summary>Beta(2, 5) on [0, 1]: p = 30x(1 − x)⁴, F = 1 − (1 − x)⁵(1 + 5x).</summary>
internal sealed class BetaLine : LineDensity
{
    public override double Mean => 2.0 / 7;

    public override double Variance => 10.0 / (49 * 8);

    /// <summary>−ln 30 − (1 − γ) − 4(25/12 − γ) + 5(49/20 − γ).</summary>
    public override double Entropy => (35.0 / 12) - Log(30);

    public override (double Lower, double Upper) Window => (0, 1);

    /// <summary>Near 0: 15x² − 40x³ + 45x⁴ − 24x⁵ + 5x⁶.</summary>
    public override double Cdf(double x)
    {
        double u = Math.Clamp(x, 0, 1);
        return u < 0.25 ? u * u * (15 + (u * (-40 + (u * (45 + (u * (-24 + (5 * u)))))))) : 1 - Survival(u);
    }

    public override double Survival(double x)
    {
        double u = Math.Clamp(x, 0, 1), v = 1 - u;
        return v * v * v * v * v * (1 + (5 * u));
    }

    public override double Quantile(double p, double q) => IncreasingRoot.Solve(
        x => (p <= q ? Cdf(x) - p : q - Survival(x), 30 * x * (1 - x) * (1 - x) * (1 - x) * (1 - x)), 0, 1);

    /// <summary>The second of six uniform numbers in order of size.</summary>
    public override double Sample(Philox random)
    {
        double first = 2, second = 2;
        for (int i = 0; i < 6; i++)
        {
            double u = random.NextUniform();
            if (u < first) (first, second) = (u, first);
            else second = Math.Min(second, u);
        }

        return second;
    }

    public override T LogDensity<T>(T x)
    {
        T inside = T.SelectLess(T.Constant(0), x, T.SelectLess(x, T.Constant(1), T.Constant(1), T.Constant(0)), T.Constant(0));
        T safe = T.SelectLess(T.Constant(0), inside, x, T.Constant(0.5));
        return T.SelectLess(T.Constant(0), inside, T.Log(safe) + (4 * T.Log(1 - safe)) + Log(30), T.Constant(double.NegativeInfinity));
    }
}
