using UniversalFlows.Scalars;

namespace UniversalFlows.Numerics;

/// <summary>
/// Dense linear least squares with Tikhonov's regularisation: min |A c − b|² + λτ|c|², τ the mean of the diagonal of AᵀA, by blocked
/// normal equations, a Cholesky factorisation, and refinement with the true residual b − A c. Filled row group by row group, solved for
/// as many b as wanted; the result does not depend on the number of threads.
/// </summary>
/// <remarks>
/// Normal equations square the condition number, but the directions that they lose are those along which |A c| is small: with λ near
/// 10⁻¹³ the residual after a refinement or two is that of an orthogonal factorisation, while the coefficients stay of moderate size.
/// </remarks>
public sealed unsafe class LeastSquares : IDisposable
{
    private const int Block = Cholesky.Block, Chunk = 256;

    private readonly AlignedBuffer _matrix, _gram;
    private readonly int _padded, _stride;
    private double _factored = double.NaN; // the λ whose factor _gram holds

    /// <summary>A zero matrix.</summary>
    /// <param name="rows">Equations; rounded up to a multiple of eight, further rows stay 0.</param>
    /// <param name="unknowns">Columns.</param>
    public LeastSquares(int rows, int unknowns)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rows);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(unknowns);
        Rows = (rows + Lanes.Width - 1) / Lanes.Width * Lanes.Width;
        Unknowns = unknowns;
        _padded = (unknowns + Block - 1) / Block * Block;
        _stride = _padded + Lanes.Width; // never a power of two: rows would share cache sets
        _matrix = new AlignedBuffer((long)Rows * _padded);
        _gram = new AlignedBuffer((long)_padded * _stride);
    }

    /// <summary>The number of equations, a multiple of eight.</summary>
    public int Rows { get; }

    /// <summary>The number of unknowns.</summary>
    public int Unknowns { get; }

    /// <summary>Sets A[8·group + lane, unknown] for the eight lanes.</summary>
    public void Set(int group, int unknown, Lanes value)
    {
        _factored = double.NaN;
        // panels of 32 columns, so that the products read contiguous memory
        double* entry = Panel(unknown / Block) + (group * Lanes.Width * Block) + (unknown % Block);
        for (int lane = 0; lane < Lanes.Width; lane++) entry[lane * Block] = value[lane];
    }

    /// <summary>c, the minimiser; false if AᵀA + λτI is not positive definite in double precision or something is not finite.</summary>
    /// <param name="b">The right-hand side, at most <see cref="Rows"/> numbers; missing ones are 0.</param>
    /// <param name="lambda">λ &gt; 0; below 10⁻¹⁴ rounding decides.</param>
    /// <param name="c">Receives the unknowns.</param>
    /// <param name="refinements">Rounds of c ← c + (AᵀA + λτI)⁻¹Aᵀ(b − A c): iterated Tikhonov regularisation.</param>
    /// <param name="threads">Threads to use.</param>
    public bool Solve(ReadOnlySpan<double> b, double lambda, Span<double> c, int refinements = 1, int threads = 1)
    {
        if (b.Length > Rows) throw new ArgumentException($"at most {Rows} numbers were expected, not {b.Length}", nameof(b));
        if (c.Length != Unknowns) throw new ArgumentException($"room for {Unknowns} numbers was expected, not {c.Length}", nameof(c));
        if (_factored != lambda && !Factor(lambda, threads)) return false;
        double[] residual = new double[Rows], step = new double[_padded];
        b.CopyTo(residual);
        c.Clear();
        for (int round = 0; round <= refinements; round++)
        {
            if (round > 0) Residual(b, c, residual);
            Transposed(residual, step);
            Cholesky.Solve(_gram.Start, _padded, _stride, step);
            for (int i = 0; i < Unknowns; i++) c[i] += step[i];
        }

        return !c.ContainsAnyExceptInRange(double.MinValue, double.MaxValue);
    }

    /// <summary>b ← b + A c.</summary>
    public void AddProduct(ReadOnlySpan<double> c, Span<double> b)
    {
        if (b.Length > Rows) throw new ArgumentException($"at most {Rows} numbers were expected, not {b.Length}", nameof(b));
        double[] negative = new double[c.Length], sum = new double[Rows];
        for (int u = 0; u < c.Length; u++) negative[u] = -c[u];
        Residual(b, negative, sum);
        sum.AsSpan(0, b.Length).CopyTo(b);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _matrix.Dispose();
        _gram.Dispose();
    }

    /// <summary>AᵀA + λτI = UᵀU.</summary>
    private bool Factor(double lambda, int threads)
    {
        FormGram(threads);
        _factored = double.NaN;
        double* gram = _gram.Start;
        double trace = 0;
        for (int i = 0; i < Unknowns; i++) trace += gram[((long)i * _stride) + i];
        double shift = lambda * trace / Unknowns;
        if (!(shift > 0) || !double.IsFinite(shift)) return false;
        for (int i = 0; i < _padded; i++) gram[((long)i * _stride) + i] += i < Unknowns ? shift : 1;
        if (!Cholesky.Factor(gram, _padded, _stride, threads)) return false;
        _factored = lambda;
        return true;
    }

    private double* Panel(int p) => _matrix.Start + ((long)p * Rows * Block);

    /// <summary>The upper triangle of AᵀA, chunk of rows by chunk of rows, so that a chunk stays in the cache.</summary>
    private void FormGram(int threads)
    {
        _gram.Clear();
        int panels = _padded / Block;
        for (int first = 0; first < Rows; first += Chunk)
        {
            int begin = first, terms = Math.Min(Chunk, Rows - first);
            Workers.For(panels, threads, i =>
            {
                for (int j = i; j < panels; j++)
                {
                    double* target = _gram.Start + ((long)i * Block * _stride) + (j * Block);
                    Kernels.Product(
                        target, _stride, false, Panel(i) + ((long)begin * Block), 1, Block, Panel(j) + ((long)begin * Block), Block, terms, target, _stride, Block, 1);
                }
            });
        }
    }

    /// <summary>r ← b − A c.</summary>
    private void Residual(ReadOnlySpan<double> b, ReadOnlySpan<double> c, Span<double> r)
    {
        r.Clear();
        b.CopyTo(r);
        for (int p = 0; p * Block < Unknowns; p++)
        {
            int width = Math.Min(Block, Unknowns - (p * Block));
            ReadOnlySpan<double> part = c.Slice(p * Block, width);
            double* row = Panel(p);
            for (int s = 0; s < Rows; s++, row += Block)
            {
                double sum = r[s];
                for (int u = 0; u < width; u++) sum = Math.FusedMultiplyAdd(-row[u], part[u], sum);
                r[s] = sum;
            }
        }
    }

    /// <summary>g ← Aᵀ r.</summary>
    private void Transposed(ReadOnlySpan<double> r, Span<double> g)
    {
        g.Clear();
        for (int p = 0; p < _padded / Block; p++)
        {
            Span<double> part = g.Slice(p * Block, Block);
            double* row = Panel(p);
            for (int s = 0; s < Rows; s++, row += Block)
                for (int u = 0; u < Block; u++) part[u] = Math.FusedMultiplyAdd(row[u], r[s], part[u]);
        }
    }
}
