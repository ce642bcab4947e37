using UniversalFlows.Scalars;
using UniversalFlows.Targets;

namespace UniversalFlows.Certification;

/// <summary>
/// Boxes that cover a domain K: the bounding box of K is cut into 2^(d·s) equal boxes, and each box is kept or halved along every coordinate, again and again. Written
/// in preorder, one sign a box: <c>+</c> halved (its 2^d children follow, the first coordinate slowest, lower halves first), <c>.</c> bounded, <c>o</c> outside of K.
/// Boxes split at the double (l + u)/2 that both halves share, so the boxes of a tree cover its root whatever its signs are.
/// </summary>
internal sealed class BoxTree
{
    /// <summary>No children.</summary>
    public const int Leaf = -1;

    private readonly Domain _domain;
    private readonly List<double> _lower = [], _upper = [], _bound = [];
    private readonly List<int> _children = [];

    public BoxTree(Domain domain)
    {
        _domain = domain;
        Dimension = domain.Dimension;
        Box bounds = domain.Bounds;
        double[] lower = [.. bounds.Lower], upper = [.. bounds.Upper];
        if (domain is not Box)
        {
            // the ends of a ball's box are rounded: the next doubles outside are beyond the exact ends
            for (int i = 0; i < Dimension; i++) (lower[i], upper[i]) = (Math.BitDecrement(lower[i]), Math.BitIncrement(upper[i]));
        }

        Add(lower, upper, double.PositiveInfinity);
    }

    public int Dimension { get; }

    public int Count => _children.Count;

    public ReadOnlySpan<double> Lower(int box) => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_lower).Slice(box * Dimension, Dimension);

    public ReadOnlySpan<double> Upper(int box) => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_upper).Slice(box * Dimension, Dimension);

    /// <summary>Eight of the given boxes from a place on; the last one again where the list ends.</summary>
    public void Eight(List<int> boxes, int first, Span<Lanes> lower, Span<Lanes> upper)
    {
        for (int i = 0; i < Dimension; i++)
        {
            for (int lane = 0; lane < Lanes.Width; lane++)
            {
                int box = boxes[Math.Min(first + lane, boxes.Count - 1)];
                lower[i] = lower[i].With(lane, Lower(box)[i]);
                upper[i] = upper[i].With(lane, Upper(box)[i]);
            }
        }
    }

    /// <summary>An upper bound over the part of the box in K; −∞ if that is empty.</summary>
    public double Bound(int box) => _bound[box];

    public void Improve(int box, double bound)
    {
        if (bound < _bound[box]) _bound[box] = bound;
    }

    /// <summary>Halves a box along every coordinate; appends the children that meet K. False if a side is too short to be halved.</summary>
    public bool Split(int box, List<int> children)
    {
        int d = Dimension;
        Span<double> middle = stackalloc double[d], lower = stackalloc double[d], upper = stackalloc double[d];
        for (int i = 0; i < d; i++)
        {
            middle[i] = (0.5 * Lower(box)[i]) + (0.5 * Upper(box)[i]);
            if (!(Lower(box)[i] < middle[i] && middle[i] < Upper(box)[i])) return false;
        }

        int first = _children[box] = Count;
        for (int half = 0; half < 1 << d; half++)
        {
            for (int i = 0; i < d; i++)
            {
                bool high = ((half >> (d - 1 - i)) & 1) != 0;
                (lower[i], upper[i]) = high ? (middle[i], Upper(box)[i]) : (Lower(box)[i], middle[i]);
            }

            Add(lower, upper, Outside(lower, upper) ? double.NegativeInfinity : _bound[box]);
            if (_bound[first + half] > double.NegativeInfinity) children.Add(first + half);
        }

        return true;
    }

    /// <summary>The largest bound of the boxes that are not halved.</summary>
    public double Largest()
    {
        double largest = double.NegativeInfinity;
        for (int i = 0; i < Count; i++)
            if (_children[i] == Leaf) largest = Math.Max(largest, _bound[i]);
        return largest;
    }

    /// <summary>The signs.</summary>
    public override string ToString()
    {
        System.Text.StringBuilder text = new(Count);
        Stack<int> open = new([0]);
        while (open.TryPop(out int box))
        {
            bool leaf = _children[box] == Leaf;
            text.Append(!leaf ? '+' : double.IsNegativeInfinity(_bound[box]) ? 'o' : '.');
            if (leaf) continue;
            for (int half = (1 << Dimension) - 1; half >= 0; half--) open.Push(_children[box] + half);
        }

        return text.ToString();
    }

    /// <summary>Whether the box is a part of K for sure: the square of its farthest corner's distance, with the roundings added, is at most r².</summary>
    public bool IsInside(int box)
    {
        if (_domain is not Ball ball) return true;
        double sum = 0;
        for (int i = 0; i < Dimension; i++)
        {
            double distance = Math.Max(Upper(box)[i] - ball.Centre[i], ball.Centre[i] - Lower(box)[i]);
            sum += distance * distance;
        }

        return sum * (1 + 1e-12) <= ball.Radius * ball.Radius * (1 - 1e-12);
    }

    /// <summary>
    /// Whether the box misses the ball |x − c| ≤ r for sure: Σ dist_i² &gt; r², with the roundings of the squares (at most d + 3 of 2⁻⁵³) taken off. A box domain is its
    /// own root.
    /// </summary>
    private bool Outside(ReadOnlySpan<double> lower, ReadOnlySpan<double> upper)
    {
        if (_domain is not Ball ball) return false;
        double sum = 0;
        for (int i = 0; i < Dimension; i++)
        {
            double distance = Math.Max(0, Math.Max(lower[i] - ball.Centre[i], ball.Centre[i] - upper[i]));
            sum += distance * distance;
        }

        return sum * (1 - 1e-12) > ball.Radius * ball.Radius * (1 + 1e-12);
    }

    private void Add(ReadOnlySpan<double> lower, ReadOnlySpan<double> upper, double bound)
    {
        _lower.AddRange(lower);
        _upper.AddRange(upper);
        _bound.Add(bound);
        _children.Add(Leaf);
    }
}
