using BenchmarkDotNet.Attributes;
using UniversalFlows.Bijections;
using UniversalFlows.Measurement;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using UniversalFlows.Targets;
using UniversalFlows.Training;

namespace UniversalFlows.Benchmarks;

/// <summary>One step of maximum likelihood: loss, gradient and Adam, d = 2, batch 1024, two hidden layers, one thread.</summary>
[MemoryDiagnoser]
public class TrainStep : IDisposable
{
    private readonly Batch _batch = new(1024, 2);
    private ParameterVector _theta = null!;
    private MeanGradient _gradient = null!;
    private Adam _adam = null!;
    private double[] _g = [];

    /// <summary>The transformer.</summary>
    [Params(FlowFamily.Acf, FlowFamily.Dsf)]
    public FlowFamily Family { get; set; }

    /// <summary>Couplings.</summary>
    [Params(8)]
    public int Depth { get; set; }

    /// <summary>Hidden units a layer.</summary>
    [Params(32, 64)]
    public int Width { get; set; }

    /// <summary>Threads.</summary>
    [Params(1, 2)]
    public int Threads { get; set; }

    /// <summary>A fresh flow and a batch of normal samples.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        Composition flow = new Architecture(Family, 2, Depth, [Width, Width]).Initialise(1);
        _theta = new ParameterVector(flow.Parameters);
        _gradient = new MeanGradient(new NegativeLogLikelihood(flow), _theta, Threads);
        _adam = new Adam(_theta);
        _g = new double[_theta.Count];
        Philox random = new(1, "benchmark");
        for (int c = 0; c < 2; c++) random.FillNormal(_batch.Column(c));
    }

    /// <summary>Frees the buffers.</summary>
    [GlobalCleanup]
    public void Dispose()
    {
        _gradient.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>The step.</summary>
    [Benchmark]
    public double Step()
    {
        double loss = _gradient.Evaluate(_batch, _g);
        _adam.Step(_g, 1e-5);
        return loss;
    }
}

/// <summary>20 000 points through a flow of 8 couplings with 2×64 tanh units, d = 2: values and log-determinants.</summary>
public class Evaluate
{
    private const int Count = 20_000;
    private readonly double[] _points = new double[2 * Count], _values = new double[2 * Count], _logs = new double[Count];
    private Composition _flow = null!;

    /// <summary>The transformer.</summary>
    [Params(FlowFamily.Acf, FlowFamily.Sos, FlowFamily.Dsf, FlowFamily.Rqs)]
    public FlowFamily Family { get; set; }

    /// <summary>A fresh flow and normal points.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        _flow = new Architecture(Family, 2, 8, [64, 64]).Initialise(1);
        new Philox(1, "benchmark").FillNormal(_points);
    }

    /// <summary>Forward.</summary>
    [Benchmark(OperationsPerInvoke = Count)]
    public void Forward() => Evaluation.Forward(_flow, _points, _values, _logs);

    /// <summary>Inverse: a closed form, or safeguarded Newton iteration.</summary>
    [Benchmark(OperationsPerInvoke = Count)]
    public void Inverse() => Evaluation.Inverse(_flow, _points, _values, _logs);
}

/// <summary>Ten Levenberg–Marquardt steps on the twist: 8 affine couplings with 2×32 tanh units, 256 points a step.</summary>
public class Regression
{
    /// <summary>Threads.</summary>
    [Params(1, 2)]
    public int Threads { get; set; }

    /// <summary>Ten steps from a fresh flow.</summary>
    [Benchmark(OperationsPerInvoke = 10)]
    public FitResult Steps()
    {
        Target twist = TargetParser.Parse("twist");
        Composition flow = new Architecture(FlowFamily.Acf, 2, 8, [32, 32]).Initialise(1);
        return LevenbergMarquardt.Fit(flow, twist, twist.DefaultDomain, new LevenbergMarquardtOptions(10) { Threads = Threads });
    }
}

/// <summary>A dense layer on a panel of 64 samples, against the machine's peak of fused multiply-adds.</summary>
public class DensePanel : IDisposable
{
    private AlignedBuffer _x = null!, _y = null!;
    private Dense _layer = null!;

    /// <summary>Inputs and outputs.</summary>
    [Params(32, 64, 128)]
    public int Width { get; set; }

    /// <summary>Random numbers.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        _layer = new Dense(Width, Width);
        _ = new ParameterVector([_layer]);
        _x = new AlignedBuffer(Width * Tape.Panel);
        _y = new AlignedBuffer(Width * Tape.Panel);
        Philox random = new(1, "benchmark");
        random.FillNormal(_layer.All);
        random.FillNormal(_x.Span(0, Width * Tape.Panel));
    }

    /// <summary>Frees the buffers.</summary>
    [GlobalCleanup]
    public void Dispose()
    {
        _x.Dispose();
        _y.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Y = W X + b: 2·width²·64 operations.</summary>
    [Benchmark]
    public unsafe void Affine() => Kernels.AffinePanel(_layer, _x.Start, _y.Start);
}
