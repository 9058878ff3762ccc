using KmsGateway.Core.Contract;
using KmsGateway.Core.Crypto.Pkcs11;
using KmsGateway.Core.Crypto.Pkcs11.Sessions;

namespace KmsGateway.Core.Tests.Pkcs11;

/// <summary>Lanes and generations over a real SoftHSM, which answers a breach of their rules with a dead process.</summary>
[Collection(Pkcs11Modules.Name)]
public sealed class SessionTests : IDisposable
{
    private static readonly LaneSizes Sizes = new(new LaneSize(1, 2), new LaneSize(2, 64), new LaneSize(1, 4));
    private readonly TestToken token = TestToken.Open(ModuleKind.SoftHsm);

    public SessionTests() => Assert.Equal(Ckr.Ok, token.Module.FinalizeModule());

    public void Dispose() => token.Dispose();

    [Fact]
    public async Task Lane_QueueFull_RefusesAtOnceAndServesAgainAfterwards()
    {
        using var generation = Start(1);
        using var gate = new ManualResetEventSlim();
        using var entered = new ManualResetEventSlim();
        var running = generation.Symmetric.RunAsync(_ =>
        {
            entered.Set();
            gate.Wait();
            return 0;
        });
        entered.Wait();
        Task<int>[] queued = [generation.Symmetric.RunAsync(_ => 1), generation.Symmetric.RunAsync(_ => 2)];

        Assert.Equal(2, generation.Symmetric.Waiting);
        Assert.Throws<LaneFullException>(() => { _ = generation.Symmetric.RunAsync(_ => 3); });
        Assert.Equal(4, await generation.PrivateKey.RunAsync(_ => 4));

        gate.Set();
        Assert.Equal(0, await running);
        Assert.Equal((1, 2), (await queued[0], await queued[1]));
        Assert.Equal(5, await generation.Symmetric.RunAsync(_ => 5));
    }

    [Fact]
    public async Task Lane_FailedInTheMiddleOfAnOperation_ReplacesTheSession()
    {
        using var generation = Start(1);
        var key = await generation.KeyGeneration.RunAsync(NewKey);
        var before = await generation.Symmetric.RunAsync(lease => lease.Session.Handle);

        var failed = await generation.Symmetric.RunAsync(
            lease => lease.Session.Encrypt(Mechanism.Gcm(new byte[12], []), key, new byte[32], new byte[47], out _).Code);
        var worked = await generation.Symmetric.RunAsync(
            lease => (lease.Session.Handle, lease.Session.Encrypt(Mechanism.Gcm(new byte[12], []), key, new byte[32], new byte[48], out _).Code));

        Assert.Equal((Ckr.BufferTooSmall, Ckr.Ok), (failed, worked.Code));
        Assert.NotEqual(before, worked.Handle);
    }

    [Fact]
    public async Task Lane_WorkThrows_CarriesItToTheCallerAndGoesOn()
    {
        using var generation = Start(1);

        var fault = await Assert.ThrowsAsync<Pkcs11Exception>(
            () => generation.PrivateKey.RunAsync<int>(_ => throw new Pkcs11Exception(CkFunction.Sign, Ckr.DeviceError)));

        Assert.Equal((CkFunction.Sign, Ckr.DeviceError), (fault.Function, fault.Code));
        Assert.Equal(1, await generation.PrivateKey.RunAsync(_ => 1));
    }

    [Fact]
    public async Task Generation_EndedUnderLoad_FinishesWhatItTookAndAnotherBegins()
    {
        var ok = 0;
        for (var number = 1; number <= 5; number++)
        {
            var generation = Start(number);
            var key = await generation.KeyGeneration.RunAsync(NewKey);
            Task<CkResult>[] taken =
            [
                .. Enumerable.Range(0, 60).Select(_ => generation.PrivateKey.RunAsync(
                    lease => lease.Session.Encrypt(Mechanism.Gcm(new byte[12], []), key, new byte[4096], new byte[4112], out var _))),
            ];

            generation.Dispose();

            Assert.Throws<LaneFullException>(() => { _ = generation.PrivateKey.RunAsync(_ => 0); });
            ok += (await Task.WhenAll(taken)).Count(result => result.IsOk);
        }

        Assert.Equal(5 * 60, ok);
    }

    [Fact]
    public void Generation_WrongPin_IsTriedOnceAndLeavesTheModuleFinalized()
    {
        using var wrong = new SecretBuffer("wrong"u8);

        var fault = Assert.Throws<Pkcs11Exception>(() => Generation.Start(token.Module, 1, TestToken.Label, wrong, Sizes));

        Assert.Equal((CkFunction.Login, Ckr.PinIncorrect), (fault.Function, fault.Code));
        Assert.Equal(Ckr.CryptokiNotInitialized, token.Module.GetSlotList(new SlotId[4], out _));
        using var generation = Start(2);
        Assert.Equal(2, generation.Number);
    }

    private static ObjectHandle NewKey(SessionLease lease)
    {
        lease.Session.GenerateKey(Mechanism.Plain(Ckm.AesKeyGen), KeyTemplates.NewVersionKey(), out var key).ThrowIfFailed();
        return key;
    }

    private Generation Start(int number)
    {
        using var pin = new SecretBuffer(token.Pin);
        return Generation.Start(token.Module, number, TestToken.Label, pin, Sizes);
    }
}
