using UniversalFlows.Scalars;

namespace UniversalFlows.Bijections;

/// <summary>The Jacobian matrix of a map by forward differentiation.</summary>
public static class Jacobian
{
    /// <summary>
    /// f(x) and Df(x) by d passes of <see cref="Dual{T}"/>, pass j along the j-th coordinate. Allocates nothing.
    /// </summary>
    /// <param name="f">The map R^d → R^d.</param>
    /// <param name="x">The point, d entries; not changed.</param>
    /// <param name="value">Receives f(x), d entries; may be the memory of <paramref name="x"/>.</param>
    /// <param name="jacobian">Receives ∂f_i/∂x_j at i·d + j, d² entries.</param>
    /// <exception cref="ArgumentException">A span has another length.</exception>
    public static void Evaluate<T>(IMap f, ReadOnlySpan<T> x, Span<T> value, Span<T> jacobian) where T : unmanaged, IScalar<T>
    {
        ArgumentNullException.ThrowIfNull(f);
        int d = f.Dimension;
        if (x.Length != d) throw new ArgumentException($"a point of R^{d} was expected, {x.Length} numbers were given", nameof(x));
        if (value.Length != d) throw new ArgumentException($"room for {d} numbers was expected, not {value.Length}", nameof(value));
        if (jacobian.Length != d * d) throw new ArgumentException($"room for {d * d} numbers was expected, not {jacobian.Length}", nameof(jacobian));

        using Scratch<Dual<T>> scratch = new(d);
        Span<Dual<T>> v = scratch.Take(d);
        for (int j = 0; j < d; j++)
        {
            for (int i = 0; i < d; i++) v[i] = i == j ? Dual<T>.Variable(x[i]) : Dual<T>.Lift(x[i]);
            f.Map(v);
            for (int i = 0; i < d; i++) jacobian[(i * d) + j] = v[i].Tangent;
        }

        for (int i = 0; i < d; i++) value[i] = v[i].Value;
    }
}
