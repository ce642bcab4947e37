using UniversalFlows.Bijections;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using UniversalFlows.Targets;

namespace UniversalFlows.Construction.Affine;

/// <summary>
/// Route cell, Lp: steps (a) to (c) of the proof with sum-of-squares layers, which are one-coordinate maps on the whole space, known with their derivatives; then four affine
/// couplings for each (<see cref="CellBlock"/>). 4dN affine couplings, whatever ε is: the conditioners carry the accuracy.
/// </summary>
internal sealed partial class CellCompiler
{
    // of ε: the sup error of the sums of squares, the cells, the exceptional set. The rest is for second-order terms
    private const double FirstShare = 0.15, CellShare = 0.7, SetShare = 0.1;
    private const int Samples = 4096, Coarse = 512;

    private readonly AffineSettings _settings;
    private readonly Domain _domain;
    private readonly int _dimension;
    private readonly double _p, _volume;
    private readonly List<CellPart> _parts = [];

    private CellCompiler(Domain domain, AffineSettings settings)
    {
        (_domain, _settings, _dimension, _p) = (domain, settings, domain.Dimension, settings.Exponent);
        _volume = domain.Volume;
    }

    /// <summary>The largest n of the store: with the fewest pieces and other cells its tables are as long as tables may be.</summary>
    public static int MostCellsAlong(int dimension)
    {
        int others = 1;
        for (int k = 2; k < dimension; k++) others *= FirstCells;
        return MostKnots / (others * (FirstPieces + 5));
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
        CellPart[] maps = [.. _parts.Where(p => p.Active >= 0)];
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
        foreach (CellPart part in _parts)
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
}
