using System.Text.Json;

namespace UniversalFlows.Tests.Oracles;

/// <summary>
/// A flow file read and evaluated a second time, in 77 digits and from the formulas of docs/flow-format.md alone: no class of the
/// library is used, integrals are antiderivatives of expanded polynomials, sums have no pivots.
/// </summary>
internal static partial class ReferenceFlow
{
    /// <summary>x ← f(x); returns log|det Df(x)|.</summary>
    public static BigReal Forward(JsonElement flow, BigReal[] x)
    {
        BigReal logDet = BigReal.Zero;
        foreach (JsonElement layer in flow.GetProperty("layers").EnumerateArray()) logDet += Layer(layer, x);
        return logDet;
    }

    /// <summary>y = f(x; raw) of a transformer, and log f′.</summary>
    public static BigReal Transform(JsonElement t, BigReal x, BigReal[] raw, out BigReal log)
    {
        switch (t.GetProperty("type").GetString())
        {
            case "additive":
                log = BigReal.Zero;
                return x + raw[0];
            case "affine":
                BigReal scale = Positive(t.GetProperty("scale"), raw[0]);
                log = BigReal.Log(scale);
                bool product = t.TryGetProperty("shift", out JsonElement form) && form.GetString() == "product";
                return (x * scale) + (product && log.Sign != 0 ? raw[1] * (scale - 1) / log : raw[1]);
            case "sos": return SumOfSquares(t, x, raw, out log);
            case "dsf": return DeepSigmoidal(t, x, raw, out log);
            case "ddsf": return DeepDenseSigmoidal(t, x, raw, out log);
            case "rqs": return Spline(t, x, raw, out log);
            default: throw new NotSupportedException();
        }
    }

    private static BigReal Layer(JsonElement layer, BigReal[] x)
    {
        switch (layer.GetProperty("type").GetString())
        {
            case "permutation":
                BigReal[] old = [.. x];
                int at = 0;
                foreach (JsonElement i in layer.GetProperty("order").EnumerateArray()) x[at++] = old[i.GetInt32()];
                return BigReal.Zero;
            case "linear":
                BigReal[][] matrix = Matrix(layer.GetProperty("matrix"));
                BigReal[] shift = layer.TryGetProperty("shift", out JsonElement b) ? Numbers(b) : [.. x.Select(_ => BigReal.Zero)];
                BigReal[] y = Product(matrix, x, shift);
                y.CopyTo(x, 0);
                return BigReal.Log(BigReal.Abs(Determinant(matrix)));
            case "composition": return Forward(layer, x);
            case "coupling": return Coupling(layer, x);
            case "autoregressive": return Autoregressive(layer, x);
            case "planar": return Planar(layer, x);
            case "sylvester": return Sylvester(layer, x);
            case "residual": return Residual(layer, x);
            default: throw new NotSupportedException();
        }
    }

    private static BigReal Coupling(JsonElement layer, BigReal[] x)
    {
        int[] passive, active;
        if (layer.TryGetProperty("mask", out JsonElement mask))
        {
            int[] bits = [.. mask.EnumerateArray().Select(b => b.GetInt32())];
            passive = [.. Enumerable.Range(0, bits.Length).Where(i => bits[i] == 1)];
            active = [.. Enumerable.Range(0, bits.Length).Where(i => bits[i] == 0)];
        }
        else
        {
            passive = [.. layer.GetProperty("passive").EnumerateArray().Select(i => i.GetInt32())];
            active = [.. layer.GetProperty("active").EnumerateArray().Select(i => i.GetInt32())];
        }

        BigReal[] raw = Condition(layer.GetProperty("conditioner"), [.. passive.Select(i => x[i])]);
        int block = raw.Length / active.Length;
        BigReal logDet = BigReal.Zero;
        for (int j = 0; j < active.Length; j++)
        {
            x[active[j]] = Transform(layer.GetProperty("transformer"), x[active[j]], raw[(j * block)..((j + 1) * block)], out BigReal log);
            logDet += log;
        }

        return logDet;
    }

    /// <summary>The network is applied as it stands, whole: its zeros are the mask.</summary>
    private static BigReal Autoregressive(JsonElement layer, BigReal[] x)
    {
        JsonElement network = layer.GetProperty("network");
        JsonElement[] layers = [.. network.GetProperty("layers").EnumerateArray()];
        BigReal[] h = [.. x];
        for (int i = 0; i < layers.Length; i++)
        {
            h = Product(Matrix(layers[i].GetProperty("weights")), h, Numbers(layers[i].GetProperty("bias")));
            if (i < layers.Length - 1) h = [.. h.Select(v => Activate(network.GetProperty("activation").GetString()!, v))];
        }

        int block = h.Length / x.Length;
        BigReal logDet = BigReal.Zero;
        for (int i = 0; i < x.Length; i++)
        {
            x[i] = Transform(layer.GetProperty("transformer"), x[i], h[(i * block)..((i + 1) * block)], out BigReal log);
            logDet += log;
        }

        return logDet;
    }

    private static BigReal[] Condition(JsonElement c, BigReal[] x)
    {
        if (c.TryGetProperty("clip", out JsonElement clip))
        {
            BigReal[][] box = Matrix(clip);
            for (int i = 0; i < x.Length; i++) x[i] = Max(box[i][0], Min(box[i][1], x[i]));
        }

        switch (c.GetProperty("type").GetString())
        {
            case "constant": return Numbers(c.GetProperty("values"));
            case "mlp":
                JsonElement[] layers = [.. c.GetProperty("layers").EnumerateArray()];
                for (int i = 0; i < layers.Length; i++)
                {
                    x = Product(Matrix(layers[i].GetProperty("weights")), x, Numbers(layers[i].GetProperty("bias")));
                    if (i < layers.Length - 1) x = [.. x.Select(v => Activate(c.GetProperty("activation").GetString()!, v))];
                }

                return x;
            case "chebyshev":
                BigReal[][] intervals = Matrix(c.GetProperty("intervals"));
                int[] degrees = [.. c.GetProperty("degrees").EnumerateArray().Select(n => n.GetInt32())];
                BigReal[] features = [BigReal.One];
                for (int i = 0; i < x.Length; i++)
                {
                    BigReal u = ((2 * x[i]) - intervals[i][0] - intervals[i][1]) / (intervals[i][1] - intervals[i][0]);
                    BigReal[] t = new BigReal[degrees[i] + 1];
                    for (int k = 0; k < t.Length; k++) t[k] = k == 0 ? BigReal.One : k == 1 ? u : (2 * u * t[k - 1]) - t[k - 2];
                    features = [.. features.SelectMany(f => t.Select(v => f * v))];
                }

                BigReal[][] coefficients = Matrix(c.GetProperty("coefficients"));
                return Product(coefficients, features, Bias(c, coefficients.Length));
            case "table":
                BigReal[] knots = Numbers(c.GetProperty("knots"));
                BigReal[][] values = Matrix(c.GetProperty("values"));
                int n = 0;
                while (n < knots.Length - 2 && x[0] >= knots[n + 1]) n++;
                BigReal share = Max(BigReal.Zero, Min(BigReal.One, (x[0] - knots[n]) / (knots[n + 1] - knots[n])));
                BigReal[] bias = Bias(c, values.Length);
                return [.. values.Select((row, i) => row[n] + (share * (row[n + 1] - row[n])) + bias[i])];
            default: throw new NotSupportedException();
        }
    }

    private static BigReal Activate(string name, BigReal x) => name switch
    {
        "tanh" => BigReal.Tanh(x),
        "relu" => Max(BigReal.Zero, x),
        "silu" => x * BigReal.Logistic(x),
        _ => x,
    };

    private static BigReal Positive(JsonElement map, BigReal raw)
    {
        BigReal r = raw + Number(map, "offset", 0);
        if (map.TryGetProperty("bound", out JsonElement bound)) r = (BigReal)bound.GetDouble() * BigReal.Tanh(r / (BigReal)bound.GetDouble());
        BigReal g = map.GetProperty("map").GetString() switch { "exp" => BigReal.Exp(r), "softplus" => BigReal.Softplus(r), _ => BigReal.Logistic(r) };
        return g + Number(map, "minimum", 0);
    }

    /// <summary>P(x) = c + εx + ∫₀ˣ Σ q², by expanding q in powers of z.</summary>
    private static BigReal SumOfSquares(JsonElement t, BigReal x, BigReal[] raw, out BigReal log)
    {
        int squares = t.GetProperty("squares").GetInt32(), degree = t.GetProperty("degree").GetInt32();
        JsonElement basis = t.GetProperty("basis");
        bool chebyshev = basis.GetProperty("type").GetString() == "chebyshev";
        // u = slope·z + shift
        BigReal slope, shift;
        if (chebyshev)
        {
            BigReal[] ends = Numbers(basis.GetProperty("interval"));
            (slope, shift) = (2 / (ends[1] - ends[0]), -(ends[0] + ends[1]) / (ends[1] - ends[0]));
        }
        else
        {
            (slope, shift) = (1 / Number(basis, "scale", 1), BigReal.Zero);
        }

        BigReal[] u = [shift, slope];
        List<BigReal[]> phi = [[BigReal.One], u];
        while (phi.Count <= degree)
        {
            BigReal[] next = Times(u, phi[^1]);
            if (chebyshev) next = Plus(next, next, phi[^2]);
            phi.Add(next);
        }

        BigReal[] integrand = new BigReal[(2 * degree) + 1];
        integrand[0] = Number(t, "linear", 0);
        for (int k = 0; k < squares; k++)
        {
            BigReal[] q = new BigReal[degree + 1];
            for (int l = 0; l <= degree; l++)
                for (int i = 0; i < phi[l].Length; i++) q[i] += raw[1 + (k * (degree + 1)) + l] * phi[l][i];
            BigReal[] square = Times(q, q);
            for (int i = 0; i < square.Length; i++) integrand[i] += square[i];
        }

        BigReal value = raw[0], slopeAtX = BigReal.Zero, power = BigReal.One;
        for (int i = 0; i < integrand.Length; i++)
        {
            slopeAtX += integrand[i] * power;
            power *= x;
            value += integrand[i] * power / (i + 1);
        }

        log = BigReal.Log(slopeAtX);
        return value;

        static BigReal[] Plus(BigReal[] a, BigReal[] b, BigReal[] minus) =>
            [.. a.Select((v, i) => v + b[i] - (i < minus.Length ? minus[i] : BigReal.Zero))];
    }

    private static BigReal DeepSigmoidal(JsonElement t, BigReal x, BigReal[] raw, out BigReal log)
    {
        int m = t.GetProperty("sigmoids").GetInt32();
        BigReal[] w = Softmax(raw[..m], Number(t, "minimumWeight", 0));
        BigReal p = BigReal.Zero, q = BigReal.Zero, slope = BigReal.Zero;
        for (int j = 0; j < m; j++)
        {
            BigReal a = Positive(t.GetProperty("slope"), raw[m + j]), z = (a * x) + raw[(2 * m) + j];
            BigReal s = BigReal.Logistic(z), r = BigReal.Logistic(-z);
            p += w[j] * s;
            q += w[j] * r;
            slope += w[j] * a * s * r;
        }

        log = BigReal.Log(slope / (p * q));
        return BigReal.Log(p / q);
    }

    /// <summary>h ← σ⁻¹(W σ(a ⊙ (U h) + b)) layer by layer, with derivatives by the chain rule.</summary>
    private static BigReal DeepDenseSigmoidal(JsonElement t, BigReal x, BigReal[] raw, out BigReal log)
    {
        int[] widths = [.. t.GetProperty("widths").EnumerateArray().Select(w => w.GetInt32())];
        BigReal minimum = Number(t, "minimumWeight", 0);
        BigReal[] h = [x], dh = [BigReal.One];
        int at = 0;
        for (int l = 0; l < widths.Length; l++)
        {
            int m = widths[l], outputs = l == widths.Length - 1 ? 1 : m;
            BigReal[][] u = l == 0 ? [.. Enumerable.Range(0, m).Select(_ => (BigReal[])[BigReal.One])] : Rows(m, widths[l - 1]), w = Rows(outputs, m);
            BigReal[] a = [.. Take(m).Select(r => Positive(t.GetProperty("slope"), r))], b = Take(m);
            BigReal[] z = [.. Product(u, h, [.. Enumerable.Repeat(BigReal.Zero, m)]).Select((v, j) => (a[j] * v) + b[j])];
            BigReal[] dz = [.. Product(u, dh, [.. Enumerable.Repeat(BigReal.Zero, m)]).Select((v, j) => a[j] * v)];
            BigReal[] none = [.. Enumerable.Repeat(BigReal.Zero, outputs)];
            BigReal[] p = Product(w, [.. z.Select(BigReal.Logistic)], none), q = Product(w, [.. z.Select(v => BigReal.Logistic(-v))], none);
            BigReal[] dp = Product(w, [.. z.Select((v, j) => dz[j] * BigReal.Logistic(v) * BigReal.Logistic(-v))], none);
            (h, dh) = ([.. p.Select((v, i) => BigReal.Log(v / q[i]))], [.. dp.Select((v, i) => v / (p[i] * q[i]))]);
        }

        log = BigReal.Log(dh[0]);
        return h[0];

        BigReal[] Take(int n) => raw[at..(at += n)];
        BigReal[][] Rows(int rows, int columns) => [.. Enumerable.Range(0, rows).Select(_ => Softmax(Take(columns), minimum))];
    }

    private static BigReal Spline(JsonElement t, BigReal x, BigReal[] raw, out BigReal log)
    {
        int bins = t.GetProperty("bins").GetInt32();
        BigReal[] ends = Numbers(t.GetProperty("interval"));
        BigReal minimum = Number(t, "minimumBin", 0);
        BigReal[] xs = Knots(Softmax(raw[..bins], minimum)), ys = Knots(Softmax(raw[bins..(2 * bins)], minimum));
        bool free = t.TryGetProperty("tails", out JsonElement tails) && tails.GetString() == "linear";
        BigReal[] d = [.. raw[(2 * bins)..].Select(r => Positive(t.GetProperty("slope"), r))];
        if (!free) d = [BigReal.One, .. d, BigReal.One];
        if (x < xs[0]) return Tail(0, out log);
        if (x > xs[bins]) return Tail(bins, out log);
        int k = 0;
        while (k < bins - 1 && x >= xs[k + 1]) k++;
        BigReal w = xs[k + 1] - xs[k], h = ys[k + 1] - ys[k], s = h / w, xi = (x - xs[k]) / w, rest = BigReal.One - xi;
        BigReal delta = s + ((d[k + 1] + d[k] - (2 * s)) * xi * rest);
        log = BigReal.Log(s * s * ((d[k + 1] * xi * xi) + (2 * s * xi * rest) + (d[k] * rest * rest)) / (delta * delta));
        return ys[k] + (h * ((s * xi * xi) + (d[k] * xi * rest)) / delta);

        BigReal Tail(int knot, out BigReal log)
        {
            log = BigReal.Log(d[knot]);
            return ys[knot] + (d[knot] * (x - xs[knot]));
        }

        BigReal[] Knots(BigReal[] shares)
        {
            BigReal[] knots = new BigReal[bins + 1];
            knots[0] = ends[0];
            for (int i = 0; i < bins; i++) knots[i + 1] = knots[i] + ((ends[1] - ends[0]) * shares[i]);
            return knots;
        }
    }

    private static BigReal[] Softmax(BigReal[] raw, BigReal minimum)
    {
        BigReal[] e = [.. raw.Select(BigReal.Exp)];
        BigReal sum = e.Aggregate(BigReal.Zero, (a, b) => a + b);
        return [.. e.Select(v => minimum + ((1 - (raw.Length * minimum)) * v / sum))];
    }

    private static BigReal[] Times(BigReal[] a, BigReal[] b)
    {
        BigReal[] product = new BigReal[a.Length + b.Length - 1];
        for (int i = 0; i < a.Length; i++)
            for (int j = 0; j < b.Length; j++) product[i + j] += a[i] * b[j];
        return product;
    }

    private static BigReal[] Product(BigReal[][] matrix, BigReal[] x, BigReal[] shift) =>
        [.. matrix.Select((row, i) => row.Select((a, j) => a * x[j]).Aggregate(shift[i], (sum, v) => sum + v))];

    /// <summary>By Laplace's expansion: the matrices here are small.</summary>
    private static BigReal Determinant(BigReal[][] a)
    {
        if (a.Length == 1) return a[0][0];
        BigReal sum = BigReal.Zero;
        for (int j = 0; j < a.Length; j++)
        {
            BigReal minor = a[0][j] * Determinant([.. a.Skip(1).Select(row => row.Where((_, k) => k != j).ToArray())]);
            sum = j % 2 == 0 ? sum + minor : sum - minor;
        }

        return sum;
    }

    private static BigReal[] Bias(JsonElement c, int count) =>
        c.TryGetProperty("bias", out JsonElement bias) ? Numbers(bias) : [.. Enumerable.Repeat(BigReal.Zero, count)];

    private static BigReal Number(JsonElement place, string name, double absent) =>
        (BigReal)(place.TryGetProperty(name, out JsonElement value) ? value.GetDouble() : absent);

    private static BigReal[] Numbers(JsonElement place) => [.. place.EnumerateArray().Select(v => (BigReal)v.GetDouble())];

    private static BigReal[][] Matrix(JsonElement place) => [.. place.EnumerateArray().Select(Numbers)];

    private static BigReal Max(BigReal a, BigReal b) => a < b ? b : a;

    private static BigReal Min(BigReal a, BigReal b) => a < b ? a : b;
}
