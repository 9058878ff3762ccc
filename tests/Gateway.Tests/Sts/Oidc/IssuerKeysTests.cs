using KmsGateway.Gateway.Sts.Oidc;
using KmsGateway.Gateway.Tests.Hosting;
using KmsGateway.Tests;

namespace KmsGateway.Gateway.Tests.Sts.Oidc;

/// <summary>Keys of an issuer that is slow or down, and callers that do not wait.</summary>
public sealed class IssuerKeysTests : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private readonly TestClock clock = new(new DateTimeOffset(2026, 3, 1, 8, 30, 0, TimeSpan.Zero));
    private readonly TaskCompletionSource gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TestIssuer issuer = new();
    private readonly CapturedLog log = new();
    private readonly IssuerKeys keys;

    public IssuerKeysTests() => keys = KeysOf(issuer);

    [Fact]
    public async Task Get_CallerThatLeaves_DoesNotEndTheFetch()
    {
        issuer.Gate = gate.Task;
        using var request = new CancellationTokenSource();
        var leaving = keys.GetAsync(request.Token).AsTask();
        await request.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving);
        gate.SetResult();
        Assert.Equal("key-1", await KeyIdAsync());
        Assert.Equal(2, issuer.Fetches);
    }

    [Fact]
    public async Task Get_IssuerThatHangs_IsAskedOnceForAllAndThenLeftAlone()
    {
        issuer.Gate = gate.Task;
        var waiting = Enumerable.Range(0, 5).Select(_ => keys.GetAsync(CancellationToken.None).AsTask()).ToArray();
        clock.Advance(TimeSpan.FromMinutes(1));
        gate.SetException(new IOException("the line broke"));
        foreach (var one in waiting)
        {
            Assert.IsType<IOException>((await Assert.ThrowsAsync<IssuerUnavailableException>(() => one)).InnerException);
        }

        clock.Advance(Pause - TimeSpan.FromTicks(1));
        await Assert.ThrowsAsync<IssuerUnavailableException>(KeyIdAsync);
        Assert.Equal(1, issuer.Fetches);
        clock.Advance(TimeSpan.FromTicks(1));
        issuer.Gate = Task.CompletedTask;
        Assert.Equal("key-1", await KeyIdAsync());
    }

    [Fact]
    public async Task Get_OldKeys_AreAnsweredAtOnceWhileOneFetchRuns()
    {
        await KeyIdAsync();
        issuer.Rotate();
        issuer.Gate = gate.Task;
        clock.Advance(TimeSpan.FromHours(1));
        for (var call = 0; call < 5; call++)
        {
            var answer = keys.GetAsync(CancellationToken.None);
            Assert.True(answer.IsCompletedSuccessfully);
            Assert.Equal("key-1", Assert.Single(await answer).KeyId);
        }

        Assert.Equal(3, issuer.Fetches);
        var unknown = keys.RefreshAsync(CancellationToken.None).AsTask();
        Assert.False(unknown.IsCompleted);
        gate.SetResult();
        Assert.Equal("key-2", Assert.Single(await unknown).KeyId);
        Assert.Equal("key-2", await KeyIdAsync());
        Assert.Equal(4, issuer.Fetches);
    }

    [Fact]
    public async Task Get_OldKeysAndAnIssuerWithAnyFault_AreKeptAndTheFaultIsLogged()
    {
        await KeyIdAsync();
        issuer.Gate = Task.FromException(new NotSupportedException("no such thing"));
        clock.Advance(TimeSpan.FromHours(24) - TimeSpan.FromTicks(1));
        Assert.Equal("key-1", await KeyIdAsync());
        Assert.Contains(log.Lines, line => line.StartsWith("Warning 7002 ", StringComparison.Ordinal) && line.Contains("no such thing", StringComparison.Ordinal));
        clock.Advance(TimeSpan.FromTicks(1));
        await Assert.ThrowsAsync<IssuerUnavailableException>(KeyIdAsync);
    }

    [Theory]
    [InlineData("https://issuer.example", "https://keys.example/keys", true)]
    [InlineData("https://issuer.example", "http://127.0.0.1:8080/keys", false)]
    [InlineData("https://issuer.example", "http://localhost/keys", false)]
    [InlineData("https://issuer.example", "http://issuer.example/keys", false)]
    [InlineData("https://issuer.example", "file:///etc/keys", false)]
    [InlineData("https://issuer.example", "keys", false)]
    [InlineData("http://127.0.0.1:8080", "http://localhost:8081/keys", true)]
    [InlineData("http://127.0.0.1:8080", "https://keys.example/keys", true)]
    [InlineData("http://127.0.0.1:8080", "http://issuer.example/keys", false)]
    [InlineData("http://127.0.0.1:8080", "file:///etc/keys", false)]
    public async Task Get_KeysAddress_IsFollowedOrRefused(string stated, string address, bool isFollowed)
    {
        using var other = new TestIssuer { Issuer = stated, KeysAddress = address };
        using var held = KeysOf(other);
        var refusal = await Record.ExceptionAsync(() => held.GetAsync(CancellationToken.None).AsTask());
        Assert.Equal(isFollowed ? 2 : 1, other.Fetches);
        Assert.Equal(isFollowed, refusal is null);
        Assert.True(isFollowed || Assert.IsType<IssuerUnavailableException>(refusal).InnerException is IOException);
    }

    [Theory]
    [InlineData("file:///etc/hostname")]
    [InlineData("file://localhost/etc/hostname")]
    [InlineData("ftp://127.0.0.1/keys")]
    [InlineData("http://issuer.example/keys")]
    [InlineData("/keys")]
    [InlineData("")]
    public async Task Documents_AddressOfAnotherKind_IsAnInputFault(string address)
    {
        using var documents = new IssuerDocuments(caFile: null);
        await Assert.ThrowsAsync<IOException>(() => documents.GetDocumentAsync(address, CancellationToken.None));
    }

    public void Dispose()
    {
        keys.Dispose();
        issuer.Dispose();
        log.Dispose();
    }

    private IssuerKeys KeysOf(TestIssuer of) =>
        new(new OidcProvider("acs:ram::1:oidc-provider/ci", "1", of.Issuer, ["client-1"]), of, clock, log);

    private async Task<string> KeyIdAsync() => Assert.Single(await keys.GetAsync(CancellationToken.None)).KeyId;
}
