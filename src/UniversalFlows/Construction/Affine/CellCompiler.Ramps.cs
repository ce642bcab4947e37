using UniversalFlows.Scalars;

namespace UniversalFlows.Construction.Affine;

/// <summary>How wide the ramps of the staircases are.</summary>
internal sealed partial class CellCompiler
{
    private const double SmallestRamp = 1.0 / (1L << 48); // of a coordinate of size 1: 16 units in the last place, and whole numbers of M are still exact

    /// <summary>
    /// The ramps: the largest jump that a point on a ramp takes, followed from the outermost block inwards through the blocks already made; then η for each staircase so that all
    /// contribute alike to their share, (Σ measure·size^p)^{1/p}.
    /// </summary>
    private void ChooseRamps(CellPart[] maps)
    {
        double share = Power(SetShare * _settings.Epsilon, _p) / (maps.Length * (_dimension - 1));
        for (int k = _parts.Count - 1; k >= 0; k--)
        {
            if (_parts[k].Block is not { } block) continue;
            CellPart part = _parts[k];
            (int Coordinate, Staircase Cells)[] stairs = [.. block.Staircases];
            (part.MeasurePerRamp, part.Sizes, part.Ramps) = (new double[stairs.Length], new double[stairs.Length], new double[stairs.Length]);
            for (int j = 0; j < stairs.Length; j++)
            {
                (int coordinate, Staircase cells) = stairs[j];
                double across = part.Density;
                for (int i = 0; i < _dimension; i++)
                    if (i != coordinate) across *= part.Box!.Upper[i] - part.Box.Lower[i];
                part.MeasurePerRamp[j] = (cells.Cells - 1) * across;
                part.Sizes[j] = cells.Cells > 1 ? Jump(k, coordinate, cells) : 0;
                double wanted = cells.Cells > 1 ? share / (part.MeasurePerRamp[j] * Power(Math.Max(part.Sizes[j], 1e-3), _p)) : 1;
                double least = Math.ScaleB(SmallestRamp, 1 + Math.ILogB(Math.Max(Math.Abs(cells.Edge(0)), Math.Abs(cells.Edge(cells.Cells)))));
                // a power of two: jumps over it are exact
                part.Ramps[j] = _settings.Ramp ?? Math.Max(least, PowerOfTwo.AtMost(Math.Min(wanted, 0.01 * cells.CellWidth)));
            }
        }
    }

    private double Jump(int index, int coordinate, Staircase cells)
    {
        const double Ramp = 1.0 / (1 << 30);
        int d = _dimension;
        double largest = 0;
        double[] on = new double[d], off = new double[d];
        for (int n = 0; n < Coarse; n++)
        {
            ReadOnlySpan<double> state = _parts[index].Before.AsSpan(n * (Samples / Coarse) * d, d);
            double edge = cells.Edge(Math.Clamp(cells.Cell(state[coordinate]) + 1, 1, cells.Cells - 1));
            state.CopyTo(off);
            off[coordinate] = edge - Ramp;
            Rest(index, off, Ramp);
            for (int step = 1; step < 8; step++)
            {
                state.CopyTo(on);
                on[coordinate] = edge + (((step / 8.0) - 0.5) * Ramp);
                Rest(index, on, Ramp);
                double square = 0;
                for (int i = 0; i < d; i++) square += (on[i] - off[i]) * (on[i] - off[i]);
                largest = Math.Max(largest, Math.Sqrt(square));
            }
        }

        return largest;
    }

    private void Rest(int from, double[] x, double ramp)
    {
        Span<Real> point = stackalloc Real[_dimension];
        Span<double> ramps = stackalloc double[_dimension - 1];
        ramps.Fill(ramp);
        for (int k = from; k < _parts.Count; k++)
        {
            if (_parts[k].Block is { } block)
            {
                block.Map(x, ramps);
                continue;
            }

            for (int i = 0; i < x.Length; i++) point[i] = new(x[i]);
            _parts[k].Map.Map(point);
            for (int i = 0; i < x.Length; i++) x[i] = point[i].Value;
        }
    }
}
