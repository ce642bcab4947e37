using UniversalFlows.Bijections;
using UniversalFlows.Measurement;
using UniversalFlows.Numerics;
using UniversalFlows.Targets;

namespace UniversalFlows.Proofs.ExactControls;

/// <content>Affine couplings of the line.</content>
public static partial class Controls
{
    /// <summary>
    /// N1: affine couplings of R, any number of them, compose to ax + b, a &gt; 0. For y + y³ on [−1, 1] the nearest is 7y/4, by y³ = (T₃ + 3T₁)/4, with error |T₃|/4: exactly ¼.
    /// </summary>
    public static ControlResult N1(int depth = 4, ulong seed = DefaultSeed, IBijection? trainee = null)
    {
        FormulaTarget target = new("x + x^3");
        Box domain = Domain.Cube(1, -1, 1);
        BestAffine remez = BestAffine.Of(y => y + (y * y * y), -1, 1);

        IBijection flow = trainee ?? new Architecture(FlowFamily.Acf, 1, depth, []).Initialise(seed);
        // under the arcsine law least squares give the Chebyshev series, which is the best approximation here
        Train(new OfCosine(flow), new MapOfCosine(target), new Box([0], [Math.PI]), 30, 1024, seed);
        (double lower, double upper) = Prove(Layers.Scale(1, 0, 1.75), target, domain, 1e-7);

        Composition twin = new Architecture(FlowFamily.Sos, 1, 1, [], Reach: 1).Initialise(seed);
        Train(twin, target, domain, 60, 64, seed);
        return new ControlResult
        {
            Id = "N1",
            Setting = $"depth {depth}",
            Class = $"{Count(depth, "affine coupling")} of R",
            Target = "y + y³ on [−1, 1]",
            Why = "affine couplings of the line compose to one increasing affine map, whatever the depth",
            Quantities =
            [
                new("sup", ChebyshevTail(), "¼ of T₃: the part of the Chebyshev series of y + y³ beyond degree 1", remez.Lower, "three alternating errors by Remez's exchange", 1e-6)
                {
                    CrossTolerance = 1e-12,
                    Trained = Sup(flow, target, domain),
                    TrainedBy = "Levenberg–Marquardt, 30 steps, points by the arcsine law",
                    WitnessLower = lower,
                    WitnessUpper = upper,
                    WitnessBy = "7y/4, proved",
                    Twin = Sup(twin, target, domain),
                    TwinAtMost = 1e-4,
                    TwinBy = "one sum-of-squares layer, trained",
                },
            ],
        };
    }

    /// <summary>|c_2| + |c_3| of y + y³, c_k = (2/n) Σ f(cos θ_j) cos kθ_j over the n = 8 Chebyshev angles: exact for polynomials of degree below 8.</summary>
    private static double ChebyshevTail()
    {
        const int Nodes = 8;
        double tail = 0;
        for (int k = 2; k <= 3; k++)
        {
            double sum = 0;
            for (int j = 0; j < Nodes; j++)
            {
                double angle = Math.PI * (j + 0.5) / Nodes, y = Cos(angle);
                sum += (y + (y * y * y)) * Cos(k * angle);
            }

            tail += Math.Abs(2 * sum / Nodes);
        }

        return tail;
    }

    private static double Cos(double x) => Scalars.Real.Cos(new(x)).Value;
}
