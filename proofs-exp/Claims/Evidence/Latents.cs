using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Proofs.Claims.Evidence;

/// <summary>Autoencoders with a flow as prior.</summary>
internal static class Latents
{
    /// <summary>
    /// "A flow as prior keeps the posterior from collapsing": data x ~ N(0, 1), decoder N(wz + b, 1), encoder N(vx + c, s²), prior μ + e^ρ z₀, which is a flow. Where decoder and encoder ignore each other the bound equals the entropy bound −H(x), which no prior can pass.
    /// The defect is 1 if the collapsed solution is a global maximum: no gap to the bound, no derivative.
    /// </summary>
    public static Finding Collapse() => Collapse(0);

    /// <summary>The same away from collapse, with a decoder of that slope.</summary>
    internal static Finding Collapse(double slope)
    {
        // w, b, v, c, log s, μ, ρ with s = e^ρ and c = μ
        double[] at = [slope, 0, 0, 0.7, 0.3, 0.7, 0.3];
        Largest largest = default;
        double value = 0;
        for (int k = 0; k < at.Length; k++)
        {
            Dual<Real> bound = Bound([.. at.Select((v, i) => new Dual<Real>(new(v), new(i == k ? 1 : 0)))]);
            value = bound.Value.Value;
            largest.Add(Math.Abs(bound.Tangent.Value));
        }

        double entropy = -0.5 * (Functions.LogTwoPi + 1), gap = entropy - value;
        bool maximum = Math.Abs(gap) < 1e-12 && largest.Value < 1e-12;
        return Finding.AtPoints(gap < -1e-12 ? double.NaN : maximum ? 1 : 0, 0, "the bound of a linear autoencoder with an affine flow as prior, in closed form, where the decoder ignores the latent variable: its gap to −H(x), which Gibbs' inequality allows no prior to pass, and its seven derivatives by dual numbers")
            .With(("bound", value), ("−H(x)", entropy), ("gap", gap), ("largest derivative", largest.Value));
    }

    private static Dual<Real> Bound(Dual<Real>[] p)
    {
        (Dual<Real> w, Dual<Real> b, Dual<Real> v, Dual<Real> c, Dual<Real> r, Dual<Real> mu, Dual<Real> rho) = (p[0], p[1], p[2], p[3], p[4], p[5], p[6]);
        Dual<Real> variance = Dual<Real>.Exp(2 * r), keep = 1 - (w * v), shift = (w * c) + b, away = c - mu;
        Dual<Real> error = (keep * keep) + (w * w * variance) + (shift * shift);
        Dual<Real> divergence = rho - r + (0.5 * (variance + (v * v) + (away * away)) * Dual<Real>.Exp(-2 * rho)) - 0.5;
        return (-0.5 * (error + Functions.LogTwoPi)) - divergence;
    }
}
