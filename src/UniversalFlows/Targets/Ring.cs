using UniversalFlows.Scalars;

namespace UniversalFlows.Targets;

/// <summary>
/// The closed annulus {r_0 ≤ |x| ≤ r_1} of the plane about 0, 0 &lt; r_0 &lt; r_1. Neither convex nor the image of a box under a
/// diffeomorphism: it has no chart.
/// </summary>
public sealed class Ring : Domain
{
    private const double Rounding = 8 * 2.220446049250313e-16;

    /// <summary>The annulus between two radii.</summary>
    /// <exception cref="ArgumentException">0 &lt; r_0 &lt; r_1 fails, or a radius is above 1e150 or below 1e-150.</exception>
    public Ring(double innerRadius, double outerRadius)
    {
        if (!(innerRadius >= 1e-150)) throw new ArgumentOutOfRangeException(nameof(innerRadius), innerRadius, "a positive radius was expected");
        if (!(innerRadius < outerRadius && outerRadius <= 1e150))
            throw new ArgumentOutOfRangeException(nameof(outerRadius), outerRadius, "a radius greater than the inner one was expected");
        (InnerRadius, OuterRadius) = (innerRadius, outerRadius);
        Bounds = Cube(2, -outerRadius, outerRadius);
    }

    /// <summary>r_0.</summary>
    public double InnerRadius { get; }

    /// <summary>r_1.</summary>
    public double OuterRadius { get; }

    /// <inheritdoc/>
    public override int Dimension => 2;

    /// <summary>π(r_1² − r_0²).</summary>
    public override double Volume => Math.PI * ((OuterRadius - InnerRadius) * (OuterRadius + InnerRadius));

    /// <inheritdoc/>
    public override Box Bounds { get; }

    /// <inheritdoc/>
    public override bool IsConvex => false;

    /// <inheritdoc/>
    /// <remarks>With a slack of a few roundings, so that <see cref="Project"/> and <see cref="FromUnitCube"/> give members.</remarks>
    public override bool Contains(ReadOnlySpan<double> x)
    {
        CheckLength(x.Length, nameof(x));
        double r = Math.Sqrt((x[0] * x[0]) + (x[1] * x[1]));
        return InnerRadius * (1 - Rounding) <= r && r <= OuterRadius * (1 + Rounding);
    }

    /// <inheritdoc/>
    /// <remarks>r² is uniform in [r_0², r_1²], the angle in [0, 2π].</remarks>
    public override void FromUnitCube(ReadOnlySpan<double> u, Span<double> x)
    {
        CheckLength(u.Length, nameof(u));
        CheckLength(x.Length, nameof(x));
        double inner = InnerRadius * InnerRadius, outer = OuterRadius * OuterRadius;
        double r = Math.Clamp(Math.Sqrt(inner + ((outer - inner) * u[0])), InnerRadius, OuterRadius);
        Real angle = new(2 * Math.PI * u[1]);
        (x[0], x[1]) = (r * Real.Cos(angle).Value, r * Real.Sin(angle).Value);
    }

    /// <inheritdoc/>
    /// <remarks>Along the ray; 0 goes to (r_0, 0).</remarks>
    public override void Project(Span<double> x)
    {
        CheckLength(x.Length, nameof(x));
        if (double.IsNaN(x[0]) || double.IsNaN(x[1]) || Contains(x)) return;
        double size = Math.Max(Math.Abs(x[0]), Math.Abs(x[1]));
        double u = size == 0 ? 1 : x[0] / size, v = size == 0 ? 0 : x[1] / size, r = Math.Sqrt((u * u) + (v * v));
        double goal = size * r < InnerRadius ? InnerRadius : OuterRadius;
        (x[0], x[1]) = (goal * (u / r), goal * (v / r));
    }

    /// <inheritdoc/>
    public override string ToString() => $"ring({InnerRadius:R},{OuterRadius:R})";
}
