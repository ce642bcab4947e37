namespace UniversalFlows.Scalars;

/// <summary>The activation φ of a layer of a multilayer perceptron.</summary>
public enum Activation
{
    /// <summary>φ(x) = x.</summary>
    Identity,

    /// <summary>φ(x) = tanh x.</summary>
    Tanh,

    /// <summary>φ(x) = max(x, 0), NaN at NaN, φ′(0) = 0.</summary>
    ReLU,

    /// <summary>φ(x) = x·σ(x).</summary>
    SiLU,
}
