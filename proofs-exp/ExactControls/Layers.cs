using UniversalFlows.Bijections;
using UniversalFlows.Bijections.Autoregressive;
using UniversalFlows.Bijections.Conditioners;
using UniversalFlows.Bijections.Residuals;
using UniversalFlows.Bijections.Transformers;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using UniversalFlows.Targets;

namespace UniversalFlows.Proofs.ExactControls;

/// <summary>Explicit layers: the witnesses are made of them.</summary>
internal static class Layers
{
    private static readonly AffineTransformer s_affine = new(new PositiveMap(PositiveKind.Exp));

    /// <summary>log x of a number, by the library's own function.</summary>
    public static double Log(double x) => Real.Log(new(x)).Value;

    /// <summary>eˣ of a number, by the library's own function.</summary>
    public static double Exp(double x) => Real.Exp(new(x)).Value;

    /// <summary>xⁿ.</summary>
    public static double Power(double x, int n) => Functions.Power(new Real(x), n).Value;

    /// <summary>x_i ← e^s x_i + t, everything else stays: an affine coupling with constant conditioner.</summary>
    public static Coupling Scale(int dimension, int coordinate, double factor, double shift = 0) =>
        new(dimension, [], [coordinate], s_affine, new ConstantConditioner(0, [Log(factor), shift]));

    /// <summary>x_i ← a·x_i + t·x_j: an affine coupling with constant scale and linear shift.</summary>
    public static Coupling Shear(int dimension, int active, int passive, double shift, double factor = 1)
    {
        Dense dense = new(1, 2);
        (dense.Weights[1], dense.Bias[0]) = (shift, Log(factor));
        return new Coupling(dimension, [passive], [active], s_affine, new MultilayerPerceptron(Activation.Identity, [dense]));
    }

    /// <summary>The same two coordinates as an autoregressive layer: y_0 = a_0x_0, y_1 = a_1x_1 + t·x_0 in the order given.</summary>
    public static AutoregressiveFlow Triangular(int[] order, double[] factors, double shift)
    {
        MaskedNetwork network = new(Activation.Identity, 2, 2, []);
        network.Block(0, 0)!.Bias[0] = Log(factors[0]);
        network.Block(0, 1)!.Bias[0] = Log(factors[1]);
        network.Block(0, 1)!.Weights[1] = shift;
        return new AutoregressiveFlow(order, s_affine, network);
    }

    /// <summary>The planar layer x + û·tanh(w·x + b) for a given û with w·û &gt; −1: u = û + (w·u − w·û)·w/|w|² with w·u = log(e^{1 + w·û} − 1).</summary>
    public static PlanarFlow Planar(double[] hat, double[] w, double b)
    {
        double product = 0, square = 0;
        for (int i = 0; i < w.Length; i++) (product, square) = (product + (w[i] * hat[i]), square + (w[i] * w[i]));
        double raw = Log(Real.Expm1(new(1 + product)).Value);
        return new PlanarFlow([.. hat.Select((v, i) => v + ((raw - product) * w[i] / square))], w, b);
    }

    /// <summary>x_i ← x_i + (s − 1)·tanh(ηx_i)/η: s·x_i up to |s − 1|η²/3 on [−1, 1].</summary>
    public static PlanarFlow PlanarScale(int dimension, int coordinate, double factor, double eta)
    {
        double[] hat = new double[dimension], w = new double[dimension];
        (hat[coordinate], w[coordinate]) = ((factor - 1) / eta, eta);
        return Planar(hat, w, 0);
    }

    /// <summary>A residual layer x + Wx with W = diag(a) scaled to the norm κ at most.</summary>
    public static ResidualFlow LinearResidual(double lipschitz, params ReadOnlySpan<double> diagonal)
    {
        Dense dense = new(diagonal.Length, diagonal.Length);
        for (int i = 0; i < diagonal.Length; i++) dense.Weights[(i * diagonal.Length) + i] = diagonal[i];
        return new ResidualFlow(lipschitz, Activation.Identity, dense);
    }
}

/// <summary>R^k → R^k, x ↦ the first coordinates of f(x, 0): a flow of a larger space on a slice.</summary>
internal sealed class Padded(IMap f, int dimension) : IMap
{
    public int Dimension => dimension;

    public void Map<T>(Span<T> x) where T : unmanaged, IScalar<T>
    {
        using Scratch<T> scratch = new(f.Dimension);
        Span<T> y = scratch.Take(f.Dimension);
        x.CopyTo(y);
        y[dimension..].Fill(T.Constant(0));
        f.Map(y);
        y[..dimension].CopyTo(x);
    }
}

/// <summary>g(cos θ) for θ in (0, π): uniform angles are points of the arcsine law, whose least squares are the Chebyshev series.</summary>
internal sealed class OfCosine(IBijection inner) : IBijection
{
    public int Dimension => 1;

    public IEnumerable<Dense> Parameters => inner.Parameters;

    public void Map<T>(Span<T> x) where T : unmanaged, IScalar<T>
    {
        x[0] = T.Cos(x[0]);
        inner.Map(x);
    }

    public T Forward<T>(Span<T> x) where T : unmanaged, IScalar<T>
    {
        T slope = T.Log(T.Sin(x[0]));
        x[0] = T.Cos(x[0]);
        return slope + inner.Forward(x);
    }

    public T Inverse<T>(Span<T> y, ref InverseStatus status) where T : unmanaged, IScalar<T>
    {
        T logDet = inner.Inverse(y, ref status);
        y[0] = (0.5 * Math.PI) - T.Atan(y[0] / T.Sqrt(1 - (y[0] * y[0])));
        return logDet - T.Log(T.Sin(y[0]));
    }
}

/// <summary>f(cos θ).</summary>
internal sealed class MapOfCosine(IMap f) : IMap
{
    public int Dimension => 1;

    public void Map<T>(Span<T> x) where T : unmanaged, IScalar<T>
    {
        x[0] = T.Cos(x[0]);
        f.Map(x);
    }
}

/// <summary>f on a ball of R² or R³ as a function of the radius and the angles.</summary>
internal sealed class InPolar(IMap f, Ball ball) : IMap
{
    public int Dimension => f.Dimension;

    /// <summary>[0, r] × [0, 2π] (× [0, π]), up to the rounding of 2π, which the ends exceed.</summary>
    public static Box Box(Ball ball) => ball.Dimension == 2 ? new([0, 0], [ball.Radius, 6.2831853071795872]) : new([0, 0, 0], [ball.Radius, 6.2831853071795872, 3.1415926535897936]);

    public void Map<T>(Span<T> x) where T : unmanaged, IScalar<T>
    {
        T radius = x[0], ring = x.Length == 2 ? radius : radius * T.Sin(x[2]), angle = x[1];
        if (x.Length == 3) x[2] = ball.Centre[2] + (radius * T.Cos(x[2]));
        x[0] = ball.Centre[0] + (ring * T.Cos(angle));
        x[1] = ball.Centre[1] + (ring * T.Sin(angle));
        f.Map(x);
    }
}
