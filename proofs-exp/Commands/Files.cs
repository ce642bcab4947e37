using System.Text;
using UniversalFlows.Bijections;
using UniversalFlows.Bijections.Files;

namespace UniversalFlows.Proofs.Commands;

/// <summary>Files as a user names them: what goes wrong becomes one sentence with the file's name.</summary>
internal static class Files
{
    /// <summary>A flow file.</summary>
    /// <exception cref="InputException">It is not there, can't be read, or is not a flow file.</exception>
    public static Composition Flow(string path)
    {
        return Read(path, "flow file", p =>
        {
            try
            {
                return FlowFile.Load(p);
            }
            catch (FlowFormatException e)
            {
                throw new InputException($"{p}: {e.Message}");
            }
        });
    }

    /// <summary>Reads a file with a given reader.</summary>
    /// <exception cref="InputException">It is not there, or can't be read.</exception>
    public static T Read<T>(string path, string what, Func<string, T> read)
    {
        if (path.Length == 0) throw new InputException($"the name of the {what} is empty");
        if (Directory.Exists(path)) throw new InputException($"{path} is a folder; a {what} was expected");
        if (!File.Exists(path)) throw new InputException($"the {what} {path} does not exist");
        try
        {
            return read(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"the {what} {path} can't be read: {Reason(e)}", e);
        }
    }

    /// <summary>Writes a text; the file is complete or not there.</summary>
    /// <exception cref="InputException">It can't be written.</exception>
    public static void Write(string path, string text) => Write(path, Encoding.UTF8.GetBytes(text));

    /// <summary>Writes bytes; the file is complete or not there.</summary>
    /// <exception cref="InputException">It can't be written.</exception>
    public static void Write(string path, byte[] bytes)
    {
        if (Directory.Exists(path)) throw new InputException($"{path} is a folder; the name of a file to write was expected");
        path = Target(path);
        try
        {
            CompleteFile.Write(path, stream => stream.Write(bytes));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException(e.Message, e);
        }
    }

    /// <summary>Where a path leads: the last of a chain of links, or the path itself.</summary>
    public static string Target(string path)
    {
        try
        {
            return Path.GetFullPath(File.ResolveLinkTarget(Path.GetFullPath(path), returnFinalTarget: true)?.FullName ?? path);
        }
        catch (IOException)
        {
            return Path.GetFullPath(path);   // a circle of links: opening it will say so
        }
    }

    /// <summary>Refuses an output that can't be written, before the work begins.</summary>
    /// <exception cref="InputException">It can't be written.</exception>
    public static void CheckWritable(string path)
    {
        if (path.Length == 0) throw new InputException("the name of the file to write is empty");
        if (Directory.Exists(path)) throw new InputException($"{path} is a folder; the name of a file to write was expected");
        path = Target(path);
        // a device or a pipe is not replaced by a file (opened for both, a pipe does not wait for its other end)
        if (File.Exists(path))
        {
            try
            {
                using FileStream stream = new(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
                if (!stream.CanSeek || path.StartsWith("/dev/", StringComparison.Ordinal))
                    throw new InputException($"{path} is not an ordinary file; leave --out away to write to standard output");
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new InputException($"{path} can't be written: {Reason(e)}", e);
            }
        }

        string folder = Path.GetDirectoryName(path)!;
        if (!Directory.Exists(folder)) throw new InputException($"{path} can't be written: there is no folder {folder}");
        if (!Writable(folder, out string reason)) throw new InputException($"{path} can't be written: {reason}");
    }

    /// <summary>Makes a folder (and those on the way) and sees whether files can be made in it.</summary>
    /// <exception cref="InputException">They can't.</exception>
    public static void MakeFolder(string path)
    {
        if (path.Length == 0) throw new InputException("the name of the folder is empty");
        if (File.Exists(path)) throw new InputException($"{path} is a file; a folder was expected");
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new InputException($"the folder {path} can't be made: {Reason(e)}", e);
        }

        if (!Writable(path, out string reason)) throw new InputException($"the folder {path} can't be written to: {reason}");
    }

    /// <summary>Whether files can be made in a folder.</summary>
    public static bool Writable(string folder, out string reason)
    {
        string probe = Path.Combine(folder, $".uf-{Environment.ProcessId}-{Guid.NewGuid():N}.tmp");
        try
        {
            File.WriteAllText(probe, "");
            File.Delete(probe);
            reason = "";
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            reason = Reason(e);
            return false;
        }
    }

    /// <summary>An operating system's complaint without the path, which the sentence around it has.</summary>
    private static string Reason(Exception e) => e switch
    {
        UnauthorizedAccessException => "no permission",
        DirectoryNotFoundException => "a part of the path is not a folder",
        PathTooLongException => "the name is too long",
        _ => e.Message.Split(['\n', '\r'])[0],
    };
}
