using KmsGateway.Core.Contract;

namespace KmsGateway.Gateway.Hosting;

/// <summary>
/// The gateway's settings. Every member is one row of <see cref="Settings.SettingsTable"/>, which holds names, descriptions and
/// defaults; what may not stand together is in <see cref="Settings.GatewayOptionsValidator"/>.
/// </summary>
internal sealed class GatewayOptions
{
    /// <summary>Listen addresses, separated by semicolons.</summary>
    public string Urls { get; set; } = "http://127.0.0.1:8750;https://127.0.0.1:8743";

    /// <summary>Where everything is kept; relative to the caller's working directory.</summary>
    public string DataDirectory { get; set; } = "./data";

    /// <summary>The one region this service answers for.</summary>
    public string Region { get; set; } = "cn-hangzhou";

    /// <summary>Root credentials seeded into an empty data directory.</summary>
    public BootstrapOptions Bootstrap { get; } = new();

    /// <summary>A seed file, applied at every start.</summary>
    public string? Seed { get; set; }

    /// <summary>A core in another process; without an address the core is embedded.</summary>
    public CoreConnectionOptions Core { get; } = new();

    /// <summary>The listener for health and metrics.</summary>
    public ManagementOptions Management { get; } = new();

    /// <summary>Certificates of https addresses.</summary>
    public TlsOptions Tls { get; } = new();

    /// <summary>Addresses and networks of proxies whose X-Forwarded-For and X-Forwarded-Proto are believed.</summary>
    public IReadOnlyList<string> TrustedProxies { get; set; } = [];

    /// <summary>Whether http may be served on, or metrics read from, addresses that are not loopback.</summary>
    public bool AllowPlainHttp { get; set; }

    /// <summary>Sessions for federated identities.</summary>
    public StsOptions Sts { get; } = new();

    /// <summary>Replay protection.</summary>
    public ReplayOptions Replay { get; } = new();

    /// <summary>What is kept of ram.db in memory.</summary>
    public CacheOptions Cache { get; } = new();

    /// <summary>Quotas of KMS and RAM.</summary>
    public QuotaOptions Quotas { get; } = new();

    /// <summary>The storage engine; only <c>Sqlite</c> so far.</summary>
    public string Store { get; set; } = "Sqlite";

    /// <summary>The PKCS#11 module; not available so far.</summary>
    public HsmOptions Hsm { get; } = new();

    /// <summary>The log's form; its levels are in the usual <c>Logging</c> section.</summary>
    public LogOptions Log { get; } = new();
}

/// <summary>Root credentials given by the operator. Source: architecture.md, operator contract.</summary>
internal sealed class BootstrapOptions
{
    /// <summary>16 digits; generated when absent.</summary>
    public string? AccountId { get; set; }

    /// <summary>Only together with <see cref="AccessKeySecret"/>; generated when absent.</summary>
    public string? AccessKeyId { get; set; }

    /// <summary>Only together with <see cref="AccessKeyId"/>. Never printed.</summary>
    public string? AccessKeySecret { get; set; }
}

/// <summary>Where a core in another process is. Source: decisions.md D1, D2.</summary>
internal sealed class CoreConnectionOptions
{
    /// <summary><c>https://core:8760</c>, <c>http://127.0.0.1:8760</c> or <c>unix:/run/core.sock</c>.</summary>
    public string? Address { get; set; }

    /// <summary>PEM file of the CA that issued the core's certificate; the system's CAs when absent.</summary>
    public string? CaFile { get; set; }

    /// <summary>Audience of tickets.</summary>
    public string Id { get; set; } = Ticket.DefaultAudience;
}

/// <summary>The listener that serves <c>/healthz/*</c> and <c>/metrics</c>.</summary>
internal sealed class ManagementOptions
{
    /// <summary>One http address.</summary>
    public string Url { get; set; } = "http://127.0.0.1:8751";
}

/// <summary>Certificates. Source: decisions.md D8.</summary>
internal sealed class TlsOptions
{
    /// <summary>Further DNS names and IP addresses in the certificate of the local CA.</summary>
    public IReadOnlyList<string> Names { get; set; } = [];

    /// <summary>PEM certificate chain, leaf first; replaces the local CA.</summary>
    public string? CertificateFile { get; set; }

    /// <summary>PEM private key of <see cref="CertificateFile"/>.</summary>
    public string? KeyFile { get; set; }
}

/// <summary>Identity providers whose tokens AssumeRoleWithOIDC takes. Source: ram-sts-api.md, STS.</summary>
internal sealed class StsOptions
{
    /// <summary>Provider ARN, issuer and client ids of each, separated by blanks.</summary>
    public IReadOnlyList<string> OidcProviders { get; set; } = [];

    /// <summary>PEM file of the CA of the issuers; the system's CAs when absent.</summary>
    public string? OidcCaFile { get; set; }
}

/// <summary>Replay protection. Source: decisions.md D7.</summary>
internal sealed class ReplayOptions
{
    /// <summary>Remembered requests; when full, requests are answered with 503.</summary>
    public int MaxEntries { get; set; } = 1_000_000;
}

/// <summary>What is kept of ram.db in memory (docs/performance.md).</summary>
internal sealed class CacheOptions
{
    /// <summary>Bound of the caches of access keys and policies together; not taken before it is used.</summary>
    public int Megabytes { get; set; } = Ram.RamCacheLimits.DefaultMegabytes;
}

/// <summary>Quotas. Sources: kms-api.md section 13; ram-sts-api.md, Limits.</summary>
internal sealed class QuotaOptions
{
    public int KeysPerRegion { get; set; } = 200;

    public int AliasesPerRegion { get; set; } = 300;

    public int TagsPerResource { get; set; } = 10;

    public int KeyVersionsPerRegion { get; set; } = 10_000;

    public int AsymmetricVersionsPerRegion { get; set; } = 50;

    public int AsymmetricVersionIntervalDays { get; set; } = 7;

    public int DeletionWindowDays { get; set; } = 30;

    public int UsersPerAccount { get; set; } = 1000;

    public int GroupsPerAccount { get; set; } = 50;

    public int RolesPerAccount { get; set; } = 1000;

    public int PoliciesPerAccount { get; set; } = 1500;

    public int AccessKeysPerUser { get; set; } = 2;

    public int GroupsPerUser { get; set; } = 5;

    public int SystemPoliciesPerUser { get; set; } = 20;

    public int CustomPoliciesPerUser { get; set; } = 10;

    public int SystemPoliciesPerGroup { get; set; } = 20;

    public int CustomPoliciesPerGroup { get; set; } = 5;

    public int SystemPoliciesPerRole { get; set; } = 20;

    public int CustomPoliciesPerRole { get; set; } = 5;

    public int VersionsPerPolicy { get; set; } = 5;

    public int PolicyDocumentCharacters { get; set; } = 6144;
}

/// <summary>PKCS#11. Named already, so that a value is refused with a reason instead of being ignored.</summary>
internal sealed class HsmOptions
{
    public string? Library { get; set; }

    public string? TokenLabel { get; set; }

    public string? PinFile { get; set; }
}

/// <summary>The log's form.</summary>
internal sealed class LogOptions
{
    /// <summary><c>json</c> or <c>text</c>; absent: text on a terminal, json otherwise.</summary>
    public string? Format { get; set; }
}
