using UniversalFlows.Numerics;
using Xunit;

namespace UniversalFlows.Tests.Numerics;

public class LowDiscrepancyTests
{
    [Fact]
    public void Every_coordinate_of_a_net_has_one_point_in_each_dyadic_interval()
    {
        const int M = 10, N = 1 << M;
        LowDiscrepancy sequence = new(LowDiscrepancy.MaxSobolDimension, 5, "test");
        double[] u = new double[sequence.Dimension];
        bool[,] seen = new bool[sequence.Dimension, N];
        for (uint i = 0; i < N; i++)
        {
            sequence.Point(i, u);
            for (int j = 0; j < u.Length; j++)
            {
                Assert.True(u[j] is > 0 and < 1);
                Assert.False(seen[j, (int)(u[j] * N)]);
                seen[j, (int)(u[j] * N)] = true;
            }
        }
    }

    [Fact]
    public void The_first_two_coordinates_are_a_0_m_2_net()
    {
        const int M = 8;
        LowDiscrepancy sequence = new(2, 11, "test");
        double[] u = new double[2];
        for (int k = 0; k <= M; k++)
        {
            HashSet<(int, int)> cells = [];
            for (uint i = 0; i < 1 << M; i++)
            {
                sequence.Point(i, u);
                Assert.True(cells.Add(((int)(u[0] * (1 << k)), (int)(u[1] * (1 << (M - k))))));
            }
        }
    }

    /// <summary>The shift drops out of differences; what is left are the direction numbers, by hand.</summary>
    [Fact]
    public void Differences_are_those_of_Sobol()
    {
        LowDiscrepancy sequence = new(3, 1, "test");
        double[] origin = new double[3], u = new double[3];
        sequence.Point(0, origin);
        uint[] Bits(uint index)
        {
            sequence.Point(index, u);
            return [.. u.Zip(origin, (a, b) => (uint)(a * 4294967296.0) ^ (uint)(b * 4294967296.0))];
        }

        Assert.Equal([0x80000000u, 0x80000000u, 0x80000000u], Bits(1));
        Assert.Equal([0x40000000u, 0xC0000000u, 0xC0000000u], Bits(2));
        // m_3 = 2·3 ⊕ 3 = 5 for x + 1, and 2·3 ⊕ 4·1 ⊕ 1 = 3 for x² + x + 1
        Assert.Equal([0x20000000u, 0xA0000000u, 0x60000000u], Bits(4));
    }

    /// <summary>
    /// The direction numbers m_k (bits of the difference of points 2^{k−1} and 0) follow the recurrence of their primitive polynomial x^s + a_1 x^{s−1} + … + 1:
    /// m_k = 2a_1 m_{k−1} ⊕ … ⊕ 2^{s−1} a_{s−1} m_{k−s+1} ⊕ 2^s m_{k−s} ⊕ m_{k−s}; each is odd and below 2^k.
    /// </summary>
    [Fact]
    public void Direction_numbers_follow_their_polynomials()
    {
        // s, and a_1 … a_{s−1} as binary digits (Joe and Kuo 2008)
        (int S, string A)[] polynomials =
        [
            (1, ""), (2, "1"), (3, "01"), (3, "10"), (4, "001"), (4, "100"), (5, "0010"), (5, "0100"), (5, "0111"), (5, "1011"), (5, "1101"), (5, "1110"),
            (6, "00001"), (6, "01101"), (6, "10000"),
        ];
        LowDiscrepancy sequence = new(16, 1, "test");
        double[] origin = new double[16], u = new double[16];
        sequence.Point(0, origin);
        ulong[][] m = [.. Enumerable.Range(0, 16).Select(_ => new ulong[33])];
        for (int k = 1; k <= 32; k++)
        {
            sequence.Point(1u << (k - 1), u);
            for (int j = 0; j < 16; j++)
            {
                // computed anew, and as the sequence has kept it
                Assert.Equal((ulong)LowDiscrepancy.Directions(j)[k - 1], (ulong)(u[j] * 4294967296.0) ^ (ulong)(origin[j] * 4294967296.0));
                m[j][k] = ((ulong)(u[j] * 4294967296.0) ^ (ulong)(origin[j] * 4294967296.0)) >> (32 - k);
                Assert.True(m[j][k] % 2 == 1 && m[j][k] < 1UL << k);
            }
        }

        for (int k = 1; k <= 32; k++) Assert.Equal(1UL, m[0][k]); // van der Corput
        for (int j = 1; j < 16; j++)
        {
            (int s, string a) = polynomials[j - 1];
            for (int k = s + 1; k <= 32; k++)
            {
                ulong expected = (m[j][k - s] << s) ^ m[j][k - s];
                for (int i = 1; i < s; i++)
                    if (a[i - 1] == '1') expected ^= m[j][k - i] << i;
                Assert.Equal(expected, m[j][k]);
            }
        }
    }

    [Fact]
    public void Bad_arguments_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>("dimension", () => new LowDiscrepancy(0, 1, "test"));
        Assert.Throws<ArgumentException>("u", () => new LowDiscrepancy(3, 1, "test").Point(0, new double[2]));
    }

    [Fact]
    public void Seeds_and_purposes_choose_other_shifts_and_other_random_coordinates()
    {
        double[] First(int d, ulong seed, string purpose, uint index)
        {
            double[] u = new double[d];
            new LowDiscrepancy(d, seed, purpose).Point(index, u);
            return u;
        }

        Assert.NotEqual(First(3, 1, "a", 0), First(3, 2, "a", 0));
        Assert.NotEqual(First(3, 1, "a", 0), First(3, 1, "b", 0));
        Assert.NotEqual(First(18, 1, "a", 0)[16..], First(18, 1, "b", 0)[16..]);
        Assert.NotEqual(First(18, 1, "a", 0)[16..], First(18, 1, "a", 1)[16..]);
        Assert.Equal(First(16, 1, "a", 9), First(18, 1, "a", 9)[..16]);
        Assert.Equal(First(18, 1, "a", 9), First(18, 1, "a", 9));
        // number 9 of the random coordinates is the stream 9 behind their name
        Assert.Equal(new Philox(1, Philox.StreamKey("coordinates beyond Sobol for a") + 9).NextUniform(), First(18, 1, "a", 9)[16]);
    }

    [Fact]
    public void Integrals_in_eight_dimensions_beat_Monte_Carlo()
    {
        // ∫ Π (1 + (u_j − ½)/j) = 1; the variance of the integrand is about 0.14, so plain Monte Carlo has error 0.006 at 4096 points
        const int N = 1 << 12;
        foreach (int d in new[] { 8, 16 })
        {
            LowDiscrepancy sequence = new(d, 2, "test");
            double[] u = new double[d];
            double sum = 0;
            for (uint i = 0; i < N; i++)
            {
                sequence.Point(i, u);
                double product = 1;
                for (int j = 0; j < d; j++) product *= 1 + ((u[j] - 0.5) / (j + 1));
                sum += product;
            }

            Assert.InRange(sum / N, 1 - 3e-4, 1 + 3e-4);
        }
    }

    [Fact]
    public void Coordinates_beyond_the_table_are_still_uniform()
    {
        LowDiscrepancy sequence = new(20, 2, "test");
        double[] u = new double[20];
        double sum = 0;
        for (uint i = 0; i < 4096; i++)
        {
            sequence.Point(i, u);
            sum += u[19];
        }

        Assert.InRange(sum / 4096, 0.5 - 0.0226, 0.5 + 0.0226);
    }
}
