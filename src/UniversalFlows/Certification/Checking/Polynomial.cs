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
        double sizeA = 0, sizeB, dropped = 0, rounded = 0;
        // tail[k]: the sizes of b's coefficients of degree k and more
        Span<double> tail = stackalloc double[grid.Degree + 2];
        tail.Clear();
        for (int j = 0; j < m; j++) tail[grid.DegreeOf[j]] += Math.Abs(b.C[j]);
        for (int k = grid.Degree; k >= 0; k--) tail[k] += tail[k + 1];
        sizeB = tail[0];
        for (int i = 0; i < n; i++)
        {
            double x = a.C[i], size = Math.Abs(x);
            sizeA += size;
            if (x == 0) continue;
            // of monomials in the order of their degrees, a first part has a product of degree at most `most`
            int within = grid.DegreeOf[i] > most ? 0 : Math.Min(m, grid.Start[most - grid.DegreeOf[i] + 1]);
            ReadOnlySpan<int> to = grid.Product.AsSpan(i * grid.Count, within);
            double kept = 0;
            for (int j = 0; j < within; j++)
            {
                double t = x * b.C[j];
                p.C[to[j]] += t;
                kept += Math.Abs(t) * grid.Chain[to[j]];
            }

            dropped += size * tail[Math.Max(0, most - grid.DegreeOf[i] + 1)];
            rounded += kept;
        }

        p.R = Rounded((sizeA * b.R) + (a.R * (sizeB + b.R)) + dropped + (rounded * Unit));
        return p;
    }

    /// <summary>Σ w_k x_k + b.</summary>
    public static Polynomial Affine(Grid grid, ReadOnlySpan<double> w, Polynomial[] x, double b)
    {
        Polynomial p = new(grid);
        p.C[0] = b;
        double error = 0, size = Math.Abs(b);
        for (int k = 0; k < x.Length; k++)
        {
            double weight = w[k], sum = 0;
            double[] from = x[k].C;
            int n = grid.Start[x[k].Degree + 1];
            for (int i = 0; i < n; i++)
            {
                double t = weight * from[i];
                p.C[i] += t;
                sum += Math.Abs(t);
            }

            size += sum;
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
        for (int k = order - 1; k >= 0; k--) h = Sum(Product(q, h, grid.Degree - k), 1, Constant(grid, s[k])); // k factors q without constant term will follow
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

        Chain = [.. uses.Select(u => u + 1.0)];

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

    /// <summary>The most roundings that a term meets on its way into a monomial of a product.</summary>
    public double[] Chain { get; }
}
