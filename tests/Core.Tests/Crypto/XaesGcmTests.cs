using System.Security.Cryptography;
using System.Text.Json.Nodes;
using KmsGateway.Core.Crypto.Software;

namespace KmsGateway.Core.Tests.Crypto;

/// <summary>Vectors of c2sp.org/XAES-256-GCM.</summary>
public sealed class XaesGcmTests
{
    private static readonly JsonNode File = JsonNode.Parse(System.IO.File.ReadAllText(TestData.Path("vectors", "xaes_256_gcm.json")))!;

    public static TheoryData<int> VectorNumbers => [.. Enumerable.Range(0, File["vectors"]!.AsArray().Count)];

    [Fact]
    public void Vectors_AreRead_Two() => Assert.Equal(2, VectorNumbers.Count);

    [Theory]
    [MemberData(nameof(VectorNumbers))]
    public void Encrypt_PublishedVector_GivesThePublishedCiphertext(int number)
    {
        var vector = File["vectors"]![number]!;
        using var cipher = new XaesGcm(Hex(vector, "key"));
        var plaintext = Hex(vector, "plaintext");
        var ciphertext = new byte[plaintext.Length];
        var tag = new byte[16];
        var subkey = new byte[32];

        cipher.DeriveSubkey(Hex(vector, "nonce"), subkey);
        cipher.Encrypt(Hex(vector, "nonce"), plaintext, ciphertext, tag, Hex(vector, "aad"));

        Assert.Equal(Hex(vector, "derivedKey"), subkey);
        Assert.Equal(Hex(vector, "ciphertext"), (byte[])[.. ciphertext, .. tag]);
        var opened = new byte[plaintext.Length];
        Assert.True(cipher.TryDecrypt(Hex(vector, "nonce"), ciphertext, tag, opened, Hex(vector, "aad")));
        Assert.Equal(plaintext, opened);
    }

    [Fact]
    public void Encrypt_TenThousandAccumulatedCases_HashToThePublishedValue()
    {
        // one call: reading a SHAKE stream piece by piece wants a newer OpenSSL than this project does
        var random = new Queue<byte>(Shake128.HashData([], 10_000 * (32 + 24 + 2 + 510)));
        using var hash = new Shake128();
        for (var index = 0; index < (int)File["accumulated"]!["iterations"]!; index++)
        {
            var key = Take(random, 32);
            var nonce = Take(random, 24);
            var plaintext = Take(random, random.Dequeue());
            var aad = Take(random, random.Dequeue());
            var ciphertext = new byte[plaintext.Length];
            var tag = new byte[16];
            using var cipher = new XaesGcm(key);
            cipher.Encrypt(nonce, plaintext, ciphertext, tag, aad);
            hash.AppendData(ciphertext);
            hash.AppendData(tag);
        }

        Assert.Equal((string)File["accumulated"]!["hash"]!, Convert.ToHexStringLower(hash.GetCurrentHash(32)));
    }

    private static byte[] Take(Queue<byte> random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.Dequeue())];

    private static byte[] Hex(JsonNode vector, string name) => Convert.FromHexString((string)vector[name]!);
}
