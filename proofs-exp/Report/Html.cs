using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using UniversalFlows.Proofs.Studies;

namespace UniversalFlows.Proofs.Report;

/// <summary>Text that comes from data on its way into the page.</summary>
internal static class Html
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    /// <summary>Safe as element content and inside a quoted attribute.</summary>
    public static string Text(string? s) => s is null ? "" : Encoder.Encode(s);

    /// <summary>
    /// Safe inside Plotly's pseudo-HTML: no tag survives, and no template placeholder (%{...}) is formed, since % is written as an entity.
    /// </summary>
    public static string Plot(string? s) => s is null
        ? ""
        : s.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal)
            .Replace(">", "&gt;", StringComparison.Ordinal).Replace("%", "&#37;", StringComparison.Ordinal);

    /// <summary>A number for reading: three significant digits.</summary>
    public static string Number(double v)
    {
        if (double.IsNaN(v))
            return "not finite";
        if (double.IsInfinity(v))
            return v > 0 ? "∞" : "−∞";
        double size = Math.Abs(v);
        return size == 0 ? "0"
            : size < 1e6 && v == Math.Floor(v) ? v.ToString("F0", CultureInfo.InvariantCulture)
            : size is >= 0.01 and < 1000 ? v.ToString(size < 0.1 ? "F4" : size < 1 ? "F3" : size < 10 ? "F2" : size < 100 ? "F1" : "F0", CultureInfo.InvariantCulture)
            : v.ToString("0.00e+0", CultureInfo.InvariantCulture).Replace("e+", "e", StringComparison.Ordinal);
    }

    /// <summary>A value with its standard error, both to the error's second digit: 0.0821 ± 0.0040.</summary>
    public static string PlusMinus(double v, double error)
    {
        if (!(double.IsFinite(v) && error is > 1e-6 and < 10))
            return $"{Number(v)} ± {Number(error)}";
        int digits = 1;
        for (double e = error; e < 1; e *= 10)
            digits++;
        string format = "F" + digits.ToString(CultureInfo.InvariantCulture);
        return $"{v.ToString(format, CultureInfo.InvariantCulture)} ± {error.ToString(format, CultureInfo.InvariantCulture)}";
    }

    /// <summary>What a certificate says, to as many digits as its ends need to differ, rounded outwards: 0.0363 … 0.0365.</summary>
    public static string Bounds(Certified proof)
    {
        for (int digits = 3; ; digits++)
        {
            (string low, string high) = (Rounded(proof.Lower, digits, -1), Rounded(proof.Upper, digits, 1));
            if (low != high || proof.Lower == proof.Upper || digits == 17) return $"{low} … {high}";
        }
    }

    /// <summary>A bound ≥ 0 to some significant digits, never on the wrong side of itself.</summary>
    public static string Rounded(double v, int digits, int side)
    {
        if (v == 0 || !double.IsFinite(v)) return Number(v);
        decimal unit = 1;
        string text = v.ToString($"E{digits - 1}", CultureInfo.InvariantCulture);
        double back = double.Parse(text, CultureInfo.InvariantCulture);
        if (side < 0 ? back > v : back < v)
        {
            int exponent = text.IndexOf('E', StringComparison.Ordinal);
            for (int i = 1; i < digits; i++) unit /= 10;
            decimal mantissa = decimal.Parse(text[..exponent], CultureInfo.InvariantCulture) + (side * unit);
            // 9.99… rounded up is 10.0…: one decade more
            text = $"{mantissa.ToString(CultureInfo.InvariantCulture)}E{text[(exponent + 1)..]}";
            back = double.Parse(text, CultureInfo.InvariantCulture);
        }

        return back is >= 0.01 and < 1000
            ? back.ToString($"G{digits}", CultureInfo.InvariantCulture)
            : back.ToString($"0.{new string('0', digits - 1)}e+0", CultureInfo.InvariantCulture).Replace("e+", "e", StringComparison.Ordinal);
    }

    /// <summary>Three decimals, for sizes and proportions.</summary>
    public static string Fixed(double v) => v.ToString("F3", CultureInfo.InvariantCulture);

    /// <summary>All digits: what reads back as the same double; empty where there is none.</summary>
    public static string Exact(double? v) => v is { } x && double.IsFinite(x) ? x.ToString("R", CultureInfo.InvariantCulture) : "";

    /// <summary>A point for reading, such as (0.7, −1).</summary>
    public static string Point(IReadOnlyList<double> x) => x.Count == 1 ? Number(x[0]) : "(" + string.Join(", ", x.Select(Number)) + ")";

    /// <summary>An element id: letters, digits and hyphens only.</summary>
    public static string Slug(string s)
    {
        StringBuilder slug = new(s.Length);
        foreach (char c in s)
            slug.Append(char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c) : '-');
        return slug.ToString();
    }

    /// <summary>"1 run", "3 runs".</summary>
    public static string Count(int n, string noun, string? plural = null) => $"{n} {(n == 1 ? noun : plural ?? noun + "s")}";
}
