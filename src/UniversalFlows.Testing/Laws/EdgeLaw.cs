using UniversalFlows.Numerics;
using UniversalFlows.Testing.Foreign;

namespace UniversalFlows.Testing.Laws;

/// <summary>On the edges of the domain and of a formula's pieces, and one ulp beside them.</summary>
internal static class EdgeLaw
{
    /// <summary>
    /// At a corner or an end of [−reach, reach]^d, and for couplings at a random edge of <see cref="Edges"/>: at the edge e and at the doubles
    /// next to it, values, log-dets and derivatives are numbers, f and its log-det move by no more than 1e-12·(1 + |y| + ‖J‖(1 + |x|)) resp. 1e-8·(1 + |ld|)
    /// (a spline is C¹: no jump of value or slope at a knot), and the inverse comes back within the round trip's tolerance.
    /// </summary>
    public static string? IsContinuous(Trial trial)
    {
        double[] x = trial.Point();
        int place = trial.Random.NextInt(trial.Dimension);
        if (trial.Random.NextInt(2) == 0)
            for (int i = 0; i < x.Length; i++) x[i] = trial.Random.NextInt(2) == 0 ? -trial.Reach : trial.Reach;
        x[place] = trial.Random.NextInt(2) == 0 ? -trial.Reach : trial.Reach;
        if (At(trial, x, place) is { } wrong) return wrong;
        x = trial.Point();
        IReadOnlyList<(int Coordinate, double At)> edges = trial.Case.Edges(trial.Flow, x);
        if (edges.Count == 0) return null;
        (int coordinate, double edge) = edges[trial.Random.NextInt(edges.Count)];
        x[coordinate] = edge;
        return At(trial, x, coordinate);
    }

    private static string? At(Trial trial, double[] x, int place)
    {
        double[] points = [.. x, .. x, .. x];
        int d = trial.Dimension;
        points[d + place] = Math.BitDecrement(x[place]);
        points[(2 * d) + place] = Math.BitIncrement(x[place]);
        FlowBatch image = trial.Values.Forward(points), back = trial.Values.Inverse(image.Values);
        double[] jacobians = trial.Values.Jacobians(points)!;
        if (!jacobians.All(double.IsFinite)) return $"a derivative is not finite at or beside x = {Calculus.Show(x)}";
        double[] y = image.Row(0);
        double norm = SmallMatrix.OperatorNorm(jacobians.AsSpan(0, d * d), d), logDet = image.LogDets[0];
        double tolerance = 1e-12 * (1 + Calculus.Largest(y) + (norm * (1 + Calculus.Largest(x)))), logTolerance = 1e-8 * (1 + Math.Abs(logDet));
        for (int n = 0; n < 3; n++)
        {
            if (!(Calculus.Distance(image.Row(n), y) <= tolerance && Math.Abs(image.LogDets[n] - logDet) <= logTolerance))
                return $"from x = {Calculus.Show(x)} to the double beside it, {points[(n * d) + place]:R}, f goes from {Calculus.Show(y)} (log-det {logDet:R}) to {Calculus.Show(image.Row(n))} ({image.LogDets[n]:R})";
            double wide = RoundTripLaws.Scales(trial, trial.Row(points, n), image.Row(n), jacobians, n).InX;
            if (!(Calculus.Distance(back.Row(n), trial.Row(points, n)) <= wide && double.IsFinite(back.LogDets[n])))
                return $"x = {Calculus.Show(trial.Row(points, n))} comes back as {Calculus.Show(back.Row(n))}, log-det {back.LogDets[n]:R}, tolerance {wide:g3}, {back.Status}";
        }

        return null;
    }
}
