using System.Net;
using KmsGateway.Gateway.Hosting.Http;
using KmsGateway.Gateway.Hosting.Tls;
using KmsGateway.Gateway.Sts.Oidc;
using Microsoft.Extensions.Options;

namespace KmsGateway.Gateway.Hosting.Settings;

/// <summary>What a single value may be, and what may not stand together. Every fault is one sentence that names its setting.</summary>
internal sealed class GatewayOptionsValidator : IValidateOptions<GatewayOptions>
{
    private const int AccountIdDigits = 16;

    private static readonly Action<GatewayOptions, ICollection<string>>[] Rules =
    [
        CheckDataDirectory, CheckRegion, CheckBootstrap, CheckSeed, CheckCore, CheckAddresses, CheckTls, CheckTrustedProxies, CheckSts, CheckStore, CheckHsm,
        CheckLog,
    ];

    /// <inheritdoc />
    public ValidateOptionsResult Validate(string? name, GatewayOptions options)
    {
        var faults = new List<string>();
        foreach (var rule in Rules)
        {
            rule(options, faults);
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static void CheckDataDirectory(GatewayOptions options, ICollection<string> faults)
    {
        if (options.DataDirectory.Contains('\0', StringComparison.Ordinal))
        {
            faults.Add("Kms:DataDirectory must be a path; it holds a zero character.");
        }
    }

    private static void CheckRegion(GatewayOptions options, ICollection<string> faults)
    {
        var region = options.Region;
        var isRegion = region.Length is >= 3 and <= 64
            && char.IsAsciiLetterLower(region[0])
            && region[^1] != '-'
            && region.All(character => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character) || character == '-');
        if (!isRegion)
        {
            faults.Add($"Kms:Region must be a region id such as cn-hangzhou; it is {Quoted.Text(region)}.");
        }
    }

    private static void CheckBootstrap(GatewayOptions options, ICollection<string> faults)
    {
        var bootstrap = options.Bootstrap;
        if (bootstrap.AccountId is { } account && (account.Length != AccountIdDigits || !account.All(char.IsAsciiDigit)))
        {
            faults.Add($"Kms:Bootstrap:AccountId must be 16 digits; it is {Quoted.Text(account)}.");
        }

        if (bootstrap.AccessKeyId is { } id && (id.Length is < 16 or > 128 || !id.All(char.IsAsciiLetterOrDigit)))
        {
            faults.Add($"Kms:Bootstrap:AccessKeyId must be 16 to 128 letters and digits; it is {Quoted.Text(id)}.");
        }

        // Why: the secret is never quoted, not even a wrong one.
        if (bootstrap.AccessKeySecret is { } secret && (secret.Length is < 16 or > 128 || !secret.All(character => character is > ' ' and < '\x7f')))
        {
            faults.Add("Kms:Bootstrap:AccessKeySecret must be 16 to 128 printable ASCII characters without blanks.");
        }

        RequireBoth(
            ("Kms:Bootstrap:AccessKeyId", bootstrap.AccessKeyId), ("Kms:Bootstrap:AccessKeySecret", bootstrap.AccessKeySecret), faults);
    }

    private static void CheckSeed(GatewayOptions options, ICollection<string> faults)
    {
        if (options.Seed is { } path)
        {
            RequireFile("Kms:Seed", path, faults);
        }
    }

    private static void CheckCore(GatewayOptions options, ICollection<string> faults)
    {
        var core = options.Core;
        if (core.Address is { } address && CoreAddress.Fault(address) is { } fault)
        {
            faults.Add(fault);
        }

        if (core.CaFile is { } caFile)
        {
            RequireFile("Kms:Core:CaFile", caFile, faults);
            if (core.Address?.StartsWith("https://", StringComparison.OrdinalIgnoreCase) != true)
            {
                faults.Add("Kms:Core:CaFile needs an https address in Kms:Core:Address.");
            }
        }

        if (core.Id.Length > 128 || !core.Id.All(character => character is > ' ' and < '\x7f'))
        {
            faults.Add($"Kms:Core:Id must be 1 to 128 printable ASCII characters without blanks; it is {Quoted.Text(core.Id)}.");
        }
    }

    private static void CheckSts(GatewayOptions options, ICollection<string> faults)
    {
        foreach (var entry in options.Sts.OidcProviders.Where(entry => !OidcProvider.TryParse(entry, out _)))
        {
            faults.Add(
                "Kms:Sts:OidcProviders takes entries of a provider ARN (acs:ram::<account>:oidc-provider/<name>), an https issuer and client ids, "
                + $"separated by blanks; it holds {Quoted.Text(entry)}.");
        }

        foreach (var arn in options.Sts.OidcProviders.Select(entry => entry.Split(' ')[0]).GroupBy(arn => arn).Where(group => group.Skip(1).Any()))
        {
            faults.Add($"Kms:Sts:OidcProviders names {Quoted.Text(arn.Key)} twice.");
        }

        if (options.Sts.OidcCaFile is { } caFile)
        {
            RequireFile("Kms:Sts:OidcCaFile", caFile, faults);
        }
    }

    private static void CheckAddresses(GatewayOptions options, ICollection<string> faults)
    {
        var addresses = ListenAddress.ParseAll(SettingsTable.Urls, options.Urls, faults);
        RequireAllowance(SettingsTable.Urls, addresses, options, faults);
        if (!ListenAddress.TryParse("Kms:Management:Url", options.Management.Url, out var management, out var fault))
        {
            faults.Add(fault);
            return;
        }

        if (management.IsHttps)
        {
            faults.Add("Kms:Management:Url must be an http address.");
        }

        RequireAllowance("Kms:Management:Url", [management], options, faults);
        if (addresses.FirstOrDefault(management.Collides) is { } taken)
        {
            faults.Add($"Kms:Management:Url and urls both name {Quoted.Text(taken.Text)}.");
        }
    }

    private static void RequireAllowance(
        string setting, IEnumerable<ListenAddress> addresses, GatewayOptions options, ICollection<string> faults)
    {
        foreach (var address in addresses.Where(address => !options.AllowPlainHttp && !address.IsHttps && !address.IsLoopback))
        {
            faults.Add($"{setting} serves plain http on {Quoted.Text(address.Text)}, which is not loopback; use https, or set Kms:AllowPlainHttp=true.");
        }
    }

    private static void CheckTls(GatewayOptions options, ICollection<string> faults)
    {
        foreach (var name in options.Tls.Names.Where(name => !HostName.IsValid(name) && !IPAddress.TryParse(name, out _)))
        {
            faults.Add($"Kms:Tls:Names must hold host names and IP addresses; it holds {Quoted.Text(name)}.");
        }

        var (certificate, key) = (options.Tls.CertificateFile, options.Tls.KeyFile);
        RequireBoth(("Kms:Tls:CertificateFile", certificate), ("Kms:Tls:KeyFile", key), faults);
        if (certificate is not null)
        {
            RequireFile("Kms:Tls:CertificateFile", certificate, faults);
        }

        if (key is not null)
        {
            RequireFile("Kms:Tls:KeyFile", key, faults);
        }
    }

    private static void CheckTrustedProxies(GatewayOptions options, ICollection<string> faults)
    {
        foreach (var text in options.TrustedProxies)
        {
            if (TrustedProxies.ParseFault(text) is { } fault)
            {
                faults.Add(fault);
            }
        }
    }

    private static void CheckStore(GatewayOptions options, ICollection<string> faults)
    {
        if (options.Store.Equals("PostgreSql", StringComparison.OrdinalIgnoreCase))
        {
            faults.Add("Kms:Store=PostgreSql is not available yet; use Sqlite.");
        }
        else if (!options.Store.Equals("Sqlite", StringComparison.OrdinalIgnoreCase))
        {
            faults.Add($"Kms:Store must be Sqlite; it is {Quoted.Text(options.Store)}.");
        }
    }

    private static void CheckHsm(GatewayOptions options, ICollection<string> faults)
    {
        (string Name, string? Value)[] settings =
        [
            ("Kms:Hsm:Library", options.Hsm.Library), ("Kms:Hsm:TokenLabel", options.Hsm.TokenLabel), ("Kms:Hsm:PinFile", options.Hsm.PinFile),
        ];
        foreach (var (name, _) in settings.Where(setting => setting.Value is not null))
        {
            faults.Add($"{name} is not available yet: keys in an HSM are not supported; remove it.");
        }
    }

    private static void CheckLog(GatewayOptions options, ICollection<string> faults)
    {
        if (options.Log.Format is { } format and not ("json" or "text"))
        {
            faults.Add($"Kms:Log:Format must be json or text; it is {Quoted.Text(format)}.");
        }
    }

    private static void RequireBoth((string Name, string? Value) one, (string Name, string? Value) other, ICollection<string> faults)
    {
        if (one.Value is null != other.Value is null)
        {
            var (given, missing) = one.Value is null ? (other.Name, one.Name) : (one.Name, other.Name);
            faults.Add($"{given} needs {missing}.");
        }
    }

    private static void RequireFile(string setting, string path, ICollection<string> faults)
    {
        if (!File.Exists(path))
        {
            faults.Add($"{setting} names the file {Quoted.Text(path)}, which does not exist.");
        }
    }
}
