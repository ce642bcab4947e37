using System.Diagnostics;
using UniversalFlows.Bijections;
using UniversalFlows.Numerics;
using UniversalFlows.Targets;

namespace UniversalFlows.Certification.Checking;

/// <summary>What a check found.</summary>
/// <param name="Refusal">Why the certificate is refused; null: proved as stated.</param>
/// <param name="Boxes">Boxes bounded again.</param>
/// <param name="Seconds">Wall time.</param>
public sealed record CheckResult(string? Refusal, int Boxes, double Seconds);

/// <summary>
/// Proves a certificate again: the witness is in K and |f − g| ≥ L there; the boxes of the tree cover K, and |f − g| ≤ U on each one. Shares the formulas of flows
/// and targets with the prover, and the elementary functions, but no code of its enclosures: these are scalar, one box at a time
/// (<see cref="Polynomial"/>, <see cref="Jets"/>, <see cref="Bracket"/>).
/// </summary>
/// <remarks>A box whose bound comes out a little above U is halved again, at most <see cref="Deeper"/> times: another program rounds and truncates in other places.</remarks>
public static class CertificateChecker
{
    private const int Deeper = 3;

    /// <summary>Checks a certificate that <see cref="CertificateFile.Parse"/> has read.</summary>
    public static CheckResult Check(CertificateFile file, int threads)
    {
        ArgumentNullException.ThrowIfNull(file);
        Stopwatch clock = Stopwatch.StartNew();
        int boxes = 0;
        string? refusal = Refusal(file, threads, ref boxes);
        return new CheckResult(refusal, boxes, clock.Elapsed.TotalSeconds);
    }

    private static string? Refusal(CertificateFile file, int threads, ref int boxes)
    {
        Target target;
        Domain domain;
        try
        {
            target = TargetParser.Parse(file.Target);
            domain = Domain.Parse(file.Domain, target.Dimension);
        }
        catch (InputException e)
        {
            return $"target or domain: {e.Message}";
        }

        int d = target.Dimension;
        if (target.Name != file.Target || domain.ToString() != file.Domain) return "the target or the domain is not written in its canonical form";
        if (domain is not (Box or Ball)) return $"K must be a box or a ball, not {domain}";
        if (file.Flow.Dimension != d) return $"the flow is a map of R^{file.Flow.Dimension}, the target of R^{d}";
        if (d > 4 || file.Degree is < 1 or > 10) return "a dimension above 4 or a degree outside 1 … 10";
        if (!(0 <= file.Lower && file.Lower <= file.Upper && file.Upper <= double.MaxValue)) return "0 <= lower <= upper does not hold";
        if (file.Witness.Count != d || !Inside(domain, [.. file.Witness])) return "the witness is not a point of the domain";
        Grid grid = new(d, file.Degree);
        double[] witness = [.. file.Witness];
        if (!(Distance(file.Flow, target, grid, witness, witness).L >= file.Lower)) return "|flow - target| is not at least the lower bound at the witness";

        List<(double[] Lower, double[] Upper)> leaves = [];
        int at = 0;
        Box bounds = domain.Bounds;
        double[] low = [.. bounds.Lower], high = [.. bounds.Upper];
        for (int i = 0; i < d && domain is Ball; i++) (low[i], high[i]) = (Math.BitDecrement(low[i]), Math.BitIncrement(high[i]));
        string? fault = Leaves(domain, file.Cover, ref at, low, high, leaves);
        if (fault is null && at != file.Cover.Length) fault = "the cover goes on after its last box";
        if (fault is not null) return fault;

        int[] counts = new int[leaves.Count];
        Workers.For(leaves.Count, threads, n => counts[n] = Bounded(file.Flow, target, domain, grid, leaves[n].Lower, leaves[n].Upper, file.Upper, Deeper, [0]));
        boxes = counts.Sum(Math.Abs);
        int bad = Array.FindIndex(counts, c => c <= 0);
        return bad < 0 ? null : $"|flow - target| <= upper could not be proved on the box [{string.Join(", ", leaves[bad].Lower.Zip(leaves[bad].Upper, (l, u) => $"{l:R}..{u:R}"))}]";
    }

    /// <summary>Goes down the tree as it is written; the leaves in K in order.</summary>
    private static string? Leaves(Domain domain, string cover, ref int at, double[] low, double[] high, List<(double[], double[])> leaves)
    {
        // an explicit stack: a text of signs can be as deep as it is long
        Stack<(double[] Low, double[] High)> open = new([(low, high)]);
        int d = low.Length;
        while (open.TryPop(out (double[] Low, double[] High) box))
        {
            if (at == cover.Length) return "the cover ends before its last box";
            switch (cover[at++])
            {
                case '.':
                    leaves.Add(box);
                    break;
                case 'o':
                    if (!Outside(domain, box.Low, box.High)) return "a box that is said to be outside of the domain may meet it";
                    break;
                case '+':
                    for (int half = (1 << d) - 1; half >= 0; half--) open.Push(Half(box.Low, box.High, half));
                    break;
                default:
                    return $"'{cover[at - 1]}' is no sign of a cover";
            }
        }

        return null;
    }

    private static (double[] Low, double[] High) Half(double[] low, double[] high, int half)
    {
        int d = low.Length;
        (double[] l, double[] h) = ([.. low], [.. high]);
        for (int i = 0; i < d; i++)
        {
            double middle = (0.5 * low[i]) + (0.5 * high[i]);
            if ((half & (1 << (d - 1 - i))) != 0) l[i] = middle;
            else h[i] = middle;
        }

        return (l, h);
    }

    /// <summary>The number of boxes it took to prove the bound; not above 0 where it failed.</summary>
    private static int Bounded(IMap f, IMap g, Domain domain, Grid grid, double[] low, double[] high, double upper, int deeper, int[] used)
    {
        used[0]++;
        if (Outside(domain, low, high) || Distance(f, g, grid, low, high).H <= upper) return used[0];
        if (deeper == 0) return -used[0];
        for (int half = 0; half < 1 << low.Length; half++)
        {
            (double[] l, double[] h) = Half(low, high, half);
            if (Bounded(f, g, domain, grid, l, h, upper, deeper - 1, used) <= 0) return -used[0];
        }

        return used[0];
    }

    /// <summary>|f − g| over a box or at a point.</summary>
    private static Bracket Distance(IMap f, IMap g, Grid grid, double[] low, double[] high)
    {
        int d = low.Length;
        Span<CheckedModel> x = stackalloc CheckedModel[d], y = stackalloc CheckedModel[d];
        CheckedModel.Begin(grid, low, high, x);
        CheckedModel.Variables(low, high, y);
        if (CheckedChain.Suits(f)) CheckedChain.Map((Composition)f, x);
        else f.Map(x);
        g.Map(y);
        CheckedModel square = default;
        Bracket apart = Bracket.Of(0);
        for (int i = 0; i < d; i++)
        {
            CheckedModel e = x[i] - y[i];
            square += e * e;
            apart += Bracket.Square(e.Value.Range());
        }

        Bracket together = square.Value.Range();
        // both enclose the square of the distance, which is not negative; one alone may be unknown
        double least = Math.Max(0, double.IsNaN(together.L) ? apart.L : double.IsNaN(apart.L) ? together.L : Math.Max(apart.L, together.L));
        double most = double.IsNaN(together.H) ? apart.H : double.IsNaN(apart.H) ? together.H : Math.Min(apart.H, together.H);
        return double.IsNaN(least) || !(most >= least) ? Bracket.Unknown : Bracket.Sqrt(new Bracket(least, most));
    }

    private static Bracket SquareOfDistance(Ball ball, double[] low, double[] high)
    {
        Bracket sum = Bracket.Of(0);
        for (int i = 0; i < low.Length; i++) sum += Bracket.Square(new Bracket(low[i], high[i]) - Bracket.Of(ball.Centre[i]));
        return sum;
    }

    private static bool Inside(Domain domain, double[] x) =>
        domain is Ball ball ? SquareOfDistance(ball, x, x).H <= Bracket.Square(Bracket.Of(ball.Radius)).L : domain.Contains(x);

    private static bool Outside(Domain domain, double[] low, double[] high) =>
        domain is Ball ball && SquareOfDistance(ball, low, high).L > Bracket.Square(Bracket.Of(ball.Radius)).H;
}
