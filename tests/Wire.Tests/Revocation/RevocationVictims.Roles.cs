using KmsGateway.Wire.Tests.Clients;

namespace KmsGateway.Wire.Tests.Revocation;

/// <content>Sessions of roles, with live credentials.</content>
internal sealed partial class RevocationVictims
{
    private static readonly (string Version, string Action) WhoAmI = ("2015-04-01", "GetCallerIdentity");

    // Why a user of its own: the root of an account assumes no role.
    private KmsCaller? assuming;

    private async Task<RevocationVictim> DetachedRoleAsync()
    {
        const string name = "DetachPolicyFromRole";
        await RoleAsync(name);
        await PolicyAsync(name);
        (string, string)[] attachment = [("RoleName", name), ("PolicyName", name), ("PolicyType", "Custom")];
        await MustAsync("AttachPolicyToRole", attachment);
        return new RevocationVictim(name, await SessionAsync(name), _ => MustAsync(name, attachment), _ => MustAsync("AttachPolicyToRole", attachment)) { Holder = "Role" };
    }

    private async Task<RevocationVictim> RevokedSessionsAsync()
    {
        const string name = "RevokeSessions";
        await RoleAsync(name);
        return new RevocationVictim(
            name, await SessionAsync(name),
            _ => MustAsync("UpdateRole", ("RoleName", name), ("RevokeSessions", "true")),
            async victim => victim.Key = await SessionAsync(name)) { EndsTheKey = true, Call = WhoAmI, Holder = "Role" };
    }

    private async Task<RevocationVictim> DistrustedAsync()
    {
        const string name = "UpdateRole";
        await RoleAsync(name);
        return new RevocationVictim(name, await SessionAsync(name), _ => TrustAsync("1000000000000099"), _ => TrustAsync(account)) { Call = WhoAmI, Holder = "Role" };

        Task TrustAsync(string whom) => MustAsync(name, ("RoleName", name), ("NewAssumeRolePolicyDocument", Trust(whom)));
    }

    private async Task<RevocationVictim> DeletedRoleAsync()
    {
        const string name = "DeleteRole";
        await RoleAsync(name);
        return new RevocationVictim(
            name, await SessionAsync(name),
            _ => MustAsync(name, ("RoleName", name)),
            async victim =>
            {
                await RoleAsync(name);
                victim.Key = await SessionAsync(name);
            }) { EndsTheKey = true, Call = WhoAmI, Holder = null };
    }

    private Task RoleAsync(string name) => MustAsync("CreateRole", ("RoleName", name), ("AssumeRolePolicyDocument", Trust(account)));

    private async Task<VictimKey> SessionAsync(string role)
    {
        assuming ??= await AssumingUserAsync();
        var answer = await assuming.SendAsync("2015-04-01", "AssumeRole", [("RoleArn", $"acs:ram::{account}:role/{role}"), ("RoleSessionName", "victim")]);
        var made = answer.Success["Credentials"]!;
        return new VictimKey(
            Interlocked.Increment(ref numbers), (string)made["AccessKeyId"]!, (string)made["AccessKeySecret"]!, (string)made["SecurityToken"]!);
    }

    private async Task<KmsCaller> AssumingUserAsync()
    {
        var key = await UserAsync("assuming");
        await MustAsync("AttachPolicyToUser", ("UserName", "assuming"), ("PolicyName", "AliyunSTSAssumeRoleAccess"), ("PolicyType", "System"));
        return root.As(key.Id, key.Secret);
    }

    private static string Trust(string whom) =>
        $$$"""{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":["acs:ram::{{{whom}}}:root"]}}]}""";
}
