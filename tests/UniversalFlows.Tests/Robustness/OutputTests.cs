using System.Diagnostics;
using System.Runtime.Versioning;
using UniversalFlows.Bijections;
using UniversalFlows.Tests.Commands;
using Xunit;

namespace UniversalFlows.Tests.Robustness;

/// <summary>What <c>--out</c> may name: links are followed and stay links, devices and pipes are refused and stay what they are.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class OutputTests : IDisposable
{
    private readonly Shell _shell = new();

    public OutputTests()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links and devices of Unix");
        _shell.Flow("flow", FlowFamily.Rqs, 2, 2);
        _shell.Write("points.csv", "x1,x2\n0.5,-1\n");
    }

    public void Dispose() => _shell.Dispose();

    [Fact]
    public void A_link_is_followed_and_stays_a_link()
    {
        Directory.CreateDirectory(_shell["far"]);
        _shell.Write("far/values.csv", "old\n");
        File.CreateSymbolicLink(_shell["second"], _shell["far/values.csv"]);
        File.CreateSymbolicLink(_shell["first"], _shell["second"]);
        Assert.Equal(0, Eval("@first").Code);
        Assert.StartsWith("y1,y2,logdet\n", File.ReadAllText(_shell["far/values.csv"]), StringComparison.Ordinal);
        Assert.Equal(_shell["second"], new FileInfo(_shell["first"]).LinkTarget);
        Assert.Equal(_shell["far/values.csv"], new FileInfo(_shell["second"]).LinkTarget);
        Assert.Equal(["values.csv"], Directory.GetFiles(_shell["far"]).Select(Path.GetFileName));
    }

    [Fact]
    public void A_link_to_an_input_is_that_input()
    {
        File.CreateSymbolicLink(_shell["link"], _shell["points.csv"]);
        Eval("@link").IsBadInput("an input of the same command");
        Assert.Equal("x1,x2\n0.5,-1\n", File.ReadAllText(_shell["points.csv"]));
        Assert.NotNull(new FileInfo(_shell["link"]).LinkTarget);
    }

    [Fact]
    public void A_circle_of_links_is_refused()
    {
        File.CreateSymbolicLink(_shell["a"], _shell["b"]);
        File.CreateSymbolicLink(_shell["b"], _shell["a"]);
        Eval("@a").IsBadInput("can't be written");
        Assert.Equal(_shell["b"], new FileInfo(_shell["a"]).LinkTarget);
    }

    [Fact]
    public void A_link_to_nothing_makes_the_file_it_names()
    {
        File.CreateSymbolicLink(_shell["link"], _shell["new.csv"]);
        Assert.Equal(0, Eval("@link").Code);
        Assert.True(File.Exists(_shell["new.csv"]));
        Assert.Equal(_shell["new.csv"], new FileInfo(_shell["link"]).LinkTarget);
    }

    [Theory]
    [InlineData("/dev/null")]
    [InlineData("/dev/full")]
    public void A_device_is_refused(string device)
    {
        Assert.SkipUnless(File.Exists(device), $"there is no {device}");
        FileAttributes before = File.GetAttributes(device);
        Eval(device).IsBadInput($"{device} is not an ordinary file", "leave --out away");
        File.CreateSymbolicLink(_shell["link"], device);
        Eval("@link").IsBadInput("is not an ordinary file");
        Assert.Equal(before, File.GetAttributes(device));
    }

    [Fact]
    public void A_pipe_is_refused_without_waiting_for_its_reader()
    {
        using Process make = Process.Start("mkfifo", [_shell["pipe"]]);
        make.WaitForExit();
        Assert.SkipUnless(make.ExitCode == 0, "no mkfifo here");
        Stopwatch clock = Stopwatch.StartNew();
        Eval("@pipe").IsBadInput("is not an ordinary file");
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20));
    }

    private Outcome Eval(string output) => _shell.Uf("eval", "--flow", "@flow", "--points", "@points.csv", "--out", output);
}
