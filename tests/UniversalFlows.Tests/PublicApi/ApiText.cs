using System.Reflection;
using System.Runtime.CompilerServices;

namespace UniversalFlows.Tests.PublicApi;

/// <summary>The public surface of an assembly as sorted lines: a line a type, a line a member that others can call, implement or override.</summary>
internal static class ApiText
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly NullabilityInfoContext s_nullability = new();

    public static IReadOnlyList<string> Of(Assembly assembly) =>
        [.. assembly.GetExportedTypes().OrderBy(t => t.FullName, StringComparer.Ordinal).SelectMany(t => (string[])[Head(t), .. Members(t).Distinct().Order(StringComparer.Ordinal).Select(m => $"    {m}")])];

    /// <summary>What was added and what is gone, with a + and a −.</summary>
    public static IReadOnlyList<string> Difference(IReadOnlyList<string> accepted, IReadOnlyList<string> found)
    {
        string[] old = [.. Qualified(accepted)], now = [.. Qualified(found)];
        return [.. old.Except(now).Select(l => $"- {l}"), .. now.Except(old).Select(l => $"+ {l}")];
    }

    /// <summary>Each member with its type before it, so that lines can be compared as a set.</summary>
    private static IEnumerable<string> Qualified(IReadOnlyList<string> lines)
    {
        string type = "";
        foreach (string line in lines)
        {
            if (!line.StartsWith(' ')) type = line;
            yield return line.StartsWith(' ') ? $"{type.Split(" : ")[0]} |{line[3..]}" : line;
        }
    }

    private static string Head(Type t)
    {
        string kind = t.IsEnum ? "enum" : t.IsInterface ? "interface" : t.IsValueType ? "struct" : typeof(Delegate).IsAssignableFrom(t) ? "delegate"
            : t.IsAbstract && t.IsSealed ? "static class" : t.IsAbstract ? "abstract class" : t.IsSealed ? "sealed class" : "class";
        IEnumerable<Type> bases = t.GetInterfaces().Except(t.BaseType?.GetInterfaces() ?? []);
        if (t.BaseType is { } b && b != typeof(object) && b != typeof(ValueType) && b != typeof(Enum) && b != typeof(MulticastDelegate)) bases = bases.Prepend(b);
        string[] names = t.IsEnum ? [] : [.. bases.Where(i => i.IsVisible).Select(Name).Order(StringComparer.Ordinal)];
        return $"{kind} {t.Namespace}.{Name(t)}{(names.Length > 0 ? $" : {string.Join(", ", names)}" : "")}";
    }

    private static IEnumerable<string> Members(Type t)
    {
        if (typeof(Delegate).IsAssignableFrom(t))
        {
            yield return Method(t.GetMethod("Invoke")!);
            yield break;
        }

        foreach (FieldInfo f in t.GetFields(Declared).Where(f => Seen(f.Attributes) && !f.IsSpecialName))
            yield return $"{(f.IsLiteral ? "const " : f.IsStatic ? "static " : "")}{(f.IsInitOnly ? "readonly " : "")}{Name(f.FieldType)} {f.Name}{(f.IsLiteral ? $" = {f.GetRawConstantValue()}" : "")}";
        foreach (ConstructorInfo c in t.GetConstructors(Declared).Where(c => Seen(c) && !c.IsStatic)) yield return $"{Access(c)}new({Parameters(c)})";
        foreach (PropertyInfo p in t.GetProperties(Declared))
        {
            MethodInfo? get = p.GetMethod is { } g && Seen(g) ? g : null, set = p.SetMethod is { } s && Seen(s) ? s : null;
            if ((get ?? set) is not { } first) continue;
            bool init = set?.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) == true;
            string name = p.GetIndexParameters() is { Length: > 0 } ? $"this[{Parameters(first)}]" : p.Name;
            yield return $"{Access(first)}{Modifiers(first)}{(p.IsDefined(typeof(RequiredMemberAttribute)) ? "required " : "")}{Name(p.PropertyType)}{Nullable(s_nullability.Create(p))} {name} {{ {(get is null ? "" : "get; ")}{(set is null ? "" : init ? "init; " : "set; ")}}}";
        }

        foreach (MethodInfo m in t.GetMethods(Declared).Where(m => Seen(m) && (!m.IsSpecialName || m.Name.StartsWith("op_", StringComparison.Ordinal))
            && !m.IsDefined(typeof(CompilerGeneratedAttribute)) && !m.Name.Contains('<', StringComparison.Ordinal) && !m.Name.Contains('.', StringComparison.Ordinal)))
            yield return Method(m);
    }

    private static string Method(MethodInfo m) =>
        $"{Access(m)}{Modifiers(m)}{Name(m.ReturnType)}{Nullable(s_nullability.Create(m.ReturnParameter))} {m.Name}{(m.IsGenericMethod ? $"<{string.Join(", ", m.GetGenericArguments().Select(g => g.Name))}>" : "")}({Parameters(m)})";

    private static string Parameters(MethodBase m) => string.Join(", ", m.GetParameters().Select(p =>
        $"{(p.IsOut ? "out " : p.ParameterType.IsByRef ? p.IsIn ? "in " : "ref " : p.IsDefined(typeof(ParamArrayAttribute)) || p.IsDefined(typeof(ParamCollectionAttribute)) ? "params " : "")}{Name(p.ParameterType)}{Nullable(s_nullability.Create(p))} {p.Name}{(p.IsOptional ? $" = {p.RawDefaultValue ?? "null"}" : "")}"));

    private static string Nullable(NullabilityInfo info) => info.ReadState == NullabilityState.Nullable && System.Nullable.GetUnderlyingType(info.Type) is null ? "?" : "";

    private static bool Seen(MethodBase m) => m.IsPublic || ((m.IsFamily || m.IsFamilyOrAssembly) && m.DeclaringType is { IsSealed: false });

    private static bool Seen(FieldAttributes a) => (a & FieldAttributes.FieldAccessMask) is FieldAttributes.Public or FieldAttributes.Family or FieldAttributes.FamORAssem;

    private static string Access(MethodBase m) => m.IsPublic ? "" : "protected ";

    private static string Modifiers(MethodInfo m) =>
        (m.IsStatic ? "static " : "") + (m.DeclaringType!.IsInterface ? m.IsAbstract ? "" : "default " : m.IsAbstract ? "abstract " : m.GetBaseDefinition() != m ? "override " : m.IsVirtual && !m.IsFinal ? "virtual " : "");

    private static string Name(Type t)
    {
        if (t.IsByRef) return Name(t.GetElementType()!);
        if (t.IsArray) return $"{Name(t.GetElementType()!)}[{new string(',', t.GetArrayRank() - 1)}]";
        if (t.IsPointer) return $"{Name(t.GetElementType()!)}*";
        if (System.Nullable.GetUnderlyingType(t) is { } inner) return $"{Name(inner)}?";
        if (t.IsGenericParameter) return t.Name;
        string simple = t.Name.Split('`')[0];
        if (t.IsNested) simple = $"{Name(t.DeclaringType!).Split('<')[0]}.{simple}";
        if (t.IsGenericType) return $"{simple}<{string.Join(", ", t.GetGenericArguments().Select(Name))}>";
        return t == typeof(void) ? "void" : t == typeof(int) ? "int" : t == typeof(double) ? "double" : t == typeof(bool) ? "bool" : t == typeof(string) ? "string"
            : t == typeof(object) ? "object" : t == typeof(ulong) ? "ulong" : t == typeof(uint) ? "uint" : t == typeof(long) ? "long" : t == typeof(byte) ? "byte" : t == typeof(char) ? "char" : simple;
    }
}
