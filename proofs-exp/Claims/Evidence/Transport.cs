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

    private static double Normal(double x) => Reals.Exp((-0.5 * x * x) - (0.5 * Functions.LogTwoPi));

    private static double Integral(Func<double, double> density, double x)
    {
        (double[] nodes, double[] weights) = s_unit;
        double sum = 0;
        for (int i = 0; i < nodes.Length; i++) sum += weights[i] * x * density(nodes[i] * x);
        return sum;
    }
}
