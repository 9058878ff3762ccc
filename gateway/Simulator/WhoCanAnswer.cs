using System.Collections.Immutable;
using System.Text.Json;
using KmsGateway.Policy.Documents;
using KmsGateway.Policy.Evaluation;
using KmsGateway.Policy.Simulation;

namespace KmsGateway.Gateway.Simulator;

/// <summary>Who can, may or almost can, and who can become the roles among them. Source: simulator.md 6.</summary>
internal sealed class WhoCanAnswer(SimulatedAction action, ImmutableArray<ResolvedQuestion> resolved, GivenContext context)
{
    /// <summary>Callers held against roles; beyond it <c>assumableBy</c> is left out, and the answer says so.</summary>
    public const int MaxPairs = 100_000;

    private readonly Dictionary<string, ImmutableArray<WhoCanEntry>> assumers = new(StringComparer.Ordinal);
    private ImmutableArray<WhoCanCaller> entries = [];
    private bool isAssumableByLeftOut;

    public int Count => entries.Length;

    /// <summary>The tags of another account's key are not told, so neither is what a Deny found there.</summary>
    private ExplainDetail BlockedDetail => resolved.Any(question => question.Shared is not null) ? ExplainDetail.None : ExplainDetail.Deciding;

    private string? ManagedBy => resolved.Select(question => question.Descriptor?.ManagedBy).FirstOrDefault(product => product is not null);

    /// <summary>The use of a service-managed key, which its product has and nobody else.</summary>
    private bool IsProductsOwn => ManagedBy is not null && action.Kms.Any(check => check.CarriesTags);

    public void Judge(IEnumerable<SimulatedPrincipal> callers)
    {
        // Why: only its product uses a service-managed key, and nobody changes it, whatever policies say.
        entries = ManagedBy is not null && !action.IsRead
            ? []
            : [.. callers.Select(Of).Where(entry => entry.Ability != Ability.None)];
    }

    /// <summary>For every role among those found: who may take it, one level deep.</summary>
    public void FindAssumers(ImmutableArray<SimulatedPrincipal> callers, IReadOnlyDictionary<string, PolicyDocument> trusts)
    {
        var roles = entries.Select(entry => entry.Caller).Where(caller => caller.Principal.Type == PrincipalType.Role).ToArray();
        isAssumableByLeftOut = (long)roles.Length * callers.Length > MaxPairs;
        foreach (var role in isAssumableByLeftOut ? [] : roles)
        {
            var trust = trusts.GetValueOrDefault(role.Principal.Name);
            var resource = new SimulatedResource(role.Label, role.Label, "arn", [], trust);
            var call = new SimulatedCall(RolePolicies.AssumeRole, [resource], context.Context);
            var services = RolePolicies.ServicesOf(trust).Select(PrincipalDirectory.Service);
            assumers[role.Label] = trust is null ? [] : [.. WhoCan.Find([.. callers.Where(caller => caller.Label != role.Label), .. services], call, resource)];
        }
    }

    public void Write(Utf8JsonWriter json)
    {
        json.WriteString("action", action.Name);
        json.WriteStartArray("resources");
        foreach (var question in resolved)
        {
            json.WriteStartObject();
            json.WriteString("permission", question.Check.Action);
            json.WriteString("asked", question.Check.Resource.Asked);
            json.WriteString("resource", question.Check.Resource.Arn);
            json.WriteString("via", question.Check.Resource.Via);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (ManagedBy is { } product)
        {
            json.WriteString("managedBy", product);
        }

        IEnumerable<WhoCanCaller?> able = entries.Where(entry => entry.Ability != Ability.Blocked);
        WriteList(json, "principals", IsProductsOwn ? able.Prepend(null) : able, WritePrincipal);
        WriteList(json, "blocked", entries.Where(entry => entry.Ability == Ability.Blocked), WriteBlocked);
        if (isAssumableByLeftOut)
        {
            json.WriteBoolean("assumableByLeftOut", true);
        }

        context.Write(json);
    }

    private WhoCanCaller Of(SimulatedPrincipal caller)
    {
        var each = resolved.Select(question => question.For(caller, context.Context).Check).Select(check => WhoCan.Judge(
            caller, new SimulatedCall(check.Action, [check.Resource], context.Context), check.Resource)).ToImmutableArray();
        return new WhoCanCaller(caller, each);
    }

    private static void WriteList<TItem>(Utf8JsonWriter json, string name, IEnumerable<TItem> items, Action<Utf8JsonWriter, TItem> write)
    {
        json.WriteStartArray(name);
        foreach (var item in items)
        {
            json.WriteStartObject();
            write(json, item);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private void WritePrincipal(Utf8JsonWriter json, WhoCanCaller? entry)
    {
        if (entry is null)
        {
            WriteCaller(json, PrincipalDirectory.Service(ManagedBy!), Ability.Always);
            json.WriteStartArray("through");
            json.WriteStringValue("service-managed key");
            json.WriteEndArray();
            return;
        }

        WriteCaller(json, entry.Caller, entry.Ability);
        json.WriteStartArray("through");
        foreach (var way in entry.Entries.SelectMany(Ways).Distinct(StringComparer.Ordinal))
        {
            json.WriteStringValue(way);
        }

        json.WriteEndArray();
        if (entry.Ability == Ability.Conditional)
        {
            WriteConditions(json, entry.Entries);
        }

        if (entry.Caller.Principal.Type == PrincipalType.Role && assumers.TryGetValue(entry.Caller.Label, out var found))
        {
            WriteList(json, "assumableBy", found.Where(each => each.Ability != Ability.Blocked), WriteAssumer);
        }
    }

    private static void WriteAssumer(Utf8JsonWriter json, WhoCanEntry entry)
    {
        WriteCaller(json, entry.Result.Caller, entry.Ability);
        if (entry.Ability == Ability.Conditional)
        {
            WriteConditions(json, [entry]);
        }
    }

    private void WriteBlocked(Utf8JsonWriter json, WhoCanCaller entry)
    {
        WriteCaller(json, entry.Caller, entry.Ability);
        json.WritePropertyName("result");
        SimulationWriter.Write(json, entry.Entries.First(each => each.Ability == Ability.Blocked).Result, BlockedDetail);
    }

    private static void WriteCaller(Utf8JsonWriter json, SimulatedPrincipal caller, Ability ability)
    {
        json.WriteString("principal", caller.Label);
        json.WriteString("type", caller.Principal.Type.ToString());
        json.WriteString("ability", ability.ToString());
    }

    private static void WriteConditions(Utf8JsonWriter json, ImmutableArray<WhoCanEntry> entries)
    {
        var open =
            from entry in entries
            from statement in entry.LeftOver
            from condition in statement.Conditions
            where !condition.IsMet
            select (entry.Result.Caller, statement, condition.Condition);
        WriteList(json, "conditions", open, static (json, item) =>
        {
            json.WriteString("effect", item.statement.Statement.Effect.ToString());
            json.WriteString("policy", item.Caller.NameOf(item.statement.Reference));
            json.WriteNumber("statement", item.statement.Reference.Statement);
            json.WriteString("operator", item.Condition.Operator.Name);
            json.WriteString("key", item.Condition.Key.Text);
            json.WriteStartArray("wanted");
            foreach (var value in item.Condition.Values)
            {
                json.WriteStringValue(value);
            }

            json.WriteEndArray();
        });
    }

    /// <summary>What allows, or would: the caller's own policy, a group's, the role's, the resource's, or being root.</summary>
    private static IEnumerable<string> Ways(WhoCanEntry entry)
    {
        var caller = entry.Result.Caller;
        if (entry.Result.Decision.Layer == PolicyLayer.Root)
        {
            return ["root"];
        }

        var allowing = entry.Result.Decision.IsAllowed
            ? entry.Result.Explain().DecidedBy
            : [.. entry.LeftOver.Where(statement => statement.Statement.Effect == StatementEffect.Allow).Select(statement => statement.Reference)];
        return allowing.Select(reference => reference.Layer == PolicyLayer.Identity
            ? caller.Policies[reference.Policy].AttachedTo.Split('/')[0] switch
            {
                "group" => $"group {caller.Policies[reference.Policy].AttachedTo.Split('/', 2)[1]}",
                "role" => "role",
                _ => "direct",
            }
            : "resource policy");
    }
}

/// <summary>One caller against every check of the call.</summary>
/// <param name="Caller">Who.</param>
/// <param name="Entries">One per check.</param>
internal sealed record WhoCanCaller(SimulatedPrincipal Caller, ImmutableArray<WhoCanEntry> Entries)
{
    /// <summary>Weakest first: a call needs all its checks.</summary>
    private static readonly Ability[] Weakest = [Ability.None, Ability.Blocked, Ability.Conditional];

    public Ability Ability { get; } = Weakest.FirstOrDefault(ability => Entries.Any(entry => entry.Ability == ability), Ability.Always);
}
