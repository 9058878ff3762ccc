using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using KmsGateway.Core.Hosting;

namespace KmsGateway.Gateway.Hosting.Tls;

/// <summary>PEM files in <c>&lt;data&gt;/tls</c>: mode 0600, written whole or not at all.</summary>
internal sealed class CertificateFiles(DataDirectory data)
{
    private const string Folder = "tls";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Makes the folder, 0700.</summary>
    public void CreateFolder() => Directory.CreateDirectory(data.FilePath(Folder), OwnerOnly | UnixFileMode.UserExecute);

    public string PathOf(string name) => data.FilePath(Path.Combine(Folder, name));

    public bool Has(string name) => File.Exists(PathOf(name));

    /// <summary>The key, or null when the file holds none.</summary>
    public ECDsa? TryReadKey(string name)
    {
        // Why: a restored backup often comes with group and world bits.
        File.SetUnixFileMode(PathOf(name), OwnerOnly);
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(File.ReadAllText(PathOf(name)));
            return key;
        }
        catch (Exception exception) when (exception is ArgumentException or CryptographicException)
        {
            key.Dispose();
            return null;
        }
    }

    /// <summary>A new P-256 key, on disk before it is returned.</summary>
    public ECDsa CreateKey(string name)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var pem = key.ExportPkcs8PrivateKeyPem().ToCharArray();
        var bytes = Encoding.ASCII.GetBytes(pem);
        try
        {
            data.WriteOwnerOnly(Path.Combine(Folder, name), bytes);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
            Array.Clear(pem);
        }

        return key;
    }

    /// <summary>The certificate, or null when the file is missing or holds none.</summary>
    public X509Certificate2? TryReadCertificate(string name)
    {
        try
        {
            return X509Certificate2.CreateFromPem(File.ReadAllText(PathOf(name)));
        }
        catch (Exception exception) when (exception is CryptographicException or FileNotFoundException)
        {
            return null;
        }
    }

    public void Write(string name, X509Certificate2 certificate) =>
        data.WriteOwnerOnly(Path.Combine(Folder, name), Encoding.ASCII.GetBytes(certificate.ExportCertificatePem() + "\n"));
}
