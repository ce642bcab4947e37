using System.Text.RegularExpressions;

namespace UniversalFlows.Tests.Pages;

/// <summary>The repository that these tests were built in: found from the test program's folder upwards.</summary>
internal static partial class Repository
{
    /// <summary>The folder of UniversalFlows.sln.</summary>
    public static string Root { get; } = Find();

    /// <summary>All C# files under a folder, relative to <see cref="Root"/>, with forward slashes; build output is left out.</summary>
    public static IReadOnlyList<string> Sources(string folder) =>
    [
        .. Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)
            .Select(p => Path.GetRelativePath(Root, p).Replace('\\', '/'))
            .Where(p => !p.Split('/').Any(part => part is "bin" or "obj"))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The text of a file.</summary>
    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    /// <summary>The code of a C# text: comments and the contents of string literals are blanked.</summary>
    public static string Code(string text) => CommentOrString().Replace(text, m => m.Value[0] == '/' ? " " : "\"\"");

    private static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "UniversalFlows.sln"))) return folder.FullName;
        throw new InvalidOperationException($"no UniversalFlows.sln above {AppContext.BaseDirectory}");
    }

    // raw strings before plain ones; in a verbatim string a quote is doubled; character literals, so that '"' opens nothing
    [GeneratedRegex("""
        //[^\n]*|/\*.*?\*/|"{3,}.*?"{3,}|@"(?:[^"]|"")*"|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\])+'
        """, RegexOptions.Singleline | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex CommentOrString();
}
