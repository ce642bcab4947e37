namespace UniversalFlows.Proofs.Commands;

/// <summary>
/// The new or empty folder that <c>--out</c> names: claimed before the work, so that a bad name costs no time. Unless
/// <see cref="Keep"/> is called, a folder made here is taken away again.
/// </summary>
internal sealed class OutputFolder : IDisposable
{
    private readonly bool _made;
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

    /// <summary>The path of a file in it.</summary>
    public string this[string name] => Path.Combine(FullPath, name);

    /// <summary>The folder has its files.</summary>
    public void Keep() => _kept = true;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_kept && _made && Directory.Exists(FullPath)) Directory.Delete(FullPath, recursive: true);
    }
}
