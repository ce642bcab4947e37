using UniversalFlows.Bijections;
using UniversalFlows.Numerics;

namespace UniversalFlows.Construction.Affine;

/// <summary>A composition in the making: affine maps that follow each other become one, and one that is the identity to 1e-14 is left out.</summary>
internal sealed class LayerChain
{
    private readonly int _dimension;
    private readonly List<IBijection> _layers = [];
    private double[] _matrix, _shift;

    public LayerChain(int dimension)
    {
        _dimension = dimension;
        (_matrix, _shift) = Identity(dimension);
    }

    /// <summary>x ↦ A x + b.</summary>
    public void Affine(ReadOnlySpan<double> matrix, ReadOnlySpan<double> shift)
    {
        int d = _dimension;
        double[] product = new double[d * d], moved = shift.ToArray();
        SmallMatrix.Multiply(matrix, _matrix, d, product);
        for (int i = 0; i < d; i++)
            for (int j = 0; j < d; j++) moved[i] = Math.FusedMultiplyAdd(matrix[(i * d) + j], _shift[j], moved[i]);
        (_matrix, _shift) = (product, moved);
    }

    /// <summary>x ↦ Q x.</summary>
    public void Rotate(ReadOnlySpan<double> orthogonal) => Affine(orthogonal, new double[_dimension]);

    /// <summary>x ↦ Qᵀ x.</summary>
    public void RotateBack(ReadOnlySpan<double> orthogonal)
    {
        int d = _dimension;
        double[] transposed = new double[d * d];
        for (int i = 0; i < d; i++)
            for (int j = 0; j < d; j++) transposed[(i * d) + j] = orthogonal[(j * d) + i];
        Rotate(transposed);
    }

    /// <summary>A layer.</summary>
    public void Add(IBijection layer)
    {
        Flush();
        _layers.Add(layer);
    }

    /// <summary>What follows is a linear map of its own: the product of two maps of condition 1/δ may have 1/δ².</summary>
    public void Break() => Flush();

    /// <summary>The composition.</summary>
    public Composition ToFlow()
    {
        Flush();
        return new Composition(_dimension, _layers);
    }

    private void Flush()
    {
        (double[] identity, double[] zero) = Identity(_dimension);
        bool same = true;
        for (int i = 0; i < identity.Length; i++) same &= Math.Abs(_matrix[i] - identity[i]) <= 1e-14;
        for (int i = 0; i < zero.Length; i++) same &= Math.Abs(_shift[i]) <= 1e-14;
        if (!same) _layers.Add(new Linear(_matrix, _shift));
        (_matrix, _shift) = (identity, zero);
    }

    private static (double[] Matrix, double[] Shift) Identity(int d)
    {
        double[] matrix = new double[d * d];
        for (int i = 0; i < d; i++) matrix[(i * d) + i] = 1;
        return (matrix, new double[d]);
    }
}
