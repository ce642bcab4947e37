using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace UniversalFlows.Numerics;

/// <summary>
/// The linear assignment problem min over permutations π of Σ_i c_{i,π(i)}, with its dual max Σ u_i + Σ v_j subject to u_i + v_j ≤ c_ij. The dual
/// solution is a certificate: no permutation costs less than the dual value.
/// </summary>
/// <remarks>
/// An auction with ε-scaling (D. P. Bertsekas, "The auction algorithm", Annals of Operations Research 14, 1988) for good potentials; then, exactly, R. Jonker and
/// A. Volgenant, "A shortest augmenting path algorithm for dense and sparse linear assignment problems", Computing 38, 1987: two
/// passes of augmenting row reduction, and a shortest augmenting path (dense Dijkstra, eight columns at a time) for each row that is left. O(n³) at worst, O(n²)
/// memory. Bids and row reductions are counted, because with rounded numbers they may undercut each other by nothing for ever. At
/// the end u_i = min_j (c_ij − v_j), so that the dual is feasible up to one rounding whatever happened before. One thread; ties
/// go to free columns, then to the lower index; the same bits on every machine.
/// </remarks>
public static unsafe class Assignment
{
    /// <summary>The largest n: the costs take 8n² bytes.</summary>
    public const int MaxSize = 20_000;

    private const double Infinity = double.PositiveInfinity;

    // the auction: the first ε relative to the spread of the costs, the last one also over n, the factor between, and bids at most
    private const double FirstEpsilon = 0.1, LastEpsilon = 0.1, Scaling = 5;
    private const int BidsPerRow = 100;

    /// <summary>Solves the problem.</summary>
    /// <param name="n">1 ≤ n ≤ <see cref="MaxSize"/>.</param>
    /// <param name="fillRow">Writes the n costs of a row; they must be finite, and the same at every call.</param>
    /// <exception cref="ArgumentException">A cost is not finite, or n is out of range.</exception>
    public static AssignmentSolution Solve(int n, CostRow fillRow)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(n, MaxSize);
        ArgumentNullException.ThrowIfNull(fillRow);
        int stride = (n + 7) & ~7;
        using AlignedBuffer costs = new((long)n * stride), work = new(5L * stride);
        for (int i = 0; i < n; i++)
        {
            Span<double> row = costs.Span((long)i * stride, stride);
            fillRow(i, row[..n]);
            if (row[..n].ContainsAnyExceptInRange(double.MinValue, double.MaxValue)) throw new ArgumentException($"a cost in row {i} is not finite", nameof(fillRow));
            row[n..].Fill(Infinity); // padding: never a minimum
        }

        Problem p = new(n, stride, costs.Start, work.Start);
        if (n == 1) (p.ColumnOf[0], p.RowOf[0], p.V[0]) = (0, 0, p.Row(0)[0]);
        else p.Solve();
        return p.Solution();
    }

    /// <summary>One row of costs.</summary>
    public delegate void CostRow(int row, Span<double> costs);

    private sealed class Problem(int n, int stride, double* costs, double* work)
    {
        public readonly int[] ColumnOf = new int[n], RowOf = new int[n];
        public readonly double* V = work; // column potentials; −∞ while a column is done in a search
        private readonly double* _distance = work + stride, _predecessor = work + (2 * stride), _kept = work + (3 * stride);
        private readonly double* _rank = work + (4 * stride); // of columns, for ties: free ones first, then by index

        public double* Row(int i) => costs + ((long)i * stride);

        public void Solve()
        {
            ClearMatching();
            ReduceColumns();
            Auction();
            List<int> free = [.. Enumerable.Range(0, n)];
            for (int pass = 0; pass < 2 && free.Count > 0; pass++) free = ReduceRows(free);
            foreach (int i in free) Augment(i);
        }

        /// <summary>v_j = min_i c_ij.</summary>
        private void ReduceColumns()
        {
            new Span<double>(V, n).Fill(Infinity);
            for (int i = 0; i < n; i++)
            {
                double* row = Row(i);
                for (int j = 0; j < n; j++) V[j] = Math.Min(V[j], row[j]);
            }
        }

        /// <summary>
        /// Good potentials by an auction: each row without a column bids ε more than the difference of its two cheapest columns, and takes the cheapest from
        /// its owner; with a smaller ε again and again. Its matching is within nε of the least cost, and is dropped: only the potentials are kept. So it
        /// may stop at any time: what it costs is bounded by the number of bids, and the result is exact either way.
        /// </summary>
        private void Auction()
        {
            double spread = Spread();
            if (!(spread > 0)) return;
            int bids = 0, most = BidsPerRow * n;
            int[] waiting = new int[n];
            for (double epsilon = FirstEpsilon * spread; epsilon >= LastEpsilon * spread / n && bids < most; epsilon /= Scaling)
            {
                ClearMatching();
                int count = n;
                for (int i = 0; i < n; i++) waiting[i] = n - 1 - i;
                for (; count > 0 && bids < most; bids++)
                {
                    int i = waiting[--count];
                    (double first, int column, double second, _) = TwoSmallest(Row(i));
                    V[column] -= second - first + epsilon;
                    int displaced = RowOf[column];
                    Own(i, column);
                    if (displaced >= 0) waiting[count++] = displaced;
                }
            }

            ClearMatching();
        }

        /// <summary>The mean over the rows of max_j − min_j of c_ij − v_j.</summary>
        private double Spread()
        {
            double sum = 0;
            for (int i = 0; i < n; i++)
            {
                double* row = Row(i);
                double low = Infinity, high = double.NegativeInfinity;
                for (int j = 0; j < n; j++) (low, high) = (Math.Min(low, row[j] - V[j]), Math.Max(high, row[j] - V[j]));
                sum += high - low;
            }

            return sum / n;
        }

        private void ClearMatching()
        {
            Array.Fill(ColumnOf, -1);
            Array.Fill(RowOf, -1);
            for (int j = 0; j < stride; j++) _rank[j] = j;
        }

        /// <summary>Row i takes a column. The column ranks behind all free ones from now on.</summary>
        private void Own(int i, int column)
        {
            (RowOf[column], ColumnOf[i]) = (i, column);
            _rank[column] = column + stride;
        }

        /// <summary>Each free row takes its cheapest column and pushes its price up to the second cheapest, displacing the owner.</summary>
        private List<int> ReduceRows(List<int> free)
        {
            Stack<int> now = new(Enumerable.Reverse(free));
            List<int> later = [];
            for (int moves = 0, most = 4 * n; now.Count > 0; moves++)
            {
                int i = now.Pop();
                (double first, int column, double second, int other) = TwoSmallest(Row(i));
                double price = V[column] - (second - first);
                bool lower = price < V[column]; // false on a tie, or when the difference is lost in rounding
                if (lower) V[column] = price;
                else if (RowOf[column] >= 0) column = other;
                int displaced = RowOf[column];
                Own(i, column);
                if (displaced < 0) continue;
                ColumnOf[displaced] = -1;
                if (lower && moves < most) now.Push(displaced);
                else later.Add(displaced);
            }

            return later;
        }

        /// <summary>Dijkstra from a free row to the nearest free column in reduced costs; then potentials and the path.</summary>
        private void Augment(int free)
        {
            List<int> done = [];
            new Span<double>(_distance, stride).Fill(Infinity);
            int i = free, end;
            double shift = 0, length;
            while (true)
            {
                int j = Relax(Row(i), shift, i);
                length = _distance[j];
                if (RowOf[j] < 0)
                {
                    end = j;
                    break;
                }

                i = RowOf[j];
                shift = Row(i)[j] - V[j] - length;
                done.Add(j);
                // its potential is kept aside with the distance in it; here it can't be reached again
                _kept[j] = V[j] + length;
                (V[j], _distance[j]) = (double.NegativeInfinity, Infinity);
            }

            foreach (int j in done) V[j] = _kept[j] - length;
            for (int j = end; ;)
            {
                int row = (int)_predecessor[j], next = ColumnOf[row];
                Own(row, j);
                if (row == free) return;
                j = next;
            }
        }

        /// <summary>distance_j ← min(distance_j, c_j − v_j − shift) for all columns; returns the nearest one, of several the first by rank.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private int Relax(double* row, double shift, int i)
        {
            Vector512<double> offset = Vector512.Create(shift), source = Vector512.Create((double)i), best = Vector512.Create(Infinity), where = best;
            double* v = V, distance = _distance, predecessor = _predecessor, rank = _rank;
            for (int j = 0; j < stride; j += 8)
            {
                Vector512<double> candidate = Vector512.LoadAligned(row + j) - Vector512.LoadAligned(v + j) - offset, old = Vector512.LoadAligned(distance + j);
                Vector512<double> nearer = Vector512.LessThan(candidate, old);
                old = Vector512.ConditionalSelect(nearer, candidate, old);
                old.StoreAligned(distance + j);
                Vector512.ConditionalSelect(nearer, source, Vector512.LoadAligned(predecessor + j)).StoreAligned(predecessor + j);
                Vector512<double> index = Vector512.LoadAligned(rank + j);
                Vector512<double> smaller = Vector512.LessThan(old, best) | (Vector512.Equals(old, best) & Vector512.LessThan(index, where));
                best = Vector512.ConditionalSelect(smaller, old, best);
                where = Vector512.ConditionalSelect(smaller, index, where);
            }

            return First(best, where).Rank % stride;
        }

        /// <summary>The smallest and the second smallest c_j − v_j; ties by rank.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private (double First, int Column, double Second, int Other) TwoSmallest(double* row)
        {
            Vector512<double> infinity = Vector512.Create(Infinity), one = infinity, two = infinity, at = infinity, then = infinity;
            double* v = V, rank = _rank;
            for (int j = 0; j < stride; j += 8)
            {
                Vector512<double> c = Vector512.LoadAligned(row + j) - Vector512.LoadAligned(v + j), index = Vector512.LoadAligned(rank + j);
                Vector512<double> first = Vector512.LessThan(c, one) | (Vector512.Equals(c, one) & Vector512.LessThan(index, at));
                Vector512<double> second = Vector512.LessThan(c, two) | (Vector512.Equals(c, two) & Vector512.LessThan(index, then));
                two = Vector512.ConditionalSelect(first, one, Vector512.ConditionalSelect(second, c, two));
                then = Vector512.ConditionalSelect(first, at, Vector512.ConditionalSelect(second, index, then));
                one = Vector512.ConditionalSelect(first, c, one);
                at = Vector512.ConditionalSelect(first, index, at);
            }

            (double value, int column) = First(one, at);
            // the second smallest of all is the second of the winner's lane, or the first of another lane
            int lane = column & 7;
            one = one.WithElement(lane, two[lane]);
            at = at.WithElement(lane, then[lane]);
            (double next, int other) = First(one, at);
            return (value, column % stride, next, other % stride);
        }

        private static (double Value, int Rank) First(Vector512<double> values, Vector512<double> ranks)
        {
            double value = values[0], rank = ranks[0];
            for (int lane = 1; lane < 8; lane++)
            {
                if (values[lane] < value || (values[lane] == value && ranks[lane] < rank)) (value, rank) = (values[lane], ranks[lane]);
            }

            return (value, (int)rank);
        }

        public AssignmentSolution Solution()
        {
            double[] u = new double[n], v = new Span<double>(V, n).ToArray(), paid = new double[n];
            for (int i = 0; i < n; i++)
            {
                double* row = Row(i);
                double smallest = Infinity;
                for (int j = 0; j < n; j++) smallest = Math.Min(smallest, row[j] - v[j]);
                u[i] = smallest;
                paid[i] = row[ColumnOf[i]];
            }

            return new AssignmentSolution(ColumnOf, u, v, VectorMath.Sum(paid), VectorMath.Sum(u) + VectorMath.Sum(v));
        }
    }
}

/// <summary>A permutation and a feasible dual.</summary>
/// <param name="Columns">π: row i has column π(i).</param>
/// <param name="RowPotentials">u.</param>
/// <param name="ColumnPotentials">v.</param>
/// <param name="Value">Σ c_{i,π(i)}: an upper bound of the minimum.</param>
/// <param name="DualValue">Σ u_i + Σ v_j: a lower bound, up to rounding.</param>
public sealed record AssignmentSolution(
    IReadOnlyList<int> Columns, IReadOnlyList<double> RowPotentials, IReadOnlyList<double> ColumnPotentials, double Value, double DualValue);
