namespace UniversalFlows.Distributions;

/// <summary>The laws of the coordinates are known exactly: distribution functions and quantiles.</summary>
public interface ICoordinateLaws
{
    /// <summary>The law of X_i, i = 0 … d − 1.</summary>
    LineLaw Coordinate(int i);
}

/// <summary>First and second moments are known exactly.</summary>
public interface IMoments
{
    /// <summary>E X_i; NaN if there is none.</summary>
    double Mean(int i);

    /// <summary>Cov(X_i, X_j); +∞ or NaN if there is none.</summary>
    double Covariance(int i, int j);
}

/// <summary>
/// The conditional laws of X_k given X_1, …, X_{k−1} are known exactly, and with them the Knothe–Rosenblatt map from N(0, I): T_k(z) = F_k⁻¹(Φ(z_k) | T_1(z), …, T_{k−1}(z)).
/// </summary>
public interface IConditionals
{
    /// <summary>The law of the next coordinate given the first ones.</summary>
    /// <param name="before">x_1, …, x_{k−1}; none for the law of X_1.</param>
    LineLaw Given(ReadOnlySpan<double> before);
}

/// <summary>The law can be replaced by finitely many point masses at a known cost in W₁.</summary>
public interface IQuantised
{
    /// <summary>About m point masses.</summary>
    /// <param name="count">m.</param>
    /// <param name="bound">W₁ of the law and the point masses is at most this.</param>
    AtomicLaw Quantise(int count, out double bound);
}
