using UniversalFlows.Bijections;
using UniversalFlows.Targets;

namespace UniversalFlows.Construction.Affine;

/// <summary>A linear map (active &lt; 0), or a one-coordinate map with what is made of it.</summary>
internal sealed class CellPart(IBijection map, int active)
{
    public IBijection Map => map;

    public int Active => active;

    public double[] Before { get; set; } = [];

    /// <summary>More states before it.</summary>
    public double[] Visited { get; set; } = [];

    public double[] After { get; set; } = [];

    public Box? Box { get; set; }

    public double Amplification { get; set; }

    /// <summary>sup 1/|det D| of the parts before: how thick K's measure may lie here.</summary>
    public double Density { get; set; }

    public CellShape? Shape { get; set; }

    public CellBlock? Block { get; set; }

    public double Realised { get; set; }

    /// <summary>For each staircase: the measure of its ramps divided by η.</summary>
    public double[] MeasurePerRamp { get; set; } = [];

    /// <summary>The largest jumps.</summary>
    public double[] Sizes { get; set; } = [];

    /// <summary>η of each staircase.</summary>
    public double[] Ramps { get; set; } = [];
}
