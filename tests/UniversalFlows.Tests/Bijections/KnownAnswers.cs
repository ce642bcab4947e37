using UniversalFlows.Bijections;
using UniversalFlows.Bijections.Conditioners;
using UniversalFlows.Bijections.Transformers;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using Xunit;

namespace UniversalFlows.Tests.Bijections;

/// <summary>Facts from the test suites of other libraries and from paper, each recomputed.</summary>
public sealed class KnownAnswers
{
    private static readonly PositiveMap s_exp = new(PositiveKind.Exp), s_softplus = new(PositiveKind.Softplus, Minimum: 1e-3);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void Scaling_by_minus_two_has_log_det_d_log_2(int d)
    {
        double[] a = new double[d * d], b = new double[d];
        for (int i = 0; i < d; i++) (a[(i * d) + i], b[i]) = (-2, 2);
        Linear map = new(a, b);
        Real[] x = [.. Enumerable.Range(0, d).Select(i => new Real(i - 1.5))];
        Assert.Equal(d * Math.Log(2), map.Forward<Real>(x).Value, 1e-14 * d);
        for (int i = 0; i < d; i++) Assert.Equal(2 - (2 * (i - 1.5)), x[i].Value);
        Assert.Equal(d % 2 == 0 ? 1 : -1, map.Sign);
        InverseStatus status = default;
        Assert.Equal(-d * Math.Log(2), map.Inverse<Real>(x, ref status).Value, 1e-14 * d);
        for (int i = 0; i < d; i++) Assert.Equal(i - 1.5, x[i].Value);
    }

    /// <summary>Multiplying the first of (−1, −2, −3) by 2 (a coupling's scale is positive; the sign is Linear's).</summary>
    [Fact]
    public void Coupling_by_two_on_the_first_coordinate()
    {
        Coupling coupling = new(3, [1, 2], [0], new AffineTransformer(s_exp), new ConstantConditioner(2, [Math.Log(2), 0]));
        Real[] x = [new(-1), new(-2), new(-3)];
        double logDet = coupling.Forward<Real>(x).Value;
        Assert.Equal(Math.Log(2), logDet);
        Assert.Equal(-2, x[0].Value, 1e-15);
        Assert.Equal((-2, -3), (x[1].Value, x[2].Value));
        Composition signed = new(3, [coupling, new Linear([-1, 0, 0, 0, 1, 0, 0, 0, 1], [0, 0, 0])]);
        Real[] z = [new(-1), new(-2), new(-3)];
        Assert.Equal(Math.Log(2), signed.Forward<Real>(z).Value);
        Assert.Equal(2, z[0].Value, 1e-15);
    }

    [Theory]
    [InlineData(-1, -1, 0)]
    [InlineData(0, -0.29289321881345254, 0)]
    [InlineData(1, 1, 0)]
    [InlineData(-0.5, -0.6464466094067263, -0.5347999967)]
    [InlineData(0.5, 0.3535533905932738, 0.3770977707)]
    public void Rational_quadratic_spline_of_two_bins(double x, double y, double logDerivative)
    {
        // heights √½ and 2 − √½ of 2: raw = log of the shares; slopes 1
        double share = Math.Sqrt(0.5) / 2;
        RationalQuadraticTransformer f = new(2, -1, 1, FreeTails: true, s_exp, 0);
        Real[] raw = [new(0), new(0), new(Math.Log(share)), new(Math.Log(1 - share)), new(0), new(0), new(0)], p = new Real[f.ParameterCount];
        f.Parameters<Real>(raw, p);
        Assert.Equal(y, f.Forward(new Real(x), p, out Real ld).Value, 1e-15);
        Assert.Equal(logDerivative, ld.Value, 1e-10);
        InverseStatus status = default;
        Assert.Equal(x, f.Inverse(new Real(y), p, out Real back, ref status).Value, 1e-14);
        Assert.Equal(-logDerivative, back.Value, 1e-10);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Spline_of_one_bin_with_unit_slopes_is_the_identity(bool free)
    {
        RationalQuadraticTransformer f = new(1, -1, 1, free, s_exp, 0);
        Real[] raw = new Real[f.RawCount], p = new Real[f.ParameterCount];
        f.Parameters<Real>(raw, p);
        for (double x = -3; x <= 3; x += 0.125)
        {
            double y = f.Forward(new Real(x), p, out Real ld).Value;
            Assert.Equal(x, y, 2e-16);
            Assert.Equal(0, ld.Value, 1e-15);
            if (!free && Math.Abs(x) > 1) Assert.Equal((x, 0), (y, ld.Value)); // the tails to the bit
        }
    }

    /// <summary>The spline of an interval [−s, s] is that of [−1, 1], scaled: products of its heights would leave the doubles.</summary>
    [Theory]
    [InlineData(1e200)]
    [InlineData(8e307)]
    [InlineData(1e-200)]
    public void A_spline_of_any_size_inverts(double s)
    {
        double[] raw = [0.1, 0.3, -0.2, 0.2, 0.5, -1, 0.3, -0.3];
        foreach (double y in (double[])[-0.9, -0.5, -0.1, 0, 0.3, 0.77, 0.999])
        {
            (double x, double log) = Inverse(s, y * s);
            (double expected, double expectedLog) = Inverse(1, y);
            Assert.Equal(expected, x / s, 1e-14);
            Assert.Equal(expectedLog, log, 1e-13);
        }

        (double, double) Inverse(double scale, double y)
        {
            RationalQuadraticTransformer spline = new(3, -scale, scale, false, new(PositiveKind.Exp), 0);
            Real[] p = new Real[spline.ParameterCount];
            spline.Parameters<Real>([.. raw.Select(v => new Real(v))], p);
            InverseStatus status = default;
            Real x = spline.Inverse(new Real(y), p, out Real log, ref status);
            return (x.Value, log.Value);
        }
    }

    [Fact]
    public void Spline_with_identity_tails_is_exactly_the_identity_outside()
    {
        RationalQuadraticTransformer f = new(4, -1, 1, FreeTails: false, s_softplus, 1e-3);
        Philox random = new(1, 1);
        Real[] raw = [.. Enumerable.Range(0, f.RawCount).Select(_ => new Real(random.NextNormal()))], p = new Real[f.ParameterCount];
        f.Parameters<Real>(raw, p);
        InverseStatus status = default;
        foreach (double x in (double[])[-1e300, -5, -1.0000000000000002, 1.0000000000000002, 7, 1e300])
        {
            Assert.Equal(x, f.Forward(new Real(x), p, out Real ld).Value);
            Assert.Equal(0, ld.Value);
            Assert.Equal(x, f.Inverse(new Real(x), p, out ld, ref status).Value);
            Assert.Equal(0, ld.Value);
        }
    }

    [Fact]
    public void Softplus_with_a_minimum_of_one_thousandth_is_1_at_0_5397424172()
    {
        Oracles.BigReal exact = Oracles.BigReal.Log(Oracles.BigReal.Expm1(1 - (Oracles.BigReal)1e-3)); // log(e^{1−m} − 1)
        Assert.Equal((double)exact, s_softplus.Raw(1), 3e-16);
        Assert.Equal(0.5397424172, s_softplus.Raw(1), 1e-10);
        Assert.Equal(1, s_softplus.Value(new Real(0.5397424172)).Value, 1e-10);
    }

    [Fact]
    public void Positive_maps_return_to_their_values_and_refuse_others()
    {
        foreach (PositiveKind kind in Enum.GetValues<PositiveKind>())
        {
            foreach (double bound in (double[])[double.PositiveInfinity, 4])
            {
                PositiveMap map = new(kind, bound, Offset: 0.7, Minimum: 0.05);
                foreach (double v in (double[])[0.1, 0.4, 0.9, 1.0])
                {
                    Real raw = new(map.Raw(v));
                    Assert.Equal(v, map.Value(raw).Value, 1e-14);
                    Assert.Equal(Math.Log(v), map.Log(raw).Value, 1e-13);
                }

                Assert.Throws<ArgumentOutOfRangeException>(() => map.Raw(0.05));
                Assert.Throws<ArgumentOutOfRangeException>(() => map.Raw(double.NaN));
            }
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => new PositiveMap(PositiveKind.Sigmoid).Raw(1));
    }

    /// <summary>∫₀² (1 + ½u)² du = 14/3, log-derivative log 4.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void One_square(bool chebyshev)
    {
        ITransformer f = new SumOfSquaresTransformer(1, 1, chebyshev ? new(true, -1, 1) : new(false, 0, 1), 0);
        Real[] p = [new(0), new(1), new(0.5)];
        Assert.Equal(14.0 / 3, f.Forward(new Real(2), p, out Real ld).Value, 1e-14);
        Assert.Equal(1.3862943611198906, ld.Value, 1e-15);
        InverseStatus status = default;
        Assert.Equal(2, f.Inverse(new Real(14.0 / 3), p, out Real back, ref status).Value, 1e-14);
        Assert.Equal(-1.3862943611198906, back.Value, 1e-14);
        Assert.Equal(InverseStatus.Converged, status);
    }

    /// <summary>With argument scale 2, (1 + u/2)²: ∫₀² = ∫₀² (1 + z/2)² dz as well, if the coefficient is that of u = z/2.</summary>
    [Fact]
    public void Monomials_have_an_argument_scale()
    {
        Real[] p = [new(1), new(1), new(1)];
        Assert.Equal(1 + (14.0 / 3), new SumOfSquaresTransformer(1, 1, new(false, 0, 2), 0).Value(new Real(2), p).Value, 1e-14);
    }

    /// <summary>A deep dense sigmoidal flow of one layer is a deep sigmoidal flow, raw number by raw number.</summary>
    [Theory]
    [InlineData(0.3)]
    [InlineData(-20)]
    [InlineData(1e6)]
    public void One_dense_layer_is_a_deep_sigmoidal_flow(double x)
    {
        PositiveMap slope = new(PositiveKind.Softplus, Minimum: 1e-3);
        DeepSigmoidalTransformer shallow = new(4, slope, 0.01);
        DeepDenseSigmoidalTransformer dense = new([4], slope, 0.01);
        Real[] raw = [.. ((double[])[0.3, -1, 0.5, 2, 0.1, 1, -0.4, 3, -2, 0.6, 0.2, 1.5]).Select(r => new Real(r))];
        Assert.Equal(raw.Length, dense.RawCount);
        Real[] p = new Real[shallow.ParameterCount], q = new Real[dense.ParameterCount];
        shallow.Parameters<Real>(raw, p);
        dense.Parameters<Real>(raw, q);
        Assert.Equal(shallow.Forward(new Real(x), p, out Real expected).Value, dense.Forward(new Real(x), q, out Real found).Value, 1e-14 * (1 + Math.Abs(x)));
        Assert.Equal(expected.Value, found.Value, 1e-14);
    }

    /// <summary>
    /// Far to the right the smallest z of each layer decides: h_i = min z − log W_i·, so f is affine there; far to the left the largest,
    /// h_i = max z + log W_i·. Slopes 1, 3 and 2, 5; biases 0.5, −1 and 1, 2; all weights ½ but W² = (¼, ¾).
    /// </summary>
    [Theory]
    [InlineData(1e6)]
    [InlineData(-1e6)]
    public void A_deep_dense_sigmoidal_flow_is_affine_far_away(double x)
    {
        ITransformer f = new DeepDenseSigmoidalTransformer([2, 2], new(PositiveKind.Exp), 0);
        double[] raw = [0, 0, 0, 0, 0, Math.Log(3), 0.5, -1, 0, 0, 0, 0, 0, Math.Log(3), Math.Log(2), Math.Log(5), 1, 2];
        Real[] p = new Real[f.ParameterCount];
        f.Parameters<Real>([.. raw.Select(r => new Real(r))], p);
        double y = f.Forward(new Real(x), p, out Real ld).Value;
        // first layer: slope 1 wins on the right (z = x + ½), slope 3's z = 3x − 1 is smaller on the left, but there the largest wins: slope 1 again
        double inner = x + 0.5 + (x > 0 ? Math.Log(2) : -Math.Log(2));
        double outer = (2 * inner) + 1 + (x > 0 ? Math.Log(4) : -Math.Log(4));
        Assert.Equal(outer, y, 1e-9);
        Assert.Equal(Math.Log(2), ld.Value, 1e-14);
        InverseStatus status = default;
        Assert.Equal(x, f.Inverse(new Real(y), p, out Real back, ref status).Value, 1e-8);
        Assert.Equal(-Math.Log(2), back.Value, 1e-14);
        Assert.Equal(InverseStatus.Converged, status);
    }

    /// <summary>One sigmoid is affine: σ⁻¹(σ(ax + b)) = ax + b.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(-700)]
    [InlineData(1e6)]
    public void One_sigmoid_is_affine(double x)
    {
        DeepSigmoidalTransformer f = new(1, s_exp, 0);
        Real[] p = new Real[f.ParameterCount];
        f.Parameters<Real>([new(0.3), new(Math.Log(3)), new(-2)], p);
        Assert.Equal((3 * x) - 2, f.Forward(new Real(x), p, out Real ld).Value, 1e-14 * (1 + Math.Abs(3 * x)));
        Assert.Equal(Math.Log(3), ld.Value, 1e-9);
    }

    /// <summary>ẏ = s·y + r for time 1 from x.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1e-9)]
    [InlineData(1e-5)]
    [InlineData(-0.7)]
    [InlineData(2)]
    public void Product_shift_is_the_flow_of_a_linear_equation(double s)
    {
        AffineTransformer f = new(s_exp, ShiftForm.Product);
        Real[] p = new Real[2];
        f.Parameters<Real>([new(s), new(0.4)], p);
        double expected = s == 0 ? 0.4 : 0.4 * (double)((Oracles.BigReal.Exp((Oracles.BigReal)s) - 1) / (Oracles.BigReal)s);
        Assert.Equal(expected, f.Value(new Real(0), p).Value, 1e-15 * (1 + Math.Abs(expected)));
    }

    [Fact]
    public void A_single_affine_block_whitens_a_correlated_pair()
    {
        // correlation ½: s = 1.1547005384, t = −0.5773502692·x₁ makes x₂ independent of x₁ with variance 1
        double scale = Math.Sqrt(4.0 / 3), slope = -0.5 * scale;
        Dense layer = new(1, 2);
        (layer.Weights[0], layer.Weights[1], layer.Bias[0]) = (0, slope, Math.Log(scale));
        Coupling block = new(2, [0], [1], new AffineTransformer(s_exp), new MultilayerPerceptron(Activation.Identity, [layer]));
        Assert.Equal((1.1547005384, -0.5773502692), (Math.Round(scale, 10), Math.Round(slope, 10)));
        // S = ½(tr Σ − D − log det Σ): 0.1438410362 before, and the block's log-det takes it to 0
        Real[] x = [new(0.3), new(-1.2)];
        double logDet = block.Forward<Real>(x).Value, before = -0.5 * Math.Log(0.75);
        Assert.Equal(0.1438410362, before, 1e-10);
        Assert.Equal(before, logDet, 1e-15);
        // after: x₁ and s·x₂ + t·x₁ have the covariance (1, 0; 0, 1)
        double variance = (scale * scale) + (2 * scale * slope * 0.5) + (slope * slope), covariance = (scale * 0.5) + slope;
        Assert.Equal(0, 0.5 * (1 + variance - 2 - Math.Log(variance - (covariance * covariance))), 1e-15);
        Assert.Equal((scale * -1.2) + (slope * 0.3), x[1].Value, 1e-15);
    }

    [Fact]
    public void Constructors_name_what_is_wrong()
    {
        AffineTransformer affine = new(s_exp);
        Assert.Equal("active", Assert.Throws<ArgumentException>(() => new Coupling(2, [0, 1], [], affine, new ConstantConditioner(2, [0, 0]))).ParamName);
        Assert.Equal("active", Assert.Throws<ArgumentException>(() => new Coupling(2, [0], [0], affine, new ConstantConditioner(1, [0, 0]))).ParamName);
        Assert.Equal("active", Assert.Throws<ArgumentException>(() => new Coupling(2, [2], [0], affine, new ConstantConditioner(1, [0, 0]))).ParamName);
        Assert.Equal("conditioner", Assert.Throws<ArgumentException>(() => new Coupling(2, [0], [1], affine, new ConstantConditioner(2, [0, 0]))).ParamName);
        Assert.Equal("conditioner", Assert.Throws<ArgumentException>(() => new Coupling(2, [0], [1], affine, new ConstantConditioner(1, [0]))).ParamName);
        Assert.Equal("order", Assert.Throws<ArgumentException>(() => new Permutation([0, 0])).ParamName);
        Assert.Equal("matrix", Assert.Throws<ArgumentException>(() => new Linear([1, 2, 2, 4], [0, 0])).ParamName);
        Assert.Equal("matrix", Assert.Throws<ArgumentException>(() => new Linear([1, double.NaN, 2, 4], [0, 0])).ParamName);
        Assert.Equal("matrix", Assert.Throws<ArgumentException>(() => new Linear([1, 2, 2], [0, 0])).ParamName);
        Assert.Equal("shift", Assert.Throws<ArgumentException>(() => new Linear([1], [double.PositiveInfinity])).ParamName);
        Assert.Equal("parts", Assert.Throws<ArgumentException>(() => new Composition(2, [new Permutation([0])])).ParamName);
        Assert.Equal("knots", Assert.Throws<ArgumentException>(() => new TableConditioner([0, 0], new Dense(2, 1))).ParamName);
        Assert.Equal("knots", Assert.Throws<ArgumentException>(() => new TableConditioner([double.NaN, 0], new Dense(2, 1))).ParamName);
        Assert.Equal("layers", Assert.Throws<ArgumentException>(() => new MultilayerPerceptron(Activation.Tanh, [new Dense(1, 2), new Dense(3, 1)])).ParamName);
        Assert.Equal("lower", Assert.Throws<ArgumentException>(() => new ClippedConditioner([1], [1], new ConstantConditioner(1, [0]))).ParamName);
        Assert.Equal("layers", Assert.Throws<ArgumentException>(() =>
        {
            Dense twice = new(1, 1);
            _ = new ParameterVector([twice, twice]);
        }).ParamName);
    }

    /// <summary>Kinks of |z|, min and max at z = 0 cancel in the formula, and must cancel in its derivatives.</summary>
    [Fact]
    public void A_deep_sigmoidal_identity_has_derivative_one_at_zero()
    {
        DeepSigmoidalTransformer dsf = new(3, new PositiveMap(PositiveKind.Exp), 0);
        double[] raw = new double[dsf.RawCount];
        dsf.IdentityRaw(raw);
        Dual<Real>[] p = new Dual<Real>[dsf.ParameterCount], r = [.. raw.Select(v => Dual<Real>.Constant(v))];
        dsf.Parameters<Dual<Real>>(r, p);
        Dual<Real> y = dsf.Forward(Dual<Real>.Variable(new Real(0)), p, out Dual<Real> logDerivative);
        Assert.Equal(0, y.Value.Value, 1e-15);
        Assert.Equal(1, y.Tangent.Value, 1e-14);
        Assert.Equal(0, logDerivative.Value.Value, 1e-14);
    }

    /// <summary>A bin with end slopes far above its mean slope: the usual form of the root would lose nine digits.</summary>
    [Theory]
    [InlineData(1e2)]
    [InlineData(1e4)]
    [InlineData(1e6)]
    public void A_steep_spline_bin_inverts_to_all_digits(double slope)
    {
        RationalQuadraticTransformer rqs = new(1, -1, 1, true, new PositiveMap(PositiveKind.Exp), 0);
        double log = Real.Log(new Real(slope)).Value;
        Real[] raw = [new(0), new(0), new(log), new(log)], p = new Real[rqs.ParameterCount];
        rqs.Parameters<Real>(raw, p);
        for (int i = 1; i < 200; i++)
        {
            Real y = new(-1 + (i / 100.0));
            UniversalFlows.Numerics.InverseStatus status = default;
            Real x = rqs.Inverse(y, p, out _, ref status);
            // x is within a few ulps of the root: the residual is those, times the slope there
            Real back = rqs.Forward(x, p, out Real logDerivative);
            double tolerance = 1e-15 * (8 + (8 * Real.Exp(logDerivative).Value));
            Assert.InRange(back.Value - y.Value, -tolerance, tolerance);
        }
    }

    /// <summary>The map x·e^½ as one sigmoid: its log-derivative is ½ everywhere, however large z is.</summary>
    [Theory]
    [InlineData(1e8)]
    [InlineData(-1e16)]
    [InlineData(1e20)]
    [InlineData(1e300)]
    public void A_deep_sigmoidal_log_derivative_keeps_its_digits_far_away(double x)
    {
        DeepSigmoidalTransformer dsf = new(1, new PositiveMap(PositiveKind.Exp), 0);
        Real[] raw = [new(0), new(0.5), new(0)], p = new Real[dsf.ParameterCount];
        dsf.Parameters<Real>(raw, p);
        Real y = dsf.Forward(new Real(x), p, out Real logDerivative);
        Assert.Equal(0.5, logDerivative.Value, 1e-14);
        Assert.Equal(1, y.Value / (x * Real.Exp(new Real(0.5)).Value), 1e-14);
    }

    /// <summary>x = y/ε for the polynomial ε·x: a small y has a root with digits of its own.</summary>
    [Theory]
    [InlineData(1, 1e-16)]
    [InlineData(1, 1e-20)]
    [InlineData(1, -1e-300)]
    [InlineData(1e-12, 1e-16)]
    public void The_root_of_a_small_number_has_all_its_digits(double slope, double y)
    {
        SumOfSquaresTransformer sos = new(1, 0, new PolynomialBasis(false, 0, 1), slope);
        Real[] p = [new(0), new(0)];
        InverseStatus status = default;
        Real x = ((ITransformer)sos).Inverse(new Real(y), p, out _, ref status);
        Assert.Equal(InverseStatus.Converged, status);
        Assert.Equal(1, x.Value * slope / y, 1e-12);
    }

    [Theory]
    [InlineData(new[] { 0.1, 0.2, 0.3, 0.6 }, false)]
    [InlineData(new[] { 1.0, 2.0, 2.0, 4.0 }, false)]
    [InlineData(new[] { 1e308, 1e308, -1e308, 1e308 }, true)]
    [InlineData(new[] { 1e-300, 0, 0, -1e-300 }, true)]
    public void Singular_is_a_matter_of_condition_not_of_size(double[] matrix, bool regular)
    {
        if (!regular)
        {
            Assert.Contains("singular", Assert.Throws<ArgumentException>(() => new Linear(matrix, [0, 0])).Message, StringComparison.Ordinal);
            return;
        }

        Linear linear = new(matrix, [0, 0]);
        Span<Real> x = [new(0.5), new(-0.25)];
        Real forward = linear.Forward(x);
        InverseStatus status = default;
        Real back = linear.Inverse(x, ref status);
        Assert.Equal(0.5, x[0].Value, 1e-14);
        Assert.Equal(-0.25, x[1].Value, 1e-14);
        Assert.Equal(0, forward.Value + back.Value);
    }
}
