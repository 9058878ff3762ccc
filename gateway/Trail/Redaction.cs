using KmsGateway.Core.Contract;
using KmsGateway.Gateway.Rendering;

namespace KmsGateway.Gateway.Trail;

/// <summary>What a message keeps when it is recorded: a string to sign holds every parameter of its request.</summary>
internal static class Redaction
{
    private const string Masked = "Specified signature is not matched with our calculation.";

    /// <summary>The message as the caller saw it, unless it repeats the request.</summary>
    public static string Message(KmsException refusal) =>
        string.Equals(refusal.Error.Code, GatewayErrors.SignatureDoesNotMatch.Code, StringComparison.Ordinal) ? Masked : refusal.Message;
}
