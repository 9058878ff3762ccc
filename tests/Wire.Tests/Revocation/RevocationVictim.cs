using System.Diagnostics;
using System.Text.Json;
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
    private volatile PreparedCall? prepared;

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

    /// <summary>What can be given a policy meanwhile: <c>User</c> or <c>Role</c>; null for a role that must be without to be deleted.</summary>
    public string? Holder { get; init; } = "User";

    /// <summary>Whether the policy that matters to nothing is attached.</summary>
    public bool HoldsUnrelated { get; set; }

    public RevocationHistory History { get; } = new();

    public Task RevokeAsync() => revoke(this);

    public Task GrantAsync() => grant(this);

    /// <summary>One signed call, recorded; answers whether it was served. Anything but an answer or a denial is a failure.</summary>
    public async Task<bool> CallAsync(RawConnection connection, CancellationToken cancellationToken)
    {
        var mine = Prepared();
        var started = Stopwatch.GetTimestamp();
        var (status, body) = await connection.PostAsync(mine.Form.Sign(), cancellationToken);
        var ended = Stopwatch.GetTimestamp();
        if (status != 200 && Code(body) is var code && !Denials.Contains(code, StringComparer.Ordinal))
        {
            throw new InvalidOperationException($"{name}: {status} {code}");
        }

        History.Add(new RevocationCall(mine.Key.Number, started, ended, status == 200));
        return status == 200;
    }

    private static string? Code(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body);
        return document.RootElement.TryGetProperty("Code", out var code) ? code.GetString() : null;
    }

    /// <summary>The call under the key of this moment; put together once for each key.</summary>
    private PreparedCall Prepared()
    {
        var mine = current;
        if (prepared is { } ready && ReferenceEquals(ready.Key, mine))
        {
            return ready;
        }

        var parameters = new Dictionary<string, string>(StringComparer.Ordinal);
        if (mine.SecurityToken is { } token)
        {
            parameters.Add("SecurityToken", token);
        }

        var made = new PreparedCall(mine, new PreparedForm("POST", mine.Id, mine.Secret, Call.Version, Call.Action, parameters));
        prepared = made;
        return made;
    }

    private sealed record PreparedCall(VictimKey Key, PreparedForm Form);
}
