using UniversalFlows.Bijections;
using UniversalFlows.Distributions;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Training;

/// <summary>
/// Fits the push-forward g_#μ of a base law to a law by a distance of samples L(g(z_1), …; x_1, …), on fresh samples every step. L couples the samples of a batch, so a step has two passes: the points y_i = g(z_i) and c_i = ∂L/∂y_i by lanes; then
/// the tape of Σ c_i·g(z_i) with c fixed, whose gradient in the parameters is exactly that of L.
/// </summary>
public static class PushForwardFit
{
    /// <summary>Fits in place.</summary>
    /// <param name="flow">g.</param>
    /// <param name="law">Where the x come from.</param>
    /// <param name="loss">L.</param>
    /// <param name="options">Steps, batch size, threads.</param>
    /// <param name="seed">Of all samples.</param>
    /// <param name="drawBase">Writes a point of the base; null: N(0, I).</param>
    public static FitResult Fit(IBijection flow, Law law, ISampleLoss loss, AdamOptions options, ulong seed, Action<Philox, Span<double>>? drawBase = null)
    {
        ArgumentNullException.ThrowIfNull(flow);
        ArgumentNullException.ThrowIfNull(law);
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(options);
        if (law.Dimension != flow.Dimension) throw new ArgumentException($"a law of R^{flow.Dimension} was expected, not of R^{law.Dimension}", nameof(law));
        int d = flow.Dimension, n = options.BatchSize;
        Philox random = new(seed, "push-forward samples"), directions = new(seed, "push-forward directions");
        double[] y = new double[n * d], x = new double[n * d], gradient = new double[n * d], point = new double[d];
        return AdamFit.Fit(new PushForward(flow), (_, batch) => Fill(batch), options);

        void Fill(Batch batch)
        {
            for (int i = 0; i < n; i++)
            {
                if (drawBase is null) random.FillNormal(point);
                else drawBase(random, point);
                for (int c = 0; c < d; c++) batch.Column(c)[i] = point[c];
                law.Sample(random, point);
                for (int c = 0; c < d; c++) x[(c * n) + i] = point[c];
            }

            batch.Pad();
            PushForward.Images(flow, batch, y);
            PushForward.Enter(batch, d, y, loss.Evaluate(y, x, d, directions, gradient), gradient);
        }
    }
}

/// <summary>The objective of a step: a sample is (z, n·∂L/∂y, L − Σ ∂L/∂y·y), and the mean of its loss is L, with L's gradient in the parameters.</summary>
internal sealed class PushForward(IBijection flow) : IObjective
{
    /// <inheritdoc/>
    public int Columns => (2 * flow.Dimension) + 1;

    /// <inheritdoc/>
    public IEnumerable<Dense> Parameters => flow.Parameters;

    /// <inheritdoc/>
    public Node Loss(ReadOnlySpan<Node> sample)
    {
        int d = flow.Dimension;
        using Scratch<Node> scratch = new(d);
        Span<Node> y = scratch.Take(d);
        sample[..d].CopyTo(y);
        flow.Map(y);
        Node sum = sample[2 * d];
        for (int i = 0; i < d; i++) sum = Node.MultiplyAdd(sample[d + i], y[i], sum);
        return sum;
    }

    /// <summary>y ← g(z), coordinate by coordinate, for the z in the batch's first columns.</summary>
    public static void Images(IBijection flow, Batch batch, Span<double> y)
    {
        int d = flow.Dimension, n = batch.Count;
        Span<Lanes> x = stackalloc Lanes[d];
        Span<double> lanes = stackalloc double[Lanes.Width];
        for (int s = 0; s < n; s += Lanes.Width)
        {
            for (int i = 0; i < d; i++) x[i] = Lanes.Load(batch.Column(i)[s..]);
            flow.Map(x);
            for (int i = 0; i < d; i++)
            {
                x[i].Store(lanes);
                lanes[..Math.Min(Lanes.Width, n - s)].CopyTo(y[((i * n) + s)..]);
            }
        }
    }

    /// <summary>Value and gradient of L go to the batch's last columns.</summary>
    public static void Enter(Batch batch, int d, ReadOnlySpan<double> y, double value, ReadOnlySpan<double> gradient)
    {
        int n = batch.Count;
        for (int c = 0; c < d; c++)
            for (int i = 0; i < n; i++) batch.Column(d + c)[i] = n * gradient[(c * n) + i];
        batch.Column(2 * d).Fill(value - VectorMath.Dot(gradient, y));
        batch.Pad();
    }
}
