using KmsGateway.Gateway.Ram.Secrets;
using KmsGateway.Gateway.Ram.Storage;

namespace KmsGateway.Gateway.Ram;

/// <summary>Access keys of an account's root.</summary>
internal static class RootKeys
{
    /// <summary>Stores one more root key: the <paramref name="given"/> one, or one generated here. The caller disposes the answer's secret.</summary>
    public static RootCredential Add(RamWriter writer, SecretSealer sealer, AccountRecord account, RootCredential? given = null)
    {
        var key = given ?? Generate();
        var sealedSecret = sealer.Seal(key.Secret.ExposeBytes(), SealedName.AccessKey(key.AccessKeyId, account.RootId));
        AccessKeyTable.Insert(writer, key.AccessKeyId, account.RootId, AccountTable.DataKey(writer)!.Id, sealedSecret);
        return key;
    }

    /// <summary>A new root key in place of all that there are; the old ones are refused from the next request on.</summary>
    public static RootCredential Replace(RamWriter writer, SecretSealer sealer, AccountRecord account)
    {
        foreach (var old in AccessKeyTable.ListOf(writer, account.RootId))
        {
            AccessKeyTable.Delete(writer, account.RootId, old.Id);
        }

        return Add(writer, sealer, account);
    }

    private static RootCredential Generate()
    {
        var generated = GeneratedAccessKey.Create();
        return new RootCredential(generated.Id, generated.Secret);
    }
}
