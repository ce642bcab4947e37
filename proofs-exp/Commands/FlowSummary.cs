using UniversalFlows.Bijections;
using UniversalFlows.Bijections.Autoregressive;
using UniversalFlows.Bijections.Conditioners;
using UniversalFlows.Bijections.Residuals;
using UniversalFlows.Bijections.Transformers;
using UniversalFlows.Scalars;

namespace UniversalFlows.Proofs.Commands;

/// <summary>Layers of one kind.</summary>
/// <param name="Kind">What they are, such as <c>rqs coupling</c>.</param>
/// <param name="Details">Transformer and conditioner.</param>
/// <param name="ForwardClosed">Whether base to data is a closed form.</param>
/// <param name="InverseClosed">Whether data to base is a closed form.</param>
internal sealed record LayerKind(string Kind, string Details, bool ForwardClosed, bool InverseClosed)
{
    /// <summary>How many layers.</summary>
    public int Count { get; set; }

    /// <summary>Trainable numbers of all of them.</summary>
    public long Parameters { get; set; }

    /// <summary>The largest |number| in them.</summary>
    public double Largest { get; set; }
}

/// <summary>What a flow is made of: its layers by kind, however many there are.</summary>
internal sealed class FlowSummary
{
    private readonly Dictionary<(string, string, bool), LayerKind> _kinds = [];

    public FlowSummary(Composition flow)
    {
        Dimension = flow.Dimension;
        Add(flow, inverted: false);
    }

    public int Dimension { get; }

    /// <summary>In the order of their first layer.</summary>
    public IReadOnlyCollection<LayerKind> Kinds => _kinds.Values;

    public int Layers => Kinds.Sum(k => k.Count);

    public long Parameters => Kinds.Sum(k => k.Parameters);

    public double Largest => Kinds.Select(k => k.Largest).DefaultIfEmpty(0).Max();

    /// <summary>Which way the flow is a closed form.</summary>
    public string Direction => (Kinds.All(k => k.ForwardClosed), Kinds.All(k => k.InverseClosed)) switch
    {
        (true, true) => "both",
        (true, false) => "forward",
        (false, true) => "inverse",
        _ => "neither",
    };

    private void Add(IBijection layer, bool inverted)
    {
        switch (layer)
        {
            case Composition composition:
                foreach (IBijection part in composition.Parts) Add(part, inverted);
                return;
            case Inversion inversion:
                Add(inversion.Inner, !inverted);
                return;
        }

        (string kind, string details, bool inverseClosed) = Describe(layer);
        (string, string, bool) key = (kind, details, inverted);
        if (!_kinds.TryGetValue(key, out LayerKind? group))
        {
            group = inverted ? new LayerKind($"inverse of {kind}", details, inverseClosed, true) : new LayerKind(kind, details, true, inverseClosed);
            _kinds.Add(key, group);
        }

        group.Count++;
        foreach (Dense dense in layer.Parameters)
        {
            group.Parameters += dense.Count;
            foreach (double w in dense.All) group.Largest = Math.Max(group.Largest, Math.Abs(w));
        }

        if (layer is Linear linear)
        {
            foreach (double a in linear.Matrix) group.Largest = Math.Max(group.Largest, Math.Abs(a));
        }
    }

    /// <summary>Every formula here is closed from base to data; a transformer without a closed inverse, and a layer that moves all coordinates, need a root search back.</summary>
    private static (string Kind, string Details, bool InverseClosed) Describe(IBijection layer) => layer switch
    {
        Coupling c => (
            $"{Family(c.Transformer)} coupling", $"{Transformer(c.Transformer)}; {c.Passive.Count} passive, {c.Active.Count} active; {Conditioner(c.Conditioner)}",
            HasClosedInverse(c.Transformer)),
        AutoregressiveFlow a => (
            $"{Family(a.Transformer)} autoregressive",
            $"{Transformer(a.Transformer)}; order {Order(a.Order)}; masked mlp {string.Join('-', a.Network.Degrees.Select(l => l.Count).Prepend(a.Dimension).Append(a.Dimension * a.Network.Outputs))} {a.Network.Activation.ToString().ToLowerInvariant()}",
            HasClosedInverse(a.Transformer)),
        Linear l => ("linear map", $"fixed, det {(l.Sign > 0 ? "> 0" : "< 0")}", true),
        PlanarFlow => ("planar", "one tanh unit", false),
        SylvesterFlow s => ("sylvester", $"{s.Rank} tanh unit{(s.Rank == 1 ? "" : "s")}, triangular", false),
        ResidualFlow r => ("residual", $"Lipschitz constant <= {r.Lipschitz:R}, mlp {string.Join('-', r.Widths)} {r.Activation.ToString().ToLowerInvariant()}", false),
        Permutation => ("permutation", "fixed", true),
        _ => (layer.GetType().Name, "", false),
    };

    private static bool HasClosedInverse(ITransformer transformer) => transformer is AffineTransformer or RationalQuadraticTransformer;

    private static string Order(IReadOnlyList<int> order) => order.Count <= 8 ? string.Join(' ', order) : $"{string.Join(' ', order.Take(8))} ...";

    private static string Family(ITransformer transformer) => transformer switch
    {
        AffineTransformer { Scale: null } => "additive",
        AffineTransformer => "affine",
        SumOfSquaresTransformer => "sos",
        DeepSigmoidalTransformer => "dsf",
        DeepDenseSigmoidalTransformer => "ddsf",
        RationalQuadraticTransformer => "rqs",
        _ => transformer.GetType().Name,
    };

    private static string Transformer(ITransformer transformer) => transformer switch
    {
        AffineTransformer { Scale: null } => "x + t",
        AffineTransformer { Scale: { } scale } => $"x e^s + t, e^s by {Positive(scale)}",
        SumOfSquaresTransformer s => $"{s.Squares} square{(s.Squares == 1 ? "" : "s")} of degree {s.Degree}",
        DeepSigmoidalTransformer s => $"{s.Sigmoids} sigmoids",
        DeepDenseSigmoidalTransformer s => $"layers of {string.Join(", ", s.Widths)} sigmoids",
        RationalQuadraticTransformer r => $"{r.Bins} bins on [{r.Lower:R}, {r.Upper:R}], {(r.FreeTails ? "linear" : "identity")} tails",
        _ => "",
    };

    private static string Positive(PositiveMap map) =>
        map.Kind.ToString().ToLowerInvariant() + (double.IsFinite(map.Bound) ? $" (|.| <= {map.Bound:R})" : "");

    private static string Conditioner(IConditioner conditioner) => conditioner switch
    {
        MultilayerPerceptron m => $"mlp {string.Join('-', m.Layers.Select(l => l.Inputs).Append(m.Outputs))} {m.Activation.ToString().ToLowerInvariant()}",
        ChebyshevConditioner c => $"chebyshev of degrees {string.Join(',', c.Degrees)}",
        TableConditioner t => $"table of {t.Knots.Count} knots",
        ConstantConditioner => "constant",
        ClippedConditioner c => $"{Conditioner(c.Inner)}, clipped",
        _ => conditioner.GetType().Name,
    };
}
