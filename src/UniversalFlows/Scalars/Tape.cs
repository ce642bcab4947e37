using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace UniversalFlows.Scalars;

/// <summary>
/// Reverse-mode tape over panels: every row holds one scalar of the formula for <see cref="Panel"/> samples at once. Rows and
/// operations live in arenas that grow to what the formula needs and are then reused: a training step allocates nothing.
/// One tape a thread (<see cref="Current"/>).
/// </summary>
/// <remarks>
/// Layout: feature-major panels of 64 samples, 64-byte aligned; the rows of a dense layer are contiguous, so its products run in
/// place. Every element is computed by the same fused operations in the same order as in <see cref="Lanes"/>: the same bits.
/// </remarks>
public sealed unsafe partial class Tape
{
    /// <summary>The number of samples in a panel. Part of the numerical contract: gradients are summed panel by panel.</summary>
    public const int Panel = 64;

    private const int Vectors = Panel / Lanes.Width;

    [ThreadStatic]
    private static Tape? t_current;

    private Vector512<double>* _values;
    private Vector512<double>* _gradients;
    private bool[] _touched = new bool[1024];
    private bool[] _needed = new bool[1024];
    private Operation[] _operations = new Operation[256];
    private int _capacity, _rows, _count;

    private Tape() => Grow(1024);

    /// <summary>Releases the arenas.</summary>
    ~Tape()
    {
        NativeMemory.AlignedFree(_values);
        NativeMemory.AlignedFree(_gradients);
    }

    /// <summary>The calling thread's tape.</summary>
    public static Tape Current
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => t_current ??= new Tape();
    }

    /// <summary>The number of recorded operations.</summary>
    public int Operations => _count;

    /// <summary>Forgets all rows and operations; the arenas stay.</summary>
    public void Reset() => _rows = _count = 0;

    /// <summary>A leaf: 64 given numbers, without a gradient.</summary>
    public Node Leaf(ReadOnlySpan<double> samples)
    {
        if (samples.Length != Panel) throw new ArgumentException($"a panel has {Panel} samples, not {samples.Length}", nameof(samples));
        int row = NewRows(1, needed: false);
        samples.CopyTo(new Span<double>(Row(row), Panel));
        return new Node(row);
    }

    /// <summary>The 64 values of a node.</summary>
    public void Read(Node node, Span<double> samples)
    {
        if (node.IsConstant) samples[..Panel].Fill(node.Number);
        else new ReadOnlySpan<double>(Row(node.Row), Panel).CopyTo(samples);
    }

    /// <summary>The 64 entries of the gradient after <see cref="Backward{TSink}"/>; zero if nothing depended on the node.</summary>
    public void ReadGradient(Node node, Span<double> samples)
    {
        if (node.IsConstant || !_touched[node.Row]) samples[..Panel].Clear();
        else new ReadOnlySpan<double>(Gradient(node.Row), Panel).CopyTo(samples);
    }

    /// <summary>Forgets all gradients and seeds: call before the first <see cref="Seed"/> of every backward pass.</summary>
    public void ClearGradients() => _touched.AsSpan(0, _rows).Clear();

    /// <summary>Adds a cotangent to a node: ∂L/∂node = <paramref name="cotangent"/>, one number a sample.</summary>
    public void Seed(Node node, ReadOnlySpan<double> cotangent)
    {
        if (node.IsConstant) return;
        Touch(node.Row);
        double* g = (double*)Gradient(node.Row);
        for (int s = 0; s < Panel; s++) g[s] += cotangent[s];
    }

    /// <summary>
    /// Carries the seeds back through all operations; hands each dense layer's inputs and output cotangents to
    /// <paramref name="sink"/>, last layer first.
    /// </summary>
    public void Backward<TSink>(ref TSink sink) where TSink : struct, IParameterSink
    {
        for (int i = _count - 1; i >= 0; i--)
        {
            ref Operation o = ref _operations[i];
            if (o.Kind == OperationKind.Affine) AffineBackward(ref o, ref sink);
            else if (o.Count > 1 || _touched[o.Out]) ElementwiseBackward(ref o);
        }
    }

    internal Vector512<double>* Row(int row) => _values + ((long)row * Vectors);

    private Vector512<double>* Gradient(int row) => _gradients + ((long)row * Vectors);

    /// <summary>The row of a node; a constant is written out as a leaf.</summary>
    private int RowOf(Node x)
    {
        if (!x.IsConstant) return x.Row;
        int row = NewRows(1, needed: false);
        Vector512<double>* y = Row(row);
        for (int v = 0; v < Vectors; v++) y[v] = Vector512.Create(x.Number);
        return row;
    }

    private int NewRows(int count, bool needed)
    {
        int row = _rows;
        if (row + count > _capacity) Grow(Math.Max(2 * _capacity, row + count));
        _rows += count;
        _needed.AsSpan(row, count).Fill(needed);
        return row;
    }

    private void Grow(int capacity)
    {
        nuint bytes = (nuint)capacity * Panel * sizeof(double);
        _values = (Vector512<double>*)Regrow(_values, bytes, (nuint)_rows * Panel * sizeof(double));
        _gradients = (Vector512<double>*)Regrow(_gradients, bytes, 0);
        Array.Resize(ref _touched, capacity);
        Array.Resize(ref _needed, capacity);
        _capacity = capacity;
    }

    private static void* Regrow(void* old, nuint bytes, nuint keep)
    {
        void* fresh = NativeMemory.AlignedAlloc(bytes, 4096);
        if (keep > 0) NativeMemory.Copy(old, fresh, keep);
        NativeMemory.AlignedFree(old);
        return fresh;
    }

    private void Record(in Operation operation)
    {
        if (_count == _operations.Length) Array.Resize(ref _operations, 2 * _count);
        _operations[_count++] = operation;
    }

    /// <summary>Makes the gradient of a row exist: zero at first touch.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Touch(int row)
    {
        if (_touched[row]) return;
        _touched[row] = true;
        Vector512<double>* g = Gradient(row);
        for (int v = 0; v < Vectors; v++) g[v] = Vector512<double>.Zero;
    }

    private struct Operation
    {
        public OperationKind Kind;
        public int A, B, C, Out, Count;
        public double Number;
        public Dense? Layer;
    }

    private enum OperationKind : byte
    {
        Copy, Add, AddNumber, Subtract, SubtractFromNumber, Multiply, Scale, Divide, Fused, Select,
        Sqrt, Exp, Expm1, Log, Log1p, Tanh, Logistic, Softplus, Sin, Cos, Atan,
        Affine, TanhInPlace, ReLUInPlace, SiLUInPlace,
    }
}

/// <summary>Receives, during a backward pass, what the gradient of a dense layer's parameters is made of.</summary>
public unsafe interface IParameterSink
{
    /// <summary>Whether the pass is only for node gradients and this sink wants nothing.</summary>
    static abstract bool Ignores { get; }

    /// <summary>
    /// The layer's inputs X (<see cref="Dense.Inputs"/> rows of 64 samples) and the cotangents Δ of its outputs before the
    /// activation (<see cref="Dense.Outputs"/> rows of 64). ∂L/∂W += Δ Xᵀ, ∂L/∂b += Δ·1. Rows of 64 doubles, 64-byte aligned.
    /// </summary>
    void Receive(Dense layer, double* inputs, double* cotangents);
}

/// <summary>A backward pass for the gradients of nodes alone.</summary>
public readonly struct NoParameters : IParameterSink
{
    /// <inheritdoc/>
    public static bool Ignores => true;

    /// <inheritdoc/>
    public unsafe void Receive(Dense layer, double* inputs, double* cotangents)
    {
    }
}
