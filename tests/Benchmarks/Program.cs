using BenchmarkDotNet.Running;
using KmsGateway.Benchmarks.Load;

// the first word chooses a tool of tests/bench.sh; anything else is BenchmarkDotNet's
return args is [var tool, .. var rest] && LoadTools.Find(tool) is { } run ? await run(rest) : Micro(args);

static int Micro(string[] args)
{
    BenchmarkSwitcher.FromAssembly(typeof(LoadTools).Assembly).Run(args);
    return 0;
}
