using UniversalFlows.Bijections;
using UniversalFlows.Distributions;
using UniversalFlows.Numerics;

namespace UniversalFlows.Construction.Transport;

/// <summary>What the compiler of laws is asked for.</summary>
public sealed record TransportSettings
{
    /// <summary>ε &gt; 0: the bounded-Lipschitz distance of the push-forward and the law is to be at most this.</summary>
    public required double Epsilon { get; init; }

    /// <summary>The family of the layers: <see cref="FlowFamily.Sos"/>, <see cref="FlowFamily.Dsf"/>, <see cref="FlowFamily.Rqs"/> or <see cref="FlowFamily.Acf"/>.</summary>
    public required FlowFamily Family { get; init; }

    /// <summary>σ of the mollification by hand; null: chosen from ε where one is needed.</summary>
    public double? Deviation { get; init; }

    /// <summary>Threads; the result does not depend on them.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Called with one sentence of progress.</summary>
    public Action<string>? Progress { get; init; }
}

/// <summary>One coordinate of a constructed transport.</summary>
/// <param name="Coordinate">k, from 1.</param>
/// <param name="Shape">What draws its curves.</param>
/// <param name="Curves">How many curves the conditioner holds.</param>
/// <param name="Cost">∫ min(2, |error|) of the shape alone at some curves.</param>
public sealed record CoordinateRecord(int Coordinate, string Shape, int Curves, double Cost);

/// <summary>An explicit flow g with BL(g_# N(0, I), ν) ≤ mollification + quantisation + coupling, each term apart.</summary>
public sealed record LawWitness
{
    /// <summary>g; null if the law was refused.</summary>
    public Composition? Flow { get; init; }

    /// <summary>Why there is no flow.</summary>
    public Refusal? Refusal { get; init; }

    /// <summary>The law that T reaches.</summary>
    public Mollified? Target { get; init; }

    /// <summary>∫ min(2, |g − T|) dN(0, I) by quadrature.</summary>
    public double Coupling { get; init; }

    /// <summary>The estimate of the quadrature's error, the bound of what lies outside its box, and twice the mass of ramps so narrow that it does not see them.</summary>
    public double CouplingError { get; init; }

    /// <summary>One record a coordinate.</summary>
    public IReadOnlyList<CoordinateRecord> Coordinates { get; init; } = [];

    /// <summary>The sum of the terms.</summary>
    public double Bound => Flow is null || Target is null ? double.PositiveInfinity : Target.MollificationBound + Target.QuantisationBound + Coupling + CouplingError;
}

/// <summary>
/// Theorem 3 executed: a law ν and ε become an explicit flow g with BL(g_# N(0, I), ν) ≤ ε. The Knothe–Rosenblatt map T of ν, or of ν mollified, coordinate by coordinate from the last: T_k(z_1, …, z_k) needs z_1, …, z_{k−1}, which the layers so far have left alone. So g − T is
/// what the layers miss of T, with no error handed on, and only the measure of the errors matters.
/// </summary>
public static class LawCompiler
{
    /// <summary>The largest d: the budget's quadrature is over R^d.</summary>
    public const int LargestDimension = 3;

    private const int Levels = 6;

    /// <summary>Builds the flow.</summary>
    /// <exception cref="ArgumentException">ε is not positive, or there is no construction of the family.</exception>
    public static LawWitness Compile(Law law, TransportSettings settings)
    {
        ArgumentNullException.ThrowIfNull(law);
        ArgumentNullException.ThrowIfNull(settings);
        if (!(settings.Epsilon > 0) || !double.IsFinite(settings.Epsilon)) throw new ArgumentException($"epsilon must be positive, not {settings.Epsilon:R}", nameof(settings));
        if (settings.Family is not (FlowFamily.Sos or FlowFamily.Dsf or FlowFamily.Rqs or FlowFamily.Acf)) throw new ArgumentException("laws are constructed by sos, dsf, rqs and acf", nameof(settings));
        int d = law.Dimension;
        if (d > LargestDimension) return Refused($"the error's quadrature goes up to d = {LargestDimension}; this law lives on R^{d}");
        if (settings.Family == FlowFamily.Acf && SpeckTransport.Refusal(law) is { } reason) return Refused(reason);
        Mollified target;
        try
        {
            target = Mollified.Of(law, settings.Epsilon, settings.Deviation);
        }
        catch (ArgumentException e)
        {
            return Refused(e.Message.Split(" (Parameter")[0]);
        }

        KnotheRosenblatt map = target.Map;
        double left = settings.Epsilon - target.MollificationBound - target.QuantisationBound;
        if (!(left > 0)) return Refused($"mollification and quantisation alone take {target.MollificationBound + target.QuantisationBound:G3} of {settings.Epsilon:G3}");
        settings.Progress?.Invoke("tabulating the Knothe-Rosenblatt map");
        SpeckCells? cells = null;
        if (settings.Family == FlowFamily.Acf && law is AtomicLaw atoms && settings.Deviation is null)
        {
            // point masses are what specks are: no strips, no noise
            (AtomicLaw few, double moved) = Mollified.Fewer(atoms, 0.1 * settings.Epsilon);
            cells = new SpeckCells(few);
            target = target with { QuantisationBound = moved, Words = $"{few.Count} point masses, a cell of N(0, I) each" };
        }

        CouplingError error = new(d, cells is null ? map.Line : cells.Line, Transport.CouplingError.Steps(d, settings.Family == FlowFamily.Acf), settings.Threads);
        LawWitness? best = null;
        int levels = settings.Family == FlowFamily.Acf ? Levels - 1 : Levels; // n² specks: 36 864 of them at most
        for (int level = 0, next; level < levels; level = next)
        {
            (Composition flow, List<CoordinateRecord> records, double ramps) = settings.Family == FlowFamily.Acf ? SpeckTransport.Build(map, cells, level, left) : Layered(map, settings, level, left);
            (double coupling, double uncertainty) = error.Of(flow);
            LawWitness witness = new() { Flow = flow, Target = target, Coupling = coupling, CouplingError = uncertainty + error.Tail + (2 * ramps), Coordinates = records };
            settings.Progress?.Invoke($"level {level + 1} of {levels}: bound {witness.Bound:G3} of {settings.Epsilon:G3}");
            next = coupling > 3 * left && level + 2 < levels ? level + 2 : level + 1; // errors fall about like the size
            if (best is null || witness.Bound < best.Bound) best = witness;
            if (best.Bound <= settings.Epsilon || cells is not null) break;
        }

        return best!;
    }

    private static LawWitness Refused(string reason) => new() { Refusal = new Refusal("(e)", reason) };

    private static (Composition, List<CoordinateRecord>, double Ramps) Layered(KnotheRosenblatt map, TransportSettings settings, int level, double left)
    {
        int d = map.Dimension, knots = level switch { 0 => 24, 1 => 40, 2 => 80, 3 => 200, 4 => 600, _ => 1400 };
        List<IBijection> layers = [];
        List<CoordinateRecord> records = [];
        double[] matrix = new double[d * d], shift = new double[d];
        double ramps = 0;
        for (int k = d - 1; k >= 0; k--)
        {
            settings.Progress?.Invoke($"level {level + 1} of {Levels}: curves of coordinate {k + 1}");
            SliceTable table = new(map, k, knots, settings.Threads);
            ramps += table.RampMass;
            (CoordinateShape shape, double cost) = Choose(table, Shapes(settings, table, level), 0.5 * left / d);
            foreach (IBijection before in shape.Before(d, k)) layers.Add(before);
            layers.Add(new Coupling(d, table.Passive, [k], shape.Transformer, table.Conditioner(shape)));
            (matrix[(k * d) + k], shift[k]) = shape.After;
            records.Add(new(k + 1, shape.Words, table.Count, cost));
        }

        if (settings.Family != FlowFamily.Sos) layers.Add(new Linear(matrix, shift));
        return (new Composition(d, layers), records, ramps);
    }

    /// <summary>The first shape that costs at most its share, or the one that costs least.</summary>
    private static (CoordinateShape Shape, double Cost) Choose(SliceTable table, IEnumerable<CoordinateShape> shapes, double share)
    {
        (CoordinateShape? Shape, double Cost) best = (null, double.PositiveInfinity);
        foreach (CoordinateShape shape in shapes)
        {
            double cost = table.Cost(shape);
            if (best.Shape is null || cost < best.Cost) best = (shape, cost);
            if (cost <= share) break;
        }

        return (best.Shape!, best.Cost);
    }

    /// <summary>Candidates, cheap ones first.</summary>
    private static IEnumerable<CoordinateShape> Shapes(TransportSettings settings, SliceTable table, int level)
    {
        int size = 12 << (table.Alone ? level : Math.Min(level, 4));
        if (settings.Family == FlowFamily.Sos)
        {
            double floor = Math.Min(0.02 * settings.Epsilon, 1e-3);
            foreach (int degree in (int[])[4, 12, 24, 48])
                if (degree <= size) yield return new SumOfSquaresShape(false, degree, 0, floor);
            int squashed = Math.Min(size, GaussLegendre.MaxOrder - 1);
            foreach (double heat in (double[])[1.6, 2.2, 1.2])
                yield return new SumOfSquaresShape(true, squashed, heat / squashed, floor);
            yield break;
        }

        // T in units in which its range is nearly [−4, 4]
        (double lower, double upper) = table.Range();
        double scale = Math.Max((upper - lower) / 8, 1e-3), shift = 0.5 * (lower + upper);
        if (settings.Family == FlowFamily.Rqs)
        {
            yield return new SplineShape(size, scale, shift);
            yield break;
        }

        foreach (double spread in (double[])[1.4, 2.2])
            foreach (bool corrected in (bool[])[true, false]) yield return new SigmoidShape(size, spread, scale, shift, corrected);
    }
}
