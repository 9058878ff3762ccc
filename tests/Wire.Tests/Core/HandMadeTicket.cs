using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace KmsGateway.Wire.Tests.Core;

/// <summary>A ticket put together by hand, signed by whatever key the test likes. Source: decisions.md D2.</summary>
internal static class HandMadeTicket
{
    /// <summary>A JWT under ES256 that is good from now for a minute.</summary>
    public static string Sign(ECDsa key, string account, string action, params (string Arn, long MetadataVersion)[] resources)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var claims = new JsonObject
        {
            ["iss"] = "kmsgateway",
            ["aud"] = "kmsgateway-core",
            ["sub"] = $"acs:ram::{account}:root",
            ["acct"] = account,
            ["act"] = action,
            ["res"] = new JsonArray([.. resources.Select(each => new JsonObject { ["arn"] = each.Arn, ["mv"] = each.MetadataVersion, ["ag"] = 0 })]),
            ["iat"] = now,
            ["nbf"] = now,
            ["exp"] = now + 60,
            ["jti"] = Convert.ToHexString(RandomNumberGenerator.GetBytes(16)),
        };
        var text = $"{Encode("""{"alg":"ES256","typ":"JWT"}""")}.{Encode(claims.ToJsonString())}";
        var signature = key.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        return $"{text}.{Base64Url.EncodeToString(signature)}";
    }

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}
