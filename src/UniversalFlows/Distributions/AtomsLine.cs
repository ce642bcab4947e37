namespace UniversalFlows.Distributions;

/// <summary>Point masses on the line: Σ_j w_j δ_{a_j}.</summary>
internal sealed class AtomsLine : LineLaw
{
    private readonly double[] _places, _below, _above;

    /// <summary>Masses at places in any order, equal places merged; the weights sum to 1 after division by their sum.</summary>
    public AtomsLine(IEnumerable<(double Place, double Weight)> atoms)
    {
        (double Place, double Weight)[] sorted = [.. atoms.GroupBy(a => a.Place).Select(g => (g.Key, g.Sum(a => a.Weight))).OrderBy(a => a.Key)];
        double total = sorted.Sum(a => a.Weight), sum = 0;
        _places = [.. sorted.Select(a => a.Place)];
        _below = [.. sorted.Select(a => (sum += a.Weight) / total)];
        sum = 0;
        _above = [.. sorted.Reverse().Select(a => (sum += a.Weight) / total).Reverse()];
        (Mean, Variance) = (sorted.Sum(a => a.Weight * a.Place) / total, 0);
        Variance = sorted.Sum(a => a.Weight * (a.Place - Mean) * (a.Place - Mean)) / total;
    }

    /// <summary>Where the masses are, ascending: F jumps there and is constant between.</summary>
    public ReadOnlySpan<double> Places => _places;

    /// <summary>The masses in the order of <see cref="Places"/>.</summary>
    public IEnumerable<(double Place, double Weight)> Atoms => _places.Select((a, j) => (a, j == 0 ? _below[0] : _below[j] - _below[j - 1]));

    public override double Mean { get; }

    public override double Variance { get; }

    public override (double Lower, double Upper) Window => (_places[0] - 0.5, _places[^1] + 0.5);

    public override double Cdf(double x)
    {
        int index = Array.BinarySearch(_places, x);
        int last = index >= 0 ? index : ~index - 1;
        return last < 0 ? 0 : last == _places.Length - 1 ? 1 : _below[last];
    }

    /// <summary>From the upper end if that has the digits, so that a half is a half from both sides.</summary>
    public override double Quantile(double p, double q)
    {
        if (p <= q)
        {
            int index = Array.BinarySearch(_below, p);
            return _places[Math.Min(index >= 0 ? index : ~index, _places.Length - 1)];
        }

        int j = _places.Length - 1;
        while (j > 0 && q >= _above[j]) j--;
        return _places[j];
    }
}
