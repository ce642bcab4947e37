using System.Text.RegularExpressions;
using UniversalFlows.Bijections;
using UniversalFlows.Targets;
using UniversalFlows.Testing;
using Xunit;
using FlowLaw = UniversalFlows.Testing.Law;
using ProbabilityLaw = UniversalFlows.Distributions.Law;
using ProbabilityLaws = UniversalFlows.Distributions.Laws;

namespace UniversalFlows.Tests.Pages;

/// <summary>What the pages say exists, exists: links, files, tests, and a row for everything that is registered.</summary>
public sealed partial class DocsTests
{
    private static readonly string[] s_pages =
    [
        .. Directory.GetFiles(Repository.Root, "*.md").Concat(Directory.GetFiles(Path.Combine(Repository.Root, "docs"), "*.md"))
            .Select(p => Path.GetRelativePath(Repository.Root, p).Replace('\\', '/')).Order(StringComparer.Ordinal),
    ];

    public static TheoryData<string> Pages => [.. s_pages];

    [Theory, MemberData(nameof(Pages))]
    public void Links_lead_somewhere(string page) => Assert.Empty(BrokenLinks(page, Repository.Read(page)));

    [Theory, MemberData(nameof(Pages))]
    public void Files_and_tests_that_a_page_names_exist(string page) => Assert.Empty(MissingNames(Repository.Read(page)));

    [Fact]
    public void Pages_are_found_and_link_to_each_other()
    {
        Assert.Contains("docs/theory.md", s_pages);
        Assert.True(s_pages.Sum(p => Link().Count(Prose(Repository.Read(p)))) > 20);
    }

    [Theory]
    [InlineData("[a](no-such-page.md)")]
    [InlineData("[a](../no/such/folder/)")]
    [InlineData("[a](theory.md#no-such-heading)")]
    [InlineData("[a](#no-such-heading)")]
    [InlineData("![a](picture.png)")]
    public void A_broken_link_is_found(string text) => Assert.Single(BrokenLinks("docs/x.md", $"# Title\n{text}"));

    [Theory]
    [InlineData("[a](theory.md) [b](#the-title) [c](../LICENSE) [d](https://example.org/x) `[e](f)`")]
    [InlineData("```\n[a](nothing)\n```")]
    public void A_good_link_is_none(string text) => Assert.Empty(BrokenLinks("docs/x.md", $"# The title\n{text}"));

    [Theory]
    [InlineData("see `src/UniversalFlows/Nothing.cs`")]
    [InlineData("see `NoSuchTests.Something_holds`")]
    [InlineData("see `RoomsTests.No_such_test_here`")]
    public void A_name_of_nothing_is_found(string text) => Assert.Single(MissingNames(text));

    [Fact]
    public void Everything_registered_has_its_row_in_the_theory()
    {
        string page = Repository.Read("docs/theory.md");
        foreach (Target target in Zoo.All) Assert.Contains($"| `{target.Name}` |", page, StringComparison.Ordinal);
        foreach (ProbabilityLaw law in ProbabilityLaws.All) Assert.Contains($"| `{law.Name}` |", page, StringComparison.Ordinal);
        foreach (FlowFamily family in Enum.GetValues<FlowFamily>()) Assert.Contains($"### `{family.ToString().ToLowerInvariant()}`", page, StringComparison.Ordinal);
        foreach (FlowLaw law in FlowLaws.All) Assert.Contains($"`{law.Name}`", page, StringComparison.Ordinal);
    }

    private static IEnumerable<string> BrokenLinks(string page, string text)
    {
        string folder = Path.Combine(Repository.Root, Path.GetDirectoryName(page)!);
        foreach (string target in Link().Matches(Prose(text)).Select(m => m.Groups[1].Value))
        {
            if (target.StartsWith("https://", StringComparison.Ordinal) || target.StartsWith("http://", StringComparison.Ordinal)) continue;
            string[] parts = target.Split('#', 2);
            string path = Path.GetFullPath(Path.Combine(folder, parts[0]));
            if (parts[0].Length > 0 && !File.Exists(path) && !Directory.Exists(path)) yield return $"{page}: {target} does not exist";
            else if (parts.Length == 2 && !Anchors(parts[0].Length == 0 ? text : File.ReadAllText(path)).Contains(parts[1])) yield return $"{page}: no heading for {target}";
        }
    }

    /// <summary>Code spans that look like a path of the repository, or like a test: Class.Some_words.</summary>
    private static IEnumerable<string> MissingNames(string text)
    {
        string prose = Fence().Replace(text, "");
        foreach (string path in PathSpan().Matches(prose).Select(m => m.Groups[1].Value).Distinct())
            if (!Path.Exists(Path.Combine(Repository.Root, path))) yield return $"{path} does not exist";
        Type[] types = typeof(DocsTests).Assembly.GetTypes();
        foreach (Match m in TestSpan().Matches(prose))
        {
            bool there = types.Any(t => t.Name == m.Groups[1].Value && t.GetMethods().Any(f => f.Name == m.Groups[2].Value));
            if (!there) yield return $"there is no test {m.Groups[1].Value}.{m.Groups[2].Value}";
        }
    }

    /// <summary>The text without code, in which brackets are no links.</summary>
    private static string Prose(string text) => Span().Replace(Fence().Replace(text, ""), "");

    /// <summary>The anchors that GitHub makes of headings: lower case, spaces to hyphens, punctuation dropped.</summary>
    private static IEnumerable<string> Anchors(string text) => Heading().Matches(Fence().Replace(text, ""))
        .Select(m => string.Concat(m.Groups[1].Value.Trim().ToLowerInvariant().Select(c => c == ' ' ? "-" : char.IsLetterOrDigit(c) || c is '-' or '_' ? $"{c}" : "")));

    [GeneratedRegex(@"^```.*?^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Fence();

    [GeneratedRegex("`[^`\n]+`")]
    private static partial Regex Span();

    [GeneratedRegex(@"\[[^\]\n]+\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^#+ (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"`((?:src|tests|docs|proofs-exp|benchmarks)/[\w./-]*)`")]
    private static partial Regex PathSpan();

    [GeneratedRegex(@"`(\w+)\.(\w+_\w+)`")]
    private static partial Regex TestSpan();
}
