using System.Buffers;

namespace KmsGateway.Policy.Documents;

/// <summary>The forms a principal may have; nothing else is one, wildcards least of all. Source: ram-policy.md R-DOC-20.</summary>
internal static class PrincipalSyntax
{
    private const string RamPrefix = "acs:ram::";
    private const string ServiceSuffix = ".aliyuncs.com";
    private const int MaxNameLength = 128;

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789");
    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-@");
    private static readonly SearchValues<char> HostCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    internal static bool TryParseKind(string name, out PrincipalKind kind)
    {
        kind = name switch
        {
            "RAM" => PrincipalKind.Ram,
            "Service" => PrincipalKind.Service,
            "Federated" => PrincipalKind.Federated,
            _ => PrincipalKind.None,
        };
        return kind != PrincipalKind.None;
    }

    internal static string NameOf(PrincipalKind kind) => kind == PrincipalKind.Ram ? "RAM" : kind.ToString();

    internal static PrincipalEntry? TryParse(PrincipalKind kind, string text, bool allowsAccountStar) => kind switch
    {
        PrincipalKind.Ram => TryParseRam(text, allowsAccountStar),
        PrincipalKind.Service when IsService(text) => new PrincipalEntry(kind, text, RamEntryScope.None, "", ""),
        PrincipalKind.Federated when IsProvider(text) => new PrincipalEntry(kind, text, RamEntryScope.None, "", ""),
        _ => null,
    };

    private static PrincipalEntry? TryParseRam(string text, bool allowsAccountStar)
    {
        if (!TrySplit(text, out var account, out var relative))
        {
            return null;
        }

        if (relative is "root" || (allowsAccountStar && relative is "*"))
        {
            return new PrincipalEntry(PrincipalKind.Ram, text, RamEntryScope.Account, account.ToString(), "");
        }

        if (TryName(relative, "user/", out var user))
        {
            return new PrincipalEntry(PrincipalKind.Ram, text, RamEntryScope.User, account.ToString(), user.ToString());
        }

        return TryName(relative, "role/", out var role)
            ? new PrincipalEntry(PrincipalKind.Ram, text, RamEntryScope.Role, account.ToString(), role.ToString())
            : null;
    }

    private static bool IsProvider(string text) =>
        TrySplit(text, out _, out var relative)
        && (TryName(relative, "saml-provider/", out _) || TryName(relative, "oidc-provider/", out _));

    private static bool IsService(string text)
    {
        if (text.Length > 253 || !text.EndsWith(ServiceSuffix, StringComparison.Ordinal))
        {
            return false;
        }

        foreach (var label in text.Split('.'))
        {
            if (label.Length is 0 or > 63 || label.AsSpan().ContainsAnyExcept(HostCharacters) || label[0] == '-' || label[^1] == '-')
            {
                return false;
            }
        }

        return true;
    }

    private static bool TrySplit(string text, out ReadOnlySpan<char> account, out ReadOnlySpan<char> relative)
    {
        account = relative = default;
        if (!text.StartsWith(RamPrefix, StringComparison.Ordinal))
        {
            return false;
        }

        var rest = text.AsSpan(RamPrefix.Length);
        var colon = rest.IndexOf(':');
        if (colon <= 0 || rest[..colon].ContainsAnyExcept(Digits))
        {
            return false;
        }

        account = rest[..colon];
        relative = rest[(colon + 1)..];
        return true;
    }

    private static bool TryName(ReadOnlySpan<char> relative, string prefix, out ReadOnlySpan<char> name)
    {
        name = relative.StartsWith(prefix, StringComparison.Ordinal) ? relative[prefix.Length..] : default;
        return name.Length is > 0 and <= MaxNameLength && !name.ContainsAnyExcept(NameCharacters);
    }
}
