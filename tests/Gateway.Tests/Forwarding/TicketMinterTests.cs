using KmsGateway.Core.Contract;
using KmsGateway.Core.Hosting;
using KmsGateway.Gateway.Forwarding;
using KmsGateway.Tests;

namespace KmsGateway.Gateway.Tests.Forwarding;

/// <summary>A signed ticket may be used again for exactly what it was signed for, and not to its last second (decisions.md D2).</summary>
public sealed class TicketMinterTests : IDisposable
{
    private static readonly Ticket Sample = new("1", "acs:ram::1:user/alice", "Encrypt", [new TicketResource("acs:kms:cn:1:key/k", 3, 0)]);

    private readonly TempDirectory directory = new();
    private readonly DataDirectory data;
    private readonly TicketKey key;
    private readonly TestClock clock = new(DateTimeOffset.UnixEpoch.AddYears(56));
    private readonly TicketMinter minter;

    public TicketMinterTests()
    {
        data = DataDirectory.Open(directory.Path, "test");
        key = TicketKey.Open(data);
        minter = new TicketMinter(key, clock, Ticket.DefaultAudience);
    }

    [Fact]
    public void Mint_SameAgain_IsTheSameToken() => Assert.Equal(minter.Mint(Sample, 7), minter.Mint(Sample with { }, 7));

    public static TheoryData<string> Differences => ["identity version", "account", "subject", "action", "resource", "metadata version", "alias generation", "one more"];

    [Theory]
    [MemberData(nameof(Differences))]
    public void Mint_AnyDifference_IsAnotherToken(string difference)
    {
        var resource = Sample.Resources[0];
        var (ticket, version) = difference switch
        {
            "identity version" => (Sample, 8),
            "account" => (Sample with { Account = "2" }, 7),
            "subject" => (Sample with { Subject = "acs:ram::1:user/bob" }, 7),
            "action" => (Sample with { Action = "Decrypt" }, 7),
            "resource" => (Sample with { Resources = [resource with { Arn = "acs:kms:cn:1:key/j" }] }, 7),
            "metadata version" => (Sample with { Resources = [resource with { MetadataVersion = 4 }] }, 7),
            "alias generation" => (Sample with { Resources = [resource with { AliasGeneration = 1 }] }, 7),
            _ => (Sample with { Resources = [resource, resource] }, 7),
        };

        Assert.NotEqual(minter.Mint(Sample, 7), minter.Mint(ticket, version));
    }

    [Fact]
    public void Mint_FifteenSecondsBeforeTheEnd_SignsAnew()
    {
        var first = minter.Mint(Sample, 7);
        clock.Advance(TimeSpan.FromSeconds(44));
        Assert.Equal(first, minter.Mint(Sample, 7));
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.NotEqual(first, minter.Mint(Sample, 7));
    }

    [Fact]
    public void TicketKey_OpenedAgain_IsTheSamePairAndOwnerOnly()
    {
        using var again = TicketKey.Open(data);
        Assert.Equal(key.PublicKeyPem, again.PublicKeyPem);
        Assert.Equal(key.PublicKeyPem, File.ReadAllText(directory.File("ticket.pub")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(directory.File("ticket.key")));
    }

    [Fact]
    public void TicketKey_DamagedFile_RefusesToStart()
    {
        File.WriteAllText(directory.File("ticket.key"), "not a key");
        Assert.Equal(StartupException.CouldNotStart, Assert.Throws<StartupException>(() => TicketKey.Open(data)).ExitCode);
    }

    public void Dispose()
    {
        key.Dispose();
        data.Dispose();
        directory.Dispose();
    }
}
