using UniversalFlows.Bijections;
using UniversalFlows.Bijections.Conditioners;
using UniversalFlows.Bijections.Transformers;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Proofs.Claims.Evidence;

/// <summary>Affine couplings (x, y) ↦ (x, e^{s(x)} y + t(x)).</summary>
internal static class Couplings
{
    /// <summary>log|det| = Σ s, there and back, with k passive coordinates of d.</summary>
    public static Finding LogDet(int dimension, int passive) => LogDet(dimension, passive, s => s.Sum());

    /// <summary>The same with another formula of the log-scales.</summary>
    internal static Finding LogDet(int dimension, int passive, Func<double[], double> formula)
    {
        Largest worst = default, trip = default;
        foreach ((Coupling coupling, double[] x) in Random(dimension, passive, 200))
        {
            double[] jacobian = Matrix(coupling, x);
            double[] s = Scales(coupling, x);
            worst.Add(Math.Abs(SmallMatrix.LogAbsDeterminant(jacobian, dimension, out _) - formula(s)));
            trip.Add(RoundTrip(coupling, x));
        }

        return Finding.AtPoints(Math.Max(worst.Value, trip.Value), 1e-11, $"200 random couplings of R^{dimension} with {passive} passive coordinates: log|det| of the Jacobian by dual numbers and elimination against the formula; inverse after forward against the point")
            .With(("largest difference of log-determinants", worst.Value), ("largest error there and back", trip.Value));
    }

    /// <summary>The Jacobian is block lower triangular with the identity and diag(eˢ) on the diagonal.</summary>
    public static Finding Blocks(int dimension, int passive) => Blocks(dimension, passive, Reals.Exp);

    /// <summary>The same with another scale.</summary>
    internal static Finding Blocks(int dimension, int passive, Func<double, double> scale)
    {
        Largest worst = default;
        foreach ((Coupling coupling, double[] x) in Random(dimension, passive, 200))
        {
            double[] jacobian = Matrix(coupling, x), s = Scales(coupling, x);
            for (int i = 0; i < dimension; i++)
            {
                for (int j = 0; j < dimension; j++)
                {
                    if (i >= passive && j < passive) continue;
                    double expected = i != j ? 0 : i < passive ? 1 : scale(s[i - passive]);
                    worst.Add(Math.Abs(jacobian[(i * dimension) + j] - expected));
                }
            }
        }

        return Finding.AtPoints(worst.Value, 1e-13, $"200 random couplings of R^{dimension} with {passive} passive coordinates: each entry of the Jacobian, by dual numbers, outside of the lower left block");
    }

    /// <summary>The inverse uses s and t as they are: both are constant, even or of many zeros here.</summary>
    public static Finding InverseWithoutInverses() => InverseWithoutInverses((y, s, t) => (y - t) * Reals.Exp(-s));

    /// <summary>The same with another inverse.</summary>
    internal static Finding InverseWithoutInverses(Func<double, double, double, double> inverse)
    {
        (string Name, Func<double, double> F)[] functions = [("constant", _ => 0.7), ("even", x => 0.3 * x * x), ("oscillating", x => Reals.Sin(9 * x))];
        Largest worst = default;
        foreach ((_, Func<double, double> s) in functions)
        {
            foreach ((_, Func<double, double> t) in functions)
            {
                foreach (double x in Reals.Grid(-2, 2, 21))
                {
                    foreach (double y in Reals.Grid(-2, 2, 21)) worst.Add(Math.Abs(inverse((Reals.Exp(s(x)) * y) + t(x), s(x), t(x)) - y));
                }
            }
        }

        return Finding.AtPoints(worst.Value, 1e-13, "nine pairs (s, t) of functions without inverses (constant, even, oscillating) at 441 points each: (y′ − t)e⁻ˢ against y");
    }

    /// <summary>J of the inverse at f(x), times J of f at x, is the identity; their log-determinants are opposite.</summary>
    public static Finding InverseJacobian() => InverseJacobian(1);

    /// <summary>The same with a factor that should be 1 before the log-determinant.</summary>
    internal static Finding InverseJacobian(double sign)
    {
        Largest worst = default;
        foreach (FlowFamily family in (FlowFamily[])[FlowFamily.Acf, FlowFamily.Sos, FlowFamily.Dsf, FlowFamily.Rqs])
        {
            Composition flow = new Architecture(family, 3, 3, [8]).Initialise(5);
            Philox random = new(5, $"inverse jacobian {family}");
            for (int n = 0; n < 50; n++)
            {
                double[] x = [random.NextNormal(), random.NextNormal(), random.NextNormal()], y = [.. x];
                double[] there = Matrix(flow, x);
                double forward = Forward(flow, y);
                double[] product = new double[9], back = Matrix(new Inversion(flow), y), z = [.. y];
                SmallMatrix.Multiply(back, there, 3, product);
                for (int i = 0; i < 9; i++) worst.Add(Math.Abs(product[i] - (i % 4 == 0 ? 1 : 0)));
                worst.Add(Math.Abs(Forward(new Inversion(flow), z) + (sign * forward)));
            }
        }

        return Finding.AtPoints(worst.Value, 1e-9, "four families of flows of R³ at 50 points: the product of both Jacobians, by dual numbers, against the identity, and the sum of both log-determinants");
    }

    /// <summary>Sums of squares, deep sigmoidal maps and splines contain the affine map a·y + b: parameters by hand, values and log-derivatives compared.</summary>
    public static Finding ContainAffine(double a, double b) => ContainAffine(a, b, a);

    /// <summary>The same with another slope given to the transformers.</summary>
    internal static Finding ContainAffine(double a, double b, double slope)
    {
        // one square of degree 0: b + ∫√a²; one sigmoid: logit σ(ay + b)
        (ITransformer Transformer, double[] Raw)[] all =
        [
            (new SumOfSquaresTransformer(1, 0, new PolynomialBasis(true, -3, 3), 0), [b, Math.Sqrt(slope)]),
            (new DeepSigmoidalTransformer(1, new PositiveMap(PositiveKind.Exp), 0), [0, Reals.Log(slope), b]),
        ];
        Largest worst = default;
        foreach ((ITransformer transformer, double[] raw) in all)
        {
            foreach (double y in Reals.Grid(-6, 6, 97)) Compare(y, Apply(transformer, raw, y, out double log), log);
        }

        // beyond their intervals splines are affine with a fixed point at the interval's end: two of them, ending at 3 and at 1, have slopes and shifts of their own
        double second = (b + (3 * a) - 1) / 2, first = slope / second;
        foreach (double y in Reals.Grid(4, 10, 97))
        {
            double middle = Apply(Spline(3), [0, 0, Reals.Log(first), Reals.Log(first)], y, out double log), end = Apply(Spline(1), [0, 0, Reals.Log(second), Reals.Log(second)], middle, out double more);
            Compare(y, end, log + more);
        }

        return Finding.AtPoints(worst.Value, 1e-12, $"{a}·y + {b} as a sum of squares of degree 0 and as one sigmoid on [−6, 6], and as two splines on [4, 10], beyond their intervals: values and log-derivatives at 97 points each");

        static RationalQuadraticTransformer Spline(double end) => new(1, -end, end, FreeTails: true, new PositiveMap(PositiveKind.Exp), 0);

        static double Apply(ITransformer transformer, double[] raw, double y, out double log)
        {
            Real[] p = new Real[transformer.ParameterCount];
            transformer.Parameters<Real>([.. raw.Select(v => new Real(v))], p);
            double value = transformer.Forward(new Real(y), p, out Real derivative).Value;
            log = derivative.Value;
            return value;
        }

        void Compare(double y, double value, double log)
        {
            worst.Add(Math.Abs(value - ((a * y) + b)));
            worst.Add(Math.Abs(log - Reals.Log(a)));
        }
    }

    /// <summary>"NICE and planar layers are affine maps": the largest |f(a + b) − f(a) − f(b) + f(0)|. Corrected: additive, of log-determinant 0.</summary>
    public static Finding NiceIsAffine()
    {
        Largest bent = default, logDet = default;
        foreach (FlowFamily family in (FlowFamily[])[FlowFamily.Nice, FlowFamily.Planar])
        {
            Composition layer = new Architecture(family, 3, 1, [8]).Initialise(2);
            Philox random = new(2, $"additive {family}");
            for (int n = 0; n < 100; n++)
            {
                double[] a = [random.NextNormal(), random.NextNormal(), random.NextNormal()], b = [random.NextNormal(), random.NextNormal(), random.NextNormal()], sum = [.. a.Zip(b, (u, v) => u + v)], zero = new double[3];
                double log = Forward(layer, a);
                Forward(layer, b);
                Forward(layer, sum);
                Forward(layer, zero);
                for (int i = 0; i < 3; i++) bent.Add(Math.Abs(sum[i] - a[i] - b[i] + zero[i]));
                if (family == FlowFamily.Nice) logDet.Add(Math.Abs(log));
            }
        }

        Finding right = Finding.AtPoints(logDet.Value, 1e-15, "the log-determinant of the same NICE layer, which only adds a function of the other coordinates");
        return Finding.AtPoints(bent.Value, 1e-13, "a NICE layer and a planar layer of R³ at 100 pairs of points: |f(a + b) − f(a) − f(b) + f(0)| is 0 for affine maps") with { Corrected = right };
    }

    /// <summary>"NICE's layer is the affine coupling": how far its scale is from one that an affine coupling may have, e^½ here. Corrected: it is additive.</summary>
    public static Finding NiceHasScale()
    {
        AffineTransformer nice = (AffineTransformer)Architecture.DefaultTransformer(FlowFamily.Nice, 3)!, affine = new(new PositiveMap(PositiveKind.Exp));
        double Slope(AffineTransformer t, double[] raw)
        {
            Real[] p = new Real[t.ParameterCount];
            t.Parameters<Real>([.. raw.Select(v => new Real(v))], p);
            t.Forward(new Real(0.7), p, out Real log);
            return log.Value;
        }

        double additive = Slope(nice, [0.3]), scaled = Slope(affine, [0.5, 0.3]);
        return Finding.AtPoints(scaled - additive, 1e-15, "the log-scale of an affine coupling with s = ½ and that of NICE's coupling, which has no s").With(("log-scale of NICE", additive), ("log-scale of an affine coupling", scaled)) with
        {
            Corrected = Finding.AtPoints(Math.Abs(additive), 1e-15, "NICE's coupling is y + t(x): log-scale 0"),
        };
    }

    private static IEnumerable<(Coupling Coupling, double[] X)> Random(int dimension, int passive, int count)
    {
        for (int n = 0; n < count; n++)
        {
            Philox random = new(1, $"coupling {dimension} {passive} {n}");
            int active = dimension - passive;
            Dense first = new(passive, 8), second = new(8, 2 * active);
            random.FillNormal(first.All);
            random.FillNormal(second.All);
            foreach (ref double w in second.All) w *= 0.3;
            MultilayerPerceptron net = new(Activation.Tanh, [first, second]);
            double[] x = new double[dimension];
            random.FillNormal(x);
            yield return (new Coupling(dimension, [.. Enumerable.Range(0, passive)], [.. Enumerable.Range(passive, active)], new AffineTransformer(new PositiveMap(PositiveKind.Exp)), net), x);
        }
    }

    private static double[] Scales(Coupling coupling, double[] x)
    {
        Real[] raw = new Real[coupling.Conditioner.Outputs];
        coupling.Conditioner.Evaluate<Real>([.. coupling.Passive.Select(i => new Real(x[i]))], raw);
        return [.. Enumerable.Range(0, coupling.Active.Count).Select(j => raw[2 * j].Value)];
    }

    /// <summary>The Jacobian by dual numbers.</summary>
    public static double[] Matrix(IMap f, double[] x)
    {
        int d = x.Length;
        Real[] value = new Real[d], jacobian = new Real[d * d];
        Jacobian.Evaluate<Real>(f, [.. x.Select(v => new Real(v))], value, jacobian);
        return [.. jacobian.Select(v => v.Value)];
    }

    /// <summary>Moves x forward; its log-determinant.</summary>
    public static double Forward(IBijection f, double[] x)
    {
        Real[] v = [.. x.Select(c => new Real(c))];
        double logDet = f.Forward<Real>(v).Value;
        for (int i = 0; i < x.Length; i++) x[i] = v[i].Value;
        return logDet;
    }

    /// <summary>The largest |f⁻¹(f(x)) − x|.</summary>
    public static double RoundTrip(IBijection f, double[] x)
    {
        Real[] v = [.. x.Select(c => new Real(c))];
        f.Map<Real>(v);
        InverseStatus status = default;
        f.Inverse<Real>(v, ref status);
        return status == InverseStatus.Converged ? v.Zip(x, (a, b) => Math.Abs(a.Value - b)).Max() : double.NaN;
    }
}
