namespace UniversalFlows.Targets;

/// <summary>A compact set K ⊂ R^d of positive volume on which maps are compared. Immutable, thread safe.</summary>
public abstract class Domain
{
    private protected Domain()
    {
    }

    /// <summary>d ≥ 1.</summary>
    public abstract int Dimension { get; }

    /// <summary>|K|, Lebesgue.</summary>
    public abstract double Volume { get; }

    /// <summary>The smallest box that contains K; K itself if it is a box.</summary>
    public abstract Box Bounds { get; }

    /// <summary>Whether K is convex: boxes and balls are.</summary>
    public virtual bool IsConvex => Chart is null;

    /// <summary>Null if K is convex, or no box is diffeomorphic to it (a ring); else a diffeomorphism from a box onto K, up to rounding.</summary>
    public virtual Chart? Chart => null;

    /// <summary>Whether x is in K; false for NaN.</summary>
    public abstract bool Contains(ReadOnlySpan<double> x);

    /// <summary>
    /// A map of the unit cube onto K (up to a null set) under which uniform points stay uniform: its Jacobian determinant is
    /// constant, |K|.
    /// </summary>
    /// <param name="u">d numbers of [0, 1].</param>
    /// <param name="x">Receives a point of K; may be the memory of <paramref name="u"/>.</param>
    public abstract void FromUnitCube(ReadOnlySpan<double> u, Span<double> x);

    /// <summary>x ← the point of K nearest to x.</summary>
    public abstract void Project(Span<double> x);

    /// <summary>The text that <see cref="Parse"/> reads back as the same domain.</summary>
    public abstract override string ToString();

    /// <summary>
    /// Reads <c>box(-1,1)</c> (every coordinate), <c>box(-1,1; 0,2)</c> (one pair a coordinate), <c>ball(1)</c> (about 0) 
    /// <c>ball(0.5; 1,0)</c> (radius; centre), or in the plane <c>sector(0.6,1.8; -2.5,2.5)</c> (two radii; two angles in radians) or <c>ring(0.6,1.8)</c>
    /// (two radii).
    /// </summary>
    /// <param name="text">The domain as a user writes it.</param>
    /// <param name="dimension">The dimension of the target that it is for.</param>
    /// <exception cref="InputException">The text is malformed, the set is empty, or the number of coordinates is another.</exception>
    public static Domain Parse(string text, int dimension)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimension);
        return DomainParser.Parse(text, dimension);
    }

    /// <summary>The cube [lower, upper]^d.</summary>
    public static Box Cube(int dimension, double lower, double upper)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimension);
        return new Box(Enumerable.Repeat(lower, dimension), Enumerable.Repeat(upper, dimension));
    }

    private protected void CheckLength(int length, string name)
    {
        if (length != Dimension) throw new ArgumentException($"a point of R^{Dimension} was expected, {length} numbers were given", name);
    }
}
