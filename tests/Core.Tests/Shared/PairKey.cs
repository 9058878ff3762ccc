using System.Text.Json.Nodes;

namespace KmsGateway.Core.Tests;

/// <summary>A key pair in the service and its one version, as a caller of the API holds them.</summary>
internal sealed record PairKey(TestCore Core, string KeyId, string VersionId)
{
    public static async Task<PairKey> NewAsync(TestCore core, string spec, string usage)
    {
        var keyId = await core.CreateKeyAsync(new JsonObject { ["KeySpec"] = spec, ["KeyUsage"] = usage });
        return new PairKey(core, keyId, (await core.VersionsAsync(keyId)).Single());
    }

    /// <summary>One that the algorithm fits.</summary>
    public static Task<PairKey> ForAsync(TestCore core, string spec, string algorithm) =>
        NewAsync(core, spec, algorithm.StartsWith("RSAES", StringComparison.Ordinal) || algorithm == "SM2PKE" ? "ENCRYPT/DECRYPT" : "SIGN/VERIFY");

    public Task<CoreAnswer> CallAsync(string action, string? algorithm, params (string Name, JsonNode? Value)[] more)
    {
        var body = new JsonObject { ["KeyVersionId"] = VersionId, ["Algorithm"] = algorithm };
        foreach (var (name, value) in more)
        {
            body[name] = value;
        }

        return Core.OnKeyAsync(action, KeyId, body);
    }

    public async Task<byte[]> SignAsync(string algorithm, byte[] digest) =>
        Bytes("Value", await CallAsync("AsymmetricSign", algorithm, ("Digest", Convert.ToBase64String(digest))));

    public async Task<bool> VerifyAsync(string algorithm, byte[] digest, byte[] signature)
    {
        var answer = await CallAsync(
            "AsymmetricVerify", algorithm, ("Digest", Convert.ToBase64String(digest)), ("Value", Convert.ToBase64String(signature)));
        answer.ShouldBeOk();
        return (bool)answer.Json["Value"]!;
    }

    public async Task<byte[]> EncryptAsync(string algorithm, byte[] plaintext) =>
        Bytes("CiphertextBlob", await CallAsync("AsymmetricEncrypt", algorithm, ("Plaintext", Convert.ToBase64String(plaintext))));

    public Task<CoreAnswer> TryDecryptAsync(string algorithm, byte[] ciphertext) =>
        CallAsync("AsymmetricDecrypt", algorithm, ("CiphertextBlob", Convert.ToBase64String(ciphertext)));

    public async Task<byte[]> DecryptAsync(string algorithm, byte[] ciphertext) =>
        Bytes("Plaintext", await TryDecryptAsync(algorithm, ciphertext));

    public async Task<string> PublicKeyAsync()
    {
        var answer = await CallAsync("GetPublicKey", null);
        answer.ShouldBeOk();
        Assert.Equal((KeyId, VersionId), ((string)answer.Json[nameof(KeyId)]!, (string)answer.Json["KeyVersionId"]!));
        return (string)answer.Json["PublicKey"]!;
    }

    private byte[] Bytes(string member, CoreAnswer answer)
    {
        answer.ShouldBeOk();
        Assert.Equal((KeyId, VersionId), ((string)answer.Json[nameof(KeyId)]!, (string)answer.Json["KeyVersionId"]!));
        return Convert.FromBase64String((string)answer.Json[member]!);
    }
}
