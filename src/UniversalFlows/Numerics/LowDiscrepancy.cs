using System.Numerics;

namespace UniversalFlows.Numerics;

/// <summary>
/// A Sobol' sequence in the open unit cube (0,1)^d with a random digital shift: for every seed a set of 2^m consecutive points is
/// equidistributed as Sobol's net is, and each point alone is uniform, so averages over seeds are unbiased.
/// </summary>
/// <remarks>
/// Direction numbers: S. Joe, F. Y. Kuo, "Constructing Sobol sequences with better two-dimensional projections", SIAM J. Sci.
/// Comput. 30 (2008). Coordinates beyond the <see cref="MaxSobolDimension"/>-th are independent random numbers of (seed, index),
/// which keeps every use valid with the rate of plain Monte Carlo. Thread safe.
/// </remarks>
public sealed class LowDiscrepancy
{
    /// <summary>The number of coordinates that are Sobol's.</summary>
    public const int MaxSobolDimension = 16;

    // One row a coordinate from the second: the degree s of the primitive polynomial, its inner coefficients a, then m_1 … m_s.
    private static readonly uint[][] s_joeKuo =
    [
        [1, 0, 1],
        [2, 1, 1, 3],
        [3, 1, 1, 3, 1],
        [3, 2, 1, 1, 1],
        [4, 1, 1, 1, 3, 3],
        [4, 4, 1, 3, 5, 13],
        [5, 2, 1, 1, 5, 5, 17],
        [5, 4, 1, 1, 5, 5, 5],
        [5, 7, 1, 1, 7, 11, 19],
        [5, 11, 1, 1, 5, 1, 1],
        [5, 13, 1, 1, 1, 3, 11],
        [5, 14, 1, 3, 5, 5, 31],
        [6, 1, 1, 3, 3, 9, 7, 49],
        [6, 13, 1, 1, 1, 15, 21, 21],
        [6, 16, 1, 3, 1, 13, 27, 49],
    ];

    private static readonly uint[][] s_directions = [.. Enumerable.Range(0, MaxSobolDimension).Select(Directions)];

    private readonly uint[] _shift;
    private readonly ulong _seed;
    private readonly string _purpose;

    /// <summary>The sequence of R^d with the shift that <paramref name="seed"/> chooses.</summary>
    /// <param name="dimension">d ≥ 1.</param>
    /// <param name="seed">Any number.</param>
    /// <param name="purpose">What the points are for: two purposes never share points, whatever their seeds.</param>
    public LowDiscrepancy(int dimension, ulong seed, string purpose)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimension);
        Dimension = dimension;
        (_seed, _purpose) = (seed, purpose);
        Philox random = new(seed, Philox.StreamKey($"digital shift for {purpose}"));
        _shift = new uint[Math.Min(dimension, MaxSobolDimension)];
        foreach (ref uint s in _shift.AsSpan()) s = random.NextUInt32();
    }

    /// <summary>d.</summary>
    public int Dimension { get; }

    /// <summary>Point number <paramref name="index"/>, every coordinate strictly between 0 and 1.</summary>
    /// <param name="index">From 0; blocks of 2^m points that begin at a multiple of 2^m are nets.</param>
    /// <param name="u">Receives d numbers.</param>
    public void Point(uint index, Span<double> u)
    {
        if (u.Length != Dimension) throw new ArgumentException($"room for {Dimension} numbers was expected, not {u.Length}", nameof(u));
        for (int j = 0; j < _shift.Length; j++)
        {
            uint bits = _shift[j];
            uint[] v = s_directions[j];
            for (uint rest = index; rest != 0; rest &= rest - 1) bits ^= v[BitOperations.TrailingZeroCount(rest)];
            u[j] = (bits + 0.5) * (1.0 / (1UL << 32));
        }

        if (Dimension == _shift.Length) return;
        Philox random = new(_seed, Philox.StreamKey($"coordinates beyond Sobol for {_purpose}") + index);
        random.FillUniform(u[_shift.Length..]);
    }

    /// <summary>v_1, …, v_32 of a coordinate, from 0: v_k = m_k/2^k as a binary fraction.</summary>
    internal static uint[] Directions(int coordinate)
    {
        uint[] v = new uint[32];
        if (coordinate == 0)
        {
            for (int k = 0; k < 32; k++) v[k] = 1u << (31 - k); // van der Corput
            return v;
        }

        uint[] row = s_joeKuo[coordinate - 1];
        int s = (int)row[0];
        uint a = row[1];
        for (int k = 0; k < s; k++) v[k] = row[2 + k] << (31 - k);
        for (int k = s; k < 32; k++)
        {
            v[k] = v[k - s] ^ (v[k - s] >> s);
            for (int i = 1; i < s; i++) v[k] ^= ((a >> (s - 1 - i)) & 1) * v[k - i];
        }

        return v;
    }
}
