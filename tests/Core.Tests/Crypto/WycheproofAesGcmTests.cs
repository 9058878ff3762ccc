using System.Text.Json.Nodes;
using System.Security.Cryptography;

namespace KmsGateway.Core.Tests.Crypto;

/// <summary>
/// Wycheproof's AES-GCM cases through the very primitive that seals and XAES build on. Executed: 256-bit keys, 96-bit nonces,
/// 128-bit tags, because the product takes no others; the rest of the file is counted as left out, by reason.
/// </summary>
public sealed class WycheproofAesGcmTests
{
    private static readonly JsonNode File = JsonNode.Parse(System.IO.File.ReadAllText(TestData.Path("vectors", "aes_gcm_test.json")))!;

    [Fact]
    public void AesGcm_EveryExpressibleCase_AnswersAsTheFileSays()
    {
        var executed = new Dictionary<string, int>(StringComparer.Ordinal) { ["valid"] = 0, ["invalid"] = 0 };
        var leftOut = 0;
        foreach (var group in File["testGroups"]!.AsArray())
        {
            var isExpressible = (int)group!["keySize"]! == 256 && (int)group["ivSize"]! == 96 && (int)group["tagSize"]! == 128;
            foreach (var test in group["tests"]!.AsArray())
            {
                if (!isExpressible)
                {
                    leftOut++;
                    continue;
                }

                Run(test!);
                executed[(string)test!["result"]!]++;
            }
        }

        Assert.Equal((39, 27), (executed["valid"], executed["invalid"]));
        Assert.Equal((int)File["numberOfTests"]!, 39 + 27 + leftOut);
    }

    private static void Run(JsonNode test)
    {
        using var cipher = new AesGcm(Hex(test, "key"), 16);
        var message = Hex(test, "msg");
        var opened = new byte[Hex(test, "ct").Length];
        var name = $"case {test["tcId"]}: {test["comment"]}";
        if ((string)test["result"]! == "invalid")
        {
            Assert.Throws<AuthenticationTagMismatchException>(
                () => cipher.Decrypt(Hex(test, "iv"), Hex(test, "ct"), Hex(test, "tag"), opened, Hex(test, "aad")));
            return;
        }

        cipher.Decrypt(Hex(test, "iv"), Hex(test, "ct"), Hex(test, "tag"), opened, Hex(test, "aad"));
        Assert.True(message.AsSpan().SequenceEqual(opened), name);
        var ciphertext = new byte[message.Length];
        var tag = new byte[16];
        cipher.Encrypt(Hex(test, "iv"), message, ciphertext, tag, Hex(test, "aad"));
        Assert.True(Hex(test, "ct").AsSpan().SequenceEqual(ciphertext) && Hex(test, "tag").AsSpan().SequenceEqual(tag), name);
    }

    private static byte[] Hex(JsonNode test, string name) => Convert.FromHexString((string)test[name]!);
}
