"""Proved error bounds of the elementary functions: a running error analysis over small cells of the reduced argument.

Every intermediate is (lo, hi, err): an interval of the computed value and a bound on |computed - ideal|, where the ideal quantity is the
exact one of exact arguments and exact functions. An operation adds half an ulp of its largest result and carries the errors of its
operands in full, signs and correlations ignored: what comes out is a bound, not an estimate (the script's own binary64 rounding is
covered by a factor 1 + 1e-9). Approximation errors of the polynomials are those proved by elementary-coefficients.py.
The sequence of operations is that of src/UniversalFlows/Scalars/Elementary. Run: python3 docs/elementary-bounds.py
"""
from math import exp, frexp, log

SLACK = 1 + 1e-9


def ulp(m):
    return 2.0 ** (frexp(m)[1] - 53) if m else 0.0


def half_ulp(m):
    """Half an ulp for all values up to m: at a power of two itself nothing is rounded."""
    f, e = frexp(m / (1 + 1e-8))
    return 2.0 ** (e - 54) if m else 0.0


class V:
    def __init__(self, lo, hi=None, err=0.0):
        self.lo, self.hi, self.err = lo, lo if hi is None else hi, err * SLACK

    @property
    def big(self):
        return max(abs(self.lo), abs(self.hi)) * SLACK

    @property
    def small(self):
        return 0.0 if self.lo <= 0 <= self.hi else min(abs(self.lo), abs(self.hi)) / SLACK

    def plus(self, e):                              # an error that is no rounding: approximation, reduction
        v = V(self.lo, self.hi, self.err + e)
        if hasattr(self, "before"):
            v.before = self.before + e * SLACK
        return v

    def __neg__(self):
        return V(-self.hi, -self.lo, self.err)

    def __add__(self, o):
        return rounded(self.lo + o.lo, self.hi + o.hi, self.err + o.err)

    def __sub__(self, o):
        return self + (-o)

    def __mul__(self, o):
        lo, hi, e = product(self, o)
        return rounded(lo, hi, e)

    def __truediv__(self, o):
        q = [x / y for x in (self.lo, self.hi) for y in (o.lo, o.hi)]
        big = max(map(abs, q))
        return rounded(min(q), max(q), (self.err + big * o.err) / (o.small - o.err))


def product(a, b):
    p = [x * y for x in (a.lo, a.hi) for y in (b.lo, b.hi)]
    return min(p), max(p), a.big * b.err + b.big * a.err + a.err * b.err


def rounded(lo, hi, err):
    pad = 2.0 ** -52
    v = V(lo - abs(lo) * pad, hi + abs(hi) * pad, err)
    w = V(v.lo, v.hi, v.err + half_ulp(v.big))
    w.before = v.err
    return w


def fma(a, b, c):
    lo, hi, e = product(a, b)
    return rounded(lo + c.lo, hi + c.hi, e + c.err)


def exact(v, err=0.0):
    """The same value where the operation is known to be exact."""
    return V(v.lo, v.hi, err)


def ulps(v):
    """The bound in ulp of the exact result. The last rounding is half of that ulp, unless what is rounded left the exact result's binade
    upwards; then the power of two between them is a double, and the rounding moves no further than it."""
    m = v.small - v.err
    if m <= 0:
        return float("inf")
    e = v.before / ulp(m)
    return e + 0.5 if ulp(v.big + v.err) == ulp(m) else max(e + 0.5, e + min(e, 1))


WHERE = {}


def top(worst, value, where):
    if value > worst:
        WHERE.clear()
        WHERE.update({k: (v if not isinstance(v, V) else (v.lo, v.hi)) for k, v in where.items() if k in ("cell", "n", "k", "a", "branch")})
    return max(worst, value)


K = lambda x: V(float(x))
A, LN2HI, LN2LO = 0.3465736, 0.6931471805599453, 2.3190468138462996e-17
EXP = [0.5, 0.1666666666666667, 0.04166666666666668, 0.008333333333326141, 0.0013888888888879082, 0.0001984126987480218,
       2.480158733642269e-05, 2.755725542387268e-06, 2.755726330017234e-07, 2.5105207067625676e-08, 2.0918129888932418e-09]


def linear(lo, hi, n):
    return split([(lo + (hi - lo) * i / n, lo + (hi - lo) * (i + 1) / n) for i in range(n)])


def geometric(lo, hi, per=400):
    n = int(log(hi / lo, 2) * per) + 1
    q = (hi / lo) ** (1 / n)
    return split([(lo * q ** i, min(lo * q ** (i + 1), hi)) for i in range(n)])


def split(pairs):
    """Cells that straddle neither 0 nor a power of two."""
    out = []
    for lo, hi in pairs:
        if lo < 0 < hi:
            out += split([(lo, 0.0), (0.0, hi)])
            continue
        big, small = max(abs(lo), abs(hi)), min(abs(lo), abs(hi))
        power = 2.0 ** (frexp(big)[1] - 1)
        if small < power < big and small > 0:
            cut = power if hi > 0 else -power
            out += [V(lo, cut), V(cut, hi)]
        else:
            out.append(V(lo, hi))
    return out


def signed(cells):
    return cells + [-c for c in cells]


def exp_tail(r):
    r2 = r * r
    r4 = r2 * r2
    q = [fma(K(EXP[2 * i + 1]), r, K(EXP[2 * i])) for i in range(5)]
    high = fma(fma(K(EXP[10]), r2, q[4]), r4, fma(q[3], r2, q[2]))
    return fma(high, r4, fma(q[1], r2, q[0])).plus(2.7e-18)


def lacks(cell):
    """r = fl(r0 - n ln2lo) lacks half an ulp, and what ln 2 has beyond two doubles (1100 * 6e-34). The analysis takes the computed r
    as the argument and adds |f'(r)| times this at the end."""
    return half_ulp(cell.big) + 1e-30


def exp_bound():
    worst = 0
    for cell in linear(-A, A, 4000):
        r = cell
        worst = top(worst, ulps((K(1) + fma(r * r, exp_tail(r), r)).plus(exp(cell.hi) * lacks(cell))), locals())
    return worst


def expm1_bound():
    worst = 0
    for n in range(-64, 65):
        for cell in signed(geometric(2.0 ** -24, A)) if n == 0 else linear(-A, A, 600):
            s = K(2.0 ** n)
            less = K(0) if n == 0 else exact(s - K(1)) if abs(n) <= 52 else s - K(1)
            # ideal: the tail has the exact r + lost; lost itself is <= ulp(r)/2 and carries a relative 2^-53
            r, lost = cell, V(0) if n == 0 else V(-half_ulp(cell.big), half_ulp(cell.big), 2e-30)
            slope = 0 if n == 0 else lost.big * (cell.big + cell.big ** 2) # (e^r - 1 - r)' = e^r - 1, times what r lacks
            tail = fma(r * r, exp_tail(r), lost).plus(slope)
            inner = exact(V(r.lo, r.hi)) if n == 0 else fma(s, r, less)
            worst = top(worst, ulps(fma(s, tail, inner)), locals())
    return worst


def tanh_bound():
    worst = 0
    for n in range(0, 59):
        for cell in geometric(2.0 ** -24, A) if n == 0 else linear(-A, A, 1000):
            r, s = cell, K(2.0 ** n)
            less = exact(s - K(1), 0 if n <= 53 else 1)
            more = exact(s + K(1), 0 if n <= 52 else 1)
            z = r * r
            w = z * z
            high = fma(K(4.143774951469523e-08), w, fma(K(-1.6534060223304093e-06), z, K(6.613756471750923e-05)))
            g = fma(high, w, fma(K(-0.0027777777777564677), z, K(0.1666666666666666))).plus(6.5e-17)
            if n == 0:
                numerator, less2 = more * r, None
                numerator = exact(numerator)           # 2r; the other products vanish
            else:
                less2 = V(2 * less.lo, 2 * less.hi, 2 * less.err)
                numerator = less2 + fma(less * z, g, more * r)
            more2 = V(2 * more.lo, 2 * more.hi, 2 * more.err)
            lr = K(0) if n == 0 else less * r
            q = numerator / (more2 + fma(more * z, g, lr))
            slope = 0 if n == 0 else (1 - q.small ** 2) / 2             # d tanh(y/2)/dy
            worst = top(worst, ulps(q.plus(slope * lacks(cell))), locals())
    return worst


def log_reduced(f, k):
    s = f / (K(2) + f)
    half = K(0.5) * f * f if f.err else (exact(V(f.lo / 2, f.hi / 2)) * f)
    z = s * s
    w = z * z
    ww = w * w
    even = fma(fma(K(0.15331664618167343), w, K(0.22222211106052175)), w, K(0.39999999999899005))
    low = fma(K(0.2857142862617352), w, K(0.666666666666667))
    odd = fma(fma(K(0.14617095475153102), w, K(0.18182891010503194)), ww, low)
    poly = fma(even, z, odd).plus(3.2e-16)
    kl = K(0) if k == 0 else K(k) * V(LN2LO, LN2LO, 6e-34)
    correction = fma(s, fma(z, poly, half), kl)
    low = f - (half - correction)
    return low if k == 0 else fma(K(k), K(LN2HI), low)


F_LO, F_HI = -0.2928933, 0.4142136


def log_bound():
    worst = 0
    for cell in geometric(2.0 ** -24, F_HI) + [-c for c in geometric(2.0 ** -24, -F_LO)]:
        worst = top(worst, ulps(log_reduced(cell, 0)), locals())
    for k in [s * k for k in list(range(1, 17)) + [32, 64, 128, 512, 1074] for s in (1, -1)]:
        for cell in linear(F_LO, F_HI, 1500):
            worst = top(worst, ulps(log_reduced(cell, k)), locals())
    return worst


def log1p_bound():
    worst = 0
    for cell in geometric(2.0 ** -24, F_HI) + [-c for c in geometric(2.0 ** -24, -F_LO)]:
        worst = top(worst, ulps(log_reduced(cell, 0)), locals())
    for k in list(range(1, 17)) + [32, 64, 100] + [-k for k in range(1, 54)]:
        for cell in linear(F_LO, F_HI, 1500):
            # 2^-k - 1 loses at most 2^-54 (k > 53); f is one rounding
            lack = half_ulp(cell.big) + (2.0 ** -54 if k > 53 else 0)
            worst = top(worst, ulps(log_reduced(cell, k).plus(lack / (1 + cell.lo))), locals())
    return worst


def logistic_bound(e_ulps):
    worst = 0
    for cell in geometric(2.0 ** -56, 2.0 ** 60):
        lack = e_ulps * ulp(cell.small) / (1 + cell.lo) ** 2
        worst = top(worst, ulps((K(1) / (K(1) + cell)).plus(lack)), locals())
    return worst


def softplus_bound(e_ulps):
    worst = 0
    for cell in geometric(2.0 ** -58, 0.41421356237309503) + geometric(0.41421356237309503, 1.0, 2000):
        e = e_ulps * ulp(cell.small)
        if cell.hi <= 0.41421356237309503 * (1 + 1e-12):
            l = log_reduced(cell, 0).plus(e / (1 + cell.lo))
        else:
            f = V(cell.lo / 2 - 0.5, cell.hi / 2 - 0.5)
            l = log_reduced(f, 1).plus((e / 2 + half_ulp(f.big)) / (1 + f.lo))
        worst = top(worst, ulps(l), locals())                                     # x <= 0
        x = V(max(-log(cell.hi), 0.0), -log(cell.lo))
        worst = top(worst, ulps(x + l), locals())                                 # x >= 0
    return worst


def sin_cos_bound():
    sin = cos = 0
    for cell in geometric(2.0 ** -24, 0.7853983):
        r, hu = cell, half_ulp(cell.big)
        c = V(-hu, hu, 2.0 ** -70 * cell.big)
        z = r * r
        zz = z * z
        s = fma(fma(K(-7.586699038867586e-13), zz, K(-2.505210623269476e-08)), zz, K(-0.00019841269841265065))
        s = fma(fma(fma(K(1.6058531654571612e-10), zz, K(2.755731921933996e-06)), zz, K(0.008333333333333331)), z, fma(s, zz, K(-0.16666666666666666))).plus(9.3e-18)
        k = fma(fma(K(-1.1382636085431682e-11), zz, K(-2.7557317272034963e-07)), zz, K(-0.0013888888888887398))
        k = fma(k, z, fma(fma(K(2.0876146324893005e-09), zz, K(2.480158729876636e-05)), zz, K(0.041666666666666664))).plus(2.4e-18)
        hz = V(z.lo / 2, z.hi / 2, z.err / 2)
        # c(1 - z/2) for sin(r + c) - sin r: short by c z^2/24 + c^2/2
        cc = fma(-c, hz, c).plus(hu * z.big ** 2 / 24 + hu * hu)
        sin = max(sin, ulps(r + fma(r * z, s, cc)))
        u = K(1) - hz
        # 1 = u + lost exactly for the *rounded* z/2; what z lost is in hz.err. rc for sin(r)c: short by c r^3/6 + c^2/2
        lost = V(-ulp(1.0) / 2, ulp(1.0) / 2, 0.0)
        low = lost + fma(zz, k, -(r * c)).plus(hu * r.big ** 3 / 6 + hu * hu)
        cos = max(cos, ulps(exact(u, hz.err) + low))
    return sin, cos


ATAN = [-0.3333333333333333, 0.1999999999999981, -0.14285714285661172, 0.111111111052771, -0.09090908759150856, 0.07692296528183691,
        -0.06666427474764312, 0.05878957114075743, -0.05230650462441973, 0.04552443467005691, -0.03459138882053627, 0.016307790237361935]


def atan_bound():
    worst, t1, t2 = 0, 0.41421356237309503, 2.414213562373095
    P1, P2 = 1.5707963267948966, 6.123233995736766e-17
    cells = [(c, 0) for c in geometric(2.0 ** -24, t1)] + [(c, 2) for c in geometric(t2, 2.0 ** 60, 200)]
    cells += [(c, 1) for c in linear(t1, 0.5, 300) + linear(0.5, 1, 600) + linear(1, 2, 800) + linear(2, t2, 300)]
    for a, branch in cells:
        if branch == 0:
            t, theta, lost, lack = a, K(0), K(0), 0
        elif branch == 2:
            t, theta, lost = K(-1) / a, K(P1), V(P2, P2, 2e-33)
            t, lack = exact(t), t.err
        else:
            n = a - K(1)
            if 0.5 <= a.lo and a.hi <= 2:
                n = exact(n)
            # (a - 1)/(a + 1) increases in a: tighter than the quotient of intervals
            t = V((a.lo - 1) / (a.lo + 1) - 1e-15, (a.hi - 1) / (a.hi + 1) + 1e-15)
            lack = n.err / (a.small + 1) + t.big * half_ulp(a.big + 1) / (a.small + 1) + half_ulp(t.big)
            theta, lost = K(P1 / 2), V(P2 / 2, P2 / 2, 1e-33)
        z = t * t
        w = z * z
        even = fma(fma(K(ATAN[10]), w, K(ATAN[8])), w, K(ATAN[6]))
        even = fma(fma(fma(even, w, K(ATAN[4])), w, K(ATAN[2])), w, K(ATAN[0]))
        odd = fma(fma(K(ATAN[11]), w, K(ATAN[9])), w, K(ATAN[7]))
        odd = fma(fma(fma(odd, w, K(ATAN[5])), w, K(ATAN[3])), w, K(ATAN[1]))
        tail = fma(t * z, fma(odd, z, even).plus(1.9e-17), lost)
        inner = t + tail
        worst = top(worst, ulps((inner if branch == 0 else theta + inner).plus(lack / (1 + t.small ** 2))), locals())
    return worst


if __name__ == "__main__":
    e = exp_bound()
    print(f"exp      {e:.3f}", WHERE)
    print(f"expm1    {expm1_bound():.3f}", WHERE)
    print(f"log      {log_bound():.3f}", WHERE)
    print(f"log1p    {log1p_bound():.3f}", WHERE)
    print(f"tanh     {tanh_bound():.3f}", WHERE)
    print(f"logistic {logistic_bound(e):.3f}", WHERE)
    print(f"softplus {softplus_bound(e):.3f}", WHERE)
    print("sin %.3f  cos %.3f" % sin_cos_bound())
    print(f"atan     {atan_bound():.3f}", WHERE)
