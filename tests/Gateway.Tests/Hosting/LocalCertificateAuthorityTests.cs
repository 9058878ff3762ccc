using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using KmsGateway.Core.Hosting;
using KmsGateway.Gateway.Hosting.Tls;
using KmsGateway.Tests;
using Xunit;

namespace KmsGateway.Gateway.Tests.Hosting;

public sealed class LocalCertificateAuthorityTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private static readonly DateTimeOffset Start = new(2030, 5, 6, 7, 8, 9, TimeSpan.Zero);

    private readonly TempDirectory directory = new();
    private readonly TestClock clock = new(Start);
    private readonly DataDirectory data;

    public LocalCertificateAuthorityTests() => data = DataDirectory.Open(directory.File("data"), "test");

    public void Dispose()
    {
        data.Dispose();
        directory.Dispose();
    }

    [Fact]
    public void Ca_AtFirstStart_MayIssueServerCertificatesOnly()
    {
        Load();
        using var ca = Certificate("ca.pem");

        var constraints = ca.Extensions.OfType<X509BasicConstraintsExtension>().Single();
        Assert.Equal((true, true, true, 0), (constraints.Critical, constraints.CertificateAuthority, constraints.HasPathLengthConstraint, constraints.PathLengthConstraint));
        var usage = ca.Extensions.OfType<X509KeyUsageExtension>().Single();
        Assert.Equal((true, X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign), (usage.Critical, usage.KeyUsages));
        Assert.Equal(ca.SubjectName.RawData, ca.IssuerName.RawData);
        Assert.Equal(SubjectKey(ca), AuthorityKey(ca));
        Assert.Equal(Start.AddYears(10), new DateTimeOffset(ca.NotAfter));
        AssertSmallPrint(ca);
    }

    [Fact]
    public void Leaf_AtFirstStart_IsAServersCertificate()
    {
        Load("kms.example.test", "10.0.0.7");
        using var ca = Certificate("ca.pem");
        using var leaf = Certificate("server.pem");

        var constraints = leaf.Extensions.OfType<X509BasicConstraintsExtension>().Single();
        Assert.Equal((true, false), (constraints.Critical, constraints.CertificateAuthority));
        var usage = leaf.Extensions.OfType<X509KeyUsageExtension>().Single();
        Assert.Equal((true, X509KeyUsageFlags.DigitalSignature), (usage.Critical, usage.KeyUsages));
        var extended = leaf.Extensions.OfType<X509EnhancedKeyUsageExtension>().Single();
        Assert.Equal("1.3.6.1.5.5.7.3.1", Assert.Single(extended.EnhancedKeyUsages.Cast<Oid>()).Value);
        var names = leaf.Extensions.OfType<X509SubjectAlternativeNameExtension>().Single();
        Assert.Equal(["kms.example.test", "localhost"], names.EnumerateDnsNames().Order(StringComparer.Ordinal));
        Assert.Equal(["10.0.0.7", "127.0.0.1", "::1"], names.EnumerateIPAddresses().Select(address => address.ToString()).Order(StringComparer.Ordinal));
        Assert.Equal(ca.SubjectName.RawData, leaf.IssuerName.RawData);
        Assert.Equal(SubjectKey(ca), AuthorityKey(leaf));
        Assert.NotEqual(SubjectKey(ca), SubjectKey(leaf));
        Assert.Equal(Start + TimeSpan.FromDays(397), new DateTimeOffset(leaf.NotAfter));
        AssertSmallPrint(leaf);
    }

    [Fact]
    public void Files_Written_AreTheOwnersAlone()
    {
        Load();

        Assert.Equal(OwnerOnly | UnixFileMode.UserExecute, File.GetUnixFileMode(PathOf("")));
        Assert.All(["ca.key", "ca.pem", "server.key", "server.pem"], name => Assert.Equal(OwnerOnly, File.GetUnixFileMode(PathOf(name))));
    }

    [Fact]
    public void Restart_NothingChanged_KeepsEveryFile()
    {
        var first = Load("b.test", "A.test");
        var files = Snapshot();
        clock.Advance(TimeSpan.FromDays(300));

        Assert.Equal(first.Thumbprint, Load("a.test", "b.test").Thumbprint);
        Assert.Equal(files, Snapshot());
    }

    [Theory]
    [InlineData(366, true)]
    [InlineData(367, false)]
    public void Leaf_ThirtyDaysBeforeItsEnd_IsRenewedUnderTheSameCa(int days, bool isKept)
    {
        var first = Load();
        var ca = File.ReadAllBytes(PathOf("ca.pem"));
        clock.Advance(TimeSpan.FromDays(days));

        var second = Load();

        Assert.Equal(isKept, first.Thumbprint == second.Thumbprint);
        Assert.Equal(ca, File.ReadAllBytes(PathOf("ca.pem")));
        AssertChain(clock.GetUtcNow());
    }

    [Fact]
    public void Leaf_CaNearItsEnd_EndsWithTheCaAndIsNotRenewedOverAndOver()
    {
        Load();
        clock.Set(Start.AddYears(10) - TimeSpan.FromDays(10));

        var first = Load();
        var second = Load();

        Assert.Equal(Start.AddYears(10), first.NotAfter);
        Assert.Equal(first.Thumbprint, second.Thumbprint);
    }

    [Fact]
    public void Ca_Expired_IsRefusedWithTheWayOut()
    {
        Load();
        clock.Set(Start.AddYears(10));

        Assert.Contains("has expired; delete ca.pem and ca.key", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void Leaf_NamesChanged_IsIssuedAgain()
    {
        var first = Load();

        Assert.NotEqual(first.Thumbprint, Load("kms.example.test").Thumbprint);
    }

    [Theory]
    [InlineData("server.key")]
    [InlineData("server.pem")]
    public void Leaf_FileMissing_IsIssuedAgainUnderTheSameCa(string name)
    {
        Load();
        var ca = File.ReadAllBytes(PathOf("ca.pem"));
        File.Delete(PathOf(name));

        Load();

        Assert.Equal(ca, File.ReadAllBytes(PathOf("ca.pem")));
        AssertChain(Start);
    }

    [Theory]
    [InlineData("server.key")]
    [InlineData("server.pem")]
    public void Leaf_FileBroken_IsIssuedAgain(string name)
    {
        Load();
        File.WriteAllText(PathOf(name), "-----BEGIN NOTHING-----");

        Load();

        AssertChain(Start);
    }

    [Fact]
    public void Leaf_NewKeyBesideOldCertificate_IsIssuedAgain()
    {
        Load();
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        File.WriteAllText(PathOf("server.key"), other.ExportPkcs8PrivateKeyPem());

        Load();

        AssertChain(Start);
    }

    [Fact]
    public void Leaf_OfAnotherCa_IsIssuedAgain()
    {
        Load();
        File.Delete(PathOf("ca.pem"));
        File.Delete(PathOf("ca.key"));

        Load();

        AssertChain(Start);
    }

    [Fact]
    public void Ca_KeyWithoutCertificate_IsMadeAnewForTheSameKey()
    {
        Load();
        using var before = Certificate("ca.pem");
        File.Delete(PathOf("ca.pem"));

        Load();

        using var after = Certificate("ca.pem");
        Assert.Equal(SubjectKey(before), SubjectKey(after));
        AssertChain(Start);
    }

    [Fact]
    public void Ca_CertificateWithoutKey_IsRefused()
    {
        Load();
        File.Delete(PathOf("ca.key"));

        Assert.Equal(
            $"The local CA is damaged: {PathOf("ca.key")} is missing while {PathOf("ca.pem")} is there; restore it from a backup, or delete ca.pem and ca.key to make a new CA, and give that to the clients.",
            Refusal());
    }

    [Theory]
    [InlineData("ca.key", "holds no readable EC key")]
    [InlineData("ca.pem", "holds no readable certificate")]
    public void Ca_FileBroken_IsRefused(string name, string fault)
    {
        Load();
        File.WriteAllText(PathOf(name), "");

        Assert.Contains(fault, Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void Ca_KeyOfAnother_IsRefused()
    {
        Load();
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        File.WriteAllText(PathOf("ca.key"), other.ExportPkcs8PrivateKeyPem());

        Assert.Contains("does not belong to", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void Ca_KeyReadableByOthers_IsClosedAgain()
    {
        Load();
        File.SetUnixFileMode(PathOf("ca.key"), OwnerOnly | UnixFileMode.OtherRead);

        Load();

        Assert.Equal(OwnerOnly, File.GetUnixFileMode(PathOf("ca.key")));
    }

    [Theory]
    [InlineData("ca.key.new")]
    [InlineData("server.pem.new")]
    public void Files_LeftByACrash_AreOverwritten(string name)
    {
        Directory.CreateDirectory(PathOf(""));
        File.WriteAllText(PathOf(name), "half");

        Load();

        Assert.False(File.Exists(PathOf(name)));
        AssertChain(Start);
    }

    [Theory]
    [InlineData("kms.example.test", true)]
    [InlineData("a", true)]
    [InlineData("", false)]
    [InlineData("a..b", false)]
    [InlineData("-a.test", false)]
    [InlineData("a-.test", false)]
    [InlineData("*.test", false)]
    [InlineData("under_score", false)]
    public void HostName_Valid_IsLabelsJoinedByDots(string name, bool isValid) => Assert.Equal(isValid, HostName.IsValid(name));

    private ServerCertificate Load(params string[] names) => new LocalCertificateAuthority(data, names, clock).Load();

    private string Refusal()
    {
        var exception = Assert.Throws<StartupException>(() => Load());
        Assert.Equal(70, exception.ExitCode);
        return exception.Message;
    }

    private void AssertChain(DateTimeOffset at)
    {
        using var ca = Certificate("ca.pem");
        using var leaf = X509Certificate2.CreateFromPemFile(PathOf("server.pem"), PathOf("server.key"));
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(ca);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTime = at.UtcDateTime;
        Assert.True(chain.Build(leaf), string.Join(", ", chain.ChainStatus.Select(status => status.StatusInformation)));
    }

    private static void AssertSmallPrint(X509Certificate2 certificate)
    {
        Assert.Equal(3, certificate.Version);
        Assert.Equal("1.2.840.10045.4.3.2", certificate.SignatureAlgorithm.Value);
        using var key = certificate.GetECDsaPublicKey();
        Assert.Equal("1.2.840.10045.3.1.7", key!.ExportParameters(includePrivateParameters: false).Curve.Oid.Value);
        Assert.True(certificate.SerialNumberBytes.Length >= 16);
        Assert.Equal(Start - TimeSpan.FromHours(1), new DateTimeOffset(certificate.NotBefore));
    }

    private static string SubjectKey(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509SubjectKeyIdentifierExtension>().Single().SubjectKeyIdentifier!;

    private static string AuthorityKey(X509Certificate2 certificate) =>
        Convert.ToHexString(certificate.Extensions.OfType<X509AuthorityKeyIdentifierExtension>().Single().KeyIdentifier!.Value.Span);

    private Dictionary<string, string> Snapshot() => Directory.EnumerateFiles(PathOf("")).ToDictionary(path => path, File.ReadAllText, StringComparer.Ordinal);

    private X509Certificate2 Certificate(string name) => X509Certificate2.CreateFromPem(File.ReadAllText(PathOf(name)));

    private string PathOf(string name) => data.FilePath(Path.Combine("tls", name));
}
