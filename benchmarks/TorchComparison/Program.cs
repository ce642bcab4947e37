using System.Diagnostics;
using System.Globalization;
using TorchSharp;
using UniversalFlows.TorchComparison;

// dotnet run -c Release --project benchmarks/TorchComparison -- [--dim 2] [--depth 8] [--hidden 64,64] [--activation tanh|relu] [--batch 1024] [--threads 1] [--seconds 3]
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
Dictionary<string, string> options = new()
{
    ["--dim"] = "2", ["--depth"] = "8", ["--hidden"] = "64,64", ["--activation"] = "tanh", ["--batch"] = "1024", ["--threads"] = "1", ["--seconds"] = "3",
};
for (int i = 0; i < args.Length; i += 2)
{
    if (!options.ContainsKey(args[i]) || i + 1 == args.Length)
    {
        Console.Error.WriteLine($"'{args[i]}' is not an option, or has no value; known are {string.Join(", ", options.Keys)}");
        return 5;
    }

    options[args[i]] = args[i + 1];
}

int Whole(string name) => int.Parse(options[name], CultureInfo.InvariantCulture);
int threads = Whole("--threads");
torch.set_num_threads(threads);
int[] hidden = [.. options["--hidden"].Split(',').Select(w => int.Parse(w, CultureInfo.InvariantCulture))];
TrainStep step = new(Whole("--dim"), Whole("--depth"), hidden, options["--activation"], Whole("--batch"));

double seconds = double.Parse(options["--seconds"], CultureInfo.InvariantCulture);
long start = Stopwatch.GetTimestamp();
double first = step.Run();
for (int i = 0; i < 40 || Stopwatch.GetElapsedTime(start).TotalSeconds < 1; i++) step.Run();
List<double> times = [];
double last = 0;
start = Stopwatch.GetTimestamp();
while (times.Count < 20 || Stopwatch.GetElapsedTime(start).TotalSeconds < seconds)
{
    long begin = Stopwatch.GetTimestamp();
    last = step.Run();
    times.Add(Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
}

times.Sort();
Console.WriteLine(
    $$"""{"workload":"torch-train-step","median_ms":{{times[times.Count / 2]:F3}},"min_ms":{{times[0]:F3}},"p90_ms":{{times[times.Count * 9 / 10]:F3}},"reps":{{times.Count}},"threads":{{threads}},"parameters":{{step.Parameters}},"first_loss":{{first:F6}},"last_loss":{{last:F6}}}""");
return 0;
