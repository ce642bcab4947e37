using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Training;

/// <summary>
/// The matrix E[JᵀJ] of outputs in the parameters, a block a layer, each block as a Kronecker product (Martens and Grosse 2015): with the layer's inputs a = (x, 1) and its cotangents δ_i of the outputs i,
/// E[Σ_i δ_iδ_iᵀ ⊗ aaᵀ] ≈ B ⊗ A, B = E[Σ_i δ_iδ_iᵀ], A = E[aaᵀ]. A solve then needs nothing larger than a layer is wide:
/// (B + √λ/π I)⁻¹ V (A + π√λ I)⁻¹ with π² = (tr A/dim A)/(tr B/dim B), which splits the damping λ between the two.
/// </summary>
/// <remarks>The factors are running means with weight ρ for the past, at the beginning plain means of all that was seen.</remarks>
internal sealed class KroneckerFactors
{
    private readonly Layer[] _layers;
    private readonly int _threads;
    private int _seen;

    public KroneckerFactors(ParameterVector theta, int threads)
    {
        _threads = threads;
        _layers = [.. theta.Layers.Select(l => new Layer(l))];
    }

    /// <summary>Takes the moments of a recorded Jacobian into the means, and inverts with damping λ.</summary>
    public void Update(SampleJacobian jacobian, double decay, double damping)
    {
        double past = Math.Min(decay, _seen / (_seen + 1.0));
        _seen++;
        Workers.For(_layers.Length, _threads, l => _layers[l].Update(jacobian, l, past, Math.Sqrt(damping)));
    }

    /// <summary>δ ← (B ⊗ A + λ)⁻¹ v, layer by layer, both laid out like θ.</summary>
    public void Solve(double[] v, double[] delta) => Workers.For(_layers.Length, _threads, l => _layers[l].Solve(v, delta));

    private sealed class Layer(Dense dense)
    {
        private readonly int _n = dense.Outputs, _k = dense.Inputs, _offset = dense.Offset;
        private readonly double[] _a = Square(dense.Inputs + 1), _newA = Square(dense.Inputs + 1), _inverseA = Square(dense.Inputs + 1);
        private readonly double[] _b = Square(dense.Outputs), _newB = Square(dense.Outputs), _inverseB = Square(dense.Outputs);
        private readonly double[] _half = new double[dense.Outputs * (dense.Inputs + 1)], _row = new double[dense.Inputs + 1];

        public void Update(SampleJacobian jacobian, int l, double past, double rootDamping)
        {
            jacobian.Moments(l, _newA, _newB);
            Mean(_a, _newA, past);
            Mean(_b, _newB, past);
            // a layer that has no influence yet has B = 0: then all of the damping is on its side
            double pi = Math.Sqrt(MeanOfDiagonal(_a, _k + 1) / Math.Max(MeanOfDiagonal(_b, _n), 1e-12));
            Inverse(_a, _k + 1, rootDamping * pi, _inverseA);
            Inverse(_b, _n, rootDamping / pi, _inverseB);
        }

        public void Solve(double[] v, double[] delta)
        {
            Span<double> weights = v.AsSpan(_offset, _n * _k), biases = v.AsSpan(_offset + (_n * _k), _n), row = _row;
            Array.Clear(_half);
            for (int i = 0; i < _n; i++)
            {
                Span<double> target = _half.AsSpan(i * (_k + 1), _k + 1);
                for (int j = 0; j < _n; j++)
                {
                    VectorMath.AddScaledTo(_inverseB[(i * _n) + j], weights.Slice(j * _k, _k), target[.._k]);
                    target[_k] = Math.FusedMultiplyAdd(_inverseB[(i * _n) + j], biases[j], target[_k]);
                }
            }

            for (int i = 0; i < _n; i++)
            {
                row.Clear();
                for (int j = 0; j <= _k; j++) VectorMath.AddScaledTo(_half[(i * (_k + 1)) + j], _inverseA.AsSpan(j * (_k + 1), _k + 1), row);
                row[.._k].CopyTo(delta.AsSpan(_offset + (i * _k)));
                delta[_offset + (_n * _k) + i] = row[_k];
            }
        }

        private static double[] Square(int order) => new double[order * order];

        private static void Mean(double[] mean, double[] next, double past)
        {
            for (int i = 0; i < mean.Length; i++) mean[i] = (past * mean[i]) + ((1 - past) * next[i]);
        }

        private static double MeanOfDiagonal(double[] a, int order)
        {
            double sum = 0;
            for (int i = 0; i < order; i++) sum += a[(i * order) + i];
            return sum / order;
        }

        private static void Inverse(double[] a, int order, double damping, double[] inverse)
        {
            a.CopyTo(inverse, 0);
            for (int i = 0; i < order; i++) inverse[(i * order) + i] += damping;
            SmallMatrix.InvertPositiveDefinite(inverse, order);
        }
    }
}
