using System.Text.Json.Nodes;
using KmsGateway.Core.Crypto.Import;

namespace KmsGateway.Core.Tests.Crypto;

/// <summary>
/// Every case of Wycheproof's RSA decryption files through what opens imported material. The product knows two forms of OAEP, without a
/// label and with one hash for both; what was made with a label, or with another hash, must not open, whatever the file says.
/// </summary>
public sealed class WycheproofRsaTests
{
    /// <summary>File, cases that open, cases that do not; none is left out.</summary>
    public static TheoryData<string, int, int> OaepFiles => new()
    {
        { "rsa_oaep_2048_sha1_mgf1sha1_test.json", 10, 26 },
        { "rsa_oaep_2048_sha256_mgf1sha1_test.json", 0, 31 },
        { "rsa_oaep_2048_sha256_mgf1sha256_test.json", 10, 27 },
        { "rsa_oaep_3072_sha256_mgf1sha1_test.json", 0, 32 },
        { "rsa_oaep_3072_sha256_mgf1sha256_test.json", 10, 27 },
        { "rsa_oaep_4096_sha256_mgf1sha1_test.json", 0, 32 },
        { "rsa_oaep_4096_sha256_mgf1sha256_test.json", 10, 27 },
        { "rsa_oaep_misc_test.json", 30, 365 },
        { "rsa_three_primes_oaep_2048_sha1_mgf1sha1_test.json", 10, 26 },
    };

    public static TheoryData<string, int, int> Pkcs1Files => new()
    {
        { "rsa_pkcs1_2048_test.json", 42, 25 },
        { "rsa_pkcs1_3072_test.json", 41, 26 },
        { "rsa_pkcs1_4096_test.json", 41, 26 },
    };

    [Theory]
    [MemberData(nameof(OaepFiles))]
    public void Oaep_EveryCase_OpensExactlyWhenItIsOurs(string name, int opening, int refused)
    {
        var (opened, others) = (0, 0);
        var file = Read(name);
        foreach (var group in file["testGroups"]!.AsArray())
        {
            foreach (var test in group!["tests"]!.AsArray())
            {
                if (OursIn(group, test!) is { } algorithm)
                {
                    Assert.Equal(Hex(test!, "msg"), Open(algorithm, group, test!));
                    opened++;
                }
                else
                {
                    Assert.Null(Open(WrappingAlgorithms.OaepSha1, group, test!));
                    Assert.Null(Open(WrappingAlgorithms.OaepSha256, group, test!));
                    others++;
                }
            }
        }

        Assert.Equal((opening, refused), (opened, others));
        Assert.Equal((int)file["numberOfTests"]!, opening + refused);
    }

    /// <summary>Bad padding is not told from a message; but it is never the message that the file names.</summary>
    [Theory]
    [MemberData(nameof(Pkcs1Files))]
    public void Pkcs1_EveryCase_OpensExactlyWhenItIsValid(string name, int valid, int invalid)
    {
        var (opened, others) = (0, 0);
        var file = Read(name);
        foreach (var group in file["testGroups"]!.AsArray())
        {
            foreach (var test in group!["tests"]!.AsArray())
            {
                var message = Hex(test!, "msg");
                var result = Open(WrappingAlgorithms.Pkcs1, group, test!);
                if ((string)test!["result"]! == "valid")
                {
                    Assert.Equal(message, result);
                    opened++;
                }
                else
                {
                    Assert.True(result is null || message.Length == 0 || !result.AsSpan().SequenceEqual(message), $"case {test["tcId"]}: {test["comment"]}");
                    others++;
                }
            }
        }

        Assert.Equal((valid, invalid), (opened, others));
        Assert.Equal((int)file["numberOfTests"]!, valid + invalid);
    }

    /// <summary>The algorithm here that a case was made by; null when it must not open.</summary>
    private static string? OursIn(JsonNode group, JsonNode test)
    {
        var hash = (string)group["sha"]!;
        return (string)test["result"]! != "invalid" && (string)test["label"]! is "" && (string)group["mgfSha"]! == hash
            ? hash switch
            {
                "SHA-1" => WrappingAlgorithms.OaepSha1,
                "SHA-256" => WrappingAlgorithms.OaepSha256,
                _ => null,
            }
            : null;
    }

    private static byte[]? Open(string algorithm, JsonNode group, JsonNode test) =>
        Unwrapping.TryOpen(algorithm, Convert.FromHexString((string)group["privateKeyPkcs8"]!), Hex(test, "ct"));

    private static JsonNode Read(string name) => JsonNode.Parse(File.ReadAllText(TestData.Path("vectors", name)))!;

    private static byte[] Hex(JsonNode test, string name) => Convert.FromHexString((string)test[name]!);
}
