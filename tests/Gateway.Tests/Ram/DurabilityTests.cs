using System.Text;
using KmsGateway.Core.Contract;
using KmsGateway.Gateway.Ram;
using KmsGateway.Gateway.Rendering;
using KmsGateway.Tests;
using Xunit;

namespace KmsGateway.Gateway.Tests.Ram;

public sealed class DurabilityTests
{
    [Fact]
    public async Task Acknowledged_WithoutAnOrderlyEnd_IsThere()
    {
        using var ram = await RamTestStore.CreateAsync();
        using var copy = new TempDirectory();
        for (var number = 0; number < 50; number++)
        {
            await ram.CreateUserAsync($"user-{number:D2}");

            // The files as a kill would leave them: the store is open and has not checkpointed.
            foreach (var file in Directory.GetFiles(ram.DirectoryPath).Where(file => !file.EndsWith("-shm", StringComparison.Ordinal)))
            {
                File.Copy(file, copy.File(Path.GetFileName(file)), overwrite: true);
            }

            using var store = RamStore.Open(copy.File("ram.db"), ram.Settings);
            Assert.Equal(number + 1, store.Database.Read(reader => reader.Number("SELECT count(*) FROM users")));
            store.Dispose();
            foreach (var file in Directory.GetFiles(copy.Path))
            {
                File.Delete(file);
            }
        }
    }

    [Fact]
    public async Task Writes_ByManyAtOnce_AllHappenAndTheQuotaHolds()
    {
        using var ram = await RamTestStore.CreateAsync(new RamQuotas { Users = 40 });
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 60).Select(number => Task.Run(async () =>
        {
            try
            {
                await ram.CreateUserAsync($"user-{number}");
                return "made";
            }
            catch (KmsException refusal)
            {
                return refusal.Error.Code;
            }
        })));
        Assert.Equal(40, outcomes.Count(outcome => outcome == "made"));
        Assert.Equal(20, outcomes.Count(outcome => outcome == "LimitExceeded.User"));
        Assert.Equal(40, (await ram.CallAsync("ListUsers"))["Users"]!["User"]!.AsArray().Count);
    }

    [Fact]
    public async Task SameName_CreatedByManyAtOnce_IsMadeOnce()
    {
        using var ram = await RamTestStore.CreateAsync();
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => Record.ExceptionAsync(() => ram.CreateUserAsync("alice")))));
        Assert.Single(outcomes, outcome => outcome is null);
        Assert.All(outcomes.OfType<KmsException>(), refusal => Assert.Same(GatewayErrors.EntityAlreadyExistsUser, refusal.Error));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2 * RamCacheLimits.AccessKeyBytes)]
    [InlineData(16 * RamCacheLimits.IdentityBytes)]
    public async Task Caches_SmallerThanWhatIsAskedFor_AnswerTheSame(long bytes)
    {
        using var ram = await RamTestStore.CreateAsync(new RamStoreSettings(TimeProvider.System)
        {
            CacheLimits = new RamCacheLimits { Bytes = bytes },
        });
        var users = new List<(KmsGateway.Gateway.Authentication.Identity User, string Id, string Secret)>();
        for (var number = 0; number < 8; number++)
        {
            var user = await ram.CreateUserAsync($"user-{number}");
            await ram.CreatePolicyAsync($"policy-{number}");
            await ram.AttachAsync(user.Name, $"policy-{number}");
            var (id, secret) = await ram.CreateKeyAsync(user.Name);
            users.Add((user, id, secret));
        }

        for (var round = 0; round < 3; round++)
        {
            foreach (var (user, id, secret) in users)
            {
                var key = await ram.FindKeyAsync(id);
                Assert.Equal(user, key!.Owner);
                Assert.True(key.Secret.FixedTimeEquals(Encoding.UTF8.GetBytes(secret)));
                Assert.Equal([user.Name.Replace("user", "policy", StringComparison.Ordinal)], await ram.PolicyNamesAsync(user));
            }
        }
    }
}
