using System.Globalization;
using System.Numerics;

namespace UniversalFlows.Tests.Oracles;

/// <summary>
/// A real number mantissa·2^exponent with 256 mantissa bits (77 digits): an oracle for functions of doubles. Each operation is rounded
/// to a relative 2⁻²⁵⁵; the functions below keep a relative 2⁻²³⁰ (69 digits) for every argument, near their zeros too.
/// </summary>
public readonly struct BigReal : IComparable<BigReal>, IEquatable<BigReal>
{
    /// <summary>Bits of the mantissa.</summary>
    public const int Precision = 256;

    private readonly BigInteger _mantissa;
    private readonly int _exponent;

    private BigReal(BigInteger mantissa, int exponent)
    {
        int excess = (int)mantissa.GetBitLength() - Precision;
        if (excess > 0)
        {
            // half a unit first: >> rounds down
            mantissa = (mantissa + (BigInteger.One << (excess - 1))) >> excess;
            exponent += excess;
        }
        (_mantissa, _exponent) = (mantissa, mantissa.IsZero ? 0 : exponent);
    }

    public static readonly BigReal Zero = new(0, 0), One = new(1, 0), Two = new(2, 0), Half = new(1, -1);

    /// <summary>π, by Machin's formula π/4 = 4 arctan(1/5) − arctan(1/239).</summary>
    public static readonly BigReal Pi = Scaled(MachinPi(Precision + 32), Precision + 32);

    /// <summary>ln 2 = 2 artanh(1/3).</summary>
    public static readonly BigReal Ln2 = Two * AtanhSeries(One / 3);

    /// <summary>π with 1600 binary places, for the reduction of the largest doubles.</summary>
    private static readonly BigInteger LongPi = MachinPi(LongPlaces);
    private const int LongPlaces = 1600;

    public int Sign => _mantissa.Sign;

    /// <summary>The e with 2^e ≤ |x| &lt; 2^(e+1); meaningless at 0.</summary>
    public int Binade => (int)BigInteger.Abs(_mantissa).GetBitLength() - 1 + _exponent;

    /// <summary>The exact value of a finite double.</summary>
    public static BigReal FromDouble(double x)
    {
        if (!double.IsFinite(x)) throw new ArgumentOutOfRangeException(nameof(x), x, "a finite double is expected");
        long bits = BitConverter.DoubleToInt64Bits(x);
        int field = (int)((bits >> 52) & 0x7FF);
        long m = (bits & 0x000FFFFFFFFFFFFF) | (field == 0 ? 0 : 1L << 52);
        return new(x < 0 ? -m : m, Math.Max(field, 1) - 1075);
    }

    /// <summary>The nearest double, ties to even; overflow to ±∞, subnormals included.</summary>
    public double ToDouble()
    {
        if (_mantissa.IsZero) return 0;
        int unit = Math.Max(Binade, -1022) - 52;
        BigInteger m = BigInteger.Abs(_mantissa);
        int drop = unit - _exponent;
        if (drop <= 0) m <<= -drop;
        else
        {
            BigInteger kept = m >> drop, rest = m - (kept << drop), tie = BigInteger.One << (drop - 1);
            m = kept + (rest > tie || (rest == tie && !kept.IsEven) ? 1 : 0);
        }
        double magnitude = unit > 971 || (unit == 971 && m == BigInteger.One << 53) ? double.PositiveInfinity : Math.ScaleB((double)m, unit);
        return Sign < 0 ? -magnitude : magnitude;
    }

    public static implicit operator BigReal(int n) => new(n, 0);
    public static explicit operator BigReal(double x) => FromDouble(x);
    public static explicit operator double(BigReal x) => x.ToDouble();

    public static BigReal operator -(BigReal a) => new(-a._mantissa, a._exponent);

    public static BigReal operator +(BigReal a, BigReal b)
    {
        if (a._mantissa.IsZero) return b;
        if (b._mantissa.IsZero) return a;
        if (a._exponent < b._exponent) (a, b) = (b, a);
        // a summand far below the last place of the other only costs time
        if (a.Binade - b.Binade > (2 * Precision) + 8) return a;
        if (b.Binade - a.Binade > (2 * Precision) + 8) return b;
        return new((a._mantissa << (a._exponent - b._exponent)) + b._mantissa, b._exponent);
    }

    public static BigReal operator -(BigReal a, BigReal b) => a + (-b);

    public static BigReal operator *(BigReal a, BigReal b) => new(a._mantissa * b._mantissa, a._exponent + b._exponent);

    public static BigReal operator /(BigReal a, BigReal b)
    {
        if (b._mantissa.IsZero) throw new DivideByZeroException();
        int shift = Math.Max(0, Precision + 2 + (int)b._mantissa.GetBitLength() - (int)a._mantissa.GetBitLength());
        return new((a._mantissa << shift) / b._mantissa, a._exponent - b._exponent - shift);
    }

    public static bool operator <(BigReal a, BigReal b) => a.CompareTo(b) < 0;
    public static bool operator >(BigReal a, BigReal b) => a.CompareTo(b) > 0;
    public static bool operator <=(BigReal a, BigReal b) => a.CompareTo(b) <= 0;
    public static bool operator >=(BigReal a, BigReal b) => a.CompareTo(b) >= 0;
    public static bool operator ==(BigReal a, BigReal b) => a.Equals(b);
    public static bool operator !=(BigReal a, BigReal b) => !a.Equals(b);

    public int CompareTo(BigReal other) => (this - other).Sign;

    public bool Equals(BigReal other) => CompareTo(other) == 0;

    public override bool Equals(object? obj) => obj is BigReal other && Equals(other);

    public override int GetHashCode() => ToDouble().GetHashCode();

    public static BigReal Abs(BigReal x) => x.Sign < 0 ? -x : x;

    /// <summary>x·2ⁿ, exactly.</summary>
    public static BigReal ScaleB(BigReal x, int n) => new(x._mantissa, x._exponent + n);

    /// <summary>√x by the integer square root (Newton from a power of two above it).</summary>
    public static BigReal Sqrt(BigReal x)
    {
        if (x.Sign < 0) throw new ArgumentOutOfRangeException(nameof(x), "√ of a negative number");
        if (x.Sign == 0) return x;
        int shift = Math.Max(0, (2 * Precision) + 4 - (int)x._mantissa.GetBitLength());
        if (((x._exponent - shift) & 1) != 0) shift++;
        BigInteger n = x._mantissa << shift;
        BigInteger y = BigInteger.One << (((int)n.GetBitLength() + 1) / 2);
        while (true)
        {
            BigInteger next = (y + (n / y)) >> 1;
            if (next >= y) return new(y, (x._exponent - shift) / 2);
            y = next;
        }
    }

    /// <summary>eˣ − 1: for |x| &lt; ½ by Taylor at x/2¹⁰ and ten doublings e ← e(2 + e).</summary>
    public static BigReal Expm1(BigReal x)
    {
        if (x.Sign == 0) return x;
        if (x.Binade >= -1) return Exp(x) - One;
        const int halvings = 10;
        BigReal r = ScaleB(x, -halvings), term = r, sum = r;
        for (int k = 2; term.Binade > sum.Binade - Precision - 2; k++)
        {
            term = term * r / k;
            sum += term;
            if (term.Sign == 0) break;
        }
        for (int i = 0; i < halvings; i++) sum *= Two + sum;
        return sum;
    }

    /// <summary>eˣ = 2ⁿ·e^(x − n·ln 2).</summary>
    public static BigReal Exp(BigReal x)
    {
        if (x.Sign == 0 || x.Binade < -Precision) return One;
        int n = (int)Math.Round(x.ToDouble() / 0.6931471805599453);
        // the remainder may be slightly above ½ log 2 < ½: halve once more to stay below Expm1's switch
        BigReal half = One + Expm1(ScaleB(x - (n * Ln2), -1));
        return ScaleB(half * half, n);
    }

    /// <summary>log(1 + x).</summary>
    public static BigReal Log1p(BigReal x) =>
        x.Sign == 0 ? x : x.Binade < -8 ? Two * AtanhSeries(x / (Two + x)) : Log(One + x);

    /// <summary>The natural logarithm: y + log(x·e^−y) from a double y, the second term by artanh.</summary>
    public static BigReal Log(BigReal x)
    {
        if (x.Sign <= 0) throw new ArgumentOutOfRangeException(nameof(x), "log of a number that is not positive");
        BigReal distance = x - One;
        if (distance.Sign == 0) return Zero;
        if (distance.Binade < -8) return Two * AtanhSeries(distance / (Two + distance));
        int k = x.Binade;
        BigReal m = ScaleB(x, -k);
        if (k == -1) (m, k) = (x, 0); // no cancellation of −ln 2 against log m just below 1
        BigReal y = FromDouble(Math.Log(m.ToDouble()));
        BigReal close = (m * Exp(-y)) - One;
        return (k * Ln2) + y + (Two * AtanhSeries(close / (Two + close)));
    }

    public static BigReal Tanh(BigReal x)
    {
        if (x.Sign < 0) return -Tanh(-x);
        BigReal e = Expm1(Two * x);
        return e / (e + Two);
    }

    public static BigReal Logistic(BigReal x) => One / (One + Exp(-x));

    public static BigReal Softplus(BigReal x) => (x.Sign > 0 ? x : Zero) + Log1p(Exp(-Abs(x)));

    public static BigReal Sin(BigReal x) => SinOfQuadrant(x, 0);

    public static BigReal Cos(BigReal x) => SinOfQuadrant(x, 1);

    /// <summary>arctan x: 1/x above 1, then four halvings x ← x/(1 + √(1 + x²)), then the series.</summary>
    public static BigReal Atan(BigReal x)
    {
        if (x.Sign < 0) return -Atan(-x);
        if (x > One) return ScaleB(Pi, -1) - Atan(One / x);
        const int halvings = 4;
        for (int i = 0; i < halvings; i++) x /= One + Sqrt(One + (x * x));
        return ScaleB(OddSeries(x, -(x * x)), halvings);
    }

    /// <summary>|<paramref name="computed"/> − <paramref name="exact"/>| in units in the last place of the exact value, 2^(max(⌊log₂|exact|⌋, −1022) − 52).</summary>
    /// <remarks>Both are cut at ±2¹⁰²⁴, so ∞ is exact for whatever lies above; NaN gives NaN, so that "error ≤ bound" fails.</remarks>
    public static double Ulps(double computed, BigReal exact)
    {
        if (double.IsNaN(computed)) return double.NaN;
        BigReal value = double.IsFinite(computed) ? FromDouble(computed) : new(double.IsPositive(computed) ? 1 : -1, 1024);
        if (exact.Sign != 0 && exact.Binade >= 1024) exact = new(exact.Sign, 1024);
        int unit = (exact.Sign == 0 ? -1022 : Math.Clamp(exact.Binade, -1022, 1023)) - 52;
        return ScaleB(Abs(value - exact), -unit).ToDouble();
    }

    /// <summary>Fifty digits, in scientific notation.</summary>
    public override string ToString()
    {
        const int digits = 50;
        if (Sign == 0) return "0";
        int decimalExponent = (int)Math.Floor(Binade * 0.30102999566398120);
        while (true)
        {
            int scale = digits - 1 - decimalExponent;
            BigInteger m = BigInteger.Abs(_mantissa), ten = BigInteger.Pow(10, Math.Abs(scale));
            BigInteger numerator = scale >= 0 ? m * ten : m, denominator = scale >= 0 ? BigInteger.One : ten;
            if (_exponent >= 0) numerator <<= _exponent;
            else denominator <<= -_exponent;
            string text = (((2 * numerator) + denominator) / (2 * denominator)).ToString(CultureInfo.InvariantCulture);
            if (text.Length > digits)
            {
                decimalExponent++;
                continue;
            }
            return $"{(Sign < 0 ? "-" : "")}{text[0]}.{text[1..]}e{decimalExponent}";
        }
    }

    private static BigReal Scaled(BigInteger mantissa, int places) => new(mantissa, -places);

    private static BigReal AtanhSeries(BigReal s) => OddSeries(s, s * s);

    /// <summary>s·(1 + z/3 + z²/5 + …): artanh s at z = s², arctan s at z = −s².</summary>
    private static BigReal OddSeries(BigReal s, BigReal z)
    {
        BigReal power = s, sum = s;
        for (int k = 3; power.Sign != 0 && power.Binade > sum.Binade - Precision - 2; k += 2)
        {
            power *= z;
            sum += power / k;
        }
        return sum;
    }

    /// <summary>sin(x + quadrant·π/2), x reduced modulo π/2 with enough places of π that 300 correct bits are left.</summary>
    private static BigReal SinOfQuadrant(BigReal x, int quadrant)
    {
        BigReal r = x;
        if (x.Sign != 0 && x.Binade >= -1)
        {
            // both as integers with LongPlaces binary places; x is exact (an argument has at least 2⁻¹⁰⁷⁴ as its unit)
            BigInteger fixedX = x._exponent + LongPlaces >= 0 ? x._mantissa << (x._exponent + LongPlaces) : x._mantissa >> -(x._exponent + LongPlaces);
            BigInteger halfPi = LongPi >> 1;
            BigInteger q = BigInteger.Divide((2 * BigInteger.Abs(fixedX)) + halfPi, 2 * halfPi) * fixedX.Sign;
            r = Scaled(fixedX - (q * halfPi), LongPlaces);
            quadrant += (int)(q & 3);
        }
        BigReal y = (quadrant & 1) == 0 ? SinSeries(r) : CosSeries(r);
        return (quadrant & 2) == 0 ? y : -y;
    }

    private static BigReal SinSeries(BigReal r)
    {
        BigReal z = -(r * r), term = r, sum = r;
        for (int k = 2; term.Sign != 0 && term.Binade > sum.Binade - Precision - 2; k += 2)
        {
            term = term * z / (k * (k + 1));
            sum += term;
        }
        return sum;
    }

    private static BigReal CosSeries(BigReal r)
    {
        BigReal z = -(r * r), term = One, sum = One;
        for (int k = 1; term.Sign != 0 && term.Binade > -Precision - 2; k += 2)
        {
            term = term * z / (k * (k + 1));
            sum += term;
        }
        return sum;
    }

    private static BigInteger MachinPi(int places)
    {
        const int guard = 32;
        return (4 * ((4 * ArctanInverse(5)) - ArctanInverse(239))) >> guard;

        BigInteger ArctanInverse(int n)
        {
            BigInteger power = (BigInteger.One << (places + guard)) / n, sum = 0;
            for (int k = 1, sign = 1; !power.IsZero; k += 2, sign = -sign)
            {
                sum += sign * (power / k);
                power /= n * n;
            }
            return sum;
        }
    }
}
