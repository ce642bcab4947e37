namespace UniversalFlows.Proofs.Claims;

/// <summary>Which claims hold together with everything that they rest on.</summary>
internal static class Verified
{
    /// <summary>
    /// The ids of claims whose own verdict is positive (certified, constructed, statistical, supported) and so is that of all their ancestors; found by walking the graph, from the claims that rest on none.
    /// </summary>
    public static IReadOnlySet<string> Of(Ledger ledger, IEnumerable<Judgement> judgements)
    {
        Dictionary<string, Judgement> byId = judgements.ToDictionary(j => j.Claim.Id);
        return new HashSet<string>(byId.Values.Where(j => j.Holds && ledger.Ancestors(j.Claim).All(a => byId.TryGetValue(a.Id, out Judgement? below) && below.Holds)).Select(j => j.Claim.Id));
    }
}
