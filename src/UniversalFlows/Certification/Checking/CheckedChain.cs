using UniversalFlows.Bijections;
using UniversalFlows.Scalars;

namespace UniversalFlows.Certification.Checking;

/// <summary>
/// The checker's reading of a composition with many linear parts: polynomials without remainders and one ρ with |state − polynomials| ≤ ρ. A part g gives ρ ← s·ρ + |remainders of g at the
/// polynomials|, s ≥ the spectral norm of Dg wherever the state can be.
/// </summary>
internal static class CheckedChain
{
    private const int Linears = 24;

    public static bool Suits(IMap map) => map is Composition flow && Parts(flow).Count(p => p is Linear) >= Linears;

    public static void Map(Composition flow, Span<CheckedModel> x)
    {
        Bracket radius = Remainders(x);
        foreach (IBijection part in Parts(flow))
        {
            Bracket carried = Slope(part, x, radius.H) * radius;
            part.Map(x);
            radius = carried + Remainders(x);
        }

        for (int i = 0; i < x.Length; i++) x[i] = CheckedModel.Inflate(x[i], CheckedModel.Constant(radius.H));
    }

    /// <summary>The length of the vector of remainders, which are taken off.</summary>
    private static Bracket Remainders(Span<CheckedModel> x)
    {
        Bracket sum = Bracket.Of(0);
        foreach (ref CheckedModel v in x)
        {
            sum += Bracket.Square(Bracket.Of(v.Value.R));
            v = CheckedModel.Nominal(v);
        }

        return Bracket.Sqrt(new Bracket(Math.Max(0, sum.L), sum.H));
    }

    private static Bracket Slope(IBijection part, ReadOnlySpan<CheckedModel> x, double radius)
    {
        int d = x.Length;
        Bracket[,] jacobian = new Bracket[d, d];
        Dual<CheckedModel>[] y = new Dual<CheckedModel>[d];
        for (int j = 0; j < d; j++)
        {
            for (int i = 0; i < d; i++) y[i] = new(CheckedModel.Inflate(x[i], CheckedModel.Constant(radius)), CheckedModel.Constant(i == j ? 1 : 0));
            if (part is Linear linear)
                for (int i = 0; i < d; i++) jacobian[i, j] = Bracket.Of(linear.Matrix[(i * d) + j]);
            else part.Map<Dual<CheckedModel>>(y);
            for (int i = 0; i < d && part is not Linear; i++) jacobian[i, j] = y[i].Tangent.Value.Range();
        }

        return Norm(jacobian, d);
    }

    /// <summary>√ of a bound of the eigenvalues of JᵀJ: (a + c + √((a − c)² + 4b²))/2 for d = 2, the largest sum of a row elsewhere.</summary>
    private static Bracket Norm(Bracket[,] jacobian, int d)
    {
        Bracket[,] gram = new Bracket[d, d];
        for (int i = 0; i < d; i++)
            for (int j = 0; j < d; j++)
                for (int k = 0; k < d; k++) gram[i, j] += jacobian[k, i] * jacobian[k, j];
        double most = 0;
        if (d == 2)
        {
            Bracket root = Bracket.Square(gram[0, 0] - gram[1, 1]) + (Bracket.Of(4) * Bracket.Square(gram[0, 1]));
            most = ((gram[0, 0] + gram[1, 1] + Bracket.Sqrt(new Bracket(Math.Max(0, root.L), root.H))) / 2).H;
        }

        for (int i = 0; i < d && d != 2; i++)
        {
            Bracket row = Bracket.Of(0);
            for (int j = 0; j < d; j++) row += Bracket.Of(gram[i, j].Largest);
            most = Math.Max(most, row.H);
        }

        return Bracket.Sqrt(new Bracket(0, most));
    }

    private static IEnumerable<IBijection> Parts(Composition flow) => flow.Parts.SelectMany(p => p is Composition inner ? Parts(inner) : [p]);
}
