namespace UniversalFlows.Proofs.Claims.Evidence;

/// <summary>Citations and benchmark numbers against what is published.</summary>
internal static class Citations
{
    /// <summary>Footnote numbers of the lecture's body whose entry in its list is another work: number, what the body means, what the list has (the keys of <see cref="Bibliography.Works"/>, or a word).</summary>
    private static readonly (int Number, string Body, string List)[] s_footnotes =
    [
        (2, "NICE", "survey"),
        (3, "RealNVP", "RealNVP"),
        (4, "Glow", "NSF"),
        (5, "NeuralODE", "FFJORD"),
        (6, "FFJORD", "NeuralODE"),
        (7, "planar", "Glow"),
        (9, "RectifiedFlow", "NICE"),
        (10, "FlowMatching", "NAF"),
        (13, "NeuralODE", "Finlay"),
        (14, "Hutchinson", "TarFlow"),
    ];

    /// <summary>"The numbers in the body are those of the list": how many are not.</summary>
    public static Finding Footnotes() => Footnotes((body, list) => body == list);

    /// <summary>The same with another comparison.</summary>
    internal static Finding Footnotes(Func<string, string, bool> same)
    {
        int wrong = s_footnotes.Count(f => !same(f.Body, f.List));
        return Finding.Recorded(wrong, "footnotes of the body against the list at the end; wrong are " + string.Join(", ", s_footnotes.Where(f => !same(f.Body, f.List)).Select(f => $"[{f.Number}] ({f.Body} in the body, {f.List} in the list)")))
            .With(("footnotes compared", s_footnotes.Length), ("wrong", wrong));
    }

    /// <summary>Bits per dimension on CIFAR-10 printed for uniform and for variational dequantisation, against those of the model that introduced the latter, Flow++: 3.29 and 3.08.</summary>
    public static Finding Dequantised(double uniform, double variational)
    {
        (string Name, double Bits)[] published = [("Glow", 3.35), ("Residual Flow", 3.28), ("Flow++, uniform", 3.29), ("Flow++, variational", 3.08)];
        int wrong = (uniform == published[2].Bits ? 0 : 1) + (variational == published[3].Bits ? 0 : 1);
        string Owner(double bits) => string.Join(" and ", published.Where(p => p.Bits == bits).Select(p => p.Name));
        return Finding.Recorded(wrong, $"bits per dimension on CIFAR-10 (Ho et al. 2019; Song et al. 2021, table 2): the printed numbers are published for {Owner(uniform)} and for {Owner(variational)}")
            .With([.. published]);
    }
}
