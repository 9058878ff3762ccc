using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using KmsGateway.Core.Contract;

namespace KmsGateway.Core.Tests.Certificates;

public sealed class CertificateOperationTests : IAsyncLifetime
{
    private const string Nowhere = "00000000-1111-4222-8333-444444444444";

    private static readonly byte[] Message = "a message"u8.ToArray();

    private TestCore core = null!;

    public async Task InitializeAsync() => core = await TestCore.StartAsync();

    public async Task DisposeAsync() => await core.DisposeAsync();

    [Theory]
    [InlineData("RSA_2048")]
    [InlineData("EC_P256")]
    public async Task CreateCertificate_Describe_SaysWhatTheRequestSays(string spec)
    {
        var certificate = await TestCertificate.NewAsync(core, spec, "CN = caf\\C3\\A9 , OU=a\\, b,O=Example,C=CN,ST=Zhejiang,L=Hangzhou", "a.example.com", "*.example.com");

        var description = await certificate.DescribeAsync();
        Assert.Equal(
            (TestCertificate.ArnOf(certificate.CertificateId), "PENDING", spec, true, "2026-03-04T05:06:07Z", "2026-03-04T05:06:07Z"),
            ((string)description["Arn"]!, (string)description["Status"]!, (string)description["KeySpec"]!, (bool)description["ExportablePrivateKey"]!,
                (string)description["CreatedAt"]!, (string)description["UpdatedAt"]!));
        Assert.Equal("""CN=café, OU="a, b", O=Example, C=CN, S=Zhejiang, L=Hangzhou""", (string)description["Subject"]!);
        Assert.Equal("""["a.example.com","*.example.com"]""", description["SubjectAlternativeNames"]!.ToJsonString());
        Assert.Equal("{}", description["Tags"]!.ToJsonString());
        Assert.All((string[])["Issuer", "Serial", "NotBefore", "NotAfter", "SignatureAlgorithm", "SubjectKeyIdentifier"], name => Assert.Null(description[name]));

        var read = CertificateRequest.LoadSigningRequestPem(certificate.Request, HashAlgorithmName.SHA256, signerSignaturePadding: RSASignaturePadding.Pkcs1);
        Assert.Equal(PemEncoding.WriteString("PUBLIC KEY", read.PublicKey.ExportSubjectPublicKeyInfo()) + "\n", (string)description["SubjectPublicKey"]!);
        Assert.Equal(
            $$"""{"CertificateId":"{{certificate.CertificateId}}","Csr":{{JsonValue.Create(certificate.Request).ToJsonString()}}}""",
            (await certificate.CallAsync("GetCertificate")).Json.ToJsonString());
    }

    [Theory]
    [InlineData("""{"Subject":"CN=a,OU=b,O=c,C=CN"}""", 400, "MissingParameter", "KeySpec")]
    [InlineData("""{"KeySpec":"EC_P256"}""", 400, "MissingParameter", "Subject")]
    [InlineData("""{"KeySpec":"RSA_4096","Subject":"CN=a,OU=b,O=c,C=CN"}""", 400, "InvalidParameter", "KeySpec")]
    [InlineData("""{"KeySpec":"EC_P256K","Subject":"CN=a,OU=b,O=c,C=CN"}""", 400, "InvalidParameter", "KeySpec")]
    [InlineData("""{"KeySpec":"EC_SM2","Subject":"CN=a,OU=b,O=c,C=CN"}""", 400, "UnsupportedOperation", null)]
    [InlineData("""{"KeySpec":"EC_P256","Subject":"CN=a,OU=b,O=c"}""", 400, "InvalidParameter", "Subject")]
    [InlineData("""{"KeySpec":"EC_P256","Subject":"CN=a,OU=b,O=c,C=CN","SubjectAlternativeNames":["a..b"]}""", 400, "InvalidParameter", "SubjectAlternativeNames")]
    [InlineData("""{"KeySpec":"EC_P256","Subject":"CN=a,OU=b,O=c,C=CN","SubjectAlternativeNames":["a.b","A.b"]}""", 400, "InvalidParameter", "SubjectAlternativeNames")]
    [InlineData("""{"KeySpec":"EC_P256","Subject":"CN=a,OU=b,O=c,C=CN","ExportablePrivateKey":"no"}""", 400, "InvalidParameter", "ExportablePrivateKey")]
    public async Task CreateCertificate_OfWhatCannotBe_IsRefused(string parameters, int status, string code, string? parameter) =>
        (await TestCertificate.TryNewAsync(core, JsonNode.Parse(parameters)!.AsObject())).ShouldBe(status, code, parameter);

    [Theory]
    [InlineData(10, null)]
    [InlineData(11, "InvalidParameter")]
    public async Task CreateCertificate_NamesUpToTheLimit(int count, string? code)
    {
        var body = new JsonObject
        {
            ["KeySpec"] = "EC_P256",
            ["Subject"] = TestCertificate.Subject,
            ["ExportablePrivateKey"] = false,
            ["SubjectAlternativeNames"] = new JsonArray([.. Enumerable.Range(0, count).Select(index => JsonValue.Create($"n{index}.example.com"))]),
        };

        Assert.Equal(code, (await TestCertificate.TryNewAsync(core, body)).Code);
    }

    [Fact]
    public async Task CreateCertificate_BeyondTheQuota_IsRefused()
    {
        await using var small = await TestCore.StartAsync(new() { CertificatesPerRegion = 1 });
        var first = await TestCertificate.NewAsync(small);

        (await TestCertificate.TryNewAsync(small, new JsonObject { ["KeySpec"] = "EC_P256", ["Subject"] = TestCertificate.Subject }))
            .ShouldBe(400, "Rejected.LimitExceeded");
        (await first.CallAsync("DeleteCertificate")).ShouldBeOk();
        _ = await TestCertificate.NewAsync(small);
    }

    [Theory]
    [InlineData("RSA_2048", "RSA_PSS_SHA_256")]
    [InlineData("RSA_2048", "RSA_PKCS1_SHA_256")]
    [InlineData("EC_P256", "ECDSA_SHA_256")]
    public async Task Sign_AMessageOrItsDigest_VerifiesAsEither(string spec, string algorithm)
    {
        var certificate = await TestCertificate.IssuedAsync(core, spec);
        var signature = await certificate.SignAsync(algorithm, Message);

        Assert.True(await certificate.VerifyAsync(algorithm, SHA256.HashData(Message), signature, "DIGEST"));
        Assert.True(await certificate.VerifyAsync(algorithm, Message, await certificate.SignAsync(algorithm, SHA256.HashData(Message), "DIGEST"), "RAW"));
        Assert.False(await certificate.VerifyAsync(algorithm, SHA256.HashData(Message), signature, "RAW"));
        Assert.False(await certificate.VerifyAsync(algorithm, "another"u8.ToArray(), signature));
        signature[^1] ^= 1;
        Assert.False(await certificate.VerifyAsync(algorithm, Message, signature));
    }

    [Theory]
    [InlineData("RAW", 4096, null)]
    [InlineData("RAW", 4097, "Message")]
    [InlineData("DIGEST", 32, null)]
    [InlineData("DIGEST", 31, "Message")]
    [InlineData("DIGEST", 33, "Message")]
    [InlineData("OTHER", 32, "MessageType")]
    public async Task Sign_AtTheLimit_WorksAndOneMoreIsRefused(string type, int length, string? parameter)
    {
        var certificate = await TestCertificate.IssuedAsync(core);
        var answer = await certificate.CallAsync(
            "CertificatePrivateKeySign", ("Algorithm", "ECDSA_SHA_256"), ("Message", Convert.ToBase64String(new byte[length])), ("MessageType", type));

        Assert.Equal((parameter is null ? 200 : 400, parameter), ((int)answer.Status, parameter is null ? null : answer.Parameter));
    }

    [Theory]
    [InlineData("RSAES_OAEP_SHA_256", 190)]
    [InlineData("RSAES_OAEP_SHA_1", 214)]
    public async Task Encrypt_AtTheLimit_OpensAndOneMoreIsRefused(string algorithm, int most)
    {
        var certificate = await TestCertificate.IssuedAsync(core, "RSA_2048");
        var plaintext = RandomNumberGenerator.GetBytes(most);
        var ciphertext = await certificate.EncryptAsync(algorithm, plaintext);

        Assert.Equal(plaintext, await certificate.DecryptAsync(algorithm, ciphertext));
        (await certificate.CallAsync("CertificatePublicKeyEncrypt", ("Algorithm", algorithm), ("Plaintext", Convert.ToBase64String(new byte[most + 1]))))
            .ShouldBe(400, "InvalidParameter", "Plaintext");
        ciphertext[0] ^= 1;
        (await certificate.CallAsync("CertificatePrivateKeyDecrypt", ("Algorithm", algorithm), ("CiphertextBlob", Convert.ToBase64String(ciphertext))))
            .ShouldBe(400, "InvalidParameter", "CiphertextBlob");
    }

    [Theory]
    [InlineData("CertificatePrivateKeySign", "EC_P256", "RSA_PSS_SHA_256")]
    [InlineData("CertificatePrivateKeySign", "RSA_2048", "ECDSA_SHA_256")]
    [InlineData("CertificatePrivateKeySign", "RSA_2048", "RSAES_OAEP_SHA_256")]
    [InlineData("CertificatePublicKeyVerify", "EC_P256", "SM2DSA")]
    [InlineData("CertificatePublicKeyEncrypt", "EC_P256", "RSAES_OAEP_SHA_256")]
    [InlineData("CertificatePrivateKeyDecrypt", "EC_P256", "SM2PKE")]
    [InlineData("CertificatePublicKeyEncrypt", "RSA_2048", "RSA_PSS_SHA_256")]
    public async Task Use_WithAnAlgorithmOfOtherKeys_IsRefused(string action, string spec, string algorithm) =>
        (await (await TestCertificate.IssuedAsync(core, spec)).CallAsync(action, ("Algorithm", algorithm))).ShouldBe(400, "InvalidParameter", "Algorithm");

    [Fact]
    public async Task Tags_AreDescribedAndMakeDecisionsStale()
    {
        var certificate = await TestCertificate.NewAsync(core);
        var before = await core.ResourceAsync("certificate", certificate.CertificateId);
        (await certificate.CallAsync("TagResource", ("Tags", JsonNode.Parse("""[{"TagKey":"a","TagValue":"1"},{"TagKey":"b/c","TagValue":"2"}]"""))))
            .ShouldBeOk();

        Assert.Equal("""{"a":"1","b/c":"2"}""", (await certificate.DescribeAsync())["Tags"]!.ToJsonString());
        var after = await core.ResourceAsync("certificate", certificate.CertificateId);
        Assert.True(after.MetadataVersion > before.MetadataVersion);
        var stale = await core.SendAsync("GetCertificate", new JsonObject { ["CertificateId"] = certificate.CertificateId }, before);
        Assert.Equal((409, after.Arn, "1"), ((int)stale.Status, (string)stale.Json["Stale"]![0]!["keyArn"]!, (string)stale.Json["Stale"]![0]!["tags"]!["a"]!));

        (await certificate.CallAsync("UntagResource", ("TagKeys", new JsonArray("a")))).ShouldBeOk();
        Assert.Equal("""{"b/c":"2"}""", (await certificate.DescribeAsync())["Tags"]!.ToJsonString());
    }

    [Fact]
    public async Task Delete_ErasesItForEveryCallAndItsKey()
    {
        var certificate = await TestCertificate.IssuedAsync(core);
        _ = await certificate.SignAsync("ECDSA_SHA_256", Message);
        (await certificate.CallAsync("DeleteCertificate")).ShouldBeOk();

        foreach (var action in (string[])["GetCertificate", "DescribeCertificate", "DeleteCertificate", "CertificatePrivateKeySign", "UploadCertificate", "TagResource"])
        {
            (await certificate.CallAsync(action, ("Tags", JsonNode.Parse("""[{"TagKey":"a","TagValue":"1"}]""")))).ShouldBe(404, "Certificate.NotFound");
        }

        await core.StopCoreAsync();
        Assert.Equal(0, core.Scalar("SELECT count(*) FROM certificates"));
        await core.StartCoreAsync();
    }

    [Fact]
    public async Task Certificate_OfAnotherAccount_IsNotThere()
    {
        var certificate = await TestCertificate.NewAsync(core);
        var body = new JsonObject { ["CertificateId"] = certificate.CertificateId };
        var arn = TestCertificate.ArnOf(certificate.CertificateId).Replace(TestCore.Account, TestCore.OtherAccount, StringComparison.Ordinal);
        var claims = TestTickets.Claims(
            core.Clock.GetUtcNow(), TestCore.OtherAccount, "acs:ram::2000000000000002:root", "GetCertificate", [new TicketResource(arn, 0, 0)]);

        (await core.SendWithAsync("GetCertificate", body, core.Tickets.Mint(claims))).ShouldBe(404, "Certificate.NotFound");
        var look = TestTickets.Claims(core.Clock.GetUtcNow(), TestCore.OtherAccount, "acs:ram::2000000000000002:root", Ticket.ResolveAction, []);
        var question = new JsonObject { ["items"] = new JsonArray(TestCore.Question("certificate", certificate.CertificateId, TestCore.OtherAccount)) };
        Assert.Equal("""{"items":[{}]}""", (await core.PostAsync(InternalRoutes.Resolve, question.ToJsonString(), core.Tickets.Mint(look))).Text);
    }

    [Fact]
    public async Task Certificate_AfterARestart_GoesOnSigning()
    {
        var certificate = await TestCertificate.IssuedAsync(core);
        var signature = await certificate.SignAsync("ECDSA_SHA_256", Message);
        await core.StopCoreAsync();
        await core.StartCoreAsync();

        Assert.True(await certificate.VerifyAsync("ECDSA_SHA_256", Message, signature));
        Assert.True(await certificate.VerifyAsync("ECDSA_SHA_256", Message, await certificate.SignAsync("ECDSA_SHA_256", Message)));
    }

    [Fact]
    public async Task Certificate_WithTheSealedKeyOfAnother_DoesNotSign()
    {
        var (one, other) = (await TestCertificate.IssuedAsync(core), await TestCertificate.IssuedAsync(core));
        await core.StopCoreAsync();
        core.Alter($"UPDATE certificates SET sealed = (SELECT sealed FROM certificates WHERE certificate_id = '{other.CertificateId}') WHERE certificate_id = '{one.CertificateId}'");
        await core.StartCoreAsync();

        var answer = await one.CallAsync("CertificatePrivateKeySign", ("Algorithm", "ECDSA_SHA_256"), ("Message", Convert.ToBase64String(Message)));

        Assert.True((int)answer.Status >= 500, answer.Text);
        _ = await other.SignAsync("ECDSA_SHA_256", Message);
    }

    [Fact]
    public async Task UnknownCertificate_IsNotFoundAndAnOddIdIsInvalid()
    {
        (await core.SendAsync("GetCertificate", new JsonObject { ["CertificateId"] = Nowhere }, new TicketResource(TestCertificate.ArnOf(Nowhere), 0, 0)))
            .ShouldBe(404, "Certificate.NotFound");
        (await core.SendAsync("GetCertificate", new JsonObject { ["CertificateId"] = "a/b" }, new TicketResource(TestCertificate.ArnOf("a"), 0, 0)))
            .ShouldBe(400, "InvalidParameter", "CertificateId");
    }
}
