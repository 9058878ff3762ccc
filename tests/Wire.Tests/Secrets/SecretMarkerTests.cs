using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using KmsGateway.Tests;
using KmsGateway.Wire.Tests.Clients;
using Xunit;

namespace KmsGateway.Wire.Tests.Secrets;

/// <summary>With every log at Trace, nothing secret reaches the output or the data directory.</summary>
public sealed class SecretMarkerTests
{
    private const string AllowAll = """{"Version":"1","Statement":[{"Effect":"Allow","Action":"kms:*","Resource":"*"}]}""";

    private static readonly KmsProcessOptions Options = new()
    {
        Settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Logging__LogLevel__Default"] = "Trace",
            ["Logging__LogLevel__Microsoft"] = "Trace",
            ["Logging__LogLevel__Microsoft.AspNetCore"] = "Trace",
            ["Logging__LogLevel__Yarp"] = "Trace",
            ["Logging__LogLevel__System"] = "Trace",
        },
    };

    private readonly SecretMarkers markers = new();

    [Fact]
    public async Task Flow_AtTrace_LeavesNoSecretInLogsOrDataDirectory()
    {
        using var service = await KmsProcess.StartAsync(Options, CancellationToken.None);
        markers.Add("root secret", service.AccessKeySecret);
        await RunFlowAsync(service);
        await service.StopAsync(CancellationToken.None);

        var output = service.Output.ToArray();
        Assert.True(markers.Count > 30, "the flow named its secrets");
        Assert.True(output.Length > 100, $"Trace was on: {output.Length} lines");
        Assert.Empty(markers.FindIn(Encoding.UTF8.GetBytes(string.Join('\n', output))));
        foreach (var file in Directory.EnumerateFiles(service.Root, "*", SearchOption.AllDirectories))
        {
            var found = markers.FindIn(await File.ReadAllBytesAsync(file)).ToArray();
            Assert.True(found.Length == 0, $"{Path.GetRelativePath(service.Root, file)} holds {string.Join(", ", found)}");
        }
    }

    [Fact]
    public void Markers_InEachSpelling_AreFound()
    {
        var probe = new SecretMarkers();
        var secret = Marker();
        probe.Add("it", secret);

        foreach (var hay in (byte[][])
        [
            Encoding.UTF8.GetBytes($"x{secret}y"), Encoding.Unicode.GetBytes($"x{secret}y"),
            Encoding.ASCII.GetBytes(Convert.ToHexString(Encoding.UTF8.GetBytes($"x{secret}y"))),
            .. Enumerable.Range(0, 3).Select(shift => Encoding.ASCII.GetBytes(Convert.ToBase64String(Encoding.UTF8.GetBytes(new string('x', shift) + secret + "y")))),
        ])
        {
            Assert.NotEmpty(probe.FindIn(hay));
        }

        Assert.Empty(probe.FindIn(Encoding.UTF8.GetBytes("nothing of that kind")));
    }

    private static string Marker() => $"marker-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12))}";

    private string Marked(string name)
    {
        var marker = Marker();
        markers.Add(name, marker);
        return marker;
    }

    private async Task RunFlowAsync(KmsProcess service)
    {
        using var root = KmsCaller.Root(service);
        var keyId = (string)(await root.KmsAsync("CreateKey")).Success["KeyMetadata"]!["KeyId"]!;
        await CryptographyAsync(root, keyId);
        await RefusalsAsync(root, keyId);

        _ = (await root.RamAsync("CreateUser", ("UserName", "alice"))).Success;
        _ = (await root.RamAsync("CreatePolicy", ("PolicyName", "all"), ("PolicyDocument", AllowAll))).Success;
        var pair = (await root.RamAsync("CreateAccessKey", ("UserName", "alice"))).Success["AccessKey"]!;
        var secret = (string)pair["AccessKeySecret"]!;
        markers.Add("secret of a user", secret);
        using var alice = new KmsCaller(service.Http, (string)pair["AccessKeyId"]!, secret);
        Assert.Equal("Forbidden.NoPermission", (await alice.KmsAsync("Encrypt", ("KeyId", keyId), ("Plaintext", Marked("denied plaintext")))).Code);
        _ = (await root.RamAsync("AttachPolicyToUser", ("UserName", "alice"), ("PolicyName", "all"), ("PolicyType", "Custom"))).Success;
        await CryptographyAsync(alice, keyId);

        using var impostor = new KmsCaller(service.Http, (string)pair["AccessKeyId"]!, Marked("wrong secret"));
        Assert.Equal("SignatureDoesNotMatch", (await impostor.KmsAsync("Encrypt", ("KeyId", keyId), ("Plaintext", Marked("badly signed plaintext")))).Code);
    }

    private async Task CryptographyAsync(KmsCaller caller, string keyId)
    {
        var context = new JsonObject { ["purpose"] = Marked("context value") }.ToJsonString();
        var plaintext = Marked("plaintext");
        var sealedText = (await caller.KmsAsync("Encrypt", ("KeyId", keyId), ("Plaintext", plaintext), ("EncryptionContext", context))).Success;
        var blob = (string)sealedText["CiphertextBlob"]!;
        var opened = (await caller.KmsAsync("Decrypt", ("CiphertextBlob", blob), ("EncryptionContext", context))).Success;
        Assert.Equal(plaintext, (string?)opened["Plaintext"]);
        var dataKey = (await caller.KmsAsync("GenerateDataKey", ("KeyId", keyId), ("EncryptionContext", context))).Success;
        markers.Add("data key", (string)dataKey["Plaintext"]!);
        Assert.Equal("InvalidParameter", (await caller.KmsAsync("Decrypt", ("CiphertextBlob", blob), ("EncryptionContext", $$"""{"purpose":"{{Marked("wrong context value")}}"}"""))).Code);
    }

    private async Task RefusalsAsync(KmsCaller root, string keyId)
    {
        Assert.Equal("InvalidParameter", (await root.KmsAsync("Encrypt", ("KeyId", keyId), ("Plaintext", Marked("long plaintext") + new string('x', 8192)))).Code);
        Assert.Equal("InvalidParameter", (await root.KmsAsync("Encrypt", ("KeyId", keyId), ("Plaintext", "x"), ("EncryptionContext", $"[\"{Marked("malformed context")}\"]"))).Code);
        Assert.Equal("Forbidden.KeyNotFound", (await root.KmsAsync("Encrypt", ("KeyId", "00000000-0000-4000-8000-000000000000"), ("Plaintext", Marked("plaintext for nobody")))).Code);
        Assert.Equal("InvalidAction.NotFound", (await root.KmsAsync("EncryptAll", ("Plaintext", Marked("plaintext of an unknown action")))).Code);
        _ = (await root.KmsAsync("DisableKey", ("KeyId", keyId))).Success;
        Assert.Equal("Rejected.Disabled", (await root.KmsAsync("Encrypt", ("KeyId", keyId), ("Plaintext", Marked("plaintext for a disabled key")))).Code);
        _ = (await root.KmsAsync("EnableKey", ("KeyId", keyId))).Success;
    }
}
