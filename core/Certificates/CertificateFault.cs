using KmsGateway.Core.Contract;

namespace KmsGateway.Core.Certificates;

/// <summary>What is wrong with an uploaded certificate, in words; nothing of its content is in them.</summary>
internal static class CertificateFault
{
    /// <summary>InvalidParameter that names the parameter and the fault.</summary>
    public static KmsException Of(string parameter, string reason) => KmsErrors.InvalidParameter.Because(
        $"{KmsErrors.InvalidParameter.Render(parameter).TrimEnd('.')}: {reason}.", parameter);
}
