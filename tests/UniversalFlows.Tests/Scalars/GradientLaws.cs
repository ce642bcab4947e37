using UniversalFlows.Bijections;
using UniversalFlows.Bijections.Transformers;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using Xunit;

namespace UniversalFlows.Tests.Scalars;

/// <summary>Derivatives of every operation: reverse mode, forward mode and differences.</summary>
public sealed class GradientLaws
{
    /// <summary>A function of two variables, both in (lower, upper).</summary>
    private interface IFormula
    {
        T Apply<T>(T x, T y) where T : unmanaged, IScalar<T>;
    }

    private static readonly Dictionary<string, (IFormula Formula, double Lower, double Upper)> s_formulas = new()
    {
        ["add"] = (new Add(), -3, 3),
        ["subtract"] = (new Subtract(), -3, 3),
        ["multiply"] = (new Multiply(), -3, 3),
        ["divide"] = (new Divide(), 0.2, 3),
        ["numbers"] = (new Numbers(), 0.2, 3),
        ["multiply-add"] = (new MultiplyAdd(), -3, 3),
        ["multiply-add with numbers"] = (new MultiplyAddNumbers(), -3, 3),
        ["sqrt"] = (new Sqrt(), 0.1, 9),
        ["exp"] = (new Exp(), -20, 5),
        ["expm1"] = (new Expm1(), -30, 3),
        ["log"] = (new Log(), 0.01, 50),
        ["log1p"] = (new Log1p(), -0.9, 50),
        ["tanh"] = (new Tanh(), -5, 5),
        ["logistic"] = (new Logistic(), -40, 40),
        ["softplus"] = (new Softplus(), -40, 40),
        ["sin"] = (new Sin(), -9, 9),
        ["cos"] = (new Cos(), -9, 9),
        ["atan"] = (new Atan(), -9, 9),
        ["abs"] = (new Abs(), -3, 3),
        ["max, min"] = (new MaxMin(), -3, 3),
        ["select"] = (new Select(), -3, 3),
        ["freeze"] = (new Freeze(), -3, 3),
        ["functions"] = (new Composite(), -2, 2),
        ["reuse"] = (new Reuse(), -2, 2),
    };

    public static TheoryData<string> Formulas => [.. s_formulas.Keys];

    /// <summary>All but the one that hides a dependence on purpose.</summary>
    public static TheoryData<string> Differentiable => [.. s_formulas.Keys.Where(k => k != "freeze")];

    [Theory, MemberData(nameof(Formulas))]
    public void Reverse_is_forward_and_close_to_differences(string name)
    {
        (IFormula formula, double lower, double upper) = s_formulas[name];
        Philox random = new(1, name);
        double[] x = new double[Tape.Panel], y = new double[Tape.Panel], gx = new double[Tape.Panel], gy = new double[Tape.Panel];
        for (int s = 0; s < Tape.Panel; s++) (x[s], y[s]) = (random.NextUniform(lower, upper), random.NextUniform(lower, upper));

        Tape tape = Tape.Current;
        Node[] v = Variables(tape, x, y);
        Node result = formula.Apply(v[0], v[1]);
        Backward(tape, result);
        tape.ReadGradient(v[0], gx);
        tape.ReadGradient(v[1], gy);
        for (int s = 0; s < Tape.Panel; s++)
        {
            double value = formula.Apply(new Real(x[s]), new Real(y[s])).Value;
            Assert.Equal(value, Node.Primal(result, s / Lanes.Width)[s % Lanes.Width]); // the same bits
            Check(s, gx, formula.Apply(Dual<Real>.Variable(new(x[s])), Dual<Real>.Lift(new(y[s]))), t => formula.Apply(new Real(x[s] + t), new(y[s])).Value);
            Check(s, gy, formula.Apply(Dual<Real>.Lift(new(x[s])), Dual<Real>.Variable(new(y[s]))), t => formula.Apply(new Real(x[s]), new(y[s] + t)).Value);
            continue;

            void Check(int s, double[] gradient, Dual<Real> dual, Func<double, double> f)
            {
                Assert.Equal(value, dual.Value.Value);
                double exact = dual.Tangent.Value;
                Assert.True(Math.Abs(gradient[s] - exact) <= 1e-10 * Math.Abs(exact), $"{name} at ({x[s]:R}, {y[s]:R}): tape {gradient[s]:R}, dual {exact:R}");
                // the difference of two steps estimates the truncation; eps·|f|/h is the rounding
                double h = 1e-5, d1 = (f(h) - f(-h)) / (2 * h), d2 = (f(h / 2) - f(-h / 2)) / h;
                double tolerance = (10 * Math.Abs(d1 - d2)) + (1e-9 * (1 + Math.Abs(value) + Math.Abs(exact)));
                if (name == "freeze") return; // hides a dependence on purpose
                Assert.True(Math.Abs(d2 - exact) <= tolerance, $"{name} at ({x[s]:R}, {y[s]:R}): differences {d2:R}, dual {exact:R}");
            }
        }
    }

    [Theory, MemberData(nameof(Differentiable))]
    public void Second_derivatives_are_differences_of_first_ones(string name)
    {
        (IFormula formula, double lower, double upper) = s_formulas[name];
        Philox random = new(2, name);
        for (int n = 0; n < 50; n++)
        {
            double x = random.NextUniform(lower, upper), y = random.NextUniform(lower, upper), h = 1e-5;
            Dual<Dual<Real>> v = new(Dual<Real>.Variable(new(x)), Dual<Real>.Constant(1)), w = Dual<Dual<Real>>.Lift(Dual<Real>.Lift(new(y)));
            Dual<Dual<Real>> f = formula.Apply(v, w);
            double first = First(x), coarse = (First(x + h) - First(x - h)) / (2 * h), fine = (First(x + (h / 2)) - First(x - (h / 2))) / h;
            Assert.Equal(first, f.Value.Tangent.Value, 1e-14 * (1 + Math.Abs(first)));
            Assert.Equal(first, f.Tangent.Value.Value, 1e-14 * (1 + Math.Abs(first)));
            double second = f.Tangent.Tangent.Value, tolerance = (10 * Math.Abs(coarse - fine)) + (1e-9 * (1 + Math.Abs(first) + Math.Abs(second)));
            Assert.True(Math.Abs(second - fine) <= tolerance, $"{name} at ({x:R}, {y:R}): {second:R}, differences {fine:R}");

            double First(double t) => formula.Apply(Dual<Real>.Variable(new(t)), Dual<Real>.Lift(new(y))).Tangent.Value;
        }
    }

    public static TheoryData<string> Transformers => [.. s_transformers.Keys];

    private static readonly Dictionary<string, ITransformer> s_transformers = new()
    {
        ["affine"] = new AffineTransformer(new PositiveMap(PositiveKind.Exp, Bound: 2)),
        ["affine product"] = new AffineTransformer(new PositiveMap(PositiveKind.Softplus), ShiftForm.Product),
        ["additive"] = new AffineTransformer(null),
        ["sos"] = new SumOfSquaresTransformer(2, 3, new PolynomialBasis(true, -3, 3), 1e-2),
        ["dsf"] = new DeepSigmoidalTransformer(5, new PositiveMap(PositiveKind.Softplus, Minimum: 1e-3), 1e-3),
        ["rqs"] = new RationalQuadraticTransformer(5, -2, 2, FreeTails: true, new PositiveMap(PositiveKind.Softplus, Minimum: 1e-3), 1e-3),
    };

    /// <summary>The log-derivative is the logarithm of the dual derivative, also on the tape, where its own gradient is ∂ log f′.</summary>
    [Theory, MemberData(nameof(Transformers))]
    public void Log_derivatives_differentiate_on_the_tape(string name)
    {
        ITransformer f = s_transformers[name];
        (double[] x, double[][] raw) = Samples(f, name);
        Tape tape = Tape.Current;
        Node[] v = Variables(tape, [x, .. raw]);
        Node[] p = new Node[f.ParameterCount];
        f.Parameters<Node>(v.AsSpan(1), p);
        Dual<Node>[] lifted = [.. p.Select(Dual<Node>.Lift)];
        Dual<Node> y = f.Value(Dual<Node>.Variable(v[0]), lifted);
        Node byDual = Node.Log(y.Tangent);
        _ = f.Forward(v[0], p, out Node closedForm);

        double[][] a = Gradients(byDual), b = Gradients(closedForm);
        for (int s = 0; s < Tape.Panel; s++)
        {
            double expected = Node.Primal(closedForm, s / Lanes.Width)[s % Lanes.Width];
            Assert.Equal(expected, Node.Primal(byDual, s / Lanes.Width)[s % Lanes.Width], 1e-11 * (1 + Math.Abs(expected)));
            for (int i = 0; i < v.Length; i++) Assert.Equal(b[i][s], a[i][s], 1e-9 * (1 + Math.Abs(b[i][s])));
        }

        double[][] Gradients(Node of)
        {
            if (of.IsConstant) return [.. v.Select(_ => new double[Tape.Panel])];
            Backward(tape, of);
            return [.. v.Select(n =>
            {
                double[] g = new double[Tape.Panel];
                tape.ReadGradient(n, g);
                return g;
            })];
        }
    }

    /// <summary>x = f⁻¹(y; p): dx/dy = 1/f′, dx/dp = −f_p/f′, d²x/dy² = −f″/f′³, whatever finds x.</summary>
    [Theory, MemberData(nameof(Transformers))]
    public void Inverses_have_implicit_derivatives(string name)
    {
        ITransformer f = s_transformers[name];
        (double[] xs, double[][] raws) = Samples(f, name);
        for (int s = 0; s < 24; s++)
        {
            double x = xs[s];
            double[] raw = [.. raws.Select(r => r[s])];
            Dual<Dual<Real>> forward = f.Value(new Dual<Dual<Real>>(Dual<Real>.Variable(new(x)), Dual<Real>.Constant(1)), Parameters<Dual<Dual<Real>>>(raw, -1));
            double y = forward.Value.Value.Value, slope = forward.Value.Tangent.Value, bend = forward.Tangent.Tangent.Value;
            InverseStatus status = default;
            Dual<Dual<Real>> back = f.Inverse(
                new Dual<Dual<Real>>(Dual<Real>.Variable(new(y)), Dual<Real>.Constant(1)), Parameters<Dual<Dual<Real>>>(raw, -1), out _, ref status);
            Assert.Equal(InverseStatus.Converged, status);
            Close(x, back.Value.Value.Value, 1e-9);
            Close(1 / slope, back.Value.Tangent.Value, 1e-9);
            Close(-bend / (slope * slope * slope), back.Tangent.Tangent.Value, 1e-7);
            for (int i = 0; i < raw.Length; i++)
            {
                double along = f.Value(Dual<Real>.Lift(new(x)), Parameters<Dual<Real>>(raw, i)).Tangent.Value;
                double implicitly = f.Inverse(Dual<Real>.Lift(new(y)), Parameters<Dual<Real>>(raw, i), out _, ref status).Tangent.Value;
                Close(-along / slope, implicitly, 1e-9);
            }
        }

        T[] Parameters<T>(double[] raw, int direction) where T : unmanaged, IScalar<T>
        {
            T[] values = [.. raw.Select(T.Constant)], p = new T[f.ParameterCount];
            if (direction >= 0 && values is Dual<Real>[] duals) duals[direction] = Dual<Real>.Variable(duals[direction].Value);
            f.Parameters<T>(values, p);
            return p;
        }

        static void Close(double expected, double actual, double tolerance) =>
            Assert.True(Math.Abs(expected - actual) <= tolerance * (1 + Math.Abs(expected)), $"expected {expected:R}, found {actual:R}");
    }

    /// <summary>An activation on the tape, in place, is the one of dual numbers.</summary>
    [Theory]
    [InlineData(Activation.Tanh)]
    [InlineData(Activation.ReLU)]
    [InlineData(Activation.SiLU)]
    [InlineData(Activation.Identity)]
    public void Activations_differentiate_in_place(Activation activation)
    {
        Philox random = new(3, activation.ToString());
        double[] x = new double[Tape.Panel], gradient = new double[Tape.Panel];
        foreach (ref double c in x.AsSpan()) c = random.NextUniform(-6, 6);
        Tape tape = Tape.Current;
        Node[] v = Variables(tape, x), y = new Node[3];
        Dense layer = new(1, 3);
        foreach (ref double w in layer.All) w = random.NextNormal();
        Node.Affine(layer, v, y);
        Node.Activate(activation, y);
        Node sum = y[0] + (Node.Constant(2) * y[1]) + (Node.Constant(3) * y[2]);
        Backward(tape, sum);
        tape.ReadGradient(v[0], gradient);
        for (int s = 0; s < Tape.Panel; s++)
        {
            Dual<Real>[] h = new Dual<Real>[3];
            Dual<Real>.Affine(layer, [Dual<Real>.Variable(new(x[s]))], h);
            Dual<Real>.Activate(activation, h);
            Dual<Real> expected = h[0] + (2 * h[1]) + (3 * h[2]);
            Assert.Equal(expected.Value.Value, Node.Primal(sum, s / Lanes.Width)[s % Lanes.Width]);
            Assert.Equal(expected.Tangent.Value, gradient[s], 1e-12 * (1 + Math.Abs(expected.Tangent.Value)));
        }
    }

    [Theory]
    [InlineData(FlowFamily.Acf)]
    [InlineData(FlowFamily.Sos)]
    [InlineData(FlowFamily.Dsf)]
    [InlineData(FlowFamily.Ddsf)]
    [InlineData(FlowFamily.Rqs)]
    [InlineData(FlowFamily.Nice)]
    [InlineData(FlowFamily.Maf)]
    [InlineData(FlowFamily.Naf)]
    [InlineData(FlowFamily.Planar)]
    [InlineData(FlowFamily.Sylvester)]
    [InlineData(FlowFamily.Residual)]
    public void A_pass_allocates_nothing_once_warm(FlowFamily family)
    {
        Composition flow = new Architecture(family, 2, 3, [8, 8]).Initialise(5);
        ParameterVector theta = new(flow.Parameters);
        double[] samples = new double[Tape.Panel], gradient = new double[theta.Count];
        new Philox(1, 2).FillNormal(samples);
        for (int warm = 0; warm < 3; warm++) Pass();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int n = 0; n < 10; n++) Pass();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Contains(gradient, g => g != 0);

        void Pass()
        {
            Tape tape = Tape.Current;
            tape.Reset();
            Span<Node> x = [tape.Leaf(samples), tape.Leaf(samples)];
            Node loss = flow.Forward(x) + (x[0] * x[1]);
            InverseStatus status = default;
            loss += flow.Inverse(x, ref status);
            tape.ClearGradients();
            tape.Seed(loss, samples);
            GradientSum sink = new(gradient);
            tape.Backward(ref sink);
        }
    }

    /// <summary>∂L/∂θ of a ParameterVector, entry by entry, against central differences of L.</summary>
    [Theory]
    [InlineData(FlowFamily.Acf)]
    [InlineData(FlowFamily.Sos)]
    [InlineData(FlowFamily.Dsf)]
    [InlineData(FlowFamily.Ddsf)]
    [InlineData(FlowFamily.Rqs)]
    [InlineData(FlowFamily.Nice)]
    [InlineData(FlowFamily.Maf)]
    [InlineData(FlowFamily.Naf)]
    [InlineData(FlowFamily.Planar)]
    [InlineData(FlowFamily.Sylvester)]
    [InlineData(FlowFamily.Residual)]
    public void Parameter_gradients_are_close_to_differences(FlowFamily family)
    {
        Composition flow = new Architecture(family, 2, 2, [3]).Initialise(6);
        ParameterVector theta = new(flow.Parameters);
        Philox random = new(4, family.ToString());
        foreach (ref double t in theta.Values) t += 0.3 * random.NextNormal();
        double[] x = new double[Tape.Panel], y = new double[Tape.Panel], gradient = new double[theta.Count];
        random.FillUniform(x);
        random.FillUniform(y);

        Tape tape = Tape.Current;
        tape.Reset();
        Node[] nodes = [tape.Leaf(x), tape.Leaf(y)];
        Node logDet = flow.Forward<Node>(nodes), loss = logDet + Node.Sin(nodes[0]) + (nodes[1] * nodes[1]);
        tape.ClearGradients();
        double[] ones = new double[Tape.Panel];
        Array.Fill(ones, 1);
        tape.Seed(loss, ones);
        GradientSum sink = new(gradient);
        tape.Backward(ref sink);
        for (int i = 0; i < theta.Count; i++)
        {
            double at = theta.Values[i], h = 1e-5;
            double coarse = (Loss(at + h) - Loss(at - h)) / (2 * h), fine = (Loss(at + (h / 2)) - Loss(at - (h / 2))) / h;
            theta.Values[i] = at;
            // 64 terms of size about 1, each rounded at 1e-16, over h
            Assert.True(Math.Abs(gradient[i] - fine) <= (10 * Math.Abs(coarse - fine)) + (1e-8 * (1 + Math.Abs(fine))), $"parameter {i}: tape {gradient[i]:R}, differences {fine:R}");

            double Loss(double t)
            {
                theta.Values[i] = t;
                double sum = 0;
                for (int s = 0; s < Tape.Panel; s++)
                {
                    Real[] v = [new(x[s]), new(y[s])];
                    Real ld = flow.Forward<Real>(v);
                    sum += (ld + Real.Sin(v[0]) + (v[1] * v[1])).Value;
                }

                return sum;
            }
        }
    }

    /// <summary>log tanh′ and log σ′ far out; −10 − 2 log(1 + e⁻¹⁰) is −10.0000907978 (some tables have …968).</summary>
    [Theory]
    [InlineData(10, -18.6137056430, -10.000090797798434)]
    [InlineData(3.3, -5.2164245260, -3.3724385177)]
    [InlineData(0, 0, -1.3862943611198906)]
    public void Saturated_functions_keep_their_derivatives(double x, double logTanh, double logLogistic)
    {
        foreach (double v in (double[])[x, -x])
        {
            // 1 − tanh² keeps an absolute 1e-16: at 10, where it is 8e-9, eight digits
            Assert.Equal(logTanh, Math.Log(Dual<Real>.Tanh(Dual<Real>.Variable(new(v))).Tangent.Value), 1e-7);
            Assert.Equal(logLogistic, Math.Log(Dual<Real>.Logistic(Dual<Real>.Variable(new(v))).Tangent.Value), 1e-10);
        }
    }

    [Fact]
    public void The_tape_says_what_it_cannot_record()
    {
        Tape tape = Tape.Current;
        tape.Reset();
        Assert.Throws<InvalidOperationException>(() => Node.Activate(Activation.Tanh, new Node[1]));
        Assert.Throws<ArgumentException>(() => tape.Leaf(new double[3]));
        Node[] x = [tape.Leaf(new double[Tape.Panel])];
        Assert.Throws<ArgumentException>(() => Node.Affine(new Dense(2, 1), x, new Node[1]));
        Assert.Throws<NotSupportedException>(() => Node.Affine(new Dense(1, 1), x, new Node[1], bias: false));
        Node sum = x[0] + x[0];
        Assert.Throws<InvalidOperationException>(() => Node.Activate(Activation.Tanh, new[] { sum }));
    }

    /// <summary>64 samples of x in (−2, 2) and of raw numbers around the identity.</summary>
    private static (double[] X, double[][] Raw) Samples(ITransformer f, string name)
    {
        Philox random = new(9, name);
        double[] x = new double[Tape.Panel], identity = new double[f.RawCount];
        foreach (ref double c in x.AsSpan()) c = random.NextUniform(-2, 2);
        f.IdentityRaw(identity);
        double[][] raw = [.. identity.Select(r => Enumerable.Range(0, Tape.Panel).Select(_ => r + (0.5 * random.NextNormal())).ToArray())];
        return (x, raw);
    }

    /// <summary>Inputs with a gradient: outputs of the identity layer.</summary>
    private static Node[] Variables(Tape tape, params double[][] samples)
    {
        tape.Reset();
        int n = samples.Length;
        Dense identity = new(n, n) { Frozen = true };
        for (int i = 0; i < n; i++) identity.Weights[(i * n) + i] = 1;
        Node[] leaves = [.. samples.Select(s => tape.Leaf(s))], variables = new Node[n];
        Node.Affine(identity, leaves, variables);
        return variables;
    }

    private static void Backward(Tape tape, Node node)
    {
        double[] ones = new double[Tape.Panel];
        Array.Fill(ones, 1);
        tape.ClearGradients();
        tape.Seed(node, ones);
        NoParameters sink = default;
        tape.Backward(ref sink);
    }

    /// <summary>∂L/∂W = ΔXᵀ, ∂L/∂b = Δ·1, at the layer's place in the parameter vector.</summary>
    private readonly struct GradientSum(double[] gradient) : IParameterSink
    {
        public static bool Ignores => false;

        public unsafe void Receive(Dense layer, double* inputs, double* cotangents)
        {
            for (int n = 0; n < layer.Outputs; n++)
            {
                double* delta = cotangents + (n * Tape.Panel);
                for (int k = 0; k < layer.Inputs; k++)
                    for (int s = 0; s < Tape.Panel; s++) gradient[layer.Offset + (n * layer.Inputs) + k] += delta[s] * inputs[(k * Tape.Panel) + s];
                for (int s = 0; s < Tape.Panel; s++) gradient[layer.Offset + (layer.Outputs * layer.Inputs) + n] += delta[s];
            }
        }
    }

    private sealed class Add : IFormula { public T Apply<T>(T x, T y) where T : unmanaged, IScalar<T> => x + y; }

    private sealed class Subtract : IFormula { public T Apply<T>(T x, T y) where T : unmanaged, IScalar<T> => x - y; }

    private sealed class Multiply : IFormula { public T Apply<T>(T x, T y) where T : unmanaged, IScalar<T> => x * y; }

    private sealed class Divide : IFormula { public T Apply<T>(T x, T y) where T : unmanaged, IScalar<T> => x / y; }

    private sealed class Numbers : IFormula
    {
        public T Apply<T>(T x, T y) where T : unmanaged, IScalar<T> => (((2 + x) * 3) - 1) / 7 + (0.5 * (4 - y)) - (-x) + (1 / y) + (x - 2) + (y + 0) + (1 * x) + (0 * y) + (x / 1);
    }

    private sealed class MultiplyAdd : IFormula { public T Apply<T>(T x, T y) where T : unmanaged, IScalar<T> => T.MultiplyAdd(x, y, T.MultiplyAdd(x, x, y)); }

    private sealed class MultiplyAddNumbers : IFormula
    {
        public T Apply<T>(T x, T y) where T : unmanaged, IScalar<T> =>
            T.MultiplyAdd(T.Constant(0.1), x, T.MultiplyAdd(y, T.Constant(1.0 / 3), T.MultiplyAdd(T.Constant(0.1), T.Constant(0.7), x)))
            + T.MultiplyAdd(T.Constant(0.1), T.Constant(0.3), T.Constant(-0.03)) + T.MultiplyAdd(x, y, T.Constant(0.2));
    }

    private sealed class Sqrt : IFormula { public T Apply<T>(T x, T y) where T : unmanaged, IScalar<T> => T.Sqrt(x) + (2 * T.Sqrt(y)); }

    private sealed class Exp : IFormula { public T Apply<T>(T x, T y) where T : unmanaged, IScalar<T> => T.Exp(x) * T.Exp(-y); }

    private sealed class Expm1 : IFormula { public T Apply<T>(T x, T y) where T : unmanaged, IScalar<T> => T.Expm1(x) + T.Expm1(0.5 * y); }

    private sealed class Log : IFormula { public T Apply<T>(T x, T y) where T : unmanaged, IScalar<T> => T.Log(x) - (2 * T.Log(y)); }

    private sealed class Log1p : IFormula { public T Apply<T>(T x, T y) where T : unmanaged, IScalar<T> => T.Log1p(x) - (2 * T.Log1p(y)); }

    private sealed class Tanh : IFormula { public T Apply<T>(T x, T y) where T : unmanaged, IScalar<T> => T.Tanh(x) + T.Tanh(0.3 * y); }

    private sealed class Logistic : IFormula { public T Apply<T>(T x, T y) where T : unmanaged, IScalar<T> => T.Logistic(x) + T.Logistic(-y); }

    private sealed class Softplus : IFormula { public T Apply<T>(T x, T y) where T : unmanaged, IScalar<T> => T.Softplus(x) - T.Softplus(y); }

    private sealed class Sin : IFormula { public T Apply<T>(T x, T y) where T : unmanaged, IScalar<T> => T.Sin(x) * T.Sin(y); }

    private sealed class Cos : IFormula { public T Apply<T>(T x, T y) where T : unmanaged, IScalar<T> => T.Cos(x) + T.Cos(2 * y); }

    private sealed class Atan : IFormula { public T Apply<T>(T x, T y) where T : unmanaged, IScalar<T> => T.Atan(x) + T.Atan(x * y); }

    private sealed class Abs : IFormula { public T Apply<T>(T x, T y) where T : unmanaged, IScalar<T> => T.Abs(x) * y; }

    private sealed class MaxMin : IFormula { public T Apply<T>(T x, T y) where T : unmanaged, IScalar<T> => (T.Max(x, y) * 2) + (T.Min(x * x, y) * x); }

    private sealed class Select : IFormula { public T Apply<T>(T x, T y) where T : unmanaged, IScalar<T> => T.SelectLess(x, y, x * y, T.Sin(x)) + T.SelectLess(x, T.Constant(0), T.Constant(1), y); }

    private sealed class Freeze : IFormula { public T Apply<T>(T x, T y) where T : unmanaged, IScalar<T> => (T.Freeze(x) * x) + T.Freeze(y) + y; }

    private sealed class Composite : IFormula
    {
        public T Apply<T>(T x, T y) where T : unmanaged, IScalar<T> => Functions.Asinh(x) + Functions.Power(y, 5) + Functions.Sinh(x) - Functions.Cosh(y) + Functions.Tan(0.3 * x);
    }

    private sealed class Reuse : IFormula
    {
        public T Apply<T>(T x, T y) where T : unmanaged, IScalar<T>
        {
            T z = x * y, w = z + z;
            return (w * w) - (z * x) + (w / (1 + (w * w)));
        }
    }
}
