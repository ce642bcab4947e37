using UniversalFlows.Numerics;

namespace UniversalFlows.Training;

/// <summary>
/// The inverse Hessian of limited-memory BFGS (Nocedal and Wright, Numerical Optimization, algorithm 7.4): H starts as γI, γ = sᵀy/yᵀy of the
/// newest pair (I without pairs), and for each kept pair s = Δx, y = Δ∇f from the oldest on H ← (I − ρsyᵀ)H(I − ρysᵀ) + ρssᵀ, ρ = 1/sᵀy. Only products Hv are
/// formed, by the two-loop recursion.
/// </summary>
public sealed class LbfgsMemory
{
    private readonly double[][] _s, _y;
    private readonly double[] _rho, _alpha;
    private int _next;

    /// <summary>No pairs yet.</summary>
    /// <param name="dimension">n, the number of unknowns.</param>
    /// <param name="pairs">How many pairs are kept, ≥ 1.</param>
    public LbfgsMemory(int dimension, int pairs)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimension);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(pairs);
        _s = [.. Enumerable.Range(0, pairs).Select(_ => new double[dimension])];
        _y = [.. Enumerable.Range(0, pairs).Select(_ => new double[dimension])];
        (_rho, _alpha) = (new double[pairs], new double[pairs]);
    }

    /// <summary>The pairs kept at present.</summary>
    public int Count { get; private set; }

    /// <summary>Forgets all pairs.</summary>
    public void Clear() => Count = 0;

    /// <summary>
    /// Keeps a pair in place of the oldest. False if sᵀy &gt; 1e-14·|s||y| fails: such a pair would spoil the positive definiteness, and is not kept.
    /// </summary>
    public bool Add(ReadOnlySpan<double> s, ReadOnlySpan<double> y)
    {
        double sy = VectorMath.Dot(s, y), yy = VectorMath.Dot(y, y);
        if (!(sy > 1e-14 * Math.Sqrt(VectorMath.Dot(s, s)) * Math.Sqrt(yy))) return false;
        s.CopyTo(_s[_next]);
        y.CopyTo(_y[_next]);
        _rho[_next] = 1 / sy;
        Scale = sy / yy;
        _next = (_next + 1) % _s.Length;
        Count = Math.Min(Count + 1, _s.Length);
        return true;
    }

    /// <summary>v ← H v.</summary>
    public void Multiply(Span<double> v)
    {
        for (int age = 0; age < Count; age++)
        {
            int i = Slot(age);
            _alpha[i] = _rho[i] * VectorMath.Dot(_s[i], v);
            AddMultiple(-_alpha[i], _y[i], v);
        }

        if (Count > 0)
            foreach (ref double value in v) value *= Scale;
        for (int age = Count - 1; age >= 0; age--)
        {
            int i = Slot(age);
            double beta = _rho[i] * VectorMath.Dot(_y[i], v);
            AddMultiple(_alpha[i] - beta, _s[i], v);
        }
    }

    /// <summary>γ.</summary>
    private double Scale { get; set; } = 1;

    /// <summary>Where the pair of an age stands; 0 is the newest.</summary>
    private int Slot(int age) => (_next - 1 - age + (2 * _s.Length)) % _s.Length;

    private static void AddMultiple(double c, ReadOnlySpan<double> x, Span<double> y)
    {
        for (int i = 0; i < y.Length; i++) y[i] = Math.FusedMultiplyAdd(c, x[i], y[i]);
    }
}
