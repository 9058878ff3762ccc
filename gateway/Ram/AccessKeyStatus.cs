using KmsGateway.Gateway.Rendering;

namespace KmsGateway.Gateway.Ram;

/// <summary>Values of an access key's <c>Status</c>.</summary>
internal static class AccessKeyStatus
{
    public const string Active = "Active";
    public const string Inactive = "Inactive";

    public static string Text(bool isActive) => isActive ? Active : Inactive;

    /// <summary>Whether the text says active; InvalidParameter for anything but the two values.</summary>
    public static bool Parse(string text) => text switch
    {
        Active => true,
        Inactive => false,
        _ => throw GatewayErrors.InvalidParameter.With("Status"),
    };
}
