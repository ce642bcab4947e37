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
