using UniversalFlows.Bijections;
using UniversalFlows.Proofs.ExactControls;
using UniversalFlows.Targets;
using UniversalFlows.Training;
using Xunit;
using Exact = UniversalFlows.Proofs.ExactControls.Controls;

namespace UniversalFlows.Tests.Controls;

/// <summary>Each control has its analytic value and holds; with a flow from outside the class in place of the trained one it does not.</summary>
public sealed class ControlTests
{
    private static void Holds(ControlResult result, double exact, double tolerance = 1e-9)
    {
        Assert.Equal(exact, result.Exact, tolerance * (1 + Math.Abs(exact)));
        foreach (ControlQuantity q in result.Quantities)
        {
            Assert.True(q.ExactHolds, $"{result.Id}, {q.Name}: {q.Exact:R} by {q.ExactBy}, {q.CrossCheck:R} by {q.CrossCheckBy}");
            Assert.True(q.TrainedHolds, $"{result.Id}, {q.Name}: trained {q.Trained:R} is below {q.Exact:R}");
            Assert.True(q.WitnessHolds, $"{result.Id}, {q.Name}: the witness has [{q.WitnessLower:R}, {q.WitnessUpper:R}], not {q.Exact:R}");
            Assert.True(q.TwinHolds, $"{result.Id}, {q.Name}: the twin has {q.Twin:R}, above {q.TwinAtMost:R}");
        }

        Assert.True(result.PointsHold && result.Holds);
    }

    private static void Fails(ControlResult result) => Assert.False(result.Holds);

    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    public void Affine_couplings_of_the_line_stop_at_a_quarter(int depth) => Holds(Exact.N1(depth), 0.25, 1e-15);

    [Fact]
    public void A_polynomial_layer_does_not() => Fails(Exact.N1(trainee: new Architecture(FlowFamily.Sos, 1, 1, [], Reach: 1).Initialise(1)));

    /// <summary>The numbers of the literature on rearrangement: 0.28231, 0.85286, 1 − log 2, 1.91745.</summary>
    [Fact]
    public void Constant_volume_stays_away_from_the_square()
    {
        ControlResult free = Exact.N2(), none = Exact.N2(freeScale: false);
        Holds(free, 0.28231, 1e-5);
        Holds(none, 0.85286, 1e-5);
        Assert.Equal(0.30685, free.Quantities[1].Exact, 1e-5);
        Assert.Equal(1.91745, none.Quantities[1].Exact, 1e-5);
    }

    [Fact]
    public void Volume_that_changes_does_not() =>
        Fails(Exact.N2(trainee: new Composition(2, [new Linear([3.5, 0, 0, 3.5], [-1.75, -1.75]), .. new Architecture(FlowFamily.Acf, 2, 4, [12], Reach: 4).Initialise(1).Parts])));

    [Theory]
    [InlineData(FlowFamily.Acf, 1, false)]
    [InlineData(FlowFamily.Acf, 2, true)]
    [InlineData(FlowFamily.Planar, 2, false)]
    [InlineData(FlowFamily.Residual, 2, false)]
    [InlineData(FlowFamily.Acf, 3, false)]
    public void Orientation_costs_one(FlowFamily family, int dimension, bool swap)
    {
        ControlResult result = Exact.N4(family, dimension, swap);
        Holds(result, 1);
        if (dimension == 1) Assert.Equal(Math.Sqrt(2.0 / 3), result.Quantities[1].Exact, 1e-15);
    }

    [Fact]
    public void A_negative_determinant_does_not() =>
        Fails(Exact.N4(trainee: new Composition(2, [new Linear([1, 0, 0, -1], [0, 0]), .. new Architecture(FlowFamily.Acf, 2, 2, [8]).Initialise(1).Parts])));

    [Theory]
    [InlineData(FlowFamily.Planar, 1, 2, 2)]
    [InlineData(FlowFamily.Planar, 2, 3, 0.5)]
    [InlineData(FlowFamily.Sylvester, 1, 2, 2)]
    public void Few_hidden_units_leave_a_direction_alone(FlowFamily family, int layers, int dimension, double scale) =>
        Holds(Exact.N7(family, layers, dimension, scale), Math.Abs(1 - scale), 1e-15);

    [Fact]
    public void As_many_as_dimensions_do_not() => Fails(Exact.N7(trainee: new Architecture(FlowFamily.Planar, 2, 4, []).Initialise(2)));

    [Fact]
    public void One_order_cannot_turn_the_plane() => Holds(Exact.N8(), 1, 1e-15);

    [Fact]
    public void Two_orders_can() => Fails(Exact.N8(trainee: new Architecture(FlowFamily.Maf, 2, 4, [8]).Initialise(1)));

    [Theory]
    [InlineData(1, 0.5, 4, 2.5)]
    [InlineData(3, 0.5, 4, 0.625)]
    [InlineData(4, 0.5, 4, 0)]
    [InlineData(2, 0.9, 4, 0.39)]
    public void Contractions_stretch_so_much_and_no_more(int layers, double lipschitz, double scale, double exact) => Holds(Exact.N9(layers, lipschitz, scale), exact, 1e-14);

    [Fact]
    public void Couplings_stretch_more() => Fails(Exact.N9(2, trainee: new Architecture(FlowFamily.Acf, 2, 4, []).Initialise(1)));

    [Fact]
    public void Minus_the_identity_takes_exactly_four_couplings()
    {
        ControlResult result = Exact.N10();
        Holds(result, 4, 0);
        Assert.Equal(9, result.Points.Count(p => p.Series == "best found" && p.Exact <= p.Measured * (1 + 1e-12) && p.Measured <= 2 / p.X));
    }

    /// <summary>Three couplings and a turn by 180° in front of them: an orientation-preserving linear map, yet no coupling.</summary>
    [Fact]
    public void A_turn_in_disguise_is_found_out() =>
        Fails(Exact.N10(trainee: new Composition(2, [new Linear([-1, 0, 0, -1], [0, 0]), .. new Architecture(FlowFamily.Acf, 2, 3, []).Initialise(1).Parts])));

    [Theory]
    [InlineData(1, 0.36875)]
    [InlineData(4, 0.09922)]
    [InlineData(16, 0.02493)]
    public void A_Lipschitz_constant_costs_mass_between_two_points(double lipschitz, double exact) => Holds(Exact.N12(lipschitz), exact, 1e-5);

    [Fact]
    public void A_steeper_map_costs_less()
    {
        Composition steep = new Architecture(FlowFamily.Dsf, 1, 2, []).Initialise(1);
        LevenbergMarquardt.Fit(steep, new FormulaTarget("0.5*(abs(16*x + 1) - abs(16*x - 1))"), Domain.Cube(1, -2.5, 2.5), new LevenbergMarquardtOptions(40));
        Fails(Exact.N12(4, trainee: steep));
    }

    [Theory]
    [InlineData(2, false, 0.25)]
    [InlineData(2, true, 0)]
    [InlineData(8, false, 0.442857142857)]
    [InlineData(16, true, 0.414814814815)]
    public void Whitening_falls_at_its_rate(int dimension, bool normalised, double exact) => Holds(Exact.Whitening(dimension, normalised), exact, 1e-11);

    /// <summary>The layer forgets to give the active coordinates unit variances.</summary>
    [Fact]
    public void Half_a_whitening_layer_is_slower()
    {
        ControlResult result = Exact.Whitening(4, layer: (s, d) =>
        {
            for (int i = 0; i < d; i++)
                for (int j = 0; j < d; j++)
                    if (i < d / 2 != j < d / 2) s[(i * d) + j] = 0;
        });
        Assert.False(result.Holds);
    }

    /// <summary>Every 2×2 matrix of positive determinant: as many layers as the cases say, positive scales, alternating, and the right product.</summary>
    [Fact]
    public void Explicit_factors_multiply_to_the_matrix()
    {
        double[][] matrices = [[1, 0, 0, 1], [2, 1, 0, 1], [1, 0, -3, 0.5], [1, 1, 1, 2], [-1, 2, -1, 1], [0, -1, 1, 0], [-1, 0, 0.25, -2], [-1, 0, 0, -1], [-2, 0, 0, -0.5]];
        int[] layers = [0, 1, 1, 2, 2, 3, 3, 4, 4];
        foreach ((double[] m, int count) in matrices.Zip(layers))
        {
            IReadOnlyList<AlternatingLayer> factors = AlternatingLayers.Factor(m)!;
            Assert.Equal(count, factors.Count);
            Assert.Equal(count, AlternatingLayers.Least(m));
            double[] product = AlternatingLayers.Product(factors);
            for (int i = 0; i < 4; i++) Assert.Equal(m[i], product[i], 1e-14);
            Assert.All(factors, f => Assert.True(f.Factor > 0));
            Assert.All(factors.Zip(factors.Skip(1)), p => Assert.NotEqual(p.First.Active, p.Second.Active));
        }

        Assert.Null(AlternatingLayers.Factor([1, 0, 0, -1]));
    }

    [Fact]
    public void Results_do_not_change_from_run_to_run()
    {
        ControlResult a = Exact.N9(2), b = Exact.N9(2);
        Assert.Equal(a.Quantities, b.Quantities);
        Assert.Equal(a.Points, b.Points);
    }
}
