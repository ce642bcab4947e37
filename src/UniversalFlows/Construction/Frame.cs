using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Construction;

/// <summary>A moment t of an isotopy with its affine frame C_t(y) = M y + b.</summary>
public sealed class Frame
{
    internal Frame(double time, double[] matrix, double[] shift)
    {
        int d = shift.Length;
        (Time, Matrix, Shift, Backward) = (time, matrix, shift, new Dense(d, d) { Frozen = true });
        IsInvertible = SmallMatrix.Invert(matrix, d, Backward.Weights);
        if (!IsInvertible) return;
        // C⁻¹(z) = M⁻¹z − M⁻¹b
        for (int i = 0; i < d; i++)
            for (int j = 0; j < d; j++) Backward.Bias[i] = Math.FusedMultiplyAdd(-Backward.Weights[(i * d) + j], shift[j], Backward.Bias[i]);
    }

    /// <summary>t ∈ [0, 1].</summary>
    public double Time { get; }

    /// <summary>M, row by row.</summary>
    public ReadOnlyMemory<double> Matrix { get; }

    /// <summary>b.</summary>
    public ReadOnlyMemory<double> Shift { get; }

    /// <summary>Whether M⁻¹ exists.</summary>
    public bool IsInvertible { get; }

    /// <summary>C⁻¹.</summary>
    internal Dense Backward { get; }
}
