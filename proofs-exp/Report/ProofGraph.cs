using System.Globalization;
using System.Text;
using UniversalFlows.Proofs.Claims;

namespace UniversalFlows.Proofs.Report;

/// <summary>The graph of the proof: definitions, lemmas, theorems and corollaries in layers, what rests on nothing at the top.</summary>
internal static class ProofGraph
{
    private const double NodeWidth = 178, NodeHeight = 58, GapX = 26, GapY = 52, Margin = 8, BendWidth = 16;

    /// <summary>The graph as SVG; each node is a link to its claim in the table.</summary>
    public static string Svg(Ledger ledger, IReadOnlyList<Judgement> judgements)
    {
        Judgement[] nodes = [.. judgements.Where(j => j.Claim.Role != ClaimRole.None)];
        IReadOnlySet<string> verified = Verified.Of(ledger, judgements);
        Dictionary<string, Judgement> byId = nodes.ToDictionary(j => j.Claim.Id);
        Dictionary<string, string[]> above = nodes.ToDictionary(j => j.Claim.Id, j => Near(ledger, j.Claim, byId));
        (List<List<string>> layers, List<string[]> edges) = Layers(above);
        double Width(string id) => byId.ContainsKey(id) ? NodeWidth : BendWidth;
        double width = layers.Max(l => l.Sum(id => Width(id) + GapX)) + (2 * Margin), height = (layers.Count * (NodeHeight + GapY)) - GapY + (2 * Margin);
        Dictionary<string, (double X, double Y)> at = [];
        for (int k = 0; k < layers.Count; k++)
        {
            double gap = (width - (2 * Margin) - layers[k].Sum(Width)) / layers[k].Count, x = Margin + (gap / 2);
            foreach (string id in layers[k])
            {
                at[id] = (x + (Width(id) / 2), Margin + (NodeHeight / 2) + (k * (NodeHeight + GapY)));
                x += Width(id) + gap;
            }
        }

        StringBuilder svg = new($"<svg class=\"proof\" viewBox=\"0 0 {F(width)} {F(height)}\" style=\"min-width:{F(width * 0.8)}px\" role=\"group\" aria-label=\"Graph of the proof: {nodes.Length} statements, arrows from what is used to what uses it\">\n");
        svg.Append("<defs><marker id=\"tip\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" orient=\"auto\"><path d=\"M0 0L8 4L0 8Z\" fill=\"#8a94a3\"/></marker></defs>\n");
        foreach (string[] edge in edges)
        {
            (double x, double y) = at[edge[0]];
            StringBuilder path = new($"M{F(x)} {F(y + (NodeHeight / 2))}");
            for (int i = 1; i < edge.Length; i++)
            {
                (double nextX, double nextY) = at[edge[i]];
                double from = y + (NodeHeight / 2), to = nextY - (NodeHeight / 2) - (i == edge.Length - 1 ? 1 : 0), bend = 0.5 * (to - from);
                path.Append($"C{F(x)} {F(from + bend)} {F(nextX)} {F(to - bend)} {F(nextX)} {F(to)}");
                if (i < edge.Length - 1) path.Append($"V{F(nextY + (NodeHeight / 2))}");
                (x, y) = (nextX, nextY);
            }

            svg.Append($"<path d=\"{path}\" fill=\"none\" stroke=\"#aeb6c2\" stroke-width=\"1.3\" marker-end=\"url(#tip)\"/>\n");
        }

        foreach (Judgement j in nodes) Node(svg, j, at[j.Claim.Id], verified.Contains(j.Claim.Id));
        return svg.Append("</svg>").ToString();
    }

    /// <summary>The nodes that a claim rests on, through claims that are no nodes to theirs; those that another of them rests on, too, are left out.</summary>
    private static string[] Near(Ledger ledger, Claim claim, Dictionary<string, Judgement> nodes)
    {
        string[] all = [.. claim.DependsOn.SelectMany(id => nodes.ContainsKey(id) ? [id] : Near(ledger, ledger[id], nodes)).Distinct()];
        return [.. all.Where(id => !all.Any(other => other != id && ledger.Ancestors(ledger[other]).Any(a => a.Id == id)))];
    }

    private static void Node(StringBuilder svg, Judgement j, (double X, double Y) at, bool verified)
    {
        Claim c = j.Claim;
        string role = c.Role.ToString().ToLowerInvariant(), verdict = ClaimWords.Of(j.Verdict);
        svg.Append($"<a href=\"#claim-{c.Id}\"><title>{Html.Text($"{c.Id}, {role}: {c.Statement} {verdict}{(verified ? ", with everything it rests on" : "")}")}</title>");
        svg.Append(ClaimStyle.Shape(c.Role, at.X, at.Y, NodeWidth, NodeHeight, $"fill=\"{ClaimStyle.Fill(j.Verdict)}\" stroke=\"#1a1d21\" {ClaimStyle.Border(c.Fidelity)}"));
        string[] lines = Lines(c.Title);
        svg.Append($"<text x=\"{F(at.X)}\" y=\"{F(at.Y - 13)}\" class=\"id\">{Html.Text(c.Id)} {role[..1].ToUpperInvariant()}{role[1..]}</text>");
        for (int i = 0; i < lines.Length; i++) svg.Append($"<text x=\"{F(at.X)}\" y=\"{F(at.Y + 4 + (i * 15))}\">{Html.Text(lines[i])}</text>");
        // letter of the verdict at the left, a tick at the right if all ancestors hold
        svg.Append($"<circle cx=\"{F(at.X - (NodeWidth / 2) + 3)}\" cy=\"{F(at.Y - (NodeHeight / 2) + 3)}\" r=\"10\" fill=\"#1a1d21\"/><text x=\"{F(at.X - (NodeWidth / 2) + 3)}\" y=\"{F(at.Y - (NodeHeight / 2) + 7.5)}\" class=\"letter\">{ClaimStyle.Letter(j.Verdict)}</text>");
        if (verified)
        {
            double x = at.X + (NodeWidth / 2) - 5, y = at.Y + (NodeHeight / 2) - 4;
            svg.Append($"<circle cx=\"{F(x)}\" cy=\"{F(y)}\" r=\"9\" fill=\"#00664b\"/><path d=\"M{F(x - 4.5)} {F(y)}l3.2 3.4l5.6 -6.6\" fill=\"none\" stroke=\"#fff\" stroke-width=\"2\"/>");
        }

        svg.Append("</a>\n");
    }

    /// <summary>
    /// Longest paths from the top; within a layer ordered by the middle of what a node rests on. An edge that crosses layers goes through a bend in each of them, which has a place of its own.
    /// </summary>
    private static (List<List<string>> Layers, List<string[]> Edges) Layers(Dictionary<string, string[]> above)
    {
        Dictionary<string, int> depth = [];
        int Depth(string id) => depth.TryGetValue(id, out int known) ? known : depth[id] = above[id].Select(d => Depth(d) + 1).DefaultIfEmpty(0).Max();
        foreach (string id in above.Keys) Depth(id);
        ILookup<string, string> users = above.SelectMany(p => p.Value.Select(a => (Above: a, Below: p.Key))).ToLookup(p => p.Above, p => p.Below);
        // what rests on nothing stands right over the first that uses it
        foreach (string id in above.Keys.Where(id => above[id].Length == 0 && users[id].Any()).ToArray()) depth[id] = users[id].Min(user => depth[user]) - 1;
        List<List<string>> layers = [.. depth.GroupBy(p => p.Value).OrderBy(g => g.Key).Select(g => g.Select(p => p.Key).ToList())];
        List<string[]> edges = [];
        foreach ((string id, string[] from) in above)
        {
            foreach (string start in from)
            {
                List<string> edge = [start];
                for (int k = depth[start] + 1; k < depth[id]; k++)
                {
                    // edges of one start share their bends as long as they run side by side
                    string bend = $"{start} through {k}";
                    if (!layers[k].Contains(bend)) layers[k].Add(bend);
                    edge.Add(bend);
                }

                edges.Add([.. edge, id]);
            }
        }

        ILookup<string, string> up = edges.SelectMany(e => e.Skip(1).Zip(e, (low, high) => (low, high))).Distinct().ToLookup(p => p.low, p => p.high), down = edges.SelectMany(e => e.Skip(1).Zip(e, (low, high) => (low, high))).Distinct().ToLookup(p => p.high, p => p.low);
        for (int sweep = 0; sweep < 8; sweep++)
        {
            for (int k = 1; k < layers.Count; k++) Sort(layers, k, id => up[id]);
            for (int k = layers.Count - 2; k >= 0; k--) Sort(layers, k, id => down[id]);
        }

        return (layers, edges);
    }

    private static void Sort(List<List<string>> layers, int k, Func<string, IEnumerable<string>> neighbours)
    {
        Dictionary<string, double> place = [];
        foreach (List<string> layer in layers)
            for (int i = 0; i < layer.Count; i++) place[layer[i]] = (i + 0.5) / layer.Count;
        layers[k] = [.. layers[k].OrderBy(id => neighbours(id).Where(place.ContainsKey).Select(n => place[n]).DefaultIfEmpty(place[id]).Average())];
    }

    private static string[] Lines(string title)
    {
        const int Longest = 27;
        if (title.Length <= Longest) return [title];
        int cut = title.LastIndexOf(' ', Longest);
        return cut < 0 ? [title] : [title[..cut], title[(cut + 1)..]];
    }

    private static string F(double v) => v.ToString("F1", CultureInfo.InvariantCulture);
}
