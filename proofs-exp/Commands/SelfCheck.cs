using System.Runtime.InteropServices;
using System.Security.Cryptography;
using UniversalFlows.Bijections;
using UniversalFlows.Proofs.Studies;
using UniversalFlows.Scalars;
using UniversalFlows.Targets;
using UniversalFlows.Training;

namespace UniversalFlows.Proofs.Commands;

/// <summary>
/// A small computation whose bits are known: they are the same on every machine, with any number of threads. A deliberate change of the
/// numeric code changes the constants; `uf doctor` prints the new ones.
/// </summary>
internal static class SelfCheck
{
    /// <summary>The hash of <see cref="Elementary"/>.</summary>
    public const string ExpectedElementary = "67bee1035688afe9";

    /// <summary>The hash of <see cref="Fits"/>.</summary>
    public const string ExpectedFits = "0c1cdf02fc90c4ad";

    /// <summary>Every elementary function at 8192 arguments.</summary>
    public static string Elementary()
    {
        Func<Lanes, Lanes>[] functions =
        [
            Lanes.Exp, Lanes.Expm1, x => Lanes.Log(Lanes.Abs(x)), x => Lanes.Log1p(Lanes.Abs(x)), Lanes.Tanh, Lanes.Logistic, Lanes.Softplus,
            Lanes.Sin, Lanes.Cos, Lanes.Atan, x => Lanes.Sqrt(Lanes.Abs(x)),
        ];
        const int count = 8192;
        double[] values = new double[functions.Length * count];
        Span<double> arguments = stackalloc double[Lanes.Width];
        for (int first = 0; first < count; first += Lanes.Width)
        {
            // an odd numerator: none of them is 0, where the logarithm is not finite
            for (int lane = 0; lane < Lanes.Width; lane++) arguments[lane] = ((2 * (first + lane)) + 1 - count) * 0.0073;
            Lanes x = Lanes.Load(arguments);
            for (int f = 0; f < functions.Length; f++) functions[f](x).Store(values.AsSpan((f * count) + first));
        }

        return Hash(values);
    }

    /// <summary>The parameters after a few steps of both optimisers.</summary>
    public static string Fits(int threads)
    {
        List<double> values = [];
        foreach ((FlowFamily family, string method, int steps) in ((FlowFamily, string, int)[])[(FlowFamily.Rqs, MapSettings.Lm, 4), (FlowFamily.Dsf, MapSettings.Adam, 8)])
        {
            Target target = TargetParser.Parse("twist");
            MapSettings settings = new()
            {
                Target = target,
                Domain = target.DefaultDomain,
                Family = family,
                Depth = 2,
                Hidden = [8],
                Method = method,
                Steps = steps,
                Points = 192,
            };
            (Composition flow, FitResult result) = MapFit.Run(settings, threads);
            values.AddRange(result.Trace.Select(p => p.Loss));
            foreach (Dense layer in flow.Parameters) values.AddRange(layer.All);
        }

        return Hash([.. values]);
    }

    /// <summary>16 hexadecimal digits of SHA-256 over the bits, little endian.</summary>
    private static string Hash(double[] values)
    {
        long[] bits = [.. values.Select(BitConverter.DoubleToInt64Bits)];
        if (!BitConverter.IsLittleEndian) bits = [.. bits.Select(System.Buffers.Binary.BinaryPrimitives.ReverseEndianness)];
        return Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes<long>(bits)))[..16];
    }
}
