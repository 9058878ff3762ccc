using System.Text;
using System.Text.Json.Nodes;
using KmsGateway.Core.Crypto.Import;

namespace KmsGateway.Core.Tests.StateMachine;

/// <summary>What is encrypted opens where it should and nowhere else.</summary>
internal sealed partial class Walk
{
    private const int MostCiphertexts = 300;

    private static readonly (byte[] PublicKey, byte[] Scalar) Receiver = Sm2Keys.Generate();

    private readonly List<Ciphertext> ciphertexts = [];

    /// <summary>Everything that was ever acknowledged opens, where its key may be used; the rest is refused as it should be.</summary>
    public async Task OpenAllAsync(int most)
    {
        foreach (var made in ciphertexts.OrderBy(_ => chance.Next()).Take(most).ToArray())
        {
            await OpenAsync(made, made.Blob, made.Context);
        }
    }

    /// <summary>Callers see the end of keys and of material at the moment it is due.</summary>
    public async Task SeenBeforeItIsDoneAsync(World due)
    {
        foreach (var made in ciphertexts)
        {
            var key = due.Keys.GetValueOrDefault(made.KeyId);
            if (SourceError(key) is { } error)
            {
                var body = new JsonObject { ["CiphertextBlob"] = made.Blob, ["EncryptionContext"] = new JsonObject { ["c"] = made.Context } };
                Assert.Equal(error, (await CallAsync("Decrypt", body, null)).Error);
            }
        }
    }

    private async Task EncryptAsync(ModelKey key)
    {
        var (text, context) = ($"text {chance.Next()}", $"c{chance.Next(3)}");
        var body = new JsonObject { ["KeyId"] = key.Id, ["Plaintext"] = text, ["EncryptionContext"] = new JsonObject { ["c"] = context } };
        var answer = await UseAsync("Encrypt", body, Moves.UseError(key));
        if (answer is not null)
        {
            Assert.Equal(key.Versions[^1], (string)answer["KeyVersionId"]!);
            Keep(new Ciphertext((string)answer["CiphertextBlob"]!, key.Id, context, text));
        }
    }

    private async Task DataKeyAsync(ModelKey key)
    {
        var body = new JsonObject { ["KeyId"] = key.Id, ["EncryptionContext"] = new JsonObject { ["c"] = "data" } };
        var (action, receiver) = chance.Next(3) switch
        {
            0 => ("GenerateDataKey", false),
            1 => ("GenerateDataKeyWithoutPlaintext", false),
            _ => ("GenerateAndExportDataKey", true),
        };
        if (receiver)
        {
            ForReceiver(body);
        }

        var answer = await UseAsync(action, body, Moves.UseError(key));
        if (answer is not null)
        {
            Keep(new Ciphertext((string)answer["CiphertextBlob"]!, key.Id, "data", receiver ? Received(answer) : (string?)answer["Plaintext"]) { IsDataKey = true });
        }
    }

    private async Task ExportAsync()
    {
        var dataKeys = ciphertexts.Where(made => made.IsDataKey).ToArray();
        if (dataKeys.Length == 0)
        {
            return;
        }

        var made = dataKeys[chance.Next(dataKeys.Length)];
        var body = new JsonObject { ["CiphertextBlob"] = made.Blob, ["EncryptionContext"] = new JsonObject { ["c"] = made.Context } };
        ForReceiver(body);
        var answer = await UseAsync("ExportDataKey", body, SourceError(KeyOf(made.Blob)));
        if (answer is not null)
        {
            Assert.True(made.Text is null || made.Text == Received(answer));
        }
    }

    private static void ForReceiver(JsonObject body)
    {
        body["PublicKeyBlob"] = Convert.ToBase64String(Receiver.PublicKey);
        (body["WrappingAlgorithm"], body["WrappingKeySpec"]) = ("SM2PKE", "EC_SM2");
    }

    private static string Received(JsonNode answer) =>
        Convert.ToBase64String(Sm2Keys.TryDecrypt(Receiver.Scalar, Convert.FromBase64String((string)answer["ExportedDataKey"]!))!);

    private void Keep(Ciphertext made)
    {
        if (ciphertexts.Count < MostCiphertexts)
        {
            ciphertexts.Add(made);
        }
        else
        {
            ciphertexts[chance.Next(MostCiphertexts)] = made;
        }
    }

    private Task DecryptAsync()
    {
        if (ciphertexts.Count == 0)
        {
            return Task.CompletedTask;
        }

        var made = ciphertexts[chance.Next(ciphertexts.Count)];
        return chance.Next(4) switch
        {
            0 => OpenAsync(made, made.Blob, "another"),
            1 => OpenAsync(made, Damaged(made.Blob), made.Context),
            _ => OpenAsync(made, made.Blob, made.Context),
        };
    }

    private async Task OpenAsync(Ciphertext made, string blob, string context)
    {
        var isWhole = blob == made.Blob && context == made.Context;
        var body = new JsonObject { ["CiphertextBlob"] = blob, ["EncryptionContext"] = new JsonObject { ["c"] = context } };
        var answer = await UseAsync("Decrypt", body, SourceError(KeyOf(blob)) ?? (isWhole ? null : "InvalidParameter"));
        if (answer is not null)
        {
            var text = (string)answer["Plaintext"]!;
            Assert.Equal((made.KeyId, made.Text ?? text), ((string)answer["KeyId"]!, text));
            Decrypted++;
        }
    }

    private async Task ReEncryptAsync(ModelKey to)
    {
        if (ciphertexts.Count == 0)
        {
            return;
        }

        var made = ciphertexts[chance.Next(ciphertexts.Count)];
        var source = KeyOf(made.Blob);
        var error = source is null ? Moves.UseError(to) ?? "InvalidParameter" : Moves.UseError(source) ?? Moves.UseError(to);
        var body = new JsonObject
        {
            ["CiphertextBlob"] = made.Blob,
            ["SourceEncryptionContext"] = new JsonObject { ["c"] = made.Context },
            ["DestinationKeyId"] = to.Id,
            ["DestinationEncryptionContext"] = new JsonObject { ["c"] = "moved" },
        };
        var answer = await UseAsync("ReEncrypt", body, error);
        if (answer is not null)
        {
            Keep(made with { Blob = (string)answer["CiphertextBlob"]!, KeyId = to.Id, Context = "moved" });
        }
    }

    private static string? SourceError(ModelKey? key) => key is null ? "InvalidParameter" : Moves.UseError(key);

    /// <summary>The living key whose version stands at the head of a blob.</summary>
    private ModelKey? KeyOf(string blob)
    {
        var head = Encoding.Latin1.GetString(Convert.FromBase64String(blob).AsSpan(0, 36));
        return world.Keys.Values.FirstOrDefault(key => key.Versions.Contains(head, StringComparer.Ordinal));
    }

    /// <summary>One bit elsewhere, or the head of another ciphertext.</summary>
    private string Damaged(string blob)
    {
        var bytes = Convert.FromBase64String(blob);
        if (chance.Next(2) == 0)
        {
            var other = Convert.FromBase64String(ciphertexts[chance.Next(ciphertexts.Count)].Blob).AsSpan(0, 36);
            if (!other.SequenceEqual(bytes.AsSpan(0, 36)))
            {
                other.CopyTo(bytes);
                return Convert.ToBase64String(bytes);
            }
        }

        bytes[chance.Next(bytes.Length)] ^= (byte)(1 << chance.Next(8));
        return Convert.ToBase64String(bytes);
    }

    /// <param name="Blob">Base64 text.</param>
    /// <param name="KeyId">Of the key that made it.</param>
    /// <param name="Context">Value of the one entry of its context.</param>
    /// <param name="Text">What is inside; null = nobody was told.</param>
    private sealed record Ciphertext(string Blob, string KeyId, string Context, string? Text)
    {
        public bool IsDataKey { get; init; }
    }
}
