#!/usr/bin/env python3
"""A table of a Stryker report, a row a file, and the mutants that no test noticed.

survivors.py mutation-report.json [--without NAME ...]: with names, as if the tests whose names contain one of them did not exist.
"""
import collections
import json
import os
import sys

report = json.load(open(sys.argv[1], encoding="utf-8"))
left_out = sys.argv[3:]
names = {t["id"]: t["name"] for f in report["testFiles"].values() for t in f["tests"]}
total = collections.Counter()
columns = ["Killed", "Timeout", "Survived", "NoCoverage"]


def remaining(tests):
    return [t for t in tests or [] if not any(part in names.get(t, "") for part in left_out)]


def status(m):
    if left_out and m["status"] in columns:
        if not remaining(m.get("coveredBy")):
            return "NoCoverage"
        if m["status"] == "Killed" and not remaining(m.get("killedBy")):
            return "Survived"
    return m["status"]


def row(name, counts):
    tested = sum(counts[c] for c in columns)
    score = 100 * (counts["Killed"] + counts["Timeout"]) / tested
    print(f"| `{name}` | {tested} | " + " | ".join(str(counts[c]) for c in columns) + f" | {score:.1f} % |")


print("| file | mutants | killed | timeout | survived | not covered | score |")
print("|---|---|---|---|---|---|---|")
escaped = []
for path, file in sorted(report["files"].items()):
    counts = collections.Counter(status(m) for m in file["mutants"])
    if not any(counts[c] for c in columns):
        continue
    name, lines = os.path.basename(path), file["source"].splitlines()
    row(name, counts)
    total += counts
    for m in file["mutants"]:
        if status(m) in ("Survived", "NoCoverage"):
            at, to = m["location"]["start"], m["location"]["end"]
            line = lines[at["line"] - 1]
            old = line[at["column"] - 1 : to["column"] - 1] if at["line"] == to["line"] else line[at["column"] - 1 :].strip() + " …"
            new = " ".join((m.get("replacement") or "").split())
            escaped.append(f"{name}:{at['line']}:{at['column']} {status(m)}: {old} -> {new[:120]}")
row("all", total)
print()
print("\n".join(escaped))
