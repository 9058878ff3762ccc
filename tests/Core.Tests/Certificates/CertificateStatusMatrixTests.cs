using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using KmsGateway.Core.Certificates;

namespace KmsGateway.Core.Tests.Certificates;

/// <summary>
/// Every status and every operation against a table written by hand from kms-api.md section 4 and docs/certificates.md: + allowed,
/// N Rejected.UnsupportedOperation (400), D Rejected.Disabled (409), M Rejected.StateModifiedFailed (409). Columns: PENDING, ACTIVE,
/// INACTIVE, REVOKED.
/// </summary>
public sealed class CertificateStatusMatrixTests : IAsyncLifetime
{
    private const string Table =
        """
        GetCertificate               + + + +
        DescribeCertificate          + + + +
        DeleteCertificate            + + + +
        TagResource                  + + + +
        UntagResource                + + + +
        UploadCertificate            + M M M
        UpdateCertificateStatus      M + + M
        CertificatePrivateKeySign    N + D N
        CertificatePublicKeyVerify   N + D +
        CertificatePublicKeyEncrypt  N + D N
        CertificatePrivateKeyDecrypt N + D N
        """;

    private static readonly string[] Statuses = ["PENDING", "ACTIVE", "INACTIVE", "REVOKED"];

    private TestCore core = null!;

    public static TheoryData<string, string, char> Cells
    {
        get
        {
            var cells = new TheoryData<string, string, char>();
            foreach (var row in Table.Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)))
            {
                for (var index = 0; index < Statuses.Length; index++)
                {
                    cells.Add(row[0], Statuses[index], row[index + 1][0]);
                }
            }

            return cells;
        }
    }

    public async Task InitializeAsync() => core = await TestCore.StartAsync();

    public async Task DisposeAsync() => await core.DisposeAsync();

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task Operation_OfAStatus_IsWhatTheTableSays(string action, string status, char expected)
    {
        var certificate = await InStatusAsync(status);
        var answer = await PerformAsync(certificate, action);

        Assert.Equal(
            expected switch
            {
                '+' => (200, null),
                'N' => (400, "Rejected.UnsupportedOperation"),
                'D' => (409, "Rejected.Disabled"),
                _ => (409, "Rejected.StateModifiedFailed"),
            },
            ((int)answer.Status, (int)answer.Status == 200 ? null : answer.Code));
        if (expected != '+')
        {
            Assert.Contains(status, (string)answer.Json["Message"]!, StringComparison.Ordinal);
            Assert.Equal(status, (string)(await certificate.DescribeAsync())["Status"]!);
        }
    }

    [Fact]
    public void Table_HasARowForEveryActionOnCertificates() => Assert.Equal(
        Table.Split('\n').Select(line => line.Split(' ')[0]).Order(StringComparer.Ordinal), CertificateStatusTable.Actions.Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("INACTIVE", "INACTIVE")]
    [InlineData("DISABLE", "INACTIVE")]
    [InlineData("DISABLED", "INACTIVE")]
    [InlineData("ACTIVE", "ACTIVE")]
    [InlineData("REVOKED", "REVOKED")]
    public async Task UpdateStatus_InEitherSpelling_IsTheStatus(string given, string expected)
    {
        var certificate = await TestCertificate.IssuedAsync(core);
        (await certificate.SetAsync(given)).ShouldBeOk();
        Assert.Equal(expected, (string)(await certificate.DescribeAsync())["Status"]!);
    }

    [Theory]
    [InlineData("PENDING")]
    [InlineData("active")]
    [InlineData("Enabled")]
    public async Task UpdateStatus_ToWhatIsNone_IsRefused(string status) =>
        (await (await TestCertificate.IssuedAsync(core)).SetAsync(status)).ShouldBe(400, "InvalidParameter", "Status");

    [Fact]
    public async Task UpdateStatus_BackAndForth_TurnsUseOffAndOn()
    {
        var certificate = await TestCertificate.IssuedAsync(core);
        (await certificate.SetAsync("INACTIVE")).ShouldBeOk();
        (await certificate.SetAsync("ACTIVE")).ShouldBeOk();
        _ = await certificate.SignAsync("ECDSA_SHA_256", [1]);
    }

    private async Task<TestCertificate> InStatusAsync(string status)
    {
        if (status == "PENDING")
        {
            return await TestCertificate.NewAsync(core, "RSA_2048");
        }

        var certificate = await TestCertificate.IssuedAsync(core, "RSA_2048");
        (await certificate.SetAsync(status)).ShouldBeOk();
        return certificate;
    }

    private async Task<CoreAnswer> PerformAsync(TestCertificate certificate, string action)
    {
        using var authority = TestAuthority.Root(core.Clock.GetUtcNow());
        (string, JsonNode?)[] parameters = action switch
        {
            "UploadCertificate" => [("Certificate", authority.Issue(certificate.Request))],
            "UpdateCertificateStatus" => [("Status", "INACTIVE")],
            "TagResource" => [("Tags", JsonNode.Parse("""[{"TagKey":"a","TagValue":"1"}]"""))],
            "UntagResource" => [("TagKeys", new JsonArray("a"))],
            "CertificatePrivateKeySign" => [("Algorithm", "RSA_PSS_SHA_256"), ("Message", "AAAA")],
            "CertificatePublicKeyVerify" => [("Algorithm", "RSA_PSS_SHA_256"), ("Message", "AAAA"), ("SignatureValue", "AAAA")],
            "CertificatePublicKeyEncrypt" => [("Algorithm", "RSAES_OAEP_SHA_256"), ("Plaintext", "AAAA")],
            "CertificatePrivateKeyDecrypt" => [("Algorithm", "RSAES_OAEP_SHA_256"), ("CiphertextBlob", Sealed(certificate))],
            _ => [],
        };
        return await certificate.CallAsync(action, parameters);
    }

    /// <summary>By the public key of the request, as anybody can.</summary>
    private static string Sealed(TestCertificate certificate)
    {
        var request = CertificateRequest.LoadSigningRequestPem(
            certificate.Request, HashAlgorithmName.SHA256,
            signerSignaturePadding: RSASignaturePadding.Pkcs1);
        using var rsa = request.PublicKey.GetRSAPublicKey()!;
        return Convert.ToBase64String(rsa.Encrypt([1], RSAEncryptionPadding.OaepSHA256));
    }
}
