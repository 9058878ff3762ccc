namespace KmsGateway.Gateway.Catalogue;

/// <summary>What a RAM or STS action is checked on. Source: ram-sts-api.md, resource columns.</summary>
/// <param name="Collection"><c>user</c>, <c>group</c>, <c>policy</c>, <c>role</c>.</param>
/// <param name="Placeholder">What stands in the template, <c>UserName</c>; null for all of the collection (<c>user/*</c>).</param>
/// <param name="Parameter">The parameter it is taken from; for AssumeRole the role's ARN.</param>
/// <param name="MayBeSystem">System policies belong to the account name <c>system</c> (PolicyType=System).</param>
internal sealed record RamResource(string Collection, string? Placeholder, string? Parameter, bool MayBeSystem = false)
{
    /// <summary>As the published tables print it.</summary>
    public string Template => Collection == "*" ? Collection : $"acs:ram:*:{Owner}:{Collection}/{Item}";

    private string Owner => MayBeSystem ? "${AccountId|system}" : "${AccountId}";

    private string Item => Placeholder is null ? "*" : $"${{{Placeholder}}}";

    public static RamResource All(string collection) => new(collection, null, null);

    public static RamResource Named(string collection, string parameter) => new(collection, parameter, parameter);

    /// <summary>No resource: checked on <c>*</c>.</summary>
    public static RamResource None { get; } = new("*", null, null);

    public static RamResource User { get; } = Named("user", "UserName");

    public static RamResource Group { get; } = Named("group", "GroupName");

    public static RamResource Role { get; } = Named("role", "RoleName");

    public static RamResource Policy { get; } = Named("policy", "PolicyName");

    public static RamResource OwnOrSystemPolicy { get; } = new("policy", "PolicyName", "PolicyName", MayBeSystem: true);

    public static RamResource RoleOfArn { get; } = new("role", "RoleName", "RoleArn");
}
