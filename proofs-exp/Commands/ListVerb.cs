using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using UniversalFlows.Bijections;
using UniversalFlows.Distributions;
using UniversalFlows.Proofs.Claims;
using UniversalFlows.Proofs.Studies;
using UniversalFlows.Targets;

namespace UniversalFlows.Proofs.Commands;

/// <summary>uf list: what there is, with formulas.</summary>
internal static partial class ListVerb
{
    private static readonly string[] Kinds = ["flows", "targets", "laws", "studies", "claims"];

    public static Command Create(Terminal terminal, Option<bool> json)
    {
        Argument<string> what = new("WHAT") { Description = string.Join(", ", Kinds) + "; by default all.", Arity = ArgumentArity.ZeroOrOne };
        Verb verb = new("list", "List flow families, targets, laws, studies and claims, with formulas and default domains.", "uf list targets") { what };
        verb.SetAction(r => Run(terminal, r.GetValue(what), r.GetValue(json)));
        return verb;
    }

    private static int Run(Terminal terminal, string? what, bool json)
    {
        if (what is not null && !Kinds.Contains(what))
        {
            IReadOnlyList<string> nearest = Spelling.Nearest(what, Kinds);
            throw new InputException($"nothing to list is called '{what}': {(nearest.Count > 0 ? $"did you mean {string.Join(" or ", nearest)}?" : $"there are {string.Join(", ", Kinds)}")}");
        }

        string[] wanted = what is null ? Kinds : [what];
        if (json)
        {
            terminal.Json(w =>
            {
                foreach (string kind in wanted) Write(w, kind);
            });
            return ExitCode.Good;
        }

        foreach (string kind in wanted)
        {
            if (what is null) terminal.Out.WriteLine($"{(kind == wanted[0] ? "" : "\n")}{kind.ToUpperInvariant()}");
            Print(terminal, kind);
        }

        return ExitCode.Good;
    }

    private static void Print(Terminal terminal, string kind)
    {
        switch (kind)
        {
            case "flows":
                terminal.Table(["family", "what", "transformer of one coordinate"], FlowFamilies.All.Select(f => (string[])[Names.Of(f.Family), f.What, f.Formula]));
                break;
            case "targets":
                terminal.Table(["target", "d", "default domain", "det", "class", "formula"], Zoo.All.Zip(Zoo.Signatures, (t, signature) => (string[])
                    [Short(signature), $"{t.Dimension}", Short($"{t.DefaultDomain}"), Sign(t), Class(t), Short(t.Formula) + (t.Membership.Reason.Length > 0 ? $" -- {t.Membership.Reason}" : "")]));
                break;
            case "laws":
                terminal.Table(["law", "d", "density", "entropy", "known exactly", "formula"], Laws.All.Zip(Laws.Signatures, (l, signature) => (string[])
                    [signature, $"{l.Dimension}", l is DensityLaw ? "yes" : "no", l is DensityLaw p && double.IsFinite(p.Entropy) ? $"{p.Entropy:F6}" : "", LawInput.Known(l), l.Formula]));
                break;
            case "claims":
                terminal.Table(["claim", "kind", "expected", "fidelity", "statement"], Ledger.Default.Claims.Select(c => (string[])[c.Id, c.Kind, c.Expect, ClaimWords.Of(c.Fidelity), c.Statement]));
                break;
            default:
                terminal.Table(["study", "runs", "what"], Profiles.Studies.Select(s => (string[])
                    [s.Name, string.Join(", ", Profiles.Names.Select(p => $"{Profiles.Tasks(s.Name, p, 1).Count} ({p})")), s.What]));
                break;
        }
    }

    private static string Sign(Target target) => target.Orientation switch { > 0 => "+", < 0 => "-", _ => "+-" };

    private static string Class(Target target) => target.Membership switch
    {
        { InClass: true, StarShaped: true } => "D2, star",
        { InClass: true } => "D2, no star",
        { InClass: false } => "not D2",
        _ => "?",
    };

    /// <summary>Numbers such as 1.5707963267948966 with four decimals, for the eye; --json has all digits.</summary>
    private static string Short(string text) =>
        LongNumber().Replace(text, m => double.Parse(m.Value, CultureInfo.InvariantCulture).ToString("F4", CultureInfo.InvariantCulture));

    [GeneratedRegex(@"\d+\.\d{6,}")]
    private static partial Regex LongNumber();

    private static void Write(Utf8JsonWriter w, string kind)
    {
        switch (kind)
        {
            case "flows":
                w.Objects(kind, FlowFamilies.All, f =>
                {
                    w.WriteString("name", Names.Of(f.Family));
                    w.WriteString("what", f.What);
                    w.WriteString("formula", f.Formula);
                });
                break;
            case "targets":
                w.Objects(kind, Zoo.All.Zip(Zoo.Signatures), t =>
                {
                    w.WriteString("name", t.First.Name);
                    w.WriteString("signature", t.Second);
                    w.WriteNumber("dimension", t.First.Dimension);
                    w.WriteString("domain", t.First.DefaultDomain.ToString());
                    w.WriteString("formula", t.First.Formula);
                    if (t.First.Orientation is { } sign) w.WriteNumber("orientation", sign);
                    if (t.First.Membership.InClass is { } member) w.WriteBoolean("inClass", member);
                    else w.WriteNull("inClass");
                    if (t.First.Membership.Reason.Length > 0) w.WriteString("notInClassBecause", t.First.Membership.Reason);
                    if (t.First.StarCentre is { } centre) w.Numbers("starCentre", centre);
                    else w.WriteNull("starCentre");
                    w.WriteString("remarks", t.First.Remarks);
                });
                break;
            case "laws":
                w.Objects(kind, Laws.All.Zip(Laws.Signatures), pair =>
                {
                    (Law l, string signature) = pair;
                    w.WriteString("name", l.Name);
                    w.WriteString("signature", signature);
                    w.WriteNumber("dimension", l.Dimension);
                    w.WriteBoolean("density", l is DensityLaw);
                    if (l is DensityLaw p) w.Finite("entropy", p.Entropy);
                    w.WriteString("knownExactly", LawInput.Known(l));
                    w.WriteString("formula", l.Formula);
                });
                break;
            case "claims":
                w.Objects(kind, Ledger.Default.Claims, c =>
                {
                    w.WriteString("id", c.Id);
                    w.WriteString("title", c.Title);
                    w.WriteString("statement", c.Statement);
                    w.WriteString("formula", c.Formula);
                    w.WriteString("source", c.Source);
                    w.WriteString("kind", c.Kind);
                    w.WriteString("expect", c.Expect);
                    w.WriteString("fidelity", ClaimWords.Of(c.Fidelity));
                    w.WriteString("evidence", c.Evidence);
                });
                break;
            default:
                w.Objects(kind, Profiles.Studies, s =>
                {
                    w.WriteString("name", s.Name);
                    w.WriteString("what", s.What);
                    w.WriteStartObject("runs");
                    foreach (string profile in Profiles.Names) w.WriteNumber(profile, Profiles.Tasks(s.Name, profile, 1).Count);
                    w.WriteEndObject();
                });
                break;
        }
    }
}
