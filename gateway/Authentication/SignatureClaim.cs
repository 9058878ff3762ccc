namespace KmsGateway.Gateway.Authentication;

/// <summary>What a request says of its own signature; nothing of it is proven.</summary>
internal sealed class SignatureClaim
{
    public required string AccessKeyId { get; init; }

    /// <summary>As sent.</summary>
    public required string Timestamp { get; init; }

    /// <summary>Whether the stamp may hold a fraction of a second.</summary>
    public required bool MayHaveFraction { get; init; }

    /// <summary>Null where the scheme allows that; the signature then is the replay key.</summary>
    public required string? Nonce { get; init; }

    /// <summary>Decoded; empty when the text did not decode to the right number of bytes.</summary>
    public required byte[] Signature { get; init; }

    /// <summary>ACS3: the names of the signed headers.</summary>
    public string SignedHeaders { get; init; } = string.Empty;
}
