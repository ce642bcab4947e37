using static UniversalFlows.Proofs.Report.MathML;

namespace UniversalFlows.Proofs.Report;

/// <summary>The page's last section: what the words and numbers mean, and what they do not.</summary>
internal static class Definitions
{
    private static readonly string Difference = Row(Of(I("f"), I("x")), O("−"), Of(I("g"), I("x")));

    public static void AddTo(Page page)
    {
        page.Section("definitions", "Definitions");
        page.Raw("<section class=\"card\" id=\"norms\" aria-labelledby=\"norms-title\"><h3 id=\"norms-title\">Errors of a map</h3>"
            + "<p>f is the target, g the flow, K the domain, |·| the Euclidean length, |K| the volume of K.</p><dl>"
            + Entry("sup", SupNorm, "The worst error. In the units of the target's values. Estimated as the largest value over finitely many points, so from below; proved where a certificate was found: L ≤ sup ≤ U.")
            + Entry("L¹, L²", LpNorm, "p = 1 and p = 2; Lebesgue, not divided by the volume. Units: values × volume<sup>1/p</sup>. Integration errors are in the CSV.")
            + Entry("rmse", Rmse, "The root mean square error over K, in the units of the target's values.")
            + Entry("C¹", C1, "The worst error of the derivative, in the operator norm; estimated like sup.")
            + "</dl></section>\n");
        page.Raw("<section class=\"card\" id=\"divergence\" aria-labelledby=\"divergence-title\"><h3 id=\"divergence-title\">Divergence from a law</h3>"
            + "<p>p is the law's density, q the flow's, both with respect to Lebesgue measure; logarithms are natural, so the unit is the nat.</p><dl>"
            + Entry("density", Density, "The flow g carries the base law b (standard normal) to the data.")
            + Entry("KL", Kl, "NLL is the mean of −log q over test points that took no part in training; its floor is the entropy H(p), reached only by q = p. "
                + "KL is never negative; its estimate can be, by chance, within its standard error.")
            + "</dl></section>\n");
        page.Raw("<section class=\"card\" id=\"families\" aria-labelledby=\"families-title\"><h3 id=\"families-title\">Families of couplings</h3>"
            + "<p>A coupling keeps some coordinates and moves each of the others by an increasing function whose parameters θ depend on the kept ones "
            + "through a neural network, the conditioner. A flow of depth L is L couplings; the coordinate that moves goes round from one coupling to the next.</p><dl>"
            + Entry("coupling", Coupling, "")
            + Entry("acf", Acf, "Affine coupling. In one dimension it is an affine map, so it cannot approximate a curved target there.")
            + Entry("sos", Sos, "Sum of squares: the integral of a sum of squared polynomials.")
            + Entry("dsf", Dsf, "Deep sigmoidal: σ logistic, weights w<sub>j</sub> positive with sum 1, slopes a<sub>j</sub> positive.")
            + Entry("rqs", Rqs, "Rational-quadratic spline, bin k from (x<sub>k</sub>, y<sub>k</sub>) with width w<sub>k</sub>, height h<sub>k</sub>, end slopes d<sub>k</sub>, d<sub>k+1</sub>, "
                + "s = h<sub>k</sub>/w<sub>k</sub>, ξ = (x − x<sub>k</sub>)/w<sub>k</sub>.")
            + "</dl></section>\n");
        page.Raw("<section class=\"card\" id=\"limits\" aria-labelledby=\"limits-title\"><h3 id=\"limits-title\">What this report does not show</h3><ul class=\"text\">"
            + "<li><b>An estimate is not a certificate.</b> Only values marked as proved, filled with a solid bar in figures and \u201cproved\u201d in tables, hold for every point of K, "
            + "under the assumptions of docs/certificates.md. All others were measured at finitely many points: hollow in figures, \u201cestimated\u201d in tables. What is computed from an estimate, such as a median or a rate, is an estimate.</li>"
            + "<li><b>A trained error only bounds the best possible error from above.</b> It is what optimisation reached from these seeds in these steps (and, being an estimate, is itself met from below). "
            + "A large error may mean a family that cannot do better, or a run that stopped in a bad place; this page cannot tell them apart.</li>"
            + "<li><b>Universality is a statement about limits.</b> No finite set of runs proves or refutes it.</li>"
            + "<li><b>Families are compared at equal depth</b>, not at equal numbers of parameters or seconds; both are in the tables.</li>"
            + "<li>A run that was <b>cut short</b> by a time limit depends on the machine; it is drawn hollow with a dot inside. A run that <b>diverged</b> has no error; it is drawn at the top edge, and counted.</li>"
            + "</ul></section>\n");
    }

    private static string Entry(string word, string formula, string text) => $"<div><dt>{word}</dt><dd>{formula}<p>{text}</p></dd></div>";

    private static string SupNorm => Display(
        "sup norm: the supremum over x in K of the length of f of x minus g of x",
        Norm(Row(I("f"), O("−"), I("g")), Row(I("∞"), Comma, I("K"))), O("="), Under(I("sup"), Row(I("x"), O("∈"), I("K"))), Thin, Abs(Difference));

    private static string LpNorm => Display(
        "L p norm: the p-th root of the integral over K of the length of f minus g to the power p",
        Norm(Row(I("f"), O("−"), I("g")), Row(I("p"), Comma, I("K"))), O("="),
        Power(
            Row("<mo>(</mo>", Sub("<mo>∫</mo>", I("K")), Power(Abs(Difference), I("p")), Thin, I("d"), I("x"), "<mo>)</mo>"),
            Row(N("1"), O("/"), I("p"))));

    private static string Rmse => Display(
        "rmse: the L 2 norm divided by the square root of the volume of K",
        I("rmse"), O("="), Fraction(Norm(Row(I("f"), O("−"), I("g")), Row(N("2"), Comma, I("K"))), Root(Abs(I("K")))));

    private static string C1 => Display(
        "C 1 error: the supremum over x in K of the operator norm of D f of x minus D g of x",
        Under(I("sup"), Row(I("x"), O("∈"), I("K"))), Thin, Norm(Row(I("D"), Of(I("f"), I("x")), O("−"), I("D"), Of(I("g"), I("x"))), I("op")));

    private static string Density => Display(
        "log q of y is log b of g inverse of y plus log absolute determinant of the derivative of g inverse at y",
        I("log"), Thin, Of(I("q"), I("y")), O("="), I("log"), Thin, Of(I("b"), Of(Inverse(I("g")), I("y"))), O("+"),
        I("log"), Thin, Abs(Row(I("det"), Thin, I("D"), Of(Inverse(I("g")), I("y")))));

    private static string Kl => Display(
        "KL of p and q is the expectation under p of log p minus log q, which is NLL minus H of p",
        Of(I("KL"), Row(I("p"), O("‖"), I("q"))), O("="), Sub(I("E"), Row(I("y"), O("∼"), I("p"))),
        Row("<mo stretchy=\"false\">[</mo>", I("log"), Thin, Of(I("p"), I("y")), O("−"), I("log"), Thin, Of(I("q"), I("y")), "<mo stretchy=\"false\">]</mo>"),
        O("="), I("NLL"), O("−"), Of(I("H"), I("p")));

    private static string Coupling => Display(
        "x A, x B maps to x A, tau of x B with parameters theta of x A",
        Row("<mo stretchy=\"false\">(</mo>", Sub(I("x"), I("A")), O(","), Sub(I("x"), I("B")), "<mo stretchy=\"false\">)</mo>"), O("↦"),
        Row(
            "<mo stretchy=\"false\">(</mo>", Sub(I("x"), I("A")), O(","),
            Of(I("τ"), Row(Sub(I("x"), I("B")), O(";"), Of(I("θ"), Sub(I("x"), I("A"))))), "<mo stretchy=\"false\">)</mo>"));

    private static string Acf => Display("tau of x is x times e to the s plus t", Tau, Row(I("x"), Power(I("e"), I("s")), O("+"), I("t")));

    private static string Sos => Display(
        "tau of x is c plus the integral from 0 to x of the sum over kappa of the square of the sum over l of a l kappa u to the l",
        Tau, I("c"), O("+"), Big("∫", N("0"), I("x")), Big("∑", I("κ")),
        Power(Row("<mo>(</mo>", Big("∑", I("l")), Sub(I("a"), Row(I("l"), I("κ"))), Power(I("u"), I("l")), "<mo>)</mo>"), N("2")),
        Thin, I("d"), I("u"));

    private static string Dsf => Display(
        "tau of x is sigma inverse of the sum over j of w j sigma of a j x plus b j",
        Tau, Inverse(I("σ")),
        Row(
            "<mo>(</mo>", Big("∑", I("j")), Sub(I("w"), I("j")),
            Of(I("σ"), Row(Sub(I("a"), I("j")), I("x"), O("+"), Sub(I("b"), I("j")))), "<mo>)</mo>"));

    private static string Rqs => Display(
        "tau of x is y k plus h k times (s xi squared plus d k xi (1 minus xi)) over (s plus (d k plus d k+1 minus 2 s) xi (1 minus xi))",
        Tau, Sub(I("y"), I("k")), O("+"), Sub(I("h"), I("k")),
        Fraction(
            Row(I("s"), Power(I("ξ"), N("2")), O("+"), Sub(I("d"), I("k")), I("ξ"), Rest),
            Row(I("s"), O("+"), Row("<mo stretchy=\"false\">(</mo>", Sub(I("d"), I("k")), O("+"), Sub(I("d"), Row(I("k"), O("+"), N("1"))), O("−"), N("2"), I("s"), "<mo stretchy=\"false\">)</mo>"), I("ξ"), Rest)));

    private const string Thin = "<mspace width=\"0.17em\"></mspace>";

    /// <summary>An index is set tight.</summary>
    private const string Comma = "<mo lspace=\"0\" rspace=\"0\">,</mo>";

    private static string Tau => Row(Of(I("τ"), I("x")), O("="));

    private static string Rest => Row("<mo stretchy=\"false\">(</mo>", N("1"), O("−"), I("ξ"), "<mo stretchy=\"false\">)</mo>");

    private static string Inverse(string f) => Power(f, Row(O("−"), N("1")));
}
