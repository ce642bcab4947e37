using BenchmarkDotNet.Running;

// dotnet run -c Release --project benchmarks/UniversalFlows.Benchmarks -- --filter "*train-step*"
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
