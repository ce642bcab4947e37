using System.Reflection;
using UniversalFlows.Targets;

namespace UniversalFlows.Proofs.Claims;

/// <summary>All claims, in the order of their ids: those of the slides, the lecture, the controls, theorem S, the steps of the proof.</summary>
internal sealed class Ledger
{
    private const string Prefix = "claims/", Suffix = ".claim.json";

    private static readonly Lazy<Ledger> Embedded = new(() => new Ledger(Read()));

    private readonly Dictionary<string, Claim> _byId;

    /// <summary>A ledger of given claims.</summary>
    /// <exception cref="InputException">Two have one id, one rests on an unknown one, or on itself.</exception>
    public Ledger(IEnumerable<Claim> claims)
    {
        Claims = [.. claims.OrderBy(c => Order(c.Id))];
        _byId = [];
        foreach (Claim claim in Claims)
            if (!_byId.TryAdd(claim.Id, claim)) throw new InputException($"two claims are called {claim.Id}");
        foreach (Claim claim in Claims)
        {
            foreach (string id in claim.DependsOn)
                if (!_byId.ContainsKey(id)) throw new InputException($"{claim.Id} rests on {id}, which is no claim");
        }

        foreach (Claim claim in Claims)
            if (Ancestors(claim).Contains(claim)) throw new InputException($"{claim.Id} rests on itself");
    }

    /// <summary>The ledger of this program.</summary>
    public static Ledger Default => Embedded.Value;

    /// <summary>The claims.</summary>
    public IReadOnlyList<Claim> Claims { get; }

    /// <summary>The claim of that id.</summary>
    public Claim this[string id] => _byId[id];

    /// <summary>The claim of that id as a user wrote it; case does not matter.</summary>
    /// <exception cref="InputException">There is none.</exception>
    public Claim Find(string word)
    {
        if (_byId.TryGetValue(word, out Claim? claim) || _byId.TryGetValue(word.ToUpperInvariant(), out claim)) return claim;
        IReadOnlyList<string> nearest = Spelling.Nearest(word.ToUpperInvariant(), _byId.Keys);
        throw new InputException($"there is no claim \"{word}\": {(nearest.Count > 0 ? $"did you mean {string.Join(" or ", nearest)}?" : "see uf list claims")}", word, null);
    }

    /// <summary>All claims that a claim rests on, directly or not.</summary>
    public IReadOnlyCollection<Claim> Ancestors(Claim claim)
    {
        HashSet<Claim> found = [];
        Stack<Claim> open = new([claim]);
        while (open.TryPop(out Claim? next))
        {
            foreach (string id in next.DependsOn)
                if (found.Add(_byId[id])) open.Push(_byId[id]);
        }

        return found;
    }

    /// <summary>A1, A2, …, A10, …: by letter in the order A, B, N, S, L, then by number.</summary>
    private static (int, int, string) Order(string id) =>
        ("ABNSL".IndexOf(id[0], StringComparison.Ordinal), int.TryParse(id.AsSpan(1), out int number) ? number : 0, id);

    private static IEnumerable<Claim> Read()
    {
        Assembly assembly = typeof(Ledger).Assembly;
        foreach (string name in assembly.GetManifestResourceNames().Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            using StreamReader reader = new(assembly.GetManifestResourceStream(name)!);
            Claim claim = Claim.Parse(reader.ReadToEnd(), name);
            if (name != Prefix + claim.Id + Suffix) throw new InputException($"{name}: a file is called after its claim, {claim.Id}{Suffix}");
            yield return claim;
        }
    }
}
