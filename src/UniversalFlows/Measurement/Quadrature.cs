using UniversalFlows.Bijections;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using UniversalFlows.Targets;

namespace UniversalFlows.Measurement;

/// <summary>Nodes and weights for ∫_K: tensor Gauss–Legendre on boxes polar products on balls and rings, charted boxes for d ≤ 3.</summary>
/// <param name="Points">The nodes, d numbers each.</param>
/// <param name="Weights">The weights; their sum is |K|.</param>
internal sealed record Quadrature(double[] Points, double[] Weights)
{
    /// <summary>The rule of one of two resolutions, the coarse one with half the panels of the fine one per axis.</summary>
    public static Quadrature For(Domain domain, bool fine)
    {
        int d = domain.Dimension;
        // many short panels of low order: |f − g| has kinks where it vanishes
        (int panels, int order) = d switch
        {
            1 => (fine ? 512 : 256, 4),
            2 => (fine ? 24 : 12, 4),
            _ => (fine ? 8 : 4, 3),
        };
        return domain switch
        {
            Ball ball when d > 1 => Polar(ball.Centre, 0, ball.Radius, panels / 2, order, fine ? 128 >> (d - 2) : 64 >> (d - 2)),
            Ring ring => Polar([0, 0], ring.InnerRadius, ring.OuterRadius, panels / 2, order, fine ? 128 : 64),
            { Chart: { } chart } => Charted(Tensor(chart.Box, panels, order), chart.Map),
            _ => Tensor(domain.Bounds, panels, order),
        };
    }

    private static Quadrature Tensor(Box box, int panels, int order)
    {
        int d = box.Dimension;
        (double[] Nodes, double[] Weights)[] axes = new (double[], double[])[d];
        int count = 1;
        for (int i = 0; i < d; i++)
        {
            axes[i] = GaussLegendre.Composite(box.Lower[i], box.Upper[i], panels, order);
            count *= axes[i].Nodes.Length;
        }

        double[] points = new double[count * d], weights = new double[count];
        for (int n = 0; n < count; n++)
        {
            weights[n] = 1;
            for (int i = d - 1, rest = n; i >= 0; i--)
            {
                (double[] nodes, double[] w) = axes[i];
                points[(n * d) + i] = nodes[rest % nodes.Length];
                weights[n] *= w[rest % nodes.Length];
                rest /= nodes.Length;
            }
        }

        return new(points, weights);
    }

    /// <summary>∫_K g = ∫_box g(φ(s)) |det Dφ(s)| ds.</summary>
    private static Quadrature Charted(Quadrature rule, Target chart)
    {
        int count = rule.Weights.Length, d = chart.Dimension;
        using Scratch<Real> scratch = new((2 * d) + (d * d));
        Span<Real> s = scratch.Take(d), x = scratch.Take(d), derivative = scratch.Take(d * d);
        double[] points = new double[count * d], weights = new double[count], matrix = new double[d * d];
        for (int n = 0; n < count; n++)
        {
            for (int i = 0; i < d; i++) s[i] = new(rule.Points[(n * d) + i]);
            Jacobian.Evaluate<Real>(chart, s, x, derivative);
            for (int i = 0; i < d; i++) points[(n * d) + i] = x[i].Value;
            for (int i = 0; i < d * d; i++) matrix[i] = derivative[i].Value;
            weights[n] = rule.Weights[n] * Math.Abs(SmallMatrix.Determinant(matrix, d));
        }

        return new(points, weights);
    }

    /// <summary>dx = r dr dφ in the plane, r² dr dt dφ with t = cos θ in space; the rectangle rule in φ is spectrally exact.</summary>
    private static Quadrature Polar(ReadOnlySpan<double> centre, double innerRadius, double outerRadius, int panels, int order, int angles)
    {
        int d = centre.Length;
        (double[] radii, double[] radiusWeights) = GaussLegendre.Composite(innerRadius, outerRadius, panels, order);
        (double[] heights, double[] heightWeights) = d == 2 ? ([0.0], [1.0]) : GaussLegendre.Composite(-1, 1, panels, order);
        List<double> points = [], weights = [];
        for (int i = 0; i < radii.Length; i++)
        {
            for (int j = 0; j < heights.Length; j++)
            {
                double r = radii[i], across = r * Math.Sqrt((1 - heights[j]) * (1 + heights[j]));
                double weight = radiusWeights[i] * heightWeights[j] * (d == 2 ? r : r * r) * (2 * Math.PI / angles);
                for (int k = 0; k < angles; k++)
                {
                    Real phi = new(2 * Math.PI * (k + 0.5) / angles);
                    points.Add(centre[0] + (across * Real.Cos(phi).Value));
                    points.Add(centre[1] + (across * Real.Sin(phi).Value));
                    if (d == 3) points.Add(centre[2] + (r * heights[j]));
                    weights.Add(weight);
                }
            }
        }

        return new([.. points], [.. weights]);
    }
}
