using KmsGateway.Wire.Tests.Clients;

namespace KmsGateway.Wire.Tests.Revocation;

/// <summary>One victim for each way in which the right of a user, or of a session, can be taken.</summary>
internal sealed partial class RevocationVictims(KmsCaller root, string account) : IDisposable
{
    private const string Allow = """{"Version":"1","Statement":[{"Effect":"Allow","Action":"kms:ListKeys","Resource":"*"}]}""";
    private const string Nothing = """{"Version":"1","Statement":[{"Effect":"Allow","Action":"kms:DescribeRegions","Resource":"*"}]}""";

    private const string Unrelated = "Unrelated";

    private long numbers;

    public void Dispose() => assuming?.Dispose();

    public async Task<IReadOnlyList<RevocationVictim>> MakeAsync()
    {
        await MustAsync("CreatePolicy", ("PolicyName", Unrelated), ("PolicyDocument", Nothing));
        return await MakeEachAsync();
    }

    /// <summary>
    /// Changes what a victim holds, to no effect on its right: calls meanwhile read it anew. Begun just before a right is taken, this
    /// is what lets a call read the old state and keep it after the revocation, if the service lets it.
    /// </summary>
    public Task DisturbAsync(RevocationVictim victim)
    {
        if (victim.Holder is not { } holder)
        {
            return Task.CompletedTask;
        }

        victim.HoldsUnrelated = !victim.HoldsUnrelated;
        return MustAsync(
            victim.HoldsUnrelated ? $"AttachPolicyTo{holder}" : $"DetachPolicyFrom{holder}",
            ($"{holder}Name", victim.Name), ("PolicyName", Unrelated), ("PolicyType", "Custom"));
    }

    private async Task<IReadOnlyList<RevocationVictim>> MakeEachAsync() =>
    [
        await DetachedAsync("DetachPolicyFromUser", "User"),
        await DetachedAsync("DetachPolicyFromGroup", "Group"),
        await OutOfGroupAsync(),
        await DefaultVersionAsync(),
        await NewVersionAsync(),
        await InactiveKeyAsync(),
        await DeletedKeyAsync(),
        await DetachedRoleAsync(),
        await RevokedSessionsAsync(),
        await DistrustedAsync(),
        await DeletedRoleAsync(),
    ];

    private async Task<RevocationVictim> DetachedAsync(string name, string kind)
    {
        var key = await UserAsync(name);
        await PolicyAsync(name);
        var holder = kind == "User" ? ("UserName", name) : ("GroupName", await GroupOfAsync(name));
        (string, string)[] attachment = [holder, ("PolicyName", name), ("PolicyType", "Custom")];
        await MustAsync($"AttachPolicyTo{kind}", attachment);
        return new RevocationVictim(
            name, key, _ => MustAsync($"DetachPolicyFrom{kind}", attachment), _ => MustAsync($"AttachPolicyTo{kind}", attachment));
    }

    private async Task<RevocationVictim> OutOfGroupAsync()
    {
        const string name = "RemoveUserFromGroup";
        var key = await UserAsync(name);
        await PolicyAsync(name);
        var group = await GroupOfAsync(name);
        await MustAsync("AttachPolicyToGroup", ("GroupName", group), ("PolicyName", name), ("PolicyType", "Custom"));
        (string, string)[] membership = [("UserName", name), ("GroupName", group)];
        return new RevocationVictim(name, key, _ => MustAsync(name, membership), _ => MustAsync("AddUserToGroup", membership));
    }

    private async Task<RevocationVictim> DefaultVersionAsync()
    {
        const string name = "SetDefaultPolicyVersion";
        var key = await UserWithPolicyAsync(name);
        await MustAsync("CreatePolicyVersion", ("PolicyName", name), ("PolicyDocument", Nothing));
        return new RevocationVictim(
            name, key, _ => MustAsync(name, ("PolicyName", name), ("VersionId", "v2")), _ => MustAsync(name, ("PolicyName", name), ("VersionId", "v1")));
    }

    private async Task<RevocationVictim> NewVersionAsync()
    {
        const string name = "CreatePolicyVersion";
        var key = await UserWithPolicyAsync(name);
        return new RevocationVictim(name, key, _ => MakeDefaultAsync(Nothing), _ => MakeDefaultAsync(Allow));

        Task MakeDefaultAsync(string document) => MustAsync(
            name, ("PolicyName", name), ("PolicyDocument", document), ("SetAsDefault", "true"),
            ("RotateStrategy", "DeleteOldestNonDefaultVersionWhenLimitExceeded"));
    }

    private async Task<RevocationVictim> InactiveKeyAsync()
    {
        const string name = "UpdateAccessKey";
        var key = await UserWithPolicyAsync(name);
        return new RevocationVictim(name, key, _ => SetAsync("Inactive"), _ => SetAsync("Active"));

        Task SetAsync(string status) => MustAsync(name, ("UserName", name), ("UserAccessKeyId", key.Id), ("Status", status));
    }

    private async Task<RevocationVictim> DeletedKeyAsync()
    {
        const string name = "DeleteAccessKey";
        var key = await UserWithPolicyAsync(name);
        return new RevocationVictim(
            name, key,
            victim => MustAsync(name, ("UserName", name), ("UserAccessKeyId", victim.Key.Id)),
            async victim => victim.Key = await KeyOfAsync(name)) { EndsTheKey = true };
    }

    private async Task<VictimKey> UserWithPolicyAsync(string name)
    {
        var key = await UserAsync(name);
        await PolicyAsync(name);
        await MustAsync("AttachPolicyToUser", ("UserName", name), ("PolicyName", name), ("PolicyType", "Custom"));
        return key;
    }

    private async Task<VictimKey> UserAsync(string name)
    {
        await MustAsync("CreateUser", ("UserName", name));
        return await KeyOfAsync(name);
    }

    private async Task<VictimKey> KeyOfAsync(string user)
    {
        var key = (await root.RamAsync("CreateAccessKey", ("UserName", user))).Success["AccessKey"]!;
        return new VictimKey(Interlocked.Increment(ref numbers), (string)key["AccessKeyId"]!, (string)key["AccessKeySecret"]!);
    }

    private Task PolicyAsync(string name) => MustAsync("CreatePolicy", ("PolicyName", name), ("PolicyDocument", Allow));

    private async Task<string> GroupOfAsync(string user)
    {
        await MustAsync("CreateGroup", ("GroupName", user));
        await MustAsync("AddUserToGroup", ("UserName", user), ("GroupName", user));
        return user;
    }

    private async Task MustAsync(string action, params (string Name, string Value)[] parameters) => _ = (await root.RamAsync(action, parameters)).Success;
}
