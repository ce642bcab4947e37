#!/usr/bin/env bash
# Mutation score of a part of the numeric core (docs/mutation.md):
#   tests/UniversalFlows.Mutation/run.sh numerics|elementary|transformers|measurement|construction [FILE.cs ...]
# With file names, only those files of the group. Prints a table and the mutants that survived; the report is StrykerOutput/GROUP/reports/.
set -euo pipefail
cd "$(dirname "$0")"
group=${1:?a group was expected}; shift
case $group in
  numerics) files=(ChebyshevGrid Cholesky Finiteness Functions GaussLegendre LeastSquares LowDiscrepancy Philox SmallMatrix VectorMath); room=Numerics ;;
  elementary) files=('*'); room=Scalars/Elementary ;;
  transformers) files=('*'); room=Bijections/Transformers ;;
  measurement) files=(Kernel MaximumMeanDiscrepancy Wasserstein); room=Measurement ;;
  construction) files=(DeepSigmoidalLayer Frame MonotoneProfile NearIdentityFactors OneCoordinateMap PointSet SplineLayer); room=Construction ;;
  *) echo "no group $group" >&2; exit 5 ;;
esac
[ $# = 0 ] || files=("${@%.cs}")
mutate=()
for f in "${files[@]}"; do mutate+=(--mutate "**/$room/$f.cs"); done
export MUTATION_GROUP=$group
dotnet tool restore > /dev/null
dotnet dotnet-stryker --skip-version-check --disable-bail "${mutate[@]}" -O "StrykerOutput/$group" | grep --line-buffered -E "INF|WRN|ERR"
python3 survivors.py "StrykerOutput/$group/reports/mutation-report.json"
