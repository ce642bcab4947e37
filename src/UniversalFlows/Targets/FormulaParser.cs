using System.Globalization;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using static UniversalFlows.Targets.FormulaTarget;

namespace UniversalFlows.Targets;

/// <summary>
/// Recursive descent from text to a postfix program; constants are folded on the way with the arithmetic of <see cref="Real"/>.
/// <code>
/// formula := sum (';' sum)*            sum     := product (('+' | '-') product)*
/// product := unary (('*' | '/') unary)*    unary := ('+' | '-') unary | power
/// power   := primary ('^' unary)?      primary := number | constant | variable | function '(' sum ')' | '(' sum ')'
/// </code>
/// </summary>
internal ref struct FormulaParser
{
    private const int MaxNesting = 200;
    private const int MaxDimension = 64;
    private const int MaxWholeExponent = 1 << 20;

    private static readonly Dictionary<string, Operation> s_functions = new()
    {
        ["sin"] = Operation.Sin,
        ["cos"] = Operation.Cos,
        ["tan"] = Operation.Tan,
        ["exp"] = Operation.Exp,
        ["log"] = Operation.Log,
        ["sqrt"] = Operation.Sqrt,
        ["sinh"] = Operation.Sinh,
        ["cosh"] = Operation.Cosh,
        ["tanh"] = Operation.Tanh,
        ["atan"] = Operation.Atan,
        ["abs"] = Operation.Abs,
    };

    private readonly string _text;
    private readonly List<Instruction> _program = [];
    private int _at, _nesting, _depth, _maxDepth, _highest, _highestColumn;

    private FormulaParser(string text) => _text = text;

    internal sealed record Result(Instruction[] Program, int Dimension, int StackDepth);

    /// <summary>Whether a formula gives this word a meaning.</summary>
    public static bool Knows(string word) => word is "pi" or "e" || s_functions.ContainsKey(word) || VariableIndex(word) >= 0;

    public static Result Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        FormulaParser parser = new(text);
        int components = 1;
        parser.Sum();
        while (parser.Accept(';'))
        {
            components++;
            parser.Sum();
        }

        if (parser.Peek() != '\0') throw parser.Expected("an operator, ';' or the end");
        if (components > MaxDimension) throw new InputException($"the formula has {components} components; at most {MaxDimension} are possible", text, 1);
        if (parser._highest >= components)
        {
            throw new InputException(
                $"the variable at column {parser._highestColumn} is coordinate {parser._highest + 1}, but the formula has only {components} component{(components == 1 ? "" : "s")}: "
                + "components are separated by ';', and the dimension is their number", text, parser._highestColumn);
        }

        return new Result([.. parser._program], components, parser._maxDepth);
    }

    private void Sum()
    {
        Enter();
        Product();
        while (true)
        {
            if (Accept('+'))
            {
                int mark = _program.Count;
                Product();
                Binary(Operation.Add, mark);
            }
            else if (Accept('-'))
            {
                int mark = _program.Count;
                Product();
                Binary(Operation.Subtract, mark);
            }
            else
            {
                break;
            }
        }

        _nesting--;
    }

    private void Product()
    {
        Unary();
        while (true)
        {
            if (Accept('*'))
            {
                int mark = _program.Count;
                Unary();
                Binary(Operation.Multiply, mark);
            }
            else if (Accept('/'))
            {
                int mark = _program.Count;
                Unary();
                Binary(Operation.Divide, mark);
            }
            else
            {
                return;
            }
        }
    }

    private void Unary()
    {
        Enter();
        if (Accept('-'))
        {
            Unary();
            Apply(new(Operation.Negate));
        }
        else if (Accept('+'))
        {
            Unary();
        }
        else
        {
            Primary();
            if (Accept('^'))
            {
                int mark = _program.Count;
                Unary();
                Power(mark);
            }
        }

        _nesting--;
    }

    private void Primary()
    {
        char c = Peek();
        if (c == '(')
        {
            _at++;
            Sum();
            Close();
        }
        else if (char.IsAsciiDigit(c) || c == '.')
        {
            Number();
        }
        else if (char.IsAsciiLetter(c))
        {
            Word();
        }
        else
        {
            throw Expected("a number, a variable, a function or '('");
        }
    }

    private void Number()
    {
        int start = _at;
        while (char.IsAsciiDigit(Here()) || Here() == '.') _at++;
        // an exponent only if digits follow: 2e is 2 and the constant e, and then an error of its own
        int mark = _at;
        if (Here() is 'e' or 'E')
        {
            _at++;
            if (Here() is '+' or '-') _at++;
            if (!char.IsAsciiDigit(Here())) _at = mark;
            while (char.IsAsciiDigit(Here())) _at++;
        }

        string digits = _text[start.._at];
        if (!double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) || !double.IsFinite(value))
            throw new InputException($"'{digits}' at column {start + 1} is not a finite number", _text, start + 1);
        if (char.IsAsciiLetter(Here()) || Peek() == '(')
            throw new InputException($"an operator was expected at column {_at + 1}: write {digits}*{(char.IsAsciiLetter(Here()) ? Here() : "(")}.. for a product", _text, _at + 1);
        Push(new(Operation.Constant, value));
    }

    private void Word()
    {
        int start = _at, column = _at + 1;
        while (char.IsAsciiLetterOrDigit(Here()) || Here() == '_') _at++;
        string word = _text[start.._at];
        if (s_functions.TryGetValue(word, out Operation function))
        {
            if (Peek() != '(') throw Expected($"'(' after {word}");
            _at++;
            Sum();
            Close();
            Apply(new(function));
        }
        else if (word == "pi")
        {
            Push(new(Operation.Constant, Math.PI));
        }
        else if (word == "e")
        {
            Push(new(Operation.Constant, Math.E));
        }
        else if (VariableIndex(word) is >= 0 and int index)
        {
            if (index >= _highest) (_highest, _highestColumn) = index == _highest && _highestColumn > 0 ? (_highest, _highestColumn) : (index, column);
            Push(new(Operation.Variable, 0, index));
        }
        else
        {
            string nearest = string.Join(", ", Spelling.Nearest(word, s_functions.Keys));
            throw new InputException(
                $"unknown name '{word}' at column {column}: "
                + (nearest.Length > 0 ? $"did you mean {nearest}?" : "variables are x1, x2, .. (or x, y, z), constants pi and e, functions " + string.Join(" ", s_functions.Keys)),
                _text, column);
        }
    }

    /// <summary>The coordinate, from 0, that a word names, or −1.</summary>
    private static int VariableIndex(string word) => word switch
    {
        "x" => 0,
        "y" => 1,
        "z" => 2,
        ['x', >= '1' and <= '9', ..] when int.TryParse(word.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out int n) => n - 1,
        _ => -1,
    };

    private void Push(Instruction i)
    {
        _program.Add(i);
        _maxDepth = Math.Max(_maxDepth, ++_depth);
    }

    /// <summary>A function of the topmost value; evaluated at once if that is a constant.</summary>
    private readonly void Apply(Instruction i)
    {
        if (_program[^1].Operation == Operation.Constant) _program[^1] = new(Operation.Constant, Fold(_program[^1].Number, i));
        else _program.Add(i);
    }

    /// <summary>An operation on the two topmost values, the right of which begins at <paramref name="mark"/> of the program.</summary>
    private void Binary(Operation operation, int mark)
    {
        _depth--;
        // a complete operand whose last instruction is a constant is that constant alone
        Instruction left = _program[mark - 1], right = _program[^1];
        bool leftConstant = left.Operation == Operation.Constant, rightConstant = right.Operation == Operation.Constant;
        if (leftConstant && rightConstant)
        {
            _program.RemoveAt(mark);
            _program[^1] = new(Operation.Constant, operation switch
            {
                Operation.Add => left.Number + right.Number,
                Operation.Subtract => left.Number - right.Number,
                Operation.Multiply => left.Number * right.Number,
                Operation.Divide => left.Number / right.Number,
                _ => Real.Exp(new(right.Number * Real.Log(new(left.Number)).Value)).Value,
            });
        }
        else if (rightConstant && (operation is Operation.Add or Operation.Subtract or Operation.Multiply))
        {
            _program[^1] = operation == Operation.Multiply
                ? new(Operation.Scale, right.Number)
                : new(Operation.Shift, operation == Operation.Add ? right.Number : -right.Number);
        }
        else if (leftConstant && (operation is Operation.Add or Operation.Multiply))
        {
            _program.RemoveAt(mark - 1);
            _program.Add(new(operation == Operation.Add ? Operation.Shift : Operation.Scale, left.Number));
        }
        else
        {
            _program.Add(new(operation));
        }
    }

    private void Power(int mark)
    {
        Instruction exponent = _program[^1];
        if (exponent.Operation == Operation.Constant && exponent.Number == Math.Floor(exponent.Number) && Math.Abs(exponent.Number) <= MaxWholeExponent)
        {
            _program.RemoveAt(mark);
            _depth--;
            Apply(new(Operation.IntegerPower, 0, (int)exponent.Number));
        }
        else
        {
            Binary(Operation.Power, mark);
        }
    }

    private static double Fold(double c, Instruction i)
    {
        Real x = new(c);
        return (i.Operation switch
        {
            Operation.Negate => -x,
            Operation.IntegerPower => Functions.Power(x, i.Index),
            Operation.Sin => Real.Sin(x),
            Operation.Cos => Real.Cos(x),
            Operation.Tan => Functions.Tan(x),
            Operation.Exp => Real.Exp(x),
            Operation.Log => Real.Log(x),
            Operation.Sqrt => Real.Sqrt(x),
            Operation.Sinh => Functions.Sinh(x),
            Operation.Cosh => Functions.Cosh(x),
            Operation.Tanh => Real.Tanh(x),
            Operation.Atan => Real.Atan(x),
            Operation.Abs => Real.Abs(x),
            _ => throw new InvalidOperationException($"unknown operation {i.Operation}"),
        }).Value;
    }

    private void Enter()
    {
        if (++_nesting > MaxNesting)
            throw new InputException($"the formula is nested too deeply at column {_at + 1}: at most about {MaxNesting / 2} levels of parentheses, signs and powers are possible", _text, _at + 1);
    }

    private void Close()
    {
        if (!Accept(')')) throw Expected("an operator or ')'");
    }

    private bool Accept(char c)
    {
        if (Peek() != c) return false;
        _at++;
        return true;
    }

    /// <summary>The next character that is not a space, '\0' at the end.</summary>
    private char Peek()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at])) _at++;
        return Here();
    }

    private readonly char Here() => _at < _text.Length ? _text[_at] : '\0';

    private readonly InputException Expected(string what)
    {
        string found = _at < _text.Length ? $"'{_text[_at]}'" : "the end of the formula";
        return new InputException($"{what} was expected at column {_at + 1}, but {found} is there", _text, _at + 1);
    }
}
