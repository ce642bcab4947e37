namespace UniversalFlows.Bijections;

/// <summary>What is said of a family wherever families are listed.</summary>
/// <param name="Family">The family.</param>
/// <param name="What">Its name in words.</param>
/// <param name="Formula">The transformer of one coordinate, or the layer where there is none, in plain characters.</param>
public sealed record FlowFamilyInfo(FlowFamily Family, string What, string Formula)
{
    /// <summary>What the depth counts: couplings, autoregressive layers, or layers of the family's own kind.</summary>
    public string Layer => Family switch
    {
        FlowFamily.Maf or FlowFamily.Naf => "autoregressive layer",
        FlowFamily.Planar or FlowFamily.Sylvester or FlowFamily.Residual => "layer",
        _ => "coupling",
    };
}

/// <summary>The table of families: programs and reports read names and formulas from here.</summary>
public static class FlowFamilies
{
    /// <summary>All families, in the order of <see cref="FlowFamily"/>.</summary>
    public static IReadOnlyList<FlowFamilyInfo> All { get; } = [.. Enum.GetValues<FlowFamily>().Select(Of)];

    /// <summary>One family.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such family.</exception>
    public static FlowFamilyInfo Of(FlowFamily family) => family switch
    {
        FlowFamily.Acf => new(family, "affine couplings", "f(x) = x e^s + t"),
        FlowFamily.Sos => new(family, "sum-of-squares polynomials", "f(x) = c + integral_0^x (linear + sum_k p_k(u)^2) du"),
        FlowFamily.Dsf => new(family, "deep sigmoidal", "f(x) = logit(sum_j w_j sigma(a_j x + b_j))"),
        FlowFamily.Ddsf => new(family, "deep dense sigmoidal", "f = h_L, h_l = logit(W_l sigma(a_l * (U_l h_{l-1}) + b_l)), h_0 = x"),
        FlowFamily.Rqs => new(family, "rational-quadratic splines", "f = rational quadratic in each bin, linear tails"),
        FlowFamily.Nice => new(family, "additive couplings: volume preserving, the negative control", "f(x) = x + t"),
        FlowFamily.Maf => new(family, "masked autoregressive: affine", "f_k(x) = x_k e^{s(x_1..x_{k-1})} + t(x_1..x_{k-1})"),
        FlowFamily.Naf => new(family, "neural autoregressive: deep sigmoidal", "f_k(x) = logit(sum_j w_j sigma(a_j x_k + b_j)), w, a, b of x_1..x_{k-1}"),
        FlowFamily.Planar => new(family, "planar: one hidden unit a layer", "f(x) = x + u tanh(w.x + b), w.u > -1"),
        FlowFamily.Sylvester => new(family, "Sylvester: d hidden units a layer", "f(x) = x + Q R tanh(S Q^T x + b), R and S triangular, r_ii s_ii > -1"),
        FlowFamily.Residual => new(family, "residual: exact Lipschitz control", "f(x) = x + g(x), Lip g <= 0.9 by exact spectral norms"),
        _ => throw new ArgumentOutOfRangeException(nameof(family)),
    };
}
