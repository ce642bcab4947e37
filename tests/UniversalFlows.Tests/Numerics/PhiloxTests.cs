using UniversalFlows.Numerics;
using Xunit;

namespace UniversalFlows.Tests.Numerics;

public class PhiloxTests
{
    [Fact]
    public void Blocks_are_the_known_answers_of_Random123()
    {
        Assert.Equal((0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u), Philox.Block((0, 0), (0, 0, 0, 0)));
        Assert.Equal((0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu),
            Philox.Block((uint.MaxValue, uint.MaxValue), (uint.MaxValue, uint.MaxValue, uint.MaxValue, uint.MaxValue)));
        Assert.Equal((0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u),
            Philox.Block((0xa4093822, 0x299f31d0), (0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344)));
    }

    [Fact]
    public void Seed_0_stream_0_begins_with_block_0_then_block_1()
    {
        Philox random = new(0, 0);
        uint[] first = [random.NextUInt32(), random.NextUInt32(), random.NextUInt32(), random.NextUInt32()];
        Assert.Equal([0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u], first);
        Assert.Equal(Philox.Block((0, 0), (1, 0, 0, 0)).X0, random.NextUInt32());
    }

    [Fact]
    public void Stream_keys_are_FNV_1a_of_the_code_units()
    {
        Assert.Equal(0xcbf29ce484222325UL, Philox.StreamKey(""));
        // by hand: two bytes, 'a' and 0
        ulong expected = unchecked(((0xcbf29ce484222325UL ^ 'a') * 0x100000001B3UL ^ 0) * 0x100000001B3UL);
        Assert.Equal(expected, Philox.StreamKey("a"));
        Assert.NotEqual(Philox.StreamKey("ab"), Philox.StreamKey("ba"));
        // λ is U+03BB: its low byte comes first
        Assert.Equal(unchecked(((0xcbf29ce484222325UL ^ 0xBB) * 0x100000001B3UL ^ 0x03) * 0x100000001B3UL), Philox.StreamKey("λ"));
        Assert.Throws<ArgumentNullException>("task", () => Philox.StreamKey(null!));
    }

    [Fact]
    public void Uniforms_lie_in_the_open_interval_on_the_odd_multiples_of_the_last_bit()
    {
        Philox random = new(7, "uniforms");
        double sum = 0, squares = 0;
        const int N = 200_000;
        for (int i = 0; i < N; i++)
        {
            double u = random.NextUniform();
            Assert.True(u is > 0 and < 1);
            double scaled = u * (1L << 53);
            Assert.Equal(scaled, Math.Floor(scaled));
            Assert.Equal(1, (long)scaled & 1);
            sum += u;
            squares += u * u;
        }

        // five standard errors: √(1/12/N) and √(4/45/N)
        Assert.InRange(sum / N, 0.5 - 0.0033, 0.5 + 0.0033);
        Assert.InRange(squares / N, (1.0 / 3) - 0.0034, (1.0 / 3) + 0.0034);
    }

    /// <summary>Number n of a stream, bit by bit from its blocks: 52 bits of two words, high word first; the seed's and the stream's halves in their places.</summary>
    [Fact]
    public void Uniforms_are_the_bits_of_the_blocks()
    {
        const ulong Seed = 0x0123456789ABCDEF, Stream = 0xFEDCBA9876543210;
        Philox random = new(Seed, Stream), again = new(Seed, Stream), bounded = new(Seed, Stream);
        double[] filled = new double[6];
        again.FillUniform(filled);
        for (uint block = 0; block < 3; block++)
        {
            (uint x0, uint x1, uint x2, uint x3) = Philox.Block((0x89ABCDEF, 0x01234567), (block, 0, 0x76543210, 0xFEDCBA98));
            foreach ((uint high, uint low) in ((uint, uint)[])[(x0, x1), (x2, x3)])
            {
                double expected = ((((ulong)high << 32) + low) / 4096 + 0.5) / Math.Pow(2, 52), u = random.NextUniform();
                Assert.Equal(expected, u);
                Assert.Equal(-3 + (5 * u), bounded.NextUniform(-3, 2), 1e-15);
                Assert.Equal(u, filled[(2 * block) + (high == x0 ? 0u : 1u)]);
            }
        }
    }

    /// <summary>The pair of Box and Muller, cosine first; filling gives the same numbers.</summary>
    [Fact]
    public void Normals_are_those_of_Box_and_Muller()
    {
        Philox uniform = new(5, 6), normal = new(5, 6), fill = new(5, 6);
        double[] filled = new double[9];
        fill.FillNormal(filled);
        for (int pair = 0; pair < 4; pair++)
        {
            double u = uniform.NextUniform(), v = uniform.NextUniform(), radius = Math.Sqrt(-2 * Math.Log(u));
            double first = normal.NextNormal(), second = normal.NextNormal();
            Assert.Equal(radius * Math.Cos(2 * Math.PI * v), first, 1e-14);
            Assert.Equal(radius * Math.Sin(2 * Math.PI * v), second, 1e-14);
            Assert.Equal((first, second), (filled[2 * pair], filled[(2 * pair) + 1]));
        }
    }

    [Fact]
    public void Normals_have_the_normal_moments_and_tails()
    {
        Philox random = new(7, "normals");
        const int N = 200_000;
        double[] x = new double[N];
        random.FillNormal(x);
        double Moment(int k) => x.Sum(v => Math.Pow(v, k)) / N;
        Assert.InRange(Moment(1), -5 / Math.Sqrt(N), 5 / Math.Sqrt(N));
        Assert.InRange(Moment(2), 1 - (5 * Math.Sqrt(2.0 / N)), 1 + (5 * Math.Sqrt(2.0 / N)));
        Assert.InRange(Moment(3), -5 * Math.Sqrt(15.0 / N), 5 * Math.Sqrt(15.0 / N));
        Assert.InRange(Moment(4), 3 - (5 * Math.Sqrt(96.0 / N)), 3 + (5 * Math.Sqrt(96.0 / N)));
        // P(|x| > 1.959964) = 0.05; neighbours (the pairs of Box and Muller) are uncorrelated
        Assert.InRange(x.Count(v => Math.Abs(v) > 1.959963984540054) / (double)N, 0.05 - 0.0025, 0.05 + 0.0025);
        Assert.InRange(Enumerable.Range(0, N / 2).Sum(i => x[2 * i] * x[(2 * i) + 1]) / (N / 2), -5 / Math.Sqrt(N / 2), 5 / Math.Sqrt(N / 2));
    }

    [Fact]
    public void Integers_are_uniform()
    {
        Philox random = new(3, "integers");
        int[] counts = new int[6];
        for (int i = 0; i < 60_000; i++) counts[random.NextInt(6)]++;
        double chiSquare = counts.Sum(c => (c - 10_000.0) * (c - 10_000.0) / 10_000);
        Assert.InRange(chiSquare, 0, 25); // 5 degrees of freedom: P(> 25) = 1.4e-4
        Assert.Throws<ArgumentOutOfRangeException>("count", () => random.NextInt(0));
        // 2³² = 2·(3·2²⁹) + 2³⁰: without rejection two of three integers would come three times where the third comes twice
        const int Large = 3 << 29, N = 30_000;
        Assert.InRange(Enumerable.Range(0, N).Count(_ => random.NextInt(Large) % 3 == 0), (N / 3) - 410, (N / 3) + 410);
        Assert.Equal(0, random.NextInt(1));
    }
}
