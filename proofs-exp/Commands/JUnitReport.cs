using System.Globalization;
using System.Text;
using System.Xml;
using UniversalFlows.Proofs.Claims;

namespace UniversalFlows.Proofs.Commands;

/// <summary>Verdicts in the XML that test reporters read: a failure is a verdict other than expected, skipped is what can't be tested.</summary>
internal static class JUnitReport
{
    public static byte[] Of(IReadOnlyList<Judgement> judgements)
    {
        using MemoryStream stream = new();
        using (XmlWriter xml = XmlWriter.Create(stream, new XmlWriterSettings { Indent = true, NewLineChars = "\n", Encoding = new UTF8Encoding(false) }))
        {
            xml.WriteStartElement("testsuite");
            xml.WriteAttributeString("name", "uf verify");
            xml.WriteAttributeString("tests", Number(judgements.Count));
            xml.WriteAttributeString("failures", Number(judgements.Count(Failed)));
            xml.WriteAttributeString("skipped", Number(judgements.Count(j => j.Verdict == Verdict.NotTestable)));
            foreach (Judgement j in judgements)
            {
                xml.WriteStartElement("testcase");
                xml.WriteAttributeString("classname", $"claims.{j.Claim.SourceLetter}");
                xml.WriteAttributeString("name", $"{j.Claim.Id} {j.Claim.Title}");
                xml.WriteAttributeString("time", j.Seconds.ToString("F3", CultureInfo.InvariantCulture));
                if (Failed(j))
                {
                    xml.WriteStartElement("failure");
                    xml.WriteAttributeString("message", j.Verdict == Verdict.Stale ? $"stale: {j.Remark}" : $"{ClaimWords.Of(j.Verdict)}; expected is {j.Claim.Expect}");
                    xml.WriteEndElement();
                }
                else if (j.Verdict == Verdict.NotTestable)
                {
                    xml.WriteStartElement("skipped");
                    xml.WriteAttributeString("message", j.Remark);
                    xml.WriteEndElement();
                }

                xml.WriteElementString("system-out", $"{ClaimWords.Of(j.Verdict)}: {j.Finding?.Done ?? j.Remark}");
                xml.WriteEndElement();
            }

            xml.WriteEndElement();
        }

        return stream.ToArray();
    }

    private static bool Failed(Judgement j) => !j.IsExpected;

    private static string Number(int n) => n.ToString(CultureInfo.InvariantCulture);
}
