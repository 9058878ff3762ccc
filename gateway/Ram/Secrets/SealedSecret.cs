using System.Security.Cryptography;
using KmsGateway.Gateway.Authentication;

namespace KmsGateway.Gateway.Ram.Secrets;

/// <summary>
/// A secret as ram.db has it, opened for each MAC: a million access keys in use are a million sealed secrets in memory, and the
/// open ones are those of the requests under way.
/// </summary>
internal sealed class SealedSecret : AccessKeySecret
{
    private readonly byte[] sealedSecret;
    private readonly string accessKeyId;
    private readonly long ownerId;
    private readonly SecretSealer sealer;

    /// <summary>Opens it once, to prove that it can be.</summary>
    /// <exception cref="CryptographicException">It is of another access key or owner, or was altered.</exception>
    public SealedSecret(byte[] sealedSecret, string accessKeyId, long ownerId, SecretSealer sealer)
    {
        (this.sealedSecret, this.accessKeyId, this.ownerId, this.sealer) = (sealedSecret, accessKeyId, ownerId, sealer);
        _ = FixedTimeEquals([]);
    }

    public override int Length => SecretSealer.LengthOf(sealedSecret);

    public override void CopyTo(Span<byte> destination)
    {
        Span<byte> name = stackalloc byte[SealedName.MaxAccessKeyBytes];
        sealer.Open(sealedSecret, name[..SealedName.WriteAccessKey(name, accessKeyId, ownerId)], destination);
    }
}
