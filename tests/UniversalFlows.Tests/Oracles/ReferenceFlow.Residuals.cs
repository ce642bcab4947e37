using System.Text.Json;

namespace UniversalFlows.Tests.Oracles;

/// <content>Layers that move all coordinates: matrices are written out, log-dets are logarithms of whole determinants by Laplace's expansion.</content>
internal static partial class ReferenceFlow
{
    private static BigReal Planar(JsonElement layer, BigReal[] x)
    {
        BigReal[] u = Numbers(layer.GetProperty("u")), w = Numbers(layer.GetProperty("w"));
        BigReal product = Dot(w, u), lift = BigReal.Softplus(product) - 1 - product, h = BigReal.Tanh(Dot(w, x) + (BigReal)layer.GetProperty("b").GetDouble());
        BigReal[] hat = [.. u.Select((v, i) => v + (lift * w[i] / Dot(w, w)))];
        BigReal[][] jacobian = [.. hat.Select((v, i) => w.Select((c, j) => (i == j ? BigReal.One : BigReal.Zero) + (v * (1 - (h * h)) * c)).ToArray())];
        for (int i = 0; i < x.Length; i++) x[i] += hat[i] * h;
        return BigReal.Log(Determinant(jacobian));
    }

    private static BigReal Sylvester(JsonElement layer, BigReal[] x)
    {
        int d = x.Length;
        BigReal[][] v = Matrix(layer.GetProperty("reflections")), outer = Matrix(layer.GetProperty("outer")), inner = Matrix(layer.GetProperty("inner"));
        int m = v.Length;
        for (int i = 0; i < m; i++)
        {
            inner[i][i] = BigReal.Exp(inner[i][i]);
            outer[i][i] = (BigReal.Softplus(outer[i][i]) - 1) / inner[i][i];
        }

        // Q as a matrix: the first m columns of H_1 ... H_m
        BigReal[][] q = [.. Enumerable.Range(0, d).Select(i => Enumerable.Range(0, d).Select(j => i == j ? BigReal.One : BigReal.Zero).ToArray())];
        foreach (BigReal[] axis in v)
        {
            BigReal[][] h = [.. Enumerable.Range(0, d).Select(i => Enumerable.Range(0, d).Select(j => (i == j ? BigReal.One : BigReal.Zero) - (2 * axis[i] * axis[j] / Dot(axis, axis))).ToArray())];
            q = Multiply(q, h);
        }

        q = [.. q.Select(row => row[..m])];
        BigReal[][] right = Multiply(inner, Transpose(q)), left = Multiply(q, outer);
        BigReal[] t = [.. Product(right, x, Numbers(layer.GetProperty("bias"))).Select(BigReal.Tanh)];
        BigReal[][] slopes = Multiply(left, [.. right.Select((row, i) => row.Select(a => a * (1 - (t[i] * t[i]))).ToArray())]);
        Product(left, t, x).CopyTo(x, 0);
        return BigReal.Log(Determinant(PlusIdentity(slopes)));
    }

    private static BigReal Residual(JsonElement layer, BigReal[] x)
    {
        JsonElement[] layers = [.. layer.GetProperty("layers").EnumerateArray()];
        BigReal share = BigReal.Exp(BigReal.Log((BigReal)layer.GetProperty("lipschitz").GetDouble()) / layers.Length);
        bool tanh = layer.GetProperty("activation").GetString() == "tanh";
        BigReal[] h = x;
        BigReal[][]? slopes = null;
        for (int l = 0; l < layers.Length; l++)
        {
            BigReal[][] w = Matrix(layers[l].GetProperty("weights"));
            BigReal norm = Norm(w);
            if (norm > share) w = [.. w.Select(row => row.Select(a => a * share / norm).ToArray())];
            h = Product(w, h, Numbers(layers[l].GetProperty("bias")));
            slopes = slopes is null ? w : Multiply(w, slopes);
            if (l == layers.Length - 1 || !tanh) continue;
            h = [.. h.Select(BigReal.Tanh)];
            slopes = [.. slopes.Select((row, i) => row.Select(a => a * (1 - (h[i] * h[i]))).ToArray())];
        }

        for (int i = 0; i < x.Length; i++) x[i] += h[i];
        return BigReal.Log(Determinant(PlusIdentity(slopes!)));
    }

    /// <summary>The largest singular value: G = AᵀA, G^(2^n) by squaring until its columns are the first eigenvector, then Rayleigh's quotient with G.</summary>
    private static BigReal Norm(BigReal[][] a)
    {
        const int Squarings = 12;
        BigReal[][] gram = a.Length < a[0].Length ? Multiply(a, Transpose(a)) : Multiply(Transpose(a), a), power = gram;
        for (int n = 0; n < Squarings; n++)
        {
            power = Multiply(power, power);
            BigReal trace = power.Select((row, i) => row[i]).Aggregate(BigReal.Zero, (s, v) => s + v);
            // divided by the trace and rounded, since exact products would double their digits every time
            power = [.. power.Select(row => row.Select(v => v / trace).ToArray())];
        }

        BigReal[] best = Transpose(power).MaxBy(column => Dot(column, column).ToDouble())!;
        return BigReal.Sqrt(Dot(best, Product(gram, best, [.. best.Select(_ => BigReal.Zero)])) / Dot(best, best));
    }

    private static BigReal Dot(BigReal[] a, BigReal[] b) => a.Select((v, i) => v * b[i]).Aggregate(BigReal.Zero, (s, v) => s + v);

    private static BigReal[][] Transpose(BigReal[][] a) => [.. Enumerable.Range(0, a[0].Length).Select(j => a.Select(row => row[j]).ToArray())];

    private static BigReal[][] Multiply(BigReal[][] a, BigReal[][] b) => [.. a.Select(row => Transpose(b).Select(column => Dot(row, column)).ToArray())];

    private static BigReal[][] PlusIdentity(BigReal[][] a) => [.. a.Select((row, i) => row.Select((v, j) => i == j ? v + 1 : v).ToArray())];
}
