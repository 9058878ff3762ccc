using System.Text.Json.Nodes;

namespace KmsGateway.Core.Tests.Http;

/// <summary>At Trace, with markers in every place a secret travels through: none may reach the log (threats 20).</summary>
public sealed class SecretsStayInsideTests
{
    [Fact]
    public async Task Log_AtTrace_HoldsNoPlaintextTicketContextOrCiphertext()
    {
        await using var core = await TestCore.StartAsync();
        var keyId = await core.CreateKeyAsync();
        var context = new JsonObject { ["MARKERNAME"] = "MARKERVALUE" };
        var blob = await core.EncryptAsync(keyId, "MARKERPLAINTEXT", (JsonObject)context.DeepClone());
        var dataKey = (string)(await core.OnKeyAsync("GenerateDataKey", keyId)).Json["Plaintext"]!;
        (await core.DecryptAsync(blob, context)).ShouldBeOk();
        var resource = await core.KeyAsync(keyId);
        var token = core.Tickets.Mint(core.Claims("Encrypt", TestCore.User, resource));
        (await core.SendWithAsync("Encrypt", new JsonObject { ["KeyId"] = keyId, ["Plaintext"] = new string('M', 9000) }, token)).ShouldBe(400, "InvalidParameter", "Plaintext");
        (await core.SendWithAsync("Encrypt", [], token[..^4] + "AAAA")).ShouldBe(401, "Forbidden.NoPermission");
        (await core.PostAsync("/internal/v1/Encrypt", "{MARKERBROKEN", token)).ShouldBe(400, "InvalidParameter", "body");

        Assert.NotEmpty(core.Logs.Lines);
        foreach (var secret in (string[])["MARKER", "MMMM", dataKey, blob, blob[48..80], token, token.Split('.')[2]])
        {
            Assert.DoesNotContain(core.Logs.Lines, line => line.Contains(secret, StringComparison.Ordinal));
        }
    }
}
