using System.Collections.Immutable;
using KmsGateway.Core.Contract;

namespace KmsGateway.Gateway.Rendering;

/// <content>Families whose code names the parameter. Sources: signing.md 7.1, ram-sts-api.md, Errors.</content>
internal static partial class GatewayErrors
{
    private const string RamFamilies = "ram-sts-api.md, Errors";

    private static readonly ImmutableArray<string> MandatoryNames =
    [
        "AccessKeyId", "Action", "SecurityToken", "Signature", "SignatureMethod", "SignatureNonce", "SignatureVersion",
        "Timestamp", "Version",
    ];

    private static readonly ImmutableArray<string> NamesWithCharacters =
    [
        "UserName", "NewUserName", "DisplayName", "NewDisplayName", "GroupName", "NewGroupName", "PolicyName", "RoleName",
    ];

    private static readonly ImmutableArray<string> NamesWithLength =
    [
        "UserName", "NewUserName", "DisplayName", "NewDisplayName", "Comments", "NewComments", "GroupName", "NewGroupName",
        "PolicyName", "PolicyDocument", "Description", "RoleName", "AssumeRolePolicyDocument", "NewAssumeRolePolicyDocument",
    ];

    private static readonly ImmutableArray<string> NamesWithFormat =
        ["MobilePhone", "NewMobilePhone", "Email", "NewEmail", "VersionId", "EncodedDiagnosticMessage"];

    /// <summary>400 <c>Missing{name}</c>: a mandatory parameter is missing or empty.</summary>
    public static KmsError Missing(string name) =>
        new($"Missing{name}", 400, $"{name} is mandatory for this action.", "signing.md 7.1");

    /// <summary>400 <c>InvalidParameter.{name}.InvalidChars</c>.</summary>
    public static KmsError InvalidChars(string name) =>
        new($"InvalidParameter.{name}.InvalidChars", 400, $"The parameter - \"{name}\" contains invalid chars.", RamFamilies);

    /// <summary>400 <c>InvalidParameter.{name}.Length</c>.</summary>
    public static KmsError BeyondLength(string name) =>
        new($"InvalidParameter.{name}.Length", 400, $"The parameter - \"{name}\" beyond the length limit.", RamFamilies);

    /// <summary>400 <c>InvalidParameter.{name}.Format</c>.</summary>
    public static KmsError IncorrectFormat(string name) =>
        new($"InvalidParameter.{name}.Format", 400, $"The format of the parameter - \"{name}\" is incorrect.", RamFamilies);

    private static IEnumerable<KmsError> FamilyEntries() =>
    [
        .. MandatoryNames.Select(Missing),
        .. NamesWithCharacters.Select(InvalidChars),
        .. NamesWithLength.Select(BeyondLength),
        .. NamesWithFormat.Select(IncorrectFormat),
    ];
}
