using System.Diagnostics.CodeAnalysis;
using KmsGateway.Policy.Matching;

namespace KmsGateway.Gateway.Catalogue.Types;

/// <summary>What the names of RAM look like. Source: ram-sts-api.md, common rules.</summary>
internal static class RamSyntax
{
    private const int MaxNameLength = 128;

    /// <summary>Users and groups: letters, digits, <c>. _ -</c>.</summary>
    public static bool IsUserNameCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-';

    /// <summary>Display names: anything but control characters.</summary>
    public static bool IsDisplayNameCharacter(char c) => !char.IsControl(c);

    /// <summary>Roles: letters, digits, <c>. -</c>.</summary>
    public static bool IsRoleNameCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '.' or '-';

    /// <summary>Policies: letters, digits, <c>-</c>.</summary>
    public static bool IsPolicyNameCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c == '-';

    /// <summary>Role sessions: letters, digits, <c>. @ - _</c>.</summary>
    public static bool IsSessionNameCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '.' or '@' or '-' or '_';

    /// <summary>External ids: letters, digits, <c>= , . @ : / - _ +</c>.</summary>
    public static bool IsExternalIdCharacter(char c) =>
        char.IsAsciiLetterOrDigit(c) || c is '=' or ',' or '.' or '@' or ':' or '/' or '-' or '_' or '+';

    /// <summary><c>v</c> and a positive number.</summary>
    public static bool IsVersionId(string text) =>
        text.Length is >= 2 and <= 10 && text[0] == 'v' && text[1] != '0' && !text.AsSpan(1).ContainsAnyExceptInRange('0', '9');

    /// <summary>Something, one <c>@</c>, something; no blanks and no control characters.</summary>
    public static bool IsEmail(string text)
    {
        const int maxEmailLength = 254;
        var at = text.IndexOf('@', StringComparison.Ordinal);
        return at > 0 && at == text.LastIndexOf('@') && at < text.Length - 1 && text.Length <= maxEmailLength
            && !text.Any(c => char.IsWhiteSpace(c) || char.IsControl(c));
    }

    /// <summary><c>&lt;country code&gt;-&lt;number&gt;</c>, digits both.</summary>
    public static bool IsMobilePhone(string text)
    {
        const int maxCountryCodeLength = 5;
        const int maxNumberLength = 20;
        return text.Split('-') is [{ Length: > 0 and <= maxCountryCodeLength } country, { Length: > 0 and <= maxNumberLength } number]
            && country.All(char.IsAsciiDigit) && number.All(char.IsAsciiDigit);
    }

    /// <summary><c>acs:ram::&lt;account&gt;:role/&lt;role&gt;</c>.</summary>
    public static bool IsRoleArn(string text) => TryReadRoleArn(text, out _, out _);

    /// <summary><c>acs:ram::&lt;account&gt;:oidc-provider/&lt;name&gt;</c>.</summary>
    public static bool IsProviderArn(string text) => TryReadProviderArn(text, out _, out _);

    /// <summary>The account and the provider's name in such an ARN.</summary>
    public static bool TryReadProviderArn(string text, [NotNullWhen(true)] out string? account, [NotNullWhen(true)] out string? name) =>
        TryReadArn(text, "oidc-provider/", IsUserNameCharacter, MaxNameLength, out account, out name);

    /// <summary>The account and the role's name in a role ARN.</summary>
    public static bool TryReadRoleArn(string text, [NotNullWhen(true)] out string? account, [NotNullWhen(true)] out string? role)
    {
        const int maxRoleNameLength = 64;
        return TryReadArn(text, "role/", IsRoleNameCharacter, maxRoleNameLength, out account, out role);
    }

    private static bool TryReadArn(
        string text,
        string collection,
        Func<char, bool> allowed,
        int maxLength,
        [NotNullWhen(true)] out string? account,
        [NotNullWhen(true)] out string? name)
    {
        (account, name) = (null, null);
        if (!Arn.TryParse(text, out var arn)
            || !string.Equals(arn.Service, "ram", StringComparison.Ordinal)
            || arn.Region.Length > 0
            || arn.Account.Length is 0 or > 32 || !arn.Account.All(char.IsAsciiDigit)
            || !arn.RelativeId.StartsWith(collection, StringComparison.Ordinal))
        {
            return false;
        }

        var rest = arn.RelativeId[collection.Length..];
        if (rest.Length == 0 || rest.Length > maxLength || !rest.All(allowed))
        {
            return false;
        }

        (account, name) = (arn.Account, rest);
        return true;
    }
}
