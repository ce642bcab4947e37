using UniversalFlows.Bijections;
using Xunit;

namespace UniversalFlows.Tests.Commands;

/// <summary>Of bad input, what <see cref="BadInputTable"/> can't say in a row.</summary>
public sealed class BadInputTests : IDisposable
{
    private readonly Shell _shell = new();

    public BadInputTests()
    {
        _shell.Flow("flow", FlowFamily.Rqs, 2, 2);
        _shell.Write("points.csv", "x1,x2\n0.5,-1\n");
    }

    public void Dispose() => _shell.Dispose();

    [Fact]
    public void A_truncated_flow_is_refused_wherever_it_is_cut()
    {
        string text = File.ReadAllText(_shell["flow"]);
        for (int length = 0; length < text.TrimEnd().Length; length += Math.Max(1, text.Length / 40))
        {
            _shell.Write("cut", text[..length]);
            _shell.Uf("show", "@cut").IsBadInput("cut: line ");
        }
    }

    [Fact]
    public void A_person_sees_the_place_underlined()
    {
        _shell.Watched = true;
        Outcome outcome = _shell.Uf("measure", "--flow", "@flow", "--target", "x1 + ); x2");
        Assert.Equal(5, outcome.Code);
        Assert.EndsWith("    x1 + ); x2\n         ^\n", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_a_long_text_a_person_sees_what_is_around_the_place()
    {
        _shell.Watched = true;
        string formula = $"x + {new string('1', 300)}.5 + y$ + {new string('2', 300)}; y";
        string[] lines = _shell.Uf("measure", "--flow", "@flow", "--target", formula).Error.Split('\n');
        Assert.Equal(4, lines.Length);
        Assert.True(lines.All(l => l.Length < 400));
        Assert.Equal('$', lines[1][lines[2].IndexOf('^', StringComparison.Ordinal)]);
    }

    [Fact]
    public void A_flow_nested_deeper_than_a_parser_reads_is_not_called_truncated()
    {
        _shell.Write("deep", $"{{\"format\": {new string('[', 2000)}{new string(']', 2000)}}}");
        _shell.Uf("show", "@deep").IsBadInput("deep: line 1, byte ", "arrays and objects are nested deeper than 1024");
        _shell.Write("text", $"{{\"format\": \"{new string('[', 2000)}\\\"[[\", \"version\"");
        _shell.Uf("show", "@text").IsBadInput("the text ends too early");
    }

    [Fact]
    public void A_member_that_is_no_text_is_refused()
    {
        _shell.Write("half", File.ReadAllText(_shell["flow"]).Replace("\"dimension\"", "\"\\ud800\"", StringComparison.Ordinal));
        _shell.Uf("show", "@half").IsBadInput("half: this is not valid text");
        _shell.Write("half", File.ReadAllText(_shell["flow"]).Replace("\"transformer\"", "\"\\ud800\"", StringComparison.Ordinal));
        _shell.Uf("show", "@half").IsBadInput("half: layers[0]: this is not valid text");
    }

    [Fact]
    public void No_line_is_longer_than_a_person_reads()
    {
        string longName = string.Join('/', Enumerable.Repeat(new string('n', 200), 20)), manyWords = string.Join(" + ", Enumerable.Repeat("x", 3000)) + " + q";
        foreach (string[] command in (string[][])[["show", longName], ["measure", "--flow", "@flow", "--target", manyWords], ["eval", "--" + new string('o', 5000)], [new string('v', 5000)]])
        {
            Outcome outcome = _shell.Uf(command);
            outcome.IsBadInput(command[0] != "measure" ? "..." : "unknown name 'q'");
            Assert.True(outcome.Error.Length < 1300, outcome.Error);
        }
    }

    [Fact]
    public void Control_characters_do_not_break_the_line() =>
        _shell.Uf("measure", "--flow", "@flow", "--target", "x1\n+ ); x2").IsBadInput("column");
}
