using UniversalFlows.Bijections;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using UniversalFlows.Targets;

namespace UniversalFlows.Proofs.ExactControls;

/// <content>How many affine couplings a linear map of the plane takes.</content>
public static partial class Controls
{
    private static readonly double[] s_epsilons = [0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001];

    /// <summary>
    /// N10: −I of the plane by alternating affine couplings with positive scales: exactly four layers. Three come within ε only with a weight of at least (1 − ε)/ε: in X₂ Y X₁ the entry c of the product, |c| ≤ ε, is Y's shift times a scale,
    /// and the first diagonal entry, at most −1 + ε, is a positive number plus c times X₂'s shift. The construction with c = ε has 2/ε.
    /// </summary>
    public static ControlResult N10(ulong seed = DefaultSeed, IBijection? trainee = null)
    {
        Target target = TargetParser.Parse("minus-identity(2)");
        Box domain = Domain.Cube(2, -1, 1);
        List<ControlPoint> points = [];
        bool holds = true;
        for (int layers = 1; layers <= 4; layers++)
        {
            double sup = layers == 3 && trainee is not null ? Fitted(trainee) : Enumerable.Range(0, Starts).Min(k => Fitted(Start(layers, seed + (ulong)k)));
            points.Add(new("trained error of n layers", layers, null, sup));
            holds &= layers == 4 || sup > 1e-3;
        }

        foreach (double epsilon in s_epsilons)
        {
            double bound = (1 - epsilon) / epsilon, built = AlternatingLayers.Factor([-1, 0, epsilon, -1])!.Max(l => l.Weight), found = LeastWeight(epsilon, seed);
            points.Add(new("construction", epsilon, bound, built));
            points.Add(new("best found", epsilon, bound, found));
            holds &= bound <= found * (1 + 1e-12) && found <= built * (1 + 1e-12) && Math.Abs(built - (2 / epsilon)) <= 1e-9 * built;
        }

        IReadOnlyList<AlternatingLayer> four = AlternatingLayers.Factor([-1, 0, 0, -1])!;
        (double lower, double upper) = Prove(new Composition(2, four.Select(l => Layers.Shear(2, l.Active, 1 - l.Active, l.Shift, l.Factor))), target, domain);
        double Fitted(IBijection flow)
        {
            Train(flow, target, domain, 80, 64, seed);
            return Sup(flow, target, domain);
        }

        points.Add(new("four explicit layers", 4, null, upper));
        return new ControlResult
        {
            Id = "N10",
            Setting = "−I",
            Class = "alternating affine couplings of the plane, positive scales",
            Target = "−x on [−1, 1]²",
            Why = "two layers need a positive diagonal entry, three an entry off the diagonal",
            Quantities =
            [
                new("layers", AlternatingLayers.Least([-1, 0, 0, -1])!.Value, "the cases of the diagonal and of the other entries", LeastSolved(seed), "the first number of layers for which Gauss–Newton solves for the factors, of 40 starts, weights below 1000", 0)
                {
                    WitnessLower = four.Count,
                    WitnessUpper = four.Count,
                    WitnessBy = $"{string.Join(", ", four.Select(l => $"{(l.Active == 0 ? "x" : "y")} ← {Short(l.Factor)}{(l.Active == 0 ? "x" : "y")} {(l.Shift < 0 ? "−" : "+")} {Short(Math.Abs(l.Shift))}{(l.Active == 0 ? "y" : "x")}"))}; error at most {upper:g2}, proved",
                    Twin = FactorisationError(seed),
                    TwinAtMost = 1e-10,
                    TwinBy = "the explicit factors of 500 matrices with det > 0 and of rotations, multiplied out",
                },
            ],
            Points = points,
            PointsHold = holds && lower <= upper && upper <= 1e-12,
        };
    }

    private const int Starts = 16;

    /// <summary>Couplings with linear conditioners and random weights: from near the identity training ends in the zero map.</summary>
    private static Composition Start(int layers, ulong seed)
    {
        Composition flow = new Architecture(FlowFamily.Acf, 2, layers, []).Initialise(seed);
        Philox random = new(seed, "starts");
        foreach (Dense layer in flow.Parameters)
            foreach (ref double p in layer.All) p += (seed % 2 == 0 ? 0.7 : 1.4) * random.NextNormal();
        return flow;
    }

    private static string Short(double x) => x == 1 ? "" : x.ToString("0.##", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>
    /// The largest error of the product of the explicit factors, over random matrices and rotations; infinite if there are more layers than the cases say, if a scale is not positive, or if the middle shears of a rotation are not
    /// −tan(θ/2), sin θ, −tan(θ/2).
    /// </summary>
    private static double FactorisationError(ulong seed)
    {
        Philox random = new(seed, "factors");
        double largest = 0;
        for (int n = 0; n < 500; n++)
        {
            double[] m = new double[4];
            random.FillNormal(m);
            if (((m[0] * m[3]) - (m[1] * m[2])) < 0.05) continue;
            IReadOnlyList<AlternatingLayer> layers = AlternatingLayers.Factor(m)!;
            if (layers.Count != AlternatingLayers.Least(m) || layers.Any(l => !(l.Factor > 0)) || layers.Zip(layers.Skip(1)).Any(p => p.First.Active == p.Second.Active)) return double.PositiveInfinity;
            double size = layers.Max(l => l.Weight);
            double[] product = AlternatingLayers.Product(layers);
            for (int i = 0; i < 4; i++) largest = Math.Max(largest, Math.Abs(product[i] - m[i]) / (size * size));
        }

        foreach (double theta in (ReadOnlySpan<double>)[0.3, 1, 2, 3])
        {
            double c = Cos(theta), s = Scalars.Real.Sin(new(theta)).Value, half = -(1 - c) / s; // −tan(θ/2)
            double[] product = AlternatingLayers.Product([new(0, half, 1), new(1, s, 1), new(0, half, 1)]);
            double[] rotation = [c, -s, s, c];
            for (int i = 0; i < 4; i++) largest = Math.Max(largest, Math.Abs(product[i] - rotation[i]));
        }

        return largest;
    }

    /// <summary>The first n for which the equations Π = −I in the 2n logarithms of scales and shifts are solved from some of 40 random starts, all weights below 1000; 0 if none is up to 4.</summary>
    private static int LeastSolved(ulong seed)
    {
        for (int n = 1; n <= 4; n++)
        {
            Philox random = new(seed, $"solve {n}");
            for (int start = 0; start < 40; start++)
            {
                double[] p = new double[2 * n];
                random.FillNormal(p);
                if (Solve(p) <= 1e-10 && Of(p).Max(l => l.Weight) < 1000) return n;
            }
        }

        return 0;
    }

    private static AlternatingLayer[] Of(double[] p) => [.. Enumerable.Range(0, p.Length / 2).Select(k => new AlternatingLayer(k % 2, p[(2 * k) + 1], Layers.Exp(p[2 * k])))];

    /// <summary>Damped Gauss–Newton steps p ← p − Jᵀ(JJᵀ + μI)⁻¹r, J by central differences; returns |r|.</summary>
    private static double Solve(double[] p)
    {
        const double H = 1e-6;
        double[] r = Residual(p), j = new double[4 * p.Length], gram = new double[16], alpha = new double[4], trial = new double[p.Length];
        double size = Size(r), damping = 1e-2;
        for (int round = 0; round < 100 && size > 1e-13; round++)
        {
            for (int k = 0; k < p.Length; k++)
            {
                double at = p[k];
                p[k] = at + H;
                double[] up = Residual(p);
                p[k] = at - H;
                double[] down = Residual(p);
                p[k] = at;
                for (int i = 0; i < 4; i++) j[(i * p.Length) + k] = (up[i] - down[i]) / (2 * H);
            }

            for (int i = 0; i < 4; i++)
            {
                for (int l = 0; l < 4; l++)
                {
                    double sum = i == l ? damping : 0;
                    for (int k = 0; k < p.Length; k++) sum += j[(i * p.Length) + k] * j[(l * p.Length) + k];
                    gram[(i * 4) + l] = sum;
                }
            }

            if (!SmallMatrix.Solve(gram, r, alpha)) return double.PositiveInfinity;
            for (int k = 0; k < p.Length; k++)
            {
                trial[k] = p[k];
                for (int i = 0; i < 4; i++) trial[k] -= j[(i * p.Length) + k] * alpha[i];
            }

            double[] moved = Residual(trial);
            bool better = Size(moved) < size;
            if (better)
            {
                trial.CopyTo(p, 0);
                (r, size) = (moved, Size(moved));
            }

            damping = better ? damping * 0.2 : damping * 4;
        }

        return size;
    }

    private static double[] Residual(double[] p)
    {
        double[] product = AlternatingLayers.Product(Of(p));
        return [product[0] + 1, product[1], product[2], product[3] + 1];
    }

    private static double Size(double[] r) => Math.Sqrt(r.Sum(v => v * v));

    /// <summary>
    /// The least weight found of X₂ Y X₁ = −I + E with |E| ≤ ε: a random local search over E, X₁'s scale and Y's scale, which determine everything else. The construction is its start.
    /// </summary>
    private static double LeastWeight(double epsilon, ulong seed)
    {
        const int Rounds = 6000;
        Philox random = new(seed, "weights");
        double[] best = [0, 0, 1, 0, 0, 0], trial = new double[6];
        double least = Weight(best, epsilon), step = 1;
        for (int n = 0; n < Rounds; n++)
        {
            for (int i = 0; i < best.Length; i++) trial[i] = best[i] + (step * random.NextNormal());
            double weight = Weight(trial, epsilon);
            if (weight < least)
            {
                least = weight;
                trial.CopyTo(best, 0);
                step *= 1.5;
            }
            else
            {
                step = Math.Max(1e-6, step * 0.97);
            }

            if (n % 1000 == 999) step = 1; // a new start from the best
        }

        return least;
    }

    /// <summary>The largest of |shift|, scale and its reciprocal of the three layers; infinite if the determinant or a scale is not positive.</summary>
    private static double Weight(ReadOnlySpan<double> p, double epsilon)
    {
        double norm = SmallMatrix.OperatorNorm(p[..4], 2), share = epsilon / Math.Max(norm, 1e-300);
        double a = -1 + (share * p[0]), b = share * p[1], c = share * p[2], d = -1 + (share * p[3]), det = (a * d) - (b * c);
        double first = Layers.Exp(p[4]), middle = Layers.Exp(p[5]), last = det / (first * middle);
        if (!(det > 0) || c == 0) return double.PositiveInfinity;
        double shift = c / first;
        AlternatingLayer[] layers = [new(0, (d - middle) / shift, first), new(1, shift, middle), new(0, (a - (first * last)) / c, last)];
        return layers.Max(l => l.Weight);
    }
}
