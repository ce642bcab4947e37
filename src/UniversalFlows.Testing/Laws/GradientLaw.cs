using UniversalFlows.Bijections;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Testing.Laws;

/// <summary>Reverse mode against forward mode.</summary>
internal static class GradientLaw
{
    /// <summary>
    /// L = Σ_s (Σ_i c_i y_i(s) + c_d·ld(s)) over 64 points: the tape's ⟨∂L/∂θ, v⟩ + Σ_s ⟨∂L/∂x(s), u⟩ is the derivative of L along (v, u) by
    /// dual numbers, within 1e-10·Σ_s |terms|, for random c, v, u; forward and inverse.
    /// </summary>
    public static string? ReverseIsForward(Trial trial) => Compare(trial, inverse: false) ?? Compare(trial, inverse: true);

    private static string? Compare(Trial trial, bool inverse)
    {
        IBijection flow = trial.Flow;
        int d = trial.Dimension;
        double[][] points = [.. Enumerable.Range(0, Tape.Panel).Select(_ => trial.Point())];
        if (inverse) points = [.. points.Select(p => Calculus.Forward(flow, p, out _))];
        double[] weights = Normals(d + 1), inputDirection = Normals(d);

        Tape tape = Tape.Current;
        tape.Reset();
        Node[] leaves = Variables(tape, points), x = [.. leaves];
        InverseStatus status = default;
        Node logDet = inverse ? flow.Inverse<Node>(x, ref status) : flow.Forward<Node>(x);
        tape.ClearGradients();
        for (int i = 0; i < d; i++) tape.Seed(x[i], Filled(weights[i]));
        tape.Seed(logDet, Filled(weights[d]));
        Dictionary<Dense, Dense> directions = new(ReferenceEqualityComparer.Instance as IEqualityComparer<Dense>);
        foreach (Dense layer in flow.Parameters)
        {
            Dense direction = new(layer.Inputs, layer.Outputs);
            foreach (ref double v in direction.All) v = trial.Random.NextNormal();
            directions[layer] = direction;
        }

        Sink sink = new(directions);
        tape.Backward(ref sink);
        double reverse = sink.Sum;
        double[] gradient = new double[Tape.Panel];
        for (int i = 0; i < d; i++)
        {
            tape.ReadGradient(leaves[i], gradient);
            reverse += inputDirection[i] * gradient.Sum();
        }

        double forward = 0, scale = 0;
        try
        {
            foreach ((Dense layer, Dense direction) in directions) layer.Direction = direction;
            for (int g = 0; g < Tape.Panel / Lanes.Width; g++)
            {
                Lanes[] values = ReadingLaws.Batch(points[(g * Lanes.Width)..((g + 1) * Lanes.Width)]);
                Dual<Lanes>[] duals = [.. values.Select((v, i) => new Dual<Lanes>(v, Lanes.Constant(inputDirection[i])))];
                Dual<Lanes> ld = inverse ? flow.Inverse<Dual<Lanes>>(duals, ref status) : flow.Forward<Dual<Lanes>>(duals);
                for (int lane = 0; lane < Lanes.Width; lane++)
                {
                    for (int i = 0; i < d; i++) Add(weights[i] * duals[i].Tangent[lane]);
                    Add(weights[d] * ld.Tangent[lane]);
                }
            }
        }
        finally
        {
            foreach (Dense layer in directions.Keys) layer.Direction = null;
        }

        return Math.Abs(reverse - forward) <= 1e-10 * scale
            ? null
            : $"{(inverse ? "inverse" : "forward")}: along a random direction the tape gives {reverse:R}, dual numbers {forward:R} (terms of size {scale:g3})";

        void Add(double term)
        {
            forward += term;
            scale += Math.Abs(term);
        }

        double[] Normals(int n)
        {
            double[] v = new double[n];
            trial.Random.FillNormal(v);
            return v;
        }
    }

    private static double[] Filled(double c) => [.. Enumerable.Repeat(c, Tape.Panel)];

    /// <summary>Inputs with a gradient. A leaf has none; the output of an affine layer, here the identity, has one.</summary>
    private static Node[] Variables(Tape tape, double[][] points)
    {
        int d = points[0].Length;
        Dense identity = new(d, d) { Frozen = true };
        for (int i = 0; i < d; i++) identity.Weights[(i * d) + i] = 1;
        Node[] variables = new Node[d];
        Node.Affine(identity, ReadingLaws.Leaves(tape, points), variables);
        return variables;
    }

    /// <summary>⟨∂L/∂θ, v⟩: with X the inputs and Δ the cotangents, ∂L/∂W = ΔXᵀ and ∂L/∂b = Δ·1.</summary>
    private struct Sink(Dictionary<Dense, Dense> directions) : IParameterSink
    {
        public static bool Ignores => false;

        public double Sum { get; private set; }

        public unsafe void Receive(Dense layer, double* inputs, double* cotangents)
        {
            Dense direction = directions[layer];
            for (int n = 0; n < layer.Outputs; n++)
            {
                for (int s = 0; s < Tape.Panel; s++)
                {
                    double moved = direction.Bias[n];
                    for (int k = 0; k < layer.Inputs; k++) moved += direction.Weights[(n * layer.Inputs) + k] * inputs[(k * Tape.Panel) + s];
                    Sum += moved * cotangents[(n * Tape.Panel) + s];
                }
            }
        }
    }
}
