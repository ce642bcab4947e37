using UniversalFlows.Bijections;
using UniversalFlows.Construction;
using UniversalFlows.Measurement;
using UniversalFlows.Numerics;
using UniversalFlows.Targets;

namespace UniversalFlows.Proofs.Studies;

/// <summary>What is asked of a construction.</summary>
/// <param name="Target">f.</param>
/// <param name="Domain">K.</param>
/// <param name="Family">sos, dsf or rqs.</param>
/// <param name="Epsilon">The error wanted.</param>
/// <param name="Norm">In which norm: sup, l1 or l2 (Lebesgue, not normalised).</param>
/// <param name="Conditioner">The class of the conditioners.</param>
public sealed record ConstructionTask(Target Target, Domain Domain, FlowFamily Family, double Epsilon, string Norm = "sup", ConditionerKind Conditioner = ConditionerKind.Chebyshev)
{
    /// <summary>The affine order; null: automatic.</summary>
    public AffineOrder? Order { get; init; }

    /// <summary>N; null: automatic.</summary>
    public int? Factors { get; init; }

    /// <summary>The degree of every layer; null: automatic.</summary>
    public int? Degree { get; init; }

    /// <summary>Bins or sigmoids in every layer; null: automatic.</summary>
    public int? Size { get; init; }

    /// <summary>Whether sigmoids are corrected in their second moment; null: where they can be.</summary>
    public bool? Corrected { get; init; }

    /// <summary>κ, the slope of a sigmoid in units of the spacing.</summary>
    public double Overlap { get; init; } = DeepSigmoidalLayer.Overlap;
}

/// <summary>A constructed flow with what the compiler promised and what was measured on other points.</summary>
/// <param name="Task">What was asked.</param>
/// <param name="Result">The compiler's result.</param>
/// <param name="SupEpsilon">The sup-norm error that the compiler was asked for: ε, divided by |K|^{1/p} for the norm Lp, and tightened if a first flow missed ε.</param>
/// <param name="Errors">Measured; null if there is no flow.</param>
/// <param name="InverseError">sup over points of K of |g⁻¹(g(x)) − x|; NaN if there is no flow or an inverse failed.</param>
public sealed record ConstructedFlow(ConstructionTask Task, ConstructionResult Result, double SupEpsilon, ErrorNorms? Errors, double InverseError)
{
    private const int Retries = 2;

    /// <summary>The error in the norm that was asked for; +∞ without a flow.</summary>
    public double Error => Errors is null ? double.PositiveInfinity : Task.Norm switch { "l1" => Errors.L1, "l2" => Errors.L2, _ => Errors.Sup };

    /// <summary>Whether the measured error is within ε and the inverse was found wherever it was tried; false for NaN.</summary>
    public bool Met => Error <= Task.Epsilon && double.IsFinite(InverseError);

    /// <summary>Compiles and measures; where the measured error exceeds ε although the budget was kept, a tighter budget is tried.</summary>
    public static ConstructedFlow Run(ConstructionTask task, int threads, Action<string>? progress)
    {
        ArgumentNullException.ThrowIfNull(task);
        int p = task.Norm == "l1" ? 1 : task.Norm == "l2" ? 2 : 0;
        // ‖f − g‖_p ≤ |K|^{1/p}·sup|f − g|
        double epsilon = p == 0 ? task.Epsilon : task.Epsilon / (p == 1 ? task.Domain.Volume : Math.Sqrt(task.Domain.Volume));
        ConstructedFlow? best = null;
        for (int attempt = 0; attempt <= Retries; attempt++, epsilon *= 0.3)
        {
            ConstructionResult result = FlowCompiler.Compile(task.Target, task.Domain, new ConstructionSettings
            {
                Epsilon = epsilon,
                Family = task.Family,
                Conditioner = task.Conditioner,
                Order = task.Order,
                Factors = task.Factors,
                Degree = task.Degree,
                Size = task.Size,
                Corrected = task.Corrected,
                Overlap = task.Overlap,
                Threads = threads,
                Progress = progress,
            });
            if (result.Flow is null) return best ?? new ConstructedFlow(task, result, epsilon, null, double.NaN);
            progress?.Invoke("measuring");
            ErrorNorms errors = MapErrors.Estimate(result.Flow, task.Target, task.Domain, new MapErrorOptions { Threads = threads });
            ConstructedFlow flow = new(task, result, epsilon, errors, RoundTrip(result.Flow, task.Domain, threads));
            if (best is null || flow.Error < best.Error) best = flow;
            if (best.Met || !result.WithinBudget) break;
        }

        return best!;
    }

    private static double RoundTrip(Composition flow, Domain domain, int threads)
    {
        const int Count = 2000;
        int d = flow.Dimension;
        double[] x = new double[Count * d], y = new double[x.Length], back = new double[x.Length], logDets = new double[Count];
        LowDiscrepancy sequence = new(d, 11, "round trip");
        for (int n = 0; n < Count; n++)
        {
            sequence.Point((uint)n, x.AsSpan(n * d, d));
            domain.FromUnitCube(x.AsSpan(n * d, d), x.AsSpan(n * d, d));
        }

        Evaluation.Forward(flow, x, y, logDets, threads);
        Evaluation.Inverse(flow, y, back, logDets, threads);
        double largest = 0;
        for (int n = 0; n < Count; n++)
        {
            double square = 0;
            for (int i = 0; i < d; i++) square += (back[(n * d) + i] - x[(n * d) + i]) * (back[(n * d) + i] - x[(n * d) + i]);
            if (!double.IsFinite(square)) return double.NaN;
            largest = Math.Max(largest, Math.Sqrt(square));
        }

        return largest;
    }
}
