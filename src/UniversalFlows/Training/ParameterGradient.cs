using System.Runtime.Intrinsics;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Training;

/// <summary>
/// Collects ∂L/∂θ over the panels of one chunk of samples. Wide layers accumulate Δ Xᵀ from a transposed X; layers with a thin side and
/// biases accumulate eight partial sums an entry, reduced once a chunk in fixed order.
/// </summary>
internal sealed unsafe class ParameterGradient : IDisposable
{
    // below these sizes the transposition costs more than the reduction
    private const int WideInputs = 24, WideOutputs = 8;

    private readonly ParameterVector _theta;
    private readonly long[] _weights, _biases;
    private readonly AlignedBuffer _sums, _transposed;

    public ParameterGradient(ParameterVector theta)
    {
        _theta = theta;
        _weights = new long[theta.Layers.Count];
        _biases = new long[theta.Layers.Count];
        long next = 0, widest = 0;
        for (int i = 0; i < theta.Layers.Count; i++)
        {
            Dense layer = theta.Layers[i];
            _weights[i] = next;
            next += Wide(layer) ? (long)layer.Outputs * Stride(layer) : (long)layer.Outputs * layer.Inputs * Lanes.Width;
            _biases[i] = next;
            next += (long)layer.Outputs * Lanes.Width;
            if (Wide(layer)) widest = Math.Max(widest, Stride(layer));
        }

        _sums = new AlignedBuffer(next);
        _transposed = new AlignedBuffer(widest * Tape.Panel);
    }

    public void Dispose()
    {
        _sums.Dispose();
        _transposed.Dispose();
    }

    /// <summary>Before the first panel of a chunk.</summary>
    public void Clear() => _sums.Clear();

    /// <summary>The sink of a backward pass.</summary>
    public readonly struct Sink(ParameterGradient owner) : IParameterSink
    {
        public static bool Ignores => false;

        public void Receive(Dense layer, double* inputs, double* cotangents)
        {
            double* sums = owner._sums.Start;
            Kernels.RowSumsPanel(cotangents, layer.Outputs, (Vector512<double>*)(sums + owner._biases[layer.Index]));
            double* w = sums + owner._weights[layer.Index];
            if (Wide(layer))
            {
                int stride = Stride(layer);
                Kernels.TransposePanel(inputs, layer.Inputs, owner._transposed.Start, stride);
                Kernels.OuterProductPanel(cotangents, layer.Outputs, owner._transposed.Start, stride, w);
            }
            else
            {
                Kernels.ThinProductPanel(cotangents, layer.Outputs, inputs, layer.Inputs, (Vector512<double>*)w);
            }
        }
    }

    /// <summary>Writes the chunk's gradient, laid out like θ.</summary>
    public void WriteTo(Span<double> gradient)
    {
        for (int i = 0; i < _theta.Layers.Count; i++)
        {
            Dense layer = _theta.Layers[i];
            int n = layer.Outputs, k = layer.Inputs;
            Span<double> weights = gradient.Slice(layer.Offset, n * k), biases = gradient.Slice(layer.Offset + (n * k), n);
            if (Wide(layer))
            {
                for (int r = 0; r < n; r++) _sums.Span(_weights[i] + ((long)r * Stride(layer)), k).CopyTo(weights[(r * k)..]);
            }
            else
            {
                Reduce(_weights[i], weights);
            }

            Reduce(_biases[i], biases);
        }
    }

    private void Reduce(long start, Span<double> target)
    {
        Vector512<double>* v = (Vector512<double>*)(_sums.Start + start);
        for (int j = 0; j < target.Length; j++) target[j] = VectorMath.Sum(v[j]);
    }

    private static bool Wide(Dense layer) => layer.Inputs >= WideInputs && layer.Outputs >= WideOutputs;

    private static int Stride(Dense layer) => (layer.Inputs + 31) & ~31;
}
