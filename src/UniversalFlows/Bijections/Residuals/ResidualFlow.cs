using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Bijections.Residuals;

/// <summary>
/// The residual layer f(x) = x + g(x) of R^d with Lip g ≤ κ &lt; 1 (Behrmann, Grathwohl, Chen, Duvenaud and Jacobsen 2019): g is a perceptron W̄_m φ(… φ(W̄_1 x + b_1) …) + b_m whose matrices are
/// W̄ = W·min(1, κ^{1/m}/‖W‖₂), with the exact spectral norm, so that Lip g ≤ Π‖W̄_l‖ ≤ κ for |φ′| ≤ 1. The log-det is log det(I + Dg), exactly: no truncated series.
/// </summary>
/// <remarks>
/// <para>The inverse: x ↦ y − g(x) is a contraction by κ, so that <see cref="Contractions"/> steps reach the fixed point to rounding from y, whatever y is; a Newton step is kept where it does better.</para>
/// <para>All leading minors of I + Dg are positive, as |Dg| &lt; 1: elimination needs no pivoting, and log det is the sum of the pivots' logarithms.</para>
/// <para>‖W‖₂ = uᵀWv, u and v the first singular vectors, held constant: the value and its first derivatives by W are those of the norm. The vectors are kept until W changes.</para>
/// </remarks>
public sealed partial class ResidualFlow : IBijection
{
    private readonly Dense _parameters;
    private readonly int[] _widths;
    private readonly double _share;
    private Directions? _directions;

    /// <summary>A residual layer of R^d.</summary>
    /// <param name="lipschitz">κ, from 0.001 to 0.999.</param>
    /// <param name="activation">φ, <see cref="Activation.Tanh"/> or <see cref="Activation.Identity"/>: differentiable with |φ′| ≤ 1.</param>
    /// <param name="layers">W_l and b_l, raw; their numbers are copied.</param>
    /// <exception cref="ArgumentException">κ out of range, another φ, layers that don't fit together or don't lead from R^d to R^d, or a number that is not finite.</exception>
    public ResidualFlow(double lipschitz, Activation activation, params IReadOnlyList<Dense> layers)
    {
        ArgumentNullException.ThrowIfNull(layers);
        if (!(lipschitz >= 1e-3 && lipschitz <= 0.999)) throw new ArgumentException($"the Lipschitz constant {lipschitz} is not between 0.001 and 0.999", nameof(lipschitz));
        if (activation is not (Activation.Tanh or Activation.Identity)) throw new ArgumentException($"the activation must have a derivative of size 1 at most: tanh or identity, not {activation}", nameof(activation));
        if (layers.Count == 0) throw new ArgumentException("a perceptron has at least one layer", nameof(layers));
        for (int l = 0; l < layers.Count; l++)
        {
            int before = l == 0 ? layers[^1].Outputs : layers[l - 1].Outputs;
            if (layers[l].Inputs != before) throw new ArgumentException($"layer {l} takes {layers[l].Inputs} features, but {before} are there", nameof(layers));
            if (layers[l].All.ContainsAnyExceptInRange(double.MinValue, double.MaxValue)) throw new ArgumentException("a parameter is not finite", nameof(layers));
        }

        (Lipschitz, Activation, Dimension) = (lipschitz, activation, layers[0].Inputs);
        _widths = [Dimension, .. layers.Select(l => l.Outputs)];
        _share = Real.Exp(Real.Log(new(lipschitz)) / layers.Count).Value;
        _parameters = new Dense(0, layers.Sum(l => l.Count));
        int offset = 0;
        foreach (Dense layer in layers)
        {
            layer.All.CopyTo(_parameters.Bias[offset..]);
            offset += layer.Count;
        }
    }

    /// <inheritdoc/>
    public int Dimension { get; }

    /// <summary>κ.</summary>
    public double Lipschitz { get; }

    /// <summary>φ.</summary>
    public Activation Activation { get; }

    /// <summary>d, the widths of the hidden layers, d.</summary>
    public IReadOnlyList<int> Widths => _widths;

    /// <summary>Copies of the raw W_l and b_l.</summary>
    public IReadOnlyList<Dense> Layers
    {
        get
        {
            List<Dense> layers = [];
            int offset = 0;
            for (int l = 1; l < _widths.Length; l++)
            {
                Dense layer = new(_widths[l - 1], _widths[l]);
                _parameters.Bias.Slice(offset, layer.Count).CopyTo(layer.All);
                offset += layer.Count;
                layers.Add(layer);
            }

            return layers;
        }
    }

    /// <summary>One layer without features: W_1, b_1, W_2, ….</summary>
    public IEnumerable<Dense> Parameters => [_parameters];

    /// <summary>Steps of x ← y − g(x) from x = y until the distance from the root is below 2⁻⁶⁰|g(y)|: the smallest n with κⁿ/(1 − κ) ≤ 2⁻⁶⁰.</summary>
    public int Contractions
    {
        get
        {
            const double SixtyLogTwo = 41.588830833596719;
            return (int)Math.Ceiling((SixtyLogTwo - Real.Log1p(new(-Lipschitz)).Value) / -Real.Log(new(Lipschitz)).Value);
        }
    }

    /// <inheritdoc/>
    public void Map<T>(Span<T> x) where T : unmanaged, IScalar<T>
    {
        using Scratch<T> scratch = Workspace<T>(out Pass<T> pass);
        pass.Perturb(x, slopes: false);
        for (int i = 0; i < Dimension; i++) x[i] += pass.G[i];
    }

    /// <inheritdoc/>
    public T Forward<T>(Span<T> x) where T : unmanaged, IScalar<T>
    {
        using Scratch<T> scratch = Workspace<T>(out Pass<T> pass);
        pass.Perturb(x, slopes: true);
        for (int i = 0; i < Dimension; i++) x[i] += pass.G[i];
        return pass.LogDeterminant();
    }

    private Scratch<T> Workspace<T>(out Pass<T> pass) where T : unmanaged, IScalar<T>
    {
        int widest = _widths.Max(), d = Dimension, count = _parameters.Count, layers = _widths.Length - 1;
        Scratch<T> scratch = new(count + layers + (2 * widest * (d + 1)) + (d * (d + 1)));
        pass = new Pass<T>
        {
            Widths = _widths,
            Activation = Activation,
            Parameters = scratch.Take(count),
            Scales = scratch.Take(layers),
            From = scratch.Take(widest * (d + 1)),
            To = scratch.Take(widest * (d + 1)),
            G = scratch.Take(d),
            Jacobian = scratch.Take(d * d),
        };
        T.Affine(_parameters, [], pass.Parameters);
        Scale(pass);
        return scratch;
    }

    /// <summary>min(1, κ^{1/m}/‖W‖₂) of each matrix, as a quotient that is exactly 1 below the bound.</summary>
    private void Scale<T>(Pass<T> pass) where T : unmanaged, IScalar<T>
    {
        Directions directions = Current();
        int offset = 0;
        for (int l = 1; l < _widths.Length; l++)
        {
            ReadOnlySpan<double> u = directions.U[l - 1], v = directions.V[l - 1];
            T norm = T.Constant(0);
            for (int i = 0; i < u.Length; i++)
            {
                T row = T.Constant(0);
                for (int j = 0; j < v.Length; j++) row += v[j] * pass.Parameters[offset + (i * v.Length) + j];
                norm += u[i] * row;
            }

            pass.Scales[l - 1] = T.Constant(_share) / T.Max(norm, T.Constant(_share));
            offset += u.Length * (v.Length + 1);
        }
    }

    /// <summary>Singular vectors of the present matrices: a pure function of them, kept until they change.</summary>
    private Directions Current()
    {
        ReadOnlySpan<double> all = _parameters.Bias;
        Directions? kept = Volatile.Read(ref _directions);
        if (kept is not null && all.SequenceEqual(kept.Of)) return kept;
        double[][] u = new double[_widths.Length - 1][], v = new double[u.Length][];
        int offset = 0;
        for (int l = 0; l < u.Length; l++)
        {
            (u[l], v[l]) = (new double[_widths[l + 1]], new double[_widths[l]]);
            SingularPair.First(all.Slice(offset, u[l].Length * v[l].Length), u[l], v[l]);
            offset += u[l].Length * (v[l].Length + 1);
        }

        Directions now = new(all.ToArray(), u, v);
        Volatile.Write(ref _directions, now);
        return now;
    }

    private sealed record Directions(double[] Of, double[][] U, double[][] V);
}
