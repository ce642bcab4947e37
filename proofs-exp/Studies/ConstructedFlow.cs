using System.Text.Json;
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

    /// <summary>Whether the measured error is within ε; false for NaN.</summary>
    public bool Met => Error <= Task.Epsilon;

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

    /// <summary>construction.json: every step of the proof with its numbers.</summary>
    public void Write(Utf8JsonWriter json)
    {
        ArgumentNullException.ThrowIfNull(json);
        json.WriteString("target", Task.Target.Name);
        json.WriteString("domain", Task.Domain.ToString());
        json.WriteNumber("dimension", Task.Target.Dimension);
        json.WriteString("family", Names.Of(Task.Family));
        json.WriteString("conditioner", Task.Conditioner == ConditionerKind.Chebyshev ? "chebyshev" : "mlp");
        json.WriteString("norm", Task.Norm);
        json.WriteNumber("epsilon", Task.Epsilon);
        json.WriteNumber("supEpsilon", SupEpsilon);
        json.WriteBoolean("met", Met);
        if (Result.Refusal is { } refusal)
        {
            json.WriteStartObject("refusal");
            json.WriteString("step", refusal.Step);
            json.WriteString("reason", refusal.Reason);
            json.WriteEndObject();
        }

        if (Result.Flow is { } flow)
        {
            json.WriteNumber("layers", Result.Chains.Sum(c => c.Layers.Count));
            json.WriteNumber("parameters", flow.Parameters.Sum(q => q.Count));
        }

        if (Errors is { } e)
        {
            json.WriteStartObject("measured");
            Number(json, "sup", e.Sup);
            json.WriteStartArray("supAt");
            foreach (double v in e.SupAt) json.WriteNumberValue(v);
            json.WriteEndArray();
            Number(json, "l1", e.L1);
            Number(json, "l2", e.L2);
            Number(json, "rmse", e.Rmse);
            Number(json, "c1", e.C1 ?? double.NaN);
            Number(json, "inverse", InverseError);
            json.WriteEndObject();
        }

        json.WriteStartArray("chains");
        foreach (Chain chain in Result.Chains) Write(json, chain);
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, Chain chain)
    {
        json.WriteStartObject();
        json.WriteString("map", chain.Name);
        json.WriteNumber("epsilon", chain.Epsilon);
        json.WriteString("order", chain.Order.ToString().ToLowerInvariant());
        json.WriteNumber("orientation", chain.Orientation);
        Number(json, "l0", chain.L0);
        Number(json, "l1", chain.L1);
        json.WriteNumber("factors", chain.Factors.Count);
        Number(json, "largestDerivativeDistance", chain.Factors.Max(f => f.DerivativeDistance));
        Number(json, "smallestMinor", chain.Factors.Min(f => f.SmallestMinor));
        Number(json, "closingError", chain.ClosingError);
        json.WriteNumber("closingFailures", chain.ClosingFailures);
        Number(json, "firstOrderBound", chain.Bound);
        Number(json, "largestWeight", chain.Layers.Max(l => l.LargestWeight));
        Number(json, "lipschitzProduct", chain.Layers.Aggregate(1.0, (p, l) => p * l.Lipschitz));
        json.WriteStartArray("attempts");
        foreach (string attempt in chain.Attempts) json.WriteStringValue(attempt);
        json.WriteEndArray();
        json.WriteStartArray("steps");
        double product = 1;
        double[] products = new double[chain.Layers.Count];
        for (int i = products.Length - 1; i >= 0; i--)
        {
            products[i] = product;
            product *= chain.Layers[i].Lipschitz;
        }

        for (int i = 0; i < products.Length; i++)
        {
            LayerRecord l = chain.Layers[i];
            json.WriteStartObject();
            json.WriteNumber("factor", l.Factor);
            json.WriteNumber("coordinate", l.Coordinate + 1);
            json.WriteNumber("degree", l.Degree);
            json.WriteNumber("size", l.Size);
            Number(json, "allotted", l.Allotted);
            Number(json, "realised", l.Realised);
            Number(json, "amplification", l.Amplification);
            Number(json, "lipschitz", l.Lipschitz);
            Number(json, "lipschitzProductAfter", products[i]);
            Number(json, "smallestSlope", l.SmallestSlope);
            Number(json, "largestSlope", l.LargestSlope);
            Number(json, "condition", l.LargestSlope / l.SmallestSlope);
            Number(json, "largestWeight", l.LargestWeight);
            Number(json, "derivativeDistance", chain.Factors[l.Factor - 1].DerivativeDistance);
            Number(json, "smallestMinor", chain.Factors[l.Factor - 1].SmallestMinor);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Number(Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value)) json.WriteNumber(name, value);
        else json.WriteNull(name);
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
