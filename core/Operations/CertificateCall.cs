using System.Security.Cryptography;
using KmsGateway.Core.Certificates;
using KmsGateway.Core.Crypto.KeyPairs;

namespace KmsGateway.Core.Operations;

/// <summary>The certificate that a request uses, and the algorithm, which must fit its key.</summary>
internal sealed record CertificateCall(CertificateRecord Certificate, PairUse Use)
{
    /// <summary>Of a message that is hashed here: 4 KB.</summary>
    private const int MostMessageBytes = 4096;

    private const string Message = "Message";

    /// <exception cref="Contract.KmsException">InvalidParameter: an algorithm of other keys or for the other usage.</exception>
    public static CertificateCall Read(OperationCall call, string usage)
    {
        var certificate = call.Certificate();
        var use = PairUse.Of(call.Input.RequiredText("Algorithm"), usage, certificate.Spec) ?? throw OperationInput.Invalid("Algorithm");
        return new CertificateCall(certificate, use);
    }

    public PairAlgorithm Algorithm => Use.Algorithm;

    /// <summary>The digest of the request's message, or the message that is its digest.</summary>
    public byte[] Digest(OperationInput input)
    {
        if (input.OneOf("MessageType", "RAW", "DIGEST") == "DIGEST")
        {
            return Use.Digest(input, Message);
        }

        var message = input.Base64(Message, (MostMessageBytes + 2) / 3 * 4);
        return message.Length <= MostMessageBytes ? SHA256.HashData(message) : throw OperationInput.Invalid(Message);
    }

    public OperationResult Answer(string name, byte[] bytes) => OperationResult.Of(writer =>
    {
        writer.WriteString("CertificateId", Certificate.CertificateId);
        writer.WriteBase64String(name, bytes);
    });
}
