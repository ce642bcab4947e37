using UniversalFlows.Bijections;
using UniversalFlows.Certification;
using UniversalFlows.Measurement;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using UniversalFlows.Targets;
using UniversalFlows.Training;

namespace UniversalFlows.Proofs.Bench;

/// <summary>How the inverse is found.</summary>
public enum InverseMethod
{
    /// <summary>The library's: a closed form where there is one, else safeguarded Newton iteration.</summary>
    Newton,

    /// <summary>Bisection to the same accuracy, eight points side by side.</summary>
    Bisection,

    /// <summary>Bisection, one point at a time.</summary>
    PointwiseBisection,
}

/// <summary>What a workload works on.</summary>
public sealed record WorkloadSettings
{
    /// <summary>The transformer.</summary>
    public FlowFamily Family { get; init; } = FlowFamily.Acf;

    /// <summary>d.</summary>
    public int Dimension { get; init; } = 2;

    /// <summary>Couplings.</summary>
    public int Depth { get; init; } = 8;

    /// <summary>Widths of the conditioners' hidden layers.</summary>
    public IReadOnlyList<int> Hidden { get; init; } = [64, 64];

    /// <summary>Of the hidden layers.</summary>
    public Activation Activation { get; init; } = Activation.Tanh;

    /// <summary>Samples a training step.</summary>
    public int Batch { get; init; } = 1024;

    /// <summary>Points of an evaluation.</summary>
    public int Points { get; init; } = 20_000;

    /// <summary>Threads.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Of the inverse.</summary>
    public InverseMethod Method { get; init; }
}

/// <summary>Something to time: set up once, then the same work at every step.</summary>
public abstract class Workload : IDisposable
{
    /// <summary>The workloads by name.</summary>
    public static IReadOnlyDictionary<string, (string What, Func<WorkloadSettings, Workload> Create)> All { get; } =
        new Dictionary<string, (string, Func<WorkloadSettings, Workload>)>
        {
            ["train-step"] = ("one step of maximum likelihood: loss, gradient and Adam on one batch", s => new TrainStep(s)),
            ["regression-step"] = ("one step of Levenberg-Marquardt on a map of R^d, 256 points", s => new RegressionStep(s)),
            ["log-prob"] = ("log p at the points: the normalising map and its log-determinant", s => new Evaluate(s)),
            ["inverse"] = ("the inverse at the points: a closed form or safeguarded Newton iteration, or bisection to compare with", s => new Invert(s)),
            ["certify"] = ("a certificate of the largest error of a flow that was fitted before, in 400 steps: twist on box(-1,1), gap 1% (d = 1: sine, 0.0001%; d = 3: coupled-sines-3d, 10%)", s => new Certify(s)),
            ["w1"] = ("exact W1 of two samples of that many points, uniform in [0,1]^d, by assignment; one thread", s => new Transport(s)),
            ["gemm"] = ("a dense layer, first hidden width squared, on panels of 64 samples, 100 products a thread", s => new DensePanels(s, gradient: false)),
            ["gemm-gradient"] = ("the gradient of such a layer's weights, the transposition it needs included", s => new DensePanels(s, gradient: true)),
        };

    /// <summary>The work.</summary>
    public abstract void Step();

    /// <summary>Floating-point operations a step, where they are counted; 0 elsewhere.</summary>
    public virtual double Operations => 0;

    /// <summary>The largest |f(x) − y|/max(1, |y|) of the last step's inverses x of y, where there are inverses; NaN elsewhere.</summary>
    public virtual double Residual() => double.NaN;

    /// <summary>What the last step found, where that is of interest.</summary>
    public virtual string? Finding => null;

    /// <inheritdoc/>
    public virtual void Dispose() => GC.SuppressFinalize(this);

    private static Composition Flow(WorkloadSettings s) => new Architecture(s.Family, s.Dimension, s.Depth, s.Hidden, s.Activation).Initialise(1);

    private static double[] Normals(int count)
    {
        double[] values = new double[count];
        new Philox(1, "benchmark").FillNormal(values);
        return values;
    }

    private sealed class TrainStep : Workload
    {
        private readonly Batch _batch;
        private readonly ParameterVector _theta;
        private readonly MeanGradient _mean;
        private readonly Adam _adam;
        private readonly double[] _gradient;

        public TrainStep(WorkloadSettings s)
        {
            Composition flow = Flow(s);
            _theta = new ParameterVector(flow.Parameters);
            _mean = new MeanGradient(new NegativeLogLikelihood(flow), _theta, s.Threads);
            _adam = new Adam(_theta);
            _gradient = new double[_theta.Count];
            _batch = new Batch(s.Batch, s.Dimension);
            for (int c = 0; c < s.Dimension; c++) Normals(s.Batch).CopyTo(_batch.Column(c));
            _batch.Pad();
        }

        public override void Step()
        {
            _mean.Evaluate(_batch, _gradient);
            _adam.Step(_gradient, 1e-6);
        }

        public override void Dispose()
        {
            _mean.Dispose();
            base.Dispose();
        }
    }

    private sealed class RegressionStep(WorkloadSettings s) : Workload
    {
        private readonly Composition _flow = Flow(s);
        private readonly Target _target = TargetParser.Parse(s.Dimension switch { 1 => "sine", 2 => "twist", 3 => "coupled-sines-3d", _ => $"cyclic({s.Dimension})" });

        // a fit of one step: what a step of a longer fit costs, and its set-up
        public override void Step() => LevenbergMarquardt.Fit(_flow, _target, _target.DefaultDomain, new LevenbergMarquardtOptions(1) { Threads = s.Threads });
    }

    private sealed class Evaluate(WorkloadSettings s) : Workload
    {
        private readonly Composition _flow = Flow(s);
        private readonly double[] _points = Normals(s.Points * s.Dimension), _values = new double[s.Points * s.Dimension], _logs = new double[s.Points];

        public override void Step() => Evaluation.Forward(_flow, _points, _values, _logs, s.Threads);
    }

    private sealed class Invert : Workload
    {
        private readonly WorkloadSettings _settings;
        private readonly Composition _flow;
        private readonly double[] _points, _values, _logs;

        public Invert(WorkloadSettings s)
        {
            (_settings, _flow, _points) = (s, Flow(s), Normals(s.Points * s.Dimension));
            (_values, _logs) = (new double[_points.Length], new double[s.Points]);
            if (s.Method != InverseMethod.Newton && !_flow.Parts.All(p => p is Coupling)) throw new InputException("bisection is timed on coupling flows only");
        }

        public override void Step()
        {
            switch (_settings.Method)
            {
                case InverseMethod.Newton: Evaluation.Inverse(_flow, _points, _values, _logs, _settings.Threads); break;
                case InverseMethod.Bisection: Bisection.Inverse<Lanes>(_flow, _points, _values, _logs, Lanes.Width, _settings.Threads); break;
                default: Bisection.Inverse<Real>(_flow, _points, _values, _logs, 1, _settings.Threads); break;
            }
        }

        public override double Residual()
        {
            double[] back = new double[_points.Length];
            Evaluation.Forward(_flow, _values, back, _logs, _settings.Threads);
            double worst = 0;
            for (int i = 0; i < back.Length; i++)
            {
                double r = Math.Abs(back[i] - _points[i]) / Math.Max(1, Math.Abs(_points[i]));
                if (!(r <= worst)) worst = r;
            }

            return worst;
        }
    }

    private sealed class Certify : Workload
    {
        private readonly Composition _flow;
        private readonly Target _target;
        private readonly Domain _domain;
        private readonly CertificateSettings _settings;
        private SupremumCertificate? _found;

        public Certify(WorkloadSettings s)
        {
            if (s.Dimension > 3) throw new InputException($"certify is timed for d = 1, 2 and 3, not {s.Dimension}");
            (_flow, _target) = (Flow(s), TargetParser.Parse(s.Dimension switch { 1 => "sine", 2 => "twist", _ => "coupled-sines-3d" }));
            _domain = s.Dimension == 3 ? Domain.Cube(3, -1, 1) : _target.DefaultDomain;
            _settings = new CertificateSettings { Threads = s.Threads, Gap = s.Dimension switch { 1 => 1e-6, 2 => 0.01, _ => 0.1 } };
            LevenbergMarquardt.Fit(_flow, _target, _domain, new LevenbergMarquardtOptions(400) { Threads = s.Threads });
        }

        public override string? Finding => _found is { } c ? $"{c.Lower:R} <= sup |f - g| <= {c.Upper:R}, gap {100 * c.Gap:G3}% ({c.End.ToString().ToLowerInvariant()}), {c.Boxes} boxes of degree {c.Degree}" : null;

        public override void Step() => _found = Supremum.Certify(_flow, _target, _domain, _settings);
    }

    private sealed class Transport : Workload
    {
        private readonly int _dimension;
        private readonly double[] _x, _y;

        public Transport(WorkloadSettings s)
        {
            if (s.Points > Assignment.MaxSize) throw new InputException($"w1 takes at most {Assignment.MaxSize} points (its cost matrix is in memory), not {s.Points}: give --points 2000");
            _dimension = s.Dimension;
            (_x, _y) = (new double[s.Points * _dimension], new double[s.Points * _dimension]);
            Philox random = new(1, "benchmark");
            random.FillUniform(_x);
            random.FillUniform(_y);
        }

        public override void Step()
        {
            SampleTransport t = Wasserstein.BetweenSamples(_x, _y, _dimension);
            if (!(t.RelativeGap <= 1e-12)) throw new InvalidOperationException($"the duality gap is {t.RelativeGap:E1}");
        }
    }

    private sealed class DensePanels : Workload
    {
        private readonly DenseProducts[] _products;
        private readonly Action<int> _run;

        public DensePanels(WorkloadSettings s, bool gradient)
        {
            int width = s.Hidden.Count > 0 ? s.Hidden[0] : 64;
            _products = [.. Enumerable.Range(0, s.Threads).Select(_ => new DenseProducts(width, gradient))];
            _run = i => _products[i].Run();
        }

        public override double Operations => _products.Sum(p => p.Operations);

        public override void Step() => Workers.For(_products.Length, _products.Length, _run);

        public override void Dispose()
        {
            foreach (DenseProducts p in _products) p.Dispose();
            base.Dispose();
        }
    }
}
