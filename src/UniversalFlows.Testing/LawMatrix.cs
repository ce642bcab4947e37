using System.Globalization;
using UniversalFlows.Numerics;

namespace UniversalFlows.Testing;

/// <summary>One case of one law: a bijection drawn from a kind, random points, one verdict.</summary>
/// <param name="Law">The law.</param>
/// <param name="Subject">The kind of bijection.</param>
/// <param name="Seed">Sets parameters, points and their scale.</param>
public readonly record struct LawCase(Law Law, BijectionCase Subject, ulong Seed)
{
    /// <summary>null if the law holds; otherwise the numbers that break it. An exception breaks it too.</summary>
    public string? Check()
    {
        try
        {
            // a tenth of the points' reach to all of it, as the property runner draws it
            double scale = 0.1 + (0.9 * new Philox(Seed, "scale").NextUniform(0, 1));
            return Law.Check(new Trial(Subject, Seed, scale));
        }
#pragma warning disable CA1031 // a law that throws is broken, whatever it throws
        catch (Exception e)
#pragma warning restore CA1031
        {
            return $"{e.GetType().Name}: {e.Message}";
        }
    }

    /// <summary>The command that runs this very case again.</summary>
    public string Replay => string.Create(CultureInfo.InvariantCulture, $"uf battery --stress --law {Law.Name} --case \"{Subject.Name}\" --trial {Seed}");
}

/// <summary>A law that fails in a case.</summary>
public sealed record LawFailure(LawCase Case, string Wrong);

/// <summary>What a run of many cases found for one law and one kind of bijection.</summary>
/// <param name="Law">The law.</param>
/// <param name="Subject">The kind of bijection.</param>
/// <param name="Cases">How many cases were run.</param>
/// <param name="Failures">How many of them failed.</param>
/// <param name="First">The first failure, in the order of the cases.</param>
/// <param name="Seconds">Processor time spent; no part of the result.</param>
public sealed record LawTally(Law Law, BijectionCase Subject, int Cases, int Failures, LawFailure? First, double Seconds);

/// <summary>
/// Every law over every kind of bijection, many times. A <em>case</em> is one trial: one bijection drawn at random, the law's points (one to 600, a
/// quadrature for the density), one verdict. The number of cases of a law is inversely proportional to its <see cref="Law.Cost"/>.
/// </summary>
public static class LawMatrix
{
    // Cases of one piece of work: long enough to hand out, short enough to be stopped between two.
    private const int Chunk = 32;

    /// <summary>Every law with every kind it speaks of, with its share of the cases: together exactly <paramref name="total"/>, each at least 1.</summary>
    /// <exception cref="ArgumentException">Nothing applies, or there are fewer cases than pairs.</exception>
    public static IReadOnlyList<(Law Law, BijectionCase Subject, int Cases)> Plan(IEnumerable<Law> laws, IEnumerable<BijectionCase> subjects, int total)
    {
        BijectionCase[] kinds = [.. subjects];
        (Law Law, BijectionCase Subject)[] pairs = [.. laws.SelectMany(l => kinds.Where(l.Applies).Select(s => (l, s)))];
        if (pairs.Length == 0) throw new ArgumentException("no law speaks of any of these kinds of bijection", nameof(subjects));
        if (total < pairs.Length) throw new ArgumentException($"{pairs.Length} pairs of a law and a kind need at least as many cases, not {total}", nameof(total));
        double weight = pairs.Sum(p => 1 / p.Law.Cost);
        // one each, the rest in proportion, rounded such that the sum comes out: pair k ends at the rounded running total
        double running = 0;
        int given = 0, rest = total - pairs.Length;
        (Law Law, BijectionCase Subject, int Cases)[] plan = new (Law, BijectionCase, int)[pairs.Length];
        for (int k = 0; k < pairs.Length; k++)
        {
            running += 1 / pairs[k].Law.Cost;
            int until = k == pairs.Length - 1 ? rest : (int)Math.Round(rest * (running / weight));
            plan[k] = (pairs[k].Law, pairs[k].Subject, 1 + until - given);
            given = until;
        }

        return plan;
    }

    /// <summary>Runs a plan; no result depends on the number of threads. A cancelled run gives null.</summary>
    /// <param name="plan">From <see cref="Plan"/>.</param>
    /// <param name="seed">Of all cases.</param>
    /// <param name="threads">How many threads to use.</param>
    /// <param name="progress">Told how many cases are done.</param>
    /// <param name="cancellation">Stops the run at its next piece.</param>
    public static IReadOnlyList<LawTally>? Run(
        IReadOnlyList<(Law Law, BijectionCase Subject, int Cases)> plan, ulong seed, int threads, Action<long>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(plan);
        List<(int Pair, int First, int Count)> pieces = [];
        for (int k = 0; k < plan.Count; k++)
            for (int first = 0; first < plan[k].Cases; first += Chunk) pieces.Add((k, first, Math.Min(Chunk, plan[k].Cases - first)));
        (int Failures, LawFailure? First, double Seconds)[] found = new (int, LawFailure?, double)[pieces.Count];
        long done = 0;
        Lock gate = new();
        Workers.For(pieces.Count, threads, p =>
        {
            if (cancellation.IsCancellationRequested) return;
            (int pair, int first, int count) = pieces[p];
            long start = System.Diagnostics.Stopwatch.GetTimestamp();
            for (int n = first; n < first + count; n++)
            {
                LawCase one = new(plan[pair].Law, plan[pair].Subject, CaseSeed(plan[pair].Law, plan[pair].Subject, seed, n));
                if (one.Check() is not { } wrong) continue;
                found[p].Failures++;
                found[p].First ??= new LawFailure(one, wrong);
            }

            found[p].Seconds = System.Diagnostics.Stopwatch.GetElapsedTime(start).TotalSeconds;
            lock (gate) progress?.Invoke(done += count);
        });
        if (cancellation.IsCancellationRequested && done < plan.Sum(p => (long)p.Cases)) return null;

        LawTally[] tallies = [.. plan.Select(p => new LawTally(p.Law, p.Subject, p.Cases, 0, null, 0))];
        for (int p = 0; p < pieces.Count; p++)
        {
            LawTally t = tallies[pieces[p].Pair];
            tallies[pieces[p].Pair] = t with { Failures = t.Failures + found[p].Failures, First = t.First ?? found[p].First, Seconds = t.Seconds + found[p].Seconds };
        }

        return tallies;
    }

    /// <summary>The seed of case n: 31 bits, so that it can be typed.</summary>
    private static ulong CaseSeed(Law law, BijectionCase subject, ulong seed, int n)
    {
        Philox random = new(seed ^ Philox.StreamKey($"{law.Name} {subject.Name}"), Philox.StreamKey(n.ToString(CultureInfo.InvariantCulture)));
        return (ulong)random.NextInt(int.MaxValue);
    }
}
