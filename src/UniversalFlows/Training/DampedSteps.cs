using UniversalFlows.Bijections;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Training;

/// <summary>How a damped step ended.</summary>
internal enum StepOutcome
{
    /// <summary>The step lowered the loss.</summary>
    Taken,

    /// <summary>No damping helps although the flow is finite: a stationary point, or rounding.</summary>
    Arrived,

    /// <summary>Loss or Jacobian are not finite.</summary>
    NotFinite,
}

/// <summary>
/// Levenberg–Marquardt steps of one flow with the damping and the momentum that they carry from one to the next, on whatever samples each step is given: with φ = μ·(last δ) the step minimises
/// ½|r + Jδ|² + ½λ|δ − φ|², so δ = φ − Jᵀ(J Jᵀ + λI)⁻¹(r + Jφ). See <see cref="LevenbergMarquardt"/>.
/// </summary>
internal sealed unsafe class DampedSteps : IDisposable
{
    private const int MaxRejections = 40;
    /// <summary>The part of the last step that the next one starts from.</summary>
    private const double Momentum = 0.7;

    private readonly IBijection _flow;
    private readonly ParameterVector _theta;
    private readonly SampleJacobian _jacobian;
    private readonly AlignedBuffer _gram;
    private readonly double[] _residuals, _alpha, _carried, _step, _momentum, _old;
    private readonly int _order, _stride, _threads;
    private double _lambda;
    private bool _begun;

    /// <param name="flow">Its parameters are moved in place.</param>
    /// <param name="points">Samples a step, a multiple of 64.</param>
    /// <param name="threads">No bit depends on them.</param>
    public DampedSteps(IBijection flow, int points, int threads)
    {
        (_flow, _theta, _threads) = (flow, new ParameterVector(flow.Parameters), threads);
        (_order, _stride) = (points * flow.Dimension, (points * flow.Dimension) + 8);
        _jacobian = new SampleJacobian(new SquaredError(flow), _theta, points);
        _gram = new AlignedBuffer((long)_order * _stride);
        (_residuals, _alpha, _carried) = (new double[_order], new double[_order], new double[_order]);
        (_step, _momentum, _old) = (new double[_theta.Count], new double[_theta.Count], new double[_theta.Count]);
    }

    /// <summary>θ.</summary>
    public Span<double> Parameters => _theta.Values;

    /// <summary>λ.</summary>
    public double Damping => _lambda;

    /// <summary>Why the last outcome is not finite.</summary>
    public string? Reason { get; private set; }

    /// <summary>½ Σ |g(x) − f(x)|² over the batch before the last step.</summary>
    public double Before { get; private set; }

    /// <summary>One step on a batch of (x, f(x)).</summary>
    public StepOutcome Take(Batch batch)
    {
        _jacobian.Record(batch, _residuals, _threads);
        Before = 0.5 * VectorMath.Dot(_residuals, _residuals);
        if (!double.IsFinite(Before)) return NotFinite("the flow or the target is not finite on K");
        _theta.Values.CopyTo(_old);
        for (int i = 0; i < _step.Length; i++) _momentum[i] = Momentum * _step[i];
        _jacobian.Product(_momentum, _carried, _threads);
        bool finite = false;
        for (int attempt = 0; attempt < MaxRejections; attempt++)
        {
            _jacobian.Gram(_gram.Start, _stride, _lambda, _threads);
            if (!_begun)
            {
                // the first damping: a hundredth of the mean eigenvalue
                double sum = 0;
                for (int i = 0; i < _order; i++) sum += _gram.Start[i * (_stride + 1L)];
                if (!double.IsFinite(sum)) return NotFinite("the Jacobian is not finite");
                _lambda = 1e-2 * sum / _order;
                for (int i = 0; i < _order; i++) _gram.Start[i * (_stride + 1L)] += _lambda;
                _begun = true;
            }

            if (!Cholesky.Factor(_gram.Start, _order, _stride, _threads))
            {
                _lambda *= 4;
                continue;
            }

            for (int i = 0; i < _order; i++) _alpha[i] = _residuals[i] - _carried[i];
            Cholesky.Solve(_gram.Start, _order, _stride, _alpha);
            _jacobian.TransposedProduct(_alpha, _step, _threads);
            Span<double> values = _theta.Values;
            for (int i = 0; i < values.Length; i++)
            {
                _step[i] += _momentum[i];
                values[i] = _old[i] - _step[i];
            }

            double after = RegressionBatch.HalfSquares(_flow, batch, _threads);
            double predicted = Before - (0.5 * _lambda * _lambda * VectorMath.Dot(_alpha, _alpha));
            double gain = (Before - after) / predicted;
            finite |= double.IsFinite(after);
            if (gain > 0)
            {
                _lambda = Math.Max(_lambda * (gain > 0.75 ? 0.3 : gain > 0.5 ? 0.7 : gain > 0.25 ? 1 : 2.5), 1e-300);
                return StepOutcome.Taken;
            }

            _lambda *= 4;
            _old.CopyTo(values);
        }

        return finite ? StepOutcome.Arrived : NotFinite($"the flow is not finite after any step of damping up to {_lambda:g3}");

        StepOutcome NotFinite(string reason)
        {
            Reason = reason;
            return StepOutcome.NotFinite;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _jacobian.Dispose();
        _gram.Dispose();
    }
}
