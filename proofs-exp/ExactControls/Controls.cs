using UniversalFlows.Bijections;
using UniversalFlows.Certification;
using UniversalFlows.Measurement;
using UniversalFlows.Targets;
using UniversalFlows.Training;

namespace UniversalFlows.Proofs.ExactControls;

/// <summary>
/// The controls of docs/controls.md, a pure function each: what a class of flows cannot do, the exact value of the least error, a trained run that stays above it, a witness that reaches it, and the twin that succeeds.
/// A <c>trainee</c> takes the place of the flow that is trained: one that is not in the class must make the control fail.
/// </summary>
public static partial class Controls
{
    /// <summary>Results depend on the code of this folder, which the code version of the library does not cover: raise it when a control changes.</summary>
    public const int Version = 1;

    /// <summary>The seed of everything random unless told otherwise.</summary>
    public const ulong DefaultSeed = 1;

    /// <summary>Levenberg–Marquardt, in place.</summary>
    private static void Train(IBijection flow, IMap target, Domain domain, int steps, int points, ulong seed) =>
        LevenbergMarquardt.Fit(flow, target, domain, new LevenbergMarquardtOptions(steps, points, seed));

    /// <summary>The largest |g − f| found: at most the sup error.</summary>
    private static double Sup(IMap flow, IMap target, Domain domain) =>
        MapErrors.Estimate(flow, target, domain, MapErrorOptions.Default with { Integrals = false, C1 = false, GridPerAxis = domain.Dimension switch { 1 => 1001, 2 => 101, _ => 25 }, Ascents = 8 }).Sup;

    /// <summary>The sup error proved from both sides, on one thread and without a clock, so that it is the same everywhere.</summary>
    private static (double Lower, double Upper) Prove(IMap flow, IMap target, Domain domain, double gap = 1e-4, int boxes = 3000, bool polar = true)
    {
        // a ball is a box in polar coordinates, with no boxes across its edge; small errors of linear maps are better seen without sines
        if (polar && domain is Ball { Dimension: 2 or 3 } ball) (flow, target, domain) = (new InPolar(flow, ball), new InPolar(target, ball), InPolar.Box(ball));
        SupremumCertificate c = Supremum.Certify(flow, target, domain, new CertificateSettings { Gap = gap, MaxBoxes = boxes, MaxTime = TimeSpan.FromHours(1), Threads = 1 });
        return (c.Lower, c.Upper);
    }

    /// <summary>The exponent of R^d as a text shows it.</summary>
    private static string Up(int d) => string.Concat(d.ToString(System.Globalization.CultureInfo.InvariantCulture).Select(c => "⁰¹²³⁴⁵⁶⁷⁸⁹"[c - '0']));

    private static string Count(int n, string what) => $"{n} {what}{(n == 1 ? "" : "s")}";
}
