namespace UniversalFlows.Numerics;

/// <summary>
/// The transportation problem min Σ c_ij f_ij over plans f ≥ 0 with row sums p and column sums q, with its dual max Σ p_i u_i + Σ q_j v_j subject to u_i + v_j ≤ c_ij: optimal transport between finitely many
/// point masses of any weights. The dual is a certificate: no plan costs less.
/// </summary>
/// <remarks>
/// Successive shortest paths with potentials (Edmonds and Karp 1972; R. K. Ahuja, T. L. Magnanti and J. B. Orlin, "Network Flows", 1993, section 9.7): dense Dijkstra from a row that has mass left to the nearest
/// column that wants some. Masses are whole numbers of 2⁻⁶⁰, so that a plan is exact: each weight is rounded by at most 2⁻⁶¹, and what is lost goes to the largest. A path empties a row, a column or an entry of the plan;
/// O(nm) a path. One thread; ties go to the lower index.
/// </remarks>
public static class Transportation
{
    /// <summary>The largest number of rows and of columns.</summary>
    public const int MaxSize = 2000;

    private const long Whole = 1L << 60;

    /// <summary>Solves the problem.</summary>
    /// <param name="rows">p: positive, its sum 1 up to 1e-9.</param>
    /// <param name="columns">q: positive, its sum 1 up to 1e-9.</param>
    /// <param name="fillRow">Writes the costs of a row; they must be finite.</param>
    /// <exception cref="ArgumentException">Weights are not positive or don't sum to 1, there are too many, or a cost is not finite.</exception>
    public static TransportationSolution Solve(ReadOnlySpan<double> rows, ReadOnlySpan<double> columns, Assignment.CostRow fillRow)
    {
        ArgumentNullException.ThrowIfNull(fillRow);
        long[] p = Masses(rows, nameof(rows)), q = Masses(columns, nameof(columns));
        double[][] costs = new double[p.Length][];
        for (int i = 0; i < p.Length; i++)
        {
            costs[i] = new double[q.Length];
            fillRow(i, costs[i]);
            if (costs[i].AsSpan().ContainsAnyExceptInRange(double.MinValue, double.MaxValue)) throw new ArgumentException($"a cost in row {i} is not finite", nameof(fillRow));
        }

        Problem problem = new(p, q, costs);
        problem.Solve();
        return problem.Solution();
    }

    /// <summary>The weights in units of 2⁻⁶⁰ with the sum 2⁶⁰.</summary>
    internal static long[] Masses(ReadOnlySpan<double> weights, string name)
    {
        if (weights.Length is 0 or > MaxSize) throw new ArgumentException($"from 1 to {MaxSize} weights were expected, not {weights.Length}", name);
        long[] masses = new long[weights.Length];
        long sum = 0;
        int largest = 0;
        for (int i = 0; i < masses.Length; i++)
        {
            if (!(weights[i] > 0 && weights[i] <= 1 + 1e-9)) throw new ArgumentException("positive weights with the sum 1 were expected", name);
            masses[i] = (long)Math.Round(Math.ScaleB(weights[i], 60));
            sum += masses[i];
            if (masses[i] > masses[largest]) largest = i;
        }

        long rest = Whole - sum;
        if (Math.Abs(rest) > Whole * 1e-9) throw new ArgumentException("weights with the sum 1 were expected", name);
        masses[largest] += rest;
        return masses;
    }

    private sealed class Problem(long[] p, long[] q, double[][] costs)
    {
        private readonly int _n = p.Length, _m = q.Length;
        private readonly long[] _left = [.. p], _wanted = [.. q];
        private readonly double[] _u = new double[p.Length], _v = new double[q.Length];
        private readonly Dictionary<int, long>[] _flow = [.. q.Select(_ => new Dictionary<int, long>())]; // column by column: row → mass
        private readonly double[] _rowDistance = new double[p.Length], _distance = new double[q.Length];
        private readonly int[] _from = new int[q.Length], _before = new int[p.Length]; // the row that reaches a column, the column that reaches a row
        private readonly bool[] _done = new bool[q.Length], _reached = new bool[p.Length];

        public void Solve()
        {
            for (int j = 0; j < _m; j++)
            {
                _v[j] = double.PositiveInfinity;
                for (int i = 0; i < _n; i++) _v[j] = Math.Min(_v[j], costs[i][j]);
            }

            Tighten();
            for (int i = 0; i < _n; i++)
                while (_left[i] > 0) Augment(i);
        }

        public TransportationSolution Solution()
        {
            List<PlannedMass> plan = [];
            List<double> paid = [], dual = [];
            for (int j = 0; j < _m; j++)
            {
                foreach ((int i, long mass) in _flow[j].Where(f => f.Value > 0).OrderBy(f => f.Key))
                {
                    double part = Math.ScaleB((double)mass, -60);
                    plan.Add(new PlannedMass(i, j, part));
                    paid.Add(part * costs[i][j]);
                }
            }

            Tighten(); // the dual is feasible up to one rounding whatever happened before
            for (int i = 0; i < _n; i++) dual.Add(Math.ScaleB((double)p[i], -60) * _u[i]);
            for (int j = 0; j < _m; j++) dual.Add(Math.ScaleB((double)q[j], -60) * _v[j]);
            return new TransportationSolution(plan, _u, _v, VectorMath.Sum(paid.ToArray()), VectorMath.Sum(dual.ToArray()));
        }

        /// <summary>u_i = min_j (c_ij − v_j).</summary>
        private void Tighten()
        {
            for (int i = 0; i < _n; i++)
            {
                _u[i] = double.PositiveInfinity;
                for (int j = 0; j < _m; j++) _u[i] = Math.Min(_u[i], costs[i][j] - _v[j]);
            }
        }

        /// <summary>As much mass as a shortest path from row <paramref name="source"/> carries; then potentials with c_ij − u_i − v_j ≥ 0, and = 0 where mass flows.</summary>
        private void Augment(int source)
        {
            Array.Fill(_distance, double.PositiveInfinity);
            Array.Clear(_done);
            Array.Clear(_reached);
            Reach(source, 0, -1);
            int end;
            while (true)
            {
                int j = -1;
                for (int k = 0; k < _m; k++)
                    if (!_done[k] && (j < 0 || _distance[k] < _distance[j])) j = k;
                if (_wanted[j] > 0)
                {
                    end = j;
                    break;
                }

                _done[j] = true;
                foreach (int i in _flow[j].Keys.Order())
                    if (!_reached[i]) Reach(i, _distance[j], j);
            }

            double length = _distance[end];
            for (int i = 0; i < _n; i++)
                if (_reached[i]) _u[i] += length - _rowDistance[i];
            for (int j = 0; j < _m; j++)
                if (_done[j]) _v[j] -= length - _distance[j];
            Move(source, end);
        }

        private void Reach(int i, double distance, int before)
        {
            (_reached[i], _rowDistance[i], _before[i]) = (true, distance, before);
            double[] row = costs[i];
            double offset = distance - _u[i];
            for (int j = 0; j < _m; j++)
            {
                double candidate = Math.Max(distance, row[j] - _v[j] + offset); // a reduced cost is not negative but for rounding
                if (!_done[j] && candidate < _distance[j]) (_distance[j], _from[j]) = (candidate, i);
            }
        }

        private void Move(int source, int end)
        {
            long mass = Math.Min(_left[source], _wanted[end]);
            for (int j = end; ;)
            {
                int i = _from[j];
                if (i == source) break;
                j = _before[i];
                mass = Math.Min(mass, _flow[j][i]);
            }

            for (int j = end; ;)
            {
                int i = _from[j];
                _flow[j][i] = _flow[j].GetValueOrDefault(i) + mass;
                if (i == source) break;
                j = _before[i];
                if ((_flow[j][i] -= mass) == 0) _flow[j].Remove(i);
            }

            _left[source] -= mass;
            _wanted[end] -= mass;
        }
    }
}

/// <summary>Mass that goes from a row to a column.</summary>
/// <param name="Row">i.</param>
/// <param name="Column">j.</param>
/// <param name="Mass">f_ij.</param>
public sealed record PlannedMass(int Row, int Column, double Mass);

/// <summary>A plan and a feasible dual.</summary>
/// <param name="Plan">The positive entries of f.</param>
/// <param name="RowPotentials">u.</param>
/// <param name="ColumnPotentials">v.</param>
/// <param name="Value">Σ c_ij f_ij: an upper bound of the minimum.</param>
/// <param name="DualValue">Σ p_i u_i + Σ q_j v_j: a lower bound, up to rounding.</param>
public sealed record TransportationSolution(
    IReadOnlyList<PlannedMass> Plan, IReadOnlyList<double> RowPotentials, IReadOnlyList<double> ColumnPotentials, double Value, double DualValue);
