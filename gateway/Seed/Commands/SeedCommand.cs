using System.CommandLine;
using System.Text.Json.Nodes;
using KmsGateway.Gateway.Accounts.Commands;

namespace KmsGateway.Gateway.Seed.Commands;

/// <summary><c>seed</c>: what <c>Kms:Seed</c> does at start, on demand.</summary>
internal sealed class SeedCommand() : OperatorCommand("seed", "Make what a seed file declares, or show what would change (--dry-run).")
{
    private readonly Argument<string> file = new("file") { Description = "a seed: .yaml, .yml or .json" };
    private readonly SeedOptions options = new();

    protected override void AddTo(Command command)
    {
        command.Arguments.Add(file);
        options.AddTo(command);
    }

    protected override Task<int> RunAsync(ParseResult parsed, OperatorRun run, CancellationToken cancellationToken) =>
        options.RunAsync(parsed, run, parsed.GetRequiredValue(file), Print, cancellationToken);
}

/// <summary>What <c>seed</c> and <c>ram import</c> have in common: options, the call, the diff.</summary>
internal sealed class SeedOptions
{
    private const int Differs = 1;

    private readonly Option<bool> dryRun = new("--dry-run") { Description = "change nothing, show the differences; exit code 1 when there are any to make" };
    private readonly Option<bool> prune = new("--prune")
    {
        Description = "also detach policies and end memberships that are not in a list of the file; without it they are shown and kept",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(dryRun);
        command.Options.Add(prune);
    }

    public async Task<int> RunAsync(
        ParseResult parsed, OperatorRun run, string path, Action<OperatorRun, JsonObject, Func<JsonObject, IEnumerable<string>>> print, CancellationToken cancellationToken)
    {
        var arguments = new JsonObject { ["path"] = Path.GetFullPath(path), ["dryRun"] = parsed.GetValue(dryRun), ["prune"] = parsed.GetValue(prune) };
        var result = await run.AskAsync(SeedVerbs.Apply, arguments, cancellationToken);
        print(run, result, Text);
        return (int)result["pending"]! > 0 ? Differs : 0;
    }

    private static IEnumerable<string> Text(JsonObject result) =>
        result["changes"]!.AsArray().Select(change => (string)change!["text"]!)
            .Append($"{result["made"]} changes made, {result["pending"]} to make, {result["kept"]} differences kept");
}
