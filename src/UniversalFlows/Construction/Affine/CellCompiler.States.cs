using UniversalFlows.Bijections;
using UniversalFlows.Numerics;
using UniversalFlows.Targets;

namespace UniversalFlows.Construction.Affine;

/// <summary>Where K goes in the chain, and by how much what follows a map stretches.</summary>
internal sealed partial class CellCompiler
{
    private const int Visits = 1 << 15;

    /// <summary>Sends points of K through the chain: states before and after every map, their box, and the stretch of the rest.</summary>
    private void Follow()
    {
        int d = _dimension;
        double[] states = Points(Samples, "cells"), visited = Points(Visits, "visits"), coarse = Points(Coarse, "amplification");
        Composition flow = new(d, _parts.Select(p => p.Map));
        double[] whole = PointSet.Jacobians(flow, coarse);
        for (int k = 0; k < _parts.Count; k++)
        {
            CellPart part = _parts[k];
            (part.Before, part.Visited) = (states, visited);
            visited = PointSet.Map(part.Map, visited);
            states = part.After = PointSet.Map(part.Map, states);
            if (part.Active < 0) continue;
            part.Amplification = MeanQuotient(whole, PointSet.Jacobians(new Composition(d, _parts.Take(k + 1).Select(p => p.Map)), coarse), d);
            double[] before = PointSet.Jacobians(new Composition(d, _parts.Take(k).Select(p => p.Map)), coarse);
            double thickest = 0;
            for (int n = 0; n < Coarse; n++) thickest = Math.Max(thickest, 1 / Math.Abs(SmallMatrix.Determinant(before.AsSpan(n * d * d, d * d), d)));
            part.Density = thickest;
            part.Box = Around(part.Visited);
        }
    }

    /// <summary>The root of the mean of ‖B A⁻¹‖² over points.</summary>
    private static double MeanQuotient(double[] b, double[] a, int d)
    {
        double sum = 0;
        for (int n = 0; n < a.Length; n += d * d)
        {
            double norm = PointSet.LargestQuotient(b[n..(n + (d * d))], a[n..(n + (d * d))], d);
            sum += norm * norm;
        }

        return Math.Sqrt(sum * d * d / a.Length);
    }

    private double[] Points(int count, string purpose)
    {
        LowDiscrepancy sequence = new(_dimension, 5, purpose);
        double[] points = new double[count * _dimension];
        for (int n = 0; n < count; n++)
        {
            sequence.Point((uint)n, points.AsSpan(n * _dimension, _dimension));
            _domain.FromUnitCube(points.AsSpan(n * _dimension, _dimension), points.AsSpan(n * _dimension, _dimension));
        }

        return points;
    }

    /// <summary>The box of the states, wider by a fiftieth: between the samples, and for the errors of the layers before.</summary>
    private Box Around(double[] states)
    {
        double[] lower = new double[_dimension], upper = new double[_dimension];
        Array.Fill(lower, double.PositiveInfinity);
        Array.Fill(upper, double.NegativeInfinity);
        for (int n = 0; n < states.Length; n++)
        {
            int i = n % _dimension;
            (lower[i], upper[i]) = (Math.Min(lower[i], states[n]), Math.Max(upper[i], states[n]));
        }

        for (int i = 0; i < _dimension; i++)
        {
            double margin = (0.02 * (upper[i] - lower[i])) + _settings.Epsilon * 0.1;
            (lower[i], upper[i]) = (lower[i] - margin, upper[i] + margin);
        }

        return new Box(lower, upper);
    }
}
