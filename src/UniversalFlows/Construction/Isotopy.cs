using UniversalFlows.Bijections;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Construction;

/// <summary>
/// Step (a) of the proof: f on K joined to an affine map. With the centre c of K moved to 0 and f(c) to 0, F_t(x) = f(tx)/t for
/// 0 &lt; t ≤ 1 and F_0 = A = Df(0) is a path of embeddings of K, C² in x, from a linear map to f; its velocity is bounded because f is C².
/// The path S_t = C_t⁻¹∘F_t has the affine frame C_t taken out (<see cref="AffineOrder"/>), and is measured in units of K: the layers see the same numbers for K and for
/// a stretched K. A carries the orientation.
/// </summary>
/// <remarks>K is star-shaped about c, so f is only ever asked for points of K. docs/theory.md, step (a).</remarks>
public sealed class Isotopy
{
    private readonly IMap _map;
    private readonly double[] _centre, _value, _derivative, _unit;
    private readonly double[] _samples;

    /// <summary>The isotopy of f about c.</summary>
    /// <param name="map">f.</param>
    /// <param name="centre">c.</param>
    /// <param name="order">Where the affine part stands.</param>
    /// <param name="samples">Points of K that stand for K where a frame is fitted, row by row.</param>
    /// <param name="unit">The lengths that are 1 along the coordinates of S_t, such as half the widths of K; empty: 1.</param>
    public Isotopy(IMap map, ReadOnlySpan<double> centre, AffineOrder order, double[] samples, ReadOnlySpan<double> unit = default)
    {
        ArgumentNullException.ThrowIfNull(map);
        int d = map.Dimension;
        _unit = unit.IsEmpty ? [.. Enumerable.Repeat(1.0, d)] : unit.ToArray();
        (_map, _centre, Order, _samples) = (map, centre.ToArray(), order, samples);
        Real[] x = [.. _centre.Select(v => new Real(v))], value = new Real[d], jacobian = new Real[d * d];
        Jacobian.Evaluate<Real>(map, x, value, jacobian);
        _value = [.. value.Select(v => v.Value)];
        _derivative = [.. jacobian.Select(v => v.Value)];
    }

    /// <summary>d.</summary>
    public int Dimension => _map.Dimension;

    /// <summary>Where the affine part stands.</summary>
    public AffineOrder Order { get; }

    /// <summary>c.</summary>
    public ReadOnlySpan<double> Centre => _centre;

    /// <summary>f(c).</summary>
    public ReadOnlySpan<double> Value => _value;

    /// <summary>A = Df(c), row by row.</summary>
    public ReadOnlySpan<double> Derivative => _derivative;

    /// <summary>The frame of the moment t.</summary>
    public Frame At(double time)
    {
        int d = Dimension;
        double[] identity = new double[d * d], none = new double[d];
        for (int i = 0; i < d; i++) identity[(i * d) + i] = 1;
        return Order switch
        {
            AffineOrder.First => new Frame(time, InUnits(identity), none),
            AffineOrder.Last => new Frame(time, InUnits(_derivative), none),
            _ => time == 0 ? new Frame(time, InUnits(_derivative), none) : NearestAffine(time, new Frame(time, identity, none)),
        };
    }

    /// <summary>M·diag(unit).</summary>
    private double[] InUnits(double[] matrix) => [.. matrix.Select((m, k) => m * _unit[k % Dimension])];

    /// <summary>The affine map that a flow begins with, x ↦ S_0(x), and the one that it ends with, y ↦ C_1 y + f(c).</summary>
    public (Linear First, Linear Last) AffineParts()
    {
        int d = Dimension;
        Frame start = At(0), end = At(1);
        double[] matrix = new double[d * d], shift = new double[d], last = end.Shift.ToArray();
        // S_0(x) = C_0⁻¹A(x − c)
        for (int i = 0; i < d; i++)
        {
            for (int j = 0; j < d; j++)
            {
                double sum = 0;
                for (int k = 0; k < d; k++) sum = Math.FusedMultiplyAdd(start.Backward.Weights[(i * d) + k], _derivative[(k * d) + j], sum);
                matrix[(i * d) + j] = Order == AffineOrder.First ? sum : i == j ? 1 / _unit[i] : 0; // C_0 = A·diag(unit): exactly a diagonal
                shift[i] = Math.FusedMultiplyAdd(-matrix[(i * d) + j], _centre[j], shift[i]);
            }

            last[i] += _value[i];
        }

        return (new Linear(matrix, shift), new Linear(end.Matrix.Span, last));
    }

    /// <summary>x ← S_t(x) = C_t⁻¹(F_t(x)).</summary>
    public void Map<T>(Frame frame, Span<T> x) where T : unmanaged, IScalar<T>
    {
        ArgumentNullException.ThrowIfNull(frame);
        int d = Dimension;
        using Scratch<T> scratch = new(d);
        Span<T> image = scratch.Take(d);
        double t = frame.Time;
        if (t == 0)
        {
            for (int i = 0; i < d; i++)
            {
                image[i] = T.Constant(0);
                for (int j = 0; j < d; j++) image[i] += _derivative[(i * d) + j] * (x[j] - _centre[j]);
            }
        }
        else
        {
            // at t = 1 the argument is x itself: c + (x − c) would round
            for (int i = 0; i < d; i++) image[i] = t == 1 ? x[i] : (t * (x[i] - _centre[i])) + _centre[i];
            _map.Map(image);
            for (int i = 0; i < d; i++) image[i] = (image[i] - _value[i]) / t;
        }

        T.Affine(frame.Backward, image, x);
    }

    /// <summary>y ← S_0⁻¹(y) = c + A⁻¹C_0 y.</summary>
    internal void InvertStart(Span<Lanes> y)
    {
        int d = Dimension;
        for (int i = 0; i < d; i++) y[i] *= _unit[i];
        if (Order == AffineOrder.First)
        {
            using Scratch<Lanes> scratch = new(d * d);
            Span<Lanes> matrix = scratch.Take(d * d);
            for (int i = 0; i < d * d; i++) matrix[i] = Lanes.Constant(_derivative[i]);
            Functions.Solve(matrix, y);
        }

        for (int i = 0; i < d; i++) y[i] += _centre[i];
    }

    /// <summary>
    /// S_t(x) and its velocity dS_t/dt(x) at points of K, 0 &lt; t ≤ 1, without a difference quotient: with z = c + t(x − c), Ḟ_t(x) = (Df(z)(z − c) − (f(z) − f(c)))/t², one pass with
    /// tangent x − c, and Ṡ = M⁻¹(Ḟ − ḃ − Ṁ S) for the frame C_t(y) = M y + b, M in units of K. What cancels leaves a rounding error of ε_mach·|f|/t².
    /// </summary>
    internal (double[] States, double[] Velocities) Motion(double time, double[] points)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(time);
        int d = Dimension;
        Frame frame = At(time);
        (double[] states, double[] velocities) = Plain(time, points);
        double[] matrix = new double[d * d], shift = new double[d];
        if (Order == AffineOrder.Moving)
        {
            (matrix, shift) = FitAffine(Plain(time, _samples).Velocities);
            matrix = InUnits(matrix);
        }

        double[] y = new double[d], v = new double[d];
        Dense backward = frame.Backward;
        for (int n = 0; n < points.Length; n += d)
        {
            Span<double> state = states.AsSpan(n, d), velocity = velocities.AsSpan(n, d);
            state.CopyTo(y);
            for (int i = 0; i < d; i++)
            {
                state[i] = backward.Bias[i];
                for (int j = 0; j < d; j++) state[i] = Math.FusedMultiplyAdd(backward.Weights[(i * d) + j], y[j], state[i]);
            }

            for (int i = 0; i < d; i++)
            {
                v[i] = velocity[i] - shift[i];
                for (int j = 0; j < d; j++) v[i] = Math.FusedMultiplyAdd(-matrix[(i * d) + j], state[j], v[i]);
            }

            for (int i = 0; i < d; i++)
            {
                velocity[i] = 0;
                for (int j = 0; j < d; j++) velocity[i] = Math.FusedMultiplyAdd(backward.Weights[(i * d) + j], v[j], velocity[i]);
            }
        }

        return (states, velocities);
    }

    /// <summary>F_t and Ḟ_t.</summary>
    private (double[] Values, double[] Velocities) Plain(double time, double[] points)
    {
        int d = Dimension, count = points.Length / d;
        double[] values = new double[points.Length], velocities = new double[points.Length];
        Span<Lanes> x = stackalloc Lanes[d];
        Span<Dual<Lanes>> z = stackalloc Dual<Lanes>[d];
        for (int first = 0; first < count; first += Lanes.Width)
        {
            PointSet.Load(points, d, first, x);
            for (int i = 0; i < d; i++) z[i] = new(time == 1 ? x[i] : (time * (x[i] - _centre[i])) + _centre[i], x[i] - _centre[i]);
            _map.Map(z);
            for (int i = 0; i < d; i++)
            {
                Lanes value = (z[i].Value - _value[i]) / time, velocity = (z[i].Tangent - value) / time;
                for (int lane = 0; lane < Math.Min(Lanes.Width, count - first); lane++)
                    (values[((first + lane) * d) + i], velocities[((first + lane) * d) + i]) = (value[lane], velocity[lane]);
            }
        }

        return (values, velocities);
    }

    private Frame NearestAffine(double time, Frame plain)
    {
        (double[] matrix, double[] shift) = FitAffine(PointSet.Map(new Moment(this, plain), _samples));
        return new Frame(time, InUnits(matrix), shift);
    }

    /// <summary>argmin over affine C of Σ |C(x − c) − image|² over the samples: normal equations in d + 1 unknowns.</summary>
    private (double[] Matrix, double[] Shift) FitAffine(double[] images)
    {
        int d = Dimension, count = _samples.Length / d, n = d + 1;
        double[] gram = new double[n * n], right = new double[n], solution = new double[n];
        double[] matrix = new double[d * d], shift = new double[d], x = new double[n];
        for (int component = 0; component < d; component++)
        {
            Array.Clear(gram);
            Array.Clear(right);
            for (int s = 0; s < count; s++)
            {
                for (int i = 0; i < d; i++) x[i] = _samples[(s * d) + i] - _centre[i];
                x[d] = 1;
                for (int i = 0; i < n; i++)
                {
                    for (int j = 0; j < n; j++) gram[(i * n) + j] = Math.FusedMultiplyAdd(x[i], x[j], gram[(i * n) + j]);
                    right[i] = Math.FusedMultiplyAdd(x[i], images[(s * d) + component], right[i]);
                }
            }

            if (!SmallMatrix.Solve(gram, right, solution)) solution.AsSpan().Clear();
            solution.AsSpan(0, d).CopyTo(matrix.AsSpan(component * d));
            shift[component] = solution[d];
        }

        return (matrix, shift);
    }
}

/// <summary>x ↦ S_t(x) as a map.</summary>
internal sealed class Moment(Isotopy isotopy, Frame frame) : IMap
{
    public int Dimension => isotopy.Dimension;

    public void Map<T>(Span<T> x) where T : unmanaged, IScalar<T> => isotopy.Map(frame, x);
}
