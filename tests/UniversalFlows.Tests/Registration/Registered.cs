using System.Reflection;
using System.Text.Json;
using UniversalFlows.Bijections;
using UniversalFlows.Bijections.Autoregressive;
using UniversalFlows.Bijections.Conditioners;
using UniversalFlows.Bijections.Files;
using UniversalFlows.Bijections.Transformers;
using UniversalFlows.Numerics;
using UniversalFlows.Targets;
using UniversalFlows.Testing;
using UniversalFlows.Tests.Commands;
using UniversalFlows.Tests.Pages;
using UniversalFlows.Training;
using FlowLaw = UniversalFlows.Testing.Law;
using ProbabilityLaw = UniversalFlows.Distributions.Law;

namespace UniversalFlows.Tests.Registration;

/// <summary>
/// What a new type of the library must be besides itself: in the law suite, in the flow file, on the pages, in `uf list`. The checker is given types and
/// says what each misses.
/// </summary>
internal sealed class Registered
{
    private readonly HashSet<Type> _drawn = [], _defaults = [.. Enum.GetValues<FlowFamily>().Where(Architecture.HasTransformer).Select(f => Architecture.DefaultTransformer(f, 2).GetType())];
    private readonly Dictionary<Type, string> _words = [];
    private readonly HashSet<string> _listedTargets, _listedLaws;
    private readonly string _format = Repository.Read("docs/flow-format.md"), _theory = Repository.Read("docs/theory.md"), _architecture = Repository.Read("docs/architecture.md");
    private readonly string _domainHelp;
    private readonly string[] _tests = [.. Repository.Sources("tests").Where(f => !f.Contains("/Registration/", StringComparison.Ordinal)).Select(Repository.Read)];

    public Registered()
    {
        foreach (BijectionCase c in BijectionRegistry.All) Walk(c.Draw(1));
        using Shell shell = new();
        JsonElement list = shell.Uf("list", "--json").Json();
        _listedTargets = [.. list.GetProperty("targets").EnumerateArray().Select(t => t.GetProperty("name").GetString()!)];
        _listedLaws = [.. list.GetProperty("laws").EnumerateArray().Select(t => t.GetProperty("name").GetString()!)];
        _domainHelp = shell.Uf("measure", "--help").Out;
    }

    /// <summary>The kinds of types that are registered somewhere, in an assembly.</summary>
    public static IEnumerable<Type> Kinds(Assembly assembly) => assembly.GetTypes().Where(t => t is { IsAbstract: false, IsInterface: false } && Kind(t) is not null)
        .Concat(assembly.GetTypes().Where(t => Optimiser(t) is not null)).Distinct();

    /// <summary>What is missing of a type; nothing if it is all there.</summary>
    public IEnumerable<string> Missing(Type type)
    {
        switch (Kind(type))
        {
            case "bijection" or "transformer" or "conditioner":
                if (!_drawn.Contains(type)) yield return $"{type.Name} is in no case of BijectionRegistry";
                if (!_words.TryGetValue(type, out string? word)) yield return $"{type.Name} has no form in the flow file";
                else if (!_format.Contains($"`{word}`", StringComparison.Ordinal)) yield return $"docs/flow-format.md does not know `{word}`";
                if (Kind(type) == "transformer" && !_defaults.Contains(type)) yield return $"{type.Name} is no family's transformer: uf list flows does not show it";
                break;
            case "target":
                Target[] named = [.. Zoo.All.Where(t => t.GetType() == type)];
                if (named.Length == 0 && type != typeof(FormulaTarget)) yield return $"{type.Name} is not in the Zoo";
                foreach (Target t in named)
                {
                    if (!_theory.Contains($"| `{t.Name}` |", StringComparison.Ordinal)) yield return $"docs/theory.md has no row for {t.Name}";
                    if (!_listedTargets.Contains(t.Name)) yield return $"uf list targets does not show {t.Name}";
                }

                break;
            case "law":
                ProbabilityLaw[] laws = [.. UniversalFlows.Distributions.Laws.All.Where(l => l.GetType() == type)];
                if (laws.Length == 0) yield return $"{type.Name} is not in Laws";
                foreach (ProbabilityLaw l in laws)
                {
                    if (!_theory.Contains($"| `{l.Name}` |", StringComparison.Ordinal)) yield return $"docs/theory.md has no row for {l.Name}";
                    if (!_listedLaws.Contains(l.Name)) yield return $"uf list laws does not show {l.Name}";
                }

                break;
            case "domain":
                string word2 = type.Name.ToLowerInvariant();
                if (!_domainHelp.Contains($"{word2}(", StringComparison.Ordinal)) yield return $"the help of --domain does not know {word2}";
                if (!Parses(word2)) yield return $"Domain.Parse does not know {word2}";
                break;
            default:
                if (Optimiser(type) is not { } name) break;
                string plain = name.Replace("Fit", "", StringComparison.Ordinal);
                string[] spellings = [name, plain, string.Concat(plain.Select((c, i) => i > 0 && char.IsUpper(c) ? $"–{c}" : $"{c}"))];
                if (!spellings.Any(s => _theory.Contains(s, StringComparison.Ordinal) || _architecture.Contains(s, StringComparison.Ordinal))) yield return $"no page speaks of {name}";
                if (!_tests.Any(t => t.Contains(name, StringComparison.Ordinal))) yield return $"no test speaks of {name}";
                break;
        }
    }

    /// <summary>Methods that look like the check of a law, in a class of UniversalFlows.Testing.Laws, and are in no law.</summary>
    public static IEnumerable<string> LawsWithoutPlace(IEnumerable<Type> types)
    {
        HashSet<MethodInfo> used = [.. FlowLaws.All.Select(l => l.Check.Method)];
        foreach (MethodInfo m in types.SelectMany(t => t.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.DeclaredOnly)))
            if (m.ReturnType == typeof(string) && m.GetParameters() is [{ } p] && p.ParameterType == typeof(Trial) && !used.Contains(m)) yield return $"{m.DeclaringType!.Name}.{m.Name} is in no law of FlowLaws";
    }

    private static string? Kind(Type t) =>
        typeof(IBijection).IsAssignableFrom(t) ? "bijection" : typeof(ITransformer).IsAssignableFrom(t) ? "transformer" : typeof(IConditioner).IsAssignableFrom(t) ? "conditioner"
        : typeof(Target).IsAssignableFrom(t) ? Internal(t) ? null : "target" : typeof(ProbabilityLaw).IsAssignableFrom(t) ? "law" : typeof(Domain).IsAssignableFrom(t) ? "domain" : null;

    /// <summary>A map that another room of the library works with and that nobody can name: no target for a user.</summary>
    private static bool Internal(Type t) => !t.IsVisible && t.Assembly == typeof(Target).Assembly && t.Namespace != typeof(Zoo).Namespace;

    /// <summary>A class with a public method that returns the result of a fit.</summary>
    private static string? Optimiser(Type t) =>
        t.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly).Any(m => m.ReturnType == typeof(FitResult) && !m.IsSpecialName && m.Name != "<Clone>$")
        && t != typeof(FitResult) ? t.Name : null;

    private static bool Parses(string word)
    {
        foreach (string text in (string[])[$"{word}(1)", $"{word}(1,2)", $"{word}(1,2; 0,1)"])
        {
            try
            {
                if (Domain.Parse(text, 2).GetType().Name.Equals(word, StringComparison.OrdinalIgnoreCase)) return true;
            }
            catch (InputException)
            {
                // another shape of numbers
            }
        }

        return false;
    }

    private void Walk(IBijection f)
    {
        _drawn.Add(f.GetType());
        using JsonDocument file = JsonDocument.Parse(FlowFile.ToBytes(f is Composition ? new Composition(f.Dimension, [f]) : f));
        JsonElement layer = file.RootElement.GetProperty("layers")[0];
        _words[f.GetType()] = layer.GetProperty("type").GetString()!;
        switch (f)
        {
            case Composition c:
                foreach (IBijection part in c.Parts) Walk(part);
                break;
            case Inversion i:
                Walk(i.Inner);
                break;
            case Coupling c:
                Note(c.Transformer, layer.GetProperty("transformer"));
                Note((c.Conditioner as ClippedConditioner)?.Inner ?? c.Conditioner, layer.GetProperty("conditioner"));
                if (c.Conditioner is ClippedConditioner && layer.GetProperty("conditioner").TryGetProperty("clip", out _))
                {
                    _drawn.Add(typeof(ClippedConditioner));
                    _words[typeof(ClippedConditioner)] = "clip";
                }

                break;
            case AutoregressiveFlow a:
                Note(a.Transformer, layer.GetProperty("transformer"));
                break;
        }
    }

    private void Note(object part, JsonElement place)
    {
        _drawn.Add(part.GetType());
        _words[part.GetType()] = place.GetProperty("type").GetString()!;
    }
}
