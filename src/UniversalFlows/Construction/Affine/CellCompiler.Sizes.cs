using UniversalFlows.Targets;

namespace UniversalFlows.Construction.Affine;

/// <summary>How many cells and pieces each one-coordinate map gets.</summary>
internal sealed partial class CellCompiler
{
    private const int FirstCells = 8, FirstPieces = 6, MostKnots = 40_000;

    /// <summary>Cells and pieces for one map: whatever lowers the measured error most grows next, until it is within the tolerance.</summary>
    private void Fit(CellPart part, double tolerance)
    {
        int d = _dimension, store = Store(part);
        int[] start = new int[d - 1];
        start[0] = _settings.Cells ?? FirstCells;
        for (int k = 1; k < d - 1; k++) start[k] = FirstCells;
        CellShape shape = new() { Cells = start, Pieces = _settings.Pieces ?? FirstPieces, Order = _settings.CellOrder, Margin = _settings.CellMargin };
        (CellBlock block, double error) = Try(part, shape, store);
        // γ at its bound: too few cells or pieces for any single step to show; then all grow
        for (int idle = 0; !(error <= tolerance) && idle < 6;)
        {
            (CellShape Shape, CellBlock Block, double Error)? best = null;
            foreach (CellShape next in Larger(shape))
            {
                if (next.Cells.Aggregate(1L, (a, n) => a * n) * (next.Pieces + 5) > MostKnots) continue;
                (CellBlock candidate, double e) = Try(part, next, store);
                if (best is null || e < best.Value.Error || !(best.Value.Error < 0.98 * error)) best = (next, candidate, e);
            }

            if (best is not { } grown) break;
            idle = grown.Error < 0.98 * error ? 0 : idle + 1;
            (shape, block, error) = grown;
        }

        (part.Shape, part.Block, part.Realised) = (shape, block, error);
    }

    /// <summary>A third more of one kind, or of all; for d &gt; 2 the store's cells stay a power of two, so that jumps over whole rows of cells are exact.</summary>
    private IEnumerable<CellShape> Larger(CellShape shape)
    {
        if (_settings.Pieces is null) yield return shape with { Pieces = Grown(shape.Pieces) };
        for (int k = _settings.Cells is null ? 0 : 1; k < shape.Cells.Length; k++)
        {
            int[] cells = [.. shape.Cells];
            cells[k] = k == 0 && cells.Length > 1 ? 2 * cells[k] : Grown(cells[k]);
            yield return shape with { Cells = cells };
        }

        if (_settings.Pieces is not null && _settings.Cells is not null) yield break;
        yield return shape with
        {
            Pieces = _settings.Pieces ?? Grown(shape.Pieces),
            Cells = [.. shape.Cells.Select((n, k) => k == 0 && _settings.Cells is not null ? n : k == 0 && shape.Cells.Length > 1 ? 2 * n : Grown(n))],
        };
    }

    private static int Grown(int n) => (n * 4 / 3) + 1;

    /// <summary>The passive coordinate that u depends on most: the others' errors are of first order.</summary>
    private int Store(CellPart part)
    {
        int d = _dimension, best = -1;
        double most = -1;
        double[] jacobians = PointSet.Jacobians(part.Map, part.Before);
        for (int i = 0; i < d; i++)
        {
            if (i == part.Active) continue;
            double square = 0;
            for (int n = 0; n < jacobians.Length; n += d * d) square += jacobians[n + (part.Active * d) + i] * jacobians[n + (part.Active * d) + i];
            double effect = Math.Sqrt(square) * (part.Box!.Upper[i] - part.Box.Lower[i]);
            if (effect > most) (most, best) = (effect, i);
        }

        return best;
    }

    /// <summary>A block and (∫_K |block − T|^p)^{1/p} over the samples that meet no ramp.</summary>
    private (CellBlock Block, double Error) Try(CellPart part, CellShape shape, int store)
    {
        int d = _dimension;
        CellBlock block = CellBlock.Create(part.Map, part.Active, part.Box!, part.Before, shape, store, part.Visited);
        double[] x = new double[d], ramps = new double[d - 1];
        Array.Fill(ramps, 16 * SmallestRamp);
        double sum = 0;
        for (int n = 0; n < Samples; n++)
        {
            part.Before.AsSpan(n * d, d).CopyTo(x);
            block.Map(x, ramps);
            double square = 0;
            for (int i = 0; i < d; i++) square += (x[i] - part.After[(n * d) + i]) * (x[i] - part.After[(n * d) + i]);
            sum += Power(square, 0.5 * _p);
        }

        double error = Power(_volume * sum / Samples, 1 / _p);
        return (block, double.IsNaN(error) ? double.PositiveInfinity : error);
    }
}
