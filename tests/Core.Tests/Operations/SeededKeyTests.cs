using System.Text.Json.Nodes;
using KmsGateway.Core.Contract;

namespace KmsGateway.Core.Tests.Operations;

/// <summary>The id of a key is chosen by the gateway's seed and by nobody else.</summary>
public sealed class SeededKeyTests : IAsyncLifetime
{
    private const string Chosen = "01234567-89ab-8def-8123-456789abcdef";

    private static readonly string Seed = Ticket.ServiceSubject(TestCore.Account, Ticket.SeedProduct);

    private TestCore core = null!;

    public async Task InitializeAsync() => core = await TestCore.StartAsync();

    public async Task DisposeAsync() => await core.DisposeAsync();

    [Fact]
    public async Task CreateKey_ByTheSeedWithAnId_MakesTheKeyOfThatIdOnce()
    {
        var made = await CreateAsync(Seed, Chosen);
        made.ShouldBeOk();
        Assert.Equal(Chosen, (string)made.Json["KeyMetadata"]!["KeyId"]!);
        (await CreateAsync(Seed, Chosen)).ShouldBe(400, "InvalidParameter", "KeyId");
    }

    [Theory]
    [InlineData("acs:ram::1000000000000001:user/seed")]
    [InlineData("acs:ram::1000000000000001:service/ram")]
    [InlineData("acs:ram::2000000000000002:service/seed")]
    public async Task CreateKey_ByAnybodyElseWithAnId_MakesOneUp(string subject)
    {
        var made = await CreateAsync(subject, Chosen);
        made.ShouldBeOk();
        Assert.NotEqual(Chosen, (string)made.Json["KeyMetadata"]!["KeyId"]!);
    }

    [Theory]
    [InlineData("apollo")]
    [InlineData("{01234567-89ab-8def-8123-456789abcdef}")]
    [InlineData("alias/apollo")]
    public async Task CreateKey_ByTheSeedWithWhatIsNoUuid_IsRefused(string id) => (await CreateAsync(Seed, id)).ShouldBe(400, "InvalidParameter", "KeyId");

    private Task<CoreAnswer> CreateAsync(string subject, string keyId) =>
        core.SendAsAsync(subject, "CreateKey", new JsonObject { ["KeyId"] = keyId }, TestCore.KeyBox);
}
