using System.Text.Json;
using UniversalFlows.Construction;
using UniversalFlows.Proofs.Studies;

namespace UniversalFlows.Proofs.Commands;

/// <summary>construction.json, and what <c>uf construct --json</c> prints: every step of the proof with its numbers.</summary>
internal static class ConstructionJson
{
    /// <summary>The members of the object.</summary>
    public static void Write(Utf8JsonWriter json, ConstructedFlow built)
    {
        (ConstructionTask task, ConstructionResult result) = (built.Task, built.Result);
        json.WriteString("target", task.Target.Name);
        json.WriteString("domain", task.Domain.ToString());
        json.WriteNumber("dimension", task.Target.Dimension);
        json.WriteString("family", Names.Of(task.Family));
        json.WriteString("conditioner", task.Conditioner == ConditionerKind.Chebyshev ? "chebyshev" : "mlp");
        json.WriteString("norm", task.Norm);
        json.WriteNumber("epsilon", task.Epsilon);
        json.WriteNumber("supEpsilon", built.SupEpsilon);
        json.WriteBoolean("met", built.Met);
        if (result.Refusal is { } refusal)
        {
            json.WriteStartObject("refusal");
            json.WriteString("step", refusal.Step);
            json.WriteString("reason", refusal.Reason);
            json.WriteEndObject();
        }

        if (result.Flow is { } flow)
        {
            json.WriteNumber("layers", result.Chains.Sum(c => c.Layers.Count));
            json.WriteNumber("parameters", flow.Parameters.Sum(q => q.Count));
        }

        if (built.Errors is { } e)
        {
            json.WriteStartObject("measured");
            json.Finite("sup", e.Sup);
            json.Numbers("supAt", e.SupAt);
            json.Finite("l1", e.L1);
            json.Finite("l2", e.L2);
            json.Finite("rmse", e.Rmse);
            json.Finite("c1", e.C1);
            json.Finite("inverse", built.InverseError);
            json.WriteEndObject();
        }

        json.Objects("chains", result.Chains, chain => Write(json, chain));
    }

    private static void Write(Utf8JsonWriter json, Chain chain)
    {
        json.WriteString("map", chain.Name);
        json.WriteNumber("epsilon", chain.Epsilon);
        json.WriteString("order", chain.Order.ToString().ToLowerInvariant());
        json.WriteNumber("orientation", chain.Orientation);
        json.Finite("l0", chain.L0);
        json.Finite("l1", chain.L1);
        json.WriteNumber("factors", chain.Factors.Count);
        json.Finite("largestDerivativeDistance", chain.Factors.Max(f => f.DerivativeDistance));
        json.Finite("smallestMinor", chain.Factors.Min(f => f.SmallestMinor));
        json.Finite("closingError", chain.ClosingError);
        json.WriteNumber("closingFailures", chain.ClosingFailures);
        json.Finite("firstOrderBound", chain.Bound);
        json.Finite("largestWeight", chain.Layers.Max(l => l.LargestWeight));
        json.Finite("lipschitzProduct", chain.Layers.Aggregate(1.0, (p, l) => p * l.Lipschitz));
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
            json.Finite("allotted", l.Allotted);
            json.Finite("realised", l.Realised);
            json.Finite("amplification", l.Amplification);
            json.Finite("lipschitz", l.Lipschitz);
            json.Finite("lipschitzProductAfter", products[i]);
            json.Finite("smallestSlope", l.SmallestSlope);
            json.Finite("largestSlope", l.LargestSlope);
            json.Finite("condition", l.LargestSlope / l.SmallestSlope);
            json.Finite("largestWeight", l.LargestWeight);
            json.Finite("derivativeDistance", chain.Factors[l.Factor - 1].DerivativeDistance);
            json.Finite("smallestMinor", chain.Factors[l.Factor - 1].SmallestMinor);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
