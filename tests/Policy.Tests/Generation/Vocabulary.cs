namespace KmsGateway.Policy.Tests.Generation;

/// <summary>The small universe that cases are drawn from: small, so that patterns and requests meet often.</summary>
internal static class Vocabulary
{
    internal const string HomeAccount = "1000000000000001";
    internal const string ForeignAccount = "2000000000000002";

    internal static readonly string[] Accounts = [HomeAccount, HomeAccount, HomeAccount, ForeignAccount];

    internal static readonly string[] Actions =
        ["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey", "kms:ListKeys", "kms:ReEncryptTo", "ram:GetUser", "sts:AssumeRole"];

    internal static readonly string[] Regions = ["cn-hangzhou", "cn-beijing"];

    internal static readonly string[] KmsRelativeIds = ["key/0a1b", "key/0a1c", "key", "alias/app", "secret/db/main", "key/\U0001F511x", "key/0a:1000000000000001:alias/app"];

    internal static readonly string[] RamRelativeIds = ["role/ops", "user/alice", "role/target"];

    /// <summary>Condition keys with values that a request may carry; some are not readable as their type.</summary>
    internal static readonly (string Key, string[] Values)[] Keys =
    [
        ("kms:tag/Project", ["Apollo", "apollo", "Zeus", "", "\U0001F511", "Ap*", "\u03C2", "\u03A3"]),
        ("kms:tag/project", ["Apollo", "apollo"]),
        ("kms:tag/Tier", ["1", "1.0", "-2", "10", "1e1", "0.10", "high"]),
        ("acs:SourceIp", ["10.0.0.1", "10.0.1.1", "192.168.7.7", "2001:db8::1", "::ffff:10.0.0.1", "010.0.0.1", "none"]),
        ("acs:CurrentTime", ["2026-03-04T05:06:07Z", "2026-03-04T13:06:07+08:00", "2026-03-04T05:06:07.0000001Z", "2026-03-04", "2027-01-01T00:00Z"]),
        ("acs:MFAPresent", ["true", "False", "TRUE", "yes"]),
        ("acs:PrincipalARN", ["acs:ram::1000000000000001:user/alice", "acs:ram::1000000000000001:role/ops"]),
    ];

    internal static readonly string[] TextOperators =
        ["StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "StringLike", "StringNotLike"];

    /// <summary>Typed operators with values that a policy may hold.</summary>
    internal static readonly (string[] Operators, string[] Values)[] TypedOperators =
    [
        (
            ["NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals", "NumericGreaterThan", "NumericGreaterThanEquals"],
            ["1", "1.00", "-2", "-0", "0.1", "10", "9999999999999999999999999999"]),
        (
            ["DateEquals", "DateNotEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals"],
            ["2026-03-04T05:06:07Z", "2026-03-04T00:06:07-05:00", "2026-03-04T05:06:07.0000001Z", "2026-12-31T23:59Z"]),
        (["Bool"], ["true", "false", "TRUE"]),
        (["IpAddress", "NotIpAddress"], ["10.0.0.1", "10.0.0.0/24", "10.0.0.9/16", "0.0.0.0/0", "::/0", "2001:DB8::/32", "::ffff:10.0.0.0/120", "192.168.7.7/31"]),
    ];
}
