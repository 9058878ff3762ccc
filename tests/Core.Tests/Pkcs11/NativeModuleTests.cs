using System.Security.Cryptography;
using KmsGateway.Core.Crypto.Pkcs11;
using KmsGateway.Core.Crypto.Pkcs11.Native;

namespace KmsGateway.Core.Tests.Pkcs11;

/// <summary>The binding: what it refuses, how it lays memory out, and how two real modules misbehave (crypto-core.md section 1, second table).</summary>
[Collection(Pkcs11Modules.Name)]
public sealed class NativeModuleTests
{
    [Theory]
    [InlineData(true, 8, true, null)]
    [InlineData(false, 8, true, "PKCS#11 modules need 64-bit little-endian Linux; this is another system, 64 bits.")]
    [InlineData(true, 4, true, "PKCS#11 modules need 64-bit little-endian Linux; this is Linux, 32 bits.")]
    [InlineData(true, 8, false, "PKCS#11 modules need 64-bit little-endian Linux; this is Linux, 64 bits, big-endian.")]
    public void Platform_AnyOther_IsRefused(bool isLinux, int pointerBytes, bool isLittleEndian, string? refusal) =>
        Assert.Equal(refusal, NativePlatform.Refusal(isLinux, pointerBytes, isLittleEndian));

    [Fact]
    public void Load_NoSuchFile_SaysWhich() =>
        Assert.Contains("/no/such/module.so cannot be loaded", Assert.Throws<Pkcs11ModuleException>(() => NativeModule.Load("/no/such/module.so")).Message, StringComparison.Ordinal);

    [Fact]
    public void Load_AnotherLibrary_SaysThatItIsNoModule() =>
        Assert.Equal("libc.so.6 is not a PKCS#11 module: it has no C_GetFunctionList.", Assert.Throws<Pkcs11ModuleException>(() => NativeModule.Load("libc.so.6")).Message);

    [Fact]
    public unsafe void Template_NestedAndOddLengths_LiesAsCompilersLayIt()
    {
        using var template = new NativeTemplate(
        [
            CkAttribute.Of(Cka.Token, true),
            CkAttribute.OfTemplate(Cka.UnwrapTemplate, CkAttribute.Of(Cka.Class, Cko.SecretKey), CkAttribute.Of(Cka.Extractable, false)),
            CkAttribute.OfMechanisms(Cka.AllowedMechanisms, Ckm.AesGcm, Ckm.AesEcb),
            CkAttribute.Of(Cka.Label, new byte[] { 1, 2, 3 }),
        ]);

        var entries = new ReadOnlySpan<NativeAttribute>(template.Attributes, 4);
        Assert.Equal((4UL, 24), (template.Count, sizeof(NativeAttribute)));
        Assert.Equal([1UL, 48UL, 16UL, 3UL], new[] { entries[0].Length, entries[1].Length, entries[2].Length, entries[3].Length });
        Assert.Equal(1, *(byte*)entries[0].Value);
        var nested = new ReadOnlySpan<NativeAttribute>(entries[1].Value, 2);
        Assert.Equal((Cka.Class, 8UL, Cko.SecretKey), (nested[0].Type, nested[0].Length, *(ulong*)nested[0].Value));
        Assert.Equal((Cka.Extractable, 1UL, (byte)0), (nested[1].Type, nested[1].Length, *(byte*)nested[1].Value));
        Assert.Equal([Ckm.AesGcm, Ckm.AesEcb], new ReadOnlySpan<ulong>(entries[2].Value, 2).ToArray());
        Assert.Equal(new byte[] { 1, 2, 3 }, new ReadOnlySpan<byte>(entries[3].Value, 3).ToArray());
        foreach (var entry in entries)
        {
            Assert.Equal(0UL, (ulong)entry.Value % 8);
        }
    }

    [Fact]
    public unsafe void Mechanisms_TheirParameters_HaveTheStandardsFields()
    {
        var fields = stackalloc ulong[MechanismLayout.Fields];
        var gcm = MechanismLayout.Write(Mechanism.Gcm(new byte[12], new byte[5]), (byte*)16, (byte*)32, fields);
        Assert.Equal((Ckm.AesGcm, 48UL), (gcm.Type, gcm.Length));
        Assert.Equal([16UL, 12, 96, 32, 5, 128], new ReadOnlySpan<ulong>(fields, 6).ToArray());

        var oaep = MechanismLayout.Write(MechanismMap.Oaep(HashAlgorithmName.SHA256), null, null, fields);
        Assert.Equal(40UL, oaep.Length);
        Assert.Equal([Ckm.Sha256, Ckg.Mgf1Sha256, 1, 0, 0], new ReadOnlySpan<ulong>(fields, 5).ToArray());

        var pss = MechanismLayout.Write(MechanismMap.Pss(HashAlgorithmName.SHA384), null, null, fields);
        Assert.Equal(24UL, pss.Length);
        Assert.Equal([Ckm.Sha384, Ckg.Mgf1Sha384, 48], new ReadOnlySpan<ulong>(fields, 3).ToArray());

        var plain = MechanismLayout.Write(Mechanism.Plain(Ckm.Ecdsa), null, null, fields);
        Assert.True(plain.Parameter is null && plain.Length == 0);
    }

    /// <summary>module, answer to a bad tag, answer to a bad wrapped key, whether the operation stays open after too small a buffer.</summary>
    [Theory]
    [InlineData(ModuleKind.SoftHsm, nameof(Ckr.GeneralError), nameof(Ckr.GeneralError), true)]
    [InlineData(ModuleKind.Nss, nameof(Ckr.EncryptedDataInvalid), nameof(Ckr.WrappedKeyInvalid), false)]
    public void Module_GivenBadData_AnswersByItsOwnCodeAndNeverThrows(ModuleKind kind, string badTag, string badWrap, bool staysOpen)
    {
        using var token = TestToken.Open(kind);
        var session = token.Operations;
        var mechanisms = MechanismMap.Choose(session);
        session.GenerateKey(Mechanism.Plain(Ckm.AesKeyGen), KeyTemplates.NewVersionKey(), out var key).ThrowIfFailed();
        session.GenerateKey(Mechanism.Plain(Ckm.AesKeyGen), KeyTemplates.SymmetricKek(mechanisms.RequireKeyWrap(), isTokenObject: false), out var kek).ThrowIfFailed();

        var decrypted = session.Decrypt(Mechanism.Gcm(new byte[12], []), key, new byte[48], new byte[48], out var written);
        Assert.Equal((badTag, 0, true), (decrypted.Code.ToString(), written, session.IsSpoiled));

        var unwrapped = session.Unwrap(Mechanism.Plain(mechanisms.RequireKeyWrap()), kek, new byte[40], KeyTemplates.UnwrappedVersionKey(), out _);
        Assert.Equal(badWrap, unwrapped.Code.ToString());

        var tooSmall = token.Operations.Encrypt(Mechanism.Gcm(new byte[12], []), key, new byte[32], new byte[47], out _);
        Assert.Equal(Ckr.BufferTooSmall, tooSmall.Code);
        var next = token.Module.EncryptInit(token.Session, Mechanism.Gcm(new byte[12], []), key);
        Assert.Equal(staysOpen ? Ckr.OperationActive : Ckr.Ok, next);
    }

    [Theory]
    [InlineData(ModuleKind.SoftHsm)]
    [InlineData(ModuleKind.Nss)]
    public void Module_KeysOfOneSession_AreUsableFromOthersUntilItCloses(ModuleKind kind)
    {
        using var token = TestToken.Open(kind);
        Assert.Equal(Ckr.Ok, token.Module.OpenSession(token.Slot, isReadWrite: true, out var owner));
        new TokenSession(token.Module, owner).GenerateKey(Mechanism.Plain(Ckm.AesKeyGen), KeyTemplates.NewVersionKey(), out var key).ThrowIfFailed();
        var output = new byte[48];

        Assert.True(token.Operations.Encrypt(Mechanism.Gcm(new byte[12], []), key, new byte[32], output, out var written).IsOk);
        Assert.Equal(48, written);
        Assert.Equal(Ckr.Ok, token.Module.CloseSession(owner));
        Assert.False(token.Operations.Encrypt(Mechanism.Gcm(new byte[12], []), key, new byte[32], output, out _).IsOk);
    }

    [Theory]
    [InlineData(ModuleKind.SoftHsm)]
    [InlineData(ModuleKind.Nss)]
    public void Module_WrongPin_IsRefusedByItsCode(ModuleKind kind)
    {
        using var token = TestToken.Open(kind);
        Assert.Equal(Ckr.Ok, token.Module.Logout(token.Session));

        Assert.Equal(Ckr.PinIncorrect, token.Module.Login(token.Session, CkUser.User, "not the PIN"u8));
        Assert.Equal(Ckr.Ok, token.Module.Login(token.Session, CkUser.User, token.Pin));
        Assert.Equal(Ckr.UserAlreadyLoggedIn, token.Module.Login(token.Session, CkUser.User, token.Pin));
    }

    [Theory]
    [InlineData(ModuleKind.SoftHsm)]
    [InlineData(ModuleKind.Nss)]
    public void Module_TokenKeyFoundAgainByLabel_AfterAnotherInitialization(ModuleKind kind)
    {
        using var token = TestToken.Open(kind);
        CkAttribute[] template =
        [
            CkAttribute.Of(Cka.Class, Cko.SecretKey), CkAttribute.Of(Cka.KeyType, Ckk.Aes), CkAttribute.Of(Cka.ValueLength, 32UL), CkAttribute.Of(Cka.Token, true),
            CkAttribute.Of(Cka.Private, true), CkAttribute.Of(Cka.Sensitive, true), CkAttribute.Of(Cka.Extractable, false), CkAttribute.Of(Cka.Label, "seal-1"u8.ToArray()),
        ];
        token.Operations.GenerateKey(Mechanism.Plain(Ckm.AesKeyGen), template, out _).ThrowIfFailed();
        Assert.Equal(Ckr.Ok, token.Module.FinalizeModule());
        Assert.Equal(Ckr.Ok, token.Module.Initialize());
        var slot = TokenSlots.Find(token.Module, token.TokenLabel);
        Assert.Equal(Ckr.Ok, token.Module.OpenSession(slot, isReadWrite: false, out var again));
        Assert.Equal(Ckr.Ok, token.Module.Login(again, CkUser.User, token.Pin));

        Span<ObjectHandle> found = stackalloc ObjectHandle[4];
        new TokenSession(token.Module, again).Find([CkAttribute.Of(Cka.Label, "seal-1"u8.ToArray())], found, out var count).ThrowIfFailed();

        Assert.Equal(1, count);
    }

    /// <summary>NSS keeps no key with an unwrap template in its database: there it can live only as a session object.</summary>
    [Theory]
    [InlineData(ModuleKind.SoftHsm, nameof(Ckr.Ok))]
    [InlineData(ModuleKind.Nss, nameof(Ckr.GeneralError))]
    public void Module_KekAsTokenObject_IsKeptOrRefused(ModuleKind kind, string code)
    {
        using var token = TestToken.Open(kind);
        var keyWrap = MechanismMap.Choose(token.Operations).RequireKeyWrap();
        var template = KeyTemplates.SymmetricKek(keyWrap, isTokenObject: true, "kek-sym-1"u8.ToArray());

        Assert.Equal(code, token.Operations.GenerateKey(Mechanism.Plain(Ckm.AesKeyGen), template, out _).Code.ToString());
    }

    [Fact]
    public void InitToken_LabelLongerThan32Bytes_IsRefusedBeforeTheModule()
    {
        using var token = TestToken.Open(ModuleKind.SoftHsm);

        Assert.Equal(Ckr.ArgumentsBad, token.Module.InitToken(token.Slot, "pin"u8, new byte[33]));
    }

    [Fact]
    public void Find_NoSuchLabel_NamesWhatThereIs()
    {
        using var token = TestToken.Open(ModuleKind.SoftHsm);

        Assert.Equal("No token is labelled \"prod\"; the module has kms-test.", Assert.Throws<Pkcs11ModuleException>(() => TokenSlots.Find(token.Module, "prod")).Message);
    }
}
