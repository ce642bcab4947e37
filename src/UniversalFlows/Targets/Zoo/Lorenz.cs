using UniversalFlows.Bijections;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Targets;

/// <summary>
/// T27: the time-0.2 map of the Lorenz equations ẋ = 10(y − x), ẏ = x(28 − z) − y, ż = xy − (8/3)z. The divergence of the field is −41/3
/// everywhere, so det Df = e^{−41/15} exactly (Liouville).
/// </summary>
/// <remarks>
/// Taylor's method with 32 steps of order 16: the coefficients of the solution obey (k + 1)x_{k+1} = 10(y_k − x_k), (k + 1)y_{k+1} = 28x_k − y_k − Σ x_i z_{k−i},
/// (k + 1)z_{k+1} = Σ x_i y_{k−i} − (8/3)z_k. LorenzTests compares with twice the steps, with order 24, and with classical Runge–Kutta.
/// </remarks>
internal sealed class Lorenz() : Target(
    "lorenz", "x(0.2) for x' = 10(y - x), y' = x(28 - z) - y, z' = xy - (8/3)z", new Box([-10, -10, 15], [10, 10, 35]), 1, Membership.Star)
{
    internal const double Time = 0.2;
    internal const int Steps = 32, Order = 16;

    public override string Remarks => "det Df = exp(-41/15) everywhere; into R^3, not onto: backward solutions may blow up";

    public override void Map<T>(Span<T> x) => Flow(x, Time, Steps, Order);

    /// <summary>The backward flow, from which Newton's iteration starts.</summary>
    private protected override void Guess(Span<Lanes> y) => Flow(y, -Time, Steps, Order);

    /// <summary>x ← the solution after a time, by equal steps of Taylor's method.</summary>
    internal static void Flow<T>(Span<T> x, double time, int steps, int order) where T : unmanaged, IScalar<T>
    {
        double h = time / steps;
        using Scratch<T> scratch = new(3 * (order + 1));
        Span<T> a = scratch.Take(order + 1), b = scratch.Take(order + 1), c = scratch.Take(order + 1);
        for (int step = 0; step < steps; step++)
        {
            (a[0], b[0], c[0]) = (x[0], x[1], x[2]);
            for (int k = 0; k < order; k++)
            {
                T xz = a[0] * c[k], xy = a[0] * b[k];
                for (int i = 1; i <= k; i++)
                {
                    xz = T.MultiplyAdd(a[i], c[k - i], xz);
                    xy = T.MultiplyAdd(a[i], b[k - i], xy);
                }

                // scaled by h^k: each coefficient is its term of the sum
                double scale = h / (k + 1);
                a[k + 1] = (10 * scale) * (b[k] - a[k]);
                b[k + 1] = scale * ((28 * a[k]) - b[k] - xz);
                c[k + 1] = scale * (xy - (8.0 / 3 * c[k]));
            }

            for (int i = 0; i < 3; i++)
            {
                Span<T> terms = i == 0 ? a : i == 1 ? b : c;
                T sum = terms[order];
                for (int k = order - 1; k >= 0; k--) sum += terms[k];
                x[i] = sum;
            }
        }
    }
}
