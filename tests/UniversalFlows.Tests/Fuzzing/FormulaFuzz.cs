using System.Globalization;
using System.Text;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using UniversalFlows.Targets;
using Xunit;
using static UniversalFlows.Targets.FormulaTarget;

namespace UniversalFlows.Tests.Fuzzing;

/// <summary>
/// Random formulas. A grammatical one has the value of its tree, to the bit, by an evaluator of its own; a mutated one is refused with a
/// place, or what was understood, printed, is understood the same again.
/// </summary>
public sealed class FormulaFuzz
{
    private const string Alphabet = "0123456789.eExyz+-*/^();, \tsincotaphlgqrb_$#[]";

    [Fact]
    public void Grammatical_formulas_mean_what_their_tree_means()
    {
        (int accepted, int tried) = Fuzz.Run("formula", 0.25, input =>
        {
            int d = 1 + input.Random.NextInt(3);
            Term[] trees = [.. Enumerable.Range(0, d).Select(_ => Term.Draw(input, d, 5))];
            input.Text = string.Join(input.Pick(";", "; ", " ;"), trees.Select(t => t.Print(input, 0)));
            FormulaTarget target = new(input.Text);
            input.Accepted = true;
            if (target.Dimension != d) return $"dimension {target.Dimension}, not {d}";
            double[] x = [.. Enumerable.Range(0, d).Select(_ => 2 * input.Random.NextNormal())];
            double[] expected = [.. trees.Select(t => t.Value(x))];
            double[] found = Values(target, x);
            for (int i = 0; i < d; i++)
                if (!Same(expected[i], found[i])) return $"component {i + 1} is {found[i]:R}, the tree {expected[i]:R} at {string.Join(", ", x)}";
            return AgainTheSame(input.Text);
        });
        Assert.Equal(tried, accepted);
    }

    [Fact]
    public void Mutated_formulas_are_refused_with_a_place_or_understood()
    {
        (int accepted, int tried) = Fuzz.Run("formula-mutant", 0.2, input =>
        {
            int d = 1 + input.Random.NextInt(2);
            string text = string.Join(';', Enumerable.Range(0, d).Select(_ => Term.Draw(input, d, 4).Print(input, 0)));
            input.Text = input.OneIn(20) ? Nest(input) : input.Mutate(text, Alphabet);
            try
            {
                FormulaTarget target = new(input.Text);
                input.Accepted = true;
                Values(target, [.. Enumerable.Repeat(0.3, target.Dimension)]);
            }
            catch (InputException e)
            {
                return Complaint(e, input.Text);
            }

            return AgainTheSame(input.Text);
        });
        Assert.InRange(accepted, tried / 50, tried * 9 / 10);
    }

    /// <summary>The checker finds a reader that is off by one sign: no property that can't fail.</summary>
    [Fact]
    public void A_wrong_reading_is_found()
    {
        Assert.False(Same(-0.0, 0.0));
        Assert.NotEqual(FormulaParser.Parse("x - 2").Program, FormulaParser.Parse("x + 2").Program);
        Assert.NotNull(Complaint(new InputException("no place"), "x"));
        Assert.NotNull(Complaint(new InputException("outside", "x", 7), "x"));
        Assert.Null(AgainTheSame("x^-3 + 2^x*(1/0) - (0/0); -y/0.1"));
    }

    internal static string? Complaint(InputException e, string text) =>
        e.Text != text || e.Column is not { } column ? $"a complaint without its place: {e.Message}"
        : column < 1 || column > text.Length + 1 ? $"column {column} is outside of the text: {e.Message}" : null;

    /// <summary>Print what was understood, read that, and compare the programs.</summary>
    private static string? AgainTheSame(string text)
    {
        FormulaParser.Result first = FormulaParser.Parse(text);
        string printed = Print(first);
        FormulaParser.Result second;
        try
        {
            second = FormulaParser.Parse(printed);
        }
        catch (InputException e) when (e.Message.StartsWith("the formula is nested too deeply", StringComparison.Ordinal) && text.Length > 40)
        {
            return null; // every operation has its parentheses in print
        }

        bool same = first.Dimension == second.Dimension && first.Program.Length == second.Program.Length
            && first.Program.Zip(second.Program).All(p => p.First.Operation == p.Second.Operation && p.First.Index == p.Second.Index && Same(p.First.Number, p.Second.Number));
        return same ? null : $"printed as {printed}, which is read differently";
    }

    private static string Print(FormulaParser.Result formula)
    {
        Stack<string> stack = new();
        foreach (Instruction i in formula.Program)
        {
            switch (i.Operation)
            {
                case Operation.Constant: stack.Push(Constant(i.Number)); break;
                case Operation.Variable: stack.Push($"x{i.Index + 1}"); break;
                case Operation.Add or Operation.Subtract or Operation.Multiply or Operation.Divide or Operation.Power:
                    string right = stack.Pop(), left = stack.Pop();
                    stack.Push($"({left} {i.Operation switch { Operation.Add => '+', Operation.Subtract => '-', Operation.Multiply => '*', Operation.Divide => '/', _ => '^' }} {right})");
                    break;
                case Operation.Scale: stack.Push($"({stack.Pop()} * {Constant(i.Number)})"); break;
                case Operation.Shift: stack.Push($"({stack.Pop()} + {Constant(i.Number)})"); break;
                case Operation.IntegerPower: stack.Push($"({stack.Pop()} ^ ({i.Index}))"); break;
                case Operation.Negate: stack.Push($"(-{stack.Pop()})"); break;
                default: stack.Push($"{i.Operation.ToString().ToLowerInvariant()}({stack.Pop()})"); break;
            }
        }

        return string.Join("; ", stack.Reverse());

        static string Constant(double c) =>
            double.IsNaN(c) ? "(0/0)" : double.IsInfinity(c) ? c > 0 ? "(1/0)" : "(-1/0)" : $"({c.ToString("R", CultureInfo.InvariantCulture)})";
    }

    private static double[] Values(FormulaTarget target, double[] x)
    {
        Real[] reals = [.. x.Select(v => new Real(v))];
        target.Map<Real>(reals);
        return [.. reals.Select(v => v.Value)];
    }

    private static bool Same(double a, double b) => BitConverter.DoubleToInt64Bits(a) == BitConverter.DoubleToInt64Bits(b) || (double.IsNaN(a) && double.IsNaN(b));

    /// <summary>Deep nesting of one kind.</summary>
    private static string Nest(Fuzz.Input input)
    {
        int n = input.Random.NextInt(3000);
        string open = input.Pick("(", "-", "sin(", "x^", "1+(", "2*", "+");
        StringBuilder text = new();
        for (int i = 0; i < n; i++) text.Append(open);
        return text.Append('x').Append(')', open.EndsWith('(') && !input.OneIn(3) ? n : 0).ToString();
    }

    /// <summary>A formula as a tree, with values by plain recursion.</summary>
    private sealed record Term(char Kind, string Text, double Number, int Index, Term[] Parts)
    {
        private static readonly string[] s_functions = ["sin", "cos", "tan", "exp", "log", "sqrt", "sinh", "cosh", "tanh", "atan", "abs"];

        public static Term Draw(Fuzz.Input input, int d, int depth)
        {
            if (depth == 0 || input.OneIn(4))
            {
                if (input.OneIn(8)) return input.OneIn(2) ? new('n', "pi", Math.PI, 0, []) : new('n', "e", Math.E, 0, []);
                if (input.OneIn(2)) return Literal(input);
                int i = input.Random.NextInt(d);
                return new('v', input.OneIn(2) ? "xyz"[i].ToString() : $"x{i + 1}", 0, i, []);
            }

            char kind = input.Pick('+', '-', '*', '/', '^', 'm', 'f', '+', '*');
            if (kind == 'f') return new(kind, input.Pick<string>(s_functions), 0, 0, [Draw(input, d, depth - 1)]);
            if (kind == 'm') return new(kind, "", 0, 0, [Draw(input, d, depth - 1)]);
            Term right = kind == '^' && input.OneIn(2) ? new Term('n', input.Pick("2", "3", "0", "1", "5.0", "0.5", "1.5", "1e1"), 0, 0, []).Numbered() : Draw(input, d, depth - 1);
            return new(kind, "", 0, 0, [Draw(input, d, depth - 1), right]);
        }

        private static Term Literal(Fuzz.Input input)
        {
            string text;
            do text = input.Number64().TrimStart('-');
            while (!double.IsFinite(double.Parse(text, CultureInfo.InvariantCulture)));
            return new Term('n', text, 0, 0, []).Numbered();
        }

        private Term Numbered() => this with { Number = double.Parse(Text, CultureInfo.InvariantCulture) };

        private bool IsConstant => Kind != 'v' && Parts.All(p => p.IsConstant);

        // sums 1, products 2, the sign 3, powers 4, the rest 5
        private int Precedence => Kind switch { '+' or '-' => 1, '*' or '/' => 2, 'm' => 3, '^' => 4, _ => 5 };

        public string Print(Fuzz.Input input, int least)
        {
            string space = input.OneIn(4) ? " " : "";
            string text = Kind switch
            {
                'n' or 'v' => Text,
                'f' => $"{Text}{space}({space}{Parts[0].Print(input, 0)}{space})",
                'm' => $"-{space}{Parts[0].Print(input, 3)}",
                // ^ binds to the right, and its right side may have a sign; the others bind to the left
                '^' => $"{Parts[0].Print(input, 5)}{space}^{space}{Parts[1].Print(input, 3)}",
                _ => $"{Parts[0].Print(input, Precedence)}{space}{Kind}{space}{Parts[1].Print(input, Precedence + 1)}",
            };
            return Precedence < least || input.OneIn(12) ? $"({text})" : text;
        }

        public double Value(double[] x)
        {
            if (Kind == 'n') return Number;
            if (Kind == 'v') return x[Index];
            double a = Parts[0].Value(x);
            Real r = new(a);
            if (Kind == 'm') return -a;
            if (Kind == 'f')
            {
                return (Text switch
                {
                    "sin" => Real.Sin(r),
                    "cos" => Real.Cos(r),
                    "tan" => Functions.Tan(r),
                    "exp" => Real.Exp(r),
                    "log" => Real.Log(r),
                    "sqrt" => Real.Sqrt(r),
                    "sinh" => Functions.Sinh(r),
                    "cosh" => Functions.Cosh(r),
                    "tanh" => Real.Tanh(r),
                    "atan" => Real.Atan(r),
                    _ => Real.Abs(r),
                }).Value;
            }

            double b = Parts[1].Value(x);
            if (Kind == '^' && Parts[1].IsConstant && b == Math.Floor(b) && Math.Abs(b) <= 1 << 20) return Functions.Power(r, (int)b).Value;
            return Kind switch { '+' => a + b, '-' => a - b, '*' => a * b, '/' => a / b, _ => Real.Exp(new(b * Real.Log(r).Value)).Value };
        }
    }
}
