using UniversalFlows.Numerics;

namespace UniversalFlows.Proofs.Claims.Evidence;

/// <summary>Layers over pictures of C channels and H×W pixels, stored channel by channel.</summary>
internal static class Convolutions
{
    /// <summary>log|det| of a 1×1 convolution against H·W·log|det W|.</summary>
    public static Finding PointwiseDeterminant(int channels, int height, int width) => PointwiseDeterminant(channels, height, width, (h, w) => h * w);

    /// <summary>The same with another count of pixels.</summary>
    internal static Finding PointwiseDeterminant(int channels, int height, int width, Func<int, int, double> pixels)
    {
        Largest worst = default;
        Philox random = new(1, "1x1 convolution");
        double dense = 0, formula = 0;
        for (int repeat = 0; repeat < 8; repeat++)
        {
            double[] kernel = new double[channels * channels];
            random.FillNormal(kernel);
            int n = channels * height * width, area = height * width;
            double[] matrix = Columns(n, x => Pointwise(kernel, channels, area, x));
            dense = SmallMatrix.LogAbsDeterminant(matrix, n, out int sign);
            formula = pixels(height, width) * SmallMatrix.LogAbsDeterminant(kernel, channels, out int kernelSign);
            worst.Add(Math.Abs(dense - formula));
            worst.Add(Math.Abs(sign - (area % 2 == 0 ? 1 : kernelSign)));
        }

        return Finding.AtPoints(worst.Value, 1e-11, $"the {channels * height * width}-dimensional matrix of the layer by its columns, its determinant by elimination, against the formula, for eight random kernels")
            .With(("log|det| of the layer", dense), ("formula", formula));
    }

    /// <summary>Squeezing 2×2 blocks into channels is a permutation: there and back, log-det 0.</summary>
    public static Finding Squeeze(int channels, int height, int width)
    {
        int n = channels * height * width;
        double[] x = [.. Enumerable.Range(0, n).Select(i => (double)i)], y = Squeeze(x, channels, height, width), back = Unsqueeze(y, channels, height, width);
        double logDet = SmallMatrix.LogAbsDeterminant(Columns(n, v => Squeeze(v, channels, height, width)), n, out _);
        int wrong = x.Zip(back).Count(p => p.First != p.Second) + x.Except(y).Count();
        return Finding.Exact(wrong + Math.Abs(logDet), $"{channels}×{height}×{width} numbered entries to {4 * channels}×{height / 2}×{width / 2} and back: entries that are lost or moved, and the log-determinant of the {n}×{n} matrix");
    }

    /// <summary>log|det| of x ↦ s_c x + b_c, and mean 0 and variance 1 after the initialisation from data.</summary>
    public static Finding ActNorm(int channels, int height, int width) => ActNorm(channels, height, width, (h, w) => h * w);

    /// <summary>The same with another count of pixels.</summary>
    internal static Finding ActNorm(int channels, int height, int width, Func<int, int, double> pixels)
    {
        int area = height * width, n = channels * area, samples = 64;
        Philox random = new(1, "actnorm");
        double[][] data = [.. Enumerable.Range(0, samples).Select(_ => (double[])[.. Enumerable.Range(0, n).Select(i => (1 + (i / area)) * random.NextNormal() + (3 * (i / area)))])];
        double[] scale = new double[channels], shift = new double[channels];
        Largest worst = default;
        for (int c = 0; c < channels; c++)
        {
            double[] values = [.. data.SelectMany(x => x.AsSpan(c * area, area).ToArray())];
            double mean = values.Average(), deviation = Math.Sqrt(values.Average(v => (v - mean) * (v - mean)));
            (scale[c], shift[c]) = (1 / deviation, -mean / deviation);
        }

        for (int c = 0; c < channels; c++)
        {
            double[] values = [.. data.SelectMany(x => Apply(x).AsSpan(c * area, area).ToArray())];
            worst.Add(Math.Abs(values.Average()));
            worst.Add(Math.Abs(values.Average(v => v * v) - 1));
        }

        double[] zero = Apply(new double[n]), matrix = Columns(n, x => [.. Apply(x).Zip(zero, (a, b) => a - b)]);
        double dense = SmallMatrix.LogAbsDeterminant(matrix, n, out _), formula = pixels(height, width) * scale.Sum(s => Reals.Log(Math.Abs(s)));
        worst.Add(Math.Abs(dense - formula));
        return Finding.AtPoints(worst.Value, 1e-11, "scale and shift from the means and variances of 64 random pictures; means, variances afterwards; the layer's matrix by its columns, its determinant by elimination, against the formula")
            .With(("log|det| of the layer", dense), ("formula", formula));

        double[] Apply(double[] x) => [.. x.Select((v, i) => (scale[i / area] * v) + shift[i / area])];
    }

    private static double[] Pointwise(double[] kernel, int channels, int area, double[] x)
    {
        double[] y = new double[x.Length];
        for (int p = 0; p < area; p++)
            for (int i = 0; i < channels; i++)
                for (int j = 0; j < channels; j++) y[(i * area) + p] += kernel[(i * channels) + j] * x[(j * area) + p];
        return y;
    }

    private static double[] Squeeze(double[] x, int channels, int height, int width)
    {
        double[] y = new double[x.Length];
        for (int i = 0; i < x.Length; i++) y[Squeezed(i, channels, height, width)] = x[i];
        return y;
    }

    private static double[] Unsqueeze(double[] y, int channels, int height, int width)
    {
        double[] x = new double[y.Length];
        for (int i = 0; i < x.Length; i++) x[i] = y[Squeezed(i, channels, height, width)];
        return x;
    }

    private static int Squeezed(int i, int channels, int height, int width)
    {
        int c = i / (height * width), row = i / width % height, column = i % width;
        int channel = (((row % 2 * 2) + (column % 2)) * channels) + c;
        return (((channel * (height / 2)) + (row / 2)) * (width / 2)) + (column / 2);
    }

    /// <summary>The matrix of a linear map, by the images of the basis.</summary>
    private static double[] Columns(int n, Func<double[], double[]> map)
    {
        double[] matrix = new double[n * n];
        for (int j = 0; j < n; j++)
        {
            double[] e = new double[n];
            e[j] = 1;
            double[] y = map(e);
            for (int i = 0; i < n; i++) matrix[(i * n) + j] = y[i];
        }

        return matrix;
    }
}
