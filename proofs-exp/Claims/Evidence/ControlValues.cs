using UniversalFlows.Proofs.ExactControls;

namespace UniversalFlows.Proofs.Claims.Evidence;

/// <summary>
/// The controls with exact values, as <see cref="Controls"/> runs them: the value by two methods, a trained flow that stays above it, a witness that reaches it, a twin outside of the class that succeeds. The defect is
/// the distance of the value from the number told, or 1 if the control does not fail as it must.
/// </summary>
internal static class ControlValues
{
    /// <summary>N1: affine couplings on the line.</summary>
    [Slow]
    public static Finding AffineOnTheLine(int depth, double told) => Check(Controls.N1(depth), told);

    /// <summary>N2: additive couplings with a free scale, total variation; the divergence's bound is checked beside it.</summary>
    [Slow]
    public static Finding Additive(double told, double divergence)
    {
        ControlResult result = Controls.N2(freeScale: true);
        Finding finding = Check(result, told);
        double other = result.Quantities.Where(q => q.Name.Contains("KL", StringComparison.Ordinal)).Select(q => Math.Abs(q.Exact - divergence)).DefaultIfEmpty(1).Min();
        return Finding.AtPoints(Math.Max(finding.Value, other), 0, finding.Done) with { Numbers = finding.Numbers };
    }

    /// <summary>N4: orientation.</summary>
    [Slow]
    public static Finding Orientation(int dimension, double told) => Check(Controls.N4(dimension: dimension), told);

    /// <summary>N7: too few planar layers.</summary>
    [Slow]
    public static Finding FewPlanarLayers(int layers, int dimension, double scale, double told) => Check(Controls.N7(layers: layers, dimension: dimension, scale: scale), told);

    /// <summary>N8: triangular maps.</summary>
    [Slow]
    public static Finding Triangular(double told) => Check(Controls.N8(), told);

    /// <summary>N9: residual layers.</summary>
    [Slow]
    public static Finding Residual(int layers, double lipschitz, double scale, double told) => Check(Controls.N9(layers, lipschitz, scale), told);

    /// <summary>N10: alternating couplings of the plane.</summary>
    [Slow]
    public static Finding Alternating(double told) => Check(Controls.N10(), told);

    /// <summary>N12: Lipschitz maps to two atoms.</summary>
    [Slow]
    public static Finding Lipschitz(double lipschitz, double told) => Check(Controls.N12(lipschitz), told);

    /// <summary>A control's result as a finding.</summary>
    internal static Finding Check(ControlResult result, double told)
    {
        ControlQuantity main = result.Quantities[0];
        List<(string, double)> numbers = [($"{main.Name}, exact", main.Exact), ($"the same, {main.CrossCheckBy}", main.CrossCheck)];
        if (main.Trained is { } trained) numbers.Add(("trained", trained));
        if (main.WitnessUpper is { } witness) numbers.Add(("a witness reaches", witness));
        if (main.Twin is { } twin) numbers.Add(("outside of the class", twin));
        double defect = result.Holds ? Math.Abs(main.Exact - told) : 1;
        return Finding.AtPoints(defect, 0, $"{result.Class} against {result.Target} ({result.Setting}): {result.Why.TrimEnd('.')}; the exact value by two methods, a trained flow, a witness and a twin outside of the class").With([.. numbers]);
    }
}
