using UniversalFlows.Bijections;
using UniversalFlows.Bijections.Conditioners;
using UniversalFlows.Construction;
using UniversalFlows.Construction.Affine;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using UniversalFlows.Targets;
using Xunit;

namespace UniversalFlows.Tests.Construction;

/// <summary>
/// The cell trick for u(x, y) = y + 0.1 sin(2πx)·16y²(1 − y)² on [0, 1]², the identity for other y: 2·10⁵ uniform points, η = 10⁻⁶/n, tables of 1024 pieces. Order 1: δ = 1,
/// γ = min(½, 2/n); order 2: δ = 0.8, γ = min(½, 3.2/n).
/// </summary>
public sealed class CellTables
{
    private static readonly Box s_box = Domain.Cube(2, 0, 1);
    private static readonly int[] s_cells = [4, 8, 16, 32, 64, 128, 256];

    private static CellBlock Block(int n, int order, double? margin = null, int pieces = 1024) => CellBlock.Create(new Bump(), 1, s_box, Points(2000), new CellShape
    {
        Cells = [n],
        Pieces = pieces,
        Order = order,
        Store = order == 1 ? 1 : 0.8,
        Margin = margin ?? Math.Min(0.5, (order == 1 ? 2 : 3.2) / n),
    }, 0);

    private static double[] Points(int count)
    {
        Philox random = new(0, "cells of the unit square");
        double[] points = new double[2 * count];
        random.FillUniform(points);
        return points;
    }

    /// <summary>L2 and sup of |F − τ|, in which norm of the plane is said, over the points that <paramref name="keep"/> keeps.</summary>
    private static (double L2, double Sup) Errors(Func<double[], double[]> flow, double[] points, Func<double, bool>? keep = null)
    {
        double[] images = flow(points), exact = PointSet.Map(new Bump(), points);
        double sum = 0, sup = 0;
        for (int n = 0; n < points.Length; n += 2)
        {
            if (keep is not null && !keep(points[n])) continue;
            double error = Math.Max(Math.Abs(images[n] - exact[n]), Math.Abs(images[n + 1] - exact[n + 1]));
            (sum, sup) = (sum + (error * error), Math.Max(sup, error));
        }

        return (Math.Sqrt(sum * 2 / points.Length), sup);
    }

    private static Func<double[], double[]> Tables(CellBlock block, double ramp) => points =>
    {
        double[] images = [.. points];
        for (int n = 0; n < images.Length; n += 2) block.Map(images.AsSpan(n, 2), [ramp]);
        return images;
    };

    private static Func<double[], double[]> Flow(CellBlock block, double ramp, Activation activation = Activation.ReLU) => points => PointSet.Map(new Composition(2, block.Layers([ramp], activation)), points);

    private static Func<double, bool> Off(CellBlock block, double ramp) => x => !block.Staircases.Single().Cells.OnRamp(x, ramp);

    private static (double L2, double Sup)[] Sweep(int order, double? margin = null)
    {
        double[] points = Points(200_000);
        return [.. s_cells.Select(n =>
        {
            CellBlock block = Block(n, order, margin);
            return Errors(Tables(block, 1e-6 / n), points, Off(block, 1e-6 / n));
        })];
    }

    [Fact]
    public void Order_1_falls_with_the_first_power()
    {
        (double L2, double Sup)[] errors = Sweep(1);
        ReferenceTable.Matches(["4.6e-2", "1.4e-2", "5.7e-3", "2.6e-3", "1.3e-3", "6.4e-4", "3.2e-4"], [.. errors.Select(e => e.L2)]);
        ReferenceTable.Matches(["1.4e-1", "5.5e-2", "2.3e-2", "1.1e-2", "5.1e-3", "2.5e-3", "1.2e-3"], [.. errors.Select(e => e.Sup)]);
        Assert.Equal(-1, ReferenceTable.Rate(s_cells[2..], [.. errors[2..].Select(e => e.L2)]), 0.15);
        // ½·max|∂u/∂x| = 0.1π: sup·n tends to it
        Assert.Equal(0.1 * Math.PI, 256 * errors[^1].Sup, 0.01);
    }

    [Fact]
    public void Order_2_falls_with_the_second_power()
    {
        (double L2, double Sup)[] errors = Sweep(2);
        ReferenceTable.Matches(["3.6e-2", "1.4e-2", "3.6e-3", "9.1e-4", "2.3e-4", "5.7e-5", "1.4e-5"], [.. errors.Select(e => e.L2)]);
        ReferenceTable.Matches(["7.9e-2", "2.9e-2", "7.7e-3", "2.0e-3", "5.1e-4", "1.3e-4", "3.2e-5"], [.. errors.Select(e => e.Sup)]);
        Assert.Equal(-2, ReferenceTable.Rate(s_cells[2..], [.. errors[2..].Select(e => e.L2)]), 0.15);
    }

    /// <summary>Without γ a fraction O(1/n) of the points is decoded into the neighbouring cell and ends M′ − u's range away or more: L2 like n^{−1/2}.</summary>
    [Fact]
    public void Without_the_margin_the_error_stalls()
    {
        (double L2, double Sup)[] with = Sweep(1), without = Sweep(1, margin: 0);
        double rate = ReferenceTable.Rate(s_cells[1..], [.. without[1..].Select(e => e.L2)]);
        Assert.InRange(rate, -0.65, -0.35);
        for (int i = 3; i < with.Length; i++)
        {
            Assert.True(without[i].L2 > 15 * with[i].L2, $"n = {s_cells[i]}: {without[i].L2:G3} without, {with[i].L2:G3} with");
            Assert.True(without[i].Sup > 0.5);
        }
    }

    /// <summary>The four couplings do what the tables say; the planted bugs (M′ not taken back, a sign) do not.</summary>
    [Fact]
    public void The_couplings_are_the_tables()
    {
        CellBlock block = Block(32, 2, pieces: 64);
        double ramp = Math.ScaleB(1, -35);
        double[] points = Points(4000), exact = PointSet.Map(new Bump(), points), tables = Tables(block, ramp)(points);
        IBijection[] layers = [.. block.Layers([ramp], Activation.ReLU)];
        Assert.Equal(5, layers.Length);
        Assert.Equal(4, layers.OfType<Coupling>().Count());
        Assert.Equal(1, ((Linear)layers[^1]).Sign);
        double Distance(double[] a, double[] b) => a.Zip(b, (x, y) => Math.Abs(x - y)).Max();
        Assert.InRange(Distance(PointSet.Map(new Composition(2, layers), points), tables), 0, 1e-9);
        Assert.InRange(Distance(tables, exact), 0, 3e-3);

        for (int layer = 0; layer < 4; layer++)
        {
            IBijection[] changed = [.. block.Layers([ramp], Activation.ReLU)];
            Coupling coupling = (Coupling)changed[layer];
            IConditioner inner = coupling.Conditioner is ClippedConditioner c ? c.Inner : coupling.Conditioner;
            Dense output = ((MultilayerPerceptron)inner).Layers[^1];
            int row = output.Outputs - 1; // the shift
            foreach (ref double w in output.Weights.Slice(row * output.Inputs, output.Inputs)) w = layer == 3 ? 0 : -w;
            Assert.True(Distance(PointSet.Map(new Composition(2, changed), points), exact) > 0.1, $"bug in layer {layer + 1} not seen");
        }
    }

    /// <summary>ReLUs of width 2⁻⁴⁷ cancel exactly: the code is a whole multiple of M off the ramps, though the units are weighted by 10¹⁴.</summary>
    [Fact]
    public void The_staircase_is_exact_off_its_ramps()
    {
        CellBlock block = Block(32, 1, pieces: 8);
        foreach (Activation activation in (Activation[])[Activation.ReLU, Activation.Tanh])
        {
            double ramp = Math.ScaleB(1, -47);
            Coupling first = (Coupling)block.Layers([ramp], activation).First();
            double[] points = Points(2000);
            for (int n = 1; n < points.Length; n += 2) points[n] = 0;
            double[] images = PointSet.Map(first, points);
            Func<double, bool> off = Off(block, ramp);
            for (int n = 0; n < points.Length; n += 2)
                if (off(points[n])) Assert.Equal(block.Period * Math.Floor(32 * points[n]), images[n + 1]);
        }
    }

    /// <summary>The same with tanh units: the staircase is a sum of saturated steps, the tables are convolved with a narrow kernel.</summary>
    [Fact]
    public void Tanh_units_do_the_same()
    {
        CellBlock block = Block(16, 2, pieces: 128);
        double[] points = Points(2000);
        (double L2, double Sup) relu = Errors(Flow(block, 1e-8), points), tanh = Errors(Flow(block, 1e-8, Activation.Tanh), points);
        Assert.Equal(relu.L2, tanh.L2, 0.05 * relu.L2);
        Assert.Equal(relu.Sup, tanh.Sup, 0.1 * relu.Sup);
    }

    /// <summary>
    /// n = 32, order 1, ramps included: the error is the one off the set and √(n − 1)η times the size of the values on it. Here those stay within a few M′, so the sweep starts lower than a
    /// table whose values grow with n. Points are drawn on the ramps themselves.
    /// </summary>
    [Fact]
    public void Ramps_cost_the_square_root_of_their_width()
    {
        const int N = 32;
        CellBlock block = Block(N, 1);
        Staircase cells = block.Staircases.Single().Cells;
        Philox random = new(1, "ramps");
        double largest = 0;
        double[] sizes = [.. ((double[])[1e-2, 1e-3, 1e-4, 1e-5]).Select(total =>
        {
            double eta = total / N, sum = 0;
            double[] points = Points(20_000);
            for (int n = 0; n < points.Length; n += 2) points[n] = cells.Edge(1 + random.NextInt(N - 1)) + (eta * (random.NextUniform() - 0.5));
            double[] images = Tables(block, eta)(points), exact = PointSet.Map(new Bump(), points);
            for (int n = 0; n < points.Length; n += 2)
            {
                double square = Math.Pow(images[n] - exact[n], 2) + Math.Pow(images[n + 1] - exact[n + 1], 2);
                (sum, largest) = (sum + square, Math.Max(largest, Math.Sqrt(square)));
            }

            return Math.Sqrt(sum / 20_000 * (N - 1) * eta);
        })];
        Assert.Equal(0.5, ReferenceTable.Slope([.. Enumerable.Range(0, 4).Select(k => -k * Math.Log(10))], [.. sizes.Select(s => Math.Log(s))]), 0.02);
        ReferenceTable.Matches(["5.5e-2", "1.8e-2", "5.6e-3", "1.8e-3"], sizes);
        Assert.InRange(largest, 0.5, 3 * block.OutputPeriod); // never near the target there, never far from everything
    }

    /// <summary>Three coordinates: cells in both passive ones, numbered together, no conditioner with a product.</summary>
    [Fact]
    public void Three_dimensions_need_four_couplings_too()
    {
        Target map = TargetParser.Parse("x; y; z + 0.2*sin(2*x + y)*cos(z)");
        Box box = Domain.Cube(3, -1, 1);
        double[] points = new double[3 * 4000];
        new Philox(3, "cube").FillUniform(points);
        for (int i = 0; i < points.Length; i++) points[i] = (2 * points[i]) - 1;
        double[] errors = [.. ((int[])[4, 8, 16]).Select(n =>
        {
            CellBlock block = CellBlock.Create(map, 2, box, points, new CellShape { Cells = [32, n], Pieces = 40 }, 0);
            double[] exact = PointSet.Map(map, points), tables = [.. points];
            for (int k = 0; k < points.Length; k += 3) block.Map(tables.AsSpan(k, 3), [1e-10, 1e-10]);
            if (n == 8)
            {
                Composition flow = new(3, block.Layers([Math.ScaleB(1, -44), Math.ScaleB(1, -46)], Activation.ReLU));
                Assert.Equal(4, flow.Parts.OfType<Coupling>().Count());
                Assert.InRange(PointSet.Map(flow, points).Zip(tables, (a, b) => Math.Abs(a - b)).Max(), 0, 1e-6);
            }

            return tables.Zip(exact, (a, b) => Math.Abs(a - b)).Max();
        })];
        Assert.Equal(-1, ReferenceTable.Rate([4, 8, 16], errors), 0.2); // first order in the coordinate that keeps nothing
    }

    /// <summary>(x, y + 0.1 sin(2πx)·16y²(1 − y)²), the identity for y outside [0, 1].</summary>
    private sealed class Bump : IMap
    {
        public int Dimension => 2;

        public void Map<T>(Span<T> x) where T : unmanaged, IScalar<T>
        {
            T y = T.Max(T.Min(x[1], T.Constant(1)), T.Constant(0)), bump = y * (1 - y);
            x[1] += 1.6 * T.Sin(2 * Math.PI * x[0]) * bump * bump;
        }
    }
}
