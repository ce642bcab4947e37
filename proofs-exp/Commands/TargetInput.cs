using UniversalFlows.Measurement;
using UniversalFlows.Numerics;
using UniversalFlows.Targets;

namespace UniversalFlows.Proofs.Commands;

/// <summary>A target and a domain as a user names them.</summary>
internal static class TargetInput
{
    private const int Samples = 4096;

    /// <summary>The target and K, by default the target's own; looked at for finite values unless the caller does it.</summary>
    /// <exception cref="InputException">A name or formula is wrong, or the target is not finite on K.</exception>
    public static (Target Target, Domain Domain) Parse(string targetText, string? domainText, bool finite = true)
    {
        Target target = TargetParser.Parse(targetText);
        Domain domain = domainText is null ? target.DefaultDomain : Domain.Parse(domainText, target.Dimension);
        if (finite) CheckFinite(target, domain);
        return (target, domain);
    }

    /// <summary>Looks at the target at the middle of K and at <see cref="Samples"/> points spread over it.</summary>
    private static void CheckFinite(Target target, Domain domain)
    {
        int d = target.Dimension;
        double[] points = new double[Samples * d], values = new double[points.Length];
        LowDiscrepancy sequence = new(d, seed: 0, "finiteness");
        for (int n = 0; n < Samples; n++)
        {
            Span<double> x = points.AsSpan(n * d, d);
            if (n == 0) x.Fill(0.5);
            else sequence.Point((uint)n, x);
            domain.FromUnitCube(x, x);
        }

        Evaluation.Map(target, points, values);
        for (int n = 0; n < Samples; n++)
        {
            if (!values.AsSpan(n * d, d).ContainsAnyExceptInRange(double.MinValue, double.MaxValue)) continue;
            string at = string.Join(", ", points.AsSpan(n * d, d).ToArray().Select(v => v.ToString("G4")));
            throw new InputException($"the target is not finite at ({at}), a point of {domain}: choose a domain inside its domain of definition with --domain");
        }
    }
}
