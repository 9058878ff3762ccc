using System.Collections.Immutable;
using System.Text.Json.Nodes;
using KmsGateway.Core.Hosting;

namespace KmsGateway.Core.Control;

/// <summary>
/// One thing that an operator's command asks of the service: over the control socket while it runs, in the command's own
/// process while it does not. Both know the arguments; commands have judged them.
/// </summary>
/// <param name="Name">Between the two.</param>
/// <param name="RunAsync">Answers the result; refuses with a <see cref="StartupException"/> that carries the exit code.</param>
public sealed record OperatorVerb(string Name, Func<IServiceProvider, JsonObject, CancellationToken, Task<JsonObject>> RunAsync);

/// <summary>All those of one program.</summary>
public sealed class OperatorVerbs(IEnumerable<OperatorVerb> verbs)
{
    private readonly ImmutableDictionary<string, OperatorVerb> byName = verbs.ToImmutableDictionary(verb => verb.Name, StringComparer.Ordinal);

    /// <summary>Null when the program does not know it.</summary>
    public OperatorVerb? Find(string name) => byName.GetValueOrDefault(name);
}
