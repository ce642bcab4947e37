using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using FsCheck;
using Xunit;
using Xunit.Sdk;
using Xunit.v3;

namespace UniversalFlows.Tests;

/// <summary>
/// A test method with generated arguments, in the shape of FsCheck.Xunit's attribute of the same name: FsCheck draws the arguments
/// <see cref="MaxTest"/> times; a method that returns false or throws fails, and the failure is shrunk and printed with its seed. With that package on the
/// registry this file can be deleted; until then it lives with the tests, so that users of UniversalFlows.Testing need no test framework.
/// </summary>
/// <remarks>The seed is fixed; UF_FSCHECK_REPLAY=seed,gamma replays what a failure printed, or chooses a fresh one.</remarks>
[XunitTestCaseDiscoverer(typeof(PropertyDiscoverer))]
[AttributeUsage(AttributeTargets.Method)]
public sealed class PropertyAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = -1) : FactAttribute(file, line)
{
    /// <summary>How often.</summary>
    public int MaxTest { get; set; } = 200;

    /// <summary>Types whose static members make arguments: a method or property of type <c>Arbitrary&lt;T&gt;</c> for each T.</summary>
    public Type[] Arbitrary { get; set; } = [];

    /// <summary>Draws arguments and calls the method.</summary>
    /// <exception cref="Exception">It failed: the message has the arguments, shrunk, and the line <c>(seed,gamma)</c> to replay.</exception>
    internal void Check(MethodInfo method, object? instance)
    {
        string[] replay = (Environment.GetEnvironmentVariable("UF_FSCHECK_REPLAY") ?? "20240611,1").Split(',');
        Config config = Config.QuickThrowOnFailure.WithMaxTest(MaxTest).WithQuietOnSuccess(true).WithArbitrary(Arbitrary)
            .WithReplay(ulong.Parse(replay[0], CultureInfo.InvariantCulture), ulong.Parse(replay[1], CultureInfo.InvariantCulture) | 1UL); // FsCheck's second number must be odd
        FsCheck.Check.Method(config, method, instance is null ? null : Microsoft.FSharp.Core.FSharpOption<object>.Some(instance));
    }
}

/// <summary>Finds the methods.</summary>
internal sealed class PropertyDiscoverer : IXunitTestCaseDiscoverer
{
    public ValueTask<IReadOnlyCollection<IXunitTestCase>> Discover(ITestFrameworkDiscoveryOptions discoveryOptions, IXunitTestMethod testMethod, IFactAttribute factAttribute)
    {
        var d = TestIntrospectionHelper.GetTestCaseDetails(discoveryOptions, testMethod, factAttribute);
        return new([new PropertyTestCase(d.ResolvedTestMethod, d.TestCaseDisplayName, d.UniqueID, d.Explicit, d.SkipReason, d.SourceFilePath, d.SourceLineNumber)]);
    }
}

/// <summary>One method: xunit makes the object, FsCheck calls the method.</summary>
internal sealed class PropertyTestCase : XunitTestCase, ISelfExecutingXunitTestCase
{
    [Obsolete("for deserialisation")]
    public PropertyTestCase()
    {
    }

    public PropertyTestCase(IXunitTestMethod method, string name, string id, bool isExplicit, string? skip, string? file, int? line)
        : base(method, name, id, isExplicit, skipReason: skip, sourceFilePath: file, sourceLineNumber: line)
    {
    }

    public async ValueTask<RunSummary> Run(
        ExplicitOption explicitOption, IMessageBus messageBus, object?[] constructorArguments, ExceptionAggregator aggregator, CancellationTokenSource cancellationTokenSource)
    {
        var tests = await aggregator.RunAsync(CreateTests, []);
        return await new CaseRunner().Run(this, tests, messageBus, aggregator, cancellationTokenSource, TestCaseDisplayName, SkipReason, explicitOption, constructorArguments);
    }

    private sealed class CaseRunner : XunitTestCaseRunner
    {
        protected override ValueTask<RunSummary> RunTest(XunitTestCaseRunnerContext ctxt, IXunitTest test) => new MethodRunner().Run(
            test, ctxt.MessageBus, ctxt.ConstructorArguments, ctxt.ExplicitOption, ctxt.Aggregator.Clone(), ctxt.CancellationTokenSource, ctxt.BeforeAfterTestAttributes);
    }

    private sealed class MethodRunner : XunitTestRunner
    {
        protected override ValueTask<TimeSpan> InvokeTest(XunitTestRunnerContext ctxt, object? testClassInstance) => new(ExecutionTimer.Measure(() => ctxt.Aggregator.Run(() =>
        {
            PropertyAttribute attribute = (PropertyAttribute)ctxt.TestMethod.GetCustomAttributes(typeof(PropertyAttribute), false)[0];
            attribute.Check(ctxt.TestMethod, testClassInstance);
        })));
    }
}
