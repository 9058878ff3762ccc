using System.Diagnostics;
using System.Text.Json.Nodes;
using KmsGateway.Wire.Tests.Clients;

namespace KmsGateway.Wire.Tests.Revocation;

/// <summary>An access key of a victim; <c>Number</c> tells one from its successors.</summary>
internal sealed record VictimKey(long Number, string Id, string Secret, string? SecurityToken = null);

/// <summary>A RAM user, or a session of a role, that loses and regains its right to one call in one way.</summary>
internal sealed class RevocationVictim(string name, VictimKey key, Func<RevocationVictim, Task> revoke, Func<RevocationVictim, Task> grant)
{
    /// <summary>What a revoked caller may be told.</summary>
    private static readonly string[] Denials =
        ["Forbidden.NoPermission", "InvalidAccessKeyId.Inactive", "InvalidAccessKeyId.NotFound", "InvalidSecurityToken.Expired"];

    private volatile VictimKey current = key;

    public string Name => name;

    public VictimKey Key
    {
        get => current;
        set => current = value;
    }

    /// <summary>Whether a revocation ends the access key itself, for ever.</summary>
    public bool EndsTheKey { get; init; }

    /// <summary>What it calls, and under which version of the API.</summary>
    public (string Version, string Action) Call { get; init; } = ("2016-01-20", "ListKeys");

    public RevocationHistory History { get; } = new();

    public Task RevokeAsync() => revoke(this);

    public Task GrantAsync() => grant(this);

    /// <summary>One signed call, recorded; answers whether it was served. Anything but an answer or a denial is a failure.</summary>
    public async Task<bool> CallAsync(RawConnection connection)
    {
        var mine = current;
        var started = Stopwatch.GetTimestamp();
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal);
        if (mine.SecurityToken is { } token)
        {
            parameters.Add("SecurityToken", token);
        }

        var (status, body) = await connection.PostAsync(RpcSigner.Sign("POST", mine.Id, mine.Secret, Call.Version, Call.Action, parameters));
        var isServed = status == 200;
        if (!isServed)
        {
            var code = (string?)JsonNode.Parse(body)?["Code"];
            if (!Denials.Contains(code, StringComparer.Ordinal))
            {
                throw new InvalidOperationException($"{name}: {status} {code}");
            }
        }

        History.Add(new RevocationCall(mine.Number, started, Stopwatch.GetTimestamp(), isServed));
        return isServed;
    }
}
