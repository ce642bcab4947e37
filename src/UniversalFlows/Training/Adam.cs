using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Training;

/// <summary>
/// Adam (Kingma and Ba 2015, algorithm 1): m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², θ ← θ − η·m̂/(√v̂ + ε).
/// </summary>
public sealed class Adam
{
    private readonly ParameterVector _theta;
    private readonly double[] _m, _v;
    private double _power1 = 1, _power2 = 1;

    /// <summary>For the given parameters; all moments are zero.</summary>
    public Adam(ParameterVector theta, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8)
    {
        ArgumentNullException.ThrowIfNull(theta);
        (_theta, Beta1, Beta2, Epsilon) = (theta, beta1, beta2, epsilon);
        _m = new double[theta.Count];
        _v = new double[theta.Count];
    }

    /// <summary>β₁.</summary>
    public double Beta1 { get; }

    /// <summary>β₂.</summary>
    public double Beta2 { get; }

    /// <summary>ε.</summary>
    public double Epsilon { get; }

    /// <summary>One step with learning rate η.</summary>
    public void Step(ReadOnlySpan<double> gradient, double rate)
    {
        _power1 *= Beta1;
        _power2 *= Beta2;
        double scale1 = rate / (1 - _power1), scale2 = 1 / (1 - _power2);
        Span<double> theta = _theta.Values;
        int n = theta.Length & ~7;
        Span<Vector512<double>> t = MemoryMarshal.Cast<double, Vector512<double>>(theta[..n]);
        Span<Vector512<double>> m = MemoryMarshal.Cast<double, Vector512<double>>(_m.AsSpan(0, n)), v = MemoryMarshal.Cast<double, Vector512<double>>(_v.AsSpan(0, n));
        ReadOnlySpan<Vector512<double>> g = MemoryMarshal.Cast<double, Vector512<double>>(gradient[..n]);
        for (int i = 0; i < t.Length; i++)
        {
            m[i] = (m[i] * Beta1) + (g[i] * (1 - Beta1));
            v[i] = (v[i] * Beta2) + (g[i] * g[i] * (1 - Beta2));
            t[i] -= m[i] * scale1 / (Vector512.Sqrt(v[i] * scale2) + Vector512.Create(Epsilon));
        }

        for (int i = n; i < theta.Length; i++)
        {
            _m[i] = (_m[i] * Beta1) + (gradient[i] * (1 - Beta1));
            _v[i] = (_v[i] * Beta2) + (gradient[i] * gradient[i] * (1 - Beta2));
            theta[i] -= _m[i] * scale1 / (Math.Sqrt(_v[i] * scale2) + Epsilon);
        }
    }
}
