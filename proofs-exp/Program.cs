using UniversalFlows.Proofs.Report;
using UniversalFlows.Proofs.Studies;

RunSummary summary = Runner.Run(new RunOptions(), p => Console.Error.WriteLine($"{p.Done}/{p.Planned} {p.LastCell} {p.ElapsedSeconds:f1}s left {p.RemainingSeconds:f0}s"));
ReportWriter.Write(Results.Load("results", "uf report"), "reports/index.html");
Console.WriteLine(summary);
return 0;
