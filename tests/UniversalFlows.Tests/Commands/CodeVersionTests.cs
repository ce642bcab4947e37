using System.Security.Cryptography;
using System.Text;
using Xunit;

namespace UniversalFlows.Tests.Commands;

/// <summary>The build's code version is the hash of the sources as they are.</summary>
public sealed class CodeVersionTests
{
    [Fact]
    public void The_build_hashes_the_sources()
    {
        DirectoryInfo? root = new(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "UniversalFlows.sln"))) root = root.Parent;
        Assert.SkipWhen(root is null, "the sources are not beside the tests");
        string folder = Path.Combine(root!.FullName, "src", "UniversalFlows");
        StringBuilder text = new();
        foreach (string name in Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Select(p => Path.GetRelativePath(folder, p).Replace('\\', '/'))
            .Where(p => !p.StartsWith("obj/", StringComparison.Ordinal) && !p.StartsWith("bin/", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            string source = File.ReadAllText(Path.Combine(folder, name)).Replace("\r\n", "\n", StringComparison.Ordinal);
            text.Append(name).Append('\n').Append(source.Length).Append('\n').Append(source);
        }

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()))), CodeVersion.Hash);
    }
}
