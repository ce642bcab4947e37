using UniversalFlows.Bijections;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Testing.Laws;

/// <summary>One formula, many readings and a file: always the same bits.</summary>
internal static class ReadingLaws
{
    /// <summary>f, f⁻¹ and log-dets of eight points side by side are bit by bit those of the points one at a time.</summary>
    public static string? BatchIsRows(Trial trial)
    {
        int d = trial.Dimension;
        double[][] points = [.. Enumerable.Range(0, Lanes.Width).Select(_ => trial.Point())];
        Lanes[] batch = Batch(points);
        Lanes logDet = trial.Flow.Forward<Lanes>(batch);
        Lanes[] back = [.. batch];
        InverseStatus status = default;
        Lanes inverseLogDet = trial.Flow.Inverse<Lanes>(back, ref status);
        for (int lane = 0; lane < Lanes.Width; lane++)
        {
            double[] y = Calculus.Forward(trial.Flow, points[lane], out double ld), x = Calculus.Inverse(trial.Flow, y, out double inverseLd, out _);
            for (int i = 0; i < d; i++)
            {
                if (!Calculus.SameBits(batch[i][lane], y[i])) return $"x = {Calculus.Show(points[lane])}: y_{i} is {y[i]:R} alone and {batch[i][lane]:R} in a batch";
                if (!Calculus.SameBits(back[i][lane], x[i])) return $"y = {Calculus.Show(y)}: f⁻¹(y)_{i} is {x[i]:R} alone and {back[i][lane]:R} in a batch";
            }

            if (!Calculus.SameBits(logDet[lane], ld)) return $"x = {Calculus.Show(points[lane])}: the log-det is {ld:R} alone and {logDet[lane]:R} in a batch";
            if (!Calculus.SameBits(inverseLogDet[lane], inverseLd)) return $"y = {Calculus.Show(y)}: the inverse log-det is {inverseLd:R} alone and {inverseLogDet[lane]:R} in a batch";
        }

        return null;
    }

    /// <summary>Map gives the values of Forward, bit by bit.</summary>
    public static string? MapIsForward(Trial trial)
    {
        Lanes[] forward = Batch([.. Enumerable.Range(0, Lanes.Width).Select(_ => trial.Point())]), map = [.. forward];
        _ = trial.Flow.Forward<Lanes>(forward);
        trial.Flow.Map<Lanes>(map);
        return Same(forward, map);
    }

    /// <summary>The values of a dual number, and of the tape, are those of the plain reading, bit by bit.</summary>
    public static string? DerivativesKeepValues(Trial trial)
    {
        int d = trial.Dimension;
        double[][] points = [.. Enumerable.Range(0, Tape.Panel).Select(_ => trial.Point())];
        Tape tape = Tape.Current;
        tape.Reset();
        Node[] nodes = Leaves(tape, points);
        Node nodeLogDet = trial.Case.HasTape ? trial.Flow.Forward<Node>(nodes) : default;
        for (int g = 0; g < Tape.Panel / Lanes.Width; g++)
        {
            Lanes[] plain = Batch(points[(g * Lanes.Width)..((g + 1) * Lanes.Width)]);
            Dual<Lanes>[] dual = [.. plain.Select(Dual<Lanes>.Variable)];
            Lanes logDet = trial.Flow.Forward<Lanes>(plain);
            Dual<Lanes> dualLogDet = trial.Flow.Forward<Dual<Lanes>>(dual);
            if (Same([.. plain, logDet], [.. dual.Select(v => v.Value), dualLogDet.Value]) is { } wrong) return $"dual numbers: {wrong}";
            if (!trial.Case.HasTape) continue;
            Lanes[] taped = new Lanes[d + 1];
            for (int i = 0; i < d; i++) taped[i] = Node.Primal(nodes[i], g);
            taped[d] = Node.Primal(nodeLogDet, g);
            if (Same([.. plain, logDet], taped) is { } other) return $"tape: {other}";
        }

        return null;
    }

    /// <summary>load(save(f)) has the bits of f: values, log-dets and inverses at random points; saving again writes the same bytes.</summary>
    public static string? SurvivesTheFile(Trial trial)
    {
        IBijection loaded = trial.Case.Reload(trial.Flow);
        Lanes[] a = Batch([.. Enumerable.Range(0, Lanes.Width).Select(_ => trial.Point())]), b = [.. a];
        Lanes lda = trial.Flow.Forward<Lanes>(a), ldb = loaded.Forward<Lanes>(b);
        if (Same([.. a, lda], [.. b, ldb]) is { } wrong) return $"forward: {wrong}";
        InverseStatus sa = default, sb = default;
        lda = trial.Flow.Inverse<Lanes>(a, ref sa);
        ldb = loaded.Inverse<Lanes>(b, ref sb);
        if (Same([.. a, lda], [.. b, ldb]) is { } other) return $"inverse: {other}";
        return Parameters(trial.Flow).SequenceEqual(Parameters(loaded)) ? null : "the parameters differ";

        static IEnumerable<long> Parameters(IBijection flow) => flow.Parameters.SelectMany(p => p.All.ToArray()).Select(BitConverter.DoubleToInt64Bits);
    }

    /// <summary>Points as lanes: entry i holds coordinate i of all.</summary>
    public static Lanes[] Batch(double[][] points)
    {
        Lanes[] batch = new Lanes[points[0].Length];
        for (int i = 0; i < batch.Length; i++)
            for (int lane = 0; lane < Lanes.Width; lane++) batch[i] = batch[i].With(lane, points[lane][i]);
        return batch;
    }

    /// <summary>Points as leaves of a tape.</summary>
    public static Node[] Leaves(Tape tape, double[][] points)
    {
        Node[] nodes = new Node[points[0].Length];
        for (int i = 0; i < nodes.Length; i++) nodes[i] = tape.Leaf(Array.ConvertAll(points, p => p[i]));
        return nodes;
    }

    private static string? Same(Lanes[] a, Lanes[] b)
    {
        for (int i = 0; i < a.Length; i++)
            for (int lane = 0; lane < Lanes.Width; lane++)
                if (!Calculus.SameBits(a[i][lane], b[i][lane])) return $"{(i == a.Length - 1 ? "the last number" : $"coordinate {i}")} is {a[i][lane]:R} and {b[i][lane]:R}";
        return null;
    }
}
