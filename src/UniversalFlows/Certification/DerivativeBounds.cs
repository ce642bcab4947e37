using System.Runtime.Intrinsics;
using UniversalFlows.Bijections;
using UniversalFlows.Scalars;
using UniversalFlows.Targets;

namespace UniversalFlows.Certification;

/// <summary>
/// Suprema over K of spectral norms of derivatives, proved (docs/certificates.md): the C1 distance sup‖Df − Dg‖, and the constants sup‖Dg‖ and sup‖(Dg)⁻¹‖ of a flow. Jacobians are enclosed by dual numbers of
/// Taylor models. Maps are continuous and piecewise C¹; where they have kinks, the supremum is that over the pieces, those that only touch K included.
/// </summary>
/// <remarks>
/// K is convex. So |g(x) − g(y)| ≤ sup‖Dg‖·|x − y| on K, by the mean value theorem. And |x − y| ≤ sup‖(Dg)⁻¹‖·(the length of any path from g(x) to g(y) within g(K)); where the segment between
/// them is in g(K), that is |g(x) − g(y)|. For segments that leave g(K) nothing is claimed.
/// </remarks>
public static class DerivativeBounds
{
    /// <summary>Proves L ≤ sup over K of ‖Df − Dg‖ ≤ U, the operator norm of the Euclidean norm.</summary>
    /// <param name="f">A map of R^d, the flow.</param>
    /// <param name="g">A map of R^d, the target.</param>
    /// <param name="domain">K: a box or a ball.</param>
    /// <param name="settings">Null: a gap of 1%, 60 seconds.</param>
    /// <exception cref="ArgumentException">As for <see cref="Supremum.Certify"/>.</exception>
    public static SupremumCertificate C1(IMap f, IMap g, Domain domain, CertificateSettings? settings = null)
    {
        settings ??= new CertificateSettings();
        int degree = Supremum.Check(f, g, domain, settings);
        return Supremum.Of(new DerivativeNorm(f, g, inverse: false), domain, settings, degree);
    }

    /// <summary>Proves L ≤ sup over K of ‖Dg‖ ≤ U: g is Lipschitz on K with the constant U and, without kinks, with none below L.</summary>
    /// <param name="g">A map of R^d.</param>
    /// <param name="domain">K: a box or a ball.</param>
    /// <param name="settings">Null: a gap of 1%, 60 seconds.</param>
    /// <exception cref="ArgumentException">As for <see cref="Supremum.Certify"/>.</exception>
    public static SupremumCertificate Lipschitz(IMap g, Domain domain, CertificateSettings? settings = null) => Constant(g, domain, settings, inverse: false);

    /// <summary>Proves L ≤ sup over K of ‖(Dg)⁻¹‖ ≤ U: the inverse is Lipschitz on g(K) with the constant U along paths within g(K).</summary>
    /// <param name="g">A map of R^d.</param>
    /// <param name="domain">K: a box or a ball.</param>
    /// <param name="settings">Null: a gap of 1%, 60 seconds.</param>
    /// <exception cref="ArgumentException">As for <see cref="Supremum.Certify"/>.</exception>
    public static SupremumCertificate InverseLipschitz(IMap g, Domain domain, CertificateSettings? settings = null) => Constant(g, domain, settings, inverse: true);

    private static SupremumCertificate Constant(IMap g, Domain domain, CertificateSettings? settings, bool inverse)
    {
        settings ??= new CertificateSettings();
        int degree = Supremum.Check(g, g, domain, settings);
        return Supremum.Of(new DerivativeNorm(g, null, inverse), domain, settings, degree);
    }
}

/// <summary>‖J‖ or ‖J⁻¹‖ for J = Df − Dg, or J = Df if there is no g.</summary>
internal sealed class DerivativeNorm(IMap f, IMap? g, bool inverse) : IQuantity
{
    /// <inheritdoc/>
    public Lanes OverBoxes(int degree, ReadOnlySpan<Lanes> lower, ReadOnlySpan<Lanes> upper, out Lanes centre)
    {
        int d = lower.Length;
        TaylorModel[] models = new TaylorModel[d * d];
        Enclose(degree, lower, upper, models);
        Interval[] ranges = Ranges(models);
        Vector512<double> bound = (inverse ? MatrixBounds.InverseAtMost(ranges, d) : MatrixBounds.NormAtMost(ranges, d)).Value;
        Lanes[] middle = [.. models.Select(m => TaylorModel.Primal(m, 0))];
        centre = Near(middle, d);
        if (d == 2)
        {
            Vector512<double> other = Planar(models).Value;
            bound = Vector512.ConditionalSelect(Vector512.LessThan(bound, other), bound, Vector512.ConditionalSelect(Vector512.Equals(other, other), other, bound));
        }

        return new(Vector512.ConditionalSelect(Vector512.LessThanOrEqual(bound, Vector512.Create(double.MaxValue)), bound, Vector512.Create(double.PositiveInfinity)));
    }

    /// <inheritdoc/>
    public Lanes AtPoints(ReadOnlySpan<Lanes> points)
    {
        int d = points.Length;
        TaylorModel[] models = new TaylorModel[d * d];
        Enclose(1, points, points, models);
        Lanes byModels = AtLeast(Ranges(models), d);
        Interval[] x = new Interval[d], a = new Interval[d * d], b = new Interval[d * d];
        for (int i = 0; i < d; i++) x[i] = Interval.Point(points[i]);
        Jacobian.Evaluate<Interval>(f, x, new Interval[d], a);
        if (g is not null)
        {
            Jacobian.Evaluate<Interval>(g, x, new Interval[d], b);
            for (int k = 0; k < a.Length; k++) a[k] -= b[k];
        }

        return new(Vector512.Max(byModels.Value, AtLeast(a, d).Value));
    }

    /// <inheritdoc/>
    public Lanes Near(ReadOnlySpan<Lanes> points)
    {
        int d = points.Length;
        Lanes[] a = new Lanes[d * d], b = new Lanes[d * d];
        Jacobian.Evaluate(f, points, new Lanes[d], a);
        if (g is not null)
        {
            Jacobian.Evaluate(g, points, new Lanes[d], b);
            for (int k = 0; k < a.Length; k++) a[k] -= b[k];
        }

        return Near(a, d);
    }

    private Lanes Near(Lanes[] matrix, int d) => MatrixBounds.NormAtMost(inverse ? MatrixBounds.Inverse(matrix, d) : matrix, d).Upper;

    private Lanes AtLeast(Interval[] matrix, int d) => inverse ? MatrixBounds.InverseAtLeast(matrix, d) : MatrixBounds.NormAtLeast(matrix, d);

    private static Interval[] Ranges(TaylorModel[] models) => [.. models.Select(TaylorArena.Current.Range)];

    /// <summary>
    /// d = 2, one polynomial: ‖J‖² = ½(a + c + √((a − c)² + 4b²)) with JᵀJ = (a, b; b, c), ‖J⁻¹‖² = ‖J‖²/det². NaN where the singular values may be equal.
    /// </summary>
    private Lanes Planar(TaylorModel[] j)
    {
        TaylorModel a = (j[0] * j[0]) + (j[2] * j[2]), b = (j[0] * j[1]) + (j[2] * j[3]), c = (j[1] * j[1]) + (j[3] * j[3]);
        TaylorModel largest = 0.5 * (a + c + TaylorModel.Sqrt(((a - c) * (a - c)) + (4 * b * b)));
        if (inverse)
        {
            TaylorModel determinant = (j[0] * j[3]) - (j[1] * j[2]);
            largest /= determinant * determinant;
        }

        Interval range = TaylorArena.Current.Range(largest);
        return Interval.Sqrt(Interval.Max(range, Interval.Constant(0))).Upper;
    }

    /// <summary>J over eight boxes, column by column, part by part of compositions: between the parts only the state and J stay in the arena.</summary>
    private void Enclose(int degree, ReadOnlySpan<Lanes> lower, ReadOnlySpan<Lanes> upper, Span<TaylorModel> jacobian)
    {
        int d = lower.Length;
        TaylorArena arena = TaylorArena.Current;
        arena.Begin(d, degree);
        TaylorModel[] all = new TaylorModel[(d * d) + (2 * d)];
        Span<TaylorModel> value = all.AsSpan(d * d, d), tangent = all.AsSpan((d * d) + d);
        Span<Dual<TaylorModel>> y = stackalloc Dual<TaylorModel>[d];
        for (int n = 0; n < (g is null ? 1 : 2); n++)
        {
            IMap map = n == 0 ? f : g!;
            IMap[] parts = map is Composition flow ? [.. ChainBound.Flatten(flow)] : [map];
            for (int j = 0; j < d; j++)
            {
                arena.Variables(lower, upper, value);
                for (int i = 0; i < d; i++) tangent[i] = TaylorModel.Constant(i == j ? 1 : 0);
                foreach (IMap part in parts)
                {
                    for (int i = 0; i < d; i++) y[i] = new(value[i], tangent[i]);
                    part.Map(y);
                    for (int i = 0; i < d; i++) (value[i], tangent[i]) = (y[i].Value, y[i].Tangent);
                    arena.Keep(all);
                }

                for (int i = 0; i < d; i++) all[(i * d) + j] = n == 0 ? tangent[i] : all[(i * d) + j] - tangent[i];
            }
        }

        all.AsSpan(0, d * d).CopyTo(jacobian);
    }
}
