using UniversalFlows.Bijections;
using UniversalFlows.Bijections.Transformers;
using UniversalFlows.Measurement;
using UniversalFlows.Numerics;
using UniversalFlows.Proofs.Bench;
using UniversalFlows.Scalars;
using Xunit;

namespace UniversalFlows.Tests.Bijections;

public sealed class SlopeTests
{
    [Theory]
    [InlineData(FlowFamily.Dsf)]
    [InlineData(FlowFamily.Sos)]
    public void The_slope_of_an_iteration_is_that_of_the_formula(FlowFamily family)
    {
        ITransformer f = Architecture.DefaultTransformer(family, 3);
        Philox random = new(5, "slopes");
        for (int trial = 0; trial < 300; trial++)
        {
            Lanes[] raw = new Lanes[f.RawCount], p = new Lanes[f.ParameterCount];
            for (int i = 0; i < raw.Length; i++)
                for (int lane = 0; lane < Lanes.Width; lane++) raw[i] = raw[i].With(lane, random.NextUniform(-3, 3));
            f.Parameters<Lanes>(raw, p);
            Lanes x = default;
            for (int lane = 0; lane < Lanes.Width; lane++) x = x.With(lane, random.NextUniform(-6, 6));
            Lanes expected = f.Forward<Lanes>(x, p, out Lanes logDerivative), value = f.ValueAndSlope(x, p, out Lanes slope);
            Assert.Equal(expected, value);
            for (int lane = 0; lane < Lanes.Width; lane++)
            {
                double derivative = Lanes.Exp(logDerivative)[lane];
                Assert.InRange(slope[lane], derivative * (1 - 1e-12), derivative * (1 + 1e-12));
            }
        }
    }

    [Theory]
    [InlineData(FlowFamily.Dsf)]
    [InlineData(FlowFamily.Sos)]
    public void Bisection_and_iteration_find_the_same_inverse(FlowFamily family)
    {
        Composition flow = new Architecture(family, 3, 4, [8], Activation.Tanh).Initialise(2);
        const int count = 600;
        double[] points = new double[3 * count], newton = new double[3 * count], logs = new double[count];
        new Philox(3, "points").FillNormal(points);
        Assert.Equal(InverseStatus.Converged, Evaluation.Inverse(flow, points, newton, logs));
        double[] lanes = new double[3 * count], one = new double[3 * count], lanesLogs = new double[count], oneLogs = new double[count];
        Bisection.Inverse<Lanes>(flow, points, lanes, lanesLogs, Lanes.Width, 2);
        Bisection.Inverse<Real>(flow, points, one, oneLogs, 1, 2);
        for (int i = 0; i < points.Length; i++)
        {
            Assert.Equal(newton[i], lanes[i], 1e-12 * (1 + Math.Abs(newton[i])));
            Assert.Equal(newton[i], one[i], 1e-12 * (1 + Math.Abs(newton[i])));
        }

        for (int n = 0; n < count; n++) Assert.Equal(logs[n], lanesLogs[n], 1e-11);
        for (int n = 0; n < count; n++) Assert.Equal(logs[n], oneLogs[n], 1e-11);
    }
}
