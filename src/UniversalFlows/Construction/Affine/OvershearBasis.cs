using UniversalFlows.Bijections;
using UniversalFlows.Bijections.Conditioners;
using UniversalFlows.Bijections.Transformers;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Construction.Affine;

/// <summary>
/// The fields W = Σ_i (p_i(P_i x) + q_i(P_i x)·(v_i·x)) v_i of R^d: M directions v_i, P_i the coordinates orthogonal to v_i, p_i and q_i polynomials of total degree D and D − 1 in
/// Chebyshev's basis on [−R_i, R_i]^{d−1}. Every term is complete: in the orthonormal coordinates (a, b) = (P_i x, v_i·x) it is ȧ = 0, ḃ = q(a)·b + p(a), a shear (q = 0) or overshear, and
/// its time-τ flow b ↦ b·e^{τq} + p·(e^{τq} − 1)/q is exactly one affine coupling between two rotations.
/// </summary>
/// <remarks>Andersén and Lempert 1992: these fields span all polynomial fields. docs/sup-universality.md.</remarks>
internal sealed partial class OvershearBasis
{
    private readonly int[] _shear, _overshear; // the places of the terms of p and q in the tensor (D + 1)^{d − 1}

    /// <summary>M directions, degree D ≥ 1, radius R.</summary>
    public OvershearBasis(int dimension, int directions, int degree, double radius)
        : this(dimension, directions, degree, _ => radius)
    {
    }

    /// <summary>M directions, degree D ≥ 1, and a radius R_i for each direction, from its frame: what is used of P_i x should fill [−R_i, R_i]^{d−1}.</summary>
    public OvershearBasis(int dimension, int directions, int degree, Func<double[], double> radius)
    {
        (Dimension, Directions, Degree) = (dimension, directions, degree);
        Frames = [.. Enumerable.Range(0, directions).Select(i => dimension == 2 ? Planar(i, directions) : Spatial(i, directions))];
        Radii = [.. Frames.Select(radius)];
        _shear = Places(degree);
        _overshear = Places(degree - 1);
    }

    /// <summary>d, 2 or 3.</summary>
    public int Dimension { get; }

    /// <summary>M.</summary>
    public int Directions { get; }

    /// <summary>D.</summary>
    public int Degree { get; }

    /// <summary>R_i.</summary>
    public double[] Radii { get; }

    /// <summary>Orthonormal d × d matrices, row by row: P_i, and v_i the last row.</summary>
    public double[][] Frames { get; }

    /// <summary>Coefficients a direction.</summary>
    public int PerDirection => _shear.Length + _overshear.Length;

    /// <summary>M times that.</summary>
    public int Unknowns => Directions * PerDirection;

    /// <summary>Equations for a number of points: the components one after the other, each a multiple of eight rows.</summary>
    public int Rows(int points) => Dimension * Groups(points) * Lanes.Width;

    /// <summary>The matrix of c ↦ W at the points, and the mean square norm of its columns.</summary>
    public double Fill(LeastSquares system, double[] points, int threads)
    {
        int d = Dimension, count = points.Length / d, groups = Groups(count);
        double[] squares = new double[groups];
        Workers.For(groups, threads, group =>
        {
            using Scratch<Lanes> scratch = new(2 * d);
            Span<Lanes> x = scratch.Take(d), local = scratch.Take(d);
            Lanes[] features = new Lanes[PerDirection];
            Lanes mask = Mask(group, count), sum = default;
            PointSet.Load(points, d, group * Lanes.Width, x);
            for (int i = 0; i < Directions; i++)
            {
                double[] frame = Frames[i];
                Rotate(frame, x, local);
                Features(i, local, features);
                for (int u = 0; u < features.Length; u++)
                {
                    Lanes feature = features[u] * mask;
                    sum = Lanes.MultiplyAdd(feature, feature, sum);
                    for (int j = 0; j < d; j++) system.Set((j * groups) + group, (i * PerDirection) + u, feature * frame[((d - 1) * d) + j]);
                }
            }

            for (int lane = 0; lane < Lanes.Width; lane++) squares[group] += sum[lane];
        });
        return squares.Sum() / Unknowns;
    }

    /// <summary>x ← the layer at x; local receives where it acted, in its own coordinates.</summary>
    public void Apply(OvershearLayer layer, Span<Lanes> x, Span<Lanes> local)
    {
        int d = Dimension;
        double[] frame = Frames[layer.Direction];
        Rotate(frame, x, local);
        Span<Lanes> moved = stackalloc Lanes[d];
        local.CopyTo(moved);
        layer.Coupling.Map(moved);
        Lanes step = moved[d - 1] - local[d - 1];
        for (int j = 0; j < d; j++) x[j] = Lanes.MultiplyAdd(Lanes.Constant(frame[((d - 1) * d) + j]), step, x[j]);
    }

    private static Lanes Mask(int group, int count)
    {
        Span<double> ones = stackalloc double[Lanes.Width];
        for (int lane = 0; lane < Lanes.Width; lane++) ones[lane] = (group * Lanes.Width) + lane < count ? 1 : 0;
        return Lanes.Load(ones);
    }

    /// <summary>Rows of vectors in the order of <see cref="Fill"/>'s equations.</summary>
    public double[] Stack(double[] vectors)
    {
        int d = Dimension, count = vectors.Length / d, block = Groups(count) * Lanes.Width;
        double[] stacked = new double[d * block];
        for (int n = 0; n < count; n++)
            for (int j = 0; j < d; j++) stacked[(j * block) + n] = vectors[(n * d) + j];
        return stacked;
    }

    /// <summary>W at the points.</summary>
    public double[] Evaluate(ReadOnlySpan<double> coefficients, double[] points)
    {
        int d = Dimension, count = points.Length / d;
        double[] values = new double[points.Length];
        Span<Lanes> x = stackalloc Lanes[d], local = stackalloc Lanes[d];
        Lanes[] features = new Lanes[PerDirection], value = new Lanes[d];
        for (int first = 0; first < count; first += Lanes.Width)
        {
            PointSet.Load(points, d, first, x);
            Array.Clear(value);
            for (int i = 0; i < Directions; i++)
            {
                Rotate(Frames[i], x, local);
                Features(i, local, features);
                Lanes sum = default;
                for (int u = 0; u < features.Length; u++) sum = Lanes.MultiplyAdd(Lanes.Constant(coefficients[(i * PerDirection) + u]), features[u], sum);
                for (int j = 0; j < d; j++) value[j] = Lanes.MultiplyAdd(Lanes.Constant(Frames[i][((d - 1) * d) + j]), sum, value[j]);
            }

            for (int lane = 0; lane < Math.Min(Lanes.Width, count - first); lane++)
                for (int j = 0; j < d; j++) values[((first + lane) * d) + j] = value[j][lane];
        }

        return values;
    }

    /// <summary>The time-τ flow of the i-th term, in its own coordinates: y_d ← y_d e^s + p(e^s − 1)/s with s = τq(y_1 … y_{d−1}) and p = τp(…). Arguments are clipped to [−R_i, R_i].</summary>
    public Coupling Layer(int i, ReadOnlySpan<double> coefficients, double time)
    {
        int d = Dimension, inputs = d - 1;
        Dense table = new(Power(Degree + 1, inputs), 2);
        ReadOnlySpan<double> own = coefficients.Slice(i * PerDirection, PerDirection);
        for (int u = 0; u < _overshear.Length; u++) table.Weights[_overshear[u]] = time * own[_shear.Length + u];
        for (int u = 0; u < _shear.Length; u++) table.Weights[table.Inputs + _shear[u]] = time * own[u];
        int[] degrees = new int[inputs];
        double[] lower = new double[inputs], upper = new double[inputs];
        Array.Fill(degrees, Degree);
        Array.Fill(lower, -Radii[i]);
        Array.Fill(upper, Radii[i]);
        return new Coupling(
            d, [.. Enumerable.Range(0, inputs)], [inputs], new AffineTransformer(new PositiveMap(PositiveKind.Exp), ShiftForm.Product),
            new ClippedConditioner(lower, upper, new ChebyshevConditioner(degrees, lower, upper, table)));
    }

    /// <summary>local ← Q x for an orthonormal Q, row by row.</summary>
    private static void Rotate(double[] frame, ReadOnlySpan<Lanes> x, Span<Lanes> local)
    {
        int d = x.Length;
        for (int r = 0; r < d; r++)
        {
            local[r] = default;
            for (int j = 0; j < d; j++) local[r] = Lanes.MultiplyAdd(Lanes.Constant(frame[(r * d) + j]), x[j], local[r]);
        }
    }

    /// <summary>T_k(a/R_i) for p, then T_k(a/R_i)·b for q; products of T's with two passive coordinates.</summary>
    private void Features(int i, ReadOnlySpan<Lanes> local, Span<Lanes> features)
    {
        int n = Degree + 1, inputs = Dimension - 1;
        using Scratch<Lanes> scratch = new(2 * n);
        Span<Lanes> first = scratch.Take(n), second = scratch.Take(n);
        ChebyshevGrid.Basis(local[0] / Radii[i], first);
        if (inputs == 2) ChebyshevGrid.Basis(local[1] / Radii[i], second);
        for (int u = 0; u < _shear.Length; u++) features[u] = inputs == 1 ? first[_shear[u]] : first[_shear[u] / n] * second[_shear[u] % n];
        for (int u = 0; u < _overshear.Length; u++)
            features[_shear.Length + u] = local[inputs] * (inputs == 1 ? first[_overshear[u]] : first[_overshear[u] / n] * second[_overshear[u] % n]);
    }

    private int[] Places(int degree)
    {
        int n = Degree + 1;
        if (Dimension == 2) return [.. Enumerable.Range(0, degree + 1)];
        return [.. Enumerable.Range(0, n * n).Where(place => (place / n) + (place % n) <= degree)];
    }

    /// <summary>λ = (cos θ, sin θ), v = (−sin θ, cos θ), θ = πi/M.</summary>
    private static double[] Planar(int i, int count)
    {
        Real angle = new(Math.PI * i / count);
        double c = Real.Cos(angle).Value, s = Real.Sin(angle).Value;
        return [c, s, -s, c];
    }

    /// <summary>v on a half sphere: heights z = (i + ½)/M, each turned by the golden angle; the other two rows complete it to an orthonormal frame.</summary>
    internal static double[] Spatial(int i, int count)
    {
        const double GoldenAngle = 2.399963229728653; // π(3 − √5)
        double z = (i + 0.5) / count, radius = Math.Sqrt(1 - (z * z));
        Real turn = new(GoldenAngle * i);
        double c = Real.Cos(turn).Value, s = Real.Sin(turn).Value;
        // (−s, c, 0), v × that, and v = (rc, rs, z)
        return [-s, c, 0, -z * c, -z * s, radius, radius * c, radius * s, z];
    }

    private static int Groups(int points) => (points + Lanes.Width - 1) / Lanes.Width;

    private static int Power(int n, int exponent)
    {
        int power = 1;
        for (int i = 0; i < exponent; i++) power *= n;
        return power;
    }
}
