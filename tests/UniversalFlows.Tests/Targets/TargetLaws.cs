using FsCheck.Fluent;
using UniversalFlows.Bijections;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using UniversalFlows.Targets;
using Xunit;

namespace UniversalFlows.Tests.Targets;

/// <summary>Laws of every diffeomorphism of the zoo, at random points of its K.</summary>
public class TargetLaws
{
    private const string Formula = "x1 + 0.3*sin(1.5*x2) + 0.1*x1^3; x2 + 0.25*x1^2";

    private static readonly string[] s_variants = ["twist(2.5)", "cyclic(2,0.9)", "cyclic(3)", "cyclic(7)", "henon(1.2,-0.5)", "sine(-0.45,2)", "minus-identity(3)",
        "ball-to-space(1)", "ball-to-space(5)", "triangular(4)", "gradient-tanh(3)", "radial(2.1,3)", "moebius(-0.7)", "quadratic-complex(-0.5)", "rotation(-2)", "polar(2)",
        "scaling(-0.5,3)", "reflection(3)", "shear-chain(4,-1)", "random-linear(3,7,-1)", "random-linear(6,2)"];

    public static TheoryData<string> Names => [.. Zoo.All.Select(t => t.Name), .. s_variants, Formula];

    public static TheoryData<string> InjectiveNames => [.. Zoo.All.Select(t => t.Name).Where(n => n is not ("fold" or "ring-square")), .. s_variants, Formula];

    private static double[] Point(Target f, double[] u)
    {
        double[] x = new double[f.Dimension];
        f.DefaultDomain.FromUnitCube(u, x);
        return x;
    }

    private static double Norm(IEnumerable<double> x) => Math.Sqrt(x.Sum(v => v * v));

    private static Real[] Reals(double[] x) => [.. x.Select(v => new Real(v))];

    [Theory]
    [MemberData(nameof(InjectiveNames))]
    public void The_inverse_undoes_the_map(string name)
    {
        Target f = TargetParser.Parse(name);
        Properties.Holds(Prop.ForAll(Properties.UnitPoint(f.Dimension), u =>
        {
            double[] x = Point(f, u);
            Real[] y = Reals(x);
            f.Map<Real>(y);
            double scale = 1 + Norm(x) + Norm(y.Select(v => v.Value));
            InverseStatus status = InverseStatus.Converged;
            f.Inverse<Real>(y, ref status);
            return status == InverseStatus.Converged && Norm(x.Zip(y, (a, b) => a - b.Value)) <= 2e-12 * scale;
        }), 300);
    }

    [Theory]
    [MemberData(nameof(InjectiveNames))]
    public void The_map_undoes_the_inverse_to_a_residual_of_1e_12(string name)
    {
        Target f = TargetParser.Parse(name);
        Properties.Holds(Prop.ForAll(Properties.UnitPoint(f.Dimension), u =>
        {
            Real[] y = Reals(Point(f, u));
            f.Map<Real>(y);
            Real[] back = [.. y];
            InverseStatus status = InverseStatus.Converged;
            f.Inverse<Real>(back, ref status);
            f.Map<Real>(back);
            return Norm(y.Zip(back, (a, b) => a.Value - b.Value)) <= 1e-12 * (1 + Norm(y.Select(v => v.Value)));
        }), 300);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_Jacobian_is_that_of_central_differences(string name)
    {
        Target f = TargetParser.Parse(name);
        int d = f.Dimension;
        const double H = 1e-5; // error h²·|f‴|/6 + eps/h ≈ 1e-10
        Properties.Holds(Prop.ForAll(Properties.UnitPoint(d), u =>
        {
            double[] x = Point(f, u);
            // half-smooth at 0: the third derivative is unbounded there
            if (name is "holder" or "fold" or "interval-swap" && Math.Abs(x[0]) < 1e-3) return true;
            Real[] value = new Real[d], jacobian = new Real[d * d];
            Jacobian.Evaluate<Real>(f, Reals(x), value, jacobian);
            for (int j = 0; j < d; j++)
            {
                Real[] right = Reals(x), left = Reals(x);
                right[j] = new(x[j] + H);
                left[j] = new(x[j] - H);
                f.Map<Real>(right);
                f.Map<Real>(left);
                for (int i = 0; i < d; i++)
                {
                    double expected = (right[i].Value - left[i].Value) / (2 * H);
                    if (!(Math.Abs(jacobian[(i * d) + j].Value - expected) <= 1e-7 * (1 + Math.Abs(expected)))) return false;
                }
            }

            return true;
        }), 100);
    }

    [Theory]
    [MemberData(nameof(InjectiveNames))]
    public void The_inverse_differentiates_to_the_inverse_Jacobian(string name)
    {
        Target f = TargetParser.Parse(name);
        int d = f.Dimension;
        Properties.Holds(Prop.ForAll(Properties.UnitPoint(d), u =>
        {
            double[] x = Point(f, u);
            if (name == "cube" && x[0] == 0) return true; // the one point where it has no derivative
            Real[] y = Reals(x), value = new Real[d], jacobian = new Real[d * d], inverse = new Real[d * d];
            Jacobian.Evaluate<Real>(f, y, value, jacobian);
            Jacobian.Evaluate<Real>(new Inverse(f), value, y, inverse);
            for (int i = 0; i < d; i++)
            {
                for (int j = 0; j < d; j++)
                {
                    double product = 0, size = 1;
                    for (int k = 0; k < d; k++)
                    {
                        product += inverse[(i * d) + k].Value * jacobian[(k * d) + j].Value;
                        size += Math.Abs(inverse[(i * d) + k].Value * jacobian[(k * d) + j].Value);
                    }

                    if (!(Math.Abs(product - (i == j ? 1 : 0)) <= 1e-9 * size)) return false;
                }
            }

            return true;
        }), 100);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_determinant_has_the_sign_of_the_orientation(string name)
    {
        Target f = TargetParser.Parse(name);
        if (f.Orientation is not { } orientation) return;
        Properties.Holds(Prop.ForAll(Properties.UnitPoint(f.Dimension), u =>
            (name == "cube" && Point(f, u)[0] == 0) || Math.Sign(Determinant(f, Point(f, u))) == orientation), 300);
    }

    /// <summary>What is tagged as star-shaped is defined on the segments from the centre to K, with one sign of the determinant.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void The_isotopy_from_the_star_centre_stays_regular(string name)
    {
        Target f = TargetParser.Parse(name);
        if (f.StarCentre is null) return;
        Properties.Holds(Prop.ForAll(Properties.UnitPoint(f.Dimension), Properties.UnitPoint(1), (u, t) => RegularOnSegment(f, u, t[0])), 300);
    }

    /// <summary>A planted wrong tag: regular on the sector, but not near 0, between it and its centre.</summary>
    [Fact]
    public void A_wrong_star_is_found()
    {
        WrongStar f = new();
        Assert.Throws<Exception>(() => Properties.Holds(Prop.ForAll(Properties.UnitPoint(2), Properties.UnitPoint(1), (u, t) => RegularOnSegment(f, u, t[0])), 300));
        Properties.Holds(Prop.ForAll(Properties.UnitPoint(2), u => RegularOnSegment(f, u, 1)), 300);
    }

    private static bool RegularOnSegment(Target f, double[] u, double t) =>
        Math.Sign(Determinant(f, [.. Point(f, u).Zip(f.StarCentre!, (x, c) => c + (t * (x - c)))])) == f.Orientation;

    private sealed class WrongStar() : Target("wrong-star", "x (|x|^2 - 0.3)", new Sector(0.6, 1.8, -2.5, 2.5), 1, Membership.Star)
    {
        public override void Map<T>(Span<T> x)
        {
            T scale = (x[0] * x[0]) + (x[1] * x[1]) - 0.3;
            (x[0], x[1]) = (scale * x[0], scale * x[1]);
        }
    }

    /// <summary>D² is tagged with its reasons: a member has none, an outsider has one, and only members are star-shaped.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Memberships_are_whole(string name)
    {
        Target f = TargetParser.Parse(name);
        Membership m = f.Membership;
        Assert.Equal(m.InClass is false, m.Reason.Length > 0);
        Assert.Equal(f is FormulaTarget, m.InClass is null);
        if (m.StarShaped) Assert.True(m.InClass);
        if (m.InClass is true && !m.StarShaped) Assert.NotNull(f.DefaultDomain.Chart);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Lanes_have_the_bits_of_single_points(string name)
    {
        Target f = TargetParser.Parse(name);
        int d = f.Dimension;
        Philox random = new(1, name);
        Lanes[] lanes = new Lanes[d];
        double[][] points = new double[8][];
        for (int lane = 0; lane < 8; lane++)
        {
            double[] u = new double[d];
            random.FillUniform(u);
            points[lane] = Point(f, u);
            for (int i = 0; i < d; i++) lanes[i] = lanes[i].With(lane, points[lane][i]);
        }

        f.Map<Lanes>(lanes);
        for (int lane = 0; lane < 8; lane++)
        {
            Real[] x = Reals(points[lane]);
            f.Map<Real>(x);
            for (int i = 0; i < d; i++) Assert.Equal(x[i].Value, lanes[i][lane]);
        }
    }

    /// <summary>Closed forms of the determinants (docs: the target zoo).</summary>
    [Fact]
    public void Determinants_are_the_closed_forms()
    {
        (string Name, Func<double[], double> Det)[] forms =
        [
            ("sine(0.5,1.5)", x => 1 + (0.75 * Math.Cos(1.5 * x[0]))),
            ("sinh", x => Math.Cosh(x[0])),
            ("cubic", x => 1 + (3 * x[0] * x[0])),
            ("holder", x => 1 + (1.25 * Math.Pow(Math.Abs(x[0]), 1.5))),
            ("logistic", x => 1 / ((1 + Math.Exp(-x[0])) * (1 + Math.Exp(x[0])))),
            ("neg-sinh", x => -Math.Cosh(x[0])),
            ("rotation", _ => 1),
            ("minus-identity(3)", _ => -1),
            ("henon", _ => -0.3),
            ("banana", _ => 1),
            ("twist(2.5)", _ => 1),
            ("quadratic-complex(0.4)", x => Square(1 + (0.8 * x[0]), 0.8 * x[1])),
            ("exp-complex", x => Math.Exp(2 * x[0])),
            ("moebius(0.5)", x => 1 / (Square(1 - (0.5 * x[0]), 0.5 * x[1]) * Square(1 - (0.5 * x[0]), 0.5 * x[1]))),
            ("polar(-1)", x => Math.Exp(2 * x[0])),
            ("log-polar", x => 1 / Square(x[0], x[1])),
            ("ball-to-space(3)", x => Math.Pow(1 - x.Sum(v => v * v), -2.5)),
            ("generic", x => 1 + (0.3 * x[0] * x[0]) - (0.225 * x[0] * Math.Cos(1.5 * x[1]))),
            ("skew-projective", x => 1 / ((1 + (x[0] * x[1])) * (1 + (x[0] * x[1])))),
            ("helix(2)", _ => 1),
            ("cyclic(4)", x => 1 - (x.Select(Math.Cos).Aggregate(1.0, (a, b) => a * b) / 16)),
            ("cyclic(3)", x => 1 + (x.Select(Math.Cos).Aggregate(1.0, (a, b) => a * b) / 8)),
            ("gradient-tanh", x => 1 + (1.25 / (Math.Cosh(x[0] + (0.5 * x[1])) * Math.Cosh(x[0] + (0.5 * x[1]))))),
            ("triangular(3)", x => x.Aggregate(1.0, (p, v) => p * (1 + (v * v)))),
            ("sqrt-complex", x => 0.25 / Math.Sqrt(Square(x[0], x[1]))),
            ("square-to-disc", x => (1 - (0.5 * Square(x[0], x[1]))) / Math.Sqrt((1 - (0.5 * x[0] * x[0])) * (1 - (0.5 * x[1] * x[1])))),
            ("lorenz", _ => Math.Exp(-41.0 / 15)),
            ("scaling(-1.5,3)", _ => -3.375),
            ("reflection(3)", _ => -1),
            ("shear-chain(5,0.7)", _ => 1),
            ("two-cycle", x => 0.5 * (1.25 - (0.75 * x[0] * x[0]))),
            ("ring-inversion", x => 1 / (Square(x[0], x[1]) * Square(x[0], x[1]))),
            ("ring-square", x => 4 * Square(x[0], x[1])),
            ("interval-swap", _ => 1),
            ("cube", x => 3 * x[0] * x[0]),
            ("fold", x => x[0] < 0 ? -1 : 1),
            ("radial(2)", x =>
            {
                double s = x.Sum(v => v * v), e = 2 * Math.Exp(-s);
                return (1 + (e * ((3 * s) - (2 * s * s)))) * (1 + (e * s));
            }),
        ];
        foreach ((string name, Func<double[], double> det) in forms)
        {
            Target f = Zoo.Parse(name);
            Properties.Holds(Prop.ForAll(Properties.UnitPoint(f.Dimension), u =>
            {
                double[] x = Point(f, u);
                return (Math.Abs(Determinant(f, x) - det(x)) <= 1e-12 * (1 + Math.Abs(det(x)))).Label(name);
            }), 100);
        }

        static double Square(double a, double b) => (a * a) + (b * b);
    }

    [Theory]
    [InlineData("fold", 0.5)]
    [InlineData("ring-square", 0.5, 0.5)]
    public void A_map_that_is_not_injective_has_no_inverse_and_says_so(string name, params double[] y)
    {
        Real[] point = Reals(y);
        InverseStatus status = InverseStatus.Converged;
        Zoo.Parse(name).Inverse<Real>(point, ref status);
        Assert.Equal(InverseStatus.NotUnique, status);
        Assert.All(point, v => Assert.True(double.IsNaN(v.Value)));
        status = InverseStatus.NotFinite;
        Zoo.Parse(name).Inverse<Real>(point, ref status);
        Assert.Equal(InverseStatus.NotFinite, status);
    }

    [Fact]
    public void Failures_of_the_numerical_inverse_are_typed_and_NaN()
    {
        // x²: not onto, so −1 has no preimage; 4 has one
        FormulaTarget square = new("x^2");
        InverseStatus status = InverseStatus.Converged;
        Real[] y = [new(-1)];
        square.Inverse<Real>(y, ref status);
        Assert.Equal(InverseStatus.NotBracketed, status);
        Assert.True(double.IsNaN(y[0].Value));

        status = InverseStatus.Converged;
        y = [new(double.NaN)];
        square.Inverse<Real>(y, ref status);
        Assert.Equal(InverseStatus.NotFinite, status);
        Assert.True(double.IsNaN(y[0].Value));

        status = InverseStatus.Converged;
        Lanes[] lanes = [Lanes.Constant(4).With(3, -1)];
        square.Inverse<Lanes>(lanes, ref status);
        Assert.Equal(InverseStatus.NotBracketed, status);
        for (int lane = 0; lane < 8; lane++) Assert.Equal(lane == 3 ? double.NaN : 2, Math.Abs(lanes[0][lane]), 1e-12);
    }

    /// <summary>f = x + x³ has f⁻¹″ = −f″/f′³ = −6x/(1 + 3x²)³ at y = f(x).</summary>
    [Fact]
    public void The_numerical_inverse_carries_second_derivatives()
    {
        FormulaTarget f = new("x + x^3");
        double x = 0.7, y = x + (x * x * x), slope = 1 + (3 * x * x);
        Dual<Dual<Real>>[] point = [new(new(new(y), new(1)), new(new(1), new(0)))];
        InverseStatus status = InverseStatus.Converged;
        f.Inverse<Dual<Dual<Real>>>(point, ref status);
        Assert.Equal(x, point[0].Value.Value.Value, 1e-15);
        Assert.Equal(1 / slope, point[0].Value.Tangent.Value, 1e-14);
        Assert.Equal(1 / slope, point[0].Tangent.Value.Value, 1e-14);
        Assert.Equal(-6 * x / (slope * slope * slope), point[0].Tangent.Tangent.Value, 1e-13);
    }

    private static double Determinant(Target f, double[] x)
    {
        int d = f.Dimension;
        Real[] value = new Real[d], jacobian = new Real[d * d];
        Jacobian.Evaluate<Real>(f, Reals(x), value, jacobian);
        return SmallMatrix.Determinant([.. jacobian.Select(v => v.Value)], d);
    }

    private sealed class Inverse(Target f) : IMap
    {
        public int Dimension => f.Dimension;

        public void Map<T>(Span<T> x) where T : unmanaged, IScalar<T>
        {
            InverseStatus status = InverseStatus.Converged;
            f.Inverse(x, ref status);
        }
    }
}
