using System.Collections.Immutable;

namespace KmsGateway.Gateway.Hosting.Health;

/// <summary>One thing the service needs to be of use.</summary>
/// <param name="IsOk">Whether it is there.</param>
/// <param name="Reason">Why not, for the operator; empty when it is. Never a secret.</param>
internal sealed record Condition(bool IsOk, string Reason);

/// <summary>
/// Named conditions; the service is ready when all are met. It begins with <see cref="Startup"/> unmet and ends with
/// <see cref="Shutdown"/> unmet, which nothing takes back.
/// </summary>
internal sealed class Readiness
{
    /// <summary>Met once the server listens.</summary>
    public const string Startup = "startup";

    /// <summary>Unmet from the moment the server was asked to stop.</summary>
    public const string Shutdown = "shutdown";

    private ImmutableSortedDictionary<string, Condition> conditions =
        ImmutableSortedDictionary.Create<string, Condition>(StringComparer.Ordinal).Add(Startup, new Condition(IsOk: false, "starting"));

    /// <summary>The conditions now, by name.</summary>
    public ImmutableSortedDictionary<string, Condition> Conditions => Volatile.Read(ref conditions);

    /// <summary>Whether all are met.</summary>
    public bool IsReady => Conditions.Values.All(condition => condition.IsOk);

    /// <summary>Adds or changes a condition; <paramref name="reason"/> says why it is not met.</summary>
    public void Set(string name, bool isOk, string reason = "")
    {
        if (!isOk && reason.Length == 0)
        {
            throw new ArgumentException("an unmet condition has a reason", nameof(reason));
        }

        ImmutableInterlocked.Update(
            ref conditions,
            (all, change) => change.Name == Shutdown && all.ContainsKey(Shutdown) ? all : all.SetItem(change.Name, change.Condition),
            (Name: name, Condition: new Condition(isOk, isOk ? "" : reason)));
    }
}
