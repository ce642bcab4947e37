using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Training;

/// <summary>
/// The mean loss of a batch and its gradient in θ. The batch is cut into chunks of 256 samples, each with its own gradient, and the
/// chunks are added in order: the same bits for any number of threads. Allocates nothing once it has run.
/// </summary>
public sealed unsafe class MeanGradient : IDisposable
{
    /// <summary>Panels a chunk: 4·64 = 256 samples. Part of the numerical contract.</summary>
    public const int PanelsPerChunk = 4;

    // 32 KiB: a slice of the sum stays in the nearest cache while all chunks are added to it
    private const int SliceLength = 4096;

    private readonly IObjective _objective;
    private readonly ParameterVector _theta;
    private readonly int _threads;
    private readonly ThreadLocal<ParameterGradient> _gradients;
    private readonly Action<int> _runChunk, _addSlice;
    private double[][] _chunks = [];
    private double[] _losses = [];
    private Batch? _batch;
    private double* _sum;

    /// <summary>For an objective whose layers <paramref name="theta"/> holds.</summary>
    public MeanGradient(IObjective objective, ParameterVector theta, int threads = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threads);
        (_objective, _theta, _threads) = (objective, theta, threads);
        _gradients = new ThreadLocal<ParameterGradient>(() => new ParameterGradient(theta), trackAllValues: true);
        (_runChunk, _addSlice) = (RunChunk, AddSlice);
    }

    /// <summary>The mean loss; its gradient goes to <paramref name="gradient"/> (laid out like θ).</summary>
    public double Evaluate(Batch batch, Span<double> gradient)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (gradient.Length != _theta.Count) throw new ArgumentException($"room for {_theta.Count} numbers was expected, not {gradient.Length}", nameof(gradient));
        int chunks = (batch.Panels + PanelsPerChunk - 1) / PanelsPerChunk;
        if (_chunks.Length < chunks)
        {
            int old = _chunks.Length;
            Array.Resize(ref _chunks, chunks);
            Array.Resize(ref _losses, chunks);
            for (int c = old; c < chunks; c++) _chunks[c] = new double[_theta.Count];
        }

        _batch = batch;
        Workers.For(chunks, _threads, _runChunk);
        fixed (double* sum = gradient)
        {
            _sum = sum;
            Workers.For((gradient.Length + SliceLength - 1) / SliceLength, _threads, _addSlice);
        }

        double loss = 0;
        for (int c = 0; c < chunks; c++) loss += _losses[c];
        return loss;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (ParameterGradient g in _gradients.Values) g.Dispose();
        _gradients.Dispose();
    }

    /// <summary>Adds all chunks' gradients over one slice of θ, in order.</summary>
    private void AddSlice(int slice)
    {
        int first = slice * SliceLength, length = Math.Min(SliceLength, _theta.Count - first);
        Span<double> sum = new(_sum + first, length);
        sum.Clear();
        int chunks = (_batch!.Panels + PanelsPerChunk - 1) / PanelsPerChunk;
        for (int c = 0; c < chunks; c++) VectorMath.AddTo(_chunks[c].AsSpan(first, length), sum);
    }

    private void RunChunk(int chunk)
    {
        ParameterGradient gradient = _gradients.Value!;
        gradient.Clear();
        ParameterGradient.Sink sink = new(gradient);
        Batch batch = _batch!;
        Tape tape = Tape.Current;
        int columns = _objective.Columns;
        using Scratch<Node> scratch = new(columns);
        Span<Node> sample = scratch.Take(columns);
        Span<double> weights = stackalloc double[Tape.Panel], losses = stackalloc double[Tape.Panel];
        double total = 0;
        int last = Math.Min((chunk + 1) * PanelsPerChunk, batch.Panels);
        for (int p = chunk * PanelsPerChunk; p < last; p++)
        {
            tape.Reset();
            for (int c = 0; c < columns; c++) sample[c] = tape.Leaf(batch.Panel(c, p));
            Node loss = _objective.Loss(sample);
            int real = Math.Min(Tape.Panel, batch.Count - (p * Tape.Panel));
            weights[..real].Fill(1.0 / batch.Count);
            weights[real..].Clear();
            tape.Read(loss, losses);
            for (int s = 0; s < real; s++) total += losses[s];
            tape.ClearGradients();
            tape.Seed(loss, weights);
            tape.Backward(ref sink);
        }

        gradient.WriteTo(_chunks[chunk]);
        _losses[chunk] = total / batch.Count;
    }
}
