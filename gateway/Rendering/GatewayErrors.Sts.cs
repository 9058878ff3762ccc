using KmsGateway.Core.Contract;

namespace KmsGateway.Gateway.Rendering;

/// <content>STS. Source: ram-sts-api.json, errors of each STS operation.</content>
internal static partial class GatewayErrors
{
    private const string StsTable = "ram-sts-api.json, STS operations";

    /// <summary>403, AssumeRole by the account itself.</summary>
    public static readonly KmsError RootMayNotAssumeRoles =
        new("NoPermission", 403, "Roles may not be assumed by root accounts.", StsTable);

    /// <summary>404; RAM words it differently: <see cref="EntityNotExistRole"/>.</summary>
    public static readonly KmsError StsRoleNotExist =
        new("EntityNotExist.Role", 404, "The specified Role not exists.", StsTable);

    /// <summary>400.</summary>
    public static readonly KmsError InvalidRoleArn =
        new("InvalidParameter.RoleArn", 400, "The parameter RoleArn is wrongly formed.", StsTable);

    /// <summary>400.</summary>
    public static readonly KmsError InvalidRoleSessionName =
        new("InvalidParameter.RoleSessionName", 400, "The parameter RoleSessionName is wrongly formed.", StsTable);

    /// <summary>400, shorter than 900 s or longer than the role allows.</summary>
    public static readonly KmsError InvalidDurationSeconds =
        new("InvalidParameter.DurationSeconds", 400, "The Min/Max value of DurationSeconds is 15min/1hr.", StsTable);

    /// <summary>400, a session policy that does not parse.</summary>
    public static readonly KmsError InvalidPolicyGrammar =
        new("InvalidParameter.PolicyGrammar", 400, "The parameter Policy has not passed grammar check.", StsTable);

    /// <summary>400; <c>{0}</c> is the limit in characters.</summary>
    public static readonly KmsError InvalidPolicySize =
        new("InvalidParameter.PolicySize", 400, "The size of Policy must be smaller than {0} bytes.", StsTable);

    /// <summary>401.</summary>
    public static readonly KmsError OidcNoPermission =
        new("AuthenticationFail.NoPermission", 401, "There is no permission | No such OIDC Provider registered.", StsTable);

    /// <summary>401.</summary>
    public static readonly KmsError OidcAudienceNotMatch =
        new("AuthenticationFail.OIDCToken.AudienceNotMatch", 401, "Invalid audience.", StsTable);

    /// <summary>401.</summary>
    public static readonly KmsError OidcTokenExpired =
        new("AuthenticationFail.OIDCToken.Expired", 401, "This JsonWebToken is expired.", StsTable);

    /// <summary>401; <c>{0}</c> says what is wrong with the token.</summary>
    public static readonly KmsError OidcTokenInvalid =
        new("AuthenticationFail.OIDCToken.Invalid", 401, "{0}", StsTable);

    /// <summary>401.</summary>
    public static readonly KmsError OidcInvalidSignature =
        new("AuthenticationFail.OIDCToken.InvalidSignature", 401, "OIDC token validate failed: invalid signature.", StsTable);
}
