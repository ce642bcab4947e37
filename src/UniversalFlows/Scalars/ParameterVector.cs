namespace UniversalFlows.Scalars;

/// <summary>θ: the parameters of many <see cref="Dense"/> layers in one array, in the order given. The layers read it directly.</summary>
/// <remarks>A layer belongs to one vector: making another with the same layers moves them there, and this one's values no longer count.</remarks>
public sealed class ParameterVector
{
    private readonly double[] _theta;

    /// <summary>Gathers the layers' present parameters and makes the layers read from the common array from now on.</summary>
    /// <exception cref="ArgumentException">A layer occurs twice.</exception>
    public ParameterVector(IEnumerable<Dense> layers)
    {
        ArgumentNullException.ThrowIfNull(layers);
        Layers = [.. layers];
        if (Layers.Distinct(ReferenceEqualityComparer.Instance).Count() != Layers.Count)
            throw new ArgumentException("a layer occurs twice; shared parameters are not supported", nameof(layers));
        Count = Layers.Sum(l => l.Count);
        _theta = new double[Count];
        int offset = 0;
        for (int i = 0; i < Layers.Count; i++)
        {
            Layers[i].MoveTo(_theta, offset, i);
            offset += Layers[i].Count;
        }
    }

    /// <summary>The layers, in the order of their offsets.</summary>
    public IReadOnlyList<Dense> Layers { get; }

    /// <summary>The number of parameters.</summary>
    public int Count { get; }

    /// <summary>The parameters themselves.</summary>
    public Span<double> Values => _theta;
}
