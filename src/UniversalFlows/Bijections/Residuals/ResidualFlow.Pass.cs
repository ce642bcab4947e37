using UniversalFlows.Scalars;

namespace UniversalFlows.Bijections.Residuals;

/// <content>g and its Jacobian at a point.</content>
public sealed partial class ResidualFlow
{
    private ref struct Pass<T> where T : unmanaged, IScalar<T>
    {
        public int[] Widths;
        public Activation Activation;
        public Span<T> Parameters, Scales, From, To, G, Jacobian;

        /// <summary>g(x), and Dg(x) if wanted: columns 1 … d beside the value are its derivatives. The value's arithmetic is the same either way.</summary>
        public readonly void Perturb(ReadOnlySpan<T> x, bool slopes)
        {
            int d = G.Length, columns = slopes ? d + 1 : 1, offset = 0;
            Span<T> from = From, to = To;
            for (int i = 0; i < d; i++)
                for (int c = 0; c < columns; c++) from[(i * columns) + c] = c == 0 ? x[i] : T.Constant(c - 1 == i ? 1 : 0);
            for (int l = 1; l < Widths.Length; l++)
            {
                int inputs = Widths[l - 1], outputs = Widths[l];
                bool bend = l < Widths.Length - 1 && Activation == Activation.Tanh;
                for (int i = 0; i < outputs; i++)
                {
                    ReadOnlySpan<T> row = Parameters.Slice(offset + (i * inputs), inputs);
                    Span<T> unit = to.Slice(i * columns, columns);
                    for (int c = 0; c < columns; c++)
                    {
                        T sum = T.Constant(0);
                        for (int j = 0; j < inputs; j++) sum = T.MultiplyAdd(row[j], from[(j * columns) + c], sum);
                        unit[c] = Scales[l - 1] * sum;
                    }

                    unit[0] += Parameters[offset + (outputs * inputs) + i];
                    if (!bend) continue;
                    unit[0] = T.Tanh(unit[0]);
                    T slope = 1 - (unit[0] * unit[0]);
                    for (int c = 1; c < columns; c++) unit[c] *= slope;
                }

                offset += outputs * (inputs + 1);
                Span<T> swap = from;
                from = to;
                to = swap;
            }

            for (int i = 0; i < d; i++)
            {
                G[i] = from[i * columns];
                for (int c = 1; c < columns; c++) Jacobian[(i * d) + c - 1] = from[(i * columns) + c];
            }
        }

        /// <summary>log det(I + Dg) by elimination without pivoting, which overwrites Dg: the pivots are quotients of leading minors, all positive as ‖Dg‖ &lt; 1.</summary>
        public readonly T LogDeterminant()
        {
            T sum = T.Constant(0);
            for (int k = 0; k < G.Length; k++) sum += T.Log1p(Eliminate(k, default));
            return sum;
        }

        /// <summary>r ← (I + Dg)⁻¹r; overwrites Dg.</summary>
        public readonly void Solve(Span<T> r)
        {
            int d = G.Length;
            for (int k = 0; k < d; k++) _ = Eliminate(k, r);
            for (int i = d - 1; i >= 0; i--)
            {
                for (int j = i + 1; j < d; j++) r[i] -= Jacobian[(i * d) + j] * r[j];
                r[i] /= 1 + Jacobian[(i * d) + i];
            }
        }

        /// <summary>Clears column k below the diagonal of I + Dg; returns the pivot less 1.</summary>
        private readonly T Eliminate(int k, Span<T> r)
        {
            int d = G.Length;
            T pivot = Jacobian[(k * d) + k];
            for (int i = k + 1; i < d; i++)
            {
                T factor = -(Jacobian[(i * d) + k] / (1 + pivot));
                for (int j = k + 1; j < d; j++) Jacobian[(i * d) + j] = T.MultiplyAdd(factor, Jacobian[(k * d) + j], Jacobian[(i * d) + j]);
                if (!r.IsEmpty) r[i] = T.MultiplyAdd(factor, r[k], r[i]);
            }

            return pivot;
        }
    }
}
