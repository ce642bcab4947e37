using UniversalFlows.Scalars;

namespace UniversalFlows.Targets;

/// <summary>The closed Euclidean ball of radius r about a centre c.</summary>
public sealed class Ball : Domain
{
    private readonly double[] _centre;

    /// <summary>The ball of a radius about a centre.</summary>
    /// <exception cref="ArgumentException">r &gt; 0 fails, or a number is not finite, or the centre has no coordinates.</exception>
    public Ball(double radius, IEnumerable<double> centre)
    {
        ArgumentNullException.ThrowIfNull(centre);
        _centre = [.. centre];
        if (_centre.Length == 0) throw new ArgumentException("a ball has at least one coordinate", nameof(centre));
        if (!(radius > 0 && double.IsFinite(radius))) throw new ArgumentOutOfRangeException(nameof(radius), radius, "a positive radius was expected");
        if (!_centre.All(double.IsFinite)) throw new ArgumentException("the centre is not finite", nameof(centre));
        Radius = radius;
        Bounds = new Box(_centre.Select(c => c - radius), _centre.Select(c => c + radius));
    }

    /// <summary>The ball of a radius about 0 in R^d.</summary>
    public Ball(double radius, int dimension) : this(radius, new double[dimension])
    {
    }

    /// <summary>r.</summary>
    public double Radius { get; }

    /// <summary>c.</summary>
    public ReadOnlySpan<double> Centre => _centre;

    /// <inheritdoc/>
    public override int Dimension => _centre.Length;

    /// <summary>π^{d/2} r^d / Γ(d/2 + 1), by the recursion V_d = (2π r²/d)·V_{d−2}.</summary>
    public override double Volume
    {
        get
        {
            double v = Dimension % 2 == 0 ? 1 : 2 * Radius;
            for (int d = Dimension % 2 == 0 ? 2 : 3; d <= Dimension; d += 2) v *= 2 * Math.PI * Radius * Radius / d;
            return v;
        }
    }

    /// <inheritdoc/>
    public override Box Bounds { get; }

    /// <inheritdoc/>
    /// <remarks>With a slack of a few roundings, so that <see cref="Project"/> and <see cref="FromUnitCube"/> give members.</remarks>
    public override bool Contains(ReadOnlySpan<double> x)
    {
        CheckLength(x.Length, nameof(x));
        const double Rounding = 8 * 2.220446049250313e-16;
        double size = Radius;
        foreach (double c in _centre) size += Math.Abs(c);
        return Distance(x) <= Radius + (Rounding * size);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Pairs of coordinates one after the other. If x is uniform in the unit ball of R^n and s = x_1² + x_2², then
    /// P(s &gt; t) = (1 − t)^{n/2}, the angle is uniform, and the other n − 2 coordinates are uniform in the ball of radius √(1 − s).
    /// </remarks>
    public override void FromUnitCube(ReadOnlySpan<double> u, Span<double> x)
    {
        CheckLength(u.Length, nameof(u));
        CheckLength(x.Length, nameof(x));
        double radius = Radius;
        int n = Dimension, i = 0;
        for (; n >= 2; n -= 2, i += 2)
        {
            // (1 − u)^{2/n}; for n = 2 it is 1 − u itself
            double rest = n == 2 ? 1 - u[i] : Real.Exp(new(2.0 / n * Real.Log(new(1 - u[i])).Value)).Value;
            double r = radius * Math.Sqrt(1 - rest);
            Real angle = new(2 * Math.PI * u[i + 1]);
            (x[i], x[i + 1]) = (_centre[i] + (r * Real.Cos(angle).Value), _centre[i + 1] + (r * Real.Sin(angle).Value));
            radius *= Math.Sqrt(rest);
        }

        if (n == 1) x[i] = _centre[i] + (radius * ((2 * u[i]) - 1));
    }

    /// <inheritdoc/>
    public override void Project(Span<double> x)
    {
        CheckLength(x.Length, nameof(x));
        double distance = Distance(x);
        if (distance <= Radius) return;
        for (int i = 0; i < x.Length; i++) x[i] = _centre[i] + ((x[i] - _centre[i]) * (Radius / distance));
    }

    /// <inheritdoc/>
    public override string ToString() =>
        _centre.All(c => c == 0) ? $"ball({Radius:R})" : $"ball({Radius:R}; {string.Join(",", _centre.Select(c => c.ToString("R")))})";

    private double Distance(ReadOnlySpan<double> x)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++) sum += (x[i] - _centre[i]) * (x[i] - _centre[i]);
        return Math.Sqrt(sum);
    }
}
