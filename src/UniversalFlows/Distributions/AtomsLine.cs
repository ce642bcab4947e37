using UniversalFlows.Numerics;

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

    /// <summary>Masses at increasing places, whose weights need not sum to 1.</summary>
    public AtomsLine(double[] places, double[] weights)
    {
        _places = places;
        (_below, _above) = (new double[places.Length], new double[places.Length]);
        double sum = 0, rest = 0, total = VectorMath.Sum(weights);
        for (int j = 0, k = places.Length - 1; k >= 0; j++, k--)
        {
            _below[j] = (sum += weights[j]) / total;
            _above[k] = (rest += weights[k]) / total;
        }

        Mean = VectorMath.Dot(places, weights) / total;
        for (int j = 0; j < places.Length; j++) Variance += weights[j] * (places[j] - Mean) * (places[j] - Mean) / total;
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

        // the last place with more than q at it and above; _above decreases
        int low = 0, high = _places.Length - 1;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            if (_above[middle] > q) low = middle;
            else high = middle - 1;
        }

        return _places[low];
    }
}
