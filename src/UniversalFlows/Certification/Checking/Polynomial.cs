using System.Numerics;

namespace UniversalFlows.Certification.Checking;

/// <summary>
/// A polynomial of degree at most D in d variables on [−1, 1]^d and a bound R of what it may be off by. All error bounds are sums of non-negative products in ordinary
/// arithmetic, times 1 + 10⁻¹² at the end, plus 10⁻³⁰⁰.
/// </summary>
internal sealed class Polynomial(Grid grid)
{
    private const double Unit = 1.12e-16; // a little above 2⁻⁵³

    public double[] C { get; } = new double[grid.Count];

    public double R { get; set; }

    public Grid Grid => grid;

    /// <summary>Coefficients beyond this degree are 0.</summary>
    public int Degree { get; set; }

    public Bracket Range()
    {
        double even = 0, low = 0, high = 0;
        for (int i = 1; i < C.Length; i++)
        {
            if (!grid.IsEven[i]) even += Math.Abs(C[i]);
            else if (C[i] > 0) high += C[i];
            else low -= C[i];
        }

        double down = Rounded(low + even + R), up = Rounded(high + even + R);
        return double.IsFinite(down + up + C[0]) ? new(Math.BitDecrement(C[0] - down), Math.BitIncrement(C[0] + up)) : Bracket.Unknown;
    }

    public static Polynomial Constant(Grid grid, Bracket value)
    {
        Polynomial p = new(grid);
        double m = p.C[0] = (0.5 * value.L) + (0.5 * value.H);
        p.R = value.L == value.H ? 0 : Rounded(Math.Max(value.H - m, m - value.L) + (Unit * Math.Abs(m)));
        if (!double.IsFinite(m)) p.R = double.NaN;
        return p;
    }

    /// <summary>Adds a constant in place.</summary>
    private void Shift(Bracket value)
    {
        double m = (0.5 * value.L) + (0.5 * value.H), off = value.L == value.H ? 0 : Math.Max(value.H - m, m - value.L) + (Unit * Math.Abs(m));
        C[0] += m;
        R = double.IsFinite(m) ? Rounded(R + off + (Unit * Math.Abs(C[0]))) : double.NaN;
    }

    /// <summary>a + s·b for s = ±1.</summary>
    public static Polynomial Sum(Polynomial a, double s, Polynomial b)
    {
        Polynomial p = new(a.Grid) { Degree = Math.Max(a.Degree, b.Degree) };
        double size = 0;
        for (int i = 0; i < p.C.Length; i++) size += Math.Abs(p.C[i] = a.C[i] + (s * b.C[i]));
        p.R = Rounded(a.R + b.R + (Unit * size));
        return p;
    }

    /// <summary>a·b: what has a degree above <paramref name="most"/> goes to R, and one rounding a product and a sum.</summary>
    public static Polynomial Product(Polynomial a, Polynomial b, int most)
    {
        Grid grid = a.Grid;
        int n = grid.Start[a.Degree + 1], m = grid.Start[b.Degree + 1];
        Polynomial p = new(grid) { Degree = Math.Min(most, a.Degree + b.Degree) };
        for (int i = 0; i < n; i++)
        {
            double x = a.C[i];
            if (x == 0 || grid.DegreeOf[i] > most) continue;
            // of monomials in the order of their degrees, a first part has a product of degree at most `most`
            int within = Math.Min(m, grid.Start[most - grid.DegreeOf[i] + 1]);
            ReadOnlySpan<int> to = grid.Product.AsSpan(i * grid.Count, within);
            ReadOnlySpan<double> from = b.C.AsSpan(0, within);
            double[] sum = p.C;
            for (int j = 0; j < to.Length; j++) sum[to[j]] += x * from[j];
        }

        // by degrees: what is left out, and what the chains of sums lose
        Span<double> sizeA = stackalloc double[a.Degree + 1], sizeB = stackalloc double[b.Degree + 1];
        double allA = a.Sizes(sizeA), allB = b.Sizes(sizeB), dropped = 0, rounded = 0;
        for (int i = 0; i < sizeA.Length; i++)
        {
            double over = 0, chains = 0;
            for (int j = 0; j < sizeB.Length; j++)
            {
                if (i + j > most) over += sizeB[j];
                else chains += sizeB[j] * grid.Chain[i + j];
            }

            dropped += sizeA[i] * over;
            rounded += sizeA[i] * chains;
        }

        p.R = Rounded((allA * b.R) + (a.R * (allB + b.R)) + dropped + (rounded * Unit));
        return p;
    }

    /// <summary>The sums of the sizes of the coefficients of each degree, and of all.</summary>
    private double Sizes(Span<double> sizes)
    {
        double all = 0;
        for (int k = 0; k < sizes.Length; k++)
        {
            double size = 0;
            for (int i = grid.Start[k]; i < grid.Start[k + 1]; i++) size += Math.Abs(C[i]);
            sizes[k] = size;
            all += size;
        }

        return all;
    }

    /// <summary>Σ |c|.</summary>
    public double Size()
    {
        double size = 0;
        for (int i = 0; i < grid.Start[Degree + 1]; i++) size += Math.Abs(C[i]);
        return size;
    }

    /// <summary>Σ w_k x_k + b; <paramref name="sizes"/> are those of the x_k. Sums elementwise, so the width of vectors changes no bit.</summary>
    public static Polynomial Affine(Grid grid, ReadOnlySpan<double> w, Polynomial[] x, ReadOnlySpan<double> sizes, double b)
    {
        Polynomial p = new(grid);
        p.C[0] = b;
        double error = 0, size = Math.Abs(b);
        for (int k = 0; k < x.Length; k++)
        {
            double weight = w[k];
            int n = grid.Start[x[k].Degree + 1], i = 0;
            Span<double> from = x[k].C.AsSpan(0, n), to = p.C.AsSpan(0, n);
            for (; i <= n - Vector<double>.Count; i += Vector<double>.Count)
                (new Vector<double>(to[i..]) + (weight * new Vector<double>(from[i..]))).CopyTo(to[i..]);
            for (; i < n; i++) to[i] += weight * from[i];
            size += Math.Abs(weight) * sizes[k];
            error += Math.Abs(weight) * x[k].R;
            p.Degree = Math.Max(p.Degree, x[k].Degree);
        }

        // each of K terms rounds once as a product and once in each of at most K sums
        p.R = Rounded(error + (size * Unit * (x.Length + 2))) * (1 + (4 * Unit * x.Length));
        return p;
    }

    /// <summary>f(a), Taylor's formula about the constant term.</summary>
    public static Polynomial Apply(Function f, Polynomial a)
    {
        Grid grid = a.Grid;
        int order = a.Degree == 0 ? 1 : grid.Degree;
        Polynomial q = new(grid) { Degree = a.Degree, R = a.R };
        double rho = a.R;
        for (int i = 1; i < q.C.Length; i++) rho += Math.Abs(q.C[i] = a.C[i]);
        rho = Rounded(rho);
        Bracket reach = new(Math.BitDecrement(a.C[0] - rho), Math.BitIncrement(a.C[0] + rho));
        Bracket[] s = Jets.Of(f, Bracket.Of(a.C[0]), order);
        Polynomial h = Constant(grid, s[order]);
        for (int k = order - 1; k >= 0; k--)
        {
            h = Product(q, h, grid.Degree - k); // k factors q without constant term will follow
            h.Shift(s[k]);
        }

        if (rho > 1e-300)
        {
            double last = Jets.Last(f, reach, order + 1);
            for (int k = 0; k <= order; k++) last *= rho;
            h.R = Rounded(h.R + last);
        }

        // the plain range, if it is narrower than the remainder
        Polynomial plain = Constant(grid, Jets.Range(f, reach));
        return plain.R < h.R || (double.IsNaN(h.R) && double.IsFinite(plain.R)) ? plain : h;
    }

    public static double Rounded(double bound) => (bound * (1 + 1e-12)) + 1e-300;
}

/// <summary>The monomials of degree at most D in d variables, by degree, and where the product of two stands.</summary>
internal sealed class Grid
{
    public Grid(int dimension, int degree)
    {
        (Dimension, Degree) = (dimension, degree);
        List<int[]> all = [];
        Start = new int[degree + 2];
        for (int n = 0; n <= degree; n++)
        {
            Start[n] = all.Count;
            Append(new int[dimension], 0, n);
        }

        Start[degree + 1] = Count = all.Count;
        DegreeOf = [.. all.Select(e => e.Sum())];
        IsEven = [.. all.Select(e => e.All(k => k % 2 == 0))];
        Product = new int[Count * Count];
        int[] uses = new int[Count];
        for (int i = 0; i < Count; i++)
        {
            for (int j = 0; j < Count; j++)
            {
                if (DegreeOf[i] + DegreeOf[j] > degree) continue;
                int[] sum = [.. all[i].Zip(all[j], (a, b) => a + b)];
                int at = Product[(i * Count) + j] = all.FindIndex(e => e.SequenceEqual(sum));
                uses[at]++;
            }
        }

        Chain = new double[degree + 1];
        for (int i = 0; i < Count; i++) Chain[DegreeOf[i]] = Math.Max(Chain[DegreeOf[i]], uses[i] + 1);

        void Append(int[] e, int from, int left)
        {
            if (from == dimension - 1)
            {
                e[from] = left;
                all.Add([.. e]);
                return;
            }

            for (e[from] = left; e[from] >= 0; e[from]--) Append(e, from + 1, left - e[from]);
            e[from] = 0;
        }
    }

    public int Dimension { get; }

    public int Degree { get; }

    public int Count { get; }

    public int[] Start { get; }

    public int[] DegreeOf { get; }

    public bool[] IsEven { get; }

    /// <summary>At i·Count + j: the monomial that is i times j, where its degree is at most D.</summary>
    public int[] Product { get; }

    /// <summary>By degree, the most roundings that a term meets on its way into a monomial of a product.</summary>
    public double[] Chain { get; }
}
