using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using KmsGateway.Core.Crypto.KeyPairs;
using KmsGateway.Core.Crypto.Software;

namespace KmsGateway.Core.Tests.Crypto;

/// <summary>
/// Wycheproof's cases of the algorithms that the API has. Signatures of foreign public keys, which no call can name, go through what
/// serves AsymmetricVerify; private keys of the files are put into sealed records and used by the served calls.
/// </summary>
[SupportedOSPlatform("linux")]
public sealed class WycheproofPairTests
{
    /// <summary>A case that the file leaves open counts as wrong here: one accepts what is right, and nothing else.</summary>
    [Theory]
    [InlineData("rsa_pss_2048_sha256_mgf1_32_test.json", "RSA_PSS_SHA_256", 63, 45)]
    [InlineData("rsa_pss_3072_sha256_mgf1_32_test.json", "RSA_PSS_SHA_256", 63, 45)]
    [InlineData("rsa_signature_2048_sha256_test.json", "RSA_PKCS1_SHA_256", 9, 250)]
    [InlineData("rsa_signature_3072_sha256_test.json", "RSA_PKCS1_SHA_256", 8, 251)]
    [InlineData("ecdsa_secp256r1_sha256_test.json", "ECDSA_SHA_256", 174, 310)]
    [InlineData("ecdsa_secp256k1_sha256_test.json", "ECDSA_SHA_256", 168, 308)]
    public void Signature_EachCase_IsAcceptedExactlyWhenValid(string file, string algorithm, int valid, int others)
    {
        var counts = new Dictionary<bool, int>();
        foreach (var (key, test) in Verifications(file, algorithm))
        {
            using (key)
            {
                var isValid = (string)test["result"]! == "valid";
                Assert.True(isValid == Verifies(key, algorithm, test), $"{test["tcId"]}: {test["comment"]}");
                counts[isValid] = counts.GetValueOrDefault(isValid) + 1;
            }
        }

        Assert.Equal((valid, others), (counts[true], counts[false]));
    }

    /// <summary>Right signatures of a scheme that is not of this API, without salt; and one, wrong there, that is of ours.</summary>
    [Fact]
    public void Signature_PssWithAnotherSalt_IsNotAccepted()
    {
        var executed = 0;
        var accepted = new List<string>();
        foreach (var (key, test) in Verifications("rsa_pss_2048_sha256_mgf1_0_test.json", "RSA_PSS_SHA_256"))
        {
            using (key)
            {
                if (Verifies(key, "RSA_PSS_SHA_256", test))
                {
                    accepted.Add((string)test["comment"]!);
                }

                executed++;
            }
        }

        Assert.Equal(103, executed);
        Assert.Equal(["s_len changed to 32"], accepted);
    }

    [Theory]
    [InlineData("rsa_oaep_2048_sha1_mgf1sha1_test.json", "RSA_2048", "RSAES_OAEP_SHA_1", 36, 7)]
    [InlineData("rsa_oaep_2048_sha256_mgf1sha256_test.json", "RSA_2048", "RSAES_OAEP_SHA_256", 37, 8)]
    [InlineData("rsa_oaep_3072_sha256_mgf1sha256_test.json", "RSA_3072", "RSAES_OAEP_SHA_256", 37, 8)]
    public async Task AsymmetricDecrypt_EachCaseWithoutLabel_AnswersAsTheFileSays(string file, string spec, string algorithm, int count, int withLabel)
    {
        await using var core = await TestCore.StartAsync();
        var key = await PairKey.ForAsync(core, spec, algorithm);
        var (executed, leftOut) = (0, 0);
        foreach (var group in Groups(file))
        {
            await PutAsync(key, (string)group["privateKeyPkcs8"]!);
            foreach (var test in group["tests"]!.AsArray())
            {
                if (test!["label"]?.GetValue<string>() is { Length: > 0 })
                {
                    leftOut++;
                    continue;
                }

                await DecryptAsync(key, algorithm, test);
                executed++;
            }
        }

        Assert.Equal((count - withLabel, withLabel), (executed, leftOut));
    }

    /// <summary>The one algorithm whose signatures have no chance in them.</summary>
    [Theory]
    [InlineData("rsa_pkcs1_2048_sig_gen_test.json", "RSA_2048")]
    [InlineData("rsa_pkcs1_3072_sig_gen_test.json", "RSA_3072")]
    public async Task AsymmetricSign_EachCaseOfTheHash_GivesTheSignatureOfTheFile(string file, string spec)
    {
        await using var core = await TestCore.StartAsync();
        var key = await PairKey.ForAsync(core, spec, "RSA_PKCS1_SHA_256");
        var executed = 0;
        foreach (var group in Groups(file).Where(group => (string)group["sha"]! == "SHA-256"))
        {
            await PutAsync(key, (string)group["privateKeyPkcs8"]!);
            foreach (var test in group["tests"]!.AsArray())
            {
                Assert.Equal(Bytes(test!, "sig"), await key.SignAsync("RSA_PKCS1_SHA_256", SHA256.HashData(Bytes(test!, "msg"))));
                executed++;
            }
        }

        Assert.InRange(executed, 8, 43);
    }

    private static async Task DecryptAsync(PairKey key, string algorithm, JsonNode test)
    {
        if (Bytes(test, "ct") is not { Length: > 0 } ciphertext)
        {
            (await key.TryDecryptAsync(algorithm, [])).ShouldBe(400, "MissingParameter", "CiphertextBlob");
        }
        else if ((string)test["result"]! == "valid")
        {
            Assert.Equal(Bytes(test, "msg"), await key.DecryptAsync(algorithm, ciphertext));
        }
        else
        {
            (await key.TryDecryptAsync(algorithm, ciphertext)).ShouldBe(400, "InvalidParameter", "CiphertextBlob");
        }
    }

    private static async Task PutAsync(PairKey key, string pkcs8)
    {
        using var rsa = RSA.Create();
        rsa.ImportPkcs8PrivateKey(Convert.FromHexString(pkcs8), out _);
        await PairRecords.ReplaceAsync(key, rsa.ExportPkcs8PrivateKey(), rsa.ExportSubjectPublicKeyInfo());
    }

    private static IEnumerable<(IKeyPair Key, JsonNode Test)> Verifications(string file, string algorithm)
    {
        foreach (var group in Groups(file))
        {
            var info = Convert.FromHexString((string)group["publicKeyDer"]!);
            foreach (var test in group["tests"]!.AsArray())
            {
                yield return (algorithm.StartsWith("RSA", StringComparison.Ordinal) ? OpenRsa(info) : OpenCurve(info), test!);
            }
        }
    }

    private static RsaKeyPair OpenRsa(byte[] info)
    {
        using var rsa = new RSAOpenSsl();
        rsa.ImportSubjectPublicKeyInfo(info, out _);
        return new RsaKeyPair(rsa);
    }

    private static EcdsaKeyPair OpenCurve(byte[] info)
    {
        using var ecdsa = new ECDsaOpenSsl();
        ecdsa.ImportSubjectPublicKeyInfo(info, out _);
        return new EcdsaKeyPair(ecdsa);
    }

    private static bool Verifies(IKeyPair key, string algorithm, JsonNode test) =>
        key.Verify(PairAlgorithm.All[algorithm], SHA256.HashData(Bytes(test, "msg")), Bytes(test, "sig"));

    private static IEnumerable<JsonNode> Groups(string file) =>
        JsonNode.Parse(File.ReadAllText(TestData.Path("vectors", file)))!["testGroups"]!.AsArray().Select(group => group!);

    private static byte[] Bytes(JsonNode test, string member) => Convert.FromHexString((string)test[member]!);
}
