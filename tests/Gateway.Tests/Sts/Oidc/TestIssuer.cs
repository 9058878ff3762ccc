using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Tokens;

namespace KmsGateway.Gateway.Tests.Sts.Oidc;

/// <summary>An issuer without a network: its documents, its keys, its tokens.</summary>
internal sealed class TestIssuer : IDocumentRetriever, IDisposable
{
    private RSA key = RSA.Create(2048);
    private int generation = 1;

    public string Issuer { get; init; } = "https://issuer.example";

    /// <summary>What discovery says; another one is a wrong server.</summary>
    public string? StatedIssuer { get; set; }

    /// <summary>Where discovery says that the keys are; beside the issuer otherwise.</summary>
    public string? KeysAddress { get; init; }

    /// <summary>Answers wait for this, and fail with it.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    /// <summary>Whether it answers.</summary>
    public bool IsDown { get; set; }

    public int Fetches { get; private set; }

    /// <summary>A new key; the old one is no longer published.</summary>
    public void Rotate()
    {
        key.Dispose();
        key = RSA.Create(2048);
        generation++;
    }

    public async Task<string> GetDocumentAsync(string address, CancellationToken cancel)
    {
        if (IsDown)
        {
            throw new IOException("down");
        }

        Fetches++;
        await Gate.WaitAsync(cancel);
        return address.EndsWith("/.well-known/openid-configuration", StringComparison.Ordinal)
            ? JsonSerializer.Serialize(new { issuer = StatedIssuer ?? Issuer, jwks_uri = KeysAddress ?? Issuer + "/keys" })
            : Keys();
    }

    /// <summary>A token with these claims beside or instead of the usual ones; null leaves one out.</summary>
    public string Token(DateTimeOffset now, params (string Name, object? Value)[] claims)
    {
        var all = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["iss"] = Issuer,
            ["aud"] = "client-1",
            ["sub"] = "repo:acme/app",
            ["iat"] = now.ToUnixTimeSeconds(),
            ["exp"] = now.AddMinutes(10).ToUnixTimeSeconds(),
        };
        foreach (var (name, value) in claims)
        {
            all[name] = value;
        }

        return Sign(Payload(all));
    }

    public string Sign(string payload, string? kid = null) => new JsonWebTokenHandler().CreateToken(
        payload, new SigningCredentials(new RsaSecurityKey(key) { KeyId = kid ?? KeyId }, SecurityAlgorithms.RsaSha256));

    /// <summary>The public key as a secret, the classical confusion of algorithms.</summary>
    public string SignedWithThePublicKey(string payload) => new JsonWebTokenHandler().CreateToken(
        payload, new SigningCredentials(new SymmetricSecurityKey(Encoding.ASCII.GetBytes(key.ExportSubjectPublicKeyInfoPem())) { KeyId = KeyId }, SecurityAlgorithms.HmacSha256));

    public static string Payload(Dictionary<string, object?> claims) =>
        JsonSerializer.Serialize(claims.Where(claim => claim.Value is not null).ToDictionary(claim => claim.Key, claim => claim.Value));

    public void Dispose() => key.Dispose();

    private string KeyId => $"key-{generation}";

    private string Keys()
    {
        var parameters = key.ExportParameters(includePrivateParameters: false);
        return JsonSerializer.Serialize(new
        {
            keys = new[] { new { kty = "RSA", use = "sig", alg = "RS256", kid = KeyId, n = Base64UrlEncoder.Encode(parameters.Modulus), e = Base64UrlEncoder.Encode(parameters.Exponent) } },
        });
    }
}
