using UniversalFlows.Bijections;
using UniversalFlows.Construction;
using UniversalFlows.Scalars;
using UniversalFlows.Targets;
using Xunit;

namespace UniversalFlows.Tests.Construction;

/// <summary>The steps (a) to (c) one by one, each with a planted bug.</summary>
public sealed class StepTests
{
    private static readonly Target s_map = TargetParser.Parse("1 + x + 0.3*sin(1.5*y) + 0.1*x^3; 0.2*x - y + 0.25*x^2");
    private static readonly double[] s_points = PointSet.Even(Domain.Parse("box(-1,1)", 2), 9);

    private static Isotopy Isotopy(AffineOrder order, ReadOnlySpan<double> unit = default) => new(s_map, [0.1, -0.2], order, s_points, unit);

    private static double Distance(double[] a, double[] b) => a.Zip(b, (x, y) => Math.Abs(x - y)).Max();

    /// <summary>last∘S_1 = f and S_0 = first: the ends of the isotopy, for every order, whatever the frames are.</summary>
    [Theory]
    [InlineData(AffineOrder.First, 1, 1)]
    [InlineData(AffineOrder.Last, 1, 1)]
    [InlineData(AffineOrder.Moving, 1, 1)]
    [InlineData(AffineOrder.First, 3, 0.7)]
    [InlineData(AffineOrder.Last, 3, 0.7)]
    [InlineData(AffineOrder.Moving, 3, 0.7)]
    public void The_isotopy_joins_an_affine_map_to_f(AffineOrder order, double unit1, double unit2)
    {
        Isotopy isotopy = Isotopy(order, [unit1, unit2]);
        (Linear first, Linear last) = isotopy.AffineParts();
        double[] start = PointSet.Map(new Moment(isotopy, isotopy.At(0)), s_points), end = PointSet.Map(new Moment(isotopy, isotopy.At(1)), s_points);
        Assert.True(Distance(start, PointSet.Map(first, s_points)) <= 1e-15);
        Assert.True(Distance(PointSet.Map(last, end), PointSet.Map(s_map, s_points)) <= 4e-15);
        Assert.Equal(-1, first.Sign * last.Sign); // det Df < 0 is carried by the affine parts

        Span<Lanes> back = [Lanes.Constant(start[10]), Lanes.Constant(start[11])];
        isotopy.InvertStart(back);
        for (int i = 0; i < 2; i++) Assert.Equal(s_points[10 + i], back[i][0], 1e-15);

        // the planted bug: the frame's shift dropped (only the moving frame has one)
        Linear shiftless = new(last.Matrix, isotopy.Value);
        Assert.Equal(order == AffineOrder.Moving, Distance(PointSet.Map(shiftless, end), PointSet.Map(s_map, s_points)) > 1e-3);
    }

    /// <summary>F_t(x) = (f(c + t(x − c)) − f(c))/t and F_0 = Df(c)(x − c), by differences.</summary>
    [Fact]
    public void The_isotopy_is_a_quotient_of_differences()
    {
        Isotopy isotopy = Isotopy(AffineOrder.First);
        Real[] At(double t)
        {
            Real[] x = [new(0.7), new(0.4)];
            isotopy.Map<Real>(isotopy.At(t), x);
            return x;
        }

        Real[] f = [new(0.1 + (0.5 * 0.6)), new(-0.2 + (0.5 * 0.6))], centre = [new(0.1), new(-0.2)];
        s_map.Map<Real>(f);
        s_map.Map<Real>(centre);
        for (int i = 0; i < 2; i++)
        {
            Assert.Equal((f[i].Value - centre[i].Value) / 0.5, At(0.5)[i].Value, 1e-15);
            Assert.Equal(At(1e-5)[i].Value, At(0)[i].Value, 1e-4); // |F_t − F_0| = O(t)
        }
    }

    /// <summary>The moving frame is nearer to F_t than the derivative is, in the mean square over K: that is what it is for.</summary>
    [Fact]
    public void The_moving_frame_slows_the_isotopy()
    {
        double Square(AffineOrder order)
        {
            Isotopy isotopy = Isotopy(order);
            double[] images = PointSet.Map(new Moment(isotopy, isotopy.At(1)), s_points);
            double sum = 0;
            for (int n = 0; n < images.Length; n++) sum += Math.Pow(images[n] - s_points[n] + (n % 2 == 0 ? 0.1 : -0.2), 2);
            return sum;
        }

        Assert.True(Square(AffineOrder.Moving) < 0.5 * Square(AffineOrder.Last));
    }

    /// <summary>The states chain: what one map leaves is what the next one finds, and its slope is the derivative of its value along its coordinate.</summary>
    [Fact]
    public void States_chain_and_slopes_are_derivatives()
    {
        Domain k = Domain.Parse("box(-1,1)", 2);
        NearIdentityFactors factors = NearIdentityFactors.Uniform(Isotopy(AffineOrder.Moving), 3);
        double[] before = PointSet.Map(new Moment(factors.Isotopy, factors.Frames[0]), s_points);
        double[] firstMinor = [];
        double wrong = 0;
        for (int step = 0; step < 6; step++)
        {
            OneCoordinateMap map = new(factors, (step / 2) + 1, step % 2, k);
            Tube tube = map.Sample(s_points);
            Assert.Equal(before, tube.Points);
            before = PointSet.Map(map.After, s_points);
            if (step % 2 == 0) firstMinor = tube.Slopes;
            for (int n = 0; n < tube.Count; n += 7)
            {
                Assert.Equal(before[(2 * n) + (step % 2)], tube.Values[n]);
                // central differences of T itself, evaluated through the inverse of the state before
                const double H = 1e-5;
                double Value(double shift)
                {
                    Real[] y = [new(tube.Points[2 * n]), new(tube.Points[(2 * n) + 1])];
                    y[step % 2] += shift;
                    UniversalFlows.Numerics.InverseStatus status = default;
                    map.Map<Real>(y, ref status);
                    return y[step % 2].Value;
                }

                double slope = (Value(H) - Value(-H)) / (2 * H);
                Assert.Equal(slope, tube.Slopes[n], 1e-8);
                // the planted bug: M_2 in place of M_2/M_1
                if (step % 2 == 1) wrong = Math.Max(wrong, Math.Abs((tube.Slopes[n] * firstMinor[n]) - slope));
            }
        }

        Assert.True(wrong > 1e-3, $"{wrong:G3}");
    }

    /// <summary>A layer's error arrives stretched by the amplification: one layer is off by δ, and f is missed by amplification·δ somewhere, by more nowhere.</summary>
    [Fact]
    public void Amplification_is_the_stretch_of_an_error_to_first_order()
    {
        Domain k = Domain.Parse("box(-1,1)", 2);
        NearIdentityFactors factors = NearIdentityFactors.Uniform(Isotopy(AffineOrder.Last), 2);
        const double Delta = 1e-6;
        OneCoordinateMap perturbed = new(factors, 1, 0, k);
        (_, Linear last) = factors.Isotopy.AffineParts();
        OneCoordinateMap[] rest = [new(factors, 1, 1, k), new(factors, 2, 0, k), new(factors, 2, 1, k)];
        double largest = 0;
        double[] values = PointSet.Map(s_map, s_points), states = PointSet.Map(perturbed.After, s_points);
        for (int n = 0; n < s_points.Length / 2; n++)
        {
            Real[] y = [new(states[2 * n] + Delta), new(states[(2 * n) + 1])];
            UniversalFlows.Numerics.InverseStatus status = default;
            foreach (OneCoordinateMap map in rest) map.Map<Real>(y, ref status);
            last.Map<Real>(y);
            largest = Math.Max(largest, Math.Sqrt(Math.Pow(y[0].Value - values[2 * n], 2) + Math.Pow(y[1].Value - values[(2 * n) + 1], 2)));
        }

        double amplification = perturbed.ErrorAmplification(s_points, PointSet.Jacobians(s_map, s_points));
        Assert.Equal(amplification, largest / Delta, 1e-4);
        Assert.True(Math.Abs(amplification - 1) > 0.05); // or the comparison would say nothing
    }
}
