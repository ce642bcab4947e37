using UniversalFlows.Distributions;
using UniversalFlows.Numerics;

namespace UniversalFlows.Measurement;

/// <summary>
/// Optimal transport between point masses with any weights, at the price c(|x − y|): min over couplings of E c(|X − Y|). Exact, with a dual: see <see cref="DiscretePlan"/>. W1 has c(t) = t, W2² has t², Dudley's metric
/// min(t, 2).
/// </summary>
public static class DiscreteTransport
{
    /// <summary>The optimal plan.</summary>
    /// <param name="p">Σ p_i δ_{x_i}.</param>
    /// <param name="q">Σ q_j δ_{y_j}.</param>
    /// <param name="cost">c; null: the distance itself.</param>
    /// <exception cref="ArgumentException">The dimensions differ, there are more than <see cref="Transportation.MaxSize"/> atoms, or a cost is not finite.</exception>
    public static DiscretePlan Between(AtomicLaw p, AtomicLaw q, Func<double, double>? cost = null)
    {
        ArgumentNullException.ThrowIfNull(p);
        ArgumentNullException.ThrowIfNull(q);
        if (p.Dimension != q.Dimension) throw new ArgumentException($"laws of one dimension were expected, not of R^{p.Dimension} and R^{q.Dimension}", nameof(q));
        double[] x = Points(p), y = Points(q);
        TransportationSolution s = Transportation.Solve(Weights(p), Weights(q), (i, costs) => Costs(x, y, p.Dimension, i, costs, cost));
        return new DiscretePlan(s.Value, s.DualValue, s.Plan, s.RowPotentials, s.ColumnPotentials);
    }

    /// <summary>The weights of the atoms.</summary>
    internal static double[] Weights(AtomicLaw law) => [.. Enumerable.Range(0, law.Count).Select(law.Weight)];

    /// <summary>The atoms, point after point.</summary>
    internal static double[] Points(AtomicLaw law) => [.. Enumerable.Range(0, law.Count).SelectMany(j => law.Point(j).ToArray())];

    /// <summary>c(|x_i − y_j|) for all j.</summary>
    internal static void Costs(double[] x, double[] y, int dimension, int i, Span<double> costs, Func<double, double>? cost)
    {
        Wasserstein.Distances(x, y, dimension, i, costs);
        if (cost is null) return;
        foreach (ref double c in costs) c = cost(c);
    }
}

/// <summary>An optimal plan and a dual that proves it: u_i + v_j ≤ c(|x_i − y_j|) for all pairs (<see cref="Violation"/>), hence DualValue ≤ every plan's cost, up to rounding.</summary>
/// <param name="Value">Σ f_ij c(|x_i − y_j|).</param>
/// <param name="DualValue">Σ p_i u_i + Σ q_j v_j.</param>
/// <param name="Plan">The positive entries of f.</param>
/// <param name="U">u, a number for each x_i.</param>
/// <param name="V">v, a number for each y_j.</param>
public sealed record DiscretePlan(double Value, double DualValue, IReadOnlyList<PlannedMass> Plan, IReadOnlyList<double> U, IReadOnlyList<double> V)
{
    /// <summary>Value − DualValue: 0 up to rounding.</summary>
    public double Gap => Value - DualValue;

    /// <summary>max over i, j of u_i + v_j − c(|x_i − y_j|), computed from the points alone.</summary>
    public double Violation(AtomicLaw p, AtomicLaw q, Func<double, double>? cost = null)
    {
        ArgumentNullException.ThrowIfNull(p);
        ArgumentNullException.ThrowIfNull(q);
        double[] x = DiscreteTransport.Points(p), y = DiscreteTransport.Points(q), costs = new double[q.Count];
        double worst = double.NegativeInfinity;
        for (int i = 0; i < p.Count; i++)
        {
            DiscreteTransport.Costs(x, y, p.Dimension, i, costs, cost);
            for (int j = 0; j < costs.Length; j++) worst = Math.Max(worst, U[i] + V[j] - costs[j]); // Math.Max hands NaN on
        }

        return worst;
    }

    /// <summary>The largest difference of a row or column sum of the plan from the weights: 0 up to rounding.</summary>
    public double Imbalance(AtomicLaw p, AtomicLaw q)
    {
        ArgumentNullException.ThrowIfNull(p);
        ArgumentNullException.ThrowIfNull(q);
        double[] rows = new double[p.Count], columns = new double[q.Count];
        foreach (PlannedMass f in Plan)
        {
            if (!(f.Mass > 0)) return double.PositiveInfinity;
            rows[f.Row] += f.Mass;
            columns[f.Column] += f.Mass;
        }

        return Math.Max(rows.Select((r, i) => Math.Abs(r - p.Weight(i))).Max(), columns.Select((c, j) => Math.Abs(c - q.Weight(j))).Max());
    }
}
