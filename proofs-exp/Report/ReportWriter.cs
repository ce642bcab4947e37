using System.Text;
using UniversalFlows.Proofs.Studies;

namespace UniversalFlows.Proofs.Report;

/// <summary>Makes the report: one HTML page that needs nothing else, and CSV files with its numbers beside it.</summary>
public static class ReportWriter
{
    private const string PageTitle = "UniversalFlows: how closely coupling flows approximate";

    private static readonly Measure[] MapMeasures =
    [
        new("sup", "sup error on K (units of f)", true, Selection.Sup, Certificate: c => c.Certificate),
        new("sup, refined", "sup error on K after the minimax refinement (units of f)", true, c => c.Refined?.Errors.Sup ?? double.NaN, Certificate: c => c.Refined?.Certificate) { MayBeMissing = true },
        new("rmse", "root mean square error on K (units of f)", true, c => c.Errors?.Rmse ?? double.NaN),
        new("L¹", "L¹ error on K (units of f × volume)", true, c => c.Errors?.L1 ?? double.NaN),
        new("L²", "L² error on K (units of f × √volume)", true, c => c.Errors?.L2 ?? double.NaN),
        new("C¹", "sup error of the derivative on K", true, c => c.Errors?.C1 ?? double.NaN),
    ];

    private static readonly Measure[] LawMeasures =
    [
        new("KL, logarithmic", "KL(p‖q) (nats)", true, Selection.Kl, c => c.Likelihood?.KlStdError ?? double.NaN),
        new("KL, linear", "KL(p‖q) (nats)", false, Selection.Kl, c => c.Likelihood?.KlStdError ?? double.NaN),
    ];

    /// <summary>
    /// Writes <paramref name="htmlPath"/> and, in the same folder, <c>maps.csv</c> and <c>laws.csv</c> (a row a run), <c>traces.csv</c>
    /// (a row a point of a training trace) and <c>figures.csv</c> (a row a point of every other figure). The laws of flows have
    /// <c>laws-of-flows.csv</c> and <c>planted-bugs.csv</c>, the controls <c>controls.csv</c>, the claims <c>claims.csv</c>, weak convergence <c>weak-convergence.csv</c>. Files of a study without runs are not written.
    /// </summary>
    /// <param name="data">What to report.</param>
    /// <param name="htmlPath">Where to write; folders on the way are made, an older report is replaced.</param>
    /// <returns>The paths written, the page first.</returns>
    /// <remarks>The same data give the same bytes, whatever the order of the cells.</remarks>
    /// <exception cref="ArgumentException"><paramref name="htmlPath"/> is empty.</exception>
    public static IReadOnlyList<string> Write(ReportData data, string htmlPath)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentException.ThrowIfNullOrWhiteSpace(htmlPath);
        IReadOnlyList<Cell> cells = Selection.Ordered(data.Cells);
        Page page = Build(cells, data, out string lead);
        string folder = Path.GetDirectoryName(Path.GetFullPath(htmlPath))!;
        Directory.CreateDirectory(folder);
        Save(htmlPath, page.ToHtml(lead));
        return [htmlPath, .. Numbers(page, cells, data, folder)];
    }

    /// <summary>The CSV files of <see cref="Write"/> without the page.</summary>
    /// <param name="data">What to export.</param>
    /// <param name="folder">Where to; it is there.</param>
    /// <returns>The paths written.</returns>
    public static IReadOnlyList<string> Export(ReportData data, string folder)
    {
        ArgumentNullException.ThrowIfNull(data);
        IReadOnlyList<Cell> cells = Selection.Ordered(data.Cells);
        return Numbers(Build(cells, data, out _), cells, data, folder);
    }

    private static List<string> Numbers(Page page, IReadOnlyList<Cell> cells, ReportData data, string folder)
    {
        List<string> written = [];
        foreach (var study in cells.GroupBy(c => c.Study)) Write(Html.Slug(study.Key), Csv.Runs(study.Key, [.. study], data.Timings));
        if (cells.Count > 0)
            Write("traces", Csv.Traces(cells));
        if (cells.Count > 0 || page.Figures.Count > 0)
            Write("figures", Csv.Figures([.. page.Figures.Where(f => !f.Id.StartsWith(TraceFigures.Prefix, StringComparison.Ordinal))]));

        if (data.FlowLaws.Count > 0)
        {
            Write("laws-of-flows", LawsSection.MatrixCsv(data.FlowLaws));
            Write("planted-bugs", LawsSection.BugsCsv(data.FlowLaws));
        }

        if (data.Controls.Count > 0)
            Write("controls", ControlsSection.Csv(data.Controls));
        if (data.LawConstructions.Count > 0) Write("law-constructions", LawConstructionSection.ToCsv(data.LawConstructions));
        if (data.Judgements.Count > 0)
            Write("claims", LedgerSection.ToCsv(data.Judgements));
        if (data.Weak.Count > 0)
            Write("weak-convergence", WeakSection.RowsCsv(data.Weak));
        return written;

        void Write(string name, string text)
        {
            string path = Path.Combine(folder, $"{name}.csv");
            Save(path, text);
            written.Add(path);
        }
    }

    /// <summary>A reader never meets half a file.</summary>
    private static void Save(string path, string text) => CompleteFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));

    private static Page Build(IReadOnlyList<Cell> cells, ReportData data, out string lead)
    {
        Cell[] maps = [.. cells.Where(c => c.Study == Selection.Maps)], laws = [.. cells.Where(c => c.Study == Selection.Laws)];
        IReadOnlyList<TargetGroup> targets = Selection.Groups(maps, "map"), distributions = Selection.Groups(laws, "law");
        lead = Overview.Lead(cells, targets, distributions, data);
        Page page = new(PageTitle);
        if (cells.Count == 0 && data.FlowLaws.Count == 0 && data.Controls.Count + data.LawConstructions.Count + data.Weak.Count + data.Judgements.Count == 0)
            page.Raw("<p class=\"warning\">There are no runs to report. <code>uf run</code> makes some.</p>");
        Cell[] constructed = [.. cells.Where(c => c.Study == Selection.Constructions && c.Construction is not null)];
        if (maps.Length > 0)
            AddMaps(page, maps, [.. constructed, .. cells.Where(IsSupWitness).Select(c => AffineCases.Names.TryGetValue(c.Target, out string? name) ? c with { Target = name } : c).Where(c => targets.Any(g => g.First.Target == c.Target && g.First.Domain == c.Domain))], targets, data);
        OptimiserCards.AddTo(page, [.. cells.Where(c => c.Study == MapGrid.Optimisers)], data.Timings);
        ConditionerCards.AddConditioners(page, [.. cells.Where(c => c.Study == MapGrid.Conditioners)]);
        ConditionerCards.AddCosts(page, maps);
        Cell[] rates = [.. cells.Where(c => c.Study == RateTask.StudyName && c.Construction is not null)];
        Cell[] affine = [.. cells.Where(c => c.Study == AffineTask.StudyName)];
        if (constructed.Length + rates.Length > 0)
            ConstructionSection.AddTo(page, constructed, rates, [.. affine.Where(c => c.Construction is not null)], data);
        AffineSection.AddTo(page, affine, data);
        ControlsSection.AddTo(page, data.Controls);
        LawConstructionSection.AddTo(page, data.LawConstructions);
        if (laws.Length > 0)
            AddLaws(page, laws, distributions, data);
        WeakSection.AddTo(page, data.Weak);
        if (cells.Any(c => c.Trace.Count > 0))
            AddTraces(page, cells, [.. targets, .. distributions]);
        if (cells.Count > 0)
            AddTables(page, cells, [.. targets, .. distributions], data);
        if (data.FlowLaws.Count > 0)
            LawsSection.AddTo(page, data.FlowLaws);
        if (data.Judgements.Count > 0)
            LedgerSection.AddTo(page, Claims.Ledger.Default, data.Judgements);
        Definitions.AddTo(page);
        return page;
    }

    private static void AddMaps(Page page, Cell[] maps, Cell[] constructed, IReadOnlyList<TargetGroup> targets, ReportData data)
    {
        page.Section("depth", "Error against depth", "Does the error fall as couplings are added, and for which family?");
        Measure[] measures = [.. MapMeasures.Where(m => maps.Any(c => m.Drawn(m.Of(c))))];
        IReadOnlyList<Cell> main = Limits.Lm(maps);
        Card card = new(
            "depth-card",
            "Errors of the trained maps",
            Selection.Describe(main),
            "Filled marker with a solid bar: proved, the sup error lies in the bar. Hollow marker: an estimate from points, for sup from below. "
            + "The line goes through the median of the estimates over the seeds (a diverged run counts as infinite). All panels share "
            + "their axes; lower is better. Families stand a little apart sideways so that none hides another. A click on a marker goes to its row in the table."
            + (constructed.Length == 0 ? "" : " A star is a flow that the proof constructs, at its number of layers; several at one depth were asked for different errors."));
        if (measures.Length == 0)
            card.Paragraph("No run has a finite error.", "warning");
        else
            card.Buttons("Norm", [.. measures.Select(m => m.Name)]);
        Cell[] finite = [.. main.Where(c => c.Status == Cell.Finished && double.IsFinite(Selection.Sup(c)))];
        int proved = finite.Count(c => MapMeasures[0].ProofOf(c) is not null), open = finite.Length - proved;
        (string, string)[] star = constructed.Length == 0 ? [] : [(Symbols.Svg("star", PlotColors.Ink), "star: constructed by the proof, no training")];
        (string, string)[] dotted = main.Count < maps.Length ? [(Symbols.Svg("dot", PlotColors.Ink), "dotted: optimisation-limited, two optimisers disagree")] : [];
        card.Key(PlotColors.Ordered(main.Select(c => c.Family)), [.. EvidenceKeys(proved > 0), .. EdgeKeys(main), .. star, .. dotted, .. maps.Any(c => data.Floor(c) is not null) ? [(Symbols.Svg("bar", PlotColors.Ink), "bar under a depth: no flow of the family can be closer (docs/controls.md)")] : Array.Empty<(string, string)>()]);
        card.Row(DepthFigures.Panels(targets, maps, measures.Length == 0 ? MapMeasures[..1] : measures, "Errors", constructed, data.Floor));
        card.Paragraph($"<b>Proved and estimated.</b> The sup errors of {proved} of {Html.Count(finite.Length, "finished run")} are proved by a search with a fixed number of boxes: max |f − g| over K is at least the bar's lower end and at most its upper one, "
            + $"and a bar is often shorter than its marker. {(open > 0 ? $"For the other {open} that budget gave no upper bound within twice the lower one: they are drawn as estimates, and <code>uf certify</code> goes further. " : "")}"
            + "All other norms are estimates. What is assumed: <code>docs/certificates.md</code>.");
        page.Add(card.Paragraph("Norms are defined <a href=\"#norms\">below</a>: sup is the worst |f − g| over K; rmse its root mean square; "
            + "L¹ and L² integrate over K; C¹ is the worst error of the derivative." + SettingsNote(maps)));
        foreach (Card aggregate in AggregateCards.All(maps, data.Timings)) page.Add(aggregate);
        page.Section("maps", "Target by target", "For each target map the run with the smallest sup error, whatever its family.");
        foreach (TargetGroup group in targets)
            page.Add(MapCards.Of(group, data));
    }

    /// <summary>Affine flows that a proof makes for the sup norm: drawn beside the trained ones of their target.</summary>
    private static bool IsSupWitness(Cell c) => c.Study == AffineTask.StudyName && c.Construction is not null && c.Method == "overshear" && c.Status == Cell.Finished;

    private static void AddLaws(Page page, Cell[] laws, IReadOnlyList<TargetGroup> distributions, ReportData data)
    {
        page.Section("divergence-depth", "Divergence against depth", "Flows trained by maximum likelihood on points of a law: how far is their density from the law's?");
        Measure[] measures = [.. LawMeasures.Where(m => laws.Any(c => m.Drawn(m.Of(c))))];
        Card card = new(
            "divergence-card",
            "Divergence of the trained densities",
            Selection.Describe(laws),
            "Every run is a hollow marker, an estimate from test points, with one standard error up and down (thin, with ends), the line goes through the median over the seeds. Zero would be the law "
            + "itself, so lower is better; a triangle at the bottom edge is an estimate of zero or less, which chance allows.");
        if (measures.Length == 0)
            card.Paragraph("No run has a finite divergence.", "warning");
        else
            card.Buttons("Scale", [.. measures.Select(m => m.Name)]);
        card.Key(PlotColors.Ordered(laws.Select(c => c.Family)), [.. EvidenceKeys(proved: false), .. EdgeKeys(laws)]);
        card.Row(DepthFigures.Panels(distributions, laws, measures.Length == 0 ? LawMeasures[..1] : measures, "Divergence"));
        page.Add(card.Paragraph("KL is the divergence over the entropy floor, in nats; defined <a href=\"#divergence\">below</a>." + SettingsNote(laws)));
        page.Section("laws", "Law by law", "For each law the run with the smallest divergence of each family.");
        foreach (TargetGroup group in distributions)
            page.Add(LawCards.Of(group, data));
    }

    private static void AddTraces(Page page, IReadOnlyList<Cell> cells, IReadOnlyList<TargetGroup> groups)
    {
        page.Section("training", "Training");
        page.Raw("<details><summary>Show the training loss of every run</summary>");
        page.Add(new Card(
            "training-card",
            "Training loss against steps",
            Selection.Describe([.. cells.Where(c => c.Trace.Count > 0)]),
            "A line a run, coloured by family; × is where a run diverged. A line that is still falling at its right end was not trained to its end. "
            + $"At most about {TraceFigures.PointsPerLine} points a line are drawn; traces.csv has all.")
            .Key(PlotColors.Ordered(cells.Select(c => c.Family)))
            .Row(TraceFigures.Panels(groups)));
        page.Raw("</details>");
    }

    private static void AddTables(Page page, IReadOnlyList<Cell> cells, IReadOnlyList<TargetGroup> groups, ReportData data)
    {
        Dictionary<string, string> anchors = new(StringComparer.Ordinal);
        foreach (TargetGroup group in groups)
        {
            foreach (Cell c in group.Cells)
                anchors[c.Hash] = group.Id;
        }

        page.Section("numbers", "Every number");
        foreach (var study in cells.GroupBy(c => c.Study))
            page.Add(RunTables.Card(Html.Slug(study.Key), [.. study], data.Timings, anchors));
    }

    /// <summary>What filled and hollow mean, wherever errors are drawn.</summary>
    private static (string Svg, string Text)[] EvidenceKeys(bool proved) =>
    [
        .. proved ? [(Symbols.Svg("proved", PlotColors.Ink), "filled, with a solid bar: proved")] : Array.Empty<(string, string)>(),
        (Symbols.Svg("circle-open", PlotColors.Ink), "hollow: estimated from points"),
    ];

    private static (string Svg, string Text)[] EdgeKeys(IReadOnlyList<Cell> cells)
    {
        List<(string, string)> keys = [];
        if (cells.Any(c => c.Status == Cell.Diverged))
            keys.Add((Symbols.Svg("x", PlotColors.Ink), "at the top edge: diverged"));
        if (cells.Any(c => c.Status == Cell.Cut))
            keys.Add((Symbols.Svg("circle-open-dot", PlotColors.Ink), "with a dot inside: cut short by a time limit"));
        return [.. keys];
    }

    private static string SettingsNote(IReadOnlyList<Cell> cells)
    {
        string[] settings = [.. cells.Select(Selection.Setting).Distinct().Order(StringComparer.Ordinal)];
        return settings.Length < 2
            ? ""
            : $" Lines differ in dash by conditioner and method, in this order (solid first): {Html.Text(string.Join("; ", settings))}.";
    }
}
