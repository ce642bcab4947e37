using UniversalFlows.Bijections.Transformers;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using UniversalFlows.Targets;
using UniversalFlows.Tests.Oracles;
using Xunit;

namespace UniversalFlows.Tests.Bijections;

/// <summary>Log-derivatives with known digits (docs/known-answers.md, rows 7, 10, 11).</summary>
public sealed class LogDerivativeTests
{
    /// <summary>log σ′(z), and log tanh′(z) = log 4 + log σ′(2z): ten known digits, and all digits of a 77-digit evaluation.</summary>
    [Theory]
    [InlineData(0, -1.3862943611, 0)]
    [InlineData(3.3, -3.3724385177, -5.2164245260)]
    [InlineData(10, -10.0000907978, -18.6137056430)]
    public void The_logistic_function_and_tanh(double z, double logistic, double tanh)
    {
        foreach (double x in (double[])[z, -z])
        {
            double found = LogSlope(x), found2 = LogSlope(2 * x) + (2 * Math.Log(2));
            Assert.Equal(logistic, found, 1e-10);
            Assert.Equal(tanh, found2, 1e-10);
            BigReal s = BigReal.Logistic((BigReal)x), t = BigReal.Tanh((BigReal)x);
            double exact = (double)BigReal.Log(s * (1 - s)), exact2 = (double)BigReal.Log(1 - (t * t));
            Assert.Equal(exact, found, 4e-16 * (1 + Math.Abs(found)));
            Assert.Equal(exact2, found2, 4e-16 * (3 + Math.Abs(found2)));
            // forward mode: σ′ = σ(z)σ(−z) has all its digits, 1 − tanh² those that are left of 1
            Assert.Equal(exact, Math.Log(Dual<Real>.Logistic(Dual<Real>.Variable(new(x))).Tangent.Value), 2e-15);
            Assert.Equal(exact2, Math.Log(Dual<Real>.Tanh(Dual<Real>.Variable(new(x))).Tangent.Value), 1e-15 * Math.Exp(-tanh));
        }

        static double LogSlope(double z) => SigmoidMixture.LogSlope(new Real(z), default, default).Value;
    }

    /// <summary>The planar map x + tanh x (w = û = 1, b = 0) as a formula: f(1) = 1 + tanh 1, log f′(1) = log(1 + sech² 1).</summary>
    [Fact]
    public void A_planar_map_written_as_a_formula()
    {
        Target planar = TargetParser.Parse("x + tanh(x)");
        Dual<Real>[] x = [Dual<Real>.Variable(new(1))];
        planar.Map<Dual<Real>>(x);
        Assert.Equal(1.7615941560, x[0].Value.Value, 1e-10);
        Assert.Equal(0.3506388022, Math.Log(x[0].Tangent.Value), 1e-10);
        BigReal tanh = BigReal.Tanh(1);
        Assert.Equal((double)(1 + tanh), x[0].Value.Value, 3e-16);
        Assert.Equal((double)BigReal.Log(2 - (tanh * tanh)), Math.Log(x[0].Tangent.Value), 3e-16);
    }

    /// <summary>ż = (log 2)·z for time 1 is y = 2x with log-derivative log 2: the affine transformer in its product form is the flow of that equation.</summary>
    [Fact]
    public void The_flow_of_a_linear_equation_doubles()
    {
        AffineTransformer f = new(new PositiveMap(PositiveKind.Exp), ShiftForm.Product);
        Real[] p = new Real[f.ParameterCount];
        f.Parameters<Real>([new(Math.Log(2)), new(0)], p);
        foreach (double x in (double[])[-3, 0, 0.7, 1e9])
        {
            Assert.Equal(2 * x, f.Forward(new Real(x), p, out Real logDerivative).Value, 3e-16 * Math.Abs(2 * x));
            Assert.Equal(0.6931471805599453, logDerivative.Value, 1e-16);
        }
    }
}
