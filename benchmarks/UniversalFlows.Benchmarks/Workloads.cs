using BenchmarkDotNet.Attributes;
using UniversalFlows.Bijections;
using UniversalFlows.Proofs.Bench;

namespace UniversalFlows.Benchmarks;

/// <summary>The workloads of <c>uf bench</c> under BenchmarkDotNet: separate processes, outlier statistics, allocations.</summary>
[MemoryDiagnoser]
public class Workloads
{
    private Workload? _workload;

    /// <summary>The workload.</summary>
    [Params("train-step", "regression-step", "log-prob", "inverse", "gemm", "gemm-gradient")]
    public string Name { get; set; } = "";

    /// <summary>The transformer.</summary>
    [Params(FlowFamily.Acf, FlowFamily.Sos, FlowFamily.Dsf, FlowFamily.Rqs)]
    public FlowFamily Family { get; set; }

    /// <summary>Hidden units a layer, two layers.</summary>
    [Params(32, 64)]
    public int Width { get; set; }

    /// <summary>Threads.</summary>
    [Params(1, 2)]
    public int Threads { get; set; }

    /// <summary>Builds it.</summary>
    [GlobalSetup]
    public void SetUp() => _workload = Workload.All[Name].Create(new WorkloadSettings { Family = Family, Hidden = [Width, Width], Threads = Threads });

    /// <summary>Frees its buffers.</summary>
    [GlobalCleanup]
    public void CleanUp() => _workload!.Dispose();

    /// <summary>One step.</summary>
    [Benchmark]
    public void Step() => _workload!.Step();
}
