#!/bin/sh
# A flow of the plane as a program for `uf battery --command "sh affine-flow.sh" --dim 2`:
# y1 = x1, y2 = x2*exp(0.5*sin(x1)) + x1^2, log-det 0.5*sin(x1). The word forward or inverse is the last argument.
# A second word before it plants a bug: sign, batch, crash, rubbish, columns, rows, hang.
bug=none
[ $# -gt 1 ] && bug=$1 && shift
case $bug in
  crash) echo "out of luck" >&2; exit 3 ;;
  rubbish) echo "hello"; exit 0 ;;
  hang) sleep 30 ;;
esac
exec awk -F, -v direction="$1" -v bug="$bug" '
NR == 1 { print "y1,y2,logdet"; next }
{
  s = 0.5 * sin($1)
  if (bug == "batch") { mean = (mean * (NR - 2) + $2) / (NR - 1); s = s + 0.1 * mean }
  if (direction == "inverse") { y = ($2 - $1 * $1) * exp(-s); s = -s } else y = $2 * exp(s) + $1 * $1
  if (bug == "sign") s = -s
  if (bug == "columns") printf "%.17g,%.17g\n", $1, y
  else if (bug != "rows" || NR > 2) printf "%.17g,%.17g,%.17g\n", $1, y, s
}'
