using System.Collections.Concurrent;
using Xunit;

namespace KmsGateway.Gateway.Tests.Ram;

/// <summary>
/// Zero-window revocation (threats.md 17): while readers run without a pause, a writer gives and takes. Every reader notes what was
/// acknowledged before it asked; an answer older than that is a failure.
/// </summary>
public sealed class RevocationTests : RamActionsFixture, IDisposable
{
    private const int Writes = 200;
    private const int Readers = 4;

    private readonly CancellationTokenSource stop = new();
    private readonly CountdownEvent started = new(Readers);
    private long begun;
    private long acknowledged;

    public void Dispose()
    {
        stop.Dispose();
        started.Dispose();
    }

    [Theory]
    [InlineData("AttachPolicyToUser", "DetachPolicyFromUser")]
    [InlineData("AttachPolicyToGroup", "DetachPolicyFromGroup")]
    [InlineData("AddUserToGroup", "RemoveUserFromGroup")]
    public async Task Policies_GivenAndTaken_AreNeverServedStale(string give, string take)
    {
        var alice = await Ram.CreateUserAsync("alice");
        await Ram.CreateGroupAsync("g");
        await Ram.CreatePolicyAsync("p");
        var names = new (string, object)[] { ("UserName", "alice"), ("GroupName", "g"), ("PolicyName", "p"), ("PolicyType", "Custom") };
        if (give == "AddUserToGroup")
        {
            await Ram.CallAsync("AttachPolicyToGroup", names);
        }
        else if (give == "AttachPolicyToGroup")
        {
            await Ram.CallAsync("AddUserToGroup", names);
        }

        var history = new ConcurrentDictionary<long, int>();
        await RunAsync(
            number => Ram.CallAsync(number % 2 == 1 ? give : take, names),
            async () =>
            {
                var found = await Ram.PoliciesAsync(alice);
                Assert.Equal(found.Attached.Length, history.GetOrAdd(found.Version, found.Attached.Length));
                return found.Attached.Length == 1;
            });
        Assert.Empty(await Ram.PolicyNamesAsync(alice));
    }

    [Fact]
    public async Task DefaultVersion_SwitchedBackAndForth_IsNeverServedStale()
    {
        var alice = await Ram.CreateUserAsync("alice");
        await Ram.CreatePolicyAsync("p");
        await Ram.CallAsync("CreatePolicyVersion", ("PolicyName", "p"), ("PolicyDocument", RamTestStore.Allow));
        await Ram.AttachAsync("alice", "p");
        await RunAsync(
            number => Ram.CallAsync("SetDefaultPolicyVersion", ("PolicyName", "p"), ("VersionId", number % 2 == 1 ? "v2" : "v1")),
            async () => (await Ram.PoliciesAsync(alice)).Attached[0].Version == "v2");
    }

    [Fact]
    public async Task Role_PolicyGivenAndTaken_IsNeverServedStale()
    {
        var role = await Ram.CreateRoleAsync("r");
        await Ram.CreatePolicyAsync("p");
        var names = new (string, object)[] { ("RoleName", "r"), ("PolicyName", "p"), ("PolicyType", "Custom") };
        await RunAsync(
            number => Ram.CallAsync(number % 2 == 1 ? "AttachPolicyToRole" : "DetachPolicyFromRole", names),
            async () => (await Ram.PoliciesAsync(role)).Attached.Length == 1);
    }

    [Fact]
    public async Task Role_TrustChanged_IsServedUnderANewVersionAtOnce()
    {
        var role = await Ram.CreateRoleAsync("r");
        var last = (await Ram.PoliciesAsync(role)).Version;
        for (var number = 1; number <= Writes; number++)
        {
            var who = number % 2 == 1 ? "user/a" : "root";
            await Ram.CallAsync(
                "UpdateRole", ("RoleName", "r"), ("NewAssumeRolePolicyDocument", RamTestStore.Trust.Replace(":root", $":{who}", StringComparison.Ordinal)));
            var version = (await Ram.PoliciesAsync(role)).Version;
            Assert.True(version > last, $"change {number} was acknowledged and version {last} is still served");
            last = version;
        }
    }

    [Fact]
    public async Task Role_DeletedAndMadeAgain_IsServedNothingUnderItsOldId()
    {
        await Ram.CreatePolicyAsync("p");
        var attachment = new (string, object)[] { ("RoleName", "r"), ("PolicyName", "p"), ("PolicyType", "Custom") };
        for (var round = 0; round < Writes / 4; round++)
        {
            var role = await Ram.CreateRoleAsync("r");
            await Ram.CallAsync("AttachPolicyToRole", attachment);
            Assert.Single((await Ram.PoliciesAsync(role)).Attached);
            await Ram.CallAsync("DetachPolicyFromRole", attachment);
            await Ram.CallAsync("DeleteRole", ("RoleName", "r"));
            Assert.Equal(0, (await Ram.PoliciesAsync(role)).Version);
            var again = await Ram.CreateRoleAsync("r");
            await Ram.CallAsync("AttachPolicyToRole", attachment);
            Assert.Empty((await Ram.PoliciesAsync(role)).Attached);
            Assert.Single((await Ram.PoliciesAsync(again)).Attached);
            await Ram.CallAsync("DetachPolicyFromRole", attachment);
            await Ram.CallAsync("DeleteRole", ("RoleName", "r"));
        }
    }

    [Fact]
    public async Task AccessKey_DeactivatedAndActivated_IsNeverServedStale()
    {
        await Ram.CreateUserAsync("alice");
        var (id, _) = await Ram.CreateKeyAsync("alice");
        await RunAsync(
            number => Ram.CallAsync(
                "UpdateAccessKey", ("UserName", "alice"), ("UserAccessKeyId", id), ("Status", number % 2 == 1 ? "Inactive" : "Active")),
            async () => !(await Ram.FindKeyAsync(id))!.IsActive);
    }

    [Fact]
    public async Task AccessKey_Deleted_IsNeverFoundAgainAndItsSecretStaysWholeForWhoHoldsIt()
    {
        await Ram.CreateUserAsync("alice");
        var keys = new ConcurrentQueue<string>();
        for (var round = 0; round < 50; round++)
        {
            var (id, secret) = await Ram.CreateKeyAsync("alice");
            var held = await Ram.FindKeyAsync(id);
            await Ram.CallAsync("DeleteAccessKey", ("UserName", "alice"), ("UserAccessKeyId", id));
            Assert.Null(await Ram.FindKeyAsync(id));
            Assert.True(held!.Secret.FixedTimeEquals(System.Text.Encoding.UTF8.GetBytes(secret)));
            keys.Enqueue(id);
        }

        foreach (var id in keys)
        {
            Assert.Null(await Ram.FindKeyAsync(id));
        }
    }

    /// <summary>After an odd write the state is "on", after an even one "off". Judged only where no write ran beside the read.</summary>
    private async Task RunAsync(Func<int, Task> write, Func<Task<bool>> isOn)
    {
        var readers = Enumerable.Range(0, Readers).Select(_ => Task.Run(() => ReadAsync(isOn), CancellationToken.None)).ToArray();
        started.Wait(CancellationToken.None);
        for (var number = 1; number <= Writes; number++)
        {
            Interlocked.Exchange(ref begun, number);
            await write(number);
            Interlocked.Exchange(ref acknowledged, number);
            Assert.Equal(number % 2 == 1, await isOn());
        }

        await stop.CancelAsync();
        var judged = await Task.WhenAll(readers);
        Assert.True(judged.Sum() > 0, "no reader was ever between two writes");
    }

    private async Task<long> ReadAsync(Func<Task<bool>> isOn)
    {
        var judged = 0L;
        started.Signal();
        while (!stop.IsCancellationRequested)
        {
            var before = Interlocked.Read(ref acknowledged);
            var answer = await isOn();
            if (Interlocked.Read(ref begun) == before)
            {
                Assert.True(answer == (before % 2 == 1), $"a read after write {before} was acknowledged was served an older state");
                judged++;
            }

            await Task.Yield();
        }

        return judged;
    }
}
