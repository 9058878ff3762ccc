using System.Text.Json.Nodes;
using KmsGateway.Core.Crypto.Software;

namespace KmsGateway.Core.Tests.Crypto;

/// <summary>SM4-GCM against RFC 8998 and every case of Wycheproof's file; what the product never uses (other nonces) included.</summary>
public sealed class Sm4GcmTests
{
    private static readonly byte[] Key = Convert.FromHexString("0123456789ABCDEFFEDCBA9876543210");
    private static readonly byte[] Nonce = Convert.FromHexString("00001234567800000000ABCD");
    private static readonly byte[] Data = Convert.FromHexString("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2");
    private static readonly byte[] Text = Convert.FromHexString(
        "AAAAAAAAAAAAAAAABBBBBBBBBBBBBBBBCCCCCCCCCCCCCCCCDDDDDDDDDDDDDDDDEEEEEEEEEEEEEEEEFFFFFFFFFFFFFFFFEEEEEEEEEEEEEEEEAAAAAAAAAAAAAAAA");

    [Fact]
    public void Encrypt_Rfc8998_IsTheAppendix()
    {
        var (ciphertext, tag) = Encrypt(Key, Nonce, Text, Data);

        Assert.Equal(
            "17F399F08C67D5EE19D0DC9969C4BB7D5FD46FD3756489069157B282BB200735D82710CA5C22F0CCFA7CBF93D496AC15A56834CBCF98C397B4024A2691233B8D",
            Convert.ToHexString(ciphertext));
        Assert.Equal("83DE3541E4C2B58177E065A9BF7B62EC", Convert.ToHexString(tag));
        Assert.Equal(Text, TryDecrypt(Key, Nonce, ciphertext, tag, Data));
    }

    [Fact]
    public void TryDecrypt_AnyByteChanged_GivesNothing()
    {
        var (ciphertext, tag) = Encrypt(Key, Nonce, Text, Data);
        foreach (var part in (byte[][])[[.. Key], [.. Nonce], ciphertext, tag, [.. Data]])
        {
            for (var index = 0; index < part.Length; index++)
            {
                part[index] ^= 1;
                var (key, nonce, data) = (Like(part, Key), Like(part, Nonce), Like(part, Data));
                var plaintext = Enumerable.Repeat((byte)7, ciphertext.Length).ToArray();

                Assert.False(Sm4Gcm.TryDecrypt(key, nonce, ciphertext, tag, plaintext, data));
                Assert.All(plaintext, each => Assert.Equal(0, each));
                part[index] ^= 1;
            }
        }

        static byte[] Like(byte[] part, byte[] whole) =>
            part.Length == whole.Length && part.Zip(whole).Count(pair => pair.First != pair.Second) == 1 ? part : whole;
    }

    [Fact]
    public void Wycheproof_EveryCase_AnswersAsTheFileSays()
    {
        var file = JsonNode.Parse(File.ReadAllText(TestData.Path("vectors", "sm4_gcm_test.json")))!;
        var (valid, invalid) = (0, 0);
        foreach (var test in file["testGroups"]!.AsArray().SelectMany(group => group!["tests"]!.AsArray()))
        {
            if ((string)test!["result"]! == "valid")
            {
                RunValid(test);
                valid++;
            }
            else
            {
                RunInvalid(test);
                invalid++;
            }
        }

        Assert.Equal((75, 29), (valid, invalid));
        Assert.Equal((int)file["numberOfTests"]!, valid + invalid);
    }

    private static void RunValid(JsonNode test)
    {
        var name = $"case {test["tcId"]}: {test["comment"]}";
        var (ciphertext, tag) = Encrypt(Hex(test, "key"), Hex(test, "iv"), Hex(test, "msg"), Hex(test, "aad"));
        Assert.True(Hex(test, "ct").AsSpan().SequenceEqual(ciphertext) && Hex(test, "tag").AsSpan().SequenceEqual(tag), name);
        Assert.Equal(Hex(test, "msg"), TryDecrypt(Hex(test, "key"), Hex(test, "iv"), ciphertext, tag, Hex(test, "aad")));
    }

    private static void RunInvalid(JsonNode test)
    {
        if (Hex(test, "iv").Length == 0)
        {
            Assert.Throws<ArgumentException>(() => Open(test));
        }
        else
        {
            Assert.Null(Open(test));
        }
    }

    private static byte[]? Open(JsonNode test) =>
        TryDecrypt(Hex(test, "key"), Hex(test, "iv"), Hex(test, "ct"), Hex(test, "tag"), Hex(test, "aad"));

    private static (byte[] Ciphertext, byte[] Tag) Encrypt(byte[] key, byte[] nonce, byte[] plaintext, byte[] data)
    {
        var (ciphertext, tag) = (new byte[plaintext.Length], new byte[Sm4Gcm.TagLength]);
        Sm4Gcm.Encrypt(key, nonce, plaintext, ciphertext, tag, data);
        return (ciphertext, tag);
    }

    private static byte[]? TryDecrypt(byte[] key, byte[] nonce, byte[] ciphertext, byte[] tag, byte[] data)
    {
        var plaintext = new byte[ciphertext.Length];
        return Sm4Gcm.TryDecrypt(key, nonce, ciphertext, tag, plaintext, data) ? plaintext : null;
    }

    private static byte[] Hex(JsonNode test, string name) => Convert.FromHexString((string)test[name]!);
}
