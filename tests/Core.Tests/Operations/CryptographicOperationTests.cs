using System.Net;
using System.Text.Json.Nodes;
using KmsGateway.Core.Contract;

namespace KmsGateway.Core.Tests.Operations;

public sealed class CryptographicOperationTests
{
    [Theory]
    [InlineData("SGVsbG8=")]
    [InlineData("not base64 at all, +/ \" \\ \u0001")]
    [InlineData("密钥 🔑")]
    public async Task Encrypt_AnyText_DecryptsToTheSameText(string text)
    {
        await using var core = await TestCore.StartAsync();
        var keyId = await core.CreateKeyAsync();

        var answer = await core.DecryptAsync(await core.EncryptAsync(keyId, text));

        answer.ShouldBeOk();
        Assert.Equal(text, (string)answer.Json["Plaintext"]!);
        Assert.Equal(keyId, (string)answer.Json["KeyId"]!);
    }
}
