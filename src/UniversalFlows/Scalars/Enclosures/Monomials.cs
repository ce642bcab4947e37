namespace UniversalFlows.Scalars;

/// <summary>
/// The monomials t^α of degree |α| ≤ D in d variables, by degree, and for each one the pairs of monomials whose product it is: a truncated product of
/// polynomials is one pass over the pairs.
/// </summary>
internal sealed class Monomials
{
    private static readonly Monomials?[] s_all = new Monomials?[(MaxDimension + 1) * (MaxDegree + 1)];

    /// <summary>The largest d and D.</summary>
    public const int MaxDimension = 4, MaxDegree = 10;

    private Monomials(int dimension, int degree)
    {
        (Dimension, Degree) = (dimension, degree);
        List<int[]> exponents = [];
        Start = new int[degree + 2];
        for (int n = 0; n <= degree; n++)
        {
            Start[n] = exponents.Count;
            Append(exponents, new int[dimension], 0, n);
        }

        Start[degree + 1] = exponents.Count;
        Exponents = [.. exponents];
        Count = exponents.Count;
        Dictionary<string, int> index = [];
        for (int i = 0; i < Count; i++) index[string.Join(',', Exponents[i])] = i;
        List<uint> pairs = [];
        Pairs = [];
        First = new int[Count * (degree + 2)];
        for (int c = 0; c < Count; c++)
        {
            int n = DegreeOf(c);
            for (int i = 0; i <= degree + 1; i++)
            {
                First[(c * (degree + 2)) + i] = pairs.Count;
                if (i > n) continue;
                for (int a = Start[i]; a < Start[i + 1]; a++)
                {
                    int[] rest = [.. Exponents[c].Zip(Exponents[a], (x, y) => x - y)];
                    // byte offsets of rows of eight doubles
                    if (rest.All(e => e >= 0)) pairs.Add((uint)(a * 64) | ((uint)(index[string.Join(',', rest)] * 64) << 16));
                }
            }
        }

        Pairs = [.. pairs];
        Chain = new double[degree + 1];
        for (int c = 0; c < Count; c++)
        {
            int n = DegreeOf(c);
            Chain[n] = Math.Max(Chain[n], First[(c * (degree + 2)) + degree + 1] - First[c * (degree + 2)]);
        }

        IsEven = [.. Exponents.Select(e => e.All(k => k % 2 == 0))];
    }

    /// <summary>d.</summary>
    public int Dimension { get; }

    /// <summary>D.</summary>
    public int Degree { get; }

    /// <summary>How many monomials there are: C(d + D, D).</summary>
    public int Count { get; }

    /// <summary>Where the monomials of degree n begin; <see cref="Count"/> for n = D + 1. The variables stand at 1 … d, in order.</summary>
    public int[] Start { get; }

    /// <summary>α.</summary>
    public int[][] Exponents { get; }

    /// <summary>Whether all exponents are even: t^α ≥ 0.</summary>
    public bool[] IsEven { get; }

    /// <summary>The largest number of pairs of a monomial of degree n: the length of its chain of fused multiply-adds.</summary>
    public double[] Chain { get; }

    /// <summary>Pairs (α, β) by the monomial of their product, then by |α|: byte offsets of α and β, 16 bits each.</summary>
    public uint[] Pairs { get; }

    /// <summary>At c·(D + 2) + i: the first pair of monomial c with |α| ≥ i.</summary>
    public int[] First { get; }

    /// <summary>The tables of d and D, made once.</summary>
    public static Monomials Of(int dimension, int degree)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(dimension, MaxDimension);
        ArgumentOutOfRangeException.ThrowIfLessThan(degree, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(degree, MaxDegree);
        return s_all[(dimension * (MaxDegree + 1)) + degree] ??= new Monomials(dimension, degree);
    }

    private int DegreeOf(int monomial) => Exponents[monomial].Sum();

    private static void Append(List<int[]> all, int[] exponents, int from, int left)
    {
        if (from == exponents.Length - 1)
        {
            exponents[from] = left;
            all.Add([.. exponents]);
            return;
        }

        for (int e = left; e >= 0; e--)
        {
            exponents[from] = e;
            Append(all, exponents, from + 1, left - e);
        }
    }
}
