using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Vec = System.Runtime.Intrinsics.Vector512<double>;

namespace UniversalFlows.Scalars;

/// <summary>
/// Where the <see cref="TaylorModel"/>s of one thread live (<see cref="Current"/>): rows of coefficients × eight boxes, consecutive, so that a dense layer on Taylor models
/// is the ordinary matrix product. <see cref="Begin"/> fixes dimension and degree and forgets all rows; rows grow to what a formula needs and are then reused.
/// </summary>
/// <example><code>
/// TaylorArena arena = TaylorArena.Current;
/// arena.Begin(dimension: 2, degree: 6);
/// arena.Variables(lower, upper, x);          // x[i]: coordinate i of eight boxes
/// flow.Map(x);
/// Interval range = arena.Range(x[0]);
/// </code></example>
public sealed unsafe partial class TaylorArena
{
    [ThreadStatic]
    private static TaylorArena? t_current;

    private Vec* _coefficients, _remainders, _work;
    private int[] _degrees = [];
    private int _capacity, _rows, _stride;
    private Monomials? _table;

    private TaylorArena() => _work = (Vec*)NativeMemory.AlignedAlloc(WorkVectors * (nuint)sizeof(Vec), 64);

    /// <summary>Releases the rows.</summary>
    ~TaylorArena()
    {
        NativeMemory.AlignedFree(_coefficients);
        NativeMemory.AlignedFree(_remainders);
        NativeMemory.AlignedFree(_work);
    }

    /// <summary>The calling thread's arena.</summary>
    public static TaylorArena Current
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => t_current ??= new TaylorArena();
    }

    /// <summary>The largest dimension and the largest degree.</summary>
    public const int MaxDimension = Monomials.MaxDimension, MaxDegree = Monomials.MaxDegree;

    /// <summary>The number of variables, 0 before the first <see cref="Begin"/>.</summary>
    public int Dimension => _table?.Dimension ?? 0;

    /// <summary>The number of rows in use.</summary>
    public int Rows => _rows;

    private Monomials Table => _table ?? throw new InvalidOperationException("Taylor models need TaylorArena.Current.Begin(dimension, degree) first");

    /// <summary>Forgets all models; those that follow have <paramref name="dimension"/> variables and degree at most <paramref name="degree"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A dimension outside 1 … <see cref="MaxDimension"/>, a degree outside 1 … <see cref="MaxDegree"/>, or more coefficients than the tables hold.</exception>
    public void Begin(int dimension, int degree)
    {
        Monomials table = Monomials.Of(dimension, degree);
        if (table.Count > MaxCount) throw new ArgumentOutOfRangeException(nameof(degree), degree, $"a model of {table.Count} coefficients is too large, at most {MaxCount} fit");
        int stride = (table.Count + 3) & ~3; // four vectors are one tile of the dense kernels
        if (stride != _stride)
        {
            (_stride, _capacity) = (stride, 0);
            NativeMemory.AlignedFree(_coefficients);
            NativeMemory.AlignedFree(_remainders);
            _coefficients = _remainders = null;
        }

        _table = table;
        _rows = 0;
    }

    /// <summary>x[i] ← the i-th coordinate, running through [lower_i, upper_i] in each lane.</summary>
    public void Variables(ReadOnlySpan<Lanes> lower, ReadOnlySpan<Lanes> upper, Span<TaylorModel> x)
    {
        if (lower.Length != Table.Dimension || upper.Length != lower.Length || x.Length != lower.Length)
            throw new ArgumentException($"boxes of R^{Table.Dimension} were expected", nameof(lower));
        for (int i = 0; i < x.Length; i++)
        {
            // centre and half-width are rounded: the half-width up, so that the model's box holds the given one
            Vec c = (lower[i].Value * Vector512.Create(0.5)) + (upper[i].Value * Vector512.Create(0.5));
            Vec h = Rounding.Up(Vector512.Max(upper[i].Value - c, c - lower[i].Value), Rounding.ExactUlps);
            int row = NewRow(1);
            Vec* a = Row(row);
            Clear(a, 0);
            a[0] = c;
            // the variables stand right behind the constant, in order
            a[1 + i] = Vector512.ConditionalSelect(Vector512.Equals(lower[i].Value, upper[i].Value), Vec.Zero, h);
            _remainders[row] = Vec.Zero;
            x[i] = new TaylorModel(row);
        }
    }

    /// <summary>A number a lane, without uncertainty.</summary>
    public TaylorModel Numbers(Lanes value)
    {
        int row = NewRow(0);
        Clear(Row(row), 0);
        Row(row)[0] = value.Value;
        _remainders[row] = Vector512.ConditionalSelect(Vector512.Equals(value.Value, value.Value), Vec.Zero, value.Value);
        return new TaylorModel(row);
    }

    /// <summary>The constant function whose value lies in a given interval, lane by lane.</summary>
    public TaylorModel Constant(Interval value)
    {
        TaylorModel x = Numbers(Interval.Primal(value, 0));
        Disc disc = Disc.Of(value);
        _remainders[x.Row] = disc.Radius * Vector512.Create(Rounding.Safe);
        return x;
    }

    /// <summary>The range over each box: constants and even monomials by sign, the others by size; NaN where nothing is proved.</summary>
    public Interval Range(TaylorModel x)
    {
        if (x.IsNumber) return Interval.Constant(x.Number);
        Monomials table = Table;
        Vec* a = Row(x.Row);
        Vec sum = Vec.Zero, up = Vec.Zero, down = Vec.Zero;
        for (int i = 1; i < table.Start[_degrees[x.Row] + 1]; i++)
        {
            if (table.IsEven[i])
            {
                up += Vector512.Max(a[i], Vec.Zero);
                down += Vector512.Max(-a[i], Vec.Zero);
            }
            else
            {
                sum += Vector512.Abs(a[i]);
            }
        }

        sum += _remainders[x.Row];
        Vec safe = Vector512.Create(Rounding.Safe);
        return Interval.Between(
            new Lanes(Rounding.Down(a[0] - ((sum + down) * safe), Rounding.ExactUlps)), new Lanes(Rounding.Up(a[0] + ((sum + up) * safe), Rounding.ExactUlps)));
    }

    /// <summary>r: how far the function may be from its polynomial, lane by lane.</summary>
    public Lanes Remainder(TaylorModel x) => x.IsNumber ? default : new(_remainders[x.Row]);

    /// <summary>Forgets all models but the given ones, which are moved to the front: between the layers of a flow, to keep the arena in the cache.</summary>
    public void Keep(Span<TaylorModel> models)
    {
        using Scratch<Vec> scratch = new(models.Length * (_stride + 1));
        Span<Vec> copy = scratch.Take(models.Length * (_stride + 1));
        using Scratch<int> numbers = new(models.Length);
        Span<int> degrees = numbers.Take(models.Length);
        for (int i = 0; i < models.Length; i++)
        {
            if (models[i].IsNumber) continue;
            new ReadOnlySpan<Vec>(Row(models[i].Row), _stride).CopyTo(copy[(i * (_stride + 1))..]);
            copy[(i * (_stride + 1)) + _stride] = _remainders[models[i].Row];
            degrees[i] = _degrees[models[i].Row];
        }

        _rows = 0;
        for (int i = 0; i < models.Length; i++)
        {
            if (models[i].IsNumber) continue;
            int row = NewRow(degrees[i]);
            copy.Slice(i * (_stride + 1), _stride).CopyTo(new Span<Vec>(Row(row), _stride));
            _remainders[row] = copy[(i * (_stride + 1)) + _stride];
            models[i] = new TaylorModel(row);
        }
    }

    /// <summary>a_α for the α of <see cref="Monomials.Exponents"/>.</summary>
    internal Lanes Coefficient(TaylorModel x, int index) =>
        x.IsNumber ? Lanes.Constant(index == 0 ? x.Number : 0) : index < Table.Start[_degrees[x.Row] + 1] ? new(Row(x.Row)[index]) : default;

    internal Lanes Centre(TaylorModel x) => x.IsNumber ? Lanes.Constant(x.Number) : new(Row(x.Row)[0]);

    internal TaylorModel Freeze(TaylorModel x) => x.IsNumber ? x : Numbers(Centre(x));

    internal TaylorModel Nominal(TaylorModel x)
    {
        if (x.IsNumber) return x;
        int row = Copy(x.Row);
        Vec first = Row(row)[0];
        _remainders[row] = Vector512.ConditionalSelect(Vector512.Equals(first, first), Vec.Zero, first);
        return new TaylorModel(row);
    }

    internal TaylorModel Inflate(TaylorModel x, TaylorModel by)
    {
        Vec more = Range(by).Magnitude.Value;
        int row = x.IsNumber ? RowOf(x) : Copy(x.Row);
        _remainders[row] = (_remainders[row] + more) * Vector512.Create(Rounding.Safe);
        return new TaylorModel(row);
    }

    private Vec* Row(int row) => _coefficients + ((long)row * _stride);

    /// <summary>The row of a model; a number is written out.</summary>
    private int RowOf(TaylorModel x) => x.IsNumber ? Numbers(Lanes.Constant(x.Number)).Row : x.Row;

    private int Copy(int row)
    {
        int copy = NewRow(_degrees[row]);
        new ReadOnlySpan<Vec>(Row(row), _stride).CopyTo(new Span<Vec>(Row(copy), _stride));
        _remainders[copy] = _remainders[row];
        return copy;
    }

    /// <summary>A row, uninitialised; pointers into the arena taken before are no longer valid.</summary>
    private int NewRow(int degree)
    {
        int row = NewRows(1);
        _degrees[row] = degree;
        return row;
    }

    private int NewRows(int count)
    {
        _ = Table;
        int first = _rows;
        if (first + count > _capacity)
        {
            int capacity = Math.Max(256, Math.Max(2 * _capacity, first + count));
            _coefficients = (Vec*)Regrow(_coefficients, (nuint)capacity * (nuint)_stride, (nuint)first * (nuint)_stride);
            _remainders = (Vec*)Regrow(_remainders, (nuint)capacity, (nuint)first);
            Array.Resize(ref _degrees, capacity);
            _capacity = capacity;
        }

        _rows = first + count;
        return first;
    }

    private static void* Regrow(void* old, nuint vectors, nuint keep)
    {
        void* fresh = NativeMemory.AlignedAlloc(vectors * (nuint)sizeof(Vec), 64);
        if (keep > 0) NativeMemory.Copy(old, fresh, keep * (nuint)sizeof(Vec));
        NativeMemory.AlignedFree(old);
        return fresh;
    }

    /// <summary>Zeros from a coefficient on.</summary>
    private void Clear(Vec* row, int from)
    {
        for (int i = from; i < _stride; i++) row[i] = Vec.Zero;
    }
}
