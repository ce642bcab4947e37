namespace UniversalFlows.Construction;

/// <summary>Where the affine part of a construction stands. All three are exact; on boxes they differ by orders of magnitude.</summary>
public enum AffineOrder
{
    /// <summary>f = h∘A: the isotopy F_t(x) = f(tx)/t begins at the linear map A = Df(0).</summary>
    First,

    /// <summary>f = A∘h: the isotopy A⁻¹F_t begins at the identity.</summary>
    Last,

    /// <summary>f = C₁∘h: the isotopy C_t⁻¹F_t begins at the identity, C_t the affine map nearest to F_t on K in the mean square, C_0 = A.</summary>
    Moving,
}
