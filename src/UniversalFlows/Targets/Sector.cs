using UniversalFlows.Scalars;

namespace UniversalFlows.Targets;

/// <summary>
/// The sector of an annulus {(r cos θ, r sin θ): r_0 ≤ r ≤ r_1, a_0 ≤ θ ≤ a_1} of the plane, 0 &lt; r_0 &lt; r_1, a_0 &lt; a_1 &lt; a_0 + 2π. Not convex:
/// its <see cref="Chart"/> is (ρ, θ) ↦ e^ρ(cos θ, sin θ) on [log r_0, log r_1] × [a_0, a_1].
/// </summary>
public sealed class Sector : Domain
{
    // Contains allows a few roundings, so that Project and FromUnitCube give members
    private const double Rounding = 8 * 2.220446049250313e-16;

    private readonly double _middle, _half; // the angles are _middle ± _half
    private readonly double[] _axis; // the unit vector at the middle angle
    private readonly double[] _edge; // that at the angle _half from it; the other edge is its mirror image

    /// <summary>The sector between two radii and two angles, in radians.</summary>
    /// <exception cref="ArgumentException">
    /// 0 &lt; r_0 &lt; r_1 fails, or a_0 &lt; a_1 &lt; a_0 + 2π, or an angle is not within [−2π, 2π], or a radius is above 1e150 or below 1e-150.
    /// </exception>
    public Sector(double innerRadius, double outerRadius, double fromAngle, double toAngle)
    {
        if (!(innerRadius >= 1e-150))
            throw new ArgumentOutOfRangeException(nameof(innerRadius), innerRadius, "a positive radius was expected");
        if (!(innerRadius < outerRadius && outerRadius <= 1e150))
            throw new ArgumentOutOfRangeException(nameof(outerRadius), outerRadius, "a radius greater than the inner one was expected");
        if (!(Math.Abs(fromAngle) <= 2 * Math.PI)) throw new ArgumentOutOfRangeException(nameof(fromAngle), fromAngle, "an angle within [-2 pi, 2 pi] was expected");
        if (!(fromAngle < toAngle && toAngle - fromAngle < 2 * Math.PI && toAngle <= 2 * Math.PI))
            throw new ArgumentOutOfRangeException(nameof(toAngle), toAngle, "an angle above the first by less than 2 pi, and within [-2 pi, 2 pi], was expected");
        (InnerRadius, OuterRadius, FromAngle, ToAngle) = (innerRadius, outerRadius, fromAngle, toAngle);
        (_middle, _half) = (0.5 * (fromAngle + toAngle), 0.5 * (toAngle - fromAngle));
        (_axis, _edge) = (Unit(_middle), Unit(_half));
        Bounds = Enclose();
        Box box = new([Real.Log(new(innerRadius)).Value, fromAngle], [Real.Log(new(outerRadius)).Value, toAngle]);
        Chart = new Chart(new Polar(_middle, box), box);
    }

    /// <summary>r_0.</summary>
    public double InnerRadius { get; }

    /// <summary>r_1.</summary>
    public double OuterRadius { get; }

    /// <summary>a_0.</summary>
    public double FromAngle { get; }

    /// <summary>a_1.</summary>
    public double ToAngle { get; }

    /// <inheritdoc/>
    public override int Dimension => 2;

    /// <summary>½(a_1 − a_0)(r_1² − r_0²).</summary>
    public override double Volume => 0.5 * (ToAngle - FromAngle) * ((OuterRadius - InnerRadius) * (OuterRadius + InnerRadius));

    /// <inheritdoc/>
    public override Box Bounds { get; }

    /// <inheritdoc/>
    public override Chart Chart { get; }

    /// <inheritdoc/>
    /// <remarks>With a slack of a few roundings, so that <see cref="Project"/> and <see cref="FromUnitCube"/> give members.</remarks>
    public override bool Contains(ReadOnlySpan<double> x)
    {
        CheckLength(x.Length, nameof(x));
        (double u, double v) = Turned(x);
        double r = Math.Sqrt((u * u) + (v * v));
        return InnerRadius * (1 - Rounding) <= r && r <= OuterRadius * (1 + Rounding) && Beyond(u, Math.Abs(v)) <= Rounding * r;
    }

    /// <inheritdoc/>
    /// <remarks>r² is uniform in [r_0², r_1²], the angle in [a_0, a_1].</remarks>
    public override void FromUnitCube(ReadOnlySpan<double> u, Span<double> x)
    {
        CheckLength(u.Length, nameof(u));
        CheckLength(x.Length, nameof(x));
        double inner = InnerRadius * InnerRadius, outer = OuterRadius * OuterRadius;
        double r = Math.Clamp(Math.Sqrt(inner + ((outer - inner) * u[0])), InnerRadius, OuterRadius);
        double[] direction = Unit(Math.Clamp(FromAngle + ((ToAngle - FromAngle) * u[1]), FromAngle, ToAngle));
        (x[0], x[1]) = (r * direction[0], r * direction[1]);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// At an angle of the sector the nearest point is on the same ray: on every circle about 0 the distance grows with the difference of the angles. At
    /// another angle it is on the nearer of the two straight edges, for the same reason. On a tie (0, and the ray opposite to the middle
    /// one) it is that on the edge of a_1.
    /// </remarks>
    public override void Project(Span<double> x)
    {
        CheckLength(x.Length, nameof(x));
        if (double.IsNaN(x[0]) || double.IsNaN(x[1]) || Contains(x)) return;
        (double u, double v) = Turned(x);
        double side = v < 0 ? -1 : 1, a, b;
        if (Beyond(u, Math.Abs(v)) <= 0 && (u != 0 || v != 0))
        {
            double size = Math.Max(Math.Abs(u), Math.Abs(v));
            (u, v) = (u / size, v / size); // no overflow far away
            double r = Math.Sqrt((u * u) + (v * v)), goal = size * r < InnerRadius ? InnerRadius : OuterRadius;
            (a, b) = (goal * (u / r), goal * (v / r));
        }
        else
        {
            double along = Math.Clamp((u * _edge[0]) + (Math.Abs(v) * _edge[1]), InnerRadius, OuterRadius);
            (a, b) = (along * _edge[0], side * along * _edge[1]);
        }

        (x[0], x[1]) = ((a * _axis[0]) - (b * _axis[1]), (b * _axis[0]) + (a * _axis[1]));
    }

    /// <inheritdoc/>
    public override string ToString() => $"sector({InnerRadius:R},{OuterRadius:R}; {FromAngle:R},{ToAngle:R})";

    /// <summary>Coordinates in which the middle angle is 0.</summary>
    private (double U, double V) Turned(ReadOnlySpan<double> x) =>
        ((x[0] * _axis[0]) + (x[1] * _axis[1]), (x[1] * _axis[0]) - (x[0] * _axis[1]));

    /// <summary>
    /// For v ≥ 0: r times the sine of the angle by which (u, v) is beyond the edge, ≤ 0 inside; r itself if it is beyond by more than π/2.
    /// </summary>
    private double Beyond(double u, double v)
    {
        double across = (v * _edge[0]) - (u * _edge[1]), along = (u * _edge[0]) + (v * _edge[1]);
        // both angles are in [0, π], so that the difference is in [−π, π], and its sine has its sign
        return along < 0 && across > 0 ? Math.Sqrt((u * u) + (v * v)) : across;
    }

    /// <summary>The smallest box: corners, and the axes that the arc crosses; a corner's end is moved outward by a rounding.</summary>
    private Box Enclose()
    {
        double[] lower = [double.PositiveInfinity, double.PositiveInfinity], upper = [double.NegativeInfinity, double.NegativeInfinity];
        double slack = 4 * 2.220446049250313e-16 * OuterRadius;
        foreach (double angle in (double[])[FromAngle, ToAngle])
        {
            double[] unit = Unit(angle);
            for (int i = 0; i < 2; i++)
            {
                lower[i] = Math.Min(lower[i], (unit[i] * (unit[i] < 0 ? OuterRadius : InnerRadius)) - slack);
                upper[i] = Math.Max(upper[i], (unit[i] * (unit[i] < 0 ? InnerRadius : OuterRadius)) + slack);
            }
        }

        for (int quarter = -4; quarter <= 4; quarter++)
        {
            double angle = quarter * (0.5 * Math.PI);
            if (!(FromAngle <= angle && angle <= ToAngle)) continue;
            if (quarter % 2 == 0) Reach(0, quarter % 4 == 0);
            else Reach(1, quarter is 1 or -3);
        }

        return new Box(lower.Select(l => Math.Max(l, -OuterRadius)), upper.Select(u => Math.Min(u, OuterRadius)));

        void Reach(int axis, bool positive)
        {
            if (positive) upper[axis] = OuterRadius;
            else lower[axis] = -OuterRadius;
        }
    }

    private static double[] Unit(double angle) => [Real.Cos(new(angle)).Value, Real.Sin(new(angle)).Value];
}
