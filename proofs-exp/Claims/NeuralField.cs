using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Proofs.Claims;

/// <summary>
/// The vector field f(z) = W₂ tanh(W₁ z + b₁) + b₂ of R^d with h hidden units, over any scalar, and its products aᵀ∂f from the left. The parameters θ stand in one row: W₁, b₁, W₂, b₂.
/// </summary>
internal sealed class NeuralField(int dimension, int hidden)
{
    public int Dimension => dimension;

    /// <summary>The number of parameters.</summary>
    public int Parameters => (2 * hidden * dimension) + hidden + dimension;

    /// <summary>Random parameters: N(0, gain²/fan-in) weights, N(0, ¼) biases.</summary>
    public double[] Random(ulong seed, double gain)
    {
        Philox random = new(seed, $"neural field {dimension} {hidden}");
        double[] theta = new double[Parameters];
        random.FillNormal(theta);
        int first = hidden * dimension;
        for (int i = 0; i < theta.Length; i++)
        {
            bool inner = i < first, bias = (i >= first && i < first + hidden) || i >= theta.Length - dimension;
            theta[i] *= bias ? 0.5 : gain / Math.Sqrt(inner ? dimension : hidden);
        }

        return theta;
    }

    /// <summary>f.</summary>
    public void Evaluate<T>(ReadOnlySpan<T> theta, ReadOnlySpan<T> z, Span<T> f) where T : unmanaged, IScalar<T>
    {
        Span<T> y = new T[hidden];
        Activations(theta, z, y);
        int second = (hidden * dimension) + hidden, shift = second + (hidden * dimension);
        for (int i = 0; i < dimension; i++)
        {
            T sum = theta[shift + i];
            for (int j = 0; j < hidden; j++) sum += theta[second + (i * hidden) + j] * y[j];
            f[i] = sum;
        }
    }

    /// <summary>aᵀ∂f/∂z and aᵀ∂f/∂θ, by one sweep forward and one back.</summary>
    public void PullBack<T>(ReadOnlySpan<T> theta, ReadOnlySpan<T> z, ReadOnlySpan<T> a, Span<T> toState, Span<T> toParameters) where T : unmanaged, IScalar<T>
    {
        Span<T> y = new T[hidden];
        Activations(theta, z, y);
        int bias = hidden * dimension, second = bias + hidden, shift = second + (hidden * dimension);
        for (int i = 0; i < dimension; i++)
        {
            toState[i] = T.Constant(0);
            toParameters[shift + i] = a[i];
        }

        for (int j = 0; j < hidden; j++)
        {
            T sum = T.Constant(0);
            for (int i = 0; i < dimension; i++)
            {
                sum += a[i] * theta[second + (i * hidden) + j];
                toParameters[second + (i * hidden) + j] = a[i] * y[j];
            }

            T inner = sum * (1 - (y[j] * y[j]));
            toParameters[bias + j] = inner;
            for (int k = 0; k < dimension; k++)
            {
                toState[k] += inner * theta[(j * dimension) + k];
                toParameters[(j * dimension) + k] = inner * z[k];
            }
        }
    }

    /// <summary>tr ∂f/∂z = Σ_j (1 − tanh²)_j Σ_i (W₂)_ij (W₁)_ji.</summary>
    public T Divergence<T>(ReadOnlySpan<T> theta, ReadOnlySpan<T> z) where T : unmanaged, IScalar<T>
    {
        Span<T> y = new T[hidden];
        Activations(theta, z, y);
        int second = (hidden * dimension) + hidden;
        T trace = T.Constant(0);
        for (int j = 0; j < hidden; j++)
        {
            T sum = T.Constant(0);
            for (int i = 0; i < dimension; i++) sum += theta[second + (i * hidden) + j] * theta[(j * dimension) + i];
            trace += sum * (1 - (y[j] * y[j]));
        }

        return trace;
    }

    private void Activations<T>(ReadOnlySpan<T> theta, ReadOnlySpan<T> z, Span<T> y) where T : unmanaged, IScalar<T>
    {
        for (int j = 0; j < hidden; j++)
        {
            T sum = theta[(hidden * dimension) + j];
            for (int k = 0; k < dimension; k++) sum += theta[(j * dimension) + k] * z[k];
            y[j] = T.Tanh(sum);
        }
    }
}
