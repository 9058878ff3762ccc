using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace KmsGateway.Core.Tests.Certificates;

/// <summary>What UploadCertificate takes, and the words for each fault of what it does not.</summary>
public sealed class CertificateUploadTests : IAsyncLifetime
{
    private TestCore core = null!;
    private TestCertificate certificate = null!;
    private TestAuthority root = null!;

    private DateTimeOffset Now => core.Clock.GetUtcNow();

    public async Task InitializeAsync()
    {
        core = await TestCore.StartAsync();
        certificate = await TestCertificate.NewAsync(core, "EC_P256", TestCertificate.Subject, "a.example.com");
        root = TestAuthority.Root(Now);
    }

    public async Task DisposeAsync()
    {
        root.Dispose();
        await core.DisposeAsync();
    }

    [Fact]
    public async Task Upload_WithTwoIssuers_IsActiveAndDescribed()
    {
        using var middle = root.Below("Middle", request => request.CertificateExtensions.Add(TestAuthority.Constraints(true, 0)));
        var own = middle.Issue(certificate.Request);
        core.Clock.Advance(TimeSpan.FromMinutes(1));
        (await certificate.UploadAsync(own, middle.Pem + root.Pem)).ShouldBeOk();

        var (description, stored) = (await certificate.DescribeAsync(), (await certificate.CallAsync("GetCertificate")).Json);
        Assert.Equal(
            ("ACTIVE", "CN=Middle", "01020304", "SHA256withECDSA", "2026-03-03T05:06:07Z", "2026-06-12T05:06:07Z", "2026-03-04T05:07:07Z"),
            ((string)description["Status"]!, (string)description["Issuer"]!, (string)description["Serial"]!, (string)description["SignatureAlgorithm"]!,
                (string)description["NotBefore"]!, (string)description["NotAfter"]!, (string)description["UpdatedAt"]!));
        Assert.Equal("""["a.example.com"]""", description["SubjectAlternativeNames"]!.ToJsonString());
        using var read = X509Certificate2.CreateFromPem(own);
        Assert.Equal(new X509SubjectKeyIdentifierExtension(read.PublicKey, false).SubjectKeyIdentifier, (string)description["SubjectKeyIdentifier"]!);
        Assert.Equal((own, middle.Pem + root.Pem), ((string)stored["Certificate"]!, (string)stored["CertificateChain"]!));
    }

    [Fact]
    public async Task Upload_WithoutAChainOrWithoutItsRoot_IsTaken()
    {
        (await certificate.UploadAsync(root.Issue(certificate.Request))).ShouldBeOk();
        var other = await TestCertificate.NewAsync(core);
        using var middle = root.Below("Middle");

        (await other.UploadAsync($"\r\n{middle.Issue(other.Request)} ", middle.Pem)).ShouldBeOk();
    }

    [Fact]
    public async Task Upload_OfAnothersKey_IsRefused()
    {
        var other = await TestCertificate.NewAsync(core);

        await RefusedAsync("Certificate", "its public key is not that of the request", root.Issue(other.Request));
    }

    [Theory]
    [InlineData("", "it holds no certificate")]
    [InlineData("text", "it must be PEM blocks of certificates and nothing else")]
    [InlineData("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", "it must be PEM blocks of certificates and nothing else")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", "the certificate is no X.509 certificate of version 3 in DER")]
    public async Task Upload_OfWhatIsNoCertificate_IsRefused(string text, string reason) =>
        await RefusedAsync("Certificate", reason, text.Length == 0 ? " \n" : text);

    [Fact]
    public async Task Upload_WithMoreThanTheCertificate_IsRefused()
    {
        var own = root.Issue(certificate.Request);
        await RefusedAsync("Certificate", "it holds more than 1 certificate", own + root.Pem);
        await RefusedAsync("Certificate", "it must be PEM blocks of certificates and nothing else", own + "x");
        await RefusedAsync("CertificateChain", "it must be PEM blocks of certificates and nothing else", own, $"subject=x\n{root.Pem}");
        await RefusedAsync("CertificateChain", "it holds more than 8 certificates", own, string.Concat(Enumerable.Repeat(root.Pem, 9)));
    }

    [Fact]
    public async Task Upload_OfOneByteTooMuch_IsRefusedUnread()
    {
        var block = PemEncoding.WriteString("CERTIFICATE", new byte[(16 * 1024) + 1]);
        await RefusedAsync("Certificate", "a certificate is longer than 16384 bytes", block);
        await RefusedAsync("Certificate", "the certificate is no X.509 certificate of version 3 in DER", PemEncoding.WriteString("CERTIFICATE", new byte[16 * 1024]));
        await RefusedAsync("Certificate", "it is too long", new string(' ', 30_000));
    }

    [Theory]
    [InlineData(10, -1, "the certificate has expired")]
    [InlineData(-1, 10, "the certificate is not valid yet")]
    public async Task Upload_OutsideOfItsTime_IsRefused(int daysBefore, int daysAfter, string reason) =>
        await RefusedAsync("Certificate", reason, root.Issue(certificate.Request, daysBefore, daysAfter));

    [Theory]
    [InlineData(10, -1, "certificate 1 of the chain has expired")]
    [InlineData(-1, 10, "certificate 1 of the chain is not valid yet")]
    public async Task Upload_WithAnIssuerOutsideOfItsTime_IsRefused(int daysBefore, int daysAfter, string reason)
    {
        using var dated = root.Below("Dated", null, daysBefore, daysAfter);

        await RefusedAsync("CertificateChain", reason, dated.Issue(certificate.Request), dated.Pem);
    }

    [Fact]
    public async Task Upload_WithAnIssuerThatIsNone_IsRefused()
    {
        using var leaf = root.Below("Leaf", request => request.CertificateExtensions.Add(TestAuthority.Constraints(false)));
        using var signer = root.Below("Signer", request => request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true)));

        foreach (var issuer in new[] { leaf, signer })
        {
            await RefusedAsync("CertificateChain", "certificate 1 of the chain may not issue certificates", issuer.Issue(certificate.Request), issuer.Pem);
        }
    }

    [Fact]
    public async Task Upload_WithMoreIssuersThanOneMayHave_IsRefused()
    {
        using var strict = TestAuthority.Root(Now, "Strict", request => request.CertificateExtensions.Add(TestAuthority.Constraints(true, 0)));
        using var middle = strict.Below("Middle");

        await RefusedAsync(
            "CertificateChain", "certificate 2 of the chain may not have so many issuers below it", middle.Issue(certificate.Request), middle.Pem + strict.Pem);
    }

    [Fact]
    public async Task Upload_InAnotherOrder_IsRefused()
    {
        using var middle = root.Below("Middle");
        var own = middle.Issue(certificate.Request);

        await RefusedAsync("CertificateChain", "certificate 1 of the chain is not the issuer that the certificate names", own, root.Pem + middle.Pem);
        await RefusedAsync("CertificateChain", "certificate 2 of the chain is not the issuer that certificate 1 of the chain names", own, middle.Pem + middle.Pem);
    }

    [Fact]
    public async Task Upload_ByAnImpostorOfTheSameName_IsRefused()
    {
        using var impostor = TestAuthority.Root(Now);

        await RefusedAsync("Certificate", "the signature of the certificate is not that of its issuer", impostor.Issue(certificate.Request), root.Pem);
        using var middle = impostor.Below("Middle");
        await RefusedAsync(
            "CertificateChain", "the signature of certificate 1 of the chain is not that of its issuer", middle.Issue(certificate.Request), middle.Pem + root.Pem);
    }

    [Fact]
    public async Task Upload_WithACriticalExtensionNobodyKnows_IsRefused()
    {
        var own = root.Issue(certificate.Request, with: request => request.CertificateExtensions.Add(new X509Extension("1.2.3.4", [5, 0], critical: true)));
        await RefusedAsync("Certificate", "the certificate has a critical extension that is not supported", own);

        var harmless = root.Issue(certificate.Request, with: request => request.CertificateExtensions.Add(new X509Extension("1.2.3.4", [5, 0], critical: false)));
        (await certificate.UploadAsync(harmless)).ShouldBeOk();
    }

    /// <summary>Each byte of a good certificate changed: never a crash, never taken.</summary>
    [Fact]
    public async Task Upload_WithAnyByteChanged_IsRefusedInWords()
    {
        var good = PemBytes(root.Issue(certificate.Request));
        for (var index = 0; index < good.Length; index++)
        {
            var bad = good.ToArray();
            bad[index] ^= 0x21;
            var answer = await certificate.UploadAsync(PemEncoding.WriteString("CERTIFICATE", bad), root.Pem);
            Assert.True((int)answer.Status == 400 && answer.Code == "InvalidParameter", $"byte {index}: {answer.Text}");
        }
    }

    private static byte[] PemBytes(string pem)
    {
        using var read = X509Certificate2.CreateFromPem(pem);
        return read.RawData;
    }

    private async Task RefusedAsync(string parameter, string reason, string own, string? chain = null)
    {
        var answer = await certificate.UploadAsync(own, chain);
        answer.ShouldBe(400, "InvalidParameter", parameter);
        Assert.Equal($"The specified parameter \"{parameter}\" is not valid: {reason}.", (string)answer.Json["Message"]!);
        Assert.Equal("PENDING", (string)(await certificate.DescribeAsync())["Status"]!);
    }
}
