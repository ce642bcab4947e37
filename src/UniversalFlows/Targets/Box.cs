namespace UniversalFlows.Targets;

/// <summary>The box [l_1, u_1] × … × [l_d, u_d].</summary>
public sealed class Box : Domain
{
    private readonly double[] _lower, _upper;

    /// <summary>A box from its corners.</summary>
    /// <exception cref="ArgumentException">The lengths differ or are 0, or some l_i &lt; u_i fails or is not finite.</exception>
    public Box(IEnumerable<double> lower, IEnumerable<double> upper)
    {
        ArgumentNullException.ThrowIfNull(lower);
        ArgumentNullException.ThrowIfNull(upper);
        _lower = [.. lower];
        _upper = [.. upper];
        if (_lower.Length == 0) throw new ArgumentException("a box has at least one coordinate", nameof(lower));
        if (_lower.Length != _upper.Length)
            throw new ArgumentException($"{_lower.Length} lower but {_upper.Length} upper ends were given", nameof(upper));
        for (int i = 0; i < _lower.Length; i++)
        {
            if (!(_lower[i] < _upper[i] && double.IsFinite(_upper[i] - _lower[i])))
                throw new ArgumentException($"coordinate {i + 1}: lower < upper must hold, not {_lower[i]:R}, {_upper[i]:R}", nameof(upper));
        }
    }

    /// <summary>l, d numbers.</summary>
    public ReadOnlySpan<double> Lower => _lower;

    /// <summary>u, d numbers.</summary>
    public ReadOnlySpan<double> Upper => _upper;

    /// <summary>½(l + u), d numbers.</summary>
    public IReadOnlyList<double> Centre => [.. _lower.Zip(_upper, (l, u) => (0.5 * l) + (0.5 * u))];

    /// <summary>½(u − l), d numbers.</summary>
    public IReadOnlyList<double> HalfWidths => [.. _lower.Zip(_upper, (l, u) => 0.5 * (u - l))];

    /// <inheritdoc/>
    public override int Dimension => _lower.Length;

    /// <inheritdoc/>
    public override double Volume
    {
        get
        {
            double v = 1;
            for (int i = 0; i < _lower.Length; i++) v *= _upper[i] - _lower[i];
            return v;
        }
    }

    /// <inheritdoc/>
    public override Box Bounds => this;

    /// <inheritdoc/>
    public override bool Contains(ReadOnlySpan<double> x)
    {
        CheckLength(x.Length, nameof(x));
        for (int i = 0; i < x.Length; i++)
        {
            if (!(_lower[i] <= x[i] && x[i] <= _upper[i])) return false;
        }

        return true;
    }

    /// <inheritdoc/>
    public override void FromUnitCube(ReadOnlySpan<double> u, Span<double> x)
    {
        CheckLength(u.Length, nameof(u));
        CheckLength(x.Length, nameof(x));
        for (int i = 0; i < x.Length; i++)
            x[i] = Math.Clamp(_lower[i] + ((_upper[i] - _lower[i]) * u[i]), _lower[i], _upper[i]);
    }

    /// <inheritdoc/>
    public override void Project(Span<double> x)
    {
        CheckLength(x.Length, nameof(x));
        for (int i = 0; i < x.Length; i++) x[i] = Math.Clamp(x[i], _lower[i], _upper[i]);
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        bool cube = _lower.All(l => l == _lower[0]) && _upper.All(u => u == _upper[0]);
        return $"box({string.Join("; ", Enumerable.Range(0, cube ? 1 : Dimension).Select(i => $"{_lower[i]:R},{_upper[i]:R}"))})";
    }
}
