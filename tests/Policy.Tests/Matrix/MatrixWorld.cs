using KmsGateway.Policy.Tests.Generation;
using KmsGateway.Policy.Tests.Reference;

namespace KmsGateway.Policy.Tests.Matrix;

/// <summary>What exists in the matrix: two accounts with one key, alias, secret and certificate each, under the same names.</summary>
internal static class MatrixWorld
{
    internal const string Account = "1000000000000001";
    internal const string OtherAccount = "2000000000000002";
    internal const string Region = "cn-hangzhou";
    internal const string OtherRegion = "cn-beijing";
    internal const string KeyId = "0a1b";
    internal const string Alias = "alias/app";
    internal const string Secret = "db/main";
    internal const string Certificate = "0a1b2c3d-0000-4000-8000-0000000000ce";
    internal const string Version = "0a1b2c3d-0000-4000-8000-0000000000ff";
    internal const string TagKey = "Project";

    internal static readonly GeneratedPrincipal[] Callers =
    [
        new("Root", Account, "", false),
        new("User", Account, "alice", false),
        new("Role", Account, "ops", false),
        new("User", OtherAccount, "guest", false),
    ];

    internal static string Arn(string account, string relativeId, string region = Region) => $"acs:kms:{region}:{account}:{relativeId}";

    /// <summary>The name of what a target of the action table is, in an account.</summary>
    internal static string NameOf(string kind, string account) => kind switch
    {
        "none" => "*",
        "keybox" => Arn(account, "key"),
        "aliasbox" => Arn(account, "alias"),
        "secretbox" => Arn(account, "secret"),
        "certificatebox" => Arn(account, "certificate"),
        "key" or "keyorsecret" or "cipher" or "aliaskey" or "secretkey" => Arn(account, $"key/{KeyId}"),
        "alias" => Arn(account, Alias),
        "secret" => Arn(account, $"secret/{Secret}"),
        "certificate" => Arn(account, $"certificate/{Certificate}"),
        _ when kind.StartsWith("acs:", StringComparison.Ordinal) => RamName(kind, account),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "none of the targets"),
    };

    /// <summary>A stranger can name the key of another account, by ARN or ciphertext (R-KMS-1); everything else is looked up at home.</summary>
    internal static bool CanBeForeign(ReferenceNeed need) => need.Kind is "key" or "keyorsecret" or "cipher" || need.Action == "sts:AssumeRole";

    /// <summary>System policies belong to the account "system"; a policy name stands for one of them where both are possible.</summary>
    private static string RamName(string pattern, string account) => pattern
        .Replace("${AccountId|system}", "system", StringComparison.Ordinal)
        .Replace("${AccountId}", account, StringComparison.Ordinal)
        .Replace("${UserName}", "bob", StringComparison.Ordinal)
        .Replace("${GroupName}", "team", StringComparison.Ordinal)
        .Replace("${RoleName}", "target", StringComparison.Ordinal)
        .Replace("${PolicyName}", "AliyunKMSFullAccess", StringComparison.Ordinal);
}
