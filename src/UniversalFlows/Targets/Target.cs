using UniversalFlows.Bijections;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Targets;

/// <summary>
/// A map f to be approximated, as a rule a diffeomorphism: one formula over an abstract scalar, its inverse, and what is known of it.
/// Immutable, thread safe.
/// </summary>
public abstract class Target : IMap
{
    /// <summary>A target and its description.</summary>
    /// <param name="name">The name that <see cref="TargetParser.Parse"/> reads back as this target.</param>
    /// <param name="formula">The formula as a paper would write it.</param>
    /// <param name="defaultDomain">A compact K inside the domain of definition; its dimension is the target's.</param>
    /// <param name="orientation">The sign of det Df, or null if it is unknown or changes.</param>
    /// <param name="membership">Whether it is in the class D², and the shape of its U; null: <see cref="Membership.Unknown"/>.</param>
    protected Target(string name, string formula, Domain defaultDomain, int? orientation, Membership? membership = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(defaultDomain);
        (Name, Formula, DefaultDomain, Orientation) = (name, formula, defaultDomain, orientation);
        Membership = membership ?? Membership.Unknown;
    }

    /// <summary>The canonical name: what a command line takes.</summary>
    public string Name { get; }

    /// <summary>The formula in plain text.</summary>
    public string Formula { get; }

    /// <summary>The K used when none is given; inside the domain of definition U.</summary>
    public Domain DefaultDomain { get; }

    /// <summary>sgn det Df on U: 1, −1, or null if it is unknown or changes.</summary>
    public int? Orientation { get; }

    /// <summary>Whether it is in the class D² of docs/theory.md, why not, and whether U is star-shaped.</summary>
    public Membership Membership { get; }

    /// <summary>
    /// A point c about which U is star-shaped, so that (f(c + t(x − c)) − f(c))/t, 0 &lt; t ≤ 1, is an isotopy of embeddings of K from
    /// Df(c) to f − f(c): the centre of the box that encloses <see cref="DefaultDomain"/>. Null if U is not star-shaped or nothing is known.
    /// </summary>
    public IReadOnlyList<double>? StarCentre => Membership.StarShaped ? DefaultDomain.Bounds.Centre : null;

    /// <summary>What is special about it, where it is defined, where it comes from.</summary>
    public virtual string Remarks => "";

    /// <inheritdoc/>
    public int Dimension => DefaultDomain.Dimension;

    /// <inheritdoc/>
    public abstract void Map<T>(Span<T> x) where T : unmanaged, IScalar<T>;

    /// <summary>
    /// y ← f⁻¹(y), in place. Without a closed form: safeguarded Newton iteration, differentiated by the implicit function rule. Where
    /// it fails, NaN is written and <paramref name="status"/> is lowered.
    /// </summary>
    /// <remarks>
    /// <see cref="InverseStatus.Converged"/> means |f(x) − y| ≤ 10⁻¹²·(1 + |y|). A closed form does not look at the status: outside the
    /// image it gives NaN, or a point that f does not map to y.
    /// </remarks>
    public virtual void Inverse<T>(Span<T> y, ref InverseStatus status) where T : unmanaged, IScalar<T> =>
        NewtonInverse.Solve(this, y, ref status);

    /// <summary>y ← a first guess of f⁻¹(y) for the numerical inverse; by default y itself, right for near-identities.</summary>
    private protected virtual void Guess(Span<Lanes> y)
    {
    }

    /// <summary>See <see cref="Guess"/>.</summary>
    internal void StartInverse(Span<Lanes> y) => Guess(y);

    /// <summary>What the inverse of a map with several preimages of a point is: NaN, and a status that says so.</summary>
    private protected static void NotUnique<T>(Span<T> y, ref InverseStatus status) where T : unmanaged, IScalar<T>
    {
        y.Fill(T.Constant(double.NaN));
        if (status < InverseStatus.NotUnique) status = InverseStatus.NotUnique;
    }

    /// <summary>The name.</summary>
    public sealed override string ToString() => Name;

    /// <summary><c>name</c> if all parameters have their default values, else <c>name(p,q,..)</c> up to the last that has not.</summary>
    private protected static string Named(string name, params ReadOnlySpan<(double Value, double Default)> parameters)
    {
        int count = parameters.Length;
        while (count > 0 && parameters[count - 1].Value == parameters[count - 1].Default) count--;
        return count == 0 ? name : $"{name}({string.Join(",", parameters[..count].ToArray().Select(p => p.Value.ToString("R")))})";
    }
}
