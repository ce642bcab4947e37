namespace UniversalFlows.Proofs.Claims.Evidence;

/// <summary>A work as its own first page has it.</summary>
/// <param name="Key">A short name.</param>
/// <param name="Authors">Family names, in order.</param>
/// <param name="ArXiv">The number at arXiv, which begins with year and month of the first version.</param>
/// <param name="Venue">Where it appeared, with the year.</param>
/// <param name="Layer">The kind of layer or the subject that it introduces.</param>
internal sealed record Work(string Key, string Authors, string ArXiv, string Venue, string Layer);

/// <summary>
/// Facts about publications. Each can be looked up under its number at arxiv.org; a number here is only as good as that table.
/// </summary>
internal static class Bibliography
{
    /// <summary>The works.</summary>
    public static IReadOnlyList<Work> Works { get; } =
    [
        new("NICE", "Dinh, Krueger, Bengio", "1410.8516", "ICLR 2015 workshop", "additive coupling"),
        new("planar", "Rezende, Mohamed", "1505.05770", "ICML 2015", "planar and radial"),
        new("RealNVP", "Dinh, Sohl-Dickstein, Bengio", "1605.08803", "ICLR 2017", "affine coupling"),
        new("IAF", "Kingma, Salimans, Jozefowicz, Chen, Sutskever, Welling", "1606.04934", "NeurIPS 2016", "inverse autoregressive"),
        new("MAF", "Papamakarios, Pavlakou, Murray", "1705.07057", "NeurIPS 2017", "masked autoregressive"),
        new("NAF", "Huang, Krueger, Lacoste, Courville", "1804.00779", "ICML 2018", "autoregressive sigmoidal"),
        new("NeuralODE", "Chen, Rubanova, Bettencourt, Duvenaud", "1806.07366", "NeurIPS 2018", "continuous normalizing flow"),
        new("Glow", "Kingma, Dhariwal", "1807.03039", "NeurIPS 2018", "affine coupling with 1x1 convolutions"),
        new("FFJORD", "Grathwohl, Chen, Bettencourt, Sutskever, Duvenaud", "1810.01367", "ICLR 2019", "continuous normalizing flow with a trace estimator"),
        new("SoS", "Jaini, Selby, Yu", "1905.02325", "ICML 2019", "sum-of-squares polynomial"),
        new("CubicSpline", "Durkan, Bekasov, Murray, Papamakarios", "1906.02145", "ICML 2019 workshop", "cubic spline"),
        new("NSF", "Durkan, Bekasov, Murray, Papamakarios", "1906.04032", "NeurIPS 2019", "rational-quadratic spline"),
        new("NodeCapabilities", "Zhang, Gao, Unterman, Arodz", "1907.12998", "ICML 2020", "approximation by neural ODEs and invertible residual networks"),
        new("Finlay", "Finlay, Jacobsen, Nurbekyan, Oberman", "2002.02798", "ICML 2020", "regularised neural ODE"),
        new("Woodbury", "Lu, Huang", "2002.12229", "NeurIPS 2020", "Woodbury transformation"),
        new("CF-INN", "Teshima, Ishikawa, Tojo, Oono, Ikeda, Sugiyama", "2006.11469", "NeurIPS 2020", "universality of coupling flows"),
        new("Koehler", "Koehler, Mehta, Risteski", "2010.01155", "ICML 2021", "representational aspects of depth and conditioning"),
        new("Para-CFlows", "Lyu, Chen, Feng, Cun, Zhu, Geng, Xu, Chen", "2202.02906", "NeurIPS 2022", "universality of affine couplings in Cᵏ"),
        new("RectifiedFlow", "Liu, Gong, Liu", "2209.03003", "ICLR 2023", "rectified flow"),
        new("FlowMatching", "Lipman, Chen, Ben-Hamu, Nickel, Le", "2210.02747", "ICLR 2023", "flow matching"),
        new("Ferumal", "English, Kirchler, Lippert", "2307.14839", "ICLR 2024", "kernelised coupling"),
        new("TarFlow", "Zhai, Zhang, Nakkiran, Berthelot, Gu, Zheng, Chen, Bautista, Jaitly, Susskind", "2412.06329", "ICML 2025", "autoregressive transformer blocks"),
    ];

    /// <summary>"The work's layer is of this kind": 1 if the table says otherwise.</summary>
    internal static Finding Layer(string key, string printed)
    {
        Work work = Of(key);
        return Compare(work, "layer", work.Layer.Contains(printed.Replace('-', ' '), StringComparison.OrdinalIgnoreCase), work.Layer, printed);
    }

    /// <summary>"The work's first author is": 1 if the table says otherwise.</summary>
    public static Finding Author(string key, string printed)
    {
        Work work = Of(key);
        return Compare(work, "first author", work.Authors.Split(", ")[0].Equals(printed, StringComparison.OrdinalIgnoreCase), work.Authors, printed);
    }

    /// <summary>"The work's number at arXiv is": 1 if the table says otherwise.</summary>
    public static Finding Number(string key, string printed)
    {
        Work work = Of(key);
        return Compare(work, "arXiv number", work.ArXiv == printed, work.ArXiv, printed);
    }

    /// <summary>"The work appeared in that year": 1 if the table says otherwise.</summary>
    public static Finding Year(string key, int printed)
    {
        Work work = Of(key);
        return Compare(work, "year", work.Venue.Contains($"{printed}", StringComparison.Ordinal), work.Venue, $"{printed}").With(("year and month of the first version", double.Parse(work.ArXiv.Split('.')[0])));
    }

    /// <summary>"The first work precedes the second": 1 if its first version is later.</summary>
    public static Finding Precedes(string first, string second)
    {
        Work a = Of(first), b = Of(second);
        double x = double.Parse(a.ArXiv), y = double.Parse(b.ArXiv);
        return Finding.Recorded(x < y ? 0 : 1, $"first versions at arXiv: {a.Key} {a.ArXiv}, {b.Key} {b.ArXiv}; the numbers begin with year and month").With((a.Key, x), (b.Key, y));
    }

    /// <summary>
    /// The benchmark POWER: log-likelihoods in nats, larger is better (Grathwohl et al. 2019, table 2; Durkan et al. 2019, table 1), against numbers printed as negative log-likelihoods, smaller is better.
    /// Counted are numbers that differ from the record, and pairs in the wrong order.
    /// </summary>
    public static Finding Power(double realNvp, double glow, double ffjord, double nsf)
    {
        double[] recorded = [0.17, 0.17, 0.46, 0.64], printed = [realNvp, glow, ffjord, nsf];
        int numbers = recorded.Zip(printed).Count(p => Math.Abs(p.First - p.Second) > 0.03), order = 0;
        for (int i = 0; i < 4; i++)
            for (int j = 0; j < i; j++)
                if (recorded[i] != recorded[j] && printed[i] < printed[j] != recorded[i] > recorded[j]) order++;
        return Finding.Recorded(numbers + order, "published log-likelihoods in nats, larger is better, against the printed numbers, smaller is better: numbers that differ, and pairs whose order is turned round")
            .With(("numbers that differ", numbers), ("pairs in the wrong order", order), ("(0.17 − 0.12)/0.17, the printed gain", (0.17 - 0.12) / 0.17));
    }

    private static Finding Compare(Work work, string what, bool same, string recorded, string printed) =>
        Finding.Recorded(same ? 0 : 1, $"{what} of arXiv {work.ArXiv} ({work.Key}): recorded is \"{recorded}\", printed is \"{printed.Replace('-', ' ')}\"");

    private static Work Of(string key) => Works.Single(w => w.Key == key);
}
