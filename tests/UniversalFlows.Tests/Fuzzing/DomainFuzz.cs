using System.Globalization;
using System.Text.RegularExpressions;
using UniversalFlows.Scalars;
using UniversalFlows.Targets;
using Xunit;

namespace UniversalFlows.Tests.Fuzzing;

/// <summary>Random domains and names of targets: refused with a place, or printed and read again as the same, with every number in it.</summary>
public sealed partial class DomainFuzz
{
    private const string Alphabet = "0123456789.eE+-(),; box ball sector ring \t";

    [Fact]
    public void Domains_are_refused_with_a_place_or_come_back()
    {
        (int accepted, int tried) = Fuzz.Run("domain", 0.15, input =>
        {
            int d = 1 + input.Random.NextInt(4);
            string name = input.Pick("box", "ball", "box", "ball", "sector", "ring");
            string text = name switch
            {
                "box" => $"box({string.Join("; ", Enumerable.Range(0, input.OneIn(3) ? d : 1).Select(_ => Pair(input)))})",
                "ball" => $"ball({Positive(input)}{(input.OneIn(2) ? "" : $"; {string.Join(",", Enumerable.Range(0, d).Select(_ => input.Number64()))}")})",
                "sector" => $"sector({Pair(input)}; {Pair(input)})",
                _ => $"ring({Pair(input)})",
            };
            input.Text = input.OneIn(2) ? text : input.Mutate(text, Alphabet);
            Domain domain;
            try
            {
                domain = Domain.Parse(input.Text, d);
                input.Accepted = true;
            }
            catch (InputException e)
            {
                return FormulaFuzz.Complaint(e, input.Text);
            }

            string printed = domain.ToString();
            Domain again = Domain.Parse(printed, d);
            if (again.ToString() != printed) return $"{printed} comes back as {again}";
            if (!(domain.Volume > 0 && double.IsFinite(domain.Volume)) || again.Volume != domain.Volume) return $"volume {domain.Volume}";
            if (!again.Bounds.Lower.SequenceEqual(domain.Bounds.Lower) || !again.Bounds.Upper.SequenceEqual(domain.Bounds.Upper)) return "other bounds";
            double[] u = [.. Enumerable.Repeat(0.5, d)], x = new double[d];
            domain.FromUnitCube(u, x);
            if (!domain.Contains(x)) return $"({string.Join(", ", x)}), from the middle of the cube, is not inside";
            // every number that was written is in the print, but for zeros of a centre
            HashSet<double> shown = [.. Numbers(printed), 0];
            return Numbers(input.Text).FirstOrDefault(n => !shown.Contains(n), 0) is var lost && lost != 0 ? $"{lost:R} is not in {printed}" : null;
        });
        Assert.InRange(accepted, tried / 20, tried * 9 / 10);
    }

    [Fact]
    public void Names_of_targets_are_refused_with_a_place_or_come_back()
    {
        (int accepted, int tried) = Fuzz.Run("target", 0.1, input =>
        {
            int k = input.Random.NextInt(Zoo.All.Count);
            string name = Zoo.Signatures[k].Split('(')[0];
            int parameters = Zoo.Signatures[k].Contains('(', StringComparison.Ordinal) ? Zoo.Signatures[k].Count(c => c == ',') + 1 : 0;
            string text = input.OneIn(4) ? Zoo.All[k].Name : $"{name}({string.Join(",", Enumerable.Range(0, input.Random.NextInt(parameters + 1)).Select(_ => input.OneIn(2) ? $"{1 + input.Random.NextInt(9)}" : input.Number64()))})";
            input.Text = input.OneIn(2) ? text : input.Mutate(text, Alphabet);
            Target target;
            try
            {
                target = TargetParser.Parse(input.Text);
                input.Accepted = true;
            }
            catch (InputException e)
            {
                return FormulaFuzz.Complaint(e, input.Text);
            }

            if (target.Dimension is < 1 or > 64) return $"dimension {target.Dimension}";
            Target again = TargetParser.Parse(target.Name);
            if (again.Name != target.Name) return $"{target.Name} comes back as {again.Name}";
            double[] a = Middle(target), b = Middle(again);
            return a.AsSpan().SequenceEqual(b) || a.Any(double.IsNaN) ? null : $"{target.Name} has other values when it comes back";
        });
        Assert.InRange(accepted, tried / 20, tried * 19 / 20);
    }

    private static double[] Middle(Target target)
    {
        double[] x = [.. Enumerable.Repeat(0.4, target.Dimension)];
        target.DefaultDomain.FromUnitCube(x, x);
        Real[] y = [.. x.Select(v => new Real(v))];
        target.Map<Real>(y);
        return [.. y.Select(v => v.Value)];
    }

    private static string Pair(Fuzz.Input input) => $"{input.Number64()},{input.Number64()}";

    private static string Positive(Fuzz.Input input) => input.OneIn(3) ? input.Number64() : input.Number64().TrimStart('-');

    private static IEnumerable<double> Numbers(string text) => Number().Matches(text).Select(m => double.Parse(m.Value, CultureInfo.InvariantCulture));

    [GeneratedRegex(@"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")]
    private static partial Regex Number();
}
