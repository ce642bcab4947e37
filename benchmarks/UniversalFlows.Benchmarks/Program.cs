using BenchmarkDotNet.Running;

// dotnet run -c Release --project benchmarks/UniversalFlows.Benchmarks -- --filter "*TrainStep*"
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
