using System.Diagnostics;
using System.Globalization;
using UniversalFlows.Numerics;
using Xunit;

namespace UniversalFlows.Tests.Fuzzing;

/// <summary>
/// Runs a property over many random inputs (docs/robustness.md). Input number i of a kind is a function of the kind and i alone, so a failure
/// is replayed by its number: UF_FUZZ_REPLAY=kind,i. UF_FUZZ=n is the number of inputs of all kinds together; without it few are tried.
/// </summary>
internal static class Fuzz
{
    private const int QuickInputs = 20_000;

    /// <summary>No input takes longer; the limit is far above the slowest measured, so that a busy machine does not fail.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    /// <summary>
    /// Tries a share of the inputs. <paramref name="trial"/> draws an input, tries it, and returns null if all is well, else a sentence;
    /// it says in <see cref="Input.Text"/> what it tries before it does.
    /// </summary>
    /// <returns>How many inputs were accepted by what is tested, and how many were tried.</returns>
    public static (int Accepted, int Tried) Run(string kind, double share, Func<Input, string?> trial)
    {
        if (Environment.GetEnvironmentVariable("UF_FUZZ_REPLAY")?.Split(',') is [var only, var number])
        {
            Assert.SkipUnless(only == kind, "another kind is replayed");
            Input one = new(kind, int.Parse(number, CultureInfo.InvariantCulture));
            string? wrong = trial(one);
            Assert.True(wrong is null, $"{wrong}\n{one.Text}");
            return (1, 1);
        }

        int total = Environment.GetEnvironmentVariable("UF_FUZZ") is { Length: > 0 } text ? int.Parse(text, NumberStyles.AllowThousands, CultureInfo.InvariantCulture) : QuickInputs;
        int count = (int)(total * share), accepted = 0;
        Input? current = null;
        long started = Stopwatch.GetTimestamp();
        List<string> failures = [];
        // a thread of its own: a hang is then a failure with its input, not a test run that never ends
        Thread worker = new(() =>
        {
            for (int i = 0; i < count && failures.Count < 5; i++)
            {
                Input input = new(kind, i);
                Volatile.Write(ref started, Stopwatch.GetTimestamp());
                Volatile.Write(ref current, input);
                string? wrong;
                try
                {
                    wrong = trial(input);
                }
                catch (Exception e)
                {
                    wrong = $"{e.GetType().Name}: {e.Message}\n{e.StackTrace}";
                }

                if (input.Accepted) accepted++;
                if (wrong is not null) failures.Add($"UF_FUZZ_REPLAY={kind},{i}: {wrong}\n    input: {Escaped(input.Text)}");
            }
        })
        { IsBackground = true };
        worker.Start();
        while (!worker.Join(250))
        {
            TimeSpan busy = Stopwatch.GetElapsedTime(Volatile.Read(ref started));
            if (busy > s_patience && Volatile.Read(ref current) is { } slow)
                Assert.Fail($"UF_FUZZ_REPLAY={kind},{slow.Number}: not finished after {busy.TotalSeconds:F0} s\n    input: {Escaped(slow.Text)}");
        }

        Assert.True(failures.Count == 0, string.Join('\n', failures));
        Assert.True(count > 0);
        return (accepted, count);
    }

    private static string Escaped(string text) =>
        string.Concat((text.Length > 4000 ? text[..4000] + "..." : text).Select(c => char.IsControl(c) || c > 126 ? $"\\u{(int)c:x4}" : $"{c}"));

    /// <summary>The input of one trial.</summary>
    public sealed class Input(string kind, int number)
    {
        /// <summary>i.</summary>
        public int Number { get; } = number;

        /// <summary>The random numbers of this input.</summary>
        public Philox Random { get; } = new((ulong)number, Philox.StreamKey($"fuzz {kind}"));

        /// <summary>What is tried.</summary>
        public string Text { get; set; } = "";

        /// <summary>Whether it was taken for valid.</summary>
        public bool Accepted { get; set; }

        /// <summary>One of several.</summary>
        public T Pick<T>(params ReadOnlySpan<T> choices) => choices[Random.NextInt(choices.Length)];

        /// <summary>True once in <paramref name="n"/> times.</summary>
        public bool OneIn(int n) => Random.NextInt(n) == 0;

        /// <summary>A number of any size, often one at which programs break, as somebody might write it.</summary>
        public string Number64()
        {
            if (OneIn(3)) return Pick("0", "1", "2", "-1", "0.5", "-0", "1e-300", "1e300", "5e-324", "1.7976931348623157e308", "1e309", "-1e308", "4096", "1048577", "2147483648", "0.1", "1E2", "3", "007", "1e0");
            double v = Pick(1e-3, 1, 1, 1, 10, 1e6, 1e100) * Random.NextNormal();
            string text = v.ToString(Pick("R", "R", "E16", "F3", "G5"), CultureInfo.InvariantCulture);
            return text.Length > 60 ? text[..60] : text;
        }

        /// <summary>A few random edits of characters.</summary>
        public string Mutate(string text, string alphabet)
        {
            List<char> s = [.. text];
            for (int edits = 1 + Random.NextInt(3); edits > 0; edits--)
            {
                int at = s.Count == 0 ? 0 : Random.NextInt(s.Count);
                char c = OneIn(8) ? (char)Random.NextInt(0x3000) : alphabet[Random.NextInt(alphabet.Length)];
                switch (Random.NextInt(6))
                {
                    case 0: s.Insert(at, c); break;
                    case 1 when s.Count > 0: s.RemoveAt(at); break;
                    case 2 when s.Count > 0: s[at] = c; break;
                    case 3 when s.Count > 1: (s[at], s[^1]) = (s[^1], s[at]); break;
                    case 4 when s.Count > 0: s.InsertRange(at, s.GetRange(at, Math.Min(1 + Random.NextInt(12), s.Count - at))); break;
                    case 5 when s.Count > 0: s.RemoveRange(at, Math.Min(1 + Random.NextInt(12), s.Count - at)); break;
                    default: s.Add(c); break;
                }
            }

            return string.Concat(s);
        }
    }
}
