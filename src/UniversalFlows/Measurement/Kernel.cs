using System.Globalization;
using UniversalFlows.Scalars;

namespace UniversalFlows.Measurement;

/// <summary>A kernel k(x, y) = κ(|x − y|²) on R^d for the maximum mean discrepancy. Immutable, thread safe.</summary>
public abstract class Kernel
{
    private protected Kernel()
    {
    }

    /// <summary>
    /// k(x, y) = exp(−|x − y|²/(2h²)). Bounded, continuous, vanishing at infinity and characteristic: its MMD metrises the weak convergence
    /// of probability laws on R^d (Simon-Gabriel, Barp, Schölkopf and Mackey, "Metrizing weak convergence with maximum mean discrepancies", 2023).
    /// </summary>
    public static Kernel Gaussian(double width) => new GaussianKernel(Positive(width));

    /// <summary>
    /// The inverse multiquadric k(x, y) = (1 + |x − y|²/h²)^{−1/2}: as the Gaussian kernel, with long tails, so that it also sees mass far away.
    /// </summary>
    public static Kernel InverseMultiquadric(double width) => new InverseMultiquadricKernel(Positive(width));

    /// <summary>
    /// k(x, y) = −|x − y|, conditionally positive definite: MMD² = 2E|X − Y| − E|X − X′| − E|Y − Y′|, the energy distance (Székely and Rizzo 2013). It is
    /// a metric on laws with a first moment. Unbounded: there is no confidence bound.
    /// </summary>
    public static Kernel Energy { get; } = new EnergyKernel();

    /// <summary>sup k, or null if k is unbounded.</summary>
    public abstract double? Bound { get; }

    /// <summary>κ(0) = k(x, x).</summary>
    public abstract double AtZero { get; }

    /// <summary>κ(s) for s = |x − y|² ≥ 0.</summary>
    public abstract Lanes Value(Lanes square);

    /// <summary>The kernel as a command line would name it.</summary>
    public abstract override string ToString();

    private static double Positive(double width) => width > 0 && double.IsFinite(width * width) && width * width > 0
        ? width
        : throw new ArgumentOutOfRangeException(nameof(width), width, "a positive width was expected");

    /// <summary>The width is public to closed forms.</summary>
    internal sealed class GaussianKernel(double width) : Kernel
    {
        public double Width => width;

        public override double? Bound => 1;

        public override double AtZero => 1;

        public override Lanes Value(Lanes square) => Lanes.Exp((-0.5 / (width * width)) * square);

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"gaussian({width:R})");
    }

    internal sealed class InverseMultiquadricKernel(double width) : Kernel
    {
        public double Width => width;

        public override double? Bound => 1;

        public override double AtZero => 1;

        public override Lanes Value(Lanes square) => 1 / Lanes.Sqrt(1 + (square / (width * width)));

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"inverse-multiquadric({width:R})");
    }

    internal sealed class EnergyKernel : Kernel
    {
        public override double? Bound => null;

        public override double AtZero => 0;

        public override Lanes Value(Lanes square) => -Lanes.Sqrt(square);

        public override string ToString() => "energy";
    }
}
