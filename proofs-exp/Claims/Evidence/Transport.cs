using UniversalFlows.Numerics;

namespace UniversalFlows.Proofs.Claims.Evidence;

/// <summary>Increasing maps between laws of the line.</summary>
internal static class Transport
{
    private static readonly (double[] Nodes, double[] Weights) s_unit = GaussLegendre.Composite(0, 1, 4, 16);

    /// <summary>The slope at 0 of the map from N(0, 1) to ½N(±m, s²), from its definition F⁻¹∘Φ, against s·exp(m²/2s²).</summary>
    public static Finding TwoModes(double m, double s) => TwoModes(m, s, s * Reals.Exp(m * m / (2 * s * s)));

    /// <summary>The same with another slope.</summary>
    internal static Finding TwoModes(double m, double s, double slope)
    {
        // F(T(x)) = Φ(x), both counted from 0: T by Newton's method, its slope by Richardson's rule from T(h) − T(−h) at h and h/2
        double At(double h) => (T(h) - T(-h)) / (2 * h);
        double h = 1.0 / 64, first = At(h), second = At(h / 2), third = At(h / 4);
        double once = ((4 * second) - first) / 3, twice = ((4 * third) - second) / 3, measured = ((16 * twice) - once) / 15;
        double error = Math.Abs(measured - twice);
        return Finding.AtPoints(Math.Max(0, Math.Abs(measured - slope) - error), 1e-11, "T = F⁻¹∘Φ by Newton's method on the integrals of both densities; its slope at 0 by differences, extrapolated twice; the extrapolation's last step is taken off")
            .With(("slope measured", measured), ("formula", slope));

        double T(double x)
        {
            double mass = Integral(Normal, x), y = x * slope;
            for (int i = 0; i < 60; i++)
            {
                double step = (Integral(Mixture, y) - mass) / Mixture(y);
                y -= step;
                if (Math.Abs(step) < 1e-16) break;
            }

            return y;
        }

        double Mixture(double y) => 0.5 * (Normal((y - m) / s) + Normal((y + m) / s)) / s;
    }

    /// <summary>
    /// Theorem 3 on the line: the increasing map from N(0, 1) to ½N(±m, s²), by a spline flow of K bins and its tails. W1 of the images is ∫|g − T|dμ, since both increase.
    /// </summary>
    public static Finding SplineFlow(double m, double s, int bins) => SplineFlow(m, s, bins, 1);

    /// <summary>The same with knots' slopes off by a factor.</summary>
    internal static Finding SplineFlow(double m, double s, int bins, double factor)
    {
        double quarter = W1(bins / 4), half = W1(bins / 2), whole = W1(bins);
        return Finding.Constructed(whole, $"T = F⁻¹∘Φ to two modes at ±{m}, deviation {s}, as a rational-quadratic spline of {bins} bins on [−8, 8] with linear tails: ∫|g − T|dN(0, 1) by Gauss–Legendre, which is W1 of both images")
            .With(("W1 with a quarter of the bins", quarter), ("W1 with half", half), ("W1", whole));

        double W1(int k)
        {
            const double Reach = 8;
            double[] x = [.. Reals.Grid(-Reach, Reach, k + 1)], y = [.. x.Select(T)], d = [.. x.Select((v, i) => factor * Normal(v) / Mixture(y[i]))];
            (double[] nodes, double[] weights) = GaussLegendre.Composite(-Reach, Reach, 4 * k, 8);
            double sum = 0;
            for (int i = 0; i < nodes.Length; i++)
            {
                int bin = Math.Clamp((int)((nodes[i] + Reach) / (2 * Reach) * k), 0, k - 1);
                double w = x[bin + 1] - x[bin], xi = (nodes[i] - x[bin]) / w;
                double g = y[bin] + CorrectBin.Value<Scalars.Real>(new(xi), new(w), new(y[bin + 1] - y[bin]), new(d[bin]), new(d[bin + 1])).Value;
                sum += weights[i] * Math.Abs(g - T(nodes[i])) * Normal(nodes[i]);
            }

            return sum;
        }

        // F(y) = ½Φ((y − m)/s) + ½Φ((y + m)/s); solved by bisection: robust where the density between the modes is small
        double T(double x)
        {
            // both laws are symmetric: on the right side the upper tails are compared, where no digits are lost
            if (x < 0) return -T(-x);
            double tail = Tail(x), low = 0, high = m + (40 * s) + 40;
            for (int i = 0; i < 90; i++)
            {
                double middle = 0.5 * (low + high);
                if (0.5 * (Tail((middle - m) / s) + Tail((middle + m) / s)) > tail) low = middle;
                else high = middle;
            }

            return 0.5 * (low + high);
        }

        double Mixture(double y) => 0.5 * (Normal((y - m) / s) + Normal((y + m) / s)) / s;
    }

    /// <summary>1 − Φ(x): by quadrature near 0, by the continued fraction of Laplace beyond 2.</summary>
    private static double Tail(double x)
    {
        if (x < 2) return 0.5 - Integral(Normal, Math.Max(x, -12));
        double fraction = 0;
        for (int k = 200; k >= 1; k--) fraction = k / (x + fraction);
        return Normal(x) / (x + fraction);
    }

    private static double Normal(double x) => Reals.Exp((-0.5 * x * x) - (0.5 * Functions.LogTwoPi));

    private static double Integral(Func<double, double> density, double x)
    {
        (double[] nodes, double[] weights) = s_unit;
        double sum = 0;
        for (int i = 0; i < nodes.Length; i++) sum += weights[i] * x * density(nodes[i] * x);
        return sum;
    }
}
