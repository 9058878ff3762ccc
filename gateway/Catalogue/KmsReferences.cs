using KmsGateway.Gateway.Wire;
using KmsGateway.Policy.Kms;

namespace KmsGateway.Gateway.Catalogue;

/// <summary>From the parameters of a KMS call to what must be looked up. Sources: ram-policy.md section 8, decisions.md D6.</summary>
internal static class KmsReferences
{
    /// <summary>
    /// The call as authorization sees it. It sees the parameters of the entry only, so that an unknown parameter is ignored
    /// here too. Run <see cref="ParameterValidator.ValidateReferences"/> first; faults are exceptions like its own.
    /// </summary>
    public static KmsCall Read(ActionDescriptor action, ParameterCollection parameters, string account, string region)
    {
        var kms = action.Kms ?? throw new ArgumentException("a KMS action", nameof(action));
        return KmsCall.TryRead(kms, name => Value(action, parameters, name), account, region, out var call, out var fault)
            ? call
            : throw ParameterErrors.Of(fault);
    }

    private static string? Value(ActionDescriptor action, ParameterCollection parameters, string name)
    {
        var spec = action.Parameter(name) ?? Numbered(action, name);
        return spec is null ? null : parameters.ValueOrNull(name);
    }

    // ResourceId.7 belongs to ResourceId
    private static ParameterSpec? Numbered(ActionDescriptor action, string name)
    {
        var dot = name.LastIndexOf('.');
        return dot < 0 ? null : action.Parameter(name[..dot]);
    }
}
