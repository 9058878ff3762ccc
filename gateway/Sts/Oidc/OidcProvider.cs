using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using KmsGateway.Gateway.Catalogue.Types;

namespace KmsGateway.Gateway.Sts.Oidc;

/// <summary>An issuer whose tokens open sessions. One entry of <c>Kms:Sts:OidcProviders</c>: the parts, separated by blanks.</summary>
/// <param name="Arn"><c>acs:ram::&lt;account&gt;:oidc-provider/&lt;name&gt;</c>: what trust policies call it.</param>
/// <param name="AccountId">The account in it, which gets the events.</param>
/// <param name="Issuer">https, or http on loopback; equal to the token's <c>iss</c>; its keys are found through discovery.</param>
/// <param name="ClientIds">The audiences that are accepted, at least one.</param>
internal sealed record OidcProvider(string Arn, string AccountId, string Issuer, ImmutableArray<string> ClientIds)
{
    /// <summary>Where the issuer says where its keys are.</summary>
    public string MetadataAddress => $"{Issuer.TrimEnd('/')}/.well-known/openid-configuration";

    public static bool TryParse(string entry, [NotNullWhen(true)] out OidcProvider? provider)
    {
        provider = null;
        if (entry.Split(' ', StringSplitOptions.RemoveEmptyEntries) is not [var arn, var issuer, _, ..] parts
            || !RamSyntax.TryReadProviderArn(arn, out var account, out _)
            || !IsIssuer(issuer))
        {
            return false;
        }

        provider = new OidcProvider(arn, account, issuer, [.. parts[2..]]);
        return true;
    }

    private static bool IsIssuer(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback))
        && uri.Query.Length == 0 && uri.Fragment.Length == 0 && uri.UserInfo.Length == 0;
}
