"""Coefficients of the elementary functions, by Chebyshev economisation in exact rational arithmetic.

For each function: the Taylor polynomial of high degree (rational coefficients, remainder bounded by the geometric tail), rewritten
exactly in Chebyshev polynomials of the interval, cut at the wanted degree, rewritten in powers, each coefficient rounded to the
nearest double. The printed bound is a proof: with the *rounded* coefficients, sup |f - p| <= sum of |Chebyshev coefficients of f - p|
(every |T_k| <= 1) + Taylor tail.  Run: python3 docs/elementary-coefficients.py
"""
from fractions import Fraction as Q
from math import comb, factorial, log2


def chebyshev(power, lo, hi):
    """Power coefficients in x on [lo, hi] -> Chebyshev coefficients in t = (2x - lo - hi)/(hi - lo), exactly."""
    mid, half = (lo + hi) / 2, (hi - lo) / 2
    n, t = len(power), [Q(0)] * len(power)
    for c in reversed(power):                      # Horner for p(mid + half t)
        t = [mid * t[i] + (half * t[i - 1] if i else 0) for i in range(n)]
        t[0] += c
    out = [Q(0)] * n
    for k, c in enumerate(t):                      # t^k = 2^(1-k) sum C(k, j) T_{k-2j}, the T_0 term halved
        for j in range(k // 2 + 1):
            m = k - 2 * j
            out[m] += c * Q(comb(k, j), 2 ** k) * (1 if m == 0 else 2)
    return out


def powers(cheb, lo, hi):
    """The inverse of `chebyshev`."""
    n = len(cheb)
    a, b, t = [Q(1)] + [Q(0)] * (n - 1), [Q(0), Q(1)] + [Q(0)] * (n - 2), [Q(0)] * n
    for k in range(n):
        t = [u + cheb[k] * v for u, v in zip(t, a)]
        a, b = b, [2 * (b[i - 1] if i else 0) - a[i] for i in range(n)]
    s, o = Q(2) / (hi - lo), -(lo + hi) / (hi - lo)
    out = [Q(0)] * n
    for c in reversed(t):
        out = [o * out[i] + (s * out[i - 1] if i else 0) for i in range(n)]
        out[0] += c
    return out


def economise(name, taylor, lo, hi, degree, tail):
    cheb = chebyshev(taylor, lo, hi)
    rounded = [float(c) for c in powers(cheb[: degree + 1], lo, hi)]
    difference = [c - (Q(rounded[i]) if i <= degree else 0) for i, c in enumerate(taylor)]
    bound = sum(abs(c) for c in chebyshev(difference, lo, hi)) + tail
    print(f"{name}: degree {degree} on [{float(lo)!r}, {float(hi)!r}], |f - p| <= {float(bound):.3e} = 2^{log2(bound):.2f}")
    for i, c in enumerate(rounded):
        print(f"    c{i:<2} {c!r:<26} {c.hex()}")
    return bound


def bernoulli(n):
    b = [Q(1)]
    for m in range(1, n + 1):
        b.append(-sum(comb(m + 1, j) * b[j] for j in range(m)) / (m + 1))
    return b


def geometric(last, ratio):
    return abs(last) * ratio / (1 - ratio)


def arctan_inverse(n, bits):
    total, k, power = 0, 0, (1 << bits) // n
    while power:
        total += (power // (2 * k + 1)) * (-1) ** k
        power //= n * n
        k += 1
    return total


def split(value, parts):
    out = []
    for _ in range(parts):
        out.append(float(value))
        value -= Q(out[-1])
    return out


def main():
    a = Q("0.3465736")                              # ln2/2 = 0.34657359028
    economise("exp: (e^r - 1 - r)/r^2", [Q(1, factorial(k + 2)) for k in range(32)], -a, a, 10, 2 * a ** 32 / factorial(34))
    b = bernoulli(40)
    g = [2 * b[2 * k + 2] / factorial(2 * k + 2) for k in range(16)]
    economise("tanh: (r coth(r/2) - 2)/r^2 in z = r^2", g, Q(0), a * a, 4, geometric(g[-1] * a ** 30, a * a / 39))
    z = Q("0.0294373")                              # (3 - 2 sqrt 2)^2 = 0.029437251
    economise("log: 2 atanh(s)/s - 2, over z = s^2", [Q(2, 2 * k + 3) for k in range(24)], Q(0), z, 6, z ** 24)
    p = Q("0.7853983")                              # pi/4 = 0.785398163
    economise("sin: (sin r - r)/r^3 in z = r^2", [Q((-1) ** (k + 1), factorial(2 * k + 3)) for k in range(16)], Q(0), p * p, 6, p ** 60 / factorial(30))
    economise("cos: (cos r - 1 + r^2/2)/r^4 in z = r^2", [Q((-1) ** k, factorial(2 * k + 4)) for k in range(16)], Q(0), p * p, 5, p ** 60 / factorial(30))
    t = Q("0.41421357") ** 2                        # tan(pi/8) = 0.414213562
    economise("atan: (atan t - t)/t^3 in z = t^2", [Q((-1) ** (k + 1), 2 * k + 3) for k in range(48)], Q(0), t, 11, t ** 48)

    bits = 1600
    pi = 4 * (4 * arctan_inverse(5, bits) - arctan_inverse(239, bits))        # Machin
    pi_q = Q(pi, 1 << bits)
    ln2 = 2 * sum(Q(1, (2 * k + 1) * 3 ** (2 * k + 1)) for k in range(150))   # 2 atanh(1/3)
    for name, value in (("ln2", ln2), ("1/ln2", 1 / ln2), ("pi/2", pi_q / 2), ("2/pi", 2 / pi_q), ("pi/4", pi_q / 4)):
        print(name, [f"{v!r} {v.hex()}" for v in split(value, 3)])
    two_over_pi = (1 << (64 * 19)) * (1 << bits) * 2 // pi
    print("2/pi, 19 words:", ", ".join(f"0x{(two_over_pi >> (64 * (18 - i))) & (2**64 - 1):016X}" for i in range(19)))


main()
