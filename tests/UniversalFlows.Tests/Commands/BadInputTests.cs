using UniversalFlows.Bijections;
using Xunit;

namespace UniversalFlows.Tests.Commands;

/// <summary>Whatever a user gets wrong: exit code 5, one line that names it, nothing on stdout, nothing written.</summary>
public sealed class BadInputTests : IDisposable
{
    private readonly Shell _shell = new();

    public BadInputTests()
    {
        _shell.Flow("flow", FlowFamily.Rqs, 2, 2);
        _shell.Write("points.csv", "x1,x2\n0.5,-1\n");
    }

    public void Dispose() => _shell.Dispose();

    [Theory]
    [InlineData("frobnicate", "unknown verb 'frobnicate'")]
    [InlineData("evla", "did you mean eval?")]
    [InlineData("--jsn", "unknown option --jsn: did you mean --json?")]
    [InlineData("eval --flwo x", "did you mean --flow?")]
    [InlineData("eval", "'--flow' is required")]
    [InlineData("eval --flow", "--flow")]
    [InlineData("eval --flow @flow --flow @flow --points @points.csv", "--flow")]
    [InlineData("eval --flow @flow --points @points.csv extra", "'extra'")]
    [InlineData("eval --flow @flow --points @nothing.csv", "nothing.csv does not exist")]
    [InlineData("eval --flow @flow --points @points.csv --out @no/y.csv", "there is no folder")]
    [InlineData("eval --flow @flow --points @points.csv --out @points.csv", "an input of the same command")]
    [InlineData("eval --flow @flow --points @points.csv --out @points.csv/y.csv", "can't be written")]
    [InlineData("eval --flow @flow --points @points.csv --jobs 0", "--jobs takes a whole number of at least 1, not '0'")]
    [InlineData("show", "show")]
    [InlineData("show @nothing", "does not exist")]
    [InlineData("show @", "is a folder")]
    [InlineData("show @points.csv", "points.csv: line 1")]
    [InlineData("show --bogus", "unknown option --bogus")]
    [InlineData("measure --flow @flow --target twsit", "did you mean twist?")]
    [InlineData("measure --flow @flow --target x1+)", "column 4")]
    [InlineData("measure --flow @flow --target twist --domain bx(1)", "unknown domain 'bx'")]
    [InlineData("measure --flow @flow --target twist --domain box(1,-1)", "empty")]
    [InlineData("measure --flow @flow --target sine", "flow of R^2", "map of R^1")]
    [InlineData("measure --flow @flow --target log(x);y", "not finite at", "--domain")]
    [InlineData("fit --target sine --family acff --out @new", "did you mean acf?")]
    [InlineData("fit --target sine --family 0 --out @new", "unknown family '0'")]
    [InlineData("fit --target sine --family acf --depth -1 --out @new", "--depth takes a whole number of at least 0, not '-1'")]
    [InlineData("fit --target sine --family acf --depth 99999 --out @new", "at most")]
    [InlineData("fit --target sine --family acf --hidden 3,x --out @new", "--hidden", "3,x")]
    [InlineData("fit --target sine --family acf --activation thanh --out @new", "did you mean tanh?")]
    [InlineData("fit --target sine --family acf --method sgd --out @new", "unknown method 'sgd'")]
    [InlineData("fit --target sine --family acf --points 65 --out @new", "multiple of 64")]
    [InlineData("fit --target sine --family acf --steps 0 --out @new", "--steps")]
    [InlineData("fit --target sine --family acf --seed -1 --out @new", "--seed")]
    [InlineData("fit --target sine --family acf --max-time soon --out @new", "--max-time")]
    [InlineData("fit --family acf --out @new", "either --target or --law")]
    [InlineData("fit --target sine --law moons --family acf --out @new", "either --target or --law")]
    [InlineData("fit --law mons --family acf --out @new", "did you mean moons?")]
    [InlineData("fit --law moons --domain box(-1,1) --family acf --out @new", "--domain goes with --target")]
    [InlineData("fit --target log(x) --family acf --out @new", "not finite at")]
    [InlineData("fit --target sine --family acf --out @", "not empty")]
    [InlineData("fit --target sine --family acf --out @points.csv", "is a file")]
    [InlineData("fit --target sine --family acf --out @points.csv/new", "can't be made")]
    [InlineData("list target", "did you mean targets?")]
    [InlineData("run map", "did you mean maps?")]
    [InlineData("run --profile quik", "did you mean quick?")]
    [InlineData("run --shard 5/4", "I/N")]
    [InlineData("run --shard 0/4", "I/N")]
    [InlineData("run --results @points.csv", "is a file")]
    [InlineData("report --results @points.csv", "is a file")]
    [InlineData("report --out @points.csv", "ends in .html")]
    public void Bad_arguments_are_one_line_and_code_5(string command, params string[] words)
    {
        _shell.Uf(command.Split(' ')).IsBadInput(words);
        Assert.False(Directory.Exists(_shell["new"]));
        Assert.Equal("x1,x2\n0.5,-1\n", File.ReadAllText(_shell["points.csv"]));
    }

    [Theory]
    [InlineData("", "line 1", "x1,x2")]
    [InlineData("x1\n1\n", "line 1", "1 coordinate", "R^2")]
    [InlineData("x2,x1\n1,2\n", "line 1", "x1,x2")]
    [InlineData("1,2\n3,4\n", "line 1", "x1,x2")]
    [InlineData("x1,x2\n1,2\n3,abc\n", "line 3, column 2", "'abc'")]
    [InlineData("x1,x2\nNaN,2\n", "line 2, column 1", "not a finite number")]
    [InlineData("x1,x2\n1,1e999\n", "line 2, column 2")]
    [InlineData("x1,x2\n1\n", "line 2", "1 number, ")]
    [InlineData("x1,x2\n1,2,3\n", "line 2", "3 numbers")]
    [InlineData("x1,x2\n\n1,2\n", "line 2", "empty")]
    public void Malformed_points_are_named_by_line_and_column(string text, params string[] words)
    {
        _shell.Write("bad.csv", text);
        _shell.Uf("eval", "--flow", "@flow", "--points", "@bad.csv", "--out", "@y.csv").IsBadInput(["bad.csv", .. words]);
        Assert.False(File.Exists(_shell["y.csv"]));
    }

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
    public void A_flow_with_a_wrong_member_is_named_by_its_place()
    {
        _shell.Write("wrong", File.ReadAllText(_shell["flow"]).Replace("\"bins\": 6", "\"bins\": 0", StringComparison.Ordinal));
        _shell.Uf("show", "@wrong").IsBadInput("wrong: layers[0].transformer.bins");
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
    public void Control_characters_do_not_break_the_line() =>
        _shell.Uf("measure", "--flow", "@flow", "--target", "x1\n+ ); x2").IsBadInput("column");
}
