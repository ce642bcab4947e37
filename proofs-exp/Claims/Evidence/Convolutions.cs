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

    /// <summary>
    /// W = PLU with unit lower L and positive diagonal e^u of U: log|det W| = Σu whatever the rest, and the sign is that of the fixed P.
    /// </summary>
    public static Finding FactoredKernel(int channels) => FactoredKernel(channels, u => u.Sum());

    /// <summary>The same with another formula.</summary>
    internal static Finding FactoredKernel(int channels, Func<double[], double> formula)
    {
        Largest worst = default;
        for (int repeat = 0; repeat < 50; repeat++)
        {
            Philox random = new(1, $"factored kernel {repeat}");
            double[] u = new double[channels], lower = new double[channels * channels], upper = new double[channels * channels], product = new double[channels * channels];
            random.FillNormal(u);
            for (int i = 0; i < channels; i++)
            {
                for (int j = 0; j < channels; j++)
                {
                    double v = random.NextNormal();
                    if (i > j) lower[(i * channels) + j] = v;
                    if (i < j) upper[(i * channels) + j] = v;
                }

                (lower[(i * channels) + i], upper[(i * channels) + i]) = (1, Reals.Exp(u[i]));
            }

            SmallMatrix.Multiply(lower, upper, channels, product);
            worst.Add(Math.Abs(SmallMatrix.LogAbsDeterminant(product, channels, out int sign) - formula(u)));
            worst.Add(Math.Abs(sign - 1));
        }

        // P = I against diag(−1, 1): the first entry of LU is e^u > 0 and should be −1; (0 0; 0 1) is a limit of LU and attains 1
        return Finding.AtPoints(worst.Value, 1e-11, $"50 random products L·U of {channels} channels: determinants by elimination against Σu, and their signs, which are those of P = I; so diag(−1, 1, …) is at least 1 away from all of them in its first entry")
            .With(("least error of diag(−1, 1) with P = I", 1));
    }

    /// <summary>A kernel that is trained freely may be singular: det of (1 1; 1 1). The defect is |det| there; almost every kernel is invertible all the same.</summary>
    public static Finding FreeKernel() => FreeKernel(1);

    /// <summary>The same with another entry.</summary>
    internal static Finding FreeKernel(double entry)
    {
        int singular = 0;
        Philox random = new(1, "free kernels");
        for (int n = 0; n < 1000; n++)
            if (SmallMatrix.Determinant([random.NextNormal(), random.NextNormal(), random.NextNormal(), random.NextNormal()], 2) == 0) singular++;
        return Finding.Exact(Math.Abs(1 - entry), "det (1 1; 1 e) = e − 1 is 0 at e = 1, by whole numbers: such kernels exist; of 1000 normal ones the singular were counted").With(("singular of 1000 random kernels", singular));
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
