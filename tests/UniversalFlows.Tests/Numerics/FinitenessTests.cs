using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using Xunit;

namespace UniversalFlows.Tests.Numerics;

public sealed class FinitenessTests
{
    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void One_lane_that_is_not_finite_lowers_the_status(double wrong)
    {
        for (int lane = 0; lane < Lanes.Width; lane++)
        {
            Lanes x = Lanes.Constant(double.MaxValue).With(lane, wrong);
            Assert.Equal(InverseStatus.NotFinite, Finiteness.Lower(InverseStatus.Converged, x));
            Assert.Equal(InverseStatus.NotFinite, Finiteness.Lower(InverseStatus.Stalled, x));
            Assert.Equal(InverseStatus.NotBracketed, Finiteness.Lower(InverseStatus.NotBracketed, x)); // said before, and more precisely
        }
    }

    [Fact]
    public void Finite_values_keep_the_status()
    {
        foreach (InverseStatus status in Enum.GetValues<InverseStatus>())
        {
            Assert.Equal(status, Finiteness.Lower(status, Lanes.Constant(-double.MaxValue)));
            Assert.Equal(status, Finiteness.Lower(status, new Real(0)));
        }
    }
}
