using UniversalFlows.Numerics;

namespace UniversalFlows.Testing.Foreign;

/// <summary>
/// A flow seen from outside: numbers in batches, nothing else. What any library, process or function can offer, and all that the laws of
/// values need. An <see cref="Bijections.IBijection"/> is one through <see cref="BijectionValues"/>.
/// </summary>
/// <remarks>A batch of n points is n·d numbers, point after point.</remarks>
public interface IForeignFlow
{
    /// <summary>Named in every failure.</summary>
    string Name { get; }

    /// <summary>d ≥ 1.</summary>
    int Dimension { get; }

    /// <summary>Whether <see cref="Inverse"/> may be asked.</summary>
    bool HasInverse { get; }

    /// <summary>
    /// Whether a point's numbers are promised to the bit, whatever stands beside it in the batch. Where it is not, laws of batches allow
    /// rounding (a matrix product may sum in another order for another number of rows).
    /// </summary>
    bool PromisesBits { get; }

    /// <summary>The spacing of the numbers computed with: 2⁻⁵² for double precision. Tolerances are proportional to it.</summary>
    double Epsilon { get; }

    /// <summary>f(x) and log|det Df(x)| at each point.</summary>
    FlowBatch Forward(double[] points);

    /// <summary>f⁻¹(y) and log|det Df⁻¹(y)| at each point.</summary>
    FlowBatch Inverse(double[] points);

    /// <summary>Df at each point, d² numbers a point, row by row; null: there is no better way than differences of values.</summary>
    double[]? Jacobians(double[] points) => null;
}

/// <summary>A flow at n points.</summary>
/// <param name="Values">n·d numbers, point after point.</param>
/// <param name="LogDets">n numbers, of the direction evaluated.</param>
/// <param name="Status">What a numerical inverse says of itself.</param>
public sealed record FlowBatch(double[] Values, double[] LogDets, InverseStatus Status = InverseStatus.Converged)
{
    /// <summary>The number of points.</summary>
    public int Count => LogDets.Length;

    /// <summary>d.</summary>
    public int Dimension => Count == 0 ? 0 : Values.Length / Count;

    /// <summary>The image of point <paramref name="n"/>.</summary>
    public double[] Row(int n) => Values[(n * Dimension)..((n + 1) * Dimension)];
}

/// <summary>A flow that gave no answer: a program that crashed, printed no numbers, or hung. The message is one line.</summary>
public sealed class ForeignFlowException : Exception
{
    /// <summary>No answer.</summary>
    public ForeignFlowException(string message)
        : base(message)
    {
    }

    /// <summary>No answer, because of another failure.</summary>
    public ForeignFlowException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
