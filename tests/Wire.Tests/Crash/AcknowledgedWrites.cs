using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using KmsGateway.Wire.Tests.Clients;
using Xunit;

namespace KmsGateway.Wire.Tests.Crash;

/// <summary>What the service has acknowledged, and the check that it still knows all of it.</summary>
internal sealed class AcknowledgedWrites
{
    private readonly ConcurrentDictionary<string, Remembered> keys = new(StringComparer.Ordinal);
    private int count;

    /// <summary>Acknowledged CreateKey, CreateAlias and TagResource calls.</summary>
    public int Count => Volatile.Read(ref count);

    /// <summary>Keys among them.</summary>
    public int Keys => keys.Count;

    /// <summary>
    /// One key with an alias and a tag, three writes; each is remembered the moment its answer is there, and the next is not
    /// begun when <paramref name="limit"/> is reached.
    /// </summary>
    public async Task WriteOneAsync(KmsCaller root, string mark, int limit)
    {
        var made = (await root.KmsAsync("CreateKey", ("Description", mark))).Success;
        var keyId = (string)made["KeyMetadata"]!["KeyId"]!;
        var remembered = keys[keyId] = new Remembered(mark);
        Interlocked.Increment(ref count);
        var sealedText = (await root.KmsAsync("Encrypt", ("KeyId", keyId), ("Plaintext", mark))).Success;
        remembered.CiphertextBlob = (string)sealedText["CiphertextBlob"]!;
        if (Count >= limit)
        {
            return;
        }

        _ = (await root.KmsAsync("CreateAlias", ("KeyId", keyId), ("AliasName", $"alias/{mark}"))).Success;
        remembered.HasAlias = true;
        Interlocked.Increment(ref count);
        if (Count >= limit)
        {
            return;
        }

        var tags = new JsonArray(new JsonObject { ["TagKey"] = "mark", ["TagValue"] = mark }).ToJsonString();
        _ = (await root.KmsAsync("TagResource", ("KeyId", keyId), ("Tags", tags))).Success;
        remembered.IsTagged = true;
        Interlocked.Increment(ref count);
    }

    /// <summary>Every acknowledged write is there, and every key opens what it sealed.</summary>
    public async Task VerifyAsync(KmsCaller root)
    {
        foreach (var (keyId, remembered) in keys)
        {
            var described = (await root.KmsAsync("DescribeKey", ("KeyId", keyId))).Success;
            Assert.Equal(remembered.Mark, (string?)described["KeyMetadata"]!["Description"]);
            await VerifyCiphertextAsync(root, keyId, remembered);
            if (remembered.HasAlias)
            {
                var byAlias = (await root.KmsAsync("DescribeKey", ("KeyId", $"alias/{remembered.Mark}"))).Success;
                Assert.Equal(keyId, (string?)byAlias["KeyMetadata"]!["KeyId"]);
            }

            if (remembered.IsTagged)
            {
                var tags = (await root.KmsAsync("ListResourceTags", ("KeyId", keyId))).Success;
                var tag = Assert.Single(tags["Tags"]!["Tag"]!.AsArray())!;
                Assert.Equal(remembered.Mark, (string?)tag["TagValue"]);
            }
        }
    }

    private static async Task VerifyCiphertextAsync(KmsCaller root, string keyId, Remembered remembered)
    {
        // a key whose first ciphertext was lost with the crash must at least work now
        var blob = remembered.CiphertextBlob
            ?? (string)(await root.KmsAsync("Encrypt", ("KeyId", keyId), ("Plaintext", remembered.Mark))).Success["CiphertextBlob"]!;
        var opened = (await root.KmsAsync("Decrypt", ("CiphertextBlob", blob))).Success;
        Assert.Equal((keyId, remembered.Mark), ((string?)opened["KeyId"], (string?)opened["Plaintext"]));
    }

    private sealed class Remembered(string mark)
    {
        public string Mark { get; } = mark;

        public string? CiphertextBlob { get; set; }

        public bool HasAlias { get; set; }

        public bool IsTagged { get; set; }
    }
}
