using System.Collections.Immutable;
using System.Text.Json.Nodes;
using KmsGateway.Gateway.Seed;

namespace KmsGateway.Gateway.Accounts.Control;

/// <summary>
/// One thing that an operator's command asks of the service: over the control socket while it runs, in the command's own
/// process while it does not. Both know the arguments; commands have judged them.
/// </summary>
/// <param name="Name">Between the two.</param>
/// <param name="RunAsync">Answers the result; refuses with a <see cref="Core.Hosting.StartupException"/> that carries the exit code.</param>
internal sealed record OperatorVerb(string Name, Func<IServiceProvider, JsonObject, CancellationToken, Task<JsonObject>> RunAsync);

/// <summary>All of them.</summary>
internal static class OperatorVerbs
{
    private static readonly ImmutableDictionary<string, OperatorVerb> ByName =
        AccountVerbs.All().Concat(SeedVerbs.All()).ToImmutableDictionary(verb => verb.Name, StringComparer.Ordinal);

    public static OperatorVerb? Find(string name) => ByName.GetValueOrDefault(name);
}
