using UniversalFlows.Bijections;
using UniversalFlows.Scalars;

namespace UniversalFlows.Proofs.Studies;

/// <summary>What shapes every fit of a flow, be it to a map or to a law: the same settings give the same bits.</summary>
public abstract record FitSettings
{
    /// <summary>Points or samples a step unless told otherwise.</summary>
    public const int DefaultPoints = 256;

    /// <summary>The transformer.</summary>
    public required FlowFamily Family { get; init; }

    /// <summary>The number of couplings (or autoregressive layers).</summary>
    public required int Depth { get; init; }

    /// <summary>The widths of the conditioners' hidden layers.</summary>
    public IReadOnlyList<int> Hidden { get; init; } = [32, 32];

    /// <summary>The conditioners' activation.</summary>
    public Activation Activation { get; init; } = Activation.Tanh;

    /// <summary>Of the initial parameters, and of the points or samples.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Optimiser steps.</summary>
    public required int Steps { get; init; }

    /// <summary>Points or samples a step; of L-BFGS the points of K.</summary>
    public int Points { get; init; } = DefaultPoints;

    /// <summary>The command line that makes this fit.</summary>
    public abstract string Command { get; }

    /// <summary>The part of the command line that says what the flow looks like.</summary>
    protected string FlowOptions => string.Join(' ',
        $"--family {Names.Of(Family)}",
        $"--depth {Depth}",
        Hidden.Count > 0 ? $"--hidden {string.Join(',', Hidden)}" : "--hidden none",
        $"--activation {Names.Of(Activation)}");

    /// <summary>The part of the command line that says how it is trained.</summary>
    protected string TrainingOptions => $"--steps {Steps} --points {Points} --seed {Seed} --out fit";
}
