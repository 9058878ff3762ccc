using KmsGateway.Gateway.Authorization;
using KmsGateway.Gateway.Sts;

namespace KmsGateway.Gateway.Tests.Sts;

/// <summary>Changing the key of security tokens.</summary>
public sealed class SessionKeyStoreTests : SessionFixture
{
    [Theory]
    [InlineData(89, 1)]
    [InlineData(90, 2)]
    public async Task Rotate_AroundAQuarter_MakesANewKey(int days, int newest)
    {
        Ram.Clock.Advance(TimeSpan.FromDays(days));
        await RotateAsync();
        Assert.Equal(newest, Versions()[^1]);
    }

    [Fact]
    public async Task Rotate_OldTokens_OpenUntilTheLongestSessionIsOver()
    {
        await Ram.CallAsync("UpdateRole", ("RoleName", "ci"), ("NewMaxSessionDuration", 43200));
        var session = await SessionAsync(Alice, more: ("DurationSeconds", 43200L));
        await RotateAsync(isForced: true);
        OpenSessions();
        Assert.Equal("OK", await StateAsync(session));
        Assert.Equal("OK", await StateAsync(await SessionAsync(Alice)));
        Assert.Equal([1, 2], Versions());

        Ram.Clock.Advance(SessionContents.LongestLife);
        await RotateAsync(isForced: true);
        Assert.Equal([1, 2, 3], Versions());
        Ram.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await RotateAsync(isForced: true);
        Assert.Equal([2, 3, 4], Versions());
        OpenSessions();
        Assert.Equal("InvalidSecurityToken.Malformed", await StateAsync(session));
    }

    [Fact]
    public async Task Rotate_RestartedStore_KeepsTheKeys()
    {
        var session = await SessionAsync(Alice);
        await RotateAsync(isForced: true);
        Ram.Reopen();
        OpenSessions();
        Assert.Equal("OK", await StateAsync(session));
        Assert.Equal([1, 2], Versions());
    }

    [Fact]
    public async Task Rotate_ByAnotherProcess_IsHeardOfWithTheFirstTokenOfTheNewKey()
    {
        var before = await SessionAsync(Alice);
        using var old = new GatewayKeys(Ram.Clock);
        old.Open(Ram.Store);
        await RotateAsync(isForced: true);
        OpenSessions();
        var token = (await SessionAsync(Alice)).Token;

        // Not at once after the last reading: that may have been caused by anybody.
        Assert.Null(old.SessionsFor(token).Open(token));
        Ram.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.NotNull(old.SessionsFor(token).Open(token));
        Assert.NotNull(old.SessionsFor(before.Token).Open(before.Token));
        Assert.Same(old.Sessions, old.SessionsFor(token));
    }

    [Fact]
    public async Task SessionsFor_NumbersOfNoKey_ReadTheStoreOnceASecond()
    {
        await RotateAsync(isForced: true);
        OpenSessions();
        var token = (await SessionAsync(Alice)).Token;
        var bytes = Convert.FromBase64String(token);
        bytes[2] = 77;
        var foreign = Convert.ToBase64String(bytes);
        using var keys = new GatewayKeys(Ram.Clock);
        keys.Open(Ram.Store);
        var first = keys.Sessions;
        Ram.Clock.Advance(TimeSpan.FromSeconds(1));
        var second = keys.SessionsFor(foreign);
        Assert.NotSame(first, second);
        Assert.Null(second.Open(foreign));
        Assert.Same(second, keys.SessionsFor(foreign));
        Ram.Clock.Advance(TimeSpan.FromMilliseconds(999));
        Assert.Same(second, keys.SessionsFor(foreign));
        Ram.Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.NotSame(second, keys.SessionsFor(foreign));
    }

    private Task RotateAsync(bool isForced = false) => SessionKeyStore.RotateAsync(Ram.Store, Ram.Clock, isForced, CancellationToken.None);

    private int[] Versions()
    {
        var keys = SessionKeyStore.Open(Ram.Store);
        foreach (var key in keys)
        {
            key.Key.Dispose();
        }

        return [.. keys.Select(key => (int)key.Version)];
    }
}
