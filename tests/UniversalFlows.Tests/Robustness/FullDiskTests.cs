using System.Diagnostics;
using UniversalFlows.Bijections;
using UniversalFlows.Bijections.Files;
using UniversalFlows.Proofs.Studies;
using UniversalFlows.Tests.Commands;
using Xunit;

namespace UniversalFlows.Tests.Robustness;

/// <summary>
/// A disk that fills up, a limit on the size of files, a folder without permission: one line, exit code 5, nothing half-written, and the same
/// command completes as soon as there is room.
/// </summary>
public sealed class FullDiskTests : IDisposable
{
    private readonly Shell _shell = new();
    private readonly string _disk;
    private readonly bool _mounted;

    public FullDiskTests()
    {
        _disk = _shell["disk"];
        Directory.CreateDirectory(_disk);
        _mounted = OperatingSystem.IsLinux() && Environment.UserName == "root" && Try("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", _disk);
    }

    public void Dispose()
    {
        if (_mounted) Assert.True(Try("umount", _disk));
        _shell.Dispose();
    }

    private static string[] Run(string results) => ["run", "maps", "--shard", $"1/{Profiles.Tasks("maps", "quick", 1).Count}", "--results", results];

    [Fact]
    public void A_run_on_a_full_disk()
    {
        Assert.SkipUnless(_mounted, "a small disk can't be mounted here");
        Fill(leave: 1);
        _shell.Uf(Run(_disk)).IsBadInput("can't be written", "No space left on device");
        Assert.Empty(Directory.GetFiles(_disk, "*.tmp", SearchOption.AllDirectories));
        SortedDictionary<string, string> left = RealProgram.Results(_disk);
        Empty();
        Assert.Equal(0, _shell.Uf(Run(_disk)).Code);
        Assert.Equal(0, _shell.Uf(Run(_shell["large"])).Code);
        SortedDictionary<string, string> whole = RealProgram.Results(_shell["large"]);
        Assert.Equal(whole, RealProgram.Results(_disk));
        // a flow may have found room, its cell, which makes it a result, has not; what is there is whole
        Assert.True(left.Count < whole.Count);
        Assert.All(left, file => Assert.Equal(whole[file.Key], file.Value));
    }

    [Fact]
    public void Values_on_a_full_disk_leave_the_older_ones()
    {
        Assert.SkipUnless(_mounted, "a small disk can't be mounted here");
        _shell.Flow("flow", FlowFamily.Rqs, 2, 2);
        _shell.Write("points.csv", "x1,x2\n" + string.Concat(Enumerable.Range(0, 2000).Select(i => $"{i},1\n")));
        string values = Path.Combine(_disk, "values.csv");
        File.WriteAllText(values, "older\n");
        Fill(leave: 2);
        _shell.Uf("eval", "--flow", "@flow", "--points", "@points.csv", "--out", values).IsBadInput("values.csv can't be written", "No space left on device");
        Assert.Equal("older\n", File.ReadAllText(values));
        Assert.Equal(["filling", "values.csv"], Directory.GetFiles(_disk).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_fit_on_a_full_disk_leaves_nothing(bool existing)
    {
        Assert.SkipUnless(_mounted, "a small disk can't be mounted here");
        string folder = Path.Combine(_disk, "fit");
        if (existing) Directory.CreateDirectory(folder);
        Fill(leave: 1); // room for the flow alone
        string[] fit = ["fit", "--target", "sine", "--family", "rqs", "--depth", "2", "--hidden", "none", "--steps", "3", "--points", "64", "--out", folder];
        _shell.Uf(fit).IsBadInput("can't be written", "No space left on device");
        Assert.Equal(existing, Directory.Exists(folder));
        if (existing) Assert.Empty(Directory.GetFileSystemEntries(folder));
        Empty();
        Assert.Equal(0, _shell.Uf(fit).Code);
        Assert.Equal(2, Directory.GetFiles(folder).Length);
    }

    /// <summary>A limit of the shell, which needs no rights; 1 KiB is less than a cell and more than a timing.</summary>
    [Fact]
    public void A_run_with_a_limit_on_the_size_of_files()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "limits of Linux");
        (int code, string error) = RealProgram.Finish(RealProgram.StartLimited(1, Run(_shell["results"])));
        Assert.SkipWhen(code is 126 or 127, "no bash here");
        Assert.Equal(5, code);
        string line = Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries), l => l.StartsWith("uf:", StringComparison.Ordinal));
        Assert.Contains("can't be written: the file is too large", line, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_shell["results"], "*.tmp", SearchOption.AllDirectories));
        SortedDictionary<string, string> left = RealProgram.Results(_shell["results"]);
        Assert.Equal(0, _shell.Uf(Run("@results")).Code);
        SortedDictionary<string, string> whole = RealProgram.Results(_shell["results"]);
        Assert.True(left.Count < whole.Count);
        Assert.All(left, file => Assert.Equal(whole[file.Key], file.Value));
    }

    [Fact]
    public void A_folder_without_permission()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || Environment.UserName == "root", "root may write everywhere");
        Directory.CreateDirectory(_shell["locked"]);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(_shell["locked"], UnixFileMode.UserRead | UnixFileMode.UserExecute);
        _shell.Uf(Run("@locked")).IsBadInput("locked can't be written to: no permission");
        _shell.Uf(Run("@locked/results")).IsBadInput("can't be made: no permission");
    }

    /// <summary>A disk that nobody may write to, root neither.</summary>
    [Fact]
    public void A_disk_for_reading_only()
    {
        Assert.SkipUnless(_mounted && Try("mount", "-o", "remount,ro", _disk), "a disk can't be mounted here");
        _shell.Flow("flow", FlowFamily.Rqs, 2, 2);
        _shell.Write("points.csv", "x1,x2\n0.5,-1\n");
        _shell.Uf(Run(_disk)).IsBadInput("can't be written to", "Read-only file system");
        _shell.Uf(Run(Path.Combine(_disk, "new"))).IsBadInput("can't be made", "Read-only file system");
        _shell.Uf("eval", "--flow", "@flow", "--points", "@points.csv", "--out", Path.Combine(_disk, "y.csv")).IsBadInput("can't be written", "Read-only file system");
        _shell.Uf("fit", "--target", "sine", "--family", "acf", "--out", Path.Combine(_disk, "fit")).IsBadInput("can't be made", "Read-only file system");
        Assert.Empty(Directory.GetFileSystemEntries(_disk));
    }

    /// <summary>The writer itself: when the content fails half-way, the older file stays and no temporary one does.</summary>
    [Fact]
    public void A_file_that_fails_half_way_is_not_there()
    {
        _shell.Write("file", "older");
        Assert.Throws<InvalidDataException>(() => CompleteFile.Write(_shell["file"], stream =>
        {
            stream.Write("half"u8);
            throw new InvalidDataException();
        }));
        Assert.Equal("older", File.ReadAllText(_shell["file"]));
        Assert.Throws<DirectoryNotFoundException>(() => FlowFile.Save(new Composition(1, []), _shell["no/such/folder"]));
        Assert.Equal(["disk", "file"], Directory.GetFileSystemEntries(Path.GetDirectoryName(_disk)!).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    /// <summary>Fills the disk up to a number of pages of 4 KiB.</summary>
    private void Fill(int leave)
    {
        string path = Path.Combine(_disk, "filling");
        long free = new DriveInfo(_disk).AvailableFreeSpace - (4096L * leave);
        File.WriteAllBytes(path, new byte[free]);
    }

    private void Empty() => File.Delete(Path.Combine(_disk, "filling"));

    private static bool Try(string program, params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
