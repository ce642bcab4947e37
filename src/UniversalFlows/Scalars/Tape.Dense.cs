using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace UniversalFlows.Scalars;

/// <content>Blocks of rows: affine layers and their activations.</content>
public sealed unsafe partial class Tape
{
    internal void Affine(Dense layer, ReadOnlySpan<Node> x, Span<Node> y, bool bias)
    {
        if (x.Length != layer.Inputs || y.Length != layer.Outputs)
            throw new ArgumentException($"an affine layer {layer.Inputs} → {layer.Outputs} was given {x.Length} features and {y.Length} outputs");
        if (!bias)
        {
            // tangents of constants: the only products without bias that a recorded formula has
            foreach (Node k in x)
                if (!k.IsConstant || k.Number != 0) throw new NotSupportedException("the tape records affine layers with their bias");
            y.Fill(Node.Constant(0));
            return;
        }

        int first = Contiguous(x), row = NewRows(y.Length, needed: true);
        Kernels.AffinePanel(layer, (double*)Row(first), (double*)Row(row));
        for (int n = 0; n < y.Length; n++) y[n] = new Node(row + n);
        Record(new() { Kind = OperationKind.Affine, A = first, Out = row, Count = y.Length, Layer = layer });
    }

    internal void Activate(Activation activation, Span<Node> y)
    {
        if (activation == Activation.Identity || y.Length == 0) return;
        // In place: only rows that an affine layer has just written, and that nothing has read yet, may be overwritten.
        ref Operation last = ref _operations[Math.Max(0, _count - 1)];
        if (_count == 0 || last.Kind != OperationKind.Affine || y[0].IsConstant || last.Out != y[0].Row || last.Count != y.Length)
            throw new InvalidOperationException("an activation applies to the outputs of the affine layer recorded just before it");
        int row = y[0].Row, count = y.Length;
        Operation operation = new() { Out = row, Count = count, A = row };
        switch (activation)
        {
            case Activation.Tanh:
                operation.Kind = OperationKind.TanhInPlace;
                Kernels.TanhInPlace(Row(row), count * Vectors);
                break;
            case Activation.ReLU:
                operation.Kind = OperationKind.ReLUInPlace;
                Kernels.ReLUInPlace(Row(row), count * Vectors);
                break;
            case Activation.SiLU:
                // keeps σ(x) beside y = x·σ(x): then φ′(x) = σ + y·(1 − σ) needs nothing else
                operation.Kind = OperationKind.SiLUInPlace;
                operation.B = NewRows(count, needed: false);
                Kernels.SiLUInPlace(Row(row), Row(operation.B), count * Vectors);
                break;
        }

        Record(operation);
    }

    /// <summary>The first of consecutive rows that hold <paramref name="x"/>; copies where they are not consecutive already.</summary>
    private int Contiguous(ReadOnlySpan<Node> x)
    {
        if (x.Length == 0) return 0;
        bool consecutive = !x[0].IsConstant;
        for (int k = 1; k < x.Length && consecutive; k++) consecutive = !x[k].IsConstant && x[k].Row == x[0].Row + k;
        if (consecutive) return x[0].Row;
        int first = NewRows(x.Length, needed: false);
        for (int k = 0; k < x.Length; k++)
        {
            Vector512<double>* o = Row(first + k);
            if (x[k].IsConstant)
            {
                for (int v = 0; v < Vectors; v++) o[v] = Vector512.Create(x[k].Number);
                continue;
            }

            Vector512<double>* from = Row(x[k].Row);
            for (int v = 0; v < Vectors; v++) o[v] = from[v];
            if (!_needed[x[k].Row]) continue;
            _needed[first + k] = true;
            Record(new() { Kind = OperationKind.Copy, A = x[k].Row, Out = first + k });
        }

        return first;
    }

    private void AffineBackward<TSink>(ref Operation o, ref TSink sink) where TSink : struct, IParameterSink
    {
        Dense layer = o.Layer!;
        bool any = false;
        for (int n = 0; n < o.Count; n++) any |= _touched[o.Out + n];
        if (!any)
        {
            // a sink that stores one record a layer must see this one too
            if (TSink.Ignores) return;
        }

        for (int n = 0; n < o.Count; n++) Touch(o.Out + n);
        double* delta = (double*)Gradient(o.Out), x = (double*)Row(o.A);
        if (!TSink.Ignores && !layer.Frozen) sink.Receive(layer, x, delta);
        bool needed = false;
        for (int k = 0; k < layer.Inputs; k++) needed |= _needed[o.A + k];
        if (!needed || !any) return;
        bool fresh = true;
        for (int k = 0; k < layer.Inputs; k++) fresh &= !_touched[o.A + k];
        for (int k = 0; k < layer.Inputs; k++)
        {
            if (fresh) _touched[o.A + k] = true;
            else Touch(o.A + k);
        }

        if (fresh) Kernels.TransposedProductPanel(layer, delta, (double*)Gradient(o.A));
        else Kernels.AddTransposedProductPanel(layer, delta, (double*)Gradient(o.A));
    }

    private void ActivationBackward(ref Operation o)
    {
        bool any = false;
        for (int n = 0; n < o.Count; n++) any |= _touched[o.Out + n];
        if (!any) return;
        for (int n = 0; n < o.Count; n++) Touch(o.Out + n);
        Vector512<double>* g = Gradient(o.Out), y = Row(o.Out);
        int length = o.Count * Vectors;
        Vector512<double> one = Vector512<double>.One;
        switch (o.Kind)
        {
            case OperationKind.TanhInPlace:
                for (int v = 0; v < length; v++) g[v] *= one - (y[v] * y[v]);
                break;
            case OperationKind.ReLUInPlace:
                for (int v = 0; v < length; v++)
                    g[v] = Vector512.ConditionalSelect(Vector512.LessThan(Vector512<double>.Zero, y[v]), g[v], Vector512<double>.Zero);
                break;
            case OperationKind.SiLUInPlace:
                Vector512<double>* s = Row(o.B);
                for (int v = 0; v < length; v++) g[v] *= Vector512.FusedMultiplyAdd(y[v], one - s[v], s[v]);
                break;
        }
    }
}
