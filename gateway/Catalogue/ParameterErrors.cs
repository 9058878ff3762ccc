using KmsGateway.Core.Contract;
using KmsGateway.Gateway.Rendering;
using KmsGateway.Policy.Kms;

namespace KmsGateway.Gateway.Catalogue;

/// <summary>
/// What a caller reads about a parameter. KMS has two codes and names the parameter in the message; RAM and STS have a code
/// per parameter. Sources: kms-api.md 14; ram-sts-api.md, errors; signing.md 7.1 for <c>Missing&lt;Name&gt;</c>.
/// </summary>
internal static class ParameterErrors
{
    private const string RamSource = "ram-sts-api.md, errors";

    /// <summary>Resource groups do not exist here: ram-sts-api.md, common rules.</summary>
    public static readonly KmsError ResourceGroupRefused = Incorrect("ResourceGroupId");

    private static readonly Dictionary<string, KmsError> ByCode = new(StringComparer.Ordinal)
    {
        [KmsCallFault.MissingParameter] = KmsErrors.MissingParameter,
        [KmsCallFault.InvalidParameter] = KmsErrors.InvalidParameter,
        [KmsCallFault.UnsupportedAlias] = KmsErrors.UnsupportedAlias,
        [KmsCallFault.KeyNotFound] = KmsErrors.KeyNotFound,
        [KmsCallFault.AliasNotFound] = KmsErrors.AliasNotFound,
        [KmsCallFault.SecretNotFound] = KmsErrors.ResourceNotFound,
        [KmsCallFault.CertificateNotFound] = KmsErrors.CertificateNotFound,
        [KmsCallFault.ResourceIdNotFound] = KmsErrors.ResourceIdNotFound,
    };

    /// <summary>The fault of a KMS call, before authorization or pending until after it.</summary>
    public static KmsException Of(KmsCallFault fault) => ByCode[fault.Code].With(fault.Parameter);

    /// <summary>A parameter that is needed and absent.</summary>
    public static KmsException Missing(Product product, ParameterSpec spec)
    {
        if (product != Product.Kms)
        {
            return GatewayErrors.Missing(spec.Name).With(spec.Name);
        }

        var error = spec.RequiredWhen is { MissingIsInvalid: true } ? KmsErrors.InvalidParameter : KmsErrors.MissingParameter;
        return error.With(spec.Name);
    }

    /// <summary>A parameter that is not well formed.</summary>
    public static KmsException Invalid(Product product, ParameterSpec spec, ParameterFault fault) => product switch
    {
        Product.Kms => OfKms(spec, fault).With(spec.Name),
        Product.Sts => OfSts(spec.Name, fault).With(spec.Name),
        _ => OfRam(spec.FaultName ?? spec.Name, fault).With(spec.FaultName ?? spec.Name),
    };

    private static KmsError OfKms(ParameterSpec spec, ParameterFault fault) => fault switch
    {
        ParameterFault.Alias => KmsErrors.UnsupportedAlias,
        ParameterFault.TagKey when spec.Type is Types.TagListType => KmsErrors.InvalidTagKey,
        ParameterFault.TagValue when spec.Type is Types.TagListType => KmsErrors.InvalidTagValue,
        ParameterFault.DuplicateTagKey when spec.Type is Types.TagListType => KmsErrors.DuplicateTagKey,
        _ => KmsErrors.InvalidParameter,
    };

    private static KmsError OfRam(string name, ParameterFault fault) => (name, fault) switch
    {
        ("MaxItems" or "Marker", _) => BadRequest("InvalidParameter", "The parameter - \"{0}\" is incorrect."),
        (_, ParameterFault.Length) => GatewayErrors.BeyondLength(name),
        (_, ParameterFault.Characters) => GatewayErrors.InvalidChars(name),
        (_, ParameterFault.Format) => GatewayErrors.IncorrectFormat(name),
        _ => Incorrect(name),
    };

    private static KmsError OfSts(string name, ParameterFault fault) => (name, fault) switch
    {
        ("DurationSeconds", _) => GatewayErrors.InvalidDurationSeconds,
        ("Policy", ParameterFault.Length) => BadRequest("InvalidParameter.PolicySize", "The size of Policy must be smaller than 2048 bytes."),
        ("OIDCToken", _) => new("AuthenticationFail.OIDCToken.Invalid", 401, "This JsonWebToken is not valid.", RamSource),
        _ => BadRequest($"InvalidParameter.{name}", "The parameter {0} is wrongly formed."),
    };

    private static KmsError Incorrect(string name) => BadRequest($"InvalidParameter.{name}", "The parameter - \"{0}\" is incorrect.");

    private static KmsError BadRequest(string code, string template) => new(code, 400, template, RamSource);
}
