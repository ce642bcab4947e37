using UniversalFlows.Scalars;

namespace UniversalFlows.Proofs.Claims.Evidence;

/// <summary>The probability flow of the variance preserving diffusion dx = −½βx dt + √β dW, β(t) = β₀ + (β₁ − β₀)t, from N(m, s²).</summary>
internal static class Diffusions
{
    private const double First = 0.1, Last = 20, Mean = 0.8, Deviation = 0.5;

    /// <summary>x′ = −½β(x + ∇log p_t) has the marginal laws of the diffusion.</summary>
    public static Finding ProbabilityFlow() => ProbabilityFlow(1);

    /// <summary>The same with another factor before the score.</summary>
    internal static Finding ProbabilityFlow(double factor)
    {
        Largest equations = default, ends = default;
        foreach (double t in (double[])[0.05, 0.2, 0.5])
        {
            foreach (double x in Reals.Grid(-2, 2, 9))
            {
                (double rate, double first, double second) = Derivatives(t, x);
                double beta = First + ((Last - First) * t);
                // Fokker and Planck: ∂ℓ/∂t = ½β(1 + xℓ′ + ℓ″ + ℓ′²); continuity: ∂ℓ/∂t = −v′ − vℓ′
                double diffusion = 0.5 * beta * (1 + (x * first) + second + (first * first));
                double v = -0.5 * beta * (x + (factor * first)), slope = -0.5 * beta * (1 + (factor * second));
                equations.Add(Math.Abs(rate - diffusion) / beta);
                equations.Add(Math.Abs(rate + slope + (v * first)) / beta);
            }
        }

        foreach (double start in Reals.Grid(-1, 2, 7)) ends.Add(Math.Abs(Solve(start, 1, factor).X - End(start)));
        return Finding.AtPoints(Math.Max(equations.Value, ends.Value), 1e-8, "log p_t by dual numbers in the equations of Fokker–Planck and of continuity at 27 points; the flow by 4000 steps of order 4 against the increasing map of both normal laws, from seven points")
            .With(("largest residual", equations.Value), ("largest error at the end", ends.Value));
    }

    /// <summary>
    /// Without a trace the flow transports, and denoising score matching finds the score; the likelihood needs it.
    /// </summary>
    public static Finding WithoutTrace() => WithoutTrace(1);

    /// <summary>The same with another factor before the noise in denoising.</summary>
    internal static Finding WithoutTrace(double factor)
    {
        Largest worst = default;
        foreach (double t in (double[])[0.1, 0.4])
        {
            // least squares of −ε/σ on 1 and x_t = αx₀ + σε, against the score −(x − αm)/Var
            double alpha = Reals.Exp(-0.5 * Integral(t)), sigma = Math.Sqrt(1 - (alpha * alpha)), mean = 0, square = 0, cross = 0;
            foreach ((double z, double w) in Matching.Gauss())
            {
                foreach ((double e, double u) in Matching.Gauss())
                {
                    double x = (alpha * (Mean + (Deviation * z))) + (sigma * e), target = -factor * e / sigma;
                    mean += w * u * x;
                    square += w * u * x * x;
                    cross += w * u * x * target;
                }
            }

            (double centre, double variance) = Law(t);
            worst.Add(Math.Abs((cross / (square - (mean * mean))) + (1 / variance)));
            worst.Add(Math.Abs(mean - centre));
        }

        foreach (double start in Reals.Grid(-1, 2, 7)) worst.Add(Math.Abs(Solve(start, 1, 1).X - End(start)));

        (double end, double trace) = Solve(0.3, 1, 1);
        double with = LogNormal(0.3, 0) - trace, exact = LogNormal(end, 1), without = LogNormal(0.3, 0);
        worst.Add(Math.Abs(with - exact));
        return Finding.AtPoints(worst.Value, 1e-8, "denoising by least squares at two times against the score; the transport from seven points; neither takes a trace. And the log-density at the end with the trace")
            .With(("error of the log-density without the trace", Math.Abs(without - exact)), ("with it", Math.Abs(with - exact)));
    }

    private static double Integral(double t) => (First * t) + (0.5 * (Last - First) * t * t);

    private static (double Mean, double Variance) Law(double t)
    {
        double decay = Reals.Exp(-Integral(t));
        return (Mean * Math.Sqrt(decay), (Deviation * Deviation * decay) + (1 - decay));
    }

    private static double LogNormal(double x, double t)
    {
        (double mean, double variance) = Law(t);
        return -0.5 * (((x - mean) * (x - mean) / variance) + Reals.Log(variance) + Numerics.Functions.LogTwoPi);
    }

    /// <summary>The increasing map from the law at 0 to that at 1.</summary>
    private static double End(double start)
    {
        (double mean, double variance) = Law(1);
        return mean + (Math.Sqrt(variance) / Deviation * (start - Mean));
    }

    /// <summary>The flow's end and the integral of its divergence.</summary>
    private static (double X, double Trace) Solve(double start, double time, double factor)
    {
        Real[] z = [new(start), default];
        RungeKutta.Solve<Real>(
            (t, at, v) =>
            {
                (double mean, double variance) = Law(t);
                double beta = First + ((Last - First) * t);
                v[0] = new(-0.5 * beta * (at[0].Value - (factor * (at[0].Value - mean) / variance)));
                v[1] = new(-0.5 * beta * (1 - (factor / variance)));
            },
            z, 0, time, 4000);
        return (z[0].Value, z[1].Value);
    }

    /// <summary>∂ℓ/∂t, ℓ′ and ℓ″ of ℓ = log p_t(x), by dual numbers.</summary>
    private static (double Rate, double First, double Second) Derivatives(double t, double x)
    {
        Dual<Real> along = Density(Dual<Real>.Variable(new(t)), Dual<Real>.Constant(x));
        Dual<Dual<Real>> across = Density(Dual<Dual<Real>>.Constant(t), Dual<Dual<Real>>.Variable(Dual<Real>.Variable(new(x))));
        return (along.Tangent.Value, across.Tangent.Value.Value, across.Tangent.Tangent.Value);
    }

    private static T Density<T>(T t, T x) where T : unmanaged, IScalar<T>
    {
        T decay = T.Exp(-((First * t) + (0.5 * (Last - First) * t * t)));
        T centred = x - (Mean * T.Sqrt(decay)), variance = (Deviation * Deviation * decay) + (1 - decay);
        return -0.5 * ((centred * centred / variance) + T.Log(variance) + Numerics.Functions.LogTwoPi);
    }
}
