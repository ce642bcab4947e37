using System.Runtime.CompilerServices;
using UniversalFlows.Bijections;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Training;

/// <summary>A function of the parameters at every sample, with some outputs.</summary>
internal interface ISampleOutputs
{
    /// <summary>How many numbers a sample has.</summary>
    int Columns { get; }

    /// <summary>How many outputs.</summary>
    int Outputs { get; }

    /// <summary>Writes the outputs at a panel of samples.</summary>
    void Record(ReadOnlySpan<Node> sample, Span<Node> outputs);
}

/// <summary>
/// The Jacobian J of outputs in the parameters at n samples, by its factors alone: for every dense layer the inputs X and, for
/// each output i, the cotangents Δ_i of the layer's outputs. Row (i, s) of J restricted to the layer is Δ_i,s ⊗ (X_s, 1), so
/// J Jᵀ = Σ_layers (ΔᵀΔ) ∘ (XᵀX + 1) (a Khatri–Rao product) and Jᵀα = Σ_s (Σ_i α_{i,s} Δ_i,s) ⊗ (X_s, 1).
/// </summary>
internal sealed unsafe class SampleJacobian : IDisposable
{
    private const int Strip = 32;

    private readonly ISampleOutputs _function;
    private readonly ParameterVector _theta;
    private readonly long[] _inputs, _cotangents;
    private readonly int _samples, _outputs, _inputStride, _rowStride;
    private readonly AlignedBuffer _x, _delta;

    /// <param name="function">What the rows are the derivatives of.</param>
    /// <param name="theta">Its parameters.</param>
    /// <param name="samples">n, a multiple of 64.</param>
    public SampleJacobian(ISampleOutputs function, ParameterVector theta, int samples)
    {
        if (samples % Tape.Panel != 0) throw new ArgumentException($"the number of samples must be a multiple of {Tape.Panel}", nameof(samples));
        (_function, _theta, _samples, _outputs) = (function, theta, samples, function.Outputs);
        // eight columns more than a power of two: rows then spread over the cache sets
        _inputStride = samples + 8;
        _rowStride = (samples * _outputs) + 8;
        _inputs = new long[theta.Layers.Count];
        _cotangents = new long[theta.Layers.Count];
        long x = 0, delta = 0;
        for (int i = 0; i < theta.Layers.Count; i++)
        {
            (_inputs[i], _cotangents[i]) = (x, delta);
            x += (long)theta.Layers[i].Inputs * _inputStride;
            delta += (long)theta.Layers[i].Outputs * _rowStride;
        }

        _x = new AlignedBuffer(x);
        _delta = new AlignedBuffer(delta);
    }

    /// <summary>n·d, the order of J Jᵀ; row (i, s) is number i·n + s.</summary>
    public int Order => _samples * _outputs;

    /// <summary>Records J at the first n samples of the batch and writes the outputs there, numbered like the rows.</summary>
    public void Record(Batch batch, Span<double> outputs, int threads)
    {
        fixed (double* r = outputs)
        {
            double* rows = r;
            Workers.For(_samples / Tape.Panel, threads, panel => RecordPanel(batch, panel, rows));
        }
    }

    private void RecordPanel(Batch batch, int panel, double* outputs)
    {
        Tape tape = Tape.Current;
        tape.Reset();
        using Scratch<Node> scratch = new(_function.Columns + _outputs);
        Span<Node> sample = scratch.Take(_function.Columns), y = scratch.Take(_outputs);
        for (int c = 0; c < sample.Length; c++) sample[c] = tape.Leaf(batch.Panel(c, panel));
        _function.Record(sample, y);
        Span<double> ones = stackalloc double[Tape.Panel];
        ones.Fill(1);
        for (int i = 0; i < _outputs; i++)
        {
            tape.Read(y[i], new Span<double>(outputs + (i * _samples) + (panel * Tape.Panel), Tape.Panel));
            tape.ClearGradients();
            tape.Seed(y[i], ones);
            Sink sink = new(this, panel * Tape.Panel, i);
            tape.Backward(ref sink);
        }
    }

    /// <summary>Upper triangle of J Jᵀ + λI.</summary>
    public void Gram(double* g, int stride, double lambda, int threads)
    {
        int strips = _samples / Strip;
        Workers.For(strips, threads, strip =>
        {
            for (int i = 0; i < _outputs; i++)
            {
                for (int s = strip * Strip; s < (strip + 1) * Strip; s++)
                {
                    double* row = g + (((i * (long)_samples) + s) * stride);
                    int first = ((i * _samples) + s) & ~(Strip - 1);
                    new Span<double>(row + first, Order - first).Clear();
                }
            }

            for (int l = 0; l < _theta.Layers.Count; l++) AddLayer(l, strip, g, stride);
            for (int i = 0; i < _outputs; i++)
                for (int s = strip * Strip; s < (strip + 1) * Strip; s++) g[((i * (long)_samples) + s) * (stride + 1L)] += lambda;
        });
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddLayer(int l, int strip, double* g, int stride)
    {
        Dense layer = _theta.Layers[l];
        double* x = _x.Start + _inputs[l], delta = _delta.Start + _cotangents[l];
        double* xx = stackalloc double[4 * Strip], ones = stackalloc double[4];
        new Span<double>(ones, 4).Fill(1);
        for (int s = strip * Strip; s < (strip + 1) * Strip; s += 4)
        {
            for (int t = 0; t < _samples; t += Strip)
            {
                Kernels.Tile4(ones, 1, true, x + s, 1, _inputStride, x + t, _inputStride, layer.Inputs, xx, Strip);
                for (int i = 0; i < _outputs; i++)
                {
                    for (int j = i; j < _outputs; j++)
                    {
                        if (i == j && t + Strip <= s) continue;
                        double* target = g + (((i * (long)_samples) + s) * stride) + (j * _samples) + t;
                        Kernels.HadamardTile4(xx, delta + (i * _samples) + s, delta + (j * _samples) + t, _rowStride, layer.Outputs, target, stride);
                    }
                }
            }
        }
    }

    /// <summary>The second moments of a layer: A = mean of (X_s, 1)(X_s, 1)ᵀ and B = mean over s of Σ_i Δ_i,s Δ_i,sᵀ, row by row.</summary>
    public void Moments(int l, Span<double> inputs, Span<double> cotangents)
    {
        Dense layer = _theta.Layers[l];
        int k = layer.Inputs + 1, n = layer.Outputs;
        for (int i = 0; i < k; i++)
            for (int j = 0; j <= i; j++) inputs[(i * k) + j] = inputs[(j * k) + i] = i == layer.Inputs ? j == layer.Inputs ? 1 : VectorMath.Sum(Input(j)) / _samples : VectorMath.Dot(Input(i), Input(j)) / _samples;
        for (int i = 0; i < n; i++)
            for (int j = 0; j <= i; j++) cotangents[(i * n) + j] = cotangents[(j * n) + i] = VectorMath.Dot(Cotangent(i), Cotangent(j)) / _samples;

        ReadOnlySpan<double> Input(int row) => new(_x.Start + _inputs[l] + ((long)row * _inputStride), _samples);
        ReadOnlySpan<double> Cotangent(int row) => new(_delta.Start + _cotangents[l] + ((long)row * _rowStride), Order);
    }

    /// <summary>Jᵀα, laid out like θ.</summary>
    public void TransposedProduct(ReadOnlySpan<double> alpha, Span<double> result, int threads)
    {
        fixed (double* a = alpha, p = result)
        {
            double* weights = a, target = p;
            Workers.For(_theta.Layers.Count, threads, l => LayerProduct(l, weights, target));
        }
    }

    private void LayerProduct(int l, double* alpha, double* result)
    {
        Dense layer = _theta.Layers[l];
        using Scratch<double> scratch = new(_samples);
        Span<double> mixed = scratch.Take(_samples);
        for (int n = 0; n < layer.Outputs; n++)
        {
            double* row = _delta.Start + _cotangents[l] + ((long)n * _rowStride);
            mixed.Clear();
            for (int i = 0; i < _outputs; i++)
                VectorMath.AddProductTo(new(alpha + (i * _samples), _samples), new(row + (i * _samples), _samples), mixed);
            double* weights = result + layer.Offset + (n * layer.Inputs);
            for (int k = 0; k < layer.Inputs; k++) weights[k] = VectorMath.Dot(mixed, new(_x.Start + _inputs[l] + ((long)k * _inputStride), _samples));
            result[layer.Offset + (layer.Outputs * layer.Inputs) + n] = VectorMath.Sum(mixed);
        }
    }

    /// <summary>Jδ for a δ laid out like θ, numbered like the residuals: Σ over layers and their outputs n of Δ_n ∘ (W_δ X + b_δ)_n.</summary>
    public void Product(ReadOnlySpan<double> delta, Span<double> result, int threads)
    {
        fixed (double* d = delta, p = result)
        {
            double* direction = d, target = p;
            Workers.For(_samples / Tape.Panel, threads, panel => PanelProduct(panel * Tape.Panel, direction, target));
        }
    }

    private void PanelProduct(int first, double* delta, double* result)
    {
        Span<double> moved = stackalloc double[Tape.Panel];
        for (int i = 0; i < _outputs; i++) new Span<double>(result + (i * _samples) + first, Tape.Panel).Clear();
        for (int l = 0; l < _theta.Layers.Count; l++)
        {
            Dense layer = _theta.Layers[l];
            double* x = _x.Start + _inputs[l] + first, rows = _delta.Start + _cotangents[l] + first, own = delta + layer.Offset;
            for (int n = 0; n < layer.Outputs; n++)
            {
                moved.Fill(own[(layer.Outputs * layer.Inputs) + n]);
                for (int k = 0; k < layer.Inputs; k++) VectorMath.AddScaledTo(own[(n * layer.Inputs) + k], new(x + ((long)k * _inputStride), Tape.Panel), moved);
                for (int i = 0; i < _outputs; i++)
                    VectorMath.AddProductTo(moved, new(rows + ((long)n * _rowStride) + (i * _samples), Tape.Panel), new(result + (i * _samples) + first, Tape.Panel));
            }
        }
    }

    public void Dispose()
    {
        _x.Dispose();
        _delta.Dispose();
    }

    private readonly struct Sink(SampleJacobian owner, int sample, int output) : IParameterSink
    {
        public static bool Ignores => false;

        public void Receive(Dense layer, double* inputs, double* cotangents)
        {
            double* delta = owner._delta.Start + owner._cotangents[layer.Index] + (output * owner._samples) + sample;
            for (int n = 0; n < layer.Outputs; n++) Copy(cotangents + (n * Tape.Panel), delta + ((long)n * owner._rowStride));
            if (output != 0) return;
            double* x = owner._x.Start + owner._inputs[layer.Index] + sample;
            for (int k = 0; k < layer.Inputs; k++) Copy(inputs + (k * Tape.Panel), x + ((long)k * owner._inputStride));
        }

        private static void Copy(double* from, double* to) => new Span<double>(from, Tape.Panel).CopyTo(new Span<double>(to, Tape.Panel));
    }
}
