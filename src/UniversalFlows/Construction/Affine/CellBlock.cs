using UniversalFlows.Bijections;
using UniversalFlows.Bijections.Conditioners;
using UniversalFlows.Bijections.Transformers;
using UniversalFlows.Scalars;
using UniversalFlows.Targets;

namespace UniversalFlows.Construction.Affine;

/// <summary>
/// Four affine couplings near a one-coordinate map (x, z, y) ↦ (x, z, u(x, z, y)) in Lp (docs/theory.md, the cell trick). Cells in the passive coordinates, numbered
/// q = i(x) + n·j(z) + …; x_q, z_q their centres, r = x − x_q, u_q = u(x_q, z_q, ·), v_q = u_q⁻¹:
/// <code>
/// y₁ = y + M q                                          [y | x, z]   y₁ knows q and y
/// X  = c(y₁)·r + u_q(y) + M′q                           [x | y₁]     c = δ, or δ + ∂_x u_q(y) for order 2
/// Y  = x_q − (1 − γ)(y₁ − M q − v_q(X − M′q))·u_q′(v_q)/c   [y | X]  Y = x + O(1/n²), in x's cell
/// X ← X − M′q − δ(Y − x_q)                              [x | Y, z]   u + O(1/n), or O(1/n²); then the two change places
/// </code>
/// y₁ ↦ U(y₁) = u_q(y) + M′q is one increasing function, linear in the gaps between the blocks, and X ↦ V(X) its inverse: a point on a ramp of q is treated like one of a
/// neighbouring cell and ends within a few M′ of its place, not n.
/// </summary>
/// <remarks>
/// Conditioners: the first and the last are sums of staircases of one coordinate each, the other two are piecewise linear functions of one coordinate, for any d: with all passive coordinates in q,
/// no conditioner needs a product. The scale is softplus(raw) at raw ≥ 40, where softplus(raw) = raw to the last bit, so that the scale too is piecewise linear; coordinates are stretched for it.
/// </remarks>
internal sealed class CellBlock
{
    private const double LeastRaw = 40;       // log(1 + e⁻⁴⁰) is below half a unit in the last place of 40
    private const double Gap = 0.15;          // between blocks, in units of a block
    private const double LeastSlope = 0.1;    // of the continuation of u beyond the active interval
    private const double LeastMargin = 0.001;

    private readonly int _dimension, _active;
    private readonly int[] _passive;          // the store first
    private readonly Staircase[] _cells;
    private readonly double[] _stride;
    private readonly PiecewiseLinear _second, _third;
    private readonly double _period, _outputPeriod, _stretch, _storeStretch, _stretchedPeriod;

    private CellBlock(IMap map, int active, Box box, double[] states, CellShape shape, int store, double[]? visited)
    {
        (_dimension, _active) = (map.Dimension, active);
        _passive = [store, .. Enumerable.Range(0, _dimension).Where(i => i != active && i != store)];
        _cells = [.. _passive.Select((i, k) => Staircase.Cover(box.Lower[i], box.Upper[i], shape.Cells[k]))];
        _stride = new double[_passive.Length];
        int count = 1;
        for (int k = 0; k < _passive.Length; k++)
        {
            _stride[k] = count;
            count = checked(count * shape.Cells[k]);
        }

        Blocks = count;
        Tables tables = new(map, active, _passive, _cells, box, shape.Pieces);
        if (visited is not null) tables.Restrict(visited, active, _passive, _cells);
        Store = shape.Store ?? Tables.DefaultStore(map, active, store, states, box, shape.Order);
        double[][] c = tables.Slopes(Store, shape.Order);
        double width = _cells[0].CellWidth;

        // u goes on beyond the interval with its own slope, as far as c·r may carry X over its end
        double reach = 0;
        for (int q = 0; q < count; q++)
        {
            reach = Math.Max(reach, c[q][0] / Math.Max(LeastSlope, tables.Derivative[q][0]));
            reach = Math.Max(reach, c[q][^1] / Math.Max(LeastSlope, tables.Derivative[q][^1]));
        }

        double step = tables.Y[1] - tables.Y[0], beyond = Math.Max(step, 1.1 * 0.5 * width * reach), length = tables.Y[^1] - tables.Y[0] + (4 * beyond);
        _period = PowerOfTwo.AtLeast((1 + Gap) * length);   // a power of two: M·ramp is exact
        double[] y = [tables.Y[0] - (2 * beyond), tables.Y[0] - beyond, .. tables.Y, tables.Y[^1] + beyond, tables.Y[^1] + (2 * beyond)];
        double[][] u = [.. tables.Value.Select((v, q) =>
        {
            (double left, double right) = (beyond * Math.Max(LeastSlope, tables.Derivative[q][0]), beyond * Math.Max(LeastSlope, tables.Derivative[q][^1]));
            return (double[])[v[0] - (2 * left), v[0] - left, .. v, v[^1] + right, v[^1] + (2 * right)];
        })];
        double span = 0, over = double.NegativeInfinity;
        for (int q = 0; q < count; q++)
        {
            span = Math.Max(span, u[q][^1] - u[q][0]);
            over = Math.Max(over, u[q][^1] - u[(q + 1) % count][0]);
        }

        _outputPeriod = over + (Gap * span);
        // in the gaps, which only points on ramps visit, c and U′/c are everywhere the same: then Y too is linear there, from one centre to the next
        double across = (_outputPeriod - u.Average(v => v[^1] - v[0])) / (_period - length) / Store;

        int rows = y.Length, total = rows * count;
        double[] inputs = new double[total], outputs = new double[total], slope = new double[total], shift = new double[total], back = new double[total], centre = new double[total];
        for (int q = 0; q < count; q++)
        {
            for (int k = 0; k < rows; k++)
            {
                int n = (q * rows) + k, inner = Math.Clamp(k - 2, 0, rows - 5);
                bool outermost = k == 0 || k == rows - 1;
                centre[n] = _cells[0].Centre(q % shape.Cells[0]);
                inputs[n] = y[k] + (_period * q);
                outputs[n] = u[q][k] + (_outputPeriod * q);
                slope[n] = outermost ? Store : c[q][inner];
                shift[n] = outputs[n] - (slope[n] * centre[n]);
                back[n] = outermost ? across : Math.Max(k == 1 || k == rows - 2 ? LeastSlope : 0, tables.Derivative[q][inner]) / slope[n];
            }
        }

        // stretch·M′ a power of two: whole numbers of M′ over narrow ramps are exact
        _stretchedPeriod = PowerOfTwo.AtLeast(LeastRaw * 1.25 / slope.Min() * _outputPeriod);
        _stretch = _stretchedPeriod / _outputPeriod;
        _second = new(inputs, [.. slope.Select(s => _stretch * s)], [.. shift.Select(s => _stretch * s)]);

        // γ: with it every |Y − x_q| stays below half a cell's width, by a quarter of γ of it at least
        PiecewiseLinear plain = Third(outputs, back, centre, inputs, 0, 1, 1);
        Excess = LargestExcess(states, plain);
        double needed = Excess / (0.5 + Excess);   // at the samples; a fifth more for what is between them, a hundredth at most
        Margin = shape.Margin ?? Math.Min(0.5, needed + Math.Min(0.2 * needed, 0.01) + LeastMargin);
        LastRamp = (Margin > 0 ? Math.Min(0.25 * Margin, 1e-3) : 1e-3) * width;
        _storeStretch = LeastRaw * 1.25 / (back.Min() * (1 - Margin));
        _third = Third(outputs, back, centre, inputs, Margin, _stretch, _storeStretch);
    }

    /// <summary>q's number of values.</summary>
    public int Blocks { get; }

    /// <summary>n, the number of cells of the store.</summary>
    public int Cells => _cells[0].Cells;

    /// <summary>δ.</summary>
    public double Store { get; }

    /// <summary>γ.</summary>
    public double Margin { get; }

    /// <summary>max |Y − x_q| over half a cell's width, less 1, without γ: what γ has to be for.</summary>
    public double Excess { get; }

    /// <summary>M′.</summary>
    public double OutputPeriod => _outputPeriod;

    /// <summary>M.</summary>
    public double Period => _period;

    /// <summary>The width of the last staircase's ramps, which no point off the exceptional set meets.</summary>
    public double LastRamp { get; }

    /// <summary>The staircases of the first layer: a passive coordinate and its cells.</summary>
    public IEnumerable<(int Coordinate, Staircase Cells)> Staircases => _passive.Zip(_cells);

    /// <summary>The block for a map that changes one coordinate.</summary>
    /// <param name="map">(x, z, y) ↦ (x, z, u), increasing in y, defined on the whole box.</param>
    /// <param name="active">The coordinate that changes.</param>
    /// <param name="box">Where the states are.</param>
    /// <param name="states">States that occur, row by row: for δ, γ and the choice of the store.</param>
    /// <param name="shape">Sizes.</param>
    /// <param name="store">Which passive coordinate keeps y's information.</param>
    /// <param name="visited">
    /// States, more of them: in each cell u is used between the least and the largest y near by and goes on straight beyond, where nothing ever comes and an extension of u may be wild. Null: u is
    /// used on the whole box.
    /// </param>
    public static CellBlock Create(IMap map, int active, Box box, double[] states, CellShape shape, int store, double[]? visited = null) => new(map, active, box, states, shape, store, visited);

    /// <summary>The map of the four layers and the exchange, straight from the tables; one η for each staircase.</summary>
    public void Map(Span<double> state, ReadOnlySpan<double> ramps)
    {
        double others = 0;
        for (int k = 1; k < _passive.Length; k++) others += _stride[k] * _cells[k].Value(state[_passive[k]], ramps[k]);
        ref double x = ref state[_passive[0]], y = ref state[_active];
        y += _period * (_cells[0].Value(x, ramps[0]) + others);
        x = (x * _second.Evaluate(0, y)) + _second.Evaluate(1, y);
        y = (y * _third.Evaluate(0, x)) + _third.Evaluate(1, x);
        double near = -y / _storeStretch;
        x = (x / _stretch) + Last(near) - (_outputPeriod * others);
        (x, y) = (near, x);
    }

    /// <summary>The four couplings and the exchange; one η for each staircase.</summary>
    public IEnumerable<IBijection> Layers(double[] ramps, Activation activation)
    {
        int store = _passive[0];
        PerceptronBuilder first = new(activation, _passive.Length, 1);
        for (int k = 0; k < _passive.Length; k++) _cells[k].AddTo(first, k, _period * _stride[k], ramps[k]);
        yield return new Coupling(_dimension, _passive, [_active], new AffineTransformer(null), first.Build());

        PositiveMap identity = new(PositiveKind.Softplus);
        PerceptronBuilder second = new(activation, 1, 2), third = new(activation, 1, 2);
        _second.AddTo(second, 0);
        yield return new Coupling(_dimension, [_active], [store], new AffineTransformer(identity), second.Build());
        _third.AddTo(third, 0);
        yield return new Coupling(_dimension, [store], [_active], new AffineTransformer(identity), third.Build());

        // −stretch·(M′q + δ(Y − x_q)) of −storeStretch·Y, which is what the active coordinate holds
        PerceptronBuilder last = new(activation, _passive.Length, 1);
        (double from, double to) = Range();
        for (int k = 1; k < _passive.Length; k++) _cells[k].AddTo(last, k, -_stretchedPeriod * _stride[k], ramps[k]);
        last.AddConstantHere([_stretch * Last(to)]);
        last.AddLinear(0, -_storeStretch * to, [_stretch * Store / _storeStretch]);
        for (int k = _cells[0].Cells - 1; k >= 1; k--)
            last.AddStep(0, -_storeStretch * _cells[0].Edge(k), _storeStretch * LastRamp, [_stretch * (_outputPeriod - (Store * _cells[0].CellWidth))]);
        double[] lower = new double[_passive.Length], upper = new double[_passive.Length];
        (lower[0], upper[0]) = (-_storeStretch * to, -_storeStretch * from);
        for (int k = 1; k < _passive.Length; k++) (lower[k], upper[k]) = (_cells[k].Edge(0), _cells[k].Edge(_cells[k].Cells));
        yield return new Coupling(_dimension, [_active, .. _passive[1..]], [store], new AffineTransformer(null), new ClippedConditioner(lower, upper, last.Build()));

        double[] exchange = new double[_dimension * _dimension];
        for (int i = 0; i < _dimension; i++) exchange[(i * _dimension) + i] = i == store || i == _active ? 0 : 1;
        exchange[(_active * _dimension) + store] = 1 / _stretch;
        exchange[(store * _dimension) + _active] = -1 / _storeStretch;
        yield return new Linear(exchange, new double[_dimension]);
    }

    /// <summary>What the last layer adds for the store's part of q: −M′i(Y) − δ(Y − x_i), Y clipped a cell beyond the cells.</summary>
    private double Last(double near)
    {
        (double from, double to) = Range();
        double y = Math.Clamp(near, from, to), i = _cells[0].Value(y, LastRamp);
        return (-_outputPeriod * i) - (Store * (y - _cells[0].Lower - ((i + 0.5) * _cells[0].CellWidth)));
    }

    private (double From, double To) Range() => (_cells[0].Edge(-1), _cells[0].Edge(_cells[0].Cells + 1));

    /// <summary>X ↦ the scale s and the shift of Y = x_q − s(y₁ − V(X)), s = (1 − γ)u′/c, for stretched X and with −Y stretched.</summary>
    private static PiecewiseLinear Third(double[] outputs, double[] back, double[] centre, double[] inputs, double margin, double stretch, double storeStretch) => new(
        [.. outputs.Select(u => stretch * u)],
        [.. back.Select(s => storeStretch * (1 - margin) * s)],
        [.. centre.Select((x, n) => -storeStretch * (x + ((1 - margin) * back[n] * inputs[n])))]);

    private double LargestExcess(double[] states, PiecewiseLinear plain)
    {
        double largest = 0;
        int store = _passive[0];
        for (int n = 0; n < states.Length; n += _dimension)
        {
            int i = _cells[0].Cell(states[n + store]), q = i;
            for (int k = 1; k < _passive.Length; k++) q += (int)_stride[k] * _cells[k].Cell(states[n + _passive[k]]);
            double centre = _cells[0].Centre(i), y = states[n + _active] + (_period * q);
            foreach (double side in (ReadOnlySpan<double>)[-0.5, -0.25, 0.25, 0.5])
            {
                double r = side * _cells[0].CellWidth, x = ((centre + r) * _second.Evaluate(0, y)) + _second.Evaluate(1, y);
                double off = -((plain.Evaluate(0, x / _stretch) * y) + plain.Evaluate(1, x / _stretch)) - centre;
                largest = Math.Max(largest, (Math.Abs(off) / (0.5 * _cells[0].CellWidth)) - 1);
            }
        }

        return largest;
    }

    /// <summary>u, ∂u/∂y and ∂u/∂x at the centres of all cells and even y, rows q.</summary>
    private sealed class Tables
    {
        private readonly double[][] _acrossStore;

        public Tables(IMap map, int active, int[] passive, Staircase[] cells, Box box, int pieces)
        {
            int d = map.Dimension, count = cells.Aggregate(1, (p, s) => p * s.Cells), rows = pieces + 1;
            (double low, double high) = (box.Lower[active], box.Upper[active]);
            Y = [.. Enumerable.Range(0, rows).Select(k => k == pieces ? high : low + ((high - low) * k / pieces))];
            double[] points = new double[count * rows * d];
            for (int q = 0; q < count; q++)
            {
                for (int k = 0; k < rows; k++)
                {
                    Span<double> x = points.AsSpan(((q * rows) + k) * d, d);
                    x[active] = Y[k];
                    int rest = q;
                    for (int j = 0; j < passive.Length; j++, rest /= cells[j - 1].Cells) x[passive[j]] = cells[j].Centre(rest % cells[j].Cells);
                }
            }

            double[] values = PointSet.Map(map, points), jacobians = PointSet.Jacobians(map, points);
            double[][] Rows(Func<int, double> entry) => [.. Enumerable.Range(0, count).Select(q => (double[])[.. Enumerable.Range(q * rows, rows).Select(entry)])];
            Value = Rows(n => values[(n * d) + active]);
            Derivative = Rows(n => jacobians[(n * d * d) + (active * d) + active]);
            _acrossStore = Rows(n => jacobians[(n * d * d) + (active * d) + passive[0]]);
        }

        public double[] Y { get; }

        public double[][] Value { get; }

        public double[][] Derivative { get; }

        /// <summary>Beyond the y that occur in a cell or its neighbours, and a fiftieth of the interval: straight on, with a slope that occurs.</summary>
        public void Restrict(double[] visited, int active, int[] passive, Staircase[] cells)
        {
            int d = passive.Length + 1, count = Value.Length, last = Y.Length - 1;
            double[] low = new double[count], high = new double[count];
            Array.Fill(low, double.PositiveInfinity);
            Array.Fill(high, double.NegativeInfinity);
            int neighbours = 1;
            for (int j = 0; j < passive.Length; j++) neighbours *= 3;
            for (int n = 0; n < visited.Length; n += d)
            {
                for (int m = 0; m < neighbours; m++)
                {
                    int q = 0;
                    for (int j = passive.Length - 1, rest = m; j >= 0; j--, rest /= 3)
                        q = (q * cells[j].Cells) + Math.Clamp(cells[j].Cell(visited[n + passive[j]]) + (rest % 3) - 1, 0, cells[j].Cells - 1);
                    (low[q], high[q]) = (Math.Min(low[q], visited[n + active]), Math.Max(high[q], visited[n + active]));
                }
            }

            (int From, int To)[] used = new (int, int)[count];
            double room = 0.02 * (Y[^1] - Y[0]), step = Y[1] - Y[0], least = double.PositiveInfinity, most = 0;
            for (int q = 0; q < count; q++)
            {
                if (low[q] > high[q]) continue;
                used[q] = ((int)Math.Clamp(Math.Floor((low[q] - room - Y[0]) / step), 0, last), (int)Math.Clamp(Math.Ceiling((high[q] + room - Y[0]) / step), 0, last));
                for (int k = used[q].From; k <= used[q].To; k++) (least, most) = (Math.Min(least, Derivative[q][k]), Math.Max(most, Derivative[q][k]));
            }

            for (int q = 0; q < count; q++)
            {
                (int from, int to) = used[q];
                if (low[q] > high[q])
                {
                    // no state ever comes here
                    from = to = last / 2;
                    (Value[q][from], Derivative[q][from], _acrossStore[q][from]) = (Y[from], 1, 0);
                }

                for (int k = from - 1; k >= 0; k--) Continue(q, k + 1, k);
                for (int k = to + 1; k <= last; k++) Continue(q, k - 1, k);
            }

            void Continue(int q, int from, int to)
            {
                Derivative[q][to] = Math.Clamp(Derivative[q][from], Math.Min(least, 1), Math.Max(most, 1));
                Value[q][to] = Value[q][from] + (Derivative[q][to] * (Y[to] - Y[from]));
                _acrossStore[q][to] = _acrossStore[q][from];
            }
        }

        /// <summary>c. Where a state never comes u may be steep, and δ + ∂u/∂x is kept away from 0.</summary>
        public double[][] Slopes(double store, int order) =>
            [.. _acrossStore.Select(row => (double[])[.. row.Select(s => order == 1 ? store : Math.Clamp(store + s, 0.2 * store, 5 * store))])];

        /// <summary>δ: a third of u's range over x's range, plus 1.3 times the largest −∂u/∂x for order 2.</summary>
        public static double DefaultStore(IMap map, int active, int store, double[] states, Box box, int order)
        {
            int d = map.Dimension;
            double[] jacobians = PointSet.Jacobians(map, states);
            double steepest = 0;
            for (int n = 0; n < jacobians.Length; n += d * d) steepest = Math.Max(steepest, -jacobians[n + (active * d) + store]);
            return ((box.Upper[active] - box.Lower[active]) / (3 * (box.Upper[store] - box.Lower[store]))) + (order == 1 ? 0 : 1.3 * steepest);
        }
    }
}
