using System.Text.Json.Nodes;

namespace KmsGateway.Core.Tests.Operations;

/// <summary>The guides' recipe with the openssl command line doing everything on the caller's side.</summary>
public sealed class OpensslImportTests : IAsyncLifetime, IDisposable
{
    private readonly Openssl openssl = new();
    private TestCore core = null!;

    public async Task InitializeAsync() => core = await TestCore.StartAsync();

    public async Task DisposeAsync()
    {
        await core.DisposeAsync();
    }

    public void Dispose() => openssl.Dispose();

    [Theory]
    [InlineData("RSAES_OAEP_SHA_1", "rsautl -encrypt -in KeyMaterial.bin -oaep -inkey PublicKey.bin -keyform DER -pubin -out Encrypted.bin")]
    [InlineData("RSAES_OAEP_SHA_1", "pkeyutl -encrypt -in KeyMaterial.bin -inkey PublicKey.bin -keyform DER -pubin -pkeyopt rsa_padding_mode:oaep -out Encrypted.bin")]
    [InlineData(
        "RSAES_OAEP_SHA_256",
        "pkeyutl -encrypt -in KeyMaterial.bin -inkey PublicKey.bin -keyform DER -pubin -pkeyopt rsa_padding_mode:oaep -pkeyopt rsa_oaep_md:sha256 -pkeyopt rsa_mgf1_md:sha256 -out Encrypted.bin")]
    [InlineData("RSAES_PKCS1_V1_5", "pkeyutl -encrypt -in KeyMaterial.bin -inkey PublicKey.bin -keyform DER -pubin -pkeyopt rsa_padding_mode:pkcs1 -out Encrypted.bin")]
    [InlineData("SM2PKE", "pkeyutl -encrypt -in KeyMaterial.bin -inkey PublicKey.bin -keyform DER -pubin -out Encrypted.bin")]
    public async Task Recipe_OfTheGuide_Imports(string algorithm, string wrap)
    {
        var imported = await ImportedKey.NewAsync(core, algorithm);
        await File.WriteAllTextAsync(openssl.File("PublicKey_base64.txt"), Convert.ToBase64String(imported.PublicKey));

        await openssl.RunAsync("rand -out KeyMaterial.bin 32");
        await openssl.RunAsync("enc -d -base64 -A -in PublicKey_base64.txt -out PublicKey.bin");
        await openssl.RunAsync(wrap);
        await openssl.RunAsync("enc -e -base64 -A -in Encrypted.bin -out Encrypted_base64.txt");
        var answer = await core.OnKeyAsync("ImportKeyMaterial", imported.KeyId, new JsonObject
        {
            ["EncryptedKeyMaterial"] = await File.ReadAllTextAsync(openssl.File("Encrypted_base64.txt")),
            ["ImportToken"] = imported.Token,
        });

        answer.ShouldBeOk();
        var blob = await core.EncryptAsync(imported.KeyId, "text");
        Assert.Equal("text", (string)(await core.DecryptAsync(blob)).Json["Plaintext"]!);

        // the very bytes of the file went in: only they come back
        (await imported.ImportAsync(await File.ReadAllBytesAsync(openssl.File("KeyMaterial.bin")))).ShouldBeOk();
        (await imported.ImportAsync(new byte[32])).ShouldBe(400, "InvalidKeyMaterial");
    }
}
