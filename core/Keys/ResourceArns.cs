using KmsGateway.Policy.Matching;

namespace KmsGateway.Core.Keys;

/// <summary>Names of the core's resources. Source: kms-api.md section 3; alias names keep their <c>alias/</c> prefix once.</summary>
internal static class ResourceArns
{
    private const string Service = "kms";

    public static string KeyContainer(string region, string account) => Make(region, account, "key");

    public static string AliasContainer(string region, string account) => Make(region, account, "alias");

    public static string Key(string region, string account, string keyId) => Make(region, account, $"key/{keyId}");

    /// <param name="region">Region.</param>
    /// <param name="account">Account.</param>
    /// <param name="name">With its prefix: <c>alias/app</c>.</param>
    public static string Alias(string region, string account, string name) => Make(region, account, name);

    public static string SecretContainer(string region, string account) => Make(region, account, "secret");

    public static string Secret(string region, string account, string name) => Make(region, account, $"secret/{name}");

    public static string CertificateContainer(string region, string account) => Make(region, account, "certificate");

    public static string Certificate(string region, string account, string id) => Make(region, account, $"certificate/{id}");

    private static string Make(string region, string account, string relativeId) =>
        new Arn(Service, region, account, relativeId).ToString();
}
