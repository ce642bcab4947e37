using UniversalFlows.Bijections;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Targets;

/// <summary>T1: f(x) = x + a sin bx with |ab| &lt; 1; f′ = 1 + ab cos bx &gt; 0.</summary>
internal sealed class Sine(double a, double b) : Target(
    Named("sine", (a, 0.5), (b, 1)), $"x + {a:R} sin({b:R} x)", Domain.Cube(1, -Math.PI, Math.PI), 1, Membership.Star)
{
    public override void Map<T>(Span<T> x) => x[0] += a * T.Sin(b * x[0]);
}

/// <summary>T2: f(x) = sinh x.</summary>
internal sealed class HyperbolicSine() : Target("sinh", "sinh x", Domain.Cube(1, -2, 2), 1, Membership.Star)
{
    public override void Map<T>(Span<T> x) => x[0] = Functions.Sinh(x[0]);

    public override void Inverse<T>(Span<T> y, ref InverseStatus status) => y[0] = Functions.Asinh(y[0]);
}

/// <summary>T3: f(x) = x + x³; with x = (2/√3) sinh s it is (2/(3√3)) sinh 3s.</summary>
internal sealed class Cubic() : Target("cubic", "x + x^3", Domain.Cube(1, -2, 2), 1, Membership.Star)
{
    public override void Map<T>(Span<T> x) => x[0] += x[0] * x[0] * x[0];

    public override void Inverse<T>(Span<T> y, ref InverseStatus status)
    {
        double root3 = Math.Sqrt(3);
        y[0] = 2 / root3 * Functions.Sinh(Functions.Asinh(1.5 * root3 * y[0]) / 3);
    }
}

/// <summary>T4: f(x) = x + ½ sgn(x)|x|^{5/2}: C² with Hölder-½ second derivative, not C³; f′ = 1 + (5/4)|x|^{3/2}.</summary>
internal sealed class Holder() : Target("holder", "x + (1/2) sgn(x) |x|^(5/2)", Domain.Cube(1, -1, 1), 1, Membership.Star)
{
    public override string Remarks => "C2 with a Hölder-1/2 second derivative, not C3";

    public override void Map<T>(Span<T> x)
    {
        T r = T.Abs(x[0]);
        // the floor keeps the derivative of √r finite at 0; what it adds is far below rounding
        x[0] += 0.5 * x[0] * r * T.Sqrt(T.Max(r, T.Constant(1e-200)));
    }
}

/// <summary>T5: f(x) = σ(x) = 1/(1 + e⁻ˣ), onto (0, 1) only.</summary>
internal sealed class LogisticCurve() : Target("logistic", "1/(1 + exp(-x))", Domain.Cube(1, -3, 3), 1, Membership.Star)
{
    public override string Remarks => "the image is (0,1), not R";

    public override void Map<T>(Span<T> x) => x[0] = T.Logistic(x[0]);

    public override void Inverse<T>(Span<T> y, ref InverseStatus status) => y[0] = T.Log(y[0]) - T.Log1p(-y[0]);
}

/// <summary>T6: f(x) = −sinh x, orientation reversing.</summary>
internal sealed class NegativeSinh() : Target("neg-sinh", "-sinh x", Domain.Cube(1, -2, 2), -1, Membership.Star)
{
    public override string Remarks => "orientation reversing: needs a linear map of negative determinant";

    public override void Map<T>(Span<T> x) => x[0] = -Functions.Sinh(x[0]);

    public override void Inverse<T>(Span<T> y, ref InverseStatus status) => y[0] = -Functions.Asinh(y[0]);
}
