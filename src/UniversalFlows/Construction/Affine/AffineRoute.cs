namespace UniversalFlows.Construction.Affine;

/// <summary>The ways to an affine coupling flow (docs/theory.md, step (d) for affine couplings).</summary>
public enum AffineRoute
{
    /// <summary>Lp: the cell trick, four affine couplings for each one-coordinate map of the proof's steps (a) to (c).</summary>
    Cell,

    /// <summary>Lp: d + 1 affine couplings for any continuous map, invertible or not.</summary>
    Three,

    /// <summary>sup: exact flows of shear and overshear fields, composed by a splitting of the isotopy's velocity.</summary>
    Overshear,

    /// <summary>sup: ridge fields, each by three Hénon-like affine couplings with a small δ.</summary>
    Henon,
}
