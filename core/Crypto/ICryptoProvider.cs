namespace KmsGateway.Core.Crypto;

/// <summary>Makes, keeps and uses key material. Nothing here exports it. Source: crypto-core.md section 6.</summary>
internal interface ICryptoProvider
{
    /// <summary><c>SOFTWARE</c> or <c>HSM</c>.</summary>
    string ProtectionLevel { get; }

    /// <summary>The epoch that new records are sealed under.</summary>
    int Epoch { get; }

    /// <summary>Whether keys of this spec can be made here.</summary>
    bool Supports(string keySpec);

    /// <summary>Fresh material for a new key version, as the record the database keeps.</summary>
    byte[] GenerateSealed(MaterialIdentity identity);

    /// <summary>Imported material, as the record the database keeps.</summary>
    byte[] SealImported(MaterialIdentity identity, ReadOnlySpan<byte> material);

    /// <summary>What is left of a record when its material is destroyed: enough to know the same material again. Null when it holds none.</summary>
    /// <exception cref="SealedRecordException">It was altered, or belongs to another version.</exception>
    byte[]? WithoutMaterial(MaterialIdentity identity, ReadOnlySpan<byte> sealedRecord);

    /// <summary>A record without material that no material is ever the same as, for one that does not open.</summary>
    byte[] Tombstone(MaterialIdentity identity);

    /// <summary>Whether <paramref name="material"/> is what a record holds or, destroyed since, held; compared in constant time.</summary>
    bool IsSameMaterial(MaterialIdentity identity, ReadOnlySpan<byte> sealedRecord, ReadOnlySpan<byte> material);

    /// <summary>False for what <see cref="WithoutMaterial"/> left.</summary>
    bool HoldsMaterial(ReadOnlySpan<byte> sealedRecord);

    /// <summary>Opens a record that holds material and checks that it is what it claims to be.</summary>
    /// <exception cref="SealedRecordException">It was altered, or belongs to another version.</exception>
    IKeyHandle Load(MaterialIdentity identity, ReadOnlySpan<byte> sealedRecord);
}

/// <summary>One key version, ready for use by any number of threads. Disposing it zeroes what it holds.</summary>
internal interface IKeyHandle : IDisposable;

/// <summary>A version of a symmetric key.</summary>
internal interface ISymmetricKey : IKeyHandle
{
    /// <summary>Number in the ciphertext: 1 XAES-256-GCM, 3 SM4-GCM.</summary>
    byte Algorithm { get; }

    int NonceLength { get; }

    /// <summary>Whether random nonces of that length bound the messages of one version, so that they are counted (<see cref="Keys.MessageLimit"/>).</summary>
    bool IsCounted { get; }

    /// <summary>First 16 bytes of SHA-256(<c>kms-check-1</c> | F | version id): ties a ciphertext to the material.</summary>
    ReadOnlySpan<byte> Check { get; }

    void Encrypt(
        ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plaintext, Span<byte> ciphertext, Span<byte> tag, ReadOnlySpan<byte> associatedData);

    /// <summary>False, and a zeroed plaintext, when anything does not fit.</summary>
    bool TryDecrypt(
        ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> tag, Span<byte> plaintext, ReadOnlySpan<byte> associatedData);
}

/// <summary>A version of a MAC key.</summary>
internal interface IMacKey : IKeyHandle
{
    /// <summary>The authentication code of <paramref name="message"/>, in full length.</summary>
    byte[] Compute(ReadOnlySpan<byte> message);
}

/// <summary>A stored record does not open for the version it stands beside: the database was altered, or root.key is not its own.</summary>
public sealed class SealedRecordException(string versionId)
    : Exception($"The sealed record of key version {versionId} does not open.");
