namespace UniversalFlows.Proofs.Commands;

/// <summary>
/// The new or empty folder that <c>--out</c> names: claimed before the work, so that a bad name costs no time. Unless
/// <see cref="Keep"/> is called, what was made here is taken away again: the folder, or the files in one that was there.
/// </summary>
internal sealed class OutputFolder : IDisposable
{
    private readonly bool _made;
    private readonly List<string> _files = [];
    private bool _kept;

    /// <exception cref="InputException">It is not empty, not a folder, or can't be written to.</exception>
    public OutputFolder(string path)
    {
        _made = !Directory.Exists(path);
        if (!_made && Directory.EnumerateFileSystemEntries(path).Any())
            throw new InputException($"the folder {path} is not empty, and nothing is overwritten: name a new or an empty folder");
        Files.MakeFolder(path);
        FullPath = path;
    }

    /// <summary>The folder.</summary>
    public string FullPath { get; }

    /// <summary>The path of a file to write in it.</summary>
    public string this[string name]
    {
        get
        {
            string path = Path.Combine(FullPath, name);
            if (!_files.Contains(path)) _files.Add(path);
            return path;
        }
    }

    /// <summary>The folder has its files.</summary>
    public void Keep() => _kept = true;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_kept) return;
        if (!_made) _files.ForEach(File.Delete);
        else if (Directory.Exists(FullPath)) Directory.Delete(FullPath, recursive: true);
    }
}
