using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Construction.Affine;

/// <summary>
/// The fields W = Σ_i G_i(λ_i·x), G_i: R → R^d of degree D in Chebyshev's basis on [−R, R]. In the orthonormal coordinates (p, q) = (λ_i·x, the others) a term is ṗ = g(p), q̇ = k(p),
/// the components of G_i: what it does depends on p alone.
/// </summary>
/// <remarks>Such sums are dense. In the plane, polynomials of degree D are exactly sums over D + 1 directions; in space over (D + 1)(D + 2)/2.</remarks>
internal sealed class RidgeBasis
{
    /// <summary>M directions, degree D, radius R.</summary>
    public RidgeBasis(int dimension, int directions, int degree, double radius)
    {
        (Dimension, Directions, Degree, Radius) = (dimension, directions, degree, radius);
        Frames = [.. Enumerable.Range(0, directions).Select(i => dimension == 2 ? Planar(i, directions) : Spatial(i, directions))];
    }

    /// <summary>d, 2 or 3.</summary>
    public int Dimension { get; }

    /// <summary>M.</summary>
    public int Directions { get; }

    /// <summary>D.</summary>
    public int Degree { get; }

    /// <summary>R.</summary>
    public double Radius { get; }

    /// <summary>Orthonormal d × d matrices of determinant 1, row by row, λ_i first.</summary>
    public double[][] Frames { get; }

    /// <summary>M·d·(D + 1): direction by direction, component by component in its frame.</summary>
    public int Unknowns => Directions * Dimension * (Degree + 1);

    /// <summary>The least-squares field with values V at the points, Tikhonov's λ or the next power of ten at which the system is positive definite; null if 10⁴λ is not enough.</summary>
    public double[]? Fit(double[] points, double[] velocities, double lambda, int threads, out double residual)
    {
        int d = Dimension, n = Degree + 1, count = points.Length / d, groups = (count + Lanes.Width - 1) / Lanes.Width;
        using LeastSquares system = new(d * groups * Lanes.Width, Unknowns);
        Workers.For(groups, threads, group =>
        {
            using Scratch<Lanes> scratch = new(d + n);
            Span<Lanes> x = scratch.Take(d), basis = scratch.Take(n);
            PointSet.Load(points, d, group * Lanes.Width, x);
            Span<double> ones = stackalloc double[Lanes.Width];
            for (int lane = 0; lane < Lanes.Width; lane++) ones[lane] = (group * Lanes.Width) + lane < count ? 1 : 0;
            Lanes mask = Lanes.Load(ones);
            for (int i = 0; i < Directions; i++)
            {
                double[] frame = Frames[i];
                Lanes p = default;
                for (int j = 0; j < d; j++) p = Lanes.MultiplyAdd(Lanes.Constant(frame[j]), x[j], p);
                ChebyshevGrid.Basis(p / Radius, basis);
                for (int r = 0; r < d; r++)
                    for (int k = 0; k < n; k++)
                        for (int j = 0; j < d; j++) system.Set((j * groups) + group, (((i * d) + r) * n) + k, basis[k] * mask * frame[(r * d) + j]);
            }
        });
        double[] right = new double[system.Rows], c = new double[Unknowns], rest = new double[system.Rows];
        int block = groups * Lanes.Width;
        for (int s = 0; s < count; s++)
            for (int j = 0; j < d; j++) right[(j * block) + s] = velocities[(s * d) + j];
        residual = double.NaN;
        // sums over directions are not unique in low degrees: λ has to outweigh the rounding of the normal equations
        bool solved = false;
        for (int k = 0; k < 5 && !solved; k++, lambda *= 10) solved = system.Solve(right, lambda, c, 2, threads);
        if (!solved) return null;
        system.AddProduct(c, rest);
        residual = 0;
        for (int s = 0; s < count; s++)
        {
            double square = 0;
            for (int j = 0; j < d; j++) square += (right[(j * block) + s] - rest[(j * block) + s]) * (right[(j * block) + s] - rest[(j * block) + s]);
            residual = Math.Max(residual, Math.Sqrt(square));
        }

        return c;
    }

    /// <summary>G_i in its frame at p, and the derivative of its first component.</summary>
    public void Evaluate(int i, ReadOnlySpan<double> coefficients, double p, Span<double> values, out double slope)
    {
        int n = Degree + 1;
        Span<Dual<Real>> basis = stackalloc Dual<Real>[n];
        ChebyshevGrid.Basis(new Dual<Real>(new(p / Radius), new(1 / Radius)), basis);
        slope = 0;
        for (int r = 0; r < Dimension; r++)
        {
            ReadOnlySpan<double> own = coefficients.Slice(((i * Dimension) + r) * n, n);
            values[r] = 0;
            for (int k = 0; k < n; k++)
            {
                values[r] = Math.FusedMultiplyAdd(own[k], basis[k].Value.Value, values[r]);
                if (r == 0) slope = Math.FusedMultiplyAdd(own[k], basis[k].Tangent.Value, slope);
            }
        }
    }

    /// <summary>λ = (cos θ, sin θ), θ = πi/M + 0.1: no direction is an axis.</summary>
    private static double[] Planar(int i, int count)
    {
        Real angle = new((Math.PI * i / count) + 0.1);
        double c = Real.Cos(angle).Value, s = Real.Sin(angle).Value;
        return [c, s, -s, c];
    }

    /// <summary>λ on a half sphere as <see cref="OvershearBasis"/> has its v; an even permutation of its rows.</summary>
    private static double[] Spatial(int i, int count)
    {
        double[] last = OvershearBasis.Spatial(i, count);
        return [.. last[6..], .. last[..6]];
    }
}
