using KmsGateway.Gateway.Authentication;
using Xunit;

namespace KmsGateway.Gateway.Tests.Authentication;

/// <summary>Threat row 4: signature replay.</summary>
public sealed class ReplayTests
{
    private readonly SignedRequests requests = new();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task SameRequest_InParallel_PassesExactlyOnce(bool hasNonce)
    {
        using var gateway = requests.NewGateway();
        var request = hasNonce ? requests.Get() : requests.Get(("SignatureNonce", string.Empty));
        var answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(() => gateway.SendAsync(request))));
        Assert.Single(answers, answer => answer.Status == 200);
        Assert.Equal(63, answers.Count(answer => answer.Code == "SignatureNonceUsed"));
    }

    [Fact]
    public async Task Nonce_WithAnotherStamp_IsStillUsed()
    {
        using var gateway = requests.NewGateway();
        Assert.Equal(200, (await gateway.SendAsync(requests.Get(("SignatureNonce", "n")))).Status);
        requests.Clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal("SignatureNonceUsed", (await gateway.SendAsync(requests.Get(("SignatureNonce", "n")))).Code);
    }

    [Fact]
    public async Task Nonce_IsSharedByBothSchemes()
    {
        using var gateway = requests.NewGateway();
        var acs3 = requests.Acs3();
        var nonce = acs3.Headers.Single(header => header.Key == "x-acs-signature-nonce").Value;
        Assert.Equal(200, (await gateway.SendAsync(acs3)).Status);
        Assert.Equal("SignatureNonceUsed", (await gateway.SendAsync(requests.Get(("SignatureNonce", nonce)))).Code);
    }

    [Fact]
    public async Task Nonce_OfAnotherKey_OrInOtherCase_IsAnother()
    {
        requests.Keys.Add("other", "s");
        using var gateway = requests.NewGateway();
        Assert.Equal(200, (await gateway.SendAsync(requests.Get(("SignatureNonce", "n")))).Status);
        Assert.Equal(200, (await gateway.SendAsync(requests.Get(("SignatureNonce", "N")))).Status);
        var all = requests.Signer("other", "s").SignRpc("GET", SignedRequests.Version, "ListKeys", [KeyValuePair.Create("SignatureNonce", "n")]);
        Assert.Equal(200, (await gateway.SendAsync(TestRequest.Get("/?" + RequestSigner.Encode(all)))).Status);
    }

    [Fact]
    public async Task WrongSignature_StoresNothing()
    {
        using var gateway = requests.NewGateway();
        var all = requests.Signed("GET", ("SignatureNonce", "n"));
        var right = all["Signature"];
        all["Signature"] = "AAAAAAAAAAAAAAAAAAAAAAAAAAA=";
        Assert.Equal("SignatureDoesNotMatch", (await gateway.SendAsync(TestRequest.Get("/?" + RequestSigner.Encode(all)))).Code);
        Assert.Equal(0, gateway.Nonces.Count);
        all["Signature"] = right;
        Assert.Equal(200, (await gateway.SendAsync(TestRequest.Get("/?" + RequestSigner.Encode(all)))).Status);
        Assert.Equal(1, gateway.Nonces.Count);
    }

    [Theory]
    [InlineData(-901, "InvalidTimeStamp.Expired")]
    [InlineData(-900, null)]
    [InlineData(900, null)]
    [InlineData(901, "InvalidTimeStamp.Expired")]
    public async Task Stamp_AtTheEdgeOfTheWindowAndOnePast(int serverAheadBySeconds, string? code)
    {
        var request = requests.Get();
        requests.Clock.Advance(TimeSpan.FromSeconds(serverAheadBySeconds));
        using var gateway = requests.NewGateway();
        Assert.Equal(code, (await gateway.SendAsync(request)).Code);
    }

    [Theory]
    [InlineData(-1, "InvalidTimeStamp.Expired")]
    [InlineData(0, null)]
    public async Task Stamp_OlderThanTheProcess_IsRefused_SinceItsNonceIsNotRemembered(int seconds, string? code)
    {
        var request = requests.Get();
        requests.Clock.Set(SignedRequests.Start.AddSeconds(-seconds).AddMilliseconds(700));
        using var gateway = requests.NewGateway(replay: _ => { });
        Assert.Equal(code, (await gateway.SendAsync(request)).Code);
    }

    [Fact]
    public async Task ClockThatGoesBack_DoesNotReopenWhatWasForgotten()
    {
        using var gateway = requests.NewGateway();
        var request = requests.Get();
        Assert.Equal(200, (await gateway.SendAsync(request)).Status);
        gateway.Clock.Advance(TimeSpan.FromSeconds(901));
        Assert.Equal(0, gateway.Nonces.Count);
        gateway.Clock.Set(SignedRequests.Start);
        Assert.Equal("InvalidTimeStamp.Expired", (await gateway.SendAsync(request)).Code);
    }

    [Fact]
    public async Task Memory_Full_RefusesWith503_UntilRequestsLeaveTheWindow()
    {
        using var gateway = requests.NewGateway(replay: options =>
            (options.RefuseStampsBefore, options.MaxEntries, options.MaxPercentPerKey) = (DateTimeOffset.UnixEpoch, 1024, 100));
        for (var i = 0; i < 1024; i++)
        {
            Assert.Equal(NonceResult.Recorded, gateway.Nonces.TryRecord("k", $"n{i}", [], SignedRequests.Start.ToUnixTimeSeconds()));
        }

        var answer = await gateway.SendAsync(requests.Get());
        Assert.Equal((503, "ServiceUnavailable"), (answer.Status, answer.Code));
        gateway.Clock.Advance(TimeSpan.FromSeconds(901));
        Assert.Equal(200, (await gateway.SendAsync(requests.Get())).Status);
    }
}
