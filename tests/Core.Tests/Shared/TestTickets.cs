using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using KmsGateway.Core.Contract;

namespace KmsGateway.Core.Tests;

/// <summary>Mints tickets by hand, right ones and wrong ones: nothing of the product's own code is used.</summary>
internal sealed class TestTickets : IDisposable
{
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public string PublicPem => key.ExportSubjectPublicKeyInfoPem();

    public static JsonObject Claims(
        DateTimeOffset now, string account, string subject, string action, IEnumerable<TicketResource> resources) => new()
        {
            ["iss"] = "kmsgateway",
            ["aud"] = "kmsgateway-core",
            ["exp"] = now.AddSeconds(60).ToUnixTimeSeconds(),
            ["jti"] = Guid.NewGuid().ToString(),
            ["sub"] = subject,
            ["acct"] = account,
            ["act"] = action,
            ["res"] = new JsonArray([.. resources.Select(resource => new JsonObject
            {
                ["arn"] = resource.Arn,
                ["mv"] = resource.MetadataVersion,
                ["ag"] = resource.AliasGeneration,
            })]),
        };

    public string Mint(JsonObject claims) => Mint(claims, "ES256", HashAlgorithmName.SHA256);

    public string Mint(JsonObject claims, string algorithm, HashAlgorithmName hash)
    {
        var signed = Unsigned(claims, algorithm);
        return signed + "." + Encode(key.SignData(Encoding.ASCII.GetBytes(signed), hash));
    }

    /// <summary>The classic confusion: a MAC whose secret is the public key.</summary>
    public string MintWithPublicKeyAsSecret(JsonObject claims)
    {
        var signed = Unsigned(claims, "HS256");
        return signed + "." + Encode(HMACSHA256.HashData(Encoding.UTF8.GetBytes(PublicPem), Encoding.ASCII.GetBytes(signed)));
    }

    public static string MintUnsigned(JsonObject claims) => Unsigned(claims, "none") + ".";

    public void Dispose() => key.Dispose();

    private static string Unsigned(JsonObject claims, string algorithm) =>
        Encode(Encoding.UTF8.GetBytes(new JsonObject { ["alg"] = algorithm, ["typ"] = "JWT" }.ToJsonString()))
        + "." + Encode(Encoding.UTF8.GetBytes(claims.ToJsonString()));

    private static string Encode(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
