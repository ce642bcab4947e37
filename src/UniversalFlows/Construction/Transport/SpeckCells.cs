using UniversalFlows.Distributions;
using UniversalFlows.Numerics;

namespace UniversalFlows.Construction.Transport;

/// <summary>
/// Cells of the plane and a point for each: column i of z_1 between two edges, within it cells of z_2 between edges of its own. With cells of the masses of point masses, z ↦ the point of its cell is a map that sends N(0, I) to them exactly.
/// </summary>
internal sealed class SpeckCells
{
    /// <summary>Edges between the columns.</summary>
    public double[] Columns { get; }

    /// <summary>Edges between the cells of each column.</summary>
    public double[][] Edges { get; }

    /// <summary>The places, two numbers a cell, column by column.</summary>
    public double[] Places { get; }

    /// <summary>The number of each column's first cell.</summary>
    public int[] Starts { get; }

    /// <summary>Cells for point masses: about the root of their number of columns, by the first coordinate; in a column by the second.</summary>
    public SpeckCells(AtomicLaw atoms)
    {
        int[] order = [.. Enumerable.Range(0, atoms.Count).OrderBy(j => atoms.Point(j)[0])];
        int columns = Math.Max(1, (int)Math.Sqrt(atoms.Count));
        List<double> places = [], between = [];
        List<double[]> edges = [];
        List<int> starts = [];
        double below = 0;
        for (int i = 0; i < columns; i++)
        {
            int[] members = [.. order[(int)((long)i * order.Length / columns)..(int)((long)(i + 1) * order.Length / columns)].OrderBy(j => atoms.Point(j)[1])];
            starts.Add(places.Count / 2);
            double mass = members.Sum(atoms.Weight), part = 0;
            List<double> cuts = [];
            foreach (int j in members)
            {
                if (part > 0) cuts.Add(Quantile(part / mass));
                part += atoms.Weight(j);
                places.AddRange(atoms.Point(j));
            }

            edges.Add([.. cuts]);
            below += mass;
            if (i + 1 < columns) between.Add(Quantile(below));
        }

        (Columns, Edges, Places, Starts) = ([.. between], [.. edges], [.. places], [.. starts]);
    }

    /// <summary>n × n cells of equal mass, the places T of their middles.</summary>
    public SpeckCells(KnotheRosenblatt map, int n)
    {
        double[] edges = [.. Enumerable.Range(1, n - 1).Select(i => Quantile((double)i / n))], middles = [.. Enumerable.Range(0, n).Select(i => Quantile((i + 0.5) / n))];
        (Columns, Edges, Places, Starts) = (edges, new double[n][], new double[2 * n * n], new int[n]);
        double[] places = new double[2 * n];
        for (int i = 0; i < n; i++)
        {
            (Edges[i], Starts[i]) = (edges, i * n);
            map.Line([middles[i]], middles, places);
            places.CopyTo(Places, 2 * n * i);
        }
    }

    /// <summary>How many cells.</summary>
    public int Count => Places.Length / 2;

    /// <summary>The middle of a column by mass: at most 8 from anything that matters.</summary>
    public double Middle(int column) => Middle(Columns, column);

    /// <summary>The middle of a cell of a column.</summary>
    public double Middle(int column, int cell) => Middle(Edges[column], cell);

    /// <summary>The mass of N(0, I) within half of a ramp's width of an edge.</summary>
    public double RampMass(double width) =>
        (Columns.Sum(Normal.Density) * width) + (Edges.Max(e => e.Sum(Normal.Density)) * width);

    /// <summary>Row j of x ← the place of the cell of (before, z_j).</summary>
    public void Line(ReadOnlySpan<double> before, ReadOnlySpan<double> z, Span<double> x)
    {
        int column = Index(Columns, before[0]);
        for (int j = 0; j < z.Length; j++) Places.AsSpan(2 * (Starts[column] + Index(Edges[column], z[j])), 2).CopyTo(x[(2 * j)..]);
    }

    private static double Middle(double[] edges, int i)
    {
        double low = i == 0 ? 0 : Normal.Cdf(edges[i - 1]), high = i == edges.Length ? 1 : Normal.Cdf(edges[i]);
        return edges.Length == 0 ? 0 : Quantile(0.5 * (low + high));
    }

    private static int Index(double[] edges, double z)
    {
        int index = Array.BinarySearch(edges, z);
        return index >= 0 ? index + 1 : ~index;
    }

    private static double Quantile(double p) => Normal.Quantile(p, 1 - p);
}
