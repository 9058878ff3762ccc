using KmsGateway.Gateway.Catalogue;
using KmsGateway.Gateway.Rendering;

namespace KmsGateway.Gateway.Ram;

/// <summary>How long sessions of a role may last, in seconds.</summary>
internal static class SessionDuration
{
    public const long DefaultSeconds = 3600;

    private const long Least = 3600;
    private const long Most = 43200;

    /// <summary>The parameter, null when it was not given; InvalidParameter outside 3600-43200.</summary>
    public static long? Read(ActionParameters parameters, string name) => parameters.Integer(name) switch
    {
        null => null,
        >= Least and <= Most and var seconds => seconds,
        _ => throw GatewayErrors.InvalidParameter.With(name),
    };
}
