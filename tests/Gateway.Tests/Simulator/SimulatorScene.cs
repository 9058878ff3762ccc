using KmsGateway.Gateway.Catalogue;
using KmsGateway.Gateway.Tests.Pipeline;

namespace KmsGateway.Gateway.Tests.Simulator;

/// <summary>A RAM user of a test.</summary>
internal sealed record SimulatorUser(string Name, ApiCaller Caller)
{
    public string Arn => $"acs:ram::{ApiGateway.Account}:user/{Name}";
}

/// <summary>What tests put into a service, under names that no other test uses.</summary>
internal static class SimulatorScene
{
    private static int counter;

    public static string Fresh(string prefix) => $"{prefix}-{Interlocked.Increment(ref counter)}";

    public static async Task<SimulatorUser> CreateSimulatorUserAsync(this ApiGateway gateway, string statement)
    {
        var name = Fresh("user");
        return new SimulatorUser(name, await gateway.CreateUserAsync(name, statement));
    }

    public static async Task<string> CreateAliasAsync(this ApiGateway gateway, string key)
    {
        var alias = $"alias/{Fresh("app")}";
        await DoneAsync(gateway.KmsAsync(gateway.Root, "CreateAlias", ("AliasName", alias), ("KeyId", key)));
        return alias;
    }

    /// <summary>A group with one policy, and the user in it.</summary>
    public static async Task AddToGroupAsync(this ApiGateway gateway, SimulatorUser user, string policy, string statement)
    {
        var group = Fresh("group");
        var name = await gateway.CreatePolicyAsync(policy, statement);
        await DoneAsync(gateway.RamAsync("CreateGroup", ("GroupName", group)));
        await DoneAsync(gateway.RamAsync("AttachPolicyToGroup", ("PolicyName", name), ("PolicyType", "Custom"), ("GroupName", group)));
        await DoneAsync(gateway.RamAsync("AddUserToGroup", ("UserName", user.Name), ("GroupName", group)));
    }

    /// <summary>A role that the whole account may take, with one policy; its ARN.</summary>
    public static async Task<string> CreateRoleAsync(this ApiGateway gateway, string statement, string? trust = null)
    {
        var role = Fresh("role");
        var name = await gateway.CreatePolicyAsync("RolePolicy", statement);
        trust ??= $$$"""{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":["acs:ram::{{{ApiGateway.Account}}}:root"]}}]}""";
        await DoneAsync(gateway.RamAsync("CreateRole", ("RoleName", role), ("AssumeRolePolicyDocument", trust)));
        await DoneAsync(gateway.RamAsync("AttachPolicyToRole", ("PolicyName", name), ("PolicyType", "Custom"), ("RoleName", role)));
        return $"acs:ram::{ApiGateway.Account}:role/{role}";
    }

    /// <summary>A session of a role that a new user opens, under the name <c>build</c>.</summary>
    public static async Task<ApiCaller> OpenSessionAsync(this ApiGateway gateway, string role, string? policy = null)
    {
        var opener = await gateway.CreateSimulatorUserAsync("""{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"}""");
        (string Name, string Value)[] narrowed = policy is null ? [] : [("Policy", policy)];
        var answer = await gateway.CallAsync(
            opener.Caller, ActionCatalogue.StsVersion, "AssumeRole", [("RoleArn", role), ("RoleSessionName", "build"), .. narrowed]);
        Assert.True(answer.Code == "OK", answer.Text);
        return new ApiCaller(answer["Credentials", "AccessKeyId"], answer["Credentials", "AccessKeySecret"], answer["Credentials", "SecurityToken"]);
    }

    public static async Task<string> CreatePolicyAsync(this ApiGateway gateway, string prefix, string statement)
    {
        var name = Fresh(prefix);
        await DoneAsync(gateway.RamAsync("CreatePolicy", ("PolicyName", name), ("PolicyDocument", $$$"""{"Version":"1","Statement":[{{{statement}}}]}""")));
        return name;
    }

    private static async Task DoneAsync(Task<ApiAnswer> call)
    {
        var answer = await call;
        Assert.True(answer.Code == "OK", answer.Text);
    }
}
