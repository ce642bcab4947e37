using UniversalFlows.Scalars;

namespace UniversalFlows.Numerics;

/// <summary>
/// Philox4x32-10: a counter-based random number generator. Number n of a stream is a function of (seed, stream, n) alone, so a
/// task's numbers do not depend on which thread runs it, or when.
/// </summary>
/// <remarks>
/// The seed is the key; the stream is the upper half of the 128-bit counter. Distinct streams of one seed never overlap. Not thread
/// safe: one generator a task. Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
/// </remarks>
/// <param name="seed">The study's seed.</param>
/// <param name="stream">The task's stream, for example <see cref="StreamKey"/> of its name.</param>
public sealed class Philox(ulong seed, ulong stream)
{
    private const uint Multiplier0 = 0xD2511F53, Multiplier1 = 0xCD9E8D57;
    private const uint Weyl0 = 0x9E3779B9, Weyl1 = 0xBB67AE85;

    private ulong _next;
    private int _used = 4;
    private (uint X0, uint X1, uint X2, uint X3) _block;
    private double _spareNormal;
    private bool _hasSpare;

    /// <summary>A generator for a named task of a study.</summary>
    public Philox(ulong seed, string task) : this(seed, StreamKey(task))
    {
    }

    /// <summary>FNV-1a (64 bits) of the UTF-16 code units of a task's name, low byte first: a stable key for a stream.</summary>
    public static ulong StreamKey(string task)
    {
        ArgumentNullException.ThrowIfNull(task);
        ulong hash = 0xCBF29CE484222325;
        foreach (char c in task)
        {
            hash = (hash ^ (byte)c) * 0x100000001B3;
            hash = (hash ^ (byte)(c >> 8)) * 0x100000001B3;
        }

        return hash;
    }

    /// <summary>Ten rounds of the Philox bijection of 128-bit counters.</summary>
    public static (uint X0, uint X1, uint X2, uint X3) Block((uint K0, uint K1) key, (uint X0, uint X1, uint X2, uint X3) counter)
    {
        (uint k0, uint k1) = key;
        (uint x0, uint x1, uint x2, uint x3) = counter;
        for (int round = 0; round < 10; round++)
        {
            ulong p0 = (ulong)Multiplier0 * x0, p1 = (ulong)Multiplier1 * x2;
            (x0, x1, x2, x3) = ((uint)(p1 >> 32) ^ x1 ^ k0, (uint)p1, (uint)(p0 >> 32) ^ x3 ^ k1, (uint)p0);
            k0 += Weyl0;
            k1 += Weyl1;
        }

        return (x0, x1, x2, x3);
    }

    /// <summary>The next 32 random bits.</summary>
    public uint NextUInt32()
    {
        if (_used == 4)
        {
            _block = Block(((uint)seed, (uint)(seed >> 32)), ((uint)_next, (uint)(_next >> 32), (uint)stream, (uint)(stream >> 32)));
            _next++;
            _used = 0;
        }

        return _used++ switch
        {
            0 => _block.X0,
            1 => _block.X1,
            2 => _block.X2,
            _ => _block.X3,
        };
    }

    /// <summary>
    /// A uniform number of the open interval (0, 1): an odd multiple of 2⁻⁵³, so neither 0 nor 1 occurs and 1 − u is exact and of
    /// the same kind.
    /// </summary>
    public double NextUniform()
    {
        ulong high = NextUInt32(), low = NextUInt32();
        ulong bits = ((high << 32) | low) >> 12; // 52 bits; with the half below they are 53
        return (bits + 0.5) * (1.0 / (1UL << 52));
    }

    /// <summary>A uniform number of (lower, upper).</summary>
    public double NextUniform(double lower, double upper) => lower + ((upper - lower) * NextUniform());

    /// <summary>A uniform integer 0 ≤ k &lt; <paramref name="count"/>, without bias (rejection).</summary>
    public int NextInt(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        uint n = (uint)count, threshold = (0 - n) % n; // 2³² mod n: below it the low product word is over-represented
        while (true)
        {
            ulong product = (ulong)NextUInt32() * n;
            if ((uint)product >= threshold) return (int)(product >> 32);
        }
    }

    /// <summary>
    /// A standard normal number by Box and Muller: √(−2 log u)·(cos 2πv, sin 2πv), the pair handed out one after the other. The
    /// elementary functions are the library's own, so the bits are the same everywhere.
    /// </summary>
    public double NextNormal()
    {
        if (_hasSpare)
        {
            _hasSpare = false;
            return _spareNormal;
        }

        double u = NextUniform(), v = NextUniform();
        double radius = Math.Sqrt(-2 * Real.Log(new(u)).Value);
        Real angle = new(2 * Math.PI * v);
        _spareNormal = radius * Real.Sin(angle).Value;
        _hasSpare = true;
        return radius * Real.Cos(angle).Value;
    }

    /// <summary>Fills a span with what repeated <see cref="NextUniform()"/> would give.</summary>
    public void FillUniform(Span<double> target)
    {
        foreach (ref double x in target) x = NextUniform();
    }

    /// <summary>Fills a span with what repeated <see cref="NextNormal"/> would give.</summary>
    public void FillNormal(Span<double> target)
    {
        foreach (ref double x in target) x = NextNormal();
    }
}
