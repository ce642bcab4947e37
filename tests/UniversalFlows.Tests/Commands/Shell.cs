using System.Text.Json;
using UniversalFlows.Bijections;
using UniversalFlows.Bijections.Files;
using UniversalFlows.Proofs.Commands;
using UniversalFlows.Scalars;
using Xunit;

namespace UniversalFlows.Tests.Commands;

/// <summary>The program in this process, in a folder of its own, with captured streams.</summary>
internal sealed class Shell : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("uf-tests-").FullName;

    /// <summary>What <c>--points -</c> reads.</summary>
    public string Input { get; set; } = "";

    /// <summary>As if somebody had pressed Ctrl-C already.</summary>
    public bool Interrupted { get; set; }

    /// <summary>As if a person watched the errors.</summary>
    public bool Watched { get; set; }

    /// <summary>The path of a file or folder of this shell.</summary>
    public string this[string name] => Path.Combine(_folder, name);

    /// <summary>Runs a command; words that begin with @ are paths of this shell.</summary>
    public Outcome Uf(params string[] words)
    {
        using StringWriter output = new(), error = new();
        using StringReader input = new(Input);
        Terminal terminal = new(output, error, input, () => new CancellationToken(Interrupted)) { ErrorIsTerminal = Watched };
        int code = CommandLine.Run([.. words.Select(w => w.StartsWith('@') ? this[w[1..]] : w)], terminal);
        return new Outcome(code, output.ToString(), error.ToString());
    }

    /// <summary>A new file.</summary>
    public string Write(string name, string text)
    {
        File.WriteAllText(this[name], text);
        return this[name];
    }

    /// <summary>A flow of the family with random weights far from the identity.</summary>
    public Composition Flow(string name, FlowFamily family, int dimension, int depth)
    {
        Composition flow = new Architecture(family, dimension, depth, [8]).Initialise(seed: 7);
        FlowFile.Save(flow, this[name]);
        return flow;
    }

    /// <summary>x ↦ x + b.</summary>
    public void Shift(string name, params double[] b)
    {
        double[] identity = new double[b.Length * b.Length];
        for (int i = 0; i < b.Length; i++) identity[(i * b.Length) + i] = 1;
        FlowFile.Save(new Composition(b.Length, [new Linear(identity, b)]), this[name]);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}

/// <summary>What a command did.</summary>
internal sealed record Outcome(int Code, string Out, string Error)
{
    /// <summary>The output as one JSON object with its schema version.</summary>
    public JsonElement Json()
    {
        JsonElement root = JsonDocument.Parse(Out).RootElement;
        Assert.Equal(1, root.GetProperty("schema").GetInt32());
        return root;
    }

    /// <summary>Exit code 5 and one line that says all these words.</summary>
    public void IsBadInput(params string[] words) => IsOneLine(5, words);

    /// <summary>An exit code, nothing on stdout, and one line that says all these words.</summary>
    public void IsOneLine(int code, params string[] words)
    {
        Assert.Equal(code, Code);
        Assert.Equal("", Out);
        Assert.StartsWith("uf: ", Error, StringComparison.Ordinal);
        Assert.Equal(Error.Length - 1, Error.IndexOf('\n', StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", Error, StringComparison.Ordinal);
        foreach (string word in words) Assert.Contains(word, Error, StringComparison.Ordinal);
    }
}
