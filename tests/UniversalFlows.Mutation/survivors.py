#!/usr/bin/env python3
"""A table of a Stryker report, a row a file, and the mutants that no test noticed: survivors.py mutation-report.json"""
import collections
import json
import os
import sys

report = json.load(open(sys.argv[1], encoding="utf-8"))
total = collections.Counter()
columns = ["Killed", "Timeout", "Survived", "NoCoverage"]


def row(name, counts):
    tested = sum(counts[c] for c in columns)
    score = 100 * (counts["Killed"] + counts["Timeout"]) / tested
    print(f"| `{name}` | {tested} | " + " | ".join(str(counts[c]) for c in columns) + f" | {score:.1f} % |")


print("| file | mutants | killed | timeout | survived | not covered | score |")
print("|---|---|---|---|---|---|---|")
escaped = []
for path, file in sorted(report["files"].items()):
    counts = collections.Counter(m["status"] for m in file["mutants"])
    if not any(counts[c] for c in columns):
        continue
    name, lines = os.path.basename(path), file["source"].splitlines()
    row(name, counts)
    total += counts
    for m in file["mutants"]:
        if m["status"] in ("Survived", "NoCoverage"):
            at, to = m["location"]["start"], m["location"]["end"]
            line = lines[at["line"] - 1]
            old = line[at["column"] - 1 : to["column"] - 1] if at["line"] == to["line"] else line[at["column"] - 1 :].strip() + " …"
            new = " ".join((m.get("replacement") or "").split())
            escaped.append(f"{name}:{at['line']}:{at['column']} {m['status']}: {old} -> {new[:120]}")
row("all", total)
print()
print("\n".join(escaped))
