using System.Globalization;
using KmsGateway.Benchmarks.Keys;
using KmsGateway.Benchmarks.Scale;
using KmsGateway.Benchmarks.Timing;

namespace KmsGateway.Benchmarks.Load;

/// <summary>The tools that <c>tests/bench.sh</c> puts together.</summary>
internal static class LoadTools
{
    private static readonly Dictionary<string, Func<string[], Task<int>>> Tools = new(StringComparer.Ordinal)
    {
        ["bare"] = BareEndpoint.RunAsync,
        ["decrypt-timing"] = DecryptTiming.RunAsync,
        ["keys"] = KeyTool.RunAsync,
        ["prepare"] = Preparation.RunAsync,
        ["scale"] = ScaleTool.RunAsync,
        ["sign"] = RequestFile.RunAsync,
    };

    /// <summary>The tool of that name, or null.</summary>
    public static Func<string[], Task<int>>? Find(string name) => Tools.GetValueOrDefault(name);

    /// <summary>The value behind <c>--name</c>.</summary>
    public static string Option(string[] args, string name)
    {
        var at = Array.IndexOf(args, $"--{name}");
        return at >= 0 && at + 1 < args.Length ? args[at + 1] : throw new ArgumentException($"--{name} VALUE is needed", nameof(args));
    }

    /// <summary>The number behind <c>--name</c>.</summary>
    public static int Number(string[] args, string name, int byDefault) =>
        Array.IndexOf(args, $"--{name}") >= 0 ? int.Parse(Option(args, name), CultureInfo.InvariantCulture) : byDefault;
}
