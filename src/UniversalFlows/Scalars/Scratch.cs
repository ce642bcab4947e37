using System.Runtime.InteropServices;

namespace UniversalFlows.Scalars;

/// <summary>
/// A stack of working memory per thread, 64-byte aligned and never cleared: <c>using Scratch&lt;T&gt; s = new(n); Span&lt;T&gt; a = s.Take(n);</c>.
/// Allocates nothing once a thread's stack has grown to what its formulas need.
/// </summary>
public unsafe ref struct Scratch<T> : IDisposable where T : unmanaged
{
    private readonly ScratchBlock _block;
    private readonly nuint _mark;
    private nuint _next;
    private readonly nuint _end;

    /// <summary>Reserves room for <paramref name="count"/> values, to be handed out by <see cref="Take"/>.</summary>
    public Scratch(int count)
    {
        // every Take may lose up to 63 bytes to alignment; 16 of them are more than any formula here uses
        nuint bytes = ((nuint)count * (nuint)sizeof(T)) + (16 * 64);
        _block = ScratchBlock.WithRoom(bytes);
        _mark = _next = _block.Used;
        _end = _block.Used += bytes;
    }

    /// <summary>The next <paramref name="n"/> values, uninitialised.</summary>
    public Span<T> Take(int n)
    {
        nuint start = (_next + 63) & ~(nuint)63;
        _next = start + ((nuint)n * (nuint)sizeof(T));
        if (_next > _end) throw new InvalidOperationException("scratch memory: more taken than was reserved");
        return new Span<T>(_block.Base + start, n);
    }

    /// <summary>Gives the memory back.</summary>
    public readonly void Dispose() => _block.Used = _mark;
}

/// <summary>One thread's current block of scratch memory. A full block stays with the frames that use it; the next is larger.</summary>
internal sealed unsafe class ScratchBlock
{
    [ThreadStatic]
    private static ScratchBlock? t_current;

    private readonly nuint _size;

    private ScratchBlock(nuint size)
    {
        _size = size;
        Base = (byte*)NativeMemory.AlignedAlloc(size, 64);
    }

    ~ScratchBlock() => NativeMemory.AlignedFree(Base);

    public byte* Base { get; }

    public nuint Used { get; set; }

    public static ScratchBlock WithRoom(nuint bytes)
    {
        ScratchBlock? block = t_current;
        if (block is null || block.Used + bytes > block._size)
            t_current = block = new ScratchBlock(Math.Max(block is null ? 1u << 20 : 2 * block._size, 2 * bytes));
        return block;
    }
}
