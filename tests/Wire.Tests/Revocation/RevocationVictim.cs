using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using KmsGateway.Wire.Tests.Clients;

namespace KmsGateway.Wire.Tests.Revocation;

/// <summary>An access key of a victim; <c>Number</c> tells one from its successors.</summary>
internal sealed record VictimKey(long Number, string Id, string Secret);

/// <summary>A RAM user that loses and regains its right to list keys in one way.</summary>
internal sealed class RevocationVictim(string name, VictimKey key, Func<RevocationVictim, Task> revoke, Func<RevocationVictim, Task> grant)
{
    private static readonly Dictionary<string, string> NoParameters = new(StringComparer.Ordinal);

    /// <summary>What a revoked caller may be told.</summary>
    private static readonly string[] Denials = ["Forbidden.NoPermission", "InvalidAccessKeyId.Inactive", "InvalidAccessKeyId.NotFound"];

    private volatile VictimKey current = key;

    public string Name => name;

    public VictimKey Key
    {
        get => current;
        set => current = value;
    }

    /// <summary>Whether a revocation ends the access key itself, for ever.</summary>
    public bool EndsTheKey { get; init; }

    public RevocationHistory History { get; } = new();

    public Task RevokeAsync() => revoke(this);

    public Task GrantAsync() => grant(this);

    /// <summary>One signed call, recorded; answers whether it was served. Anything but an answer or a denial is a failure.</summary>
    public async Task<bool> CallAsync(HttpClient client, Uri address)
    {
        var mine = current;
        var started = Stopwatch.GetTimestamp();
        var form = RpcSigner.Sign("POST", mine.Id, mine.Secret, "2016-01-20", "ListKeys", NoParameters);
        using var content = new ByteArrayContent(Encoding.ASCII.GetBytes(form));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded");
        using var response = await client.PostAsync(address, content);
        var isServed = response.IsSuccessStatusCode;
        if (!isServed)
        {
            var code = (string?)JsonNode.Parse(await response.Content.ReadAsStringAsync())?["Code"];
            if (!Denials.Contains(code, StringComparer.Ordinal))
            {
                throw new InvalidOperationException($"{name}: {(int)response.StatusCode} {code}");
            }
        }

        History.Add(new RevocationCall(mine.Number, started, Stopwatch.GetTimestamp(), isServed));
        return isServed;
    }
}
