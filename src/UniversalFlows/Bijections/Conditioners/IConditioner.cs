using UniversalFlows.Scalars;

namespace UniversalFlows.Bijections.Conditioners;

/// <summary>A map from the passive coordinates to the raw parameters of the active ones. All trainable numbers sit in <see cref="Dense"/> layers.</summary>
public interface IConditioner
{
    /// <summary>The number of passive coordinates.</summary>
    int Inputs { get; }

    /// <summary>The number of raw parameters.</summary>
    int Outputs { get; }

    /// <summary>The trainable layers, in the order of the flow file.</summary>
    IEnumerable<Dense> Parameters { get; }

    /// <summary>raw = c(x).</summary>
    void Evaluate<T>(ReadOnlySpan<T> x, Span<T> raw) where T : unmanaged, IScalar<T>;
}
