using UniversalFlows.Bijections;
using UniversalFlows.Numerics;

namespace UniversalFlows.Proofs.Claims.Evidence;

/// <summary>What couplings, triangular and autoregressive maps reach, and in how many layers.</summary>
internal static class Approximations
{
    /// <summary>
    /// "Affine couplings approximate every C¹ diffeomorphism in C¹", tried on (x, y) ↦ (x, ±y). Couplings with positive scales have det DF > 0. If det DT &lt; 0, the segment from DT to DF meets a singular matrix, so ‖DF − DT‖ is at
    /// least the smallest singular value of DT: 1.
    /// </summary>
    public static Finding Orientation(int sign)
    {
        int wrong = 0;
        for (ulong seed = 0; seed < 20; seed++)
        {
            Composition flow = new Architecture(FlowFamily.Acf, 2, 6, [8]).Initialise(seed);
            Philox random = new(seed, "orientation");
            if (SmallMatrix.Determinant(Couplings.Matrix(flow, [random.NextNormal(), random.NextNormal()]), 2) <= 0) wrong++;
        }

        double bound = sign < 0 && wrong == 0 ? 1 : 0;
        return Finding.Exact(bound, "couplings with positive scales preserve orientation (twenty random flows for good measure); a segment of matrices from det < 0 to det > 0 meets a singular one, so the C¹ distance from the target is at least the smallest singular value of its Jacobian")
            .With(("C¹ distance at least", bound), ("sup distance of a coupling from y + y³ in d = 1 at least", 0.25));
    }

    /// <summary>
    /// "Affine autoregressive maps approximate every triangular map", tried on y + y³ over [−1, 1]: for a fixed condition such a map is a·y + b. The functional Σλ_i g(y_i) with λ = (−1, 2, −2, 1)/6 at −1, −½, ½, 1 vanishes on lines and has Σ|λ_i| = 1,
    /// so its value on the target is a lower bound of the sup error.
    /// </summary>
    public static Finding AffineSlices() => AffineSlices((y, unit) => (y * unit * unit) + (y * y * y)) with { Corrected = CubicSlice(3) };

    /// <summary>The same for another polynomial: its value at y/unit times unit³.</summary>
    internal static Finding AffineSlices(Func<long, long, long> target)
    {
        long[] weights = [-1, 2, -2, 1], at = [-2, -1, 1, 2];
        long value = 0, constants = 0, lines = 0, norm = 0;
        for (int i = 0; i < 4; i++)
        {
            value += weights[i] * target(at[i], 2);
            constants += weights[i];
            lines += weights[i] * at[i];
            norm += Math.Abs(weights[i]);
        }

        double bound = constants == 0 && lines == 0 ? Math.Abs((double)value) / (8 * norm) : double.NaN;
        return Finding.Exact(bound, "a functional of norm 1 that vanishes on all a·y + b, evaluated on y + y³ in whole numbers: a lower bound of the sup error, whatever the conditioners").With(("sup error at least", bound));
    }

    /// <summary>The integral of a sum of squares, 1² + (√c·z)², against y + y³.</summary>
    internal static Finding CubicSlice(double c)
    {
        Largest worst = default;
        GaussLegendre rule = GaussLegendre.Rule(2);
        foreach (double y in Reals.Grid(-1, 1, 41))
        {
            double sum = 0;
            for (int i = 0; i < 2; i++)
            {
                double z = 0.5 * y * (1 + rule.Nodes[i]), root = Math.Sqrt(c) * z;
                sum += 0.5 * y * rule.Weights[i] * (1 + (root * root));
            }

            worst.Add(Math.Abs(sum - (y + (y * y * y))));
        }

        return Finding.AtPoints(worst.Value, 1e-14, "a layer that integrates a sum of squares, 1 + 3z², against y + y³ at 41 points: a monotone layer has what the affine one lacks");
    }

    /// <summary>"An autoregressive map is C_D∘…∘C_1", C_k changing coordinate k with the map's own functions; the correction: C_1∘…∘C_D.</summary>
    public static Finding OrderOfCouplings(int dimension) => OrderOfCouplings(dimension, last: false) with { Corrected = OrderOfCouplings(dimension, last: true) };

    /// <summary>The same with the last coordinate first, or not.</summary>
    internal static Finding OrderOfCouplings(int dimension, bool last)
    {
        Largest worst = default;
        Philox random = new(1, "order of couplings");
        for (int n = 0; n < 50; n++)
        {
            double[] x = new double[dimension], y = new double[dimension], z;
            random.FillNormal(x);
            for (int k = 0; k < dimension; k++) y[k] = Moved(x, k);
            z = [.. x];
            foreach (int k in last ? Enumerable.Range(0, dimension).Reverse() : Enumerable.Range(0, dimension)) z[k] = Moved(z, k);
            worst.Add(y.Zip(z, (a, b) => Math.Abs(a - b)).Max());
        }

        return Finding.AtPoints(worst.Value, 1e-13, $"x_k ↦ x_k·exp(s_k(x_1, …)) + t_k(x_1, …) in R^{dimension} against its couplings one after the other, the {(last ? "last" : "first")} coordinate first, at 50 points").With(("largest difference", worst.Value));
    }

    /// <summary>x_k e^{s_k} + t_k with functions of the coordinates before.</summary>
    private static double Moved(double[] x, int k)
    {
        double sum = 0;
        for (int j = 0; j < k; j++) sum += (j + 1) * x[j];
        return (x[k] * Reals.Exp(0.4 * Reals.Sin(sum + k))) + Reals.Cos(sum);
    }

    /// <summary>Passes through the networks, one after the other: D − 1 for samples of an autoregressive flow, 1 for its density, 1 and 1 for a coupling.</summary>
    public static Finding Passes(int largest) => Passes(largest, ownOutputs: true);

    /// <summary>The same with conditioners of the given point in the place of the flow's own outputs.</summary>
    internal static Finding Passes(int largest, bool ownOutputs)
    {
        int defect = 0, sampling = 0, density = 0, coupling = 0;
        for (int d = 2; d <= largest; d++)
        {
            Stage[] x = [.. Enumerable.Range(0, d).Select(i => new Stage(Reals.Sin(i + 1), 0))], z = [.. x.Select((v, k) => v.Moved(Condition(x[..k]), back: true))], again = new Stage[d];
            Stage[] given = [.. z.Select(v => v with { Pass = 0 })];
            for (int k = 0; k < d; k++) again[k] = given[k].Moved(Condition(ownOutputs ? again[..k] : given[..k]), back: false);
            Stage half = Condition(x[..1]);
            (sampling, density, coupling) = (again.Max(v => v.Pass), z.Max(v => v.Pass), x[1..].Max(v => v.Moved(half, back: false).Pass));
            bool returns = again.Zip(x, (a, b) => Math.Abs(a.Value - b.Value)).Max() < 1e-12;
            defect += Math.Abs(sampling - (d - 1)) + Math.Abs(density - 1) + Math.Abs(coupling - 1) + (returns ? 0 : 1);
        }

        return Finding.Exact(defect, $"numbers that carry how many network passes stand before them, one after the other, for D = 2 to {largest}: samples and density of an autoregressive flow, and a coupling; samples give the point back")
            .With(("passes for a sample, autoregressive", sampling), ("passes for its density", density), ("passes of a coupling", coupling));
    }

    private static Stage Condition(Stage[] before) => before.Length == 0 ? new(0.5, 0) : new(Reals.Sin(before.Sum(v => v.Value)), 1 + before.Max(v => v.Pass));

    /// <summary>A number and how many network passes, one after the other, it took.</summary>
    private readonly record struct Stage(double Value, int Pass)
    {
        public Stage Moved(Stage condition, bool back) =>
            new(back ? (Value - condition.Value) * Reals.Exp(-condition.Value) : (Value * Reals.Exp(condition.Value)) + condition.Value, Math.Max(Pass, condition.Pass));
    }

    /// <summary>
    /// "2^D couplings are needed", against D + 1 affine couplings in L^p (the last coordinate stores the cells of all others, then each is overwritten in turn), for a map that folds every coordinate.
    /// The defect is by how much 2^D exceeds D + 1, relatively, if the witness keeps its error; the correction is the witness's own bound.
    /// </summary>
    public static Finding LayersInLp(int dimension, int cells) => LayersInLp(dimension, cells, needed: true) with { Corrected = LayersInLp(dimension, cells, needed: false) };

    /// <summary>The same, the lower bound of layers or the witness's error against 3/(2n).</summary>
    internal static Finding LayersInLp(int dimension, int cells, bool needed, bool code = true)
    {
        double bound = 1.5 / cells, square = 0;
        Largest worst = default;
        Philox random = new(1, "d + 1 layers");
        const int Points = 4000;
        double[] x = new double[dimension];
        for (int n = 0; n < Points; n++)
        {
            random.FillUniform(x);
            double[] y = Overwrite(x, cells, code);
            double sum = 0;
            for (int k = 0; k < dimension; k++)
            {
                double e = y[k] - Fold(x, k);
                worst.Add(Math.Abs(e));
                sum += e * e;
            }

            square += sum / Points;
        }

        int layers = dimension + 1;
        double defect = needed ? worst.Value <= bound ? (Math.ScaleB(1, dimension) / layers) - 1 : 0 : Math.Max(0, worst.Value - bound);
        return Finding.AtPoints(defect, 0, $"{layers} affine couplings, one coordinate each, for x_k ↦ |2x_(k+1) − 1| on [0, 1]^{dimension} with {cells} cells a side: {Points} points, each coordinate within 3/(2·{cells})")
            .With(("layers", layers), ("2^D", Math.ScaleB(1, dimension)), ("largest error of a coordinate", worst.Value), ("root mean square error", Math.Sqrt(square)), ("bound 3/(2n)", bound));
    }

    private static double Fold(double[] x, int k) => Math.Abs((2 * x[(k + 1) % x.Length]) - 1);

    /// <summary>The D + 1 couplings: each changes one coordinate, by a scale and a shift that depend on the others alone.</summary>
    private static double[] Overwrite(double[] x, int n, bool withCode)
    {
        int d = x.Length, last = d - 1;
        double codes = 1;
        for (int k = 0; k < d; k++) codes *= n;
        double zeta = 1 / (8 * n * codes), scale = zeta / 4;
        double[] y = [.. x];
        int Cell(double v) => Math.Clamp((int)Math.Floor(v * n), 0, n - 1);

        // 1: the last coordinate stores the cells of the others
        double others = 0;
        for (int k = last - 1; k >= 0; k--) others = (others * n) + Cell(y[k]);
        y[last] += 2 * others;

        // 2 … D: each of the others is overwritten, read from the last one; the first one keeps the whole code in its low digits
        (double[] centre, double code) = Read(Math.Floor(y[last] / 2), y[last]);
        for (int k = 0; k < last; k++) y[k] = (scale * (y[k] - centre[k])) + Rounded(Fold(centre, k)) + (k == 0 && withCode ? zeta * code : 0);

        // D + 1: the last coordinate, read from the low digits of the first
        double q = Rounded(y[0] - (0.5 * zeta * codes)), whole = Math.Round((y[0] - q) / zeta), stored = Math.Floor(whole / n);
        double[] middle = Centres(stored, (int)(whole - (stored * n)));
        y[last] = (scale * (y[last] - (2 * stored) - middle[last])) + Fold(middle, last);
        return y;

        double Rounded(double v) => Math.Round(2 * n * v) / (2 * n);

        (double[] Centre, double Code) Read(double stack, double value)
        {
            int own = Cell(value - (2 * stack));
            return (Centres(stack, own), (stack * n) + own);
        }

        double[] Centres(double stack, int own)
        {
            double[] c = new double[d];
            for (int k = 0; k < last; k++)
            {
                double rest = Math.Floor(stack / n);
                c[k] = (stack - (n * rest) + 0.5) / n;
                stack = rest;
            }

            c[last] = (own + 0.5) / n;
            return c;
        }
    }
}
