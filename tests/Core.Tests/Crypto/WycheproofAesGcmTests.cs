using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace KmsGateway.Core.Tests.Crypto;

/// <summary>
/// Every case of Wycheproof's AES-GCM file through the very primitive that seals and XAES build on. Nonces of other than 96 bits, which
/// the product never makes, must be refused, valid or not.
/// </summary>
public sealed class WycheproofAesGcmTests
{
    private static readonly JsonNode File = JsonNode.Parse(System.IO.File.ReadAllText(TestData.Path("vectors", "aes_gcm_test.json")))!;

    [Fact]
    public void AesGcm_EveryCase_AnswersAsTheFileSaysOrRefusesTheNonce()
    {
        var executed = new Dictionary<string, int>(StringComparer.Ordinal) { ["valid"] = 0, ["invalid"] = 0, ["other nonce"] = 0 };
        foreach (var group in File["testGroups"]!.AsArray())
        {
            foreach (var test in group!["tests"]!.AsArray())
            {
                executed[(int)group["ivSize"]! == 96 ? Run(test!) : Refuse(test!)]++;
            }
        }

        Assert.Equal((116, 81, 119), (executed["valid"], executed["invalid"], executed["other nonce"]));
        Assert.Equal((int)File["numberOfTests"]!, executed.Values.Sum());
    }

    private static string Refuse(JsonNode test)
    {
        using var cipher = new AesGcm(Hex(test, "key"), 16);
        var text = new byte[Hex(test, "ct").Length];
        Assert.Throws<ArgumentException>(() => cipher.Decrypt(Hex(test, "iv"), Hex(test, "ct"), Hex(test, "tag"), text, Hex(test, "aad")));
        Assert.Throws<ArgumentException>(() => cipher.Encrypt(Hex(test, "iv"), Hex(test, "msg"), text, new byte[16], Hex(test, "aad")));
        return "other nonce";
    }

    private static string Run(JsonNode test)
    {
        using var cipher = new AesGcm(Hex(test, "key"), 16);
        var message = Hex(test, "msg");
        var opened = new byte[Hex(test, "ct").Length];
        var name = $"case {test["tcId"]}: {test["comment"]}";
        if ((string)test["result"]! == "invalid")
        {
            Assert.Throws<AuthenticationTagMismatchException>(
                () => cipher.Decrypt(Hex(test, "iv"), Hex(test, "ct"), Hex(test, "tag"), opened, Hex(test, "aad")));
            return "invalid";
        }

        cipher.Decrypt(Hex(test, "iv"), Hex(test, "ct"), Hex(test, "tag"), opened, Hex(test, "aad"));
        Assert.True(message.AsSpan().SequenceEqual(opened), name);
        var ciphertext = new byte[message.Length];
        var tag = new byte[16];
        cipher.Encrypt(Hex(test, "iv"), message, ciphertext, tag, Hex(test, "aad"));
        Assert.True(Hex(test, "ct").AsSpan().SequenceEqual(ciphertext) && Hex(test, "tag").AsSpan().SequenceEqual(tag), name);
        return "valid";
    }

    private static byte[] Hex(JsonNode test, string name) => Convert.FromHexString((string)test[name]!);
}
