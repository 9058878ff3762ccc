using KmsGateway.Core.Keys;

namespace KmsGateway.Core.Crypto;

/// <summary>Authentication codes under the one version of a MAC key.</summary>
internal sealed class MacCryptography(VersionKeys versions)
{
    public byte[] Compute(KeyRecord key, ReadOnlySpan<byte> message)
    {
        var versionId = key.PrimaryVersion ?? throw new InvalidOperationException("A MAC key has a primary version.");
        using var lease = versions.Acquire(versionId);
        return ((IMacKey)lease.Handle).Compute(message);
    }
}
