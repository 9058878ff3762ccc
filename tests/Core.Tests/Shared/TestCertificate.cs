using System.Text.Json.Nodes;
using KmsGateway.Core.Contract;

namespace KmsGateway.Core.Tests;

/// <summary>A certificate of the service, as a caller of the API holds it.</summary>
internal sealed record TestCertificate(TestCore Core, string CertificateId, string Request)
{
    public const string Subject = "CN=a.example.com,OU=Tests,O=Example,C=CN";

    public static TicketResource Box { get; } = new($"acs:kms:{TestCore.Region}:{TestCore.Account}:certificate", 0, 0);

    public static string ArnOf(string certificateId) => $"acs:kms:{TestCore.Region}:{TestCore.Account}:certificate/{certificateId}";

    public static Task<CoreAnswer> TryNewAsync(TestCore core, JsonObject body) => core.SendAsync("CreateCertificate", body, Box);

    public static async Task<TestCertificate> NewAsync(TestCore core, string spec = "EC_P256", string subject = Subject, params string[] hostNames)
    {
        var body = new JsonObject { ["KeySpec"] = spec, [nameof(Subject)] = subject };
        if (hostNames.Length > 0)
        {
            body["SubjectAlternativeNames"] = new JsonArray([.. hostNames.Select(name => JsonValue.Create(name))]);
        }

        var answer = await TryNewAsync(core, body);
        answer.ShouldBeOk();
        var certificate = new TestCertificate(core, (string)answer.Json[nameof(CertificateId)]!, (string)answer.Json["Csr"]!);
        Assert.Equal(ArnOf(certificate.CertificateId), (string)answer.Json["Arn"]!);
        return certificate;
    }

    /// <summary>With what an authority of this test made of it.</summary>
    public static async Task<TestCertificate> IssuedAsync(TestCore core, string spec = "EC_P256")
    {
        var certificate = await NewAsync(core, spec);
        using var authority = TestAuthority.Root(core.Clock.GetUtcNow());
        (await certificate.UploadAsync(authority.Issue(certificate.Request))).ShouldBeOk();
        return certificate;
    }

    public async Task<CoreAnswer> CallAsync(string action, params (string Name, JsonNode? Value)[] more)
    {
        var body = new JsonObject { [nameof(CertificateId)] = CertificateId };
        foreach (var (name, value) in more)
        {
            body[name] = value;
        }

        var found = (await Core.ResolveAsync(TestCore.Question("certificate", CertificateId))).Json["items"]![0]!["descriptor"];
        return await Core.SendAsync(action, body, new TicketResource(ArnOf(CertificateId), (long?)found?["metadataVersion"] ?? 0, 0));
    }

    public Task<CoreAnswer> UploadAsync(string certificate, string? chain = null) =>
        CallAsync("UploadCertificate", ("Certificate", certificate), ("CertificateChain", chain));

    public Task<CoreAnswer> SetAsync(string status) => CallAsync("UpdateCertificateStatus", ("Status", status));

    public async Task<JsonNode> DescribeAsync()
    {
        var answer = await CallAsync("DescribeCertificate");
        answer.ShouldBeOk();
        return answer.Json;
    }

    public async Task<byte[]> SignAsync(string algorithm, byte[] message, string? type = null)
    {
        var answer = await CallAsync("CertificatePrivateKeySign", ("Algorithm", algorithm), ("Message", Convert.ToBase64String(message)), ("MessageType", type));
        answer.ShouldBeOk();
        return Convert.FromBase64String((string)answer.Json["SignatureValue"]!);
    }

    public async Task<bool> VerifyAsync(string algorithm, byte[] message, byte[] signature, string? type = null)
    {
        var answer = await CallAsync(
            "CertificatePublicKeyVerify", ("Algorithm", algorithm), ("Message", Convert.ToBase64String(message)),
            ("SignatureValue", Convert.ToBase64String(signature)), ("MessageType", type));
        answer.ShouldBeOk();
        return (bool)answer.Json["SignatureValid"]!;
    }

    public async Task<byte[]> EncryptAsync(string algorithm, byte[] plaintext)
    {
        var answer = await CallAsync("CertificatePublicKeyEncrypt", ("Algorithm", algorithm), ("Plaintext", Convert.ToBase64String(plaintext)));
        answer.ShouldBeOk();
        return Convert.FromBase64String((string)answer.Json["CiphertextBlob"]!);
    }

    public async Task<byte[]> DecryptAsync(string algorithm, byte[] ciphertext)
    {
        var answer = await CallAsync("CertificatePrivateKeyDecrypt", ("Algorithm", algorithm), ("CiphertextBlob", Convert.ToBase64String(ciphertext)));
        answer.ShouldBeOk();
        return Convert.FromBase64String((string)answer.Json["Plaintext"]!);
    }
}
