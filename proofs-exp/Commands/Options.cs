using System.CommandLine;
using System.Globalization;

namespace UniversalFlows.Proofs.Commands;

/// <summary>The options that several verbs have, each with its own complaint about a bad value.</summary>
internal static class Options
{
    public static Option<string> Text(string name, string placeholder, string description, bool required = false) =>
        new(name) { HelpName = placeholder, Description = description, Required = required };

    public static Option<string> Flow() => Text("--flow", "FILE", "The flow file (*.flow.json).", required: true);

    public static Option<string> Target(bool required) =>
        Text("--target", "T", "A name (`uf list targets`) or a formula such as \"x + 0.1*y^2; y\".", required);

    public static Option<string> Domain() =>
        Text("--domain", "K", "box(-1,1), box(-1,1; 0,2), ball(1), ball(0.5; 1,0), sector(0.6,1.8; -2.5,2.5) or ring(0.6,1.8); by default the target's own.");

    /// <summary>Where results go unless told otherwise.</summary>
    public const string DefaultResults = "results";

    public static Option<string> Results()
    {
        Option<string> option = Text("--results", "DIR", "The folder of results.");
        option.DefaultValueFactory = _ => DefaultResults;
        return option;
    }

    public static Option<bool> Json() => new("--json") { Description = "Print one JSON object on stdout.", Recursive = true };

    public static Option<int> Jobs()
    {
        Option<int> option = Whole("--jobs", Environment.ProcessorCount, 1, "Threads; no result depends on it.");
        option.DefaultValueFactory = _ => Environment.ProcessorCount;
        return option;
    }

    /// <summary>A whole number of at least <paramref name="least"/>.</summary>
    public static Option<int> Whole(string name, int? standard, int least, string description, int most = int.MaxValue)
    {
        Option<int> option = new(name)
        {
            HelpName = "N",
            Description = description,
            CustomParser = result =>
            {
                string text = result.Tokens[^1].Value;
                if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) && value >= least && value <= most) return value;
                result.AddError($"{name} takes a whole number {(most == int.MaxValue ? $"of at least {least}" : $"from {least} to {most}")}, not '{text}'");
                return 0;
            },
        };
        if (standard is { } value) option.DefaultValueFactory = _ => value;
        return option;
    }

    /// <summary>A number from <paramref name="low"/> to <paramref name="high"/>, or what another test and its words say.</summary>
    public static Option<double> Number(string name, string placeholder, double low, double high, string description, Func<double, bool>? test = null, string? words = null) => new(name)
    {
        HelpName = placeholder,
        Description = description,
        CustomParser = result =>
        {
            string text = result.Tokens[^1].Value;
            if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && (test?.Invoke(value) ?? (value >= low && value <= high))) return value;
            result.AddError($"{name} takes {words ?? string.Create(CultureInfo.InvariantCulture, $"a number from {low:R} to {high:R}")}, not '{text}'");
            return 0;
        },
    };

    public static Option<ulong> Seed() => new("--seed")
    {
        HelpName = "N",
        Description = "The seed of all that is random.",
        DefaultValueFactory = _ => 1,
        CustomParser = result =>
        {
            string text = result.Tokens[^1].Value;
            if (ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong value)) return value;
            result.AddError($"--seed takes a whole number from 0 to {ulong.MaxValue}, not '{text}'");
            return 0;
        },
    };

    /// <summary>90s, 5m, 1h, or a number of seconds.</summary>
    public static Option<TimeSpan?> MaxTime() => new("--max-time")
    {
        HelpName = "TIME",
        Description = "Cut the run short after 90s, 5m, 1h: its result is then marked as cut, and not repeatable to the bit.",
        CustomParser = result =>
        {
            string text = result.Tokens[^1].Value;
            (string digits, double unit) = text.Length == 0 ? ("", 1) : text[^1] switch { 's' => (text[..^1], 1), 'm' => (text[..^1], 60), 'h' => (text[..^1], 3600), _ => (text, 1.0) };
            // a month is more than any run; beyond 49 days timers refuse
            if (double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value) && value * unit is > 0 and <= 2.6e6)
                return TimeSpan.FromSeconds(value * unit);
            result.AddError($"--max-time takes a time such as 90s, 5m or 1h, not '{text}'");
            return null;
        },
    };
}
