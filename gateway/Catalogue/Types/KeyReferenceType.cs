using KmsGateway.Policy.Kms;

namespace KmsGateway.Gateway.Catalogue.Types;

/// <summary>
/// A key by its id or ARN, or by an alias where the action takes one. The syntax is that of <see cref="KmsCallSyntax"/>; which
/// account and region an ARN may name is decided with the checks. Source: kms-api.md 10, ram-policy.md R-KMS-1.
/// </summary>
/// <param name="acceptsAlias">Elsewhere an alias is <c>Unsupported.Alias</c>.</param>
internal sealed class KeyReferenceType(bool acceptsAlias)
    : ScalarType(new ParameterShape("string") { Pattern = Pattern })
{
    public const string Pattern =
        "key id: UUID text of 36 chars (newer service: key-…); alias: alias/…; ARN: acs:kms:<region>:<account>:key/<id>";

    public bool AcceptsAlias => acceptsAlias;

    protected override ParameterReading Parse(string text)
    {
        if (text.StartsWith(KmsCallSyntax.AliasPrefix, StringComparison.Ordinal))
        {
            if (!acceptsAlias)
            {
                return ParameterReading.Refused(ParameterFault.Alias);
            }

            return KmsCallSyntax.IsAlias(text) ? ParameterReading.Of(text) : ParameterReading.Refused(ParameterFault.Format);
        }

        return KmsCallSyntax.IsKeyId(text) || KmsCallSyntax.TryReadKeyArn(text, out _, out _)
            ? ParameterReading.Of(text)
            : ParameterReading.Refused(ParameterFault.Format);
    }
}
