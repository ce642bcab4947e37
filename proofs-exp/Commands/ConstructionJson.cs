using System.Text.Json;
using UniversalFlows.Bijections;
using UniversalFlows.Construction;
using UniversalFlows.Construction.Affine;
using UniversalFlows.Proofs.Studies;

namespace UniversalFlows.Proofs.Commands;

/// <summary>construction.json, and what <c>uf construct --json</c> prints: every step of the construction with its numbers.</summary>
internal static class ConstructionJson
{
    /// <summary>The members of the object.</summary>
    public static void Write(Utf8JsonWriter json, ConstructedFlow built)
    {
        ConstructionTask task = built.Task;
        bool affine = task.Family == FlowFamily.Acf;
        json.WriteString("target", task.Target.Name);
        json.WriteString("domain", task.Domain.ToString());
        json.WriteNumber("dimension", task.Target.Dimension);
        json.WriteString("family", Names.Of(task.Family));
        if (affine) json.WriteString("route", task.ChosenRoute.ToString().ToLowerInvariant());
        else json.WriteString("conditioner", task.Conditioner == ConditionerKind.Chebyshev ? "chebyshev" : "mlp");
        json.WriteString("norm", task.Norm);
        json.WriteNumber("epsilon", task.Epsilon);
        json.WriteNumber(affine ? "compilerEpsilon" : "supEpsilon", built.CompilerEpsilon);
        json.WriteBoolean("met", built.Met);
        json.Finite("error", built.Error);
        if (built.Refusal is { } refusal)
        {
            json.WriteStartObject("refusal");
            json.WriteString("step", refusal.Step);
            json.WriteString("reason", refusal.Reason);
            json.WriteEndObject();
        }

        if (built.Flow is { } flow)
        {
            json.WriteNumber("layers", affine ? new FlowSummary(flow).Layers : built.Chains.Sum(c => c.Layers.Count));
            json.WriteNumber("parameters", flow.Parameters.Sum(q => q.Count));
        }

        if (built.Measured is { } measured) Write(json, measured, task.Exponent);
        if (built.Witness is { } witness) Write(json, witness);
        else json.Objects("chains", built.Chains, chain => Write(json, chain));
    }

    private static void Write(Utf8JsonWriter json, MeasuredFlow measured, double exponent)
    {
        json.WriteStartObject("measured");
        json.Finite("sup", measured.Norms.Sup);
        json.Numbers("supAt", measured.Norms.SupAt);
        if (measured.OffSet is { } off)
        {
            json.Finite("l1OffSet", off.L1);
            json.Finite("l1Uncertainty", off.L1Error);
            json.Finite("l2OffSet", off.L2);
            json.Finite("l2Uncertainty", off.L2Error);
            json.Finite("supOffSet", off.Sup);
            json.WriteNumber("points", off.Points);
            json.WriteNumber("pointsOnSet", off.OnSet);
        }
        else
        {
            json.Finite("l1", measured.Norms.L1);
            json.Finite("l2", measured.Norms.L2);
            json.Finite("rmse", measured.Norms.Rmse);
            json.Finite("c1", measured.Norms.C1);
        }

        json.Finite("inverse", measured.Inverse);
        json.WriteEndObject();
        if (measured.Set is not { } set) return;
        json.WriteStartObject("exceptionalSet");
        json.Finite("measure", set.Measure);
        json.Finite("size", set.Size);
        json.Finite("contribution", set.Contribution(exponent));
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, AffineWitness witness)
    {
        json.WriteStartObject("constants");
        foreach (Quantity q in witness.Constants) json.Finite(q.Key, q.Value);
        json.WriteEndObject();
        json.Objects("budget", witness.Budget, item =>
        {
            json.WriteString("source", item.Key);
            json.WriteString("meaning", item.Meaning);
            json.Finite("contribution", item.Contribution);
        });
        json.Finite("bound", witness.Bound);
        if (witness.Maps.Count == 0) return;
        json.Objects("maps", witness.Maps, map =>
        {
            json.WriteNumber("coordinate", map.Coordinate + 1);
            json.Numbers("cells", map.Cells.Select(n => (double)n));
            json.WriteNumber("pieces", map.Pieces);
            json.Finite("store", map.Store);
            json.Finite("margin", map.Margin);
            json.Finite("excess", map.Excess);
            json.Finite("ramp", map.Ramp);
            json.WriteNumber("units", map.Units);
            json.Finite("amplification", map.Amplification);
            json.Finite("allotted", map.Allotted);
            json.Finite("realised", map.Realised);
        });
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
