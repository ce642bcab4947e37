using UniversalFlows.Distributions;
using UniversalFlows.Numerics;

namespace UniversalFlows.Construction.Transport;

/// <summary>
/// A law of the plane near point masses: cut into strips of neighbouring first coordinates, within each of which X_1 and X_2 are made independent. Moving X_1 to another atom's of the strip is a coupling: W₁ ≤ Σ_strips (1/W) Σ_{j,k} w_j w_k |a_j1 − a_k1|, which is <see cref="Cost"/>. The conditional law
/// of X_2 then depends on the strip alone, so T_2(z_1, ·) is one of few curves.
/// </summary>
internal sealed class StripLaw : IConditionals, IBreaks
{
    private readonly LineLaw _first;
    private readonly double[] _ends; // the largest first coordinate of each strip
    private readonly AtomsLine[] _seconds;

    private StripLaw(AtomicLaw atoms, int[] order, int[] starts)
    {
        int count = starts.Length;
        _first = atoms.Coordinate(0);
        (_ends, _seconds, Breaks) = (new double[count], new AtomsLine[count], new double[count - 1]);
        double below = 0;
        for (int s = 0; s < count; s++)
        {
            int[] members = order[starts[s]..(s + 1 < count ? starts[s + 1] : order.Length)];
            _ends[s] = atoms.Point(members[^1])[0];
            _seconds[s] = new AtomsLine(members.Select(j => (atoms.Point(j)[1], atoms.Weight(j))));
            below += members.Sum(atoms.Weight);
            if (s + 1 < count) Breaks[s] = Normal.Quantile(below, 1 - below);
            Cost += Spread(atoms, members);
        }
    }

    /// <summary>The bound of W₁.</summary>
    public double Cost { get; }

    /// <summary>How many strips.</summary>
    public int Count => _ends.Length;

    /// <summary>z_1 between the strips.</summary>
    public double[] Breaks { get; }

    /// <summary>As few strips as keep the cost below <paramref name="most"/>, of about equal mass, cut between different first coordinates.</summary>
    public static StripLaw Of(AtomicLaw atoms, double most)
    {
        int[] order = [.. Enumerable.Range(0, atoms.Count).OrderBy(j => atoms.Point(j)[0])];
        for (int count = 1; ; count = Math.Min(atoms.Count, count + Math.Max(1, count / 8)))
        {
            List<int> starts = [0];
            double below = 0;
            for (int n = 0; n + 1 < order.Length; n++)
            {
                below += atoms.Weight(order[n]);
                if (below >= (double)starts.Count / count && atoms.Point(order[n + 1])[0] > atoms.Point(order[n])[0]) starts.Add(n + 1);
            }

            StripLaw law = new(atoms, order, [.. starts]);
            if (law.Cost <= most || count == atoms.Count) return law;
        }
    }

    public LineLaw Given(ReadOnlySpan<double> before)
    {
        if (before.IsEmpty) return _first;
        int index = Array.BinarySearch(_ends, before[0]);
        return _seconds[Math.Min(index >= 0 ? index : ~index, Count - 1)];
    }

    /// <summary>(1/W) Σ_{j,k} w_j w_k |a_j − a_k| over atoms in increasing order, by sums from the left.</summary>
    private static double Spread(AtomicLaw atoms, int[] members)
    {
        double weight = 0, moment = 0, sum = 0;
        foreach (int j in members)
        {
            (double w, double a) = (atoms.Weight(j), atoms.Point(j)[0]);
            sum += 2 * w * ((a * weight) - moment);
            (weight, moment) = (weight + w, moment + (w * a));
        }

        return Math.Max(0, sum / weight);
    }
}

/// <summary>Conditional laws that depend on x_1 through finitely many intervals.</summary>
internal interface IBreaks
{
    /// <summary>z_1 between the intervals, increasing.</summary>
    double[] Breaks { get; }
}
