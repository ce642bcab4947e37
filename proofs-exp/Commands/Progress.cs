using Spectre.Console;

namespace UniversalFlows.Proofs.Commands;

/// <summary>How far a long work is: a bar on a terminal, else (if asked) a line each tenth.</summary>
internal static class Progress
{
    /// <summary>Tells the work's share done, 0 to 1, and a few words.</summary>
    public delegate void Report(double share, string words);

    /// <summary>Runs a work and shows its progress on <see cref="Terminal.Error"/>.</summary>
    public static T Show<T>(Terminal terminal, bool lines, Func<Report, T> work)
    {
        ArgumentNullException.ThrowIfNull(terminal);
        ArgumentNullException.ThrowIfNull(work);
        return terminal.ErrorIsTerminal ? Bar(terminal, work) : work(lines ? Lines(terminal) : (_, _) => { });
    }

    /// <summary>0:43, 12:05, 3:07:00.</summary>
    public static string Clock(double seconds)
    {
        TimeSpan time = TimeSpan.FromSeconds(double.IsFinite(seconds) ? Math.Clamp(Math.Ceiling(seconds), 0, 8.64e6) : 0);
        return time.TotalHours >= 1 ? $"{(int)time.TotalHours}:{time.Minutes:00}:{time.Seconds:00}" : $"{time.Minutes}:{time.Seconds:00}";
    }

    private static T Bar<T>(Terminal terminal, Func<Report, T> work)
    {
        IAnsiConsole console = terminal.Ansi(terminal.Error, live: true);
        int room = Math.Max(10, console.Profile.Width - 40);
        return console.Progress().AutoClear(true).Columns(new ProgressBarColumn { Width = 28 }, new PercentageColumn(), new TaskDescriptionColumn { Alignment = Justify.Left })
            .Start(context =>
            {
                ProgressTask task = context.AddTask("starting", maxValue: 1);
                return work((share, words) =>
                {
                    task.Description = Markup.Escape(words.Length <= room ? words : words[..room]);
                    task.Value = share;
                });
            });
    }

    private static Report Lines(Terminal terminal)
    {
        int tenth = 0;
        return (share, words) =>
        {
            int now = (int)Math.Floor((10 * share) + 1e-9);
            if (now <= tenth) return;
            tenth = now;
            terminal.Say($"{10 * now}%: {words}");
        };
    }
}
