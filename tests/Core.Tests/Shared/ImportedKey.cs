using System.Security.Cryptography;
using System.Text.Json.Nodes;
using KmsGateway.Core.Crypto.Import;

namespace KmsGateway.Core.Tests;

/// <summary>A key of origin EXTERNAL with parameters for its import, as a caller of the API holds them.</summary>
internal sealed class ImportedKey(TestCore core, string keyId, string algorithm, byte[] publicKey, string token)
{
    public string KeyId => keyId;

    public string Token => token;

    public byte[] PublicKey => publicKey;

    /// <summary>SM2 unless told otherwise: its pairs are made in no time.</summary>
    public static async Task<ImportedKey> NewAsync(TestCore core, string algorithm = "SM2PKE") =>
        await ParametersAsync(core, await core.CreateKeyAsync(new JsonObject { ["Origin"] = "EXTERNAL" }), algorithm);

    /// <summary>Fresh parameters for a key that is there.</summary>
    public static async Task<ImportedKey> ParametersAsync(TestCore core, string keyId, string algorithm = "SM2PKE")
    {
        var answer = await core.OnKeyAsync("GetParametersForImport", keyId, Parameters(algorithm));
        answer.ShouldBeOk();
        return new ImportedKey(
            core, keyId, algorithm, Convert.FromBase64String((string)answer.Json[nameof(PublicKey)]!), (string)answer.Json["ImportToken"]!);
    }

    /// <summary>The same, against another core over the same data.</summary>
    public ImportedKey On(TestCore other) => new(other, keyId, algorithm, publicKey, token);

    public static JsonObject Parameters(string algorithm) => new()
    {
        ["WrappingAlgorithm"] = algorithm,
        ["WrappingKeySpec"] = algorithm == "SM2PKE" ? "EC_SM2" : "RSA_2048",
    };

    public Task<CoreAnswer> ImportAsync(byte[] material, long? expires = null) => SendAsync(Wrap(material), token, expires);

    public Task<CoreAnswer> SendAsync(byte[] wrapped, string importToken, long? expires = null) => core.OnKeyAsync(
        "ImportKeyMaterial",
        keyId,
        new JsonObject
        {
            ["EncryptedKeyMaterial"] = Convert.ToBase64String(wrapped),
            ["ImportToken"] = importToken,
            ["KeyMaterialExpireUnix"] = expires,
        });

    public byte[] Wrap(byte[] material)
    {
        if (algorithm == "SM2PKE")
        {
            return Sm2Keys.TryEncrypt(publicKey, material)!;
        }

        using var rsa = RSA.Create();
        rsa.ImportSubjectPublicKeyInfo(publicKey, out _);
        return rsa.Encrypt(material, algorithm switch
        {
            "RSAES_PKCS1_V1_5" => RSAEncryptionPadding.Pkcs1,
            "RSAES_OAEP_SHA_1" => RSAEncryptionPadding.OaepSHA1,
            _ => RSAEncryptionPadding.OaepSHA256,
        });
    }
}
