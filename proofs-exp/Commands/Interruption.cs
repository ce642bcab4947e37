using System.Runtime.InteropServices;

namespace UniversalFlows.Proofs.Commands;

/// <summary>
/// Ctrl-C and SIGTERM. A verb that stops by itself at its next safe point says so with <see cref="Cooperate"/>; any other, and any verb at
/// the second signal, ends at once: files appear under their names only when they are complete, so nothing is left half-written.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private const int FileSizeSignal = 25; // SIGXFSZ on Linux and macOS

    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;
    private volatile bool _cooperates;

    public Interruption() => _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal),
        // beyond a limit on the size of files (ulimit -f) a write shall fail with a sentence, not end the process
        .. OperatingSystem.IsWindows() ? [] : (PosixSignalRegistration[])[PosixSignalRegistration.Create((PosixSignal)FileSizeSignal, context => context.Cancel = true)],
    ];

    /// <summary>Cancelled by the first signal. Whoever asks for it promises to stop soon and to return <see cref="ExitCode.Interrupted"/>.</summary>
    public CancellationToken Cooperate()
    {
        _cooperates = true;
        return _source.Token;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations) registration.Dispose();
        _source.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        bool second = _source.IsCancellationRequested;
        _source.Cancel();
        if (_cooperates && !second) return;
        if (!Console.IsErrorRedirected) Console.Error.Write("\e[?25h"); // a progress bar may have hidden the cursor
        Console.Error.WriteLine("uf: interrupted");
        Environment.Exit(ExitCode.Interrupted);
    }
}
