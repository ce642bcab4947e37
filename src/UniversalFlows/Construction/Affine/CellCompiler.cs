using UniversalFlows.Bijections;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using UniversalFlows.Targets;

namespace UniversalFlows.Construction.Affine;

/// <summary>
/// Route cell, Lp: steps (a) to (c) of the proof with sum-of-squares layers, which are one-coordinate maps on the whole space, known with their derivatives; then four affine
/// couplings for each (<see cref="CellBlock"/>). 4dN affine couplings, whatever ε is: the conditioners carry the accuracy.
/// </summary>
internal sealed class CellCompiler
{
    // of ε: the sup error of the sums of squares, the cells, the exceptional set. The rest is for second-order terms
    private const double FirstShare = 0.15, CellShare = 0.7, SetShare = 0.1;
    private const int Samples = 4096, Coarse = 512, MostKnots = 40_000, Visits = 1 << 15;
    private const double SmallestRamp = 1.0 / (1L << 48); // of a coordinate of size 1: 16 units in the last place, and whole numbers of M are still exact

    private readonly AffineSettings _settings;
    private readonly Domain _domain;
    private readonly int _dimension;
    private readonly double _p, _volume;
    private readonly List<Part> _parts = [];

    private CellCompiler(Domain domain, AffineSettings settings)
    {
        (_domain, _settings, _dimension, _p) = (domain, settings, domain.Dimension, settings.Exponent);
        _volume = domain.Volume;
    }

    public static AffineWitness Compile(Target target, Domain domain, AffineSettings settings)
    {
        if (!double.IsFinite(settings.Exponent)) throw new ArgumentException("the cell trick has small Lp errors for finite p; in the sup norm it never comes near", nameof(settings));
        if (target.Dimension > FlowCompiler.LargestDimension) throw new ArgumentException($"constructions go up to d = {FlowCompiler.LargestDimension}, not {target.Dimension}", nameof(target));
        double first = FirstShare * settings.Epsilon / Power(domain.Volume, 1 / settings.Exponent);
        ConstructionResult chain = FlowCompiler.Compile(target, domain, new ConstructionSettings
        {
            Epsilon = first,
            Family = FlowFamily.Sos,
            Threads = settings.Threads,
            Progress = settings.Progress,
        });
        if (chain.Flow is null) return AffineCompiler.Refused(settings, chain.Refusal!);
        CellCompiler compiler = new(domain, settings);
        compiler.Flatten(chain.Flow, inverted: false);
        return compiler.Build(chain);
    }

    /// <summary>|x|^a for x &gt; 0.</summary>
    internal static double Power(double x, double a) => x > 0 ? Real.Exp(new(a * Real.Log(new(x)).Value)).Value : 0;

    /// <summary>The list of linear maps and one-coordinate maps that the chain, or the two chains of a chart, consist of.</summary>
    private void Flatten(IBijection layer, bool inverted)
    {
        switch (layer)
        {
            case Composition composition:
                foreach (IBijection part in inverted ? composition.Parts.Reverse() : composition.Parts) Flatten(part, inverted);
                return;
            case Inversion inversion:
                Flatten(inversion.Inner, !inverted);
                return;
            case Linear linear:
                _parts.Add(new(inverted ? Inverse(linear) : linear, -1));
                return;
            case Coupling coupling:
                _parts.Add(new(inverted ? new Inversion(coupling) : coupling, coupling.Active[0]));
                return;
            default:
                throw new InvalidOperationException($"{layer.GetType().Name} is no part of a chain of sums of squares");
        }
    }

    private static Linear Inverse(Linear linear)
    {
        int d = linear.Dimension;
        double[] matrix = new double[d * d], shift = new double[d];
        SmallMatrix.Invert(linear.Matrix, d, matrix);
        for (int i = 0; i < d; i++)
            for (int j = 0; j < d; j++) shift[i] = Math.FusedMultiplyAdd(-matrix[(i * d) + j], linear.Shift[j], shift[i]);
        return new Linear(matrix, shift);
    }

    private AffineWitness Build(ConstructionResult chain)
    {
        int d = _dimension;
        Follow();
        Part[] maps = [.. _parts.Where(p => p.Active >= 0)];
        double allotted = CellShare * _settings.Epsilon / Math.Sqrt(maps.Length);
        Workers.For(maps.Length, _settings.Threads, k =>
        {
            Fit(maps[k], allotted / maps[k].Amplification);
            _settings.Progress?.Invoke($"one-coordinate map {k + 1} of {maps.Length}: {string.Join(" x ", maps[k].Shape!.Cells)} cells, {maps[k].Shape!.Pieces} pieces, Lp error {maps[k].Realised:G2}");
        });
        ChooseRamps(maps);

        Activation activation = _settings.Activation ?? Activation.ReLU;
        List<IBijection> layers = [];
        List<Ramps> ramps = [];
        foreach (Part part in _parts)
        {
            if (part.Block is not { } block)
            {
                layers.Add(part.Map);
                continue;
            }

            ramps.AddRange(block.Staircases.Select((s, k) => new Ramps(layers.Count, s.Coordinate, s.Cells, part.Ramps[k], part.Ramps[k] * part.MeasurePerRamp[k], part.Sizes[k])));
            layers.AddRange(block.Layers(part.Ramps, activation));
        }

        Composition flow = new(d, layers);
        ExceptionalSet set = new ExceptionalSet(ramps).Remeasured(flow, chain.Flow!, _domain, Coarse / 4);
        CellRecord[] records = [.. maps.Select(m => new CellRecord(
            m.Active, m.Shape!.Cells, m.Shape.Pieces, m.Block!.Store, m.Block.Margin, m.Block.Excess, m.Ramps.Min(), m.Block.Blocks * (m.Shape.Pieces + 5), m.Amplification, allotted / m.Amplification, m.Realised))];
        return new AffineWitness(flow, AffineRoute.Cell, null,
        [
            new("maps", "one-coordinate maps, d N", maps.Length),
            new("couplings", "affine couplings, 4 d N", 4 * maps.Length),
            new("order", "order in 1/n", _settings.CellOrder),
            new("mostCells", "largest n", maps.Max(m => m.Shape!.Cells[0])),
            new("margin", "largest margin gamma", maps.Max(m => m.Block!.Margin)),
            new("store", "largest delta", maps.Max(m => m.Block!.Store)),
            new("ramp", "narrowest ramp eta", maps.Min(m => m.Ramps.Min())),
            new("units", "most hidden units", records.Max(r => r.Units)),
            new("setMeasure", "measure of the exceptional set, estimated (suprema over samples)", set.Measure),
            new("setSize", "largest error met on it", set.Size),
        ],
        [
            new("chain", "sums of squares: first-order sup bound times |K|^(1/p)", chain.Chains.Sum(c => c.Bound) * Power(_volume, 1 / _p)),
            new("cells", "cells off the set: root of the sum of (amplification times realised)^2", Math.Sqrt(records.Sum(r => r.Amplification * r.Realised * r.Amplification * r.Realised))),
            new("set", "exceptional set: (sum of measure times size^p)^(1/p)", set.Contribution(_p)),
        ])
        { Exceptional = set, Maps = records };
    }

    /// <summary>Sends points of K through the chain: states before and after every map, their box, and the stretch of the rest.</summary>
    private void Follow()
    {
        int d = _dimension;
        double[] states = Points(Samples, "cells"), visited = Points(Visits, "visits"), coarse = Points(Coarse, "amplification");
        Composition flow = new(d, _parts.Select(p => p.Map));
        double[] whole = PointSet.Jacobians(flow, coarse);
        for (int k = 0; k < _parts.Count; k++)
        {
            Part part = _parts[k];
            (part.Before, part.Visited) = (states, visited);
            visited = PointSet.Map(part.Map, visited);
            states = part.After = PointSet.Map(part.Map, states);
            if (part.Active < 0) continue;
            part.Amplification = MeanQuotient(whole, PointSet.Jacobians(new Composition(d, _parts.Take(k + 1).Select(p => p.Map)), coarse), d);
            double[] before = PointSet.Jacobians(new Composition(d, _parts.Take(k).Select(p => p.Map)), coarse);
            double thickest = 0;
            for (int n = 0; n < Coarse; n++) thickest = Math.Max(thickest, 1 / Math.Abs(SmallMatrix.Determinant(before.AsSpan(n * d * d, d * d), d)));
            part.Density = thickest;
            part.Box = Around(part.Visited);
        }
    }

    /// <summary>The root of the mean of ‖B A⁻¹‖² over points.</summary>
    private static double MeanQuotient(double[] b, double[] a, int d)
    {
        double sum = 0;
        for (int n = 0; n < a.Length; n += d * d)
        {
            double norm = PointSet.LargestQuotient(b[n..(n + (d * d))], a[n..(n + (d * d))], d);
            sum += norm * norm;
        }

        return Math.Sqrt(sum * d * d / a.Length);
    }

    private double[] Points(int count, string purpose)
    {
        LowDiscrepancy sequence = new(_dimension, 5, purpose);
        double[] points = new double[count * _dimension];
        for (int n = 0; n < count; n++)
        {
            sequence.Point((uint)n, points.AsSpan(n * _dimension, _dimension));
            _domain.FromUnitCube(points.AsSpan(n * _dimension, _dimension), points.AsSpan(n * _dimension, _dimension));
        }

        return points;
    }

    /// <summary>The box of the states, wider by a fiftieth: between the samples, and for the errors of the layers before.</summary>
    private Box Around(double[] states)
    {
        double[] lower = new double[_dimension], upper = new double[_dimension];
        Array.Fill(lower, double.PositiveInfinity);
        Array.Fill(upper, double.NegativeInfinity);
        for (int n = 0; n < states.Length; n++)
        {
            int i = n % _dimension;
            (lower[i], upper[i]) = (Math.Min(lower[i], states[n]), Math.Max(upper[i], states[n]));
        }

        for (int i = 0; i < _dimension; i++)
        {
            double margin = (0.02 * (upper[i] - lower[i])) + _settings.Epsilon * 0.1;
            (lower[i], upper[i]) = (lower[i] - margin, upper[i] + margin);
        }

        return new Box(lower, upper);
    }

    /// <summary>Cells and pieces for one map: whatever lowers the measured error most grows next, until it is within the tolerance.</summary>
    private void Fit(Part part, double tolerance)
    {
        int d = _dimension, store = Store(part);
        int[] start = new int[d - 1];
        start[0] = _settings.Cells ?? 8;
        for (int k = 1; k < d - 1; k++) start[k] = 8;
        CellShape shape = new() { Cells = start, Pieces = 6, Order = _settings.CellOrder, Margin = _settings.CellMargin };
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
        yield return shape with { Pieces = Grown(shape.Pieces) };
        for (int k = _settings.Cells is null ? 0 : 1; k < shape.Cells.Length; k++)
        {
            int[] cells = [.. shape.Cells];
            cells[k] = k == 0 && cells.Length > 1 ? 2 * cells[k] : Grown(cells[k]);
            yield return shape with { Cells = cells };
        }

        yield return shape with
        {
            Pieces = Grown(shape.Pieces),
            Cells = [.. shape.Cells.Select((n, k) => k == 0 && _settings.Cells is not null ? n : k == 0 && shape.Cells.Length > 1 ? 2 * n : Grown(n))],
        };
    }

    private static int Grown(int n) => (n * 4 / 3) + 1;

    /// <summary>The passive coordinate that u depends on most: the others' errors are of first order.</summary>
    private int Store(Part part)
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
    private (CellBlock Block, double Error) Try(Part part, CellShape shape, int store)
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

    /// <summary>
    /// The ramps: the largest jump that a point on a ramp takes, followed from the outermost block inwards through the blocks already made; then η for each staircase so that all
    /// contribute alike to their share, (Σ measure·size^p)^{1/p}.
    /// </summary>
    private void ChooseRamps(Part[] maps)
    {
        double share = Power(SetShare * _settings.Epsilon, _p) / (maps.Length * (_dimension - 1));
        for (int k = _parts.Count - 1; k >= 0; k--)
        {
            if (_parts[k].Block is not { } block) continue;
            Part part = _parts[k];
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

    /// <summary>A linear map (active &lt; 0), or a one-coordinate map with what is made of it.</summary>
    private sealed class Part(IBijection map, int active)
    {
        public IBijection Map => map;

        public int Active => active;

        public double[] Before { get; set; } = [];

        /// <summary>More states before it.</summary>
        public double[] Visited { get; set; } = [];

        public double[] After { get; set; } = [];

        public Box? Box { get; set; }

        public double Amplification { get; set; }

        /// <summary>sup 1/|det D| of the parts before: how thick K's measure may lie here.</summary>
        public double Density { get; set; }

        public CellShape? Shape { get; set; }

        public CellBlock? Block { get; set; }

        public double Realised { get; set; }

        /// <summary>For each staircase: the measure of its ramps divided by η.</summary>
        public double[] MeasurePerRamp { get; set; } = [];

        /// <summary>The largest jumps.</summary>
        public double[] Sizes { get; set; } = [];

        /// <summary>η of each staircase.</summary>
        public double[] Ramps { get; set; } = [];
    }
}
