using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace UniversalFlows.Scalars;

/// <content>Operations on single rows and their derivatives.</content>
public sealed unsafe partial class Tape
{
    internal Node Add(Node a, Node b)
    {
        if (a.IsConstant) return b.IsConstant ? Node.Constant(a.Number + b.Number) : AddNumber(b, a.Number);
        return b.IsConstant ? AddNumber(a, b.Number) : Binary<AddOp>(OperationKind.Add, a.Row, b.Row);
    }

    internal Node Subtract(Node a, Node b)
    {
        if (b.IsConstant) return a.IsConstant ? Node.Constant(a.Number - b.Number) : AddNumber(a, -b.Number);
        return a.IsConstant ? Number<SubtractOp>(OperationKind.SubtractFromNumber, b, a.Number) : Binary<SubtractOp>(OperationKind.Subtract, a.Row, b.Row);
    }

    internal Node Multiply(Node a, Node b)
    {
        if (a.IsConstant) return b.IsConstant ? Node.Constant(a.Number * b.Number) : Scale(b, a.Number);
        return b.IsConstant ? Scale(a, b.Number) : Binary<MultiplyOp>(OperationKind.Multiply, a.Row, b.Row);
    }

    internal Node Divide(Node a, Node b)
    {
        if (a.IsConstant && (b.IsConstant || a.Number == 0)) return Node.Constant(a.Number / (b.IsConstant ? b.Number : 1));
        if (b.IsConstant && b.Number == 1) return a;
        return Binary<DivideOp>(OperationKind.Divide, RowOf(a), RowOf(b));
    }

    internal Node MultiplyAdd(Node a, Node b, Node c)
    {
        if (a.IsConstant && b.IsConstant && c.IsConstant) return Node.Constant(Math.FusedMultiplyAdd(a.Number, b.Number, c.Number));
        if ((a.IsConstant && a.Number == 0) || (b.IsConstant && b.Number == 0)) return c;
        if (c.IsConstant && c.Number == 0) return Multiply(a, b);
        int ra = RowOf(a), rb = RowOf(b), rc = RowOf(c), row = NewRows(1, _needed[ra] || _needed[rb] || _needed[rc]);
        Vector512<double>* x = Row(ra), y = Row(rb), z = Row(rc), o = Row(row);
        for (int v = 0; v < Vectors; v++) o[v] = Vector512.FusedMultiplyAdd(x[v], y[v], z[v]);
        Record(new() { Kind = OperationKind.Fused, A = ra, B = rb, C = rc, Out = row });
        return new Node(row);
    }

    internal Node SelectLess(Node a, Node b, Node then, Node otherwise)
    {
        if (a.IsConstant && b.IsConstant) return a.Number < b.Number ? then : otherwise;
        int ra = RowOf(a), rb = RowOf(b), rt = RowOf(then), ro = RowOf(otherwise);
        int mask = NewRows(1, needed: false), row = NewRows(1, _needed[rt] || _needed[ro]);
        Vector512<double>* x = Row(ra), y = Row(rb), t = Row(rt), e = Row(ro), m = Row(mask), o = Row(row);
        for (int v = 0; v < Vectors; v++)
        {
            m[v] = Vector512.LessThan(x[v], y[v]);
            o[v] = Vector512.ConditionalSelect(m[v], t[v], e[v]);
        }

        Record(new() { Kind = OperationKind.Select, A = rt, B = ro, C = mask, Out = row });
        return new Node(row);
    }

    internal Node Freeze(Node a)
    {
        if (a.IsConstant) return a;
        int row = NewRows(1, needed: false);
        Vector512<double>* x = Row(a.Row), o = Row(row);
        for (int v = 0; v < Vectors; v++) o[v] = x[v];
        return new Node(row);
    }

    internal Node Sqrt(Node a) => Unary<SqrtOp>(OperationKind.Sqrt, a);

    internal Node Exp(Node a) => Unary<ExpOp>(OperationKind.Exp, a);

    internal Node Expm1(Node a) => Unary<Expm1Op>(OperationKind.Expm1, a);

    internal Node Log(Node a) => Unary<LogOp>(OperationKind.Log, a);

    internal Node Log1p(Node a) => Unary<Log1pOp>(OperationKind.Log1p, a);

    internal Node Tanh(Node a) => Unary<TanhOp>(OperationKind.Tanh, a);

    internal Node Logistic(Node a) => Unary<LogisticOp>(OperationKind.Logistic, a);

    internal Node Softplus(Node a) => Unary<SoftplusOp>(OperationKind.Softplus, a);

    internal Node Sin(Node a) => Unary<SinOp>(OperationKind.Sin, a);

    internal Node Cos(Node a) => Unary<CosOp>(OperationKind.Cos, a);

    internal Node Atan(Node a) => Unary<AtanOp>(OperationKind.Atan, a);

    private Node AddNumber(Node a, double c) => c == 0 ? a : Number<AddOp>(OperationKind.AddNumber, a, c);

    private Node Scale(Node a, double c) => c == 0 ? Node.Constant(0) : c == 1 ? a : Number<MultiplyOp>(OperationKind.Scale, a, c);

    /// <summary>c ∘ a for a number c on the left.</summary>
    private Node Number<TOp>(OperationKind kind, Node a, double c) where TOp : struct, IBinary
    {
        int row = NewRows(1, _needed[a.Row]);
        Vector512<double>* x = Row(a.Row), o = Row(row);
        Vector512<double> number = Vector512.Create(c);
        for (int v = 0; v < Vectors; v++) o[v] = TOp.Value(number, x[v]);
        Record(new() { Kind = kind, A = a.Row, Out = row, Number = c });
        return new Node(row);
    }

    private Node Binary<TOp>(OperationKind kind, int a, int b) where TOp : struct, IBinary
    {
        int row = NewRows(1, _needed[a] || _needed[b]);
        Vector512<double>* x = Row(a), y = Row(b), o = Row(row);
        for (int v = 0; v < Vectors; v++) o[v] = TOp.Value(x[v], y[v]);
        Record(new() { Kind = kind, A = a, B = b, Out = row });
        return new Node(row);
    }

    private Node Unary<TOp>(OperationKind kind, Node a) where TOp : struct, IUnary
    {
        int from = RowOf(a), row = NewRows(1, _needed[from]);
        Vector512<double>* x = Row(from), o = Row(row);
        for (int v = 0; v < Vectors; v++) o[v] = TOp.Value(x[v]);
        Record(new() { Kind = kind, A = from, Out = row });
        return new Node(row);
    }

    private void ElementwiseBackward(ref Operation o)
    {
        switch (o.Kind)
        {
            case OperationKind.Copy:
            case OperationKind.AddNumber: Accumulate(o.A, o.Out, 1); break;
            case OperationKind.SubtractFromNumber: Accumulate(o.A, o.Out, -1); break;
            case OperationKind.Scale: Accumulate(o.A, o.Out, o.Number); break;
            case OperationKind.Add: Accumulate(o.A, o.Out, 1); Accumulate(o.B, o.Out, 1); break;
            case OperationKind.Subtract: Accumulate(o.A, o.Out, 1); Accumulate(o.B, o.Out, -1); break;
            case OperationKind.Multiply: AccumulateProduct(o.A, o.Out, o.B); AccumulateProduct(o.B, o.Out, o.A); break;
            case OperationKind.Fused:
                AccumulateProduct(o.A, o.Out, o.B);
                AccumulateProduct(o.B, o.Out, o.A);
                Accumulate(o.C, o.Out, 1);
                break;
            case OperationKind.Divide: DivideBackward(ref o); break;
            case OperationKind.Select: SelectBackward(ref o); break;
            case OperationKind.Sqrt: UnaryBackward<SqrtOp>(ref o); break;
            case OperationKind.Exp: UnaryBackward<ExpOp>(ref o); break;
            case OperationKind.Expm1: UnaryBackward<Expm1Op>(ref o); break;
            case OperationKind.Log: UnaryBackward<LogOp>(ref o); break;
            case OperationKind.Log1p: UnaryBackward<Log1pOp>(ref o); break;
            case OperationKind.Tanh: UnaryBackward<TanhOp>(ref o); break;
            case OperationKind.Logistic: UnaryBackward<LogisticOp>(ref o); break;
            case OperationKind.Softplus: UnaryBackward<SoftplusOp>(ref o); break;
            case OperationKind.Sin: UnaryBackward<SinOp>(ref o); break;
            case OperationKind.Cos: UnaryBackward<CosOp>(ref o); break;
            case OperationKind.Atan: UnaryBackward<AtanOp>(ref o); break;
            default: ActivationBackward(ref o); break;
        }
    }

    private void Accumulate(int a, int from, double c)
    {
        if (!_needed[a]) return;
        Touch(a);
        Vector512<double>* g = Gradient(a), d = Gradient(from);
        Vector512<double> factor = Vector512.Create(c);
        for (int v = 0; v < Vectors; v++) g[v] = Vector512.FusedMultiplyAdd(factor, d[v], g[v]);
    }

    private void AccumulateProduct(int a, int from, int other)
    {
        if (!_needed[a]) return;
        Touch(a);
        Vector512<double>* g = Gradient(a), d = Gradient(from), y = Row(other);
        for (int v = 0; v < Vectors; v++) g[v] = Vector512.FusedMultiplyAdd(d[v], y[v], g[v]);
    }

    private void DivideBackward(ref Operation o)
    {
        Vector512<double>* d = Gradient(o.Out), q = Row(o.Out), y = Row(o.B);
        if (_needed[o.A])
        {
            Touch(o.A);
            Vector512<double>* g = Gradient(o.A);
            for (int v = 0; v < Vectors; v++) g[v] += d[v] / y[v];
        }

        if (_needed[o.B])
        {
            Touch(o.B);
            Vector512<double>* g = Gradient(o.B);
            for (int v = 0; v < Vectors; v++) g[v] -= d[v] * q[v] / y[v];
        }
    }

    private void SelectBackward(ref Operation o)
    {
        Vector512<double>* d = Gradient(o.Out), m = Row(o.C);
        if (_needed[o.A])
        {
            Touch(o.A);
            Vector512<double>* g = Gradient(o.A);
            for (int v = 0; v < Vectors; v++) g[v] += Vector512.ConditionalSelect(m[v], d[v], Vector512<double>.Zero);
        }

        if (_needed[o.B])
        {
            Touch(o.B);
            Vector512<double>* g = Gradient(o.B);
            for (int v = 0; v < Vectors; v++) g[v] += Vector512.ConditionalSelect(m[v], Vector512<double>.Zero, d[v]);
        }
    }

    private void UnaryBackward<TOp>(ref Operation o) where TOp : struct, IUnary
    {
        if (!_needed[o.A]) return;
        Touch(o.A);
        Vector512<double>* g = Gradient(o.A), d = Gradient(o.Out), x = Row(o.A), y = Row(o.Out);
        for (int v = 0; v < Vectors; v++) g[v] = Vector512.FusedMultiplyAdd(d[v], TOp.Derivative(x[v], y[v]), g[v]);
    }

    private interface IBinary
    {
        static abstract Vector512<double> Value(Vector512<double> x, Vector512<double> y);
    }

    /// <summary>y = φ(x) and φ′ as a function of x and y.</summary>
    private interface IUnary
    {
        static abstract Vector512<double> Value(Vector512<double> x);

        static abstract Vector512<double> Derivative(Vector512<double> x, Vector512<double> y);
    }

    private readonly struct AddOp : IBinary
    {
        public static Vector512<double> Value(Vector512<double> x, Vector512<double> y) => x + y;
    }

    private readonly struct SubtractOp : IBinary
    {
        public static Vector512<double> Value(Vector512<double> x, Vector512<double> y) => x - y;
    }

    private readonly struct MultiplyOp : IBinary
    {
        public static Vector512<double> Value(Vector512<double> x, Vector512<double> y) => x * y;
    }

    private readonly struct DivideOp : IBinary
    {
        public static Vector512<double> Value(Vector512<double> x, Vector512<double> y) => x / y;
    }

    private readonly struct SqrtOp : IUnary
    {
        public static Vector512<double> Value(Vector512<double> x) => Vector512.Sqrt(x);

        public static Vector512<double> Derivative(Vector512<double> x, Vector512<double> y) => Vector512.Create(0.5) / y;
    }

    private readonly struct ExpOp : IUnary
    {
        public static Vector512<double> Value(Vector512<double> x) => Elementary.Exp(x);

        public static Vector512<double> Derivative(Vector512<double> x, Vector512<double> y) => y;
    }

    private readonly struct Expm1Op : IUnary
    {
        public static Vector512<double> Value(Vector512<double> x) => Elementary.Expm1(x);

        public static Vector512<double> Derivative(Vector512<double> x, Vector512<double> y) => Elementary.Exp(x); // y + 1 cancels for x < 0
    }

    private readonly struct LogOp : IUnary
    {
        public static Vector512<double> Value(Vector512<double> x) => Elementary.Log(x);

        public static Vector512<double> Derivative(Vector512<double> x, Vector512<double> y) => Vector512<double>.One / x;
    }

    private readonly struct Log1pOp : IUnary
    {
        public static Vector512<double> Value(Vector512<double> x) => Elementary.Log1p(x);

        public static Vector512<double> Derivative(Vector512<double> x, Vector512<double> y) => Vector512<double>.One / (Vector512<double>.One + x);
    }

    private readonly struct TanhOp : IUnary
    {
        public static Vector512<double> Value(Vector512<double> x) => Elementary.Tanh(x);

        public static Vector512<double> Derivative(Vector512<double> x, Vector512<double> y) => Vector512<double>.One - (y * y);
    }

    private readonly struct LogisticOp : IUnary
    {
        public static Vector512<double> Value(Vector512<double> x) => Elementary.Logistic(x);

        public static Vector512<double> Derivative(Vector512<double> x, Vector512<double> y) => y * Elementary.Logistic(-x); // 1 − y cancels for x > 0
    }

    private readonly struct SoftplusOp : IUnary
    {
        public static Vector512<double> Value(Vector512<double> x) => Elementary.Softplus(x);

        public static Vector512<double> Derivative(Vector512<double> x, Vector512<double> y) => Elementary.Logistic(x);
    }

    private readonly struct SinOp : IUnary
    {
        public static Vector512<double> Value(Vector512<double> x) => Elementary.Sin(x);

        public static Vector512<double> Derivative(Vector512<double> x, Vector512<double> y) => Elementary.Cos(x);
    }

    private readonly struct CosOp : IUnary
    {
        public static Vector512<double> Value(Vector512<double> x) => Elementary.Cos(x);

        public static Vector512<double> Derivative(Vector512<double> x, Vector512<double> y) => -Elementary.Sin(x);
    }

    private readonly struct AtanOp : IUnary
    {
        public static Vector512<double> Value(Vector512<double> x) => Elementary.Atan(x);

        public static Vector512<double> Derivative(Vector512<double> x, Vector512<double> y) =>
            Vector512<double>.One / (Vector512<double>.One + (x * x));
    }
}
