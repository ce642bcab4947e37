using System.Runtime.CompilerServices;

namespace UniversalFlows.Scalars;

/// <summary>
/// A scalar on the calling thread's <see cref="Tape"/>: one row of 64 samples, or a constant. Constants are folded: a product with
/// 0 or 1 and a sum with 0 record nothing, so <c>Dual&lt;Node&gt;</c> costs nothing for zero tangents.
/// </summary>
/// <remarks>Valid until the tape is reset; the default value is the constant 0.</remarks>
public readonly record struct Node : IScalar<Node>
{
    private readonly int _row;   // row + 1; 0: a constant
    private readonly double _number;

    internal Node(int row) => _row = row + 1;

    private Node(double number) => _number = number;

    /// <summary>Whether this is a number known when the formula is recorded.</summary>
    public bool IsConstant => _row == 0;

    internal int Row => _row - 1;

    internal double Number => _number;

    /// <inheritdoc/>
    public static Node Constant(double c) => new(c);

    /// <inheritdoc/>
    public static Node operator +(Node a, Node b) => Tape.Current.Add(a, b);

    /// <inheritdoc/>
    public static Node operator -(Node a, Node b) => Tape.Current.Subtract(a, b);

    /// <inheritdoc/>
    public static Node operator *(Node a, Node b) => Tape.Current.Multiply(a, b);

    /// <inheritdoc/>
    public static Node operator /(Node a, Node b) => Tape.Current.Divide(a, b);

    /// <inheritdoc/>
    public static Node operator -(Node a) => Tape.Current.Multiply(Constant(-1), a);

    /// <inheritdoc/>
    public static Node MultiplyAdd(Node a, Node b, Node c) => Tape.Current.MultiplyAdd(a, b, c);

    /// <inheritdoc/>
    public static Node Sqrt(Node x) => Tape.Current.Sqrt(x);

    /// <inheritdoc/>
    public static Node Exp(Node x) => Tape.Current.Exp(x);

    /// <inheritdoc/>
    public static Node Expm1(Node x) => Tape.Current.Expm1(x);

    /// <inheritdoc/>
    public static Node Log(Node x) => Tape.Current.Log(x);

    /// <inheritdoc/>
    public static Node Log1p(Node x) => Tape.Current.Log1p(x);

    /// <inheritdoc/>
    public static Node Tanh(Node x) => Tape.Current.Tanh(x);

    /// <inheritdoc/>
    public static Node Logistic(Node x) => Tape.Current.Logistic(x);

    /// <inheritdoc/>
    public static Node Softplus(Node x) => Tape.Current.Softplus(x);

    /// <inheritdoc/>
    public static Node Sin(Node x) => Tape.Current.Sin(x);

    /// <inheritdoc/>
    public static Node Cos(Node x) => Tape.Current.Cos(x);

    /// <inheritdoc/>
    public static Node Atan(Node x) => Tape.Current.Atan(x);

    /// <inheritdoc/>
    public static Node SelectLess(Node a, Node b, Node then, Node otherwise) => Tape.Current.SelectLess(a, b, then, otherwise);

    /// <inheritdoc/>
    public static Node Freeze(Node x) => Tape.Current.Freeze(x);

    /// <inheritdoc/>
    public static void Affine(Dense layer, ReadOnlySpan<Node> x, Span<Node> y, bool bias = true) => Tape.Current.Affine(layer, x, y, bias);

    /// <inheritdoc/>
    public static void Activate(Activation activation, Span<Node> y) => Tape.Current.Activate(activation, y);

    /// <inheritdoc/>
    public static int Groups => Tape.Panel / Lanes.Width;

    /// <inheritdoc/>
    public static int DerivativeOrder => 1;

    /// <inheritdoc/>
    public static unsafe Lanes Primal(Node x, int g) => x.IsConstant ? Lanes.Constant(x._number) : new(Tape.Current.Row(x.Row)[g]);

    /// <inheritdoc/>
    public static Node FromPrimal(ReadOnlySpan<Lanes> value) =>
        Tape.Current.Leaf(System.Runtime.InteropServices.MemoryMarshal.Cast<Lanes, double>(value[..Groups]));
}
