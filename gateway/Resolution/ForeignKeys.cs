using KmsGateway.Core.Contract;
using KmsGateway.Gateway.Authorization;
using KmsGateway.Policy.Evaluation;
using KmsGateway.Policy.Kms;

namespace KmsGateway.Gateway.Resolution;

/// <summary>
/// Who gets to see the key of another account. It is reached only when a call of key users names it by its full ARN or sends a
/// ciphertext made under it, and only by those whom its policy names for everything that the call asks on it. For everybody
/// else all is as if there were no such key: check, answer, diagnosis, trail. Sources: ram-policy.md R-EVAL-9, decisions.md D6.
/// </summary>
internal static class ForeignKeys
{
    /// <summary>The account that owns a key.</summary>
    public static string OwnerOf(KeyDescriptor descriptor) => OwnerField(descriptor).ToString();

    /// <summary>Whether the key is the account's own. Every call asks, so nothing is allocated.</summary>
    public static bool IsOwn(KeyDescriptor descriptor, string account) => OwnerField(descriptor).SequenceEqual(account);

    /// <summary>Whether a reference may lead out of the caller's account at all: aliases, secrets and certificates do not.</summary>
    public static bool MayBeShared(KmsCall call, KmsReference reference, string account) => call.IsForKeyUsers && reference.Kind switch
    {
        KmsReferenceKind.Key => !string.Equals(reference.Account, account, StringComparison.Ordinal),
        KmsReferenceKind.CiphertextHead => true,
        _ => false,
    };

    /// <summary>What the caller sees of what a reference of its call leads to: its own key, a foreign one that lets it in, or nothing.</summary>
    /// <param name="descriptor">What was found.</param>
    /// <param name="call">The call.</param>
    /// <param name="reference">Index of the reference.</param>
    /// <param name="account">The caller's account.</param>
    /// <param name="caller">Null for the service's own calls, which are let in nowhere.</param>
    public static KeyDescriptor? Seen(KeyDescriptor? descriptor, KmsCall call, int reference, string account, PolicyPrincipal? caller)
    {
        if (descriptor is null || IsOwn(descriptor, account))
        {
            return descriptor;
        }

        return call.IsForKeyUsers
            && caller is not null
            && KeyPolicies.Find(descriptor) is { } policy
            && call.PermissionsOn(reference).All(permission => KeySharing.IsNamed(policy, caller, permission))
                ? descriptor
                : null;
    }

    /// <summary>The fourth field of <c>acs:kms:region:account:key/id</c>.</summary>
    private static ReadOnlySpan<char> OwnerField(KeyDescriptor descriptor)
    {
        const int accountField = 3;
        var rest = descriptor.KeyArn.AsSpan();
        for (var field = 0; field < accountField; field++)
        {
            rest = rest[(rest.IndexOf(':') + 1)..];
        }

        var end = rest.IndexOf(':');
        return end > 0 ? rest[..end] : throw new InvalidOperationException("the core names keys by their ARN");
    }
}
