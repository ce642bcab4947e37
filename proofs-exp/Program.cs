using UniversalFlows.Proofs.Commands;

using Interruption interruption = new();
return CommandLine.Run(args, Terminal.OfProcess(interruption));
