using UniversalFlows.Bijections;
using UniversalFlows.Bijections.Transformers;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Construction.Affine;

internal sealed partial class OvershearBasis
{
    /// <summary>
    /// The matrix of η⁻¹·∂Ψ_c(y)/∂c for the product Ψ_c of the layers at the points y. A layer b ↦ β(b, s, p) with s = τq(a) and p = τp(a) is differentiated in s and p, and what follows
    /// it carries the change along v to the end; the derivative of what follows is collected backwards.
    /// </summary>
    public double FillDerivative(LeastSquares system, OvershearLayer[] layers, double[] points, double length, int threads)
    {
        int d = Dimension, count = points.Length / d, groups = Groups(count);
        double[] squares = new double[groups];
        Workers.For(groups, threads, group =>
        {
            using Scratch<Lanes> scratch = new(d + (layers.Length * d) + (d * d) + (2 * d) + PerDirection + (d * Unknowns));
            Span<Lanes> x = scratch.Take(d), places = scratch.Take(layers.Length * d), rest = scratch.Take(d * d), push = scratch.Take(d), slope = scratch.Take(d);
            Span<Lanes> features = scratch.Take(PerDirection), rows = scratch.Take(d * Unknowns);
            rows.Clear();
            Lanes mask = Mask(group, count);
            PointSet.Load(points, d, group * Lanes.Width, x);
            for (int l = 0; l < layers.Length; l++) Apply(layers[l], x, places.Slice(l * d, d));
            for (int i = 0; i < d; i++)
                for (int j = 0; j < d; j++) rest[(i * d) + j] = i == j ? mask : default;
            for (int l = layers.Length - 1; l >= 0; l--)
            {
                OvershearLayer layer = layers[l];
                double[] frame = Frames[layer.Direction];
                Span<Lanes> local = places.Slice(l * d, d);
                (Lanes byScale, Lanes byShift) = Derivatives(layer.Coupling, local, slope);
                byScale *= Lanes.Constant(layer.Time / length);
                byShift *= Lanes.Constant(layer.Time / length);
                local[d - 1] = Lanes.Constant(1); // s = τq(a), without the factor b of the field
                Features(layer.Direction, local, features);
                for (int j = 0; j < d; j++)
                {
                    push[j] = default;
                    for (int k = 0; k < d; k++) push[j] = Lanes.MultiplyAdd(rest[(j * d) + k], Lanes.Constant(frame[((d - 1) * d) + k]), push[j]);
                    Span<Lanes> row = rows.Slice((j * Unknowns) + (layer.Direction * PerDirection), PerDirection);
                    Lanes shift = push[j] * byShift, scale = push[j] * byScale;
                    for (int u = 0; u < _shear.Length; u++) row[u] = Lanes.MultiplyAdd(shift, features[u], row[u]);
                    for (int u = _shear.Length; u < row.Length; u++) row[u] = Lanes.MultiplyAdd(scale, features[u], row[u]);
                }

                // the layer is x + v·(β − b): its derivative I + v·gᵀ, g the gradient of β − b
                for (int k = 0; k < d; k++)
                {
                    Lanes gradient = default;
                    for (int r = 0; r < d; r++) gradient = Lanes.MultiplyAdd(Lanes.Constant(frame[(r * d) + k]), slope[r], gradient);
                    for (int j = 0; j < d; j++) rest[(j * d) + k] = Lanes.MultiplyAdd(push[j], gradient, rest[(j * d) + k]);
                }
            }

            Lanes sum = default;
            for (int j = 0; j < d; j++)
            {
                for (int u = 0; u < Unknowns; u++)
                {
                    Lanes entry = rows[(j * Unknowns) + u];
                    sum = Lanes.MultiplyAdd(entry, entry, sum);
                    system.Set((j * groups) + group, u, entry);
                }
            }

            for (int lane = 0; lane < Lanes.Width; lane++) squares[group] += sum[lane];
        });
        return squares.Sum() / Unknowns;
    }

    /// <summary>∂β/∂s and ∂β/∂p of a layer, and the gradient of β − b in its own coordinates.</summary>
    private static (Lanes ByScale, Lanes ByShift) Derivatives(Coupling coupling, ReadOnlySpan<Lanes> local, Span<Lanes> gradient)
    {
        int d = local.Length;
        ITransformer transformer = coupling.Transformer;
        Span<Dual<Lanes>> passive = stackalloc Dual<Lanes>[d - 1], raw = stackalloc Dual<Lanes>[2], parameters = stackalloc Dual<Lanes>[2];
        Dual<Lanes> active = Dual<Lanes>.Lift(local[d - 1]);
        Lanes byScale = default, byShift = default;
        for (int direction = 0; direction < d - 1; direction++)
        {
            for (int k = 0; k < d - 1; k++) passive[k] = k == direction ? Dual<Lanes>.Variable(local[k]) : Dual<Lanes>.Lift(local[k]);
            coupling.Conditioner.Evaluate<Dual<Lanes>>(passive, raw);
            transformer.Parameters(raw, parameters);
            gradient[direction] = transformer.Value(active, parameters).Tangent;
        }

        Lanes s = raw[0].Value, p = raw[1].Value;
        for (int which = 0; which < 3; which++)
        {
            raw[0] = which == 0 ? Dual<Lanes>.Variable(s) : Dual<Lanes>.Lift(s);
            raw[1] = which == 1 ? Dual<Lanes>.Variable(p) : Dual<Lanes>.Lift(p);
            transformer.Parameters(raw, parameters);
            Lanes derivative = transformer.Value(which == 2 ? Dual<Lanes>.Variable(local[d - 1]) : active, parameters).Tangent;
            if (which == 0) byScale = derivative;
            else if (which == 1) byShift = derivative;
            else gradient[d - 1] = derivative - 1;
        }

        return (byScale, byShift);
    }
}
