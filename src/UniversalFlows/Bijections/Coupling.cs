using UniversalFlows.Bijections.Conditioners;
using UniversalFlows.Bijections.Transformers;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Bijections;

/// <summary>
/// A coupling: the passive coordinates stay and set the parameters of a monotone map of each active one,
/// y_passive = x_passive, y_i = f(x_i; c_i(x_passive)) for i active; coordinates in neither list stay too. log|det| is the sum of the
/// log-derivatives. The single-coordinate couplings of Teshima et al. 2020 have one active coordinate and d − 1 passive ones.
/// </summary>
/// <remarks>The conditioner's outputs are one block of <see cref="ITransformer.RawCount"/> numbers for each active coordinate, in the order of <see cref="Active"/>.</remarks>
public sealed class Coupling : IBijection
{
    private readonly int[] _passive, _active;

    /// <summary>A coupling of R^d.</summary>
    /// <exception cref="ArgumentException">An index outside 0 … d − 1 or listed twice, no active coordinate, a conditioner of the wrong shape, or a parameter that is not finite.</exception>
    public Coupling(int dimension, ReadOnlySpan<int> passive, ReadOnlySpan<int> active, ITransformer transformer, IConditioner conditioner)
    {
        ArgumentNullException.ThrowIfNull(transformer);
        ArgumentNullException.ThrowIfNull(conditioner);
        if (active.Length == 0) throw new ArgumentException("a coupling has at least one active coordinate", nameof(active));
        bool[] seen = new bool[dimension];
        foreach (int i in (ReadOnlySpan<int>)[.. passive, .. active])
        {
            if (i < 0 || i >= dimension) throw new ArgumentException($"coordinate {i} is not one of 0 … {dimension - 1}", nameof(active));
            if (seen[i]) throw new ArgumentException($"coordinate {i} is listed twice", nameof(active));
            seen[i] = true;
        }

        if (conditioner.Inputs != passive.Length)
            throw new ArgumentException($"the conditioner takes {conditioner.Inputs} numbers, but {passive.Length} coordinates are passive", nameof(conditioner));
        if (conditioner.Outputs != active.Length * transformer.RawCount)
        {
            throw new ArgumentException(
                $"the conditioner gives {conditioner.Outputs} numbers, but {active.Length} active coordinates need {transformer.RawCount} each",
                nameof(conditioner));
        }

        foreach (Dense layer in conditioner.Parameters)
            if (layer.All.ContainsAnyExceptInRange(double.MinValue, double.MaxValue)) throw new ArgumentException("a parameter of the conditioner is not finite", nameof(conditioner));
        (Dimension, _passive, _active, Transformer, Conditioner) = (dimension, passive.ToArray(), active.ToArray(), transformer, conditioner);
    }

    /// <inheritdoc/>
    public int Dimension { get; }

    /// <summary>The coordinates that stay and feed the conditioner, in its order.</summary>
    public IReadOnlyList<int> Passive => _passive;

    /// <summary>The coordinates that are transformed.</summary>
    public IReadOnlyList<int> Active => _active;

    /// <summary>f.</summary>
    public ITransformer Transformer { get; }

    /// <summary>c.</summary>
    public IConditioner Conditioner { get; }

    /// <inheritdoc/>
    public IEnumerable<Dense> Parameters => Conditioner.Parameters;

    /// <inheritdoc/>
    public void Map<T>(Span<T> x) where T : unmanaged, IScalar<T>
    {
        using Scratch<T> scratch = Workspace<T>();
        ReadOnlySpan<T> raw = Raw(x, scratch.Take(_passive.Length), scratch.Take(Conditioner.Outputs));
        Span<T> p = scratch.Take(Transformer.ParameterCount);
        for (int j = 0; j < _active.Length; j++)
        {
            Transformer.Parameters(raw.Slice(j * Transformer.RawCount, Transformer.RawCount), p);
            x[_active[j]] = Transformer.Value<T>(x[_active[j]], p);
        }
    }

    /// <inheritdoc/>
    public T Forward<T>(Span<T> x) where T : unmanaged, IScalar<T>
    {
        using Scratch<T> scratch = Workspace<T>();
        ReadOnlySpan<T> raw = Raw(x, scratch.Take(_passive.Length), scratch.Take(Conditioner.Outputs));
        Span<T> p = scratch.Take(Transformer.ParameterCount);
        T logDet = T.Constant(0);
        for (int j = 0; j < _active.Length; j++)
        {
            Transformer.Parameters(raw.Slice(j * Transformer.RawCount, Transformer.RawCount), p);
            x[_active[j]] = Transformer.Forward(x[_active[j]], p, out T logDerivative);
            logDet += logDerivative;
        }

        return logDet;
    }

    /// <inheritdoc/>
    public T Inverse<T>(Span<T> y, ref InverseStatus status) where T : unmanaged, IScalar<T>
    {
        using Scratch<T> scratch = Workspace<T>();
        ReadOnlySpan<T> raw = Raw(y, scratch.Take(_passive.Length), scratch.Take(Conditioner.Outputs));
        Span<T> p = scratch.Take(Transformer.ParameterCount);
        T logDet = T.Constant(0);
        for (int j = 0; j < _active.Length; j++)
        {
            Transformer.Parameters(raw.Slice(j * Transformer.RawCount, Transformer.RawCount), p);
            T x = y[_active[j]] = Transformer.Inverse(y[_active[j]], p, out T logDerivative, ref status);
            status = Finiteness.Lower(status, x);
            status = Finiteness.Lower(status, logDerivative);
            logDet += logDerivative;
        }

        return logDet;
    }

    private Scratch<T> Workspace<T>() where T : unmanaged => new(_passive.Length + Conditioner.Outputs + Transformer.ParameterCount);

    private Span<T> Raw<T>(ReadOnlySpan<T> x, Span<T> passive, Span<T> raw) where T : unmanaged, IScalar<T>
    {
        for (int i = 0; i < _passive.Length; i++) passive[i] = x[_passive[i]];
        Conditioner.Evaluate<T>(passive, raw);
        return raw;
    }
}
