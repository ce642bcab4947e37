using UniversalFlows.Bijections;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Targets;

/// <summary>T17: f(x) = x/√(1 − |x|²), the unit ball onto R^d; det Df = (1 − |x|²)^{−(d+2)/2}.</summary>
internal sealed class BallToSpace(int dimension) : Target(
    Named("ball-to-space", (dimension, 2)), "x/sqrt(1 - |x|^2)", new Ball(0.8, dimension), 1, Membership.Star)
{
    public override string Remarks => "defined in the open unit ball, onto R^d";

    public override void Map<T>(Span<T> x)
    {
        T scale = 1 / T.Sqrt(1 - Square<T>(x));
        foreach (ref T v in x) v *= scale;
    }

    public override void Inverse<T>(Span<T> y, ref InverseStatus status)
    {
        T scale = 1 / T.Sqrt(1 + Square<T>(y));
        foreach (ref T v in y) v *= scale;
    }

    internal static T Square<T>(ReadOnlySpan<T> x) where T : unmanaged, IScalar<T>
    {
        T sum = x[0] * x[0];
        for (int i = 1; i < x.Length; i++) sum = T.MultiplyAdd(x[i], x[i], sum);
        return sum;
    }
}

/// <summary>T22: x_i + 0.2 sin(x_{i+1} + x_{i+2}), cyclic in three coordinates; |Df − I| ≤ 0.4.</summary>
internal sealed class CoupledSines3D() : Target(
    "coupled-sines-3d", "(a + 0.2 sin(b+c), b + 0.2 sin(c+a), c + 0.2 sin(a+b))", Domain.Cube(3, -2, 2), 1, Membership.Star)
{
    public override string Remarks => "nearly the identity: |Df - I| <= 0.4";

    public override void Map<T>(Span<T> x)
    {
        T a = x[0], b = x[1], c = x[2];
        x[0] = a + (0.2 * T.Sin(b + c));
        x[1] = b + (0.2 * T.Sin(c + a));
        x[2] = c + (0.2 * T.Sin(a + b));
    }
}

/// <summary>T24: x_i + a sin x_{i+1}, cyclic, |a| &lt; 1; det Df = 1 + (−1)^{d−1} Π a cos x_i.</summary>
internal sealed class Cyclic(int dimension, double a) : Target(
    Named("cyclic", (dimension, 4), (a, 0.5)), $"x_i + {a:R} sin(x_(i+1)), cyclic", Domain.Cube(dimension, -2, 2), 1, Membership.Star)
{
    public override void Map<T>(Span<T> x)
    {
        T first = x[0];
        for (int i = 0; i < x.Length; i++) x[i] += a * T.Sin(i + 1 < x.Length ? x[i + 1] : first);
    }
}

/// <summary>T25: x + w tanh(w·x) = ∇(½|x|² + log cosh w·x), w = (1, ½, …, 1/d); det Df = 1 + |w|² sech²(w·x).</summary>
internal sealed class GradientTanh(int dimension) : Target(
    Named("gradient-tanh", (dimension, 2)), "x + w tanh(w.x), w_i = 1/i", Domain.Cube(dimension, -1, 1), 1, Membership.Star)
{
    public override string Remarks => "the gradient of a convex function; one planar layer";

    public override void Map<T>(Span<T> x)
    {
        T dot = x[0];
        for (int i = 1; i < x.Length; i++) dot += x[i] / (i + 1.0);
        T t = T.Tanh(dot);
        for (int i = 0; i < x.Length; i++) x[i] += t / (i + 1.0);
    }
}

/// <summary>T26: y_k = x_k + x_k³/3 + ½ sin Σ_{j&lt;k} x_j, triangular; det Df = Π(1 + x_k²).</summary>
internal sealed class Triangular(int dimension) : Target(
    Named("triangular", (dimension, 2)), "x_k + x_k^3/3 + (1/2) sin(x_1 + .. + x_(k-1))", Domain.Cube(dimension, -1, 1), 1, Membership.Star)
{
    public override void Map<T>(Span<T> x)
    {
        T sum = x[0];
        x[0] += x[0] * x[0] * x[0] / 3;
        for (int k = 1; k < x.Length; k++)
        {
            T own = x[k];
            x[k] += (own * own * own / 3) + (0.5 * T.Sin(sum));
            sum += own;
        }
    }

    /// <summary>Coordinate after coordinate: with x = 2 sinh s, x + x³/3 = (2/3) sinh 3s.</summary>
    public override void Inverse<T>(Span<T> y, ref InverseStatus status)
    {
        T sum = y[0] = Root(y[0]);
        for (int k = 1; k < y.Length; k++)
        {
            y[k] = Root(y[k] - (0.5 * T.Sin(sum)));
            sum += y[k];
        }

        static T Root(T c) => 2 * Functions.Sinh(Functions.Asinh(1.5 * c) / 3);
    }
}

/// <summary>T29: radial, r ↦ R(r) = r + a r³e^{−r²}, 0 ≤ a &lt; 2.2; det Df = R′(r)(R(r)/r)^{d−1}.</summary>
internal sealed class Radial(double a, int dimension) : Target(
    Named("radial", (a, 1), (dimension, 2)), $"x (1 + {a:R} |x|^2 exp(-|x|^2))", new Ball(2, dimension), 1, Membership.Star)
{
    public override void Map<T>(Span<T> x)
    {
        T square = BallToSpace.Square<T>(x);
        T scale = 1 + (a * square * T.Exp(-square));
        foreach (ref T v in x) v *= scale;
    }
}
