using FsCheck;
using FsCheck.Fluent;
using UniversalFlows.Bijections;
using UniversalFlows.Bijections.Transformers;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using UniversalFlows.Testing;
using Xunit;

namespace UniversalFlows.Tests;

/// <summary>Test methods with generated arguments: <see cref="PropertyAttribute"/> at work, and seen to fail.</summary>
public sealed class PropertyTests
{
    private int _calls;

    /// <summary>Doubles of [−4, 4], and bijections of the registry at random parameters.</summary>
    private static class Numbers
    {
        public static Arbitrary<double> Moderate() => Arb.From(Properties.Real(-4, 4));

        public static Arbitrary<Trial> Trials() => Arb.From(
            from subject in Gen.Elements(BijectionRegistry.All.AsEnumerable()) from seed in Gen.Choose(0, int.MaxValue) select new Trial(subject, (ulong)seed));
    }

    [Property(Arbitrary = [typeof(Numbers)])]
    public bool A_positive_map_is_positive_and_its_raw_number_comes_back(double raw, double offset, PositiveKind kind)
    {
        PositiveMap map = new(kind, Offset: offset);
        double value = map.Value(new Real(raw)).Value;
        // the logistic function is flat at its ends: its argument is known to eps/σ′ only
        return value > 0 && Math.Abs(map.Raw(value) - raw) <= 1e-11;
    }

    [Property(Arbitrary = [typeof(Numbers)])]
    public void A_linear_map_and_its_inverse_have_opposite_log_determinants(double a, double b, double c, double d)
    {
        double[] matrix = [4 + (a * a), b, c, 4 + (d * d)];
        // 4·4 > |bc| unless |bc| ≥ 16, which [−4, 4]² reaches at its corners alone
        if (matrix[0] * matrix[3] - (b * c) < 1e-3) return;
        Linear map = new(matrix, [a, b]);
        Real[] x = [new(c), new(d)];
        double there = map.Forward<Real>(x).Value;
        InverseStatus status = default;
        double back = map.Inverse<Real>(x, ref status).Value;
        Assert.Equal(there, -back);
        Assert.Equal(c, x[0].Value, 1e-11);
        Assert.Equal(d, x[1].Value, 1e-11);
    }

    [Property(Arbitrary = [typeof(Numbers)], MaxTest = 100)]
    public bool The_origin_has_a_finite_image_under_every_registered_bijection(Trial trial) =>
        trial.Values.Forward(new double[trial.Dimension]) is { } image && image.Values.All(double.IsFinite) && double.IsFinite(image.LogDets[0]);

    [Fact]
    public void A_false_property_fails_with_its_arguments_and_seed()
    {
        Exception e = Assert.ThrowsAny<Exception>(() => new PropertyAttribute { Arbitrary = [typeof(Numbers)] }.Check(GetType().GetMethod(nameof(IsSmall), Hidden)!, this));
        Assert.Contains("Falsifiable", e.ToString(), StringComparison.Ordinal);
        Assert.Contains("(20240611,1)", e.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_property_that_throws_fails() =>
        Assert.Contains("too large", Assert.ThrowsAny<Exception>(() => new PropertyAttribute { Arbitrary = [typeof(Numbers)] }.Check(GetType().GetMethod(nameof(Complains), Hidden)!, this)).ToString(), StringComparison.Ordinal);

    [Fact]
    public void A_property_is_called_as_often_as_asked()
    {
        new PropertyAttribute { Arbitrary = [typeof(Numbers)], MaxTest = 37 }.Check(GetType().GetMethod(nameof(Counts), Hidden)!, this);
        Assert.Equal(37, _calls);
    }

    private const System.Reflection.BindingFlags Hidden = System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance;

    private bool IsSmall(double x) => ++_calls > 0 && x < 2;

    private void Complains(double x)
    {
        _calls++;
        if (x > 2) throw new InvalidOperationException("too large");
    }

    private void Counts(double x) => _calls += double.IsFinite(x) ? 1 : 1000;
}
