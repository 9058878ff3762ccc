using KmsGateway.Core.Contract;
using KmsGateway.Gateway.Rendering;
using KmsGateway.Policy.Documents;

namespace KmsGateway.Gateway.Ram;

/// <summary>Lets only documents into the store that the strict parser accepts.</summary>
internal static class DocumentCheck
{
    /// <summary>A policy for users, groups and roles.</summary>
    public static void Identity(string document, RamQuotas quotas) =>
        Check(document, PolicyKind.Identity, quotas.PolicyDocumentCharacters, GatewayErrors.BeyondLength("PolicyDocument"));

    /// <summary>A trust policy; <paramref name="tooLong"/> names the parameter.</summary>
    public static void Trust(string document, RamQuotas quotas, KmsError tooLong) =>
        Check(document, PolicyKind.Trust, quotas.TrustDocumentCharacters, tooLong);

    private static void Check(string document, PolicyKind kind, int mostCharacters, KmsError tooLong)
    {
        // Why runes: the limit is in Unicode code points (ram-policy.md 1).
        if (document.EnumerateRunes().Count() > mostCharacters)
        {
            throw tooLong.With();
        }

        var parsed = PolicyParser.Parse(document, kind);
        if (!parsed.IsValid)
        {
            var fault = parsed.Faults[0];
            throw GatewayErrors.MalformedPolicyDocument.With(fault.Pointer.Length == 0 ? fault.Detail : $"{fault.Pointer}: {fault.Detail}");
        }
    }
}
