using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Training;

/// <summary>Samples for an objective: feature-major columns, padded with copies of the last sample to whole panels of 64.</summary>
public sealed class Batch
{
    private readonly double[] _columns;

    /// <summary>Room for <paramref name="count"/> samples of <paramref name="columns"/> numbers each.</summary>
    public Batch(int count, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(columns);
        Count = count;
        Columns = columns;
        Panels = (count + Tape.Panel - 1) / Tape.Panel;
        _columns = new double[columns * Panels * Tape.Panel];
    }

    /// <summary>The number of samples.</summary>
    public int Count { get; }

    /// <summary>Numbers a sample.</summary>
    public int Columns { get; }

    /// <summary>The number of panels, the last one padded.</summary>
    public int Panels { get; }

    /// <summary>Column <paramref name="c"/>: one number a sample, padding included.</summary>
    public Span<double> Column(int c) => _columns.AsSpan(c * Panels * Tape.Panel, Panels * Tape.Panel);

    /// <summary>The 64 numbers of a column in one panel.</summary>
    public ReadOnlySpan<double> Panel(int c, int panel) => Column(c).Slice(panel * Tape.Panel, Tape.Panel);

    /// <summary>Makes the padding copies of the last sample: finite where the samples are.</summary>
    public void Pad()
    {
        for (int c = 0; c < Columns; c++)
        {
            Span<double> column = Column(c);
            column[Count..].Fill(column[Count - 1]);
        }
    }
}
