using KmsGateway.Core.Contract;
using KmsGateway.Gateway.Wire;

namespace KmsGateway.Gateway.Authentication;

/// <summary>
/// What is special to one signature style. The order of checks, time, keys, tokens and replay are the verifier's, once for all
/// styles.
/// </summary>
internal interface ISignatureScheme
{
    /// <summary>Name of the scheme, as the trail writes it.</summary>
    string Style { get; }

    /// <summary>Steps 5 and 6: everything there, of a kind that is supported. The refusal, or null.</summary>
    KmsException? Read(RpcRequest request, out SignatureClaim? claim);

    /// <summary>Step 10: the signature, in constant time. The refusal with the server's text to sign, or null.</summary>
    KmsException? Check(RpcRequest request, SignatureClaim claim, ReadOnlySpan<byte> secret);
}
