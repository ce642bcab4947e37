namespace UniversalFlows.Proofs.Report;

/// <summary>A few words of MathML Core, which browsers draw without a library.</summary>
internal static class MathML
{
    /// <summary>A formula on a line of its own.</summary>
    /// <param name="spoken">The formula in words.</param>
    /// <param name="parts">Its parts.</param>
    public static string Display(string spoken, params ReadOnlySpan<string> parts) =>
        $"<math display=\"block\" aria-label=\"{spoken}\"><mrow>{string.Concat(parts)}</mrow></math>";

    public static string I(string s) => s.Length == 1 ? $"<mi>{s}</mi>" : $"<mi mathvariant=\"normal\">{s}</mi>";

    public static string N(string s) => $"<mn>{s}</mn>";

    public static string O(string s) => s is "=" or "≤" or "↦" ? $"<mspace width=\"0.2em\"></mspace><mo>{s}</mo><mspace width=\"0.2em\"></mspace>" : $"<mo>{s}</mo>";

    public static string Row(params ReadOnlySpan<string> parts) => $"<mrow>{string.Concat(parts)}</mrow>";

    public static string Sub(string a, string b) => $"<msub>{a}{b}</msub>";

    public static string Power(string a, string b) => $"<msup>{a}{b}</msup>";

    public static string Under(string a, string b) => $"<munder>{a}{b}</munder>";

    public static string Fraction(string a, string b) => $"<mfrac>{a}{b}</mfrac>";

    public static string Root(string a) => $"<msqrt>{a}</msqrt>";

    public static string Big(string sign, string from, string? to = null) => to is null
        ? $"<munder><mo>{sign}</mo>{from}</munder>"
        : sign == "∫" ? $"<msubsup><mo>{sign}</mo>{from}{to}</msubsup>" : $"<munderover><mo>{sign}</mo>{from}{to}</munderover>";

    public static string Of(string f, string x) => Row(f, "<mo stretchy=\"false\">(</mo>", x, "<mo stretchy=\"false\">)</mo>");

    public static string Norm(string a, string index) =>
        Sub(Row("<mo stretchy=\"false\">‖</mo>", a, "<mo stretchy=\"false\">‖</mo>"), index);

    public static string Abs(string a) => Row("<mo stretchy=\"false\">|</mo>", a, "<mo stretchy=\"false\">|</mo>");

    public static string Text(string s) => $"<mtext>{s}</mtext>";
}
