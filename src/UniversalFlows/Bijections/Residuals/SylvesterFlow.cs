using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Bijections.Residuals;

/// <summary>
/// The Sylvester layer f(x) = x + Q R tanh(R̃ Qᵀx + b) of R^d with M ≤ d hidden units (van den Berg, Hasenclever, Tomczak and Welling 2018): Q has M orthonormal
/// columns, the first M of a product of M Householder reflections; R and R̃ are upper triangular with r̃_ii = e^{ρ_i} and r_ii·r̃_ii = softplus(c_i) − 1 &gt; −1.
/// By Sylvester's identity the log-det is Σ_i log(1 + r_ii·r̃_ii·(1 − tanh²)).
/// </summary>
/// <remarks>
/// r̃_ii &gt; 0 is no loss: tanh is odd, so a sign moves from row i of R̃ and b_i to column i of R. With z = Qᵀx the map z + R tanh(R̃z + b) is triangular; the inverse finds
/// z_M, …, z_1 by one monotone equation each. Sylvester layers of total rank below d leave a direction alone, as planar ones do (control N7).
/// </remarks>
public sealed class SylvesterFlow : IBijection
{
    private readonly Dense _parameters;

    /// <summary>A Sylvester layer.</summary>
    /// <param name="reflections">M rows v_k ≠ 0 of d numbers: Q is the first M columns of H_1 ⋯ H_M, H_k = I − 2vvᵀ/|v|².</param>
    /// <param name="outer">M×M, row by row: r_ij above the diagonal, the raw slopes c_i on it, 0 below.</param>
    /// <param name="inner">M×M, row by row: r̃_ij above the diagonal, ρ_i on it, 0 below.</param>
    /// <param name="bias">b, M numbers.</param>
    /// <param name="dimension">d.</param>
    /// <exception cref="ArgumentException">Lengths that don't agree, M &gt; d, a reflection along 0, a number below a diagonal, or one that is not finite.</exception>
    public SylvesterFlow(ReadOnlySpan<double> reflections, ReadOnlySpan<double> outer, ReadOnlySpan<double> inner, ReadOnlySpan<double> bias, int dimension)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimension);
        int m = bias.Length, d = dimension;
        if (m == 0 || m > d) throw new ArgumentException($"{m} hidden units: a layer of R^{d} has from 1 to {d}", nameof(bias));
        if (reflections.Length != m * d) throw new ArgumentException($"{m} reflections of R^{d} have {m * d} numbers, not {reflections.Length}", nameof(reflections));
        if (outer.Length != m * m || inner.Length != m * m) throw new ArgumentException($"a triangular matrix of {m} rows is given by {m * m} numbers", nameof(outer));
        for (int k = 0; k < m; k++)
            if (!reflections.Slice(k * d, d).ContainsAnyExcept(0.0)) throw new ArgumentException($"reflection {k} has no direction", nameof(reflections));
        (Dimension, Rank) = (d, m);
        _parameters = new Dense(0, (m * d) + (m * (m + 1)) + m);
        Span<double> all = _parameters.Bias;
        reflections.CopyTo(all);
        Pack(outer, m, all[(m * d)..], nameof(outer));
        Pack(inner, m, all[((m * d) + Triangle)..], nameof(inner));
        bias.CopyTo(all[((m * d) + (2 * Triangle))..]);
        if (all.ContainsAnyExceptInRange(double.MinValue, double.MaxValue)) throw new ArgumentException("a parameter is not finite", nameof(reflections));
    }

    /// <inheritdoc/>
    public int Dimension { get; }

    /// <summary>M.</summary>
    public int Rank { get; }

    /// <summary>v_1, …, v_M, row by row.</summary>
    public ReadOnlySpan<double> Reflections => _parameters.Bias[..(Rank * Dimension)];

    /// <summary>R above the diagonal, the raw slopes on it; M×M, row by row.</summary>
    public double[] Outer => Unpack(_parameters.Bias[(Rank * Dimension)..], Rank);

    /// <summary>R̃ above the diagonal, its logarithms on it; M×M, row by row.</summary>
    public double[] Inner => Unpack(_parameters.Bias[((Rank * Dimension) + Triangle)..], Rank);

    /// <summary>b.</summary>
    public ReadOnlySpan<double> Bias => _parameters.Bias[^Rank..];

    /// <summary>One layer without features: reflections, the upper triangles of R and R̃ row by row, b.</summary>
    public IEnumerable<Dense> Parameters => [_parameters];

    private int Triangle => Rank * (Rank + 1) / 2;

    /// <inheritdoc/>
    public void Map<T>(Span<T> x) where T : unmanaged, IScalar<T> => Forward(x);

    /// <inheritdoc/>
    public T Forward<T>(Span<T> x) where T : unmanaged, IScalar<T>
    {
        using Scratch<T> scratch = Workspace<T>(out Layer<T> layer);
        x.CopyTo(layer.Z);
        for (int k = 0; k < Rank; k++) Reflect(layer, k, layer.Z);
        T logDet = T.Constant(0);
        for (int i = 0; i < Rank; i++)
        {
            T delta = layer.Ramp(i, out T r, out T inner, out T shift);
            T h = layer.H[i] = T.Tanh(T.MultiplyAdd(inner, layer.Z[i], shift));
            layer.Diagonal[i] = r;
            logDet += TanhRamp.LogSlope(delta, h);
        }

        Add(layer, x, 1);
        return logDet;
    }

    /// <inheritdoc/>
    public T Inverse<T>(Span<T> y, ref InverseStatus status) where T : unmanaged, IScalar<T>
    {
        using Scratch<T> scratch = Workspace<T>(out Layer<T> layer);
        y.CopyTo(layer.Z);
        for (int k = 0; k < Rank; k++) Reflect(layer, k, layer.Z);
        Span<T> ramp = stackalloc T[TanhRamp.ParameterCount];
        T logDet = T.Constant(0);
        for (int i = Rank - 1; i >= 0; i--)
        {
            ramp[0] = layer.Ramp(i, out ramp[1], out ramp[2], out ramp[3]);
            T target = layer.Z[i];
            for (int j = i + 1; j < Rank; j++) target -= layer.Outer(i, j) * layer.H[j];
            layer.Z[i] = MonotoneRoot.Solve(TanhRamp.Instance, target, ramp, ref status);
            T h = layer.H[i] = T.Tanh(T.MultiplyAdd(ramp[2], layer.Z[i], ramp[3]));
            layer.Diagonal[i] = ramp[1];
            logDet -= TanhRamp.LogSlope(ramp[0], h);
        }

        Add(layer, y, -1);
        foreach (T v in y) status = Finiteness.Lower(status, v);
        return logDet;
    }

    /// <summary>x ← x ± Q R h.</summary>
    private void Add<T>(Layer<T> layer, Span<T> x, double sign) where T : unmanaged, IScalar<T>
    {
        Span<T> g = layer.Move;
        for (int i = 0; i < Dimension; i++)
        {
            g[i] = i < Rank ? layer.Diagonal[i] * layer.H[i] : T.Constant(0);
            for (int j = i + 1; j < Rank; j++) g[i] = T.MultiplyAdd(layer.Outer(i, j), layer.H[j], g[i]);
        }

        for (int k = Rank - 1; k >= 0; k--) Reflect(layer, k, g);
        for (int i = 0; i < Dimension; i++) x[i] += sign * g[i];
    }

    /// <summary>x ← H_k x.</summary>
    private static void Reflect<T>(Layer<T> layer, int k, Span<T> x) where T : unmanaged, IScalar<T>
    {
        ReadOnlySpan<T> v = layer.P.Slice(k * x.Length, x.Length);
        T product = T.Constant(0), square = T.Constant(0);
        for (int i = 0; i < x.Length; i++)
        {
            product = T.MultiplyAdd(v[i], x[i], product);
            square = T.MultiplyAdd(v[i], v[i], square);
        }

        T factor = -2 * product / square;
        for (int i = 0; i < x.Length; i++) x[i] = T.MultiplyAdd(factor, v[i], x[i]);
    }

    private Scratch<T> Workspace<T>(out Layer<T> layer) where T : unmanaged, IScalar<T>
    {
        int count = _parameters.Count;
        Scratch<T> scratch = new(count + (2 * Dimension) + (2 * Rank));
        layer = new(scratch.Take(count), scratch.Take(Dimension), scratch.Take(Dimension), scratch.Take(Rank), scratch.Take(Rank), Dimension);
        T.Affine(_parameters, [], layer.P);
        return scratch;
    }

    private static void Pack(ReadOnlySpan<double> matrix, int m, Span<double> packed, string name)
    {
        int next = 0;
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < m; j++)
            {
                if (j >= i) packed[next++] = matrix[(i * m) + j];
                else if (matrix[(i * m) + j] != 0) throw new ArgumentException($"entry {i}, {j} is below the diagonal, where a triangular matrix is 0", name);
            }
        }
    }

    private static double[] Unpack(ReadOnlySpan<double> packed, int m)
    {
        double[] matrix = new double[m * m];
        int next = 0;
        for (int i = 0; i < m; i++)
            for (int j = i; j < m; j++) matrix[(i * m) + j] = packed[next++];
        return matrix;
    }

    /// <summary>The parameters as scalars of a reading, and the values on the way.</summary>
    private readonly ref struct Layer<T>(Span<T> p, Span<T> z, Span<T> move, Span<T> h, Span<T> diagonal, int dimension) where T : unmanaged, IScalar<T>
    {
        public readonly Span<T> P = p, Z = z, Move = move, H = h, Diagonal = diagonal;
        private readonly int _outer = h.Length * dimension;

        /// <summary>r_ij, j ≥ i; the raw slope for j = i.</summary>
        public T Outer(int i, int j) => P[_outer + Place(i, j)];

        /// <summary>r_ii, r̃_ii and Σ_{j &gt; i} r̃_ij z_j + b_i; returns 1 + r_ii·r̃_ii.</summary>
        public T Ramp(int i, out T r, out T inner, out T shift)
        {
            int m = H.Length, innerStart = _outer + (m * (m + 1) / 2);
            T log = P[innerStart + Place(i, i)], delta = T.Softplus(Outer(i, i));
            inner = T.Exp(log);
            r = (delta - 1) * T.Exp(-log);
            shift = P[^(m - i)];
            for (int j = i + 1; j < m; j++) shift = T.MultiplyAdd(P[innerStart + Place(i, j)], Z[j], shift);
            return delta;
        }

        private int Place(int i, int j) => (i * H.Length) - (i * (i - 1) / 2) + j - i;
    }
}
