using System.Collections.Immutable;
using System.Reflection;
using KmsGateway.Core.Contract;

namespace KmsGateway.Gateway.Rendering;

/// <summary>
/// The gateway's half of the error catalogue: wire, signatures, RAM, STS. Sources: signing.md 7, ram-sts-api.md. An entry of
/// an open family (<c>Missing{Name}</c>, <c>InvalidParameter.{Name}.Length</c>) is made by the method named for the family.
/// </summary>
internal static partial class GatewayErrors
{
    /// <summary>RAM and STS refusal.</summary>
    public static readonly KmsError NoPermission =
        new("NoPermission", 403, "You are not authorized to do this action. You should be authorized by RAM.", "ram-policy.md 10");

    /// <summary>Every entry, families at the names they are known with, for the tests that walk the list.</summary>
    public static ImmutableArray<KmsError> All => Listed.Entries;

    // Why: fields of a class in several files are set in no certain order; a class of its own is set after them.
    private static class Listed
    {
        public static readonly ImmutableArray<KmsError> Entries =
        [
            .. typeof(GatewayErrors).GetFields(BindingFlags.Public | BindingFlags.Static)
                .Where(field => field.FieldType == typeof(KmsError))
                .Select(field => (KmsError)field.GetValue(null)!),
            .. FamilyEntries(),
        ];
    }
}
