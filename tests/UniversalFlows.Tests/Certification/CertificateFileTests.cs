using System.Text;
using System.Text.Json.Nodes;
using UniversalFlows.Bijections;
using UniversalFlows.Certification;
using UniversalFlows.Certification.Checking;
using UniversalFlows.Scalars;
using UniversalFlows.Targets;
using Xunit;

namespace UniversalFlows.Tests.Certification;

/// <summary>Certificate files: genuine ones are proved again, on any number of threads; each altered member is refused, also with a digest that fits.</summary>
public sealed class CertificateFileTests
{
    private static readonly Lazy<byte[]> s_plane = new(() => Certificate(FlowFamily.Acf, "twist", "box(-1,1)", 2));

    [Theory]
    [InlineData(FlowFamily.Acf, "twist", "ball(1)", 2)]
    [InlineData(FlowFamily.Sos, "generic", "box(-1,1)", 1)]
    [InlineData(FlowFamily.Dsf, "twist", "box(-1,1)", 1)]
    [InlineData(FlowFamily.Rqs, "banana", "box(-1,1; 0,1)", 1)]
    [InlineData(FlowFamily.Maf, "x + 0.1*sin(y); y/(3 + x) + tanh(x) + atan(y) + sqrt(2 + x) + log(2 + y) + abs(x - 0.3)", "box(-1,1)", 1)]
    [InlineData(FlowFamily.Ddsf, "sine", "box(-1,1)", 2)]
    [InlineData(FlowFamily.Nice, "coupled-sines-3d", "box(-1,1)", 3)]
    [InlineData(FlowFamily.Planar, "twist", "ball(1)", 2)]
    [InlineData(FlowFamily.Sylvester, "banana", "box(-1,1)", 1)]
    [InlineData(FlowFamily.Residual, "generic", "box(-1,1)", 1)]
    public void Genuine_certificates_are_proved_again(FlowFamily family, string target, string domain, int depth)
    {
        CertificateFile file = CertificateFile.Parse(Certificate(family, target, domain, depth), out string? refusal);
        Assert.Null(refusal);
        Assert.InRange(file.Gap, 0, 0.1);
        foreach (int threads in (int[])[1, 3])
        {
            CheckResult result = CertificateChecker.Check(file, threads);
            Assert.Null(result.Refusal);
            Assert.True(result.Boxes >= 1);
        }
    }

    [Fact]
    public void An_inverse_flow_is_proved_again()
    {
        Target target = TargetParser.Parse("x + 0.3*sin(x)");
        Composition flow = new(1, [new Inversion(new Architecture(FlowFamily.Dsf, 1, 2, []).Initialise(1))]);
        Domain domain = Domain.Cube(1, -1, 1);
        SupremumCertificate c = Supremum.Certify(flow, target, domain, new CertificateSettings { Gap = 0.01 });
        Assert.Equal(CertificateEnd.Gap, c.End);
        Assert.Null(CertificateChecker.Check(CertificateFile.Of(flow, target, domain, c, 0.02), 2).Refusal);
    }

    [Fact]
    public void The_same_run_gives_the_same_bytes() => Assert.Equal(s_plane.Value, Certificate(FlowFamily.Acf, "twist", "box(-1,1)", 2));

    /// <summary>One member after the other altered, the digest left alone or made to fit, as somebody who cheats would.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Altered_certificates_are_refused(bool signAgain)
    {
        (string Member, Func<JsonNode, JsonNode?> Change)[] changes =
        [
            ("statement", _ => "lower <= upper"),
            ("norm", _ => "l2"),
            ("target", _ => "twist(1.5)"),
            ("target", _ => "generic"),
            ("target", _ => "no-such-target"),
            ("domain", _ => "ball(0.01)"),
            ("domain", _ => "box(2,3)"),
            ("domain", _ => "box(-1, 1)"),
            ("lower", v => (double)v! * 1.001),
            ("lower", _ => -1),
            ("upper", v => (double)v! * 0.99),
            ("upper", v => (double)v! * 1.01),
            ("gap", v => (double)v! * 0.5),
            ("witness", _ => new JsonArray(0.1, 0.1)),
            ("witness", _ => new JsonArray(2, 2)),
            ("witness", _ => new JsonArray(1)),
            ("degree", _ => 0),
            ("degree", _ => 11),
            ("boxes", v => (int)v! + 1),
            ("cover", v => ((string)v!)[..^1]),
            ("cover", v => (string)v! + "."),
            ("cover", v => "o" + ((string)v!)[1..]),
            ("cover", v => ((string)v!).Replace('.', 'o')),
            ("cover", v => ((string)v!).Replace('+', 'x')),
            ("cover", v => "."),
            ("assumptions", v => new JsonArray("none")),
            ("flowHash", v => new string('0', 64)),
            ("flow", v => Nudged(v!)),
        ];
        foreach ((string member, Func<JsonNode, JsonNode?> change) in changes)
        {
            JsonObject root = JsonNode.Parse(s_plane.Value)!.AsObject();
            root[member] = change(root[member]!.DeepClone());
            byte[] bytes = Signed(root, signAgain);
            CertificateFile file = CertificateFile.Parse(bytes, out string? refusal);
            refusal ??= CertificateChecker.Check(file, 2).Refusal;
            Assert.True(refusal is not null, $"{member} was altered to {root[member]!.ToJsonString()[..Math.Min(60, root[member]!.ToJsonString().Length)]}");
        }

        // nothing altered: the way through the tree of nodes is not what is refused
        CertificateFile genuine = CertificateFile.Parse(Signed(JsonNode.Parse(s_plane.Value)!.AsObject(), true), out string? none);
        Assert.Null(none);
        Assert.Null(CertificateChecker.Check(genuine, 2).Refusal);

        static JsonNode Nudged(JsonNode flow)
        {
            JsonNode bias = flow["layers"]![0]!["conditioner"]!["layers"]![0]!["bias"]!;
            bias[0] = (double)bias[0]! + 0.01;
            return flow;
        }
    }

    /// <summary>A flow whose hash fits too is another certificate: then the mathematics must refuse it.</summary>
    [Fact]
    public void A_bound_of_another_flow_is_refused()
    {
        CertificateFile file = CertificateFile.Parse(s_plane.Value, out _);
        Composition other = new Architecture(FlowFamily.Acf, 2, 2, [6]).Initialise(99);
        Assert.NotNull(CertificateChecker.Check(file with { Flow = other }, 2).Refusal);
        Assert.NotNull(CertificateChecker.Check(file with { Upper = file.Lower * 1.0001 }, 2).Refusal);
        Assert.NotNull(CertificateChecker.Check(file with { Lower = double.NaN }, 2).Refusal);
        Assert.NotNull(CertificateChecker.Check(file with { Upper = double.PositiveInfinity }, 2).Refusal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"format\": 3}")]
    [InlineData("{\"format\": \"universal-flows\", \"version\": 1}")]
    [InlineData("{\"format\": \"universal-flows-certificate\", \"version\": 2}")]
    [InlineData("{\"format\": \"universal-flows-certificate\", \"version\": 1}")]
    public void What_is_no_certificate_is_said_to_be_none(string text) =>
        Assert.Throws<CertificateFormatException>(() => CertificateFile.Parse(Encoding.UTF8.GetBytes(text), out _));

    [Fact]
    public void Every_byte_is_under_the_digest()
    {
        byte[] bytes = s_plane.Value;
        for (int at = 0; at < bytes.Length; at += 1 + (bytes.Length / 400))
        {
            byte[] altered = [.. bytes];
            altered[at] ^= 1;
            try
            {
                CertificateFile.Parse(altered, out string? refusal);
                Assert.NotNull(refusal);
            }
            catch (CertificateFormatException)
            {
                // no longer a certificate at all
            }
        }
    }

    /// <summary>The checker's own models against values: it must not accept by being wrong.</summary>
    [Fact]
    public void The_checker_encloses()
    {
        foreach (FlowFamily family in Enum.GetValues<FlowFamily>())
        {
            Composition flow = new Architecture(family, 2, 2, [5]).Initialise(4);
            UniversalFlows.Numerics.Philox random = new(1, "checker");
            Grid grid = new(2, 4);
            CheckedModel[] model = new CheckedModel[2];
            for (int round = 0; round < 20; round++)
            {
                double[] low = [random.NextUniform(-2, 2), random.NextUniform(-2, 2)], high = [low[0] + (0.1 * random.NextUniform()), low[1] + (0.1 * random.NextUniform())];
                CheckedModel.Begin(grid, low, high, model);
                flow.Map<CheckedModel>(model);
                Bracket[] range = [.. model.Select(m => m.Value.Range())];
                for (int trial = 0; trial < 10; trial++)
                {
                    Real[] x = [new(low[0] + ((high[0] - low[0]) * random.NextUniform())), new(low[1] + ((high[1] - low[1]) * random.NextUniform()))];
                    flow.Map<Real>(x);
                    for (int i = 0; i < 2; i++) Assert.InRange(x[i].Value, range[i].L - 1e-12, range[i].H + 1e-12);
                }

                Assert.True(range[0].H - range[0].L < 1);
            }
        }
    }

    private static byte[] Certificate(FlowFamily family, string targetName, string domainText, int depth)
    {
        Target target = TargetParser.Parse(targetName);
        Domain domain = Domain.Parse(domainText, target.Dimension);
        Composition flow = new Architecture(family, target.Dimension, depth, [6]).Initialise(7);
        SupremumCertificate c = Supremum.Certify(flow, target, domain, new CertificateSettings { Gap = CertificateFile.Sharper(0.1), MaxBoxes = 100_000, Threads = 2 });
        Assert.Equal(CertificateEnd.Gap, c.End);
        return CertificateFile.Of(flow, target, domain, c, 0.1).ToBytes();
    }

    /// <summary>The bytes of an altered certificate, with the old digest or one that fits: SHA-256 of the file with zeros in its place.</summary>
    private static byte[] Signed(JsonObject root, bool again)
    {
        string old = (string)root["digest"]!;
        root["digest"] = new string('0', 64);
        string text = root.ToJsonString(new System.Text.Json.JsonSerializerOptions { WriteIndented = true, IndentSize = 1, NewLine = "\n" }) + "\n";
        string digest = again ? Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(text))) : old;
        return Encoding.UTF8.GetBytes(text[..^68] + digest + text[^4..]);
    }
}
