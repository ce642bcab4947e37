using UniversalFlows.Construction;
using UniversalFlows.Numerics;
using UniversalFlows.Proofs.Claims.Evidence;
using UniversalFlows.Scalars;
using UniversalFlows.Targets;
using Xunit;

namespace UniversalFlows.Tests.Construction;

/// <summary>Steps (b) and (c): the reference tables of near-identity factors and one-coordinate maps, with the control that fails.</summary>
public sealed class FactorTables
{
    /// <summary>x ↦ (g_1(x), …, g_k(x), x_{k+1}, …, x_d), written here once more: T_k = G_k∘G_{k−1}⁻¹ by definition.</summary>
    private sealed class Partial(Target g, int k) : Target("partial", "G_k", g.DefaultDomain, null)
    {
        public override void Map<T>(Span<T> x)
        {
            T[] image = x.ToArray();
            g.Map<T>(image);
            image.AsSpan(0, k).CopyTo(x);
        }
    }

    [Fact]
    public void Coupled_sines_split_into_three_one_coordinate_maps()
    {
        Target g = TargetParser.Parse("x1 + 0.2*sin(x2 + x3); x2 + 0.2*sin(x3 + x1); x3 + 0.2*sin(x1 + x2)");
        Partial[] partial = [.. Enumerable.Range(0, 4).Select(k => new Partial(g, k))];
        Philox random = new(1, "coupled sines");
        double[] points = [.. Enumerable.Range(0, 3 * 20_000).Select(_ => random.NextUniform(-2, 2))];

        // T_3∘T_2∘T_1 against g
        double[] expected = PointSet.Map(g, points);
        double residual = 0;
        Span<Lanes> y = stackalloc Lanes[3];
        InverseStatus status = default;
        for (int first = 0; first < 20_000; first += Lanes.Width)
        {
            PointSet.Load(points, 3, first, y);
            for (int k = 1; k <= 3; k++)
            {
                Step(y, k);
                for (int lane = 0; k == 3 && lane < Lanes.Width; lane++)
                    for (int i = 0; i < 3; i++) residual = Math.Max(residual, Math.Abs(y[i][lane] - expected[((first + lane) * 3) + i]));
            }
        }

        Assert.Equal(InverseStatus.Converged, status);
        Assert.True(residual <= 2e-15, $"{residual:G3}"); // 4.4e-16 by a fixed-point iteration that stops at 1e-15

        void Step(Span<Lanes> state, int k)
        {
            Lanes[] x = state.ToArray();
            partial[k - 1].Inverse<Lanes>(x, ref status);
            partial[k].Map<Lanes>(x);
            state[k - 1] = x[k - 1];
        }

        // ∂T_k/∂y_k = M_k/M_{k−1} at G_{k−1}(x), and by central differences with h = 1e-6 there
        double[] jacobians = PointSet.Jacobians(g, points), smallest = [.. Enumerable.Repeat(double.PositiveInfinity, 3)];
        double distance = 0, mismatch = 0;
        for (int n = 0; n < 20_000; n++)
        {
            double[] j = jacobians.AsSpan(n * 9, 9).ToArray(), off = [.. j];
            for (int i = 0; i < 3; i++) off[4 * i] -= 1;
            distance = Math.Max(distance, SmallMatrix.OperatorNorm(off, 3));
            double[] minors = [1, j[0], (j[0] * j[4]) - (j[1] * j[3]), SmallMatrix.Determinant(j, 3)];
            for (int k = 1; k <= 3; k++)
            {
                double slope = minors[k] / minors[k - 1];
                smallest[k - 1] = Math.Min(smallest[k - 1], slope);
                if (n % 40 != 0) continue;
                const double H = 1e-6;
                Span<Lanes> state = new Lanes[3];
                PointSet.Load(points.AsSpan(n * 3, 3), 3, 0, state);
                partial[k - 1].Map(state);
                state[k - 1] = state[k - 1].With(0, state[k - 1][0] + H).With(1, state[k - 1][1] - H);
                Step(state, k);
                mismatch = Math.Max(mismatch, Math.Abs(((state[k - 1][0] - state[k - 1][1]) / (2 * H)) - slope));
            }
        }

        ReferenceTable.Matches(["0.400", "1.000", "0.960", "0.900"], [distance, .. smallest]);
        Assert.True(mismatch < 5e-10, $"{mismatch:G3}"); // 1.4e-10 at the points of the table
    }

    /// <summary>The table's twist, by the function that the ledger's claims run.</summary>
    private static (double Distance, double SmallestSlope, double Error, int Failures) Twist(int count) => Constructions.Twist(2.5, count, maps => maps);

    [Theory]
    [InlineData(4, "1.139", "0.396")]
    [InlineData(8, "0.602", "0.753")]
    [InlineData(16, "0.304", "0.892")]
    [InlineData(64, "0.076", "0.976")]
    public void Twist_splits_exactly_for_enough_factors(int count, string distance, string slope)
    {
        (double d, double s, double error, int failures) = Twist(count);
        ReferenceTable.Matches([distance, slope], [d, s]);
        Assert.Equal(0, failures);
        Assert.True(error <= 1e-12, $"{error:G3}");
    }

    [Fact]
    public void Twist_in_two_factors_fails()
    {
        // the control: a leading minor is negative somewhere, and no choice of a preimage makes up for it
        (double d, double s, double error, int failures) = Twist(2);
        ReferenceTable.Matches(["1.839", "-0.295"], [d, s]);
        Assert.True(error > 0.1 || failures > 0, $"{error:G3}");
    }
}
