using System.Text.Json.Nodes;

namespace KmsGateway.Gateway.Tests.Simulator;

/// <summary>Random policies near a few keys: the same seed, the same policies.</summary>
internal sealed class PolicyDice(int seed, string account, IReadOnlyList<string> keys, IReadOnlyList<string> aliases)
{
    private static readonly string[] Actions =
    [
        "*", "kms:*", "kms:Encrypt", "kms:*crypt", "kms:Decrypt", "kms:Generate*", "kms:Describe*", "kms:List*", "kms:UpdateAlias", "kms:*Alias*", "kms:ReEncrypt*",
        "kms:?n*", "kms:UpdateKeyDescription", "kms:TagResource", "oss:*",
    ];

    private readonly Random random = new(seed);

    public bool Chance(double share) => random.NextDouble() < share;

    public int Next(int end) => random.Next(end);

    public int Next(int first, int end) => random.Next(first, end);

    public T Pick<T>(params IReadOnlyList<T> list) => list[random.Next(list.Count)];

    public string Document()
    {
        var statements = new JsonArray();
        for (var count = random.Next(1, 4); count > 0; count--)
        {
            statements.Add(Statement());
        }

        return new JsonObject { ["Version"] = "1", ["Statement"] = statements }.ToJsonString();
    }

    /// <summary>A policy of a key: who may use it besides.</summary>
    public string KeyPolicy(string user) => new JsonObject
    {
        ["Version"] = "1",
        ["Statement"] = new JsonArray(new JsonObject
        {
            ["Effect"] = Chance(0.7) ? "Allow" : "Deny",
            ["Principal"] = new JsonObject { ["RAM"] = new JsonArray($"acs:ram::{account}:{Pick($"user/{user}", "root", "*", "user/somebody")}") },
            ["Action"] = Pick("kms:*", "kms:Encrypt", "kms:*crypt"),
            ["Resource"] = "*",
        }),
    }.ToJsonString();

    private JsonObject Statement()
    {
        var statement = new JsonObject { ["Effect"] = Chance(0.72) ? "Allow" : "Deny" };
        statement[Chance(0.9) ? "Action" : "NotAction"] = Many(Actions);
        statement[Chance(0.9) ? "Resource" : "NotResource"] = Chance(0.5) ? "*" : Many(Resources());
        if (Chance(0.5))
        {
            statement["Condition"] = Condition();
        }

        return statement;
    }

    private string[] Resources() =>
    [
        "acs:kms:*:*:key/*", $"acs:kms:*:*:key/{Pick(keys)}", $"acs:kms:*:{account}:{Pick(aliases)}", "acs:kms:*:*:alias/*", "acs:kms:*:*:key", "acs:kms:*:*:*",
        $"acs:kms:cn-beijing:*:key/{Pick(keys)}", "acs:kms:*:9999999999999999:key/*",
    ];

    private JsonObject Condition() => random.Next(5) switch
    {
        0 => new JsonObject { ["StringEquals"] = new JsonObject { ["kms:tag/Project"] = Many("Apollo", "Gemini") } },
        1 => new JsonObject { ["StringNotEquals"] = new JsonObject { ["kms:tag/Project"] = Pick("Apollo", "Gemini") } },
        2 => new JsonObject { [Pick("IpAddress", "NotIpAddress")] = new JsonObject { ["acs:SourceIp"] = Pick("127.0.0.0/8", "10.0.0.0/8") } },
        3 => new JsonObject { ["Bool"] = new JsonObject { [Pick("acs:MFAPresent", "acs:SecureTransport")] = Pick("true", "false") } },
        _ => new JsonObject { ["StringLike"] = new JsonObject { ["acs:PrincipalARN"] = Pick("*:user/*", "*:role/*") } },
    };

    private JsonNode Many(params string[] list) => Chance(0.6)
        ? JsonValue.Create(Pick(list))
        : new JsonArray([.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => (JsonNode)JsonValue.Create(Pick(list)))]);
}
