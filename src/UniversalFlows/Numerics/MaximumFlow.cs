namespace UniversalFlows.Numerics;

/// <summary>
/// The largest mass that can go from rows to columns along allowed pairs, rows giving at most p_i and columns taking at most q_j: a maximum flow by E. A. Dinic's blocking flows (1970), with masses in whole numbers of 2⁻⁶⁰.
/// </summary>
public static class MaximumFlow
{
    /// <summary>The mass.</summary>
    /// <param name="rows">p: positive, with the sum 1.</param>
    /// <param name="columns">q: positive, with the sum 1.</param>
    /// <param name="allowed">Whether mass may go from row i to column j.</param>
    public static double Between(ReadOnlySpan<double> rows, ReadOnlySpan<double> columns, Func<int, int, bool> allowed)
    {
        ArgumentNullException.ThrowIfNull(allowed);
        long[] left = Transportation.Masses(rows, nameof(rows)), wanted = Transportation.Masses(columns, nameof(columns));
        int n = left.Length, m = wanted.Length;
        int[][] edges = [.. Enumerable.Range(0, n).Select(i => Enumerable.Range(0, m).Where(j => allowed(i, j)).ToArray())];
        long[,] flow = new long[n, m];
        int[] rowLevel = new int[n], columnLevel = new int[m], rowNext = new int[n], columnNext = new int[m];
        long total = 0;
        while (Levels())
        {
            Array.Clear(rowNext);
            Array.Clear(columnNext);
            for (int i = 0; i < n; i++)
                if (left[i] > 0)
                {
                    long pushed;
                    while (left[i] > 0 && (pushed = FromRow(i, left[i])) > 0)
                    {
                        left[i] -= pushed;
                        total += pushed;
                    }
                }
        }

        return Math.ScaleB((double)total, -60);

        // breadth first from all rows with mass left; true if a column that wants mass is reached
        bool Levels()
        {
            Array.Fill(rowLevel, -1);
            Array.Fill(columnLevel, -1);
            Queue<int> queue = new();
            for (int i = 0; i < n; i++)
            {
                if (left[i] == 0) continue;
                rowLevel[i] = 0;
                queue.Enqueue(i);
            }

            bool found = false;
            while (queue.TryDequeue(out int node))
            {
                if (node < n)
                {
                    foreach (int j in edges[node])
                    {
                        if (columnLevel[j] >= 0) continue;
                        columnLevel[j] = rowLevel[node] + 1;
                        found |= wanted[j] > 0;
                        queue.Enqueue(n + j);
                    }
                }
                else
                {
                    int j = node - n;
                    for (int i = 0; i < n; i++)
                    {
                        if (flow[i, j] == 0 || rowLevel[i] >= 0) continue;
                        rowLevel[i] = columnLevel[j] + 1;
                        queue.Enqueue(i);
                    }
                }
            }

            return found;
        }

        long FromRow(int i, long most)
        {
            for (; rowNext[i] < edges[i].Length; rowNext[i]++)
            {
                int j = edges[i][rowNext[i]];
                if (columnLevel[j] != rowLevel[i] + 1) continue;
                long pushed = FromColumn(j, most);
                if (pushed == 0) continue;
                flow[i, j] += pushed;
                return pushed;
            }

            return 0;
        }

        long FromColumn(int j, long most)
        {
            if (wanted[j] > 0)
            {
                long taken = Math.Min(most, wanted[j]);
                wanted[j] -= taken;
                return taken;
            }

            for (; columnNext[j] < n; columnNext[j]++)
            {
                int i = columnNext[j];
                if (flow[i, j] == 0 || rowLevel[i] != columnLevel[j] + 1) continue;
                long pushed = FromRow(i, Math.Min(most, flow[i, j]));
                if (pushed == 0) continue;
                flow[i, j] -= pushed;
                return pushed;
            }

            return 0;
        }
    }
}
