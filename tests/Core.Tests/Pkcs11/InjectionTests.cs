using System.Collections.Immutable;
using KmsGateway.Core.Contract;
using KmsGateway.Core.Crypto.Pkcs11;
using KmsGateway.Core.Crypto.Pkcs11.Native;
using KmsGateway.Core.Crypto.Pkcs11.Sessions;

namespace KmsGateway.Core.Tests.Pkcs11;

/// <summary>
/// Every return code at every function that a lane or the start of a generation calls: no crash, the very code comes back, no session
/// is lost, and the next call after the fault's end works.
/// </summary>
[Collection(Pkcs11Modules.Name)]
public sealed class InjectionTests : IDisposable
{
    private static readonly LaneSizes Sizes = new(new LaneSize(1, 4), new LaneSize(1, 4), new LaneSize(1, 4));
    private static readonly ImmutableArray<Ckr> Codes = [.. Enum.GetValues<Ckr>().Where(code => code != Ckr.Ok), (Ckr)0x8000_0001];

    private readonly ShimModule shim = new();
    private readonly TestToken token;

    public InjectionTests()
    {
        token = TestToken.Open(ModuleKind.SoftHsm, () => NativeModule.Load(shim.Path));
        Assert.Equal(Ckr.Ok, token.Module.FinalizeModule());
    }

    public void Dispose()
    {
        shim.Heal();
        token.Dispose();
        shim.Dispose();
    }

    [Fact]
    public async Task Lane_EveryCodeAtEveryFunction_ComesBackAndHealsWithTheFault()
    {
        using var generation = Start();
        var keys = await generation.KeyGeneration.RunAsync(Keys.Make);
        var expected = 0L;
        foreach (var (function, run) in Operations(keys))
        {
            Assert.True((await generation.Symmetric.RunAsync(run)).IsOk, function.Name());
            foreach (var code in Codes)
            {
                shim.Fail(function, code);
                var failed = await generation.Symmetric.RunAsync(run);
                shim.Heal();
                var healed = await generation.Symmetric.RunAsync(run);

                Assert.Equal(new CkResult(function, code), failed);
                Assert.True(healed.IsOk, $"after {failed}: {healed}");
                expected++;
            }
        }

        Assert.Equal(22 * Codes.Length, expected);
        Assert.Equal(expected, shim.Injected);

        // owner, key generation, symmetric; the private-key lane has opened none
        Assert.Equal(3, shim.Sessions);
    }

    [Fact]
    public async Task Lane_SessionCannotBeOpened_SaysSoAndOpensItNextTime()
    {
        foreach (var code in Codes)
        {
            using var generation = Start();
            shim.Fail(CkFunction.OpenSession, code);
            var fault = await Assert.ThrowsAsync<Pkcs11Exception>(() => generation.Symmetric.RunAsync(_ => 0));
            shim.Heal();

            Assert.Equal((CkFunction.OpenSession, code), (fault.Function, fault.Code));
            Assert.Equal(1, await generation.Symmetric.RunAsync(_ => 1));
        }

        Assert.Equal(0, shim.Sessions);
    }

    [Theory]
    [InlineData(nameof(CkFunction.Initialize))]
    [InlineData(nameof(CkFunction.GetSlotList))]
    [InlineData(nameof(CkFunction.OpenSession))]
    [InlineData(nameof(CkFunction.Login))]
    public void Start_EveryCode_IsReportedAndTheNextStartWorks(string name)
    {
        var function = Enum.Parse<CkFunction>(name);
        foreach (var code in Codes.Where(code => function != CkFunction.Login || code != Ckr.UserAlreadyLoggedIn))
        {
            shim.Fail(function, code);
            var before = shim.Injected;
            var fault = Assert.Throws<Pkcs11Exception>(() => Start());
            var tries = shim.Injected - before;
            shim.Heal();
            Start().Dispose();

            Assert.Equal((function, code), (fault.Function, fault.Code));
            Assert.Equal(code == Ckr.CryptokiAlreadyInitialized && function == CkFunction.Initialize ? 2 : 1, tries);
        }

        Assert.Equal(0, shim.Sessions);
    }

    [Fact]
    public void Start_AfterAFinalizeThatFailed_EndsTheOldLifeFirst()
    {
        foreach (var code in Codes)
        {
            var generation = Start();
            shim.Fail(CkFunction.Finalize, code);
            generation.Dispose();
            shim.Heal();
            Start().Dispose();
        }

        Assert.Equal(0, shim.Sessions);
    }

    private static (CkFunction Function, LaneWork<CkResult> Run)[] Operations(Keys keys)
    {
        LaneWork<CkResult> encrypt = lease => lease.Session.Encrypt(Mechanism.Gcm(new byte[12], []), keys.Aes, new byte[32], new byte[48], out _);
        LaneWork<CkResult> decrypt = lease => lease.Session.Decrypt(Mechanism.Gcm(new byte[12], []), keys.Aes, keys.Ciphertext, new byte[48], out _);
        LaneWork<CkResult> sign = lease => lease.Session.Sign(Mechanism.Plain(Ckm.Ecdsa), keys.EcPrivate, new byte[32], new byte[64], out _);
        LaneWork<CkResult> verify = lease => lease.Session.Verify(Mechanism.Plain(Ckm.Ecdsa), keys.EcPublic, new byte[32], keys.Signature);
        LaneWork<CkResult> find = lease => lease.Session.Find([CkAttribute.Of(Cka.Class, Cko.SecretKey)], new ObjectHandle[4], out _);
        return
        [
            (CkFunction.EncryptInit, encrypt), (CkFunction.Encrypt, encrypt), (CkFunction.DecryptInit, decrypt), (CkFunction.Decrypt, decrypt),
            (CkFunction.SignInit, sign), (CkFunction.Sign, sign), (CkFunction.VerifyInit, verify), (CkFunction.Verify, verify),
            (CkFunction.FindObjectsInit, find), (CkFunction.FindObjects, find), (CkFunction.FindObjectsFinal, find),
            (CkFunction.GenerateKey, lease => Then(lease, lease.Session.GenerateKey(Mechanism.Plain(Ckm.AesKeyGen), KeyTemplates.NewVersionKey(), out var made), made)),
            (CkFunction.GenerateKeyPair, lease => Keys.Pair(lease, out _, out _)),
            (CkFunction.WrapKey, lease => lease.Session.Wrap(Mechanism.Plain(Ckm.AesKeyWrapPad), keys.Kek, keys.Aes, new byte[64], out _)),
            (CkFunction.UnwrapKey, lease => Then(
                lease, lease.Session.Unwrap(Mechanism.Plain(Ckm.AesKeyWrapPad), keys.Kek, keys.Wrapped, KeyTemplates.UnwrappedVersionKey(), out var made), made)),
            (CkFunction.DeriveKey, lease => Then(
                lease,
                lease.Session.Derive(
                    Mechanism.StringData(Ckm.AesEcbEncryptData, new byte[32]), keys.Deriving,
                    [.. KeyTemplates.Secret(Ckk.Aes, isSensitive: true, isExtractable: false), CkAttribute.Of(Cka.ValueLength, 32UL)], out var made),
                made)),
            (CkFunction.CreateObject, lease => Then(
                lease, lease.Session.Create([.. KeyTemplates.Secret(Ckk.Aes, isSensitive: false, isExtractable: true), CkAttribute.Of(Cka.Value, new byte[32])], out var made), made)),
            (CkFunction.CopyObject, lease => Then(lease, lease.Session.Copy(keys.Aes, [CkAttribute.Of(Cka.Token, false)], out var made), made)),
            (CkFunction.DestroyObject, lease =>
            {
                lease.Session.GenerateKey(Mechanism.Plain(Ckm.AesKeyGen), KeyTemplates.NewVersionKey(), out var made).ThrowIfFailed();
                return lease.Session.Destroy(made);
            }),
            (CkFunction.GetAttributeValue, lease => lease.Session.Get(keys.Aes, Cka.Class, new byte[8], out _)),
            (CkFunction.SetAttributeValue, lease => lease.Session.Set(keys.Aes, CkAttribute.Of(Cka.Label, new byte[] { 65 }))),
            (CkFunction.GenerateRandom, lease => lease.Session.Random(new byte[16])),
        ];
    }

    private static CkResult Then(SessionLease lease, CkResult result, ObjectHandle made)
    {
        if (result.IsOk)
        {
            _ = lease.Session.Destroy(made);
        }

        return result;
    }

    private Generation Start()
    {
        using var pin = new SecretBuffer(token.Pin);
        return Generation.Start(token.Module, 1, TestToken.Label, pin, Sizes);
    }

    private sealed record Keys(
        ObjectHandle Aes, ObjectHandle Kek, ObjectHandle Deriving, ObjectHandle EcPublic, ObjectHandle EcPrivate, byte[] Ciphertext, byte[] Wrapped, byte[] Signature)
    {
        public static Keys Make(SessionLease lease)
        {
            var session = lease.Session;
            session.GenerateKey(Mechanism.Plain(Ckm.AesKeyGen), KeyTemplates.NewVersionKey(), out var aes).ThrowIfFailed();
            session.GenerateKey(Mechanism.Plain(Ckm.AesKeyGen), KeyTemplates.SymmetricKek(Ckm.AesKeyWrapPad, isTokenObject: false), out var kek).ThrowIfFailed();
            session.Create(
                [.. KeyTemplates.Secret(Ckk.Aes, isSensitive: true, isExtractable: false), CkAttribute.Of(Cka.Value, new byte[32]), .. KeyTemplates.Usage(Cka.Derive)],
                out var deriving).ThrowIfFailed();
            Pair(lease, out var publicKey, out var privateKey).ThrowIfFailed();
            var ciphertext = new byte[48];
            session.Encrypt(Mechanism.Gcm(new byte[12], []), aes, new byte[32], ciphertext, out _).ThrowIfFailed();
            var wrapped = new byte[64];
            session.Wrap(Mechanism.Plain(Ckm.AesKeyWrapPad), kek, aes, wrapped, out var length).ThrowIfFailed();
            var signature = new byte[64];
            session.Sign(Mechanism.Plain(Ckm.Ecdsa), privateKey, new byte[32], signature, out _).ThrowIfFailed();
            return new Keys(aes, kek, deriving, publicKey, privateKey, ciphertext, wrapped[..length], signature);
        }

        public static CkResult Pair(SessionLease lease, out ObjectHandle publicKey, out ObjectHandle privateKey) => lease.Session.GenerateKeyPair(
            Mechanism.Plain(Ckm.EcKeyPairGen),
            [CkAttribute.Of(Cka.Token, false), CkAttribute.Of(Cka.EcParameters, TokenFormats.CurveParameters("1.2.840.10045.3.1.7")), CkAttribute.Of(Cka.Verify, true)],
            [CkAttribute.Of(Cka.Token, false), CkAttribute.Of(Cka.Private, true), CkAttribute.Of(Cka.Sensitive, true), CkAttribute.Of(Cka.Sign, true)],
            out publicKey, out privateKey);
    }
}
