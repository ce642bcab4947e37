namespace UniversalFlows.Numerics;

/// <summary>What a numerical inverse can say of itself; the worst of all lanes and layers is reported.</summary>
public enum InverseStatus
{
    /// <summary>The residual |f(x) − y| is within tolerance, or the inverse is a closed form.</summary>
    Converged,

    /// <summary>The bracket closed to the resolution of doubles before the residual was within tolerance: f is too steep there.</summary>
    Stalled,

    /// <summary>No bracket was found: y is not in the image, as far as doubles can tell.</summary>
    NotBracketed,

    /// <summary>The map is not injective: y may have several preimages, and none is singled out.</summary>
    NotUnique,

    /// <summary>The function or its argument is not finite.</summary>
    NotFinite,
}
