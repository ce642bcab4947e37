using System.Globalization;
using System.Reflection;
using UniversalFlows.Targets;

namespace UniversalFlows.Proofs.Claims;

/// <summary>Marks an evidence function that takes seconds: it is not part of the profile <c>ci</c>.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SlowAttribute : Attribute;

/// <summary>
/// An evidence function with its arguments, as a claim names it: <c>Class.Method(1, -2.5, word)</c>. The functions are the public static methods of the classes in
/// <c>proofs-exp/Claims/Evidence</c> that return a <see cref="Finding"/>; their arguments are numbers and words.
/// </summary>
internal sealed class EvidenceCall
{
    private readonly MethodInfo _method;
    private readonly object[] _arguments;

    private EvidenceCall(MethodInfo method, object[] arguments) => (_method, _arguments) = (method, arguments);

    /// <summary>All evidence functions by name.</summary>
    public static IReadOnlyDictionary<string, MethodInfo> Functions { get; } = typeof(EvidenceCall).Assembly.GetTypes()
        .Where(t => t.Namespace == "UniversalFlows.Proofs.Claims.Evidence" && !t.IsNested)
        .SelectMany(t => t.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly))
        .Where(m => m.ReturnType == typeof(Finding) && m.GetParameters().All(p => p.ParameterType == typeof(double) || p.ParameterType == typeof(int) || p.ParameterType == typeof(string)))
        .ToDictionary(m => $"{m.DeclaringType!.Name}.{m.Name}");

    /// <summary>Class.Method.</summary>
    public string Name => $"{_method.DeclaringType!.Name}.{_method.Name}";

    /// <summary>Whether it takes seconds.</summary>
    public bool IsSlow => _method.IsDefined(typeof(SlowAttribute));

    /// <summary>The arguments.</summary>
    public IReadOnlyList<object> Arguments => _arguments;

    /// <summary>Reads a call.</summary>
    /// <exception cref="InputException">There is no such function, or the arguments do not fit.</exception>
    public static EvidenceCall Parse(string text)
    {
        int open = text.IndexOf('(', StringComparison.Ordinal);
        if (open < 0 || !text.EndsWith(')')) throw new InputException($"evidence \"{text}\" is not of the form Class.Method(arguments)");
        string name = text[..open];
        if (!Functions.TryGetValue(name, out MethodInfo? method))
        {
            IReadOnlyList<string> nearest = Spelling.Nearest(name, Functions.Keys);
            throw new InputException($"there is no evidence function {name}{(nearest.Count > 0 ? $": did you mean {string.Join(" or ", nearest)}?" : "")}");
        }

        string[] words = text[(open + 1)..^1].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        ParameterInfo[] parameters = method.GetParameters();
        if (words.Length != parameters.Length) throw new InputException($"{name} takes {parameters.Length} arguments ({string.Join(", ", parameters.Select(p => p.Name))}), not {words.Length}");
        return new EvidenceCall(method, [.. words.Zip(parameters, (word, p) => Value(name, word, p))]);
    }

    /// <summary>The same call with another argument.</summary>
    public EvidenceCall With(int index, object argument)
    {
        object[] arguments = [.. _arguments];
        arguments[index] = argument;
        return new EvidenceCall(_method, arguments);
    }

    /// <summary>Computes.</summary>
    public Finding Run() => (Finding)_method.Invoke(null, BindingFlags.DoNotWrapExceptions, null, _arguments, null)!;

    private static object Value(string name, string word, ParameterInfo parameter)
    {
        if (parameter.ParameterType == typeof(string)) return word;
        if (parameter.ParameterType == typeof(int) && int.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int whole)) return whole;
        if (parameter.ParameterType == typeof(double) && double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)) return number;
        throw new InputException($"{name}: {parameter.Name} is a {(parameter.ParameterType == typeof(int) ? "whole " : "")}number, not {word}");
    }
}
