namespace UniversalFlows.Proofs.Claims;

/// <summary>The version of the evidence.</summary>
public static partial class ClaimsVersion
{
    /// <summary>SHA-256 over the C# sources of <c>proofs-exp/Claims</c>, <c>proofs-exp/ExactControls</c> and <c>proofs-exp/Studies</c>, computed by the build like <see cref="CodeVersion.Hash"/>.</summary>
    public static string Hash => Computed;
}
