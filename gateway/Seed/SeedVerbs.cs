using System.Text.Json.Nodes;
using KmsGateway.Core.Control;
using KmsGateway.Gateway.Seed.Reading;

namespace KmsGateway.Gateway.Seed;

/// <summary>The seed half of the control socket.</summary>
internal static class SeedVerbs
{
    public const string Apply = "seed.apply";
    public const string Export = "ram.export";

    public static IEnumerable<OperatorVerb> All() => [new(Apply, ApplyAsync), new(Export, (services, arguments, _) => Task.FromResult(RamExport.Run(services, arguments)))];

    /// <summary><c>{path, dryRun, prune}</c> to <c>{changes: [{change, what}], made, kept, pending}</c>.</summary>
    private static async Task<JsonObject> ApplyAsync(IServiceProvider services, JsonObject arguments, CancellationToken cancellationToken)
    {
        var seeder = services.GetRequiredService<Seeder>();
        using var seed = SeedFile.Read((string)arguments["path"]!);
        var changes = await seeder.PlanAsync(seed, (bool)arguments["prune"]!, cancellationToken);
        var made = (bool)arguments["dryRun"]! ? 0 : await seeder.ApplyAsync(seed, changes, cancellationToken);
        var kept = changes.Count(change => change.Kind == SeedChangeKind.Kept);
        return new JsonObject
        {
            ["changes"] = new JsonArray([.. changes.Select(change => new JsonObject { ["change"] = change.Kind.ToString(), ["text"] = change.Text })]),
            ["made"] = made,
            ["kept"] = kept,
            ["pending"] = changes.Count - kept - made,
        };
    }
}
