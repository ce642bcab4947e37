using UniversalFlows.Bijections;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Proofs.Claims.Evidence;

/// <summary>Densities and their change under maps.</summary>
internal static class Densities
{
    /// <summary>log N(x; m, s²) against a printed number.</summary>
    public static Finding NormalAt(double x, double mean, double deviation, double printed) => NormalAt(x, mean, deviation, printed, -0.5) with
    {
        Corrected = NormalAt(x, mean, deviation, -2.517551, -0.5),
    };

    /// <summary>The same with another factor before log 2π + z², so that a test can plant a wrong one.</summary>
    internal static Finding NormalAt(double x, double mean, double deviation, double printed, double factor)
    {
        Interval log = LogNormal<Interval>(x, mean, deviation, factor);
        return Finding.Enclosed(Enclosure.Distance(log, printed), "the log-density by outward rounded intervals against the printed number").With(("printed", printed), ("log-density", Enclosure.Middle(log)));
    }

    private static T LogNormal<T>(double x, double mean, double deviation, double factor) where T : unmanaged, IScalar<T>
    {
        T z = (T.Constant(x) - mean) / deviation;
        return (factor * (T.Log(2 * Enclosure.Pi<T>()) + (z * z))) - T.Log(T.Constant(deviation));
    }

    /// <summary>The density of the standard normal law in polar coordinates integrates to 1 with the factor rᵖ, p = 1.</summary>
    public static Finding Polar(int power) => Polar(power, 0.5);

    /// <summary>The same with another constant in the exponent.</summary>
    internal static Finding Polar(int power, double half)
    {
        (double[] nodes, double[] weights) = GaussLegendre.Composite(0, 12, 24, 16);
        double mass = 0;
        for (int i = 0; i < nodes.Length; i++) mass += weights[i] * Functions.Power(new Real(nodes[i]), power).Value * Reals.Exp(-half * nodes[i] * nodes[i]);
        return Finding.AtPoints(Math.Abs(mass - 1), 1e-13, "∫∫ over r < 12 and all angles of r·exp(−r²/2)/2π by composite Gauss–Legendre; beyond 12 there is less than 1e-31").With(("mass", mass));
    }

    /// <summary>x ↦ tanh x sends a normal law to a density on (−1, 1) of mass 1.</summary>
    public static Finding TanhImage() => TanhImage(y => 1 - (y * y));

    /// <summary>The same with another derivative of tanh in terms of its value.</summary>
    internal static Finding TanhImage(Func<double, double> slope)
    {
        // in y = sin u the ends of (−1, 1) are reached slowly enough for Gauss–Legendre
        (double[] nodes, double[] weights) = GaussLegendre.Composite(-Math.PI / 2, Math.PI / 2, 64, 16);
        double mass = 0, furthest = 0;
        for (int i = 0; i < nodes.Length; i++)
        {
            double y = Reals.Sin(nodes[i]), x = 0.5 * (Reals.Log1p(y) - Reals.Log1p(-y));
            furthest = Math.Max(furthest, Math.Abs(Reals.Tanh(x)));
            mass += weights[i] * Reals.Cos(nodes[i]) * Reals.Exp((-0.5 * x * x) - (0.5 * Functions.LogTwoPi)) / slope(y);
        }

        return Finding.AtPoints(Math.Max(Math.Abs(mass - 1), Math.Max(0, furthest - 1)), 1e-10, "∫ over (−1, 1) of p(artanh y)/(1 − y²) by composite Gauss–Legendre in y = sin u; no image leaves (−1, 1)")
            .With(("mass on (−1, 1)", mass), ("largest image", furthest));
    }

    /// <summary>∫p = 1 for flows of every family in one and two dimensions; p from the inverse and its log-determinant.</summary>
    public static Finding MassOfFlows(int flows) => MassOfFlows(flows, 1);

    /// <summary>The same with the log-determinant taken so many times.</summary>
    internal static Finding MassOfFlows(int flows, double factor)
    {
        // the density of a spline flow has kinks: only on the line, with many panels
        FlowFamily[] line = [FlowFamily.Rqs, FlowFamily.Sos, FlowFamily.Dsf, FlowFamily.Ddsf], plane = [FlowFamily.Acf, FlowFamily.Sos, FlowFamily.Dsf, FlowFamily.Maf];
        Largest worst = default;
        for (int k = 0; k < flows; k++)
        {
            int d = 1 + (k % 2);
            Composition flow = new Architecture((d == 1 ? line : plane)[k / 2 % 4], d, 2, [6]).Initialise((ulong)k);
            (double[] nodes, double[] weights) = d == 1 ? GaussLegendre.Composite(-16, 16, 20_000, 2) : GaussLegendre.Composite(-12, 12, 48, 8);
            // the flow maps data to base here: p(x) = φ(f(x))|det Df(x)|
            int n = nodes.Length, count = d == 1 ? n : n * n;
            double[] points = new double[count * d], values = new double[count * d], logDets = new double[count];
            for (int i = 0; i < count; i++)
            {
                points[i * d] = nodes[i % n];
                if (d == 2) points[(i * d) + 1] = nodes[i / n];
            }

            Measurement.Evaluation.Forward(flow, points, values, logDets);
            double mass = 0;
            for (int i = 0; i < count; i++)
            {
                double square = 0;
                for (int j = 0; j < d; j++) square += values[(i * d) + j] * values[(i * d) + j];
                mass += weights[i % n] * (d == 2 ? weights[i / n] : 1) * Reals.Exp((-0.5 * square) - (0.5 * d * Functions.LogTwoPi) + (factor * logDets[i]));
            }

            worst.Add(Math.Abs(mass - 1));
        }

        return Finding.AtPoints(worst.Value, 1e-7, $"{flows} flows of six families on the line and in the plane, as maps from data to N(0, I): the integral of φ(f(x))|det Df(x)| over a large box by composite Gauss–Legendre against 1");
    }

    /// <summary>
    /// "p(high)·p(mid | high)·p(low | mid) is the prior of a generator that goes from low to high": for a generator low → mid → (high, given low and mid) of Gaussian variables, the divergence of the best such
    /// product. Corrected: the chain rule in the generator's own order, p(low)·p(mid | low)·p(high | low, mid).
    /// </summary>
    public static Finding Hierarchy(double weight) => Hierarchy(weight, reversed: true) with { Corrected = Hierarchy(weight, reversed: false) };

    /// <summary>The same with the order chosen.</summary>
    internal static Finding Hierarchy(double weight, bool reversed)
    {
        // low = e₁, mid = low + e₂, high = mid + w·low + e₃: covariance by its definition
        double[] cov =
        [
            1, 1, 1 + weight,
            1, 2, 2 + weight,
            1 + weight, 2 + weight, Covariance(),
        ];
        double Covariance() => ((1 + weight) * (1 + weight)) + 2; // high = (1 + w)e₁ + e₂ + e₃
        // the product with Gaussian conditionals of the true law has divergence I(low; high | mid) in the reversed order, 0 in the generator's own
        double Det(params int[] of)
        {
            double[] sub = new double[of.Length * of.Length];
            for (int i = 0; i < of.Length; i++)
                for (int j = 0; j < of.Length; j++) sub[(i * of.Length) + j] = cov[(of[i] * 3) + of[j]];
            return SmallMatrix.Determinant(sub, of.Length);
        }

        double entropy = Reals.Log(Det(0, 1, 2));
        double product = reversed
            ? Reals.Log(Det(2)) + (Reals.Log(Det(1, 2)) - Reals.Log(Det(2))) + (Reals.Log(Det(0, 1)) - Reals.Log(Det(1)))
            : Reals.Log(Det(0)) + (Reals.Log(Det(0, 1)) - Reals.Log(Det(0))) + (Reals.Log(Det(0, 1, 2)) - Reals.Log(Det(0, 1)));
        double divergence = 0.5 * (product - entropy);
        return Finding.AtPoints(Math.Abs(divergence), 1e-13, $"Gaussian variables low, mid = low + e, high = mid + {weight}·low + e: the divergence of the best product of the given form, from determinants").With(("divergence in nats", divergence));
    }
}
