using UniversalFlows.Bijections;
using UniversalFlows.Bijections.Conditioners;
using UniversalFlows.Bijections.Transformers;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using UniversalFlows.Targets;
using UniversalFlows.Testing;
using UniversalFlows.Training;
using Xunit;

namespace UniversalFlows.Tests.Registration;

/// <summary>Nothing in the library is only half there.</summary>
public sealed class RegistrationTests
{
    private static readonly Lazy<Registered> s_registered = new(() => new Registered());

    [Fact]
    public void Every_type_is_registered_documented_and_under_the_laws()
    {
        Type[] types = [.. Registered.Kinds(typeof(IBijection).Assembly)];
        Assert.True(types.Length > 40, $"only {types.Length} types were found");
        foreach (Type expected in (Type[])[typeof(Coupling), typeof(AffineTransformer), typeof(TableConditioner), typeof(Ball), typeof(LevenbergMarquardt), typeof(AdamFit)]) Assert.Contains(expected, types);
        Assert.Empty(types.SelectMany(s_registered.Value.Missing));
    }

    [Fact]
    public void Every_check_of_a_law_is_in_a_law() =>
        Assert.Empty(Registered.LawsWithoutPlace(typeof(FlowLaws).Assembly.GetTypes().Where(t => t.Namespace == "UniversalFlows.Testing.Laws")));

    /// <summary>Types of this file that exist and are nowhere registered.</summary>
    [Theory]
    [InlineData(typeof(PlantedBijection), "PlantedBijection is in no case of BijectionRegistry")]
    [InlineData(typeof(PlantedBijection), "PlantedBijection has no form in the flow file")]
    [InlineData(typeof(PlantedTransformer), "PlantedTransformer is in no case of BijectionRegistry")]
    [InlineData(typeof(PlantedTransformer), "PlantedTransformer is no family's transformer: uf list flows does not show it")]
    [InlineData(typeof(PlantedConditioner), "PlantedConditioner is in no case of BijectionRegistry")]
    [InlineData(typeof(PlantedTarget), "PlantedTarget is not in the Zoo")]
    [InlineData(typeof(PlantedLaw), "PlantedLaw is not in Laws")]
    [InlineData(typeof(PlantedOptimiser), "no page speaks of PlantedOptimiser")]
    [InlineData(typeof(PlantedOptimiser), "no test speaks of PlantedOptimiser")]
    public void A_planted_type_is_reported(Type type, string missing)
    {
        Assert.Contains(type, Registered.Kinds(typeof(RegistrationTests).Assembly));
        Assert.Contains(missing, s_registered.Value.Missing(type));
    }

    [Fact]
    public void A_planted_check_is_reported() => Assert.Equal(["PlantedChecks.HoldsAlways is in no law of FlowLaws"], Registered.LawsWithoutPlace([typeof(PlantedChecks)]));

    private static class PlantedChecks
    {
        public static string? HoldsAlways(Trial trial) => trial is null ? "" : null;
    }

    private sealed class PlantedBijection : IBijection
    {
        public int Dimension => 1;

        public IEnumerable<Dense> Parameters => [];

        public void Map<T>(Span<T> x) where T : unmanaged, IScalar<T>
        {
        }

        public T Forward<T>(Span<T> x) where T : unmanaged, IScalar<T> => T.Constant(0);

        public T Inverse<T>(Span<T> y, ref InverseStatus status) where T : unmanaged, IScalar<T> => T.Constant(0);
    }

    private sealed class PlantedTransformer : ITransformer
    {
        public int RawCount => 1;

        public int ParameterCount => 1;

        public void Parameters<T>(ReadOnlySpan<T> raw, Span<T> p) where T : unmanaged, IScalar<T> => raw.CopyTo(p);

        public T Value<T>(T x, ReadOnlySpan<T> p) where T : unmanaged, IScalar<T> => x + p[0];

        public T Forward<T>(T x, ReadOnlySpan<T> p, out T logDerivative) where T : unmanaged, IScalar<T>
        {
            logDerivative = T.Constant(0);
            return x + p[0];
        }

        public void Bracket(Lanes y, ReadOnlySpan<Lanes> p, out Lanes lower, out Lanes upper) => lower = upper = y - p[0];

        public void IdentityRaw(Span<double> raw) => raw.Clear();
    }

    private sealed class PlantedConditioner : IConditioner
    {
        public int Inputs => 1;

        public int Outputs => 1;

        public IEnumerable<Dense> Parameters => [];

        public void Evaluate<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IScalar<T> => x.CopyTo(y);
    }

    private sealed class PlantedTarget() : Target("planted", "x", UniversalFlows.Targets.Domain.Cube(1, -1, 1), 1)
    {
        public override void Map<T>(Span<T> x)
        {
        }
    }

    private sealed class PlantedLaw() : UniversalFlows.Distributions.DensityLaw("planted", "N(0, 1)", UniversalFlows.Targets.Domain.Cube(1, -1, 1))
    {
        public override T LogDensity<T>(ReadOnlySpan<T> x) => x[0];

        public override void Sample(Philox random, Span<double> x) => x.Clear();
    }

    private static class PlantedOptimiser
    {
        public static FitResult Fit() => throw new NotSupportedException();
    }
}
