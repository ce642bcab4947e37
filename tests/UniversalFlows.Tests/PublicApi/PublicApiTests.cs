using System.Reflection;
using UniversalFlows.Testing;
using UniversalFlows.Tests.Pages;
using Xunit;

namespace UniversalFlows.Tests.PublicApi;

/// <summary>
/// The public surface of the libraries is what PublicApi/*.txt says. After a deliberate change,
/// <c>UF_ACCEPT_API=1 dotnet test --filter PublicApi</c> writes the files anew, and they are part of the commit.
/// </summary>
public sealed class PublicApiTests
{
    private const string Accept = "UF_ACCEPT_API";

    public static TheoryData<string> Libraries => ["UniversalFlows", "UniversalFlows.Testing"];

    [Theory, MemberData(nameof(Libraries))]
    public void The_public_surface_is_the_accepted_one(string library)
    {
        IReadOnlyList<string> found = ApiText.Of(library == "UniversalFlows" ? typeof(InputException).Assembly : typeof(FlowLaws).Assembly);
        string path = Path.Combine(Repository.Root, "tests", "UniversalFlows.Tests", "PublicApi", $"{library}.txt");
        if (Environment.GetEnvironmentVariable(Accept) is "1")
        {
            CompleteFile.Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(string.Join('\n', found) + "\n")));
            return;
        }

        string[] accepted = File.ReadAllText(path).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        IReadOnlyList<string> difference = ApiText.Difference(accepted, found);
        Assert.True(difference.Count == 0 && accepted.SequenceEqual(found), $"the public surface of {library} has changed:\n{string.Join('\n', difference)}\nIf that is meant: {Accept}=1 dotnet test --filter PublicApi");
    }

    [Fact]
    public void A_change_of_a_member_is_found()
    {
        IReadOnlyList<string> before = ["sealed class A.B", "    double X { get; }", "sealed class A.C", "    double X { get; }"];
        Assert.Equal(["- sealed class A.C | double X { get; }", "+ sealed class A.C | int X { get; }"], ApiText.Difference(before, [.. before.Take(3), "    int X { get; }"]));
        Assert.Empty(ApiText.Difference(before, before));
    }

    [Fact]
    public void What_can_be_called_is_in_the_text_and_what_cannot_is_not()
    {
        IReadOnlyList<string> lines = ApiText.Of(typeof(InputException).Assembly);
        Assert.Contains("sealed class UniversalFlows.InputException : Exception", lines);
        Assert.Contains("    string? Text { get; }", lines);
        Assert.Contains("    new(string message, string? source, int? column)", lines);
        Assert.Contains("interface UniversalFlows.Bijections.IBijection : IMap", lines);
        Assert.DoesNotContain(lines, l => l.Contains("FormulaParser", StringComparison.Ordinal) || l.Contains("<Clone>", StringComparison.Ordinal));
        Assert.All(Assembly.GetAssembly(typeof(InputException))!.GetExportedTypes(), t => Assert.Contains(lines, l => l.Contains($"{t.Namespace}.", StringComparison.Ordinal) && l.Contains(t.Name.Split('`')[0], StringComparison.Ordinal)));
    }
}
