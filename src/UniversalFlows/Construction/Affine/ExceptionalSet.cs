using UniversalFlows.Bijections;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using UniversalFlows.Targets;

namespace UniversalFlows.Construction.Affine;

/// <summary>The ramps of a staircase, in the states before one layer of a flow.</summary>
/// <param name="Layer">Which layer, from 0.</param>
/// <param name="Coordinate">Which coordinate.</param>
/// <param name="Cells">The cells: ramps are at their inner edges.</param>
/// <param name="Width">η.</param>
/// <param name="Measure">The measure of the points of K that come to these ramps, estimated from above: suprema are over samples.</param>
/// <param name="Size">The largest |f − g| there.</param>
internal sealed record Ramps(int Layer, int Coordinate, Staircase Cells, double Width, double Measure, double Size);

/// <summary>
/// The points of K that come to a ramp of a staircase on their way through the flow. There the flow is not near f, but bounded: it contributes at most (Σ measure·size^p)^{1/p}
/// to the Lp error, the sum over the staircases. The set is far below what any quadrature sees, so it is reported by itself.
/// </summary>
public sealed class ExceptionalSet
{
    private readonly IReadOnlyList<Ramps> _ramps;

    internal ExceptionalSet(IReadOnlyList<Ramps> ramps) => _ramps = ramps;

    /// <summary>Its Lebesgue measure, estimated from above with suprema over samples: Σ over the ramps of η·(the extent of the states across)·sup 1/|det D|, D the derivative of the layers before.</summary>
    public double Measure => _ramps.Sum(r => r.Measure);

    /// <summary>The largest |f − g| on it, sampled on the ramps or bounded by the range of the tables.</summary>
    public double Size => _ramps.Select(r => r.Size).DefaultIfEmpty(0).Max();

    /// <summary>Where its ramps are: in the states before a layer (from 0), in a coordinate (from 0), at the inner edges of the cells, and how wide.</summary>
    public IReadOnlyList<(int Layer, int Coordinate, IReadOnlyList<double> Edges, double Width)> Places =>
        [.. _ramps.Select(r => (r.Layer, r.Coordinate, (IReadOnlyList<double>)[.. Enumerable.Range(1, r.Cells.Cells - 1).Select(r.Cells.Edge)], r.Width))];

    /// <summary>(Σ measure·size^p)^{1/p}.</summary>
    public double Contribution(double p) => CellCompiler.Power(_ramps.Sum(r => r.Measure * CellCompiler.Power(r.Size, p)), 1 / p);

    /// <summary>Whether the points, row by row, are in it.</summary>
    public bool[] Contains(Composition flow, double[] points)
    {
        ArgumentNullException.ThrowIfNull(flow);
        ArgumentNullException.ThrowIfNull(points);
        return Follow(flow, points, _ramps.Count == 0 ? 0 : _ramps.Max(r => r.Layer) + 1).Inside;
    }

    /// <summary>The points' images under all of the flow, and whether they met a ramp on the way.</summary>
    internal (bool[] Inside, double[] Images) Follow(Composition flow, double[] points) => Follow(flow, points, flow.Parts.Count);

    private (bool[] Inside, double[] Images) Follow(Composition flow, double[] points, int layers)
    {
        int d = flow.Dimension;
        bool[] inside = new bool[points.Length / d];
        double[] images = new double[points.Length];
        Span<Lanes> x = stackalloc Lanes[d];
        for (int first = 0; first < inside.Length; first += Lanes.Width)
        {
            PointSet.Load(points, d, first, x);
            for (int layer = 0; layer < layers; layer++)
            {
                foreach (Ramps ramps in _ramps)
                {
                    if (ramps.Layer != layer) continue;
                    for (int lane = 0; lane < Math.Min(Lanes.Width, inside.Length - first); lane++)
                        inside[first + lane] |= ramps.Cells.OnRamp(x[ramps.Coordinate][lane], ramps.Width);
                }

                flow.Parts[layer].Map(x);
            }

            for (int lane = 0; lane < Math.Min(Lanes.Width, inside.Length - first); lane++)
                for (int i = 0; i < d; i++) images[((first + lane) * d) + i] = x[i][lane];
        }

        return (inside, images);
    }

    /// <summary>The set with the errors that are met at points of it, where they are larger than the sizes so far.</summary>
    internal ExceptionalSet Remeasured(Composition flow, IMap target, Domain domain, int perRamps) => new(
        [.. _ramps.Select((r, k) => r with { Size = PointSet.Distances(flow, target, Sample(flow, domain, perRamps, k)).Append(r.Size).Max() })]);

    /// <summary>Points of K on all ramps.</summary>
    internal double[] Sample(Composition flow, Domain domain, int perRamps) => [.. Enumerable.Range(0, _ramps.Count).SelectMany(k => Sample(flow, domain, perRamps, k))];

    /// <summary>Points of K on the ramps of one staircase: states moved onto a ramp, then taken back by the inverse of the layers before it.</summary>
    private double[] Sample(Composition flow, Domain domain, int perRamps, int k)
    {
        int d = flow.Dimension;
        List<double> found = [];
        Real[] x = new Real[d];
        double[] u = new double[d + 2], point = new double[d];
        Ramps ramps = _ramps[k];
        LowDiscrepancy sequence = new(d + 2, (ulong)k, "ramps");
        for (int n = 0; n < perRamps && ramps.Cells.Cells > 1; n++)
        {
            sequence.Point((uint)n, u);
            domain.FromUnitCube(u.AsSpan(0, d), point);
            for (int i = 0; i < d; i++) x[i] = new(point[i]);
            for (int layer = 0; layer < ramps.Layer; layer++) flow.Parts[layer].Map<Real>(x);
            int edge = Math.Clamp(ramps.Cells.Cell(x[ramps.Coordinate].Value) + (u[d] < 0.5 ? 0 : 1), 1, ramps.Cells.Cells - 1);
            x[ramps.Coordinate] = new(ramps.Cells.Edge(edge) + ((u[d + 1] - 0.5) * ramps.Width));
            InverseStatus status = default;
            for (int layer = ramps.Layer - 1; layer >= 0; layer--) flow.Parts[layer].Inverse<Real>(x, ref status);
            for (int i = 0; i < d; i++) point[i] = x[i].Value;
            if (status == InverseStatus.Converged && domain.Contains(point)) found.AddRange(point);
        }

        return [.. found];
    }
}
