using UniversalFlows.Bijections;
using UniversalFlows.Bijections.Conditioners;
using UniversalFlows.Bijections.Transformers;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Proofs.Claims.Evidence;

/// <summary>Costs by counting operations: the formulas are read with numbers that count.</summary>
internal static class Costs
{
    /// <summary>The exact trace of a field of fixed width by D directional derivatives: a polynomial of degree 2 in D.</summary>
    public static Finding ExactTrace(int width) => ExactTrace(width, 2);

    /// <summary>The same with another degree.</summary>
    internal static Finding ExactTrace(int width, int degree)
    {
        // differences of order degree + 1 vanish, those of order degree do not
        long[] costs = [.. Enumerable.Range(1, degree + 3).Select(i => Trace(16 * i, width))];
        double[] row = [.. costs.Select(c => (double)c)];
        for (int k = 0; k < degree; k++) row = [.. row.Zip(row.Skip(1), (a, b) => b - a)];
        double leading = row[0], next = row.Zip(row.Skip(1), (a, b) => Math.Abs(b - a)).Max();
        double wide = Reals.Log((double)Trace(128, 128) / Trace(64, 64)) / Reals.Log(2);
        return Finding.Measured(leading > 0 ? next / leading : 1, $"operations of D directional derivatives of a network D → {width} → D, D = 16, 32, …: the next differences of the counts, relative to those of order {degree}")
            .With(("operations at D = 16", costs[0]), ("operations at D = 32", costs[1]), ("exponent if the width grows with D", wide));
    }

    /// <summary>"The estimate costs O(1)": on how many numbers it depends, at dimension D and 2D.</summary>
    public static Finding EstimateReads(int dimension) => Growth(Reads(dimension), Reads(2 * dimension), 1, "entries of the Jacobian's diagonal on which the estimate depends, by derivatives; whoever reads fewer gives the same answer to different traces",
        dimension) with
    {
        Corrected = EstimatePerEvaluation(4),
    };

    /// <summary>"A sample costs O(D)": operations of one estimate for a network D → D → D at D and 2D.</summary>
    public static Finding EstimateGrowth(int dimension) => Growth(Estimate(dimension, dimension), Estimate(2 * dimension, 2 * dimension), 2, "operations of one estimate for a network D → D → D by one directional derivative, no sweep back", dimension) with
    {
        Corrected = EstimatePerEvaluation(4),
    };

    /// <summary>How much growth from D to 2D exceeds the printed one.</summary>
    internal static Finding Growth(long small, long large, double printed, string what, int dimension) =>
        Finding.Exact(Math.Max(0, ((double)large / small / printed) - 1), $"{what}, at D = {dimension} and {2 * dimension}; the defect is by how much the growth exceeds the printed one, relatively").With(("at D", small), ("at 2D", large));

    /// <summary>One estimate costs at most <paramref name="most"/> evaluations of f.</summary>
    internal static Finding EstimatePerEvaluation(double most)
    {
        Largest worst = default;
        foreach (int d in (int[])[8, 32, 128])
            foreach (int w in (int[])[8, 64]) worst.Add((double)Estimate(d, w) / Evaluate(d, w));
        return Finding.Exact(Math.Max(0, worst.Value - most), $"operations of one estimate over operations of f, for D = 8, 32, 128 and widths 8 and 64; at most {most}").With(("largest quotient", worst.Value));
    }

    /// <summary>"A field of width w costs D·w²": products in a network D → w → w → D when D = w doubles; the correction: 2Dw + w² of them.</summary>
    public static Finding EvaluationGrowth(int size)
    {
        double counted = (double)Products(2 * size, 2 * size) / Products(size, size), printed = 8;
        return Finding.Exact(Math.Abs((printed / counted) - 1), $"products in a network n → n → n → n at n = {size} and {2 * size}: the growth of the formula over the growth of the count")
            .With(("products", Products(size, size)), ("formula", (double)size * size * size), ("growth of the count", counted), ("growth of the formula", printed)) with
        {
            Corrected = EvaluationCount((d, w) => (2L * d * w) + ((long)w * w)),
        };
    }

    /// <summary>A formula for the products in D → w → w → D against their count.</summary>
    internal static Finding EvaluationCount(Func<int, int, long> formula)
    {
        long defect = 0;
        foreach ((int d, int w) in ((int, int)[])[(8, 8), (24, 40), (100, 16)]) defect += Math.Abs(Products(d, w) - formula(d, w));
        return Finding.Exact(defect, "products in networks D → w → w → D for (D, w) = (8, 8), (24, 40), (100, 16) against the formula");
    }

    /// <summary>Multiplications of D → w → w → D: each has an addition, and each of 2w hidden units one elementary function.</summary>
    private static long Products(int dimension, int width) => (Evaluate([dimension, width, width, dimension]) - (2 * width)) / 2;

    /// <summary>"The log-determinant of a 1×1 convolution costs D·C³, D = H·W·C": operations for 4 and for 64 pixels.</summary>
    public static Finding PointwiseLogDet(int channels) => PointwiseLogDet(channels, 16) with { Corrected = PointwiseLogDet(channels, 1) };

    /// <summary>The same with the growth that a formula has from 4 to 64 pixels.</summary>
    internal static Finding PointwiseLogDet(int channels, double growth, bool dense = false)
    {
        long few = Counted.Operations(() => LogDet(dense ? 4 * channels : channels, 4)), many = Counted.Operations(() => LogDet(dense ? 64 * channels : channels, 64));
        double counted = (double)many / few;
        // the elimination is one: its value against the library's
        double wrong = Math.Abs(LogDet(channels, 4) - (4 * SmallMatrix.LogAbsDeterminant(Kernel(channels), channels, out _)));
        return Finding.Exact(Math.Abs((growth / counted) - 1) + (wrong < 1e-12 ? 0 : 1), $"operations of an elimination of the {channels}×{channels} kernel and of the product with the number of pixels, for 4 and for 64 pixels: the growth of the formula over the growth of the count")
            .With(("operations, 4 pixels", few), ("operations, 64 pixels", many), ("growth of the formula", growth));
    }

    /// <summary>|n − bytes| for D·N numbers of four bytes, or by what factor they fit into a graphics card of the given bytes.</summary>
    public static Finding Memory(int dimension, int states, double card) => Memory(dimension, states, card, 4, exhausts: true) with { Corrected = Memory(dimension, states, 4e8, 4, exhausts: false) };

    /// <summary>The same with another size of a number; the statement "they do not fit", or "they are so many bytes".</summary>
    internal static Finding Memory(int dimension, int states, double bytes, int size, bool exhausts)
    {
        double need = (double)dimension * states * size;
        return Finding.Exact(exhausts ? Math.Max(0, (bytes / need) - 1) : Math.Abs(need - bytes), exhausts
            ? $"{states} states of {dimension} numbers of {size} bytes, and how many times more a card has than they need"
            : $"{states} states of {dimension} numbers of {size} bytes against the bytes of the corrected statement").With(("numbers", (double)dimension * states), ("bytes needed", need), ("bytes", bytes));
    }

    /// <summary>The operations that the log-determinant adds to an affine coupling of D/2 and D/2 coordinates.</summary>
    internal static long LogDetShare(int dimension)
    {
        int half = dimension / 2;
        MultilayerPerceptron net = new(Activation.Tanh, [new Dense(half, 8), new Dense(8, 2 * half)]);
        Coupling coupling = new(dimension, [.. Enumerable.Range(0, half)], [.. Enumerable.Range(half, half)], new AffineTransformer(new PositiveMap(PositiveKind.Exp)), net);
        Counted[] x = [.. Enumerable.Repeat(new Counted(0.5), dimension)], y = [.. x];
        return Counted.Operations(() => coupling.Forward<Counted>(x)) - Counted.Operations(() => coupling.Map<Counted>(y));
    }

    /// <summary>log|det| of <see cref="Kernel"/> by elimination, times a number of pixels.</summary>
    private static double LogDet(int n, double pixels)
    {
        Counted[] a = [.. Kernel(n).Select(v => new Counted(v))];
        Counted sum = new(0);
        for (int k = 0; k < n; k++)
        {
            sum += Counted.Log(a[k * (n + 1)]);
            for (int i = k + 1; i < n; i++)
            {
                Counted factor = a[(i * n) + k] / a[k * (n + 1)];
                for (int j = k + 1; j < n; j++) a[(i * n) + j] -= factor * a[(k * n) + j];
            }
        }

        return (new Counted(pixels) * sum).Value;
    }

    /// <summary>A matrix that needs no pivoting.</summary>
    private static double[] Kernel(int n) => [.. Enumerable.Range(0, n * n).Select(i => i % (n + 1) == 0 ? 2 : 1.0 / (i + n))];

    /// <summary>The number of diagonal entries on which εᵀJε depends, for f_i(z) = c_i z_i.</summary>
    private static long Reads(int dimension)
    {
        long reads = 0;
        for (int i = 0; i < dimension; i++)
        {
            // ∂/∂c_i of Σ ε_k c_k ε_k
            Dual<Real> estimate = Dual<Real>.Constant(0);
            for (int k = 0; k < dimension; k++)
            {
                Dual<Real> c = k == i ? Dual<Real>.Variable(new(1)) : Dual<Real>.Constant(1), sign = Dual<Real>.Constant((k * 7 % 3) - 1 == 0 ? 1 : -1);
                estimate += sign * c * sign;
            }

            if (estimate.Tangent.Value != 0) reads++;
        }

        return reads;
    }

    private static long Trace(int dimension, int width)
    {
        long total = 0;
        for (int i = 0; i < dimension; i++) total += Directional(dimension, width, k => k == i ? 1 : 0);
        return total + dimension;
    }

    /// <summary>One directional derivative and the scalar product with the same direction.</summary>
    private static long Estimate(int dimension, int width) => Directional(dimension, width, k => k % 2 == 0 ? 1 : -1) + (2 * dimension);

    private static long Directional(int dimension, int width, Func<int, double> direction)
    {
        Dense[] layers = Layers([dimension, width, dimension]);
        Dual<Counted>[] z = [.. Enumerable.Range(0, dimension).Select(k => new Dual<Counted>(new(0.1), new(direction(k))))];
        return Counted.Operations(() => Run(layers, z));
    }

    private static long Evaluate(int dimension, int width) => Evaluate([dimension, width, dimension]);

    private static long Evaluate(int[] widths)
    {
        Dense[] layers = Layers(widths);
        Counted[] z = [.. Enumerable.Repeat(new Counted(0.1), widths[0])];
        return Counted.Operations(() => Run(layers, z));
    }

    private static Dense[] Layers(int[] widths) => [.. widths.Zip(widths.Skip(1), (from, to) => new Dense(from, to))];

    private static void Run<T>(Dense[] layers, T[] z) where T : unmanaged, IScalar<T>
    {
        for (int l = 0; l < layers.Length; l++)
        {
            T[] y = new T[layers[l].Bias.Length];
            T.Affine(layers[l], z, y);
            if (l < layers.Length - 1) T.Activate(Activation.Tanh, y);
            z = y;
        }
    }
}
