namespace UniversalFlows;

/// <summary>Files that appear under their names only when they are complete.</summary>
public static class CompleteFile
{
    /// <summary>
    /// Writes to a temporary name beside <paramref name="path"/>, flushes to the disk, and renames. Whatever goes wrong, what was under
    /// the name before is still there whole, and the temporary file is gone (after a kill it stays, and is in nobody's way).
    /// </summary>
    /// <param name="path">The name; an older file under it is replaced.</param>
    /// <param name="write">Writes the content.</param>
    /// <remarks>Several processes, also of several machines on one shared folder, may write the same name at a time: the last one wins.</remarks>
    /// <exception cref="IOException">It can't be written: a full disk, no such folder.</exception>
    /// <exception cref="UnauthorizedAccessException">No permission.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(write);
        string? temporary = null;
        try
        {
            using (FileStream stream = Create(path, out temporary))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e)
        {
            if (temporary is not null) File.Delete(temporary);
            switch (e)
            {
                case UnauthorizedAccessException:
                    throw new UnauthorizedAccessException($"{path} can't be written: no permission", e);
                case DirectoryNotFoundException:
                    throw new DirectoryNotFoundException($"{path} can't be written: there is no folder {Path.GetDirectoryName(Path.GetFullPath(path))}", e);
                case IOException:
                    // the system's words, without the temporary name that follows them
                    throw new IOException($"{path} can't be written: {e.Message.Split(" : '")[0]}", e);
                case ArgumentOutOfRangeException { ParamName: "value" }:
                    // what .NET makes of EFBIG, beyond a limit on the size of files (ulimit -f)
                    throw new IOException($"{path} can't be written: the file is too large for the file system or for a limit on file sizes", e);
                default:
                    throw;
            }
        }
    }

    /// <summary>A new file of our own: process ids repeat between containers that share a folder, and between the living and the killed.</summary>
    private static FileStream Create(string path, out string temporary)
    {
        for (int attempt = 0; ; attempt++)
        {
            string name = $"{path}.{Environment.ProcessId}-{attempt}.tmp";
            try
            {
                FileStream stream = new(name, FileMode.CreateNew, FileAccess.Write);
                temporary = name;
                return stream;
            }
            catch (IOException) when (attempt < 1000 && File.Exists(name))
            {
                // somebody else's: the next one
            }
        }
    }
}
