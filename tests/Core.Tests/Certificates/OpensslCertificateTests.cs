using System.Security.Cryptography;

namespace KmsGateway.Core.Tests.Certificates;

/// <summary>The real openssl as the authority and as the other side, in both directions.</summary>
public sealed class OpensslCertificateTests : IAsyncLifetime, IDisposable
{
    private readonly Openssl openssl = new();
    private TestCore core = null!;

    public async Task InitializeAsync()
    {
        core = await TestCore.StartAsync();

        // Why: openssl 3.0 dates what it issues by the clock of the machine.
        core.Clock.Set(TimeProvider.System.GetUtcNow().AddMinutes(1));
    }

    public async Task DisposeAsync() => await core.DisposeAsync();

    public void Dispose() => openssl.Dispose();

    [Theory]
    [InlineData("RSA_2048")]
    [InlineData("EC_P256")]
    public async Task Request_IsVerifiedWithSubjectAndNames(string spec)
    {
        var certificate = await TestCertificate.NewAsync(core, spec, "CN=a\\,b 密,OU=Tests,O=Example,ST=Zhejiang,L=Hangzhou,C=CN", "a.example.com", "*.example.com");
        await openssl.WriteAsync("request.pem", certificate.Request);

        await openssl.RunAsync("req -in request.pem -noout -verify");
        Assert.Equal(
            "subject=CN=a\\,b 密,OU=Tests,O=Example,ST=Zhejiang,L=Hangzhou,C=CN",
            (await openssl.TryAsync("req -in request.pem -noout -subject -nameopt RFC2253,utf8,-esc_msb")).Output.Trim());
        var (_, text) = await openssl.TryAsync("req -in request.pem -noout -text");
        Assert.Contains("DNS:a.example.com, DNS:*.example.com", text, StringComparison.Ordinal);
        Assert.Contains("Version: 1 (0x0)", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rsa:2048", "-sha256")]
    [InlineData("rsa:4096", "-sha512")]
    [InlineData("ec -pkeyopt ec_paramgen_curve:P-384", "-sha384")]
    [InlineData("ec -pkeyopt ec_paramgen_curve:P-521", "-sha512")]
    [InlineData("ec -pkeyopt ec_paramgen_curve:secp256k1", "-sha256")]
    public async Task Certificate_OfAnAuthorityWithAnIntermediate_IsTaken(string key, string digest)
    {
        var certificate = await TestCertificate.NewAsync(core, "EC_P256", TestCertificate.Subject, "a.example.com");
        await IssueAsync(certificate, key, digest);

        (await certificate.UploadAsync(await TextAsync("own.pem"), await TextAsync("middle.pem") + await TextAsync("root.pem"))).ShouldBeOk();

        await openssl.WriteAsync("stored.pem", (string)(await certificate.CallAsync("GetCertificate")).Json["Certificate"]!);
        await openssl.RunAsync("verify -CAfile root.pem -untrusted middle.pem stored.pem");
        var description = await certificate.DescribeAsync();
        Assert.Equal(("ACTIVE", "CN=Middle"), ((string)description["Status"]!, (string)description["Issuer"]!));
    }

    [Theory]
    [InlineData("rsa:1024", "-sha256", "certificate 2 of the chain has a key of a kind or size that is not supported")]
    [InlineData("ec -pkeyopt ec_paramgen_curve:brainpoolP256r1", "-sha256", "certificate 2 of the chain has a key of a kind or size that is not supported")]
    [InlineData("ec -pkeyopt ec_paramgen_curve:P-256 -pkeyopt ec_param_enc:explicit", "-sha256", "certificate 2 of the chain has a key of a kind or size that is not supported")]
    [InlineData("rsa:2048", "-sha1", "the certificate is signed with an algorithm that is not supported")]
    public async Task Certificate_OfAWeakAuthority_IsRefused(string key, string digest, string reason)
    {
        var certificate = await TestCertificate.NewAsync(core);
        await IssueAsync(certificate, key, digest);

        var answer = await certificate.UploadAsync(await TextAsync("own.pem"), await TextAsync("middle.pem") + await TextAsync("root.pem"));

        Assert.Equal(400, (int)answer.Status);
        Assert.EndsWith($"is not valid: {reason}.", (string)answer.Json["Message"]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("RSA_2048", "RSA_PKCS1_SHA_256", "")]
    [InlineData("RSA_2048", "RSA_PSS_SHA_256", "-sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:32")]
    [InlineData("EC_P256", "ECDSA_SHA_256", "")]
    public async Task Signature_MadeHere_IsVerifiedThere(string spec, string algorithm, string options)
    {
        var certificate = await UploadedAsync(spec);
        var message = RandomNumberGenerator.GetBytes(1000);
        await openssl.WriteAsync("message", message);
        await openssl.WriteAsync("signature", await certificate.SignAsync(algorithm, message));

        await openssl.RunAsync($"dgst -sha256 -verify public.pem {options} -signature signature message");
    }

    [Theory]
    [InlineData("RSAES_OAEP_SHA_256", "sha256")]
    [InlineData("RSAES_OAEP_SHA_1", "sha1")]
    public async Task Ciphertext_MadeThere_OpensHere(string algorithm, string digest)
    {
        var certificate = await UploadedAsync("RSA_2048");
        var message = RandomNumberGenerator.GetBytes(100);
        await openssl.WriteAsync("message", message);
        await openssl.RunAsync(
            "pkeyutl -encrypt -certin -inkey own.pem -in message -out ciphertext "
            + $"-pkeyopt rsa_padding_mode:oaep -pkeyopt rsa_oaep_md:{digest} -pkeyopt rsa_mgf1_md:{digest}");

        Assert.Equal(message, await certificate.DecryptAsync(algorithm, await openssl.ReadAsync("ciphertext")));
    }

    private async Task<TestCertificate> UploadedAsync(string spec)
    {
        var certificate = await TestCertificate.NewAsync(core, spec);
        await IssueAsync(certificate, "ec -pkeyopt ec_paramgen_curve:P-256", "-sha256");
        (await certificate.UploadAsync(await TextAsync("own.pem"), await TextAsync("middle.pem"))).ShouldBeOk();
        await openssl.RunAsync("x509 -in own.pem -noout -pubkey -out public.pem");
        return certificate;
    }

    /// <summary>root.pem of the key that is asked for, middle.pem below it, own.pem of the request.</summary>
    private async Task IssueAsync(TestCertificate certificate, string key, string digest)
    {
        await openssl.WriteAsync("request.pem", certificate.Request);
        await openssl.WriteAsync("issuer.cnf", "basicConstraints=critical,CA:TRUE,pathlen:0\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n");
        await openssl.WriteAsync("own.cnf", "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature,keyEncipherment\nextendedKeyUsage=serverAuth\nauthorityKeyIdentifier=keyid\n");
        await openssl.RunAsync($"req -x509 -newkey {key} -nodes -keyout root.key -out root.pem -subj /CN=Root -days 30 {digest} -addext keyUsage=critical,keyCertSign");
        await openssl.RunAsync("req -newkey rsa:2048 -nodes -keyout middle.key -out middle.csr -subj /CN=Middle");
        await openssl.RunAsync($"x509 -req -in middle.csr -CA root.pem -CAkey root.key -CAcreateserial -out middle.pem -days 30 {(digest == "-sha1" ? "-sha256" : digest)} -extfile issuer.cnf");
        await openssl.RunAsync($"x509 -req -in request.pem -CA middle.pem -CAkey middle.key -CAcreateserial -out own.pem -days 30 {digest} -extfile own.cnf");
    }

    private Task<string> TextAsync(string name) => File.ReadAllTextAsync(openssl.File(name));
}
