using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Targets;

/// <summary>
/// A map given by a formula: components separated by <c>;</c>, as many as the dimension. Compiled once to a postfix program that runs
/// over any scalar. Whether it is a diffeomorphism of K is the user's claim.
/// </summary>
/// <remarks>
/// Variables x1 … xd (x, y, z are x1, x2, x3); + − * / ^ with the usual precedence, ^ right associative and stronger than the unary
/// minus; parentheses; sin cos tan exp log sqrt sinh cosh tanh atan abs; numbers such as 1e-3; pi and e. A whole constant exponent
/// means repeated multiplication, any other power a^b is exp(b log a), for a &gt; 0.
/// </remarks>
public sealed class FormulaTarget : Target
{
    private readonly Instruction[] _program;
    private readonly int _stack;

    /// <summary>Compiles a formula; the default domain is [−1, 1]^d.</summary>
    /// <exception cref="InputException">The formula is malformed; the message says at which column, and what was expected.</exception>
    public FormulaTarget(string text) : this(text, FormulaParser.Parse(text))
    {
    }

    private FormulaTarget(string text, FormulaParser.Result parsed) : base(text.Trim(), text.Trim(), Domain.Cube(parsed.Dimension, -1, 1), null, Membership.Unknown)
    {
        _program = parsed.Program;
        _stack = parsed.StackDepth;
    }

    /// <inheritdoc/>
    public override string Remarks => "a formula: its inverse is numerical, its orientation is not known beforehand";

    /// <inheritdoc/>
    public override void Map<T>(Span<T> x)
    {
        if (x.Length != Dimension) throw new ArgumentException($"a point of R^{Dimension} was expected, {x.Length} numbers were given", nameof(x));
        using Scratch<T> scratch = new(_stack);
        Span<T> s = scratch.Take(_stack);
        int top = -1;
        foreach (Instruction i in _program)
        {
            switch (i.Operation)
            {
                case Operation.Constant: s[++top] = T.Constant(i.Number); break;
                case Operation.Variable: s[++top] = x[i.Index]; break;
                case Operation.Add: top--; s[top] += s[top + 1]; break;
                case Operation.Subtract: top--; s[top] -= s[top + 1]; break;
                case Operation.Multiply: top--; s[top] *= s[top + 1]; break;
                case Operation.Divide: top--; s[top] /= s[top + 1]; break;
                case Operation.Scale: s[top] *= i.Number; break;
                case Operation.Shift: s[top] += i.Number; break;
                case Operation.Power: top--; s[top] = T.Exp(s[top + 1] * T.Log(s[top])); break;
                case Operation.IntegerPower: s[top] = Functions.Power(s[top], i.Index); break;
                case Operation.Negate: s[top] = -s[top]; break;
                case Operation.Sin: s[top] = T.Sin(s[top]); break;
                case Operation.Cos: s[top] = T.Cos(s[top]); break;
                case Operation.Tan: s[top] = Functions.Tan(s[top]); break;
                case Operation.Exp: s[top] = T.Exp(s[top]); break;
                case Operation.Log: s[top] = T.Log(s[top]); break;
                case Operation.Sqrt: s[top] = T.Sqrt(s[top]); break;
                case Operation.Sinh: s[top] = Functions.Sinh(s[top]); break;
                case Operation.Cosh: s[top] = Functions.Cosh(s[top]); break;
                case Operation.Tanh: s[top] = T.Tanh(s[top]); break;
                case Operation.Atan: s[top] = T.Atan(s[top]); break;
                case Operation.Abs: s[top] = T.Abs(s[top]); break;
                default: throw new InvalidOperationException($"unknown operation {i.Operation}");
            }
        }

        // one value a component is left on the stack
        s[..Dimension].CopyTo(x);
    }

    internal enum Operation
    {
        Constant, Variable,
        Add, Subtract, Multiply, Divide, Scale, Shift, Power, IntegerPower, Negate,
        Sin, Cos, Tan, Exp, Log, Sqrt, Sinh, Cosh, Tanh, Atan, Abs,
    }

    /// <summary>One step: <see cref="Number"/> for constants, <see cref="Index"/> for variables and whole exponents.</summary>
    internal readonly record struct Instruction(Operation Operation, double Number = 0, int Index = 0);
}
