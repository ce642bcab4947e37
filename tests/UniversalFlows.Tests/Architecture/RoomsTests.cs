using System.Text.RegularExpressions;
using Xunit;

namespace UniversalFlows.Tests.Pages;

/// <summary>The order of the rooms of src/UniversalFlows, and what no file under src/ may call (docs/architecture.md).</summary>
public sealed partial class RoomsTests
{
    private const string Library = "src/UniversalFlows/";

    /// <summary>Each room with the rooms below it, all of which it may use.</summary>
    private static readonly Dictionary<string, string[]> s_below = new()
    {
        ["Scalars"] = [],
        ["Numerics"] = ["Scalars"],
        ["Bijections"] = ["Scalars", "Numerics"],
        ["Targets"] = ["Scalars", "Numerics", "Bijections"],
        ["Distributions"] = ["Scalars", "Numerics", "Bijections", "Targets"],
        ["Measurement"] = ["Scalars", "Numerics", "Bijections", "Targets", "Distributions"],
        ["Construction"] = ["Scalars", "Numerics", "Bijections", "Targets", "Distributions"], // knows neither Training nor Measurement, nor they it
        ["Certification"] = ["Scalars", "Numerics", "Bijections", "Targets"], // knows neither Measurement, nor Training, nor Construction
        ["Training"] = ["Scalars", "Numerics", "Bijections", "Targets", "Distributions"], // not Measurement: neither knows the other
    };

    /// <summary>What of System.Math is exact, correctly rounded, or a constant. All else is the platform's C runtime.</summary>
    private static readonly string[] s_allowed =
    [
        "Abs", "BigMul", "BitDecrement", "BitIncrement", "Ceiling", "Clamp", "CopySign", "DivRem", "E", "Floor", "FusedMultiplyAdd", "ILogB",
        "Max", "Min", "PI", "ReciprocalEstimate", "Round", "ScaleB", "Sign", "Sqrt", "Tau", "Truncate",
    ];

    [Fact]
    public void Rooms_use_only_rooms_below_them()
    {
        IReadOnlyList<string> files = Repository.Sources(Library);
        Assert.True(files.Count > 60, "the sources were not found");
        foreach (string room in s_below.Keys) Assert.Contains(files, f => f.StartsWith($"{Library}{room}/", StringComparison.Ordinal));
        Assert.Empty(files.SelectMany(f => RoomFaults(f, Repository.Read(f))));
    }

    [Fact]
    public void Sources_use_the_librarys_own_functions_and_generators()
    {
        IReadOnlyList<string> files = Repository.Sources("src");
        Assert.True(files.Count > 75, "the sources were not found");
        Assert.Empty(files.SelectMany(f => CallFaults(Repository.Read(f)).Select(w => $"{f}: {w}")));
    }

    [Theory]
    [InlineData("Scalars/X.cs", "using UniversalFlows.Numerics;\nnamespace UniversalFlows.Scalars;", "Numerics")]
    [InlineData("Bijections/Files/X.cs", "using UniversalFlows.Targets;\nnamespace UniversalFlows.Bijections.Files;", "Targets")]
    [InlineData("Training/X.cs", "using UniversalFlows.Measurement;\nnamespace UniversalFlows.Training;", "Measurement")]
    [InlineData("Measurement/X.cs", "using static UniversalFlows.Training.Adam;\nnamespace UniversalFlows.Measurement;", "Training")]
    [InlineData("Measurement/X.cs", "using A = UniversalFlows.Training.Adam;\nnamespace UniversalFlows.Measurement;", "Training")]
    [InlineData("Numerics/X.cs", "namespace UniversalFlows.Numerics;\nclass X { UniversalFlows.Targets.Box? b; }", "Targets")]
    [InlineData("Numerics/X.cs", "namespace UniversalFlows.Numerics;\nclass X { Targets.Box? b; }", "Targets")]
    [InlineData("Numerics/X.cs", "namespace UniversalFlows.Scalars;", "namespace")]
    [InlineData("Attic/X.cs", "namespace UniversalFlows.Attic;", "no room")]
    [InlineData("X.cs", "using UniversalFlows.Scalars;\nnamespace UniversalFlows;", "Scalars")]
    public void A_wrong_use_of_a_room_is_found(string file, string text, string says) =>
        Assert.Contains(RoomFaults(Library + file, text), w => w.Contains(says, StringComparison.Ordinal));

    [Theory]
    [InlineData("Training/X.cs", "using UniversalFlows.Bijections.Files;\nnamespace UniversalFlows.Training; // unlike UniversalFlows.Measurement")]
    [InlineData("Bijections/Conditioners/X.cs", "using UniversalFlows.Scalars;\nnamespace UniversalFlows.Bijections.Conditioners;")]
    [InlineData("Targets/X.cs", "namespace UniversalFlows.Targets;\nclass X { string s = \"Training.Adam\"; object o = new InputException(); }")]
    public void A_right_use_of_a_room_is_none(string file, string text) => Assert.Empty(RoomFaults(Library + file, text));

    [Theory]
    [InlineData("double y = Math.Exp(x);")]
    [InlineData("double y = System.Math.Pow(x, 2);")]
    [InlineData("float y = MathF.Sin(x);")]
    [InlineData("double y = double.Log(x);")]
    [InlineData("Vector512<double> y = Vector512.Exp(x);")]
    [InlineData("using static System.Math;")]
    [InlineData("System.Random r = new(1);")]
    [InlineData("var r = new Random(1);")]
    [InlineData("double u = Random.Shared.NextDouble();")]
    [InlineData("if (typeof(T) == typeof(Lanes)) return;")]
    [InlineData("if (default(T) is Real) return;")]
    [InlineData("char c = '\"'; double y = Math.Tanh(x); string s = \"\";")]
    public void A_wrong_call_is_found(string text) => Assert.NotEmpty(CallFaults(text));

    [Theory]
    [InlineData("double y = Math.Sqrt(Math.FusedMultiplyAdd(x, x, Math.PI)); // not Math.Exp")]
    [InlineData("T y = T.Exp(x); Real z = Real.Log(r); string s = \"Math.Sin, System.Random\"; string t = $\"{x} Math.Cos\";")]
    [InlineData("double u = trial.Random.NextUniform(); public Philox Random => _random;")]
    public void A_right_call_is_none(string text) => Assert.Empty(CallFaults(text));

    private static IEnumerable<string> RoomFaults(string path, string text)
    {
        string code = Repository.Code(text);
        string[] folders = path[Library.Length..].Split('/')[..^1];
        string expected = string.Join('.', (string[])["UniversalFlows", .. folders]), found = Namespace().Match(code).Groups[1].Value;
        // a room's folders may share its namespace (Scalars/Elementary), but nothing lies in another room's
        if (found != expected && !(folders.Length > 0 && found == $"UniversalFlows.{folders[0]}")) yield return $"{path}: namespace {found}, expected {expected}";
        string[] allowed = [];
        if (folders.Length > 0)
        {
            if (!s_below.TryGetValue(folders[0], out string[]? below))
            {
                yield return $"{path}: {folders[0]} is no room of docs/architecture.md";
                yield break;
            }

            allowed = [.. below, folders[0]];
        }

        foreach (string used in Qualified().Matches(code).Select(m => m.Groups["room"].Value).Distinct())
            if (!allowed.Contains(used)) yield return $"{path}: uses {used}, which is not below it";
    }

    private static IEnumerable<string> CallFaults(string text)
    {
        string code = Repository.Code(text);
        foreach (Match m in MathCall().Matches(code))
            if (!s_allowed.Contains(m.Groups[1].Value)) yield return $"{m.Value}: use Elementary or the scalar's own function";
        foreach (Match m in Elsewhere().Matches(code)) yield return $"{m.Value}: use Elementary or the scalar's own function";
        foreach (Match m in RandomNumbers().Matches(code)) yield return $"{m.Value}: use Philox";
        foreach (Match m in TypeTest().Matches(code)) yield return $"{m.Value}: a formula does not test its scalar's type";
    }

    [GeneratedRegex(@"^\s*namespace\s+([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    // UniversalFlows.Room anywhere, or Room.Name as it may be written inside the namespace UniversalFlows
    [GeneratedRegex(@"(?<![\w.])(?:UniversalFlows\.(?<room>Scalars|Numerics|Bijections|Targets|Distributions|Measurement|Training)\b|(?<room>Scalars|Numerics|Bijections|Targets|Distributions|Measurement|Training)(?=\.[A-Z]))")]
    private static partial Regex Qualified();

    [GeneratedRegex(@"(?<![\w.])(?:System\.)?MathF?\.(\w+)")]
    private static partial Regex MathCall();

    [GeneratedRegex(@"\b(?:double|float|Vector\d*|TensorPrimitives|SpecialFunctions)\.(?:Exp|Exp2|Exp10|ExpM1|Log|Log2|Log10|LogP1|Log2P1|Sin|Cos|Tan|SinCos|SinPi|CosPi|TanPi|Sinh|Cosh|Tanh|Asin|Acos|Atan|Atan2|Asinh|Acosh|Atanh|Pow|Cbrt|RootN|Hypot|Gamma\w*|Erf\w*)\b|using\s+static\s+System\.Math\b")]
    private static partial Regex Elsewhere();

    [GeneratedRegex(@"\bSystem\.Random\b|\bnew\s+Random\b|(?<![\w.])Random\.Shared\b|\bRandomNumberGenerator\b|\bGuid\.NewGuid\b")]
    private static partial Regex RandomNumbers();

    [GeneratedRegex(@"\btypeof\s*\(\s*T\w*\s*\)|\bdefault\s*\(\s*T\w*\s*\)\s+is\b")]
    private static partial Regex TypeTest();
}
