using UniversalFlows.Scalars;
using UniversalFlows.Targets;

namespace UniversalFlows.Measurement.Obstructions;

/// <summary>A nonnegative function of the points of a boundary, written once over an abstract scalar.</summary>
internal interface IBoundaryFunction
{
    /// <summary>The value at x.</summary>
    T Square<T>(ReadOnlySpan<T> x) where T : unmanaged, IScalar<T>;
}

/// <summary>
/// The boundary of a box or a ball in R, R² or R³ as images of the unit cube of one dimension less: faces, or angles. Least and greatest values on it are enclosed box by box with intervals, by the mean value form
/// φ(box) ⊂ φ(middle) + Σ|∂_jφ(box)|·h_j/2, whose error falls with the square of the boxes' size.
/// </summary>
internal sealed class Boundary
{
    private readonly Domain _domain;
    private readonly int _d;

    private Boundary(Domain domain) => (_domain, _d) = (domain, domain.Dimension);

    /// <summary>Null if the boundary is not known: other domains, other dimensions.</summary>
    public static Boundary? Of(Domain domain) => domain is Box or Ball && domain.Dimension <= 3 ? new(domain) : null;

    private int Patches => _domain is Box || _d == 1 ? 2 * _d : 1;

    /// <summary>A lower bound of min √φ over the boundary; 0 if nothing is proved.</summary>
    public double Least(IBoundaryFunction function) => Root(Extreme(function, least: true));

    /// <summary>An upper bound of max √φ over the boundary; +∞ if nothing is proved.</summary>
    public double Greatest(IBoundaryFunction function) => Root(Extreme(function, least: false));

    /// <summary>Some points of the boundary, row by row.</summary>
    public double[] Sample(int perAxis)
    {
        int axes = _d - 1, count = 1;
        for (int j = 0; j < axes; j++) count *= perAxis;
        double[] points = new double[Patches * count * _d];
        Real[] u = new Real[axes], x = new Real[_d];
        for (int n = 0; n < Patches * count; n++)
        {
            for (int j = 0, rest = n % count; j < axes; j++, rest /= perAxis) u[j] = new((rest % perAxis) / (double)(perAxis - 1));
            Place<Real>(n / count, u, x);
            for (int i = 0; i < _d; i++) points[(n * _d) + i] = x[i].Value;
        }

        return points;
    }

    private double Extreme(IBoundaryFunction function, bool least)
    {
        int axes = _d - 1, perAxis = axes switch { 0 => 1, 1 => 4096, _ => 256 }, count = 1;
        for (int j = 0; j < axes; j++) count *= perAxis;
        double h = 1.0 / perAxis, extreme = least ? double.PositiveInfinity : 0;
        Interval[] u = new Interval[axes], x = new Interval[_d];
        Dual<Interval>[] du = new Dual<Interval>[axes], dx = new Dual<Interval>[_d];
        double[] middle = new double[Lanes.Width];
        for (int patch = 0; patch < Patches; patch++)
        {
            for (int first = 0; first < count; first += Lanes.Width)
            {
                for (int j = 0, stride = 1; j < axes; j++, stride *= perAxis)
                {
                    for (int lane = 0; lane < Lanes.Width; lane++) middle[lane] = (((first + lane) / stride % perAxis) + 0.5) * h;
                    u[j] = Interval.Point(Lanes.Load(middle));
                }

                Place<Interval>(patch, u, x);
                Interval centre = function.Square<Interval>(x), spread = Interval.Constant(0);
                for (int k = 0; k < axes; k++)
                {
                    for (int j = 0; j < axes; j++)
                    {
                        Interval box = u[j] + Interval.Between(-0.5 * h, 0.5 * h);
                        du[j] = j == k ? Dual<Interval>.Variable(box) : Dual<Interval>.Lift(box);
                    }

                    Place<Dual<Interval>>(patch, du, dx);
                    spread += Interval.Abs(function.Square<Dual<Interval>>(dx).Tangent) * Interval.Constant(0.5 * h);
                }

                Interval bound = least ? centre - spread : centre + spread;
                for (int lane = 0; lane < Math.Min(Lanes.Width, count); lane++)
                {
                    double value = least ? bound.Lower[lane] : bound.Upper[lane];
                    if (double.IsNaN(value)) return least ? 0 : double.PositiveInfinity;
                    extreme = least ? Math.Min(extreme, value) : Math.Max(extreme, value);
                }
            }
        }

        return extreme;
    }

    /// <summary>x ← the point of a patch with the parameters u of [0, 1].</summary>
    private void Place<T>(int patch, ReadOnlySpan<T> u, Span<T> x) where T : unmanaged, IScalar<T>
    {
        if (_domain is Box box)
        {
            int face = patch / 2, next = 0;
            for (int i = 0; i < _d; i++)
            {
                x[i] = i == face
                    ? T.Constant(patch % 2 == 0 ? box.Lower[i] : box.Upper[i])
                    : box.Lower[i] + ((box.Upper[i] - box.Lower[i]) * u[next++]);
            }

            return;
        }

        Ball ball = (Ball)_domain;
        switch (_d)
        {
            case 1:
                x[0] = T.Constant(ball.Centre[0] + (patch == 0 ? -ball.Radius : ball.Radius));
                break;
            case 2:
                T angle = (2 * Math.PI) * u[0];
                (x[0], x[1]) = (ball.Centre[0] + (ball.Radius * T.Cos(angle)), ball.Centre[1] + (ball.Radius * T.Sin(angle)));
                break;
            default:
                T longitude = (2 * Math.PI) * u[0], polar = Math.PI * u[1], ring = ball.Radius * T.Sin(polar);
                x[0] = ball.Centre[0] + (ring * T.Cos(longitude));
                x[1] = ball.Centre[1] + (ring * T.Sin(longitude));
                x[2] = ball.Centre[2] + (ball.Radius * T.Cos(polar));
                break;
        }
    }

    private static double Root(double square) => Math.Sqrt(Math.Max(0, square));
}
