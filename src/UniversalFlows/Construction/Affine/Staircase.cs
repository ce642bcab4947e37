namespace UniversalFlows.Construction.Affine;

/// <summary>
/// n cells of equal width on an interval and their number as a staircase: i(x) = Σ_{k=1}^{n−1} ramp((x − a_k)/η), a_k the inner edges. Between the ramps, of total length
/// (n − 1)η, it is the index of x's cell; below the first cell 0, above the last n − 1.
/// </summary>
internal sealed record Staircase(double Lower, double CellWidth, int Cells)
{
    /// <summary>n cells that cover [lower, upper]; ends and width are rounded outwards to few bits, so that edges are exact.</summary>
    public static Staircase Cover(double lower, double upper, int cells)
    {
        // multiples of 2⁻³⁰ of the scale of the interval
        double unit = Math.ScaleB(1, Math.ILogB(Math.Max(upper - lower, Math.Max(Math.Abs(lower), Math.Abs(upper)))) - 30);
        double start = Math.Floor(lower / unit) * unit;
        return new(start, Math.Ceiling((upper - start) / cells / unit) * unit, cells);
    }

    /// <summary>a_k, k = 0 … n.</summary>
    public double Edge(int k) => Lower + (k * CellWidth);

    /// <summary>The centre of cell i.</summary>
    public double Centre(int i) => Lower + ((i + 0.5) * CellWidth);

    /// <summary>The cell of x, the ramps apart.</summary>
    public int Cell(double x) => (int)Math.Clamp(Math.Floor((x - Lower) / CellWidth), 0, Cells - 1);

    /// <summary>i(x) with ramps of width η.</summary>
    public double Value(double x, double ramp)
    {
        double place = (x - Lower) / CellWidth;
        int nearest = (int)Math.Clamp(Math.Round(place), 0, Cells); // the edge that might be near
        if (nearest == 0) return 0;
        if (nearest == Cells) return Cells - 1;
        return nearest - 1 + Math.Clamp(((x - Edge(nearest)) / ramp) + 0.5, 0, 1);
    }

    /// <summary>Whether x is in one of the ramps.</summary>
    public bool OnRamp(double x, double ramp)
    {
        int nearest = (int)Math.Clamp(Math.Round((x - Lower) / CellWidth), 1, Math.Max(1, Cells - 1));
        return Cells > 1 && Math.Abs(x - Edge(nearest)) <= 0.5 * ramp;
    }

    /// <summary>Adds jump·i(x_input) to a perceptron.</summary>
    public void AddTo(PerceptronBuilder builder, int input, double jump, double ramp)
    {
        for (int k = 1; k < Cells; k++) builder.AddStep(input, Edge(k), ramp, [jump]);
    }
}
