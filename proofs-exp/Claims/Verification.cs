using System.Diagnostics;
using UniversalFlows.Numerics;

namespace UniversalFlows.Proofs.Claims;

/// <summary>Computes what is missing or stale and judges.</summary>
internal static class Verification
{
    /// <summary>The judgements of claims in their order. What is computed is kept at once, so that an interrupted run goes on where it was.</summary>
    /// <param name="claims">The claims.</param>
    /// <param name="results">The results folder.</param>
    /// <param name="again">Whether kept evidence is computed again.</param>
    /// <param name="jobs">Threads: claims side by side; no finding depends on it.</param>
    /// <param name="progress">Called after each claim that was computed.</param>
    /// <param name="cancellation">Stops before the next claim.</param>
    public static Judgement[] Run(IReadOnlyList<Claim> claims, string results, bool again, int jobs, Action<Judgement>? progress = null, CancellationToken cancellation = default)
    {
        Judgement[] judgements = [.. claims.Select(c => Judgement.Kept(results, c))];
        // the slow ones first, so that no thread waits long at the end
        int[] open = [.. Enumerable.Range(0, claims.Count).Where(i => claims[i].Evidence is not null && (again || judgements[i].Verdict == Verdict.Stale))
            .OrderByDescending(i => EvidenceCall.Parse(claims[i].Evidence!).IsSlow).ThenBy(i => i)];
        Workers.For(open.Length, jobs, k =>
        {
            if (cancellation.IsCancellationRequested) return;
            int i = open[k];
            Stopwatch clock = Stopwatch.StartNew();
            Finding finding = Execute(claims[i]);
            EvidenceFile.Of(claims[i], finding).Write(results, claims[i]);
            judgements[i] = Judgement.Of(claims[i], finding, clock.Elapsed.TotalSeconds);
            progress?.Invoke(judgements[i]);
        });
        cancellation.ThrowIfCancellationRequested();
        return judgements;
    }

    /// <summary>Runs the evidence of a claim; what it throws says which claim it was.</summary>
    private static Finding Execute(Claim claim)
    {
        try
        {
            return EvidenceCall.Parse(claim.Evidence!).Run();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw new InvalidOperationException($"claim {claim.Id}, {claim.Evidence}: {(e is System.Reflection.TargetInvocationException { InnerException: { } inner } ? inner : e).Message}", e);
        }
    }
}
