using UniversalFlows.Bijections;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Proofs.Claims.Evidence;

/// <summary>What no map of a class can do, with exact numbers.</summary>
internal static class Obstructions
{
    /// <summary>
    /// "One coupling applies any function to a coordinate", tried on y + y³ over [−1, 1]: as a function of y a coupling is a·y + b, and by Chebyshev no such function is nearer than ¼. The defect is
    /// the least sup error: |e| takes its largest value with alternating signs at four points.
    /// </summary>
    public static Finding AffineInOneCoordinate() => AffineInOneCoordinate(1.75, 0.25);

    /// <summary>The same with another line a·y and another claim about its error.</summary>
    internal static Finding AffineInOneCoordinate(double a, double error)
    {
        // e(y) = y + y³ − ay at −1, −½, ½, 1 in exact binary arithmetic; e′ = 0 at ±√((a − 1)/3)
        double[] at = [-1, -0.5, 0.5, 1], e = [.. at.Select(y => y + (y * y * y) - (a * y))];
        bool alternates = e.Zip(e.Skip(1)).All(p => Math.Sign(p.First) == -Math.Sign(p.Second)) && e.All(v => Math.Abs(v) == error);
        bool largest = (a - 1) / 3 == 0.25;
        return Finding.Exact(alternates && largest ? error : 0, "four points where y + y³ − 1.75y is ±¼ with alternating signs, by exact arithmetic: by Chebyshev's theorem no affine function of y has a smaller sup error on [−1, 1]")
            .With(("least sup error of a·y + b", error), ("a", a));
    }

    /// <summary>
    /// "8 to 24 layers suffice", tried on a class where the depth is known: M residual layers with Lip g ≤ κ against x ↦ s·x. The least sup error on the unit ball is s − (1 + κ)^M, attained by linear
    /// layers.
    /// </summary>
    public static Finding ResidualDepth(double kappa, int layers, double scale)
    {
        Interval reach = Power(Interval.Constant(1) + Interval.Constant(kappa), layers);
        Interval least = Interval.Max(Interval.Constant(scale) - reach, Interval.Constant(0));
        return Finding.Enclosed(least, $"{layers} layers x + g(x) with Lip g ≤ {kappa} stretch by at most (1 + {kappa})^{layers}: the sup error on the unit ball from x ↦ {scale:R}·x is at least the difference, by outward rounded intervals")
            .With(("largest stretch", Enclosure.Middle(reach)), ("stretch of the target", scale), ("planar layers that x ↦ 2x on R^D needs at least", 30));
    }

    /// <summary>
    /// "A rotation by 90° is a limit of triangular maps", on [−1, 1]²: the first output of a triangular map depends on x₁ alone, and should be −x₂, which is ±1 at the ends of a vertical segment. So one of the two errors is at
    /// least 1; x ↦ (0, x₁) attains it. The defect is that bound; the correction: a flow of another class comes near.
    /// </summary>
    public static Finding TriangularQuarterTurn()
    {
        double[] top = [0, 1], bottom = [0, -1];
        double gap = Math.Abs(-top[1] - -bottom[1]);
        return Finding.Exact(gap / 2, "at (0, 1) and (0, −1) the first output should differ by 2 and is the same: half the difference, by whole numbers").With(("least sup error of a triangular map", gap / 2));
    }

    /// <summary>Volume: a map of constant determinant against one that shrinks a unit disc to radius a and stretches another to radius b.</summary>
    public static Finding ConstantVolume(double a, double b) => ConstantVolume(a, b, (x, y) => (y - x) / 2);

    /// <summary>The same with another bound.</summary>
    internal static Finding ConstantVolume(double a, double b, Func<double, double, double> bound)
    {
        // images of the discs have equal areas c·π; if the error is e the first lies in radius a + e and the second holds the disc of radius b − e (degree), so b − e ≤ √c ≤ a + e
        Interval middle = (Interval.Constant(a) + Interval.Constant(b)) * Interval.Constant(0.5);
        Interval attained = Interval.Max(Interval.Abs(middle - Interval.Constant(a)), Interval.Abs(Interval.Constant(b) - middle)), told = Interval.Constant(bound(a, b));
        return Finding.Enclosed(
                Interval.Abs(attained - told),
                "both images have area cπ, so with an error e there is b − e ≤ √c ≤ a + e, that is e ≥ (b − a)/2; two scalings by √c = (a + b)/2 attain it: bound and attained error, by intervals")
            .With(("bound", bound(a, b)), ("attained", Enclosure.Middle(attained)));
    }

    /// <summary>
    /// 1/z on ½ ≤ |z| ≤ 2: a homeomorphism of the plane keeps inside and outside of a circle apart, so one of the two circles is far off.
    /// </summary>
    public static Finding RingInversion() => RingInversion(0.5, 2);

    /// <summary>The same on another ring.</summary>
    internal static Finding RingInversion(double inner, double outer)
    {
        // the image of |z| = inner should be the circle 1/inner; it surrounds or does not surround that of |z| = outer, which should be 1/outer: by continuity the curves stay on their sides up to half the gap
        double gap = (1 / inner) - (1 / outer), bound = gap / 2;
        return Finding.Exact(Math.Abs(bound - 0.75), "the circle of radius ½ should go to radius 2 and that of radius 2 to radius ½, but a homeomorphism of the plane keeps the first inside the second: an error e needs 2 − e ≤ ½ + e")
            .With(("least sup error", bound));
    }

    /// <summary>
    /// The swap of [−2, −1] and [1, 2] and the fold |x| are out of reach of increasing maps, of homeomorphisms and of injective continuous maps: 2, ½ and ½.
    /// </summary>
    public static Finding LineObstructions() => LineObstructions(2, 0.5, 0.5);

    /// <summary>The same with other bounds.</summary>
    internal static Finding LineObstructions(double increasing, double any, double fold)
    {
        // f(x) = x + 3 on [−2, −1], x − 3 on [1, 2]. Increasing g: g(−1) ≤ g(1), but f(−1) = 2, f(1) = −2: error at least ½(f(−1) − f(1)). Decreasing g: f increases by 1 on each interval: at least ½.
        double swapIncreasing = 0.5 * (2 - -2), swapDecreasing = 0.5 * 1;
        // the decreasing map that attains ½ on both intervals: constant limits 1½ and −1½; its errors at the ends
        double attained = ((double[])[1 - 1.5, 2 - 1.5, -2 + 1.5, -1 + 1.5]).Max(Math.Abs);
        // |x| on [−1, 1]: g is monotone; g(−1), g(0), g(1) should be 1, 0, 1: error at least ½; the constant ½ attains it
        double foldBound = 0.5 * (1 - 0), foldAttained = ((double[])[1 - 0.5, 0 - 0.5]).Max(Math.Abs);
        double defect = ((double[])[swapIncreasing - increasing, swapDecreasing - any, attained - any, foldBound - fold, foldAttained - fold]).Max(Math.Abs);
        return Finding.Exact(defect, "three values of a monotone map against those of the swap and of the fold, and limits of monotone maps that attain the bounds, by whole numbers and halves")
            .With(("swap, increasing maps", swapIncreasing), ("swap, any homeomorphism of the line", swapDecreasing), ("fold", foldBound));
    }

    /// <summary>
    /// Moving a disc out of a ring: the ring's winding number about the disc's centre is 1 before and 0 after, and homeomorphisms of the plane keep its absolute value. With one more coordinate, 0 at
    /// first, three additive couplings do it.
    /// </summary>
    public static Finding DiscOutOfRing() => DiscOutOfRing(1);

    /// <summary>The same with another height to which the disc is lifted.</summary>
    internal static Finding DiscOutOfRing(double lift)
    {
        const int Points = 360;
        double before = 0, after = 0, pi = Enclosure.Middle(Enclosure.Pi<Interval>());
        Largest worst = default;
        for (int i = 0; i < Points; i++)
        {
            (double x, double y) At(int k) => (3 * Reals.Cos(2 * pi * k / Points), 3 * Reals.Sin(2 * pi * k / Points));
            (double X, double Y) ring = At(i), next = At(i + 1);
            before += Angle(ring.X, ring.Y, next.X, next.Y);
            after += Angle(ring.X - 8, ring.Y, next.X - 8, next.Y); // the disc's centre goes to (8, 0)
            (double x, double y, double z) = Padded(ring.X, ring.Y, 0);
            worst.Add(Math.Max(Math.Abs(x - ring.X), Math.Max(Math.Abs(y - ring.Y), Math.Abs(z))));
            for (int r = 0; r <= 4; r++)
            {
                (double dx, double dy) = (ring.X * r / 12, ring.Y * r / 12);
                (x, y, z) = Padded(dx, dy, 0);
                worst.Add(Math.Max(Math.Abs(x - dx - 8), Math.Max(Math.Abs(y - dy), Math.Abs(z))));
            }
        }

        double windings = Math.Abs(Math.Round(before / (2 * pi)) - 1) + Math.Abs(Math.Round(after / (2 * pi)));
        return Finding.AtPoints(worst.Value + windings, 1e-12, "winding numbers of the ring |x| = 3 about the disc's centre and about its goal (8, 0), by sums of angles; three additive couplings of R³ on 360 points of the ring and 1800 of the unit disc at height 0")
            .With(("winding number before", before / (2 * pi)), ("winding number after", after / (2 * pi)), ("largest error of the padded flow", worst.Value));

        // z ← z + lift·bump(x, y); x ← x + 8·min(1, max(0, z)); z ← z − lift·bump(x − 8, y): bump is 1 on the unit disc and 0 from radius 2 on
        (double X, double Y, double Z) Padded(double x, double y, double z)
        {
            z += lift * Bump(x, y);
            x += 8 * Math.Min(1, Math.Max(0, z));
            z -= lift * Bump(x - 8, y);
            return (x, y, z);
        }

        static double Bump(double x, double y) => Math.Min(1, Math.Max(0, 2 - Math.Sqrt((x * x) + (y * y))));

        static double Angle(double ax, double ay, double bx, double by)
        {
            double cross = (ax * by) - (ay * bx), dot = (ax * bx) + (ay * by);
            return 2 * Reals.Atan(cross / (Math.Sqrt((cross * cross) + (dot * dot)) + dot));
        }
    }

    /// <summary>
    /// The time-1 map of one autonomous field against f = (−h(x), −y/2), h = 1.25x − 0.25x³, which exchanges (±1, 0): a proved lower bound of the sup error. The defect is how far it is below the number told.
    /// </summary>
    public static Finding OneAutonomousField(double radius, double told) => OneAutonomousField(radius, told, 0.25);

    /// <summary>The same with another cubic coefficient.</summary>
    internal static Finding OneAutonomousField(double radius, double told, double cubic)
    {
        // on the boundary of the square of half side r about (1, 0): |f²(p) − p| ≥ m. g within e of f has |g² − f²| ≤ e(1 + Lip f); if that is below m, g² has a fixed point in the square (its index there is
        // that of f², not 0), which g moves near (−1, 0): a closed orbit of the field through it consists of fixed points of g² and leaves the square, so it meets the boundary: a contradiction
        const int Pieces = 64;
        double smallest = double.PositiveInfinity;
        for (int side = 0; side < 4; side++)
        {
            for (int i = 0; i < Pieces; i++)
            {
                Interval along = Interval.Between(-radius + (2 * radius * i / Pieces), -radius + (2 * radius * (i + 1) / Pieces)), end = Interval.Constant(side % 2 == 0 ? radius : -radius);
                Interval dx = side < 2 ? end : along, dy = side < 2 ? along : end;
                (Interval x, Interval y) = Defect(dx, dy, cubic);
                smallest = Math.Min(smallest, Interval.Sqrt((x * x) + (y * y)).Lower[0]);
            }
        }

        Interval h = Slope(Interval.Constant(1), cubic), index = (Interval.Constant(1) - (h * h)) * Interval.Constant(0.75);
        double lipschitz = 1.25, bound = index.Lower[0] > 0 ? smallest / (1 + lipschitz) : 0;
        return Finding.Enclosed(Interval.Max(Interval.Constant(told - bound), Interval.Constant(0)), "the distance of f² from the identity on the boundary of a square about (1, 0), over 256 boxes, the sign of det(I − Df²) there, and |f′| ≤ 5/4: by an index argument the sup error is at least the quotient")
            .With(("proved lower bound of the sup error", bound), ("distance on the boundary", smallest), ("det(I − Df²) at (1, 0)", Enclosure.Middle(index)));
    }

    /// <summary>f²(1 + dx, dy) − (1 + dx, dy).</summary>
    private static (T X, T Y) Defect<T>(T dx, T dy, double cubic) where T : unmanaged, IScalar<T>
    {
        // h(1 + d) − 1 = d·(h′(1) − 3cd − cd²) for h = (1 + c)x − cx³: no cancellation of the large parts
        T once = dx * ((1 - (2 * cubic)) - (3 * cubic * dx) - (cubic * dx * dx)), twice = once * ((1 - (2 * cubic)) - (3 * cubic * once) - (cubic * once * once));
        return (twice - dx, -(0.75 * dy));
    }

    private static T Slope<T>(T x, double cubic) where T : unmanaged, IScalar<T> => (1 + cubic) - (3 * cubic * x * x);

    /// <summary>
    /// A base without density or a target with atoms: a flow sends δ₀ to a Dirac mass, at W1 ≥ 1 from ½δ₋₁ + ½δ₁; tanh(Lx) sends N(0, 1) to within 2φ(0)·log 2/L of it, while total variation stays 1.
    /// </summary>
    public static Finding AtomsAndDensities() => AtomsAndDensities(2 * Reals.Log(2));

    /// <summary>The same with another constant before φ(0)/L.</summary>
    internal static Finding AtomsAndDensities(double constant)
    {
        (double[] nodes, double[] weights) = GaussLegendre.Composite(0, 1, 16, 16);
        Largest worst = default;
        double w1 = 0, phi0 = Reals.Exp(-0.5 * Functions.LogTwoPi);
        foreach (double l in (double[])[1, 4, 16, 64, 256, 1024])
        {
            // W1 of increasing images on the line is ∫|tanh(Lx) − sgn x|dμ = 2∫₀(1 − tanh Lx)φ(x)dx; beyond Lx = 20 there is less than 1e-17
            w1 = 0;
            for (int i = 0; i < nodes.Length; i++)
            {
                double x = 20 / l * nodes[i];
                w1 += 2 * weights[i] * 20 / l * (2 * Reals.Logistic(-2 * l * x)) * Reals.Exp((-0.5 * x * x) - (0.5 * Functions.LogTwoPi));
            }

            worst.Add(Math.Max(0, w1 - (constant * phi0 / l)));
        }

        // the same integral without the fall of φ is exact, and the difference is O(L⁻³): a smaller constant fails at L = 1024
        double dirac = Reals.Grid(-3, 3, 601).Min(c => (0.5 * Math.Abs(c - 1)) + (0.5 * Math.Abs(c + 1)));
        return Finding.AtPoints(Math.Max(worst.Value, Math.Max(0, 1 - dirac)), 1e-12, "W1 from the image of N(0, 1) under tanh(Lx) to ½δ₋₁ + ½δ₁ by quadrature for L = 1, 4, …, 1024 against 2φ(0)log 2/L; the distance of a Dirac mass at 601 places. An image with a density gives the two atoms no mass, so total variation is 1")
            .With(("W1 at L = 1024", w1), ("least W1 of a Dirac mass", dirac), ("total variation", 1));
    }

    private static Interval Power(Interval x, int n)
    {
        Interval result = Interval.Constant(1);
        for (int i = 0; i < n; i++) result *= x;
        return result;
    }
}
