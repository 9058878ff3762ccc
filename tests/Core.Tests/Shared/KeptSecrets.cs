using System.Security.Cryptography;

namespace KmsGateway.Core.Tests;

/// <summary>One key of every kind of sealed record, a ciphertext of each, and the check that all of them are still good.</summary>
internal sealed class KeptSecrets
{
    private readonly List<(string KeyId, string Plaintext, string Blob)> ciphertexts = [];
    private readonly byte[] material = RandomNumberGenerator.GetBytes(32);
    private readonly byte[] destroyed = RandomNumberGenerator.GetBytes(32);
    private ImportedKey imported = null!;
    private ImportedKey emptied = null!;

    public static async Task<KeptSecrets> MakeAsync(TestCore core, int keys = 5)
    {
        var kept = new KeptSecrets();
        for (var index = 0; index < keys; index++)
        {
            await kept.AddKeyAsync(core);
        }

        kept.imported = await ImportedKey.NewAsync(core);
        (await kept.imported.ImportAsync(kept.material)).ShouldBeOk();
        await kept.EncryptAsync(core, kept.imported.KeyId);
        kept.emptied = await ImportedKey.NewAsync(core);
        (await kept.emptied.ImportAsync(kept.destroyed)).ShouldBeOk();
        (await core.OnKeyAsync("DeleteKeyMaterial", kept.emptied.KeyId)).ShouldBeOk();
        return kept;
    }

    public async Task AddKeyAsync(TestCore core) => await EncryptAsync(core, await core.CreateKeyAsync());

    /// <summary>Every ciphertext opens; the fingerprint knows its material and no other; the import token is still good.</summary>
    public async Task VerifyAsync(TestCore core)
    {
        foreach (var (_, plaintext, blob) in ciphertexts)
        {
            Assert.Equal(plaintext, (string)(await core.DecryptAsync(blob)).Json["Plaintext"]!);
        }

        var pair = emptied.On(core);
        (await pair.ImportAsync(material)).ShouldBe(400, "InvalidKeyMaterial");
        (await pair.ImportAsync(destroyed)).ShouldBeOk();
        (await core.OnKeyAsync("DeleteKeyMaterial", pair.KeyId)).ShouldBeOk();
        (await imported.On(core).ImportAsync(material)).ShouldBeOk();
    }

    private async Task EncryptAsync(TestCore core, string keyId)
    {
        var plaintext = $"text of {keyId}";
        ciphertexts.Add((keyId, plaintext, await core.EncryptAsync(keyId, plaintext)));
    }
}
