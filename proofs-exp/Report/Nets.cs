namespace UniversalFlows.Proofs.Report;

/// <summary>The grid of a planar domain as two bundles of lines, and its image.</summary>
internal static class Nets
{
    /// <summary>The lines x₁ = const point after point, then the lines x₂ = const.</summary>
    public static double[] Lines(DomainView domain, int lines, int pointsPerLine)
    {
        double[] points = new double[4 * lines * pointsPerLine];
        int at = 0;
        for (int direction = 0; direction < 2; direction++)
        {
            double[] fixedAt = Elements.Linspace(domain.Lower[direction], domain.Upper[direction], lines);
            double[] along = Elements.Linspace(domain.Lower[1 - direction], domain.Upper[1 - direction], pointsPerLine);
            foreach (double c in fixedAt)
            {
                foreach (double t in along)
                {
                    points[at + direction] = c;
                    points[at + 1 - direction] = t;
                    at += 2;
                }
            }
        }

        return points;
    }

    /// <summary>The images of one bundle of lines as one trace: NaN between lines and outside K.</summary>
    /// <param name="values">The images of all points.</param>
    /// <param name="points">What <see cref="Lines"/> gave.</param>
    /// <param name="direction">0 for the lines x₁ = const, 1 for the lines x₂ = const.</param>
    /// <param name="pointsPerLine">As for <see cref="Lines"/>.</param>
    /// <param name="domain">K.</param>
    public static (double[] X, double[] Y) Images(double[] values, double[] points, int direction, int pointsPerLine, DomainView domain)
    {
        List<double> x = [], y = [];
        int count = points.Length / 4;
        for (int i = 0; i < count; i++)
        {
            int p = 2 * ((direction * count) + i);
            if (i > 0 && i % pointsPerLine == 0)
                Add(double.NaN, double.NaN);
            if (domain.Contains(points[p..(p + 2)]))
                Add(values[p], values[p + 1]);
            else if (x.Count > 0 && !double.IsNaN(x[^1]))
                Add(double.NaN, double.NaN);
        }

        return ([.. x], [.. y]);

        void Add(double a, double b)
        {
            x.Add(a);
            y.Add(b);
        }
    }

    /// <summary>The outline of the quarter of K above and to the right of its centre, starting and ending at the centre; K is star-shaped about it.</summary>
    public static double[] Quarter(DomainView domain, int pointsPerSide)
    {
        double[] c = [0.5 * (domain.Lower[0] + domain.Upper[0]), 0.5 * (domain.Lower[1] + domain.Upper[1])];
        double[] right = Elements.Linspace(c[0], domain.Upper[0], pointsPerSide), up = Elements.Linspace(c[1], domain.Upper[1], pointsPerSide);
        (double X, double Y)[] outline =
        [
            .. right.Select(x => (x, c[1])), .. up.Skip(1).Select(y => (domain.Upper[0], y)), .. right.Reverse().Skip(1).Select(x => (x, domain.Upper[1])), .. up.Reverse().Skip(1).Select(y => (c[0], y)),
        ];
        return [.. outline.SelectMany(Drawn)];

        double[] Drawn((double X, double Y) p)
        {
            // a corner outside of K is drawn in along its ray, to half of the last bit that shows
            double inside = 0, outside = 1;
            if (domain.Contains([p.X, p.Y])) return [p.X, p.Y];
            for (int i = 0; i < 40; i++)
            {
                double middle = 0.5 * (inside + outside);
                if (domain.Contains([c[0] + (middle * (p.X - c[0])), c[1] + (middle * (p.Y - c[1]))])) inside = middle;
                else outside = middle;
            }

            return [c[0] + (inside * (p.X - c[0])), c[1] + (inside * (p.Y - c[1]))];
        }
    }
}
