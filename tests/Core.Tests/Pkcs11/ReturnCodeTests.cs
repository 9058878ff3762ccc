using KmsGateway.Core.Contract;
using KmsGateway.Core.Crypto.Pkcs11;

namespace KmsGateway.Core.Tests.Pkcs11;

/// <summary>Names and numbers against the standard's header; classes against the table of crypto-core.md section 5.</summary>
public sealed class ReturnCodeTests
{
    public static TheoryData<string, string> Table => new()
    {
        { "CallersFault", "ENCRYPTED_DATA_INVALID ENCRYPTED_DATA_LEN_RANGE AEAD_DECRYPT_FAILED WRAPPED_KEY_INVALID WRAPPED_KEY_LEN_RANGE DATA_LEN_RANGE" },
        { "StaleHandle", "OBJECT_HANDLE_INVALID KEY_HANDLE_INVALID UNWRAPPING_KEY_HANDLE_INVALID WRAPPING_KEY_HANDLE_INVALID" },
        { "StaleSession", "SESSION_HANDLE_INVALID SESSION_CLOSED" },
        { "Login", "USER_NOT_LOGGED_IN" },
        { "Pin", "PIN_INCORRECT PIN_LOCKED PIN_EXPIRED" },
        { "ModuleFault", "DEVICE_ERROR DEVICE_REMOVED TOKEN_NOT_PRESENT CRYPTOKI_NOT_INITIALIZED DEVICE_MEMORY HOST_MEMORY" },
        { "Cannot", "MECHANISM_INVALID MECHANISM_PARAM_INVALID ARGUMENTS_BAD DOMAIN_PARAMS_INVALID FUNCTION_NOT_SUPPORTED" },
        { "Alarm", "KEY_UNEXTRACTABLE TEMPLATE_INCONSISTENT ATTRIBUTE_READ_ONLY KEY_FUNCTION_NOT_PERMITTED" },
        { "OwnBug", "OPERATION_ACTIVE BUFFER_TOO_SMALL OPERATION_NOT_INITIALIZED" },
    };

    [Fact]
    public void Names_EveryCode_AreTheStandards()
    {
        var published = File.ReadLines(TestData.Path("pkcs11", "return-codes.tsv")).Select(line => line.Split('\t'))
            .ToDictionary(cells => cells[0], cells => Convert.ToUInt64(cells[1], 16), StringComparer.Ordinal);

        Assert.Equal(published, Enum.GetValues<Ckr>().ToDictionary(code => code.Name(), code => (ulong)code, StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(0x8000_0001UL, "CKR_VENDOR_0x80000001")]
    [InlineData(0xBADUL, "CKR_UNKNOWN_0xBAD")]
    public void Name_CodeWithoutOne_IsItsNumber(ulong code, string name) => Assert.Equal(name, ((Ckr)code).Name());

    [Theory]
    [MemberData(nameof(Table))]
    public void Classify_EveryCodeOfTheTable_IsItsClass(string kind, string codes)
    {
        foreach (var name in codes.Split(' '))
        {
            var code = Enum.GetValues<Ckr>().Single(candidate => candidate.Name() == "CKR_" + name);
            Assert.Equal(kind, ReturnCodeMap.Classify(new CkResult(CkFunction.Encrypt, code)).ToString());
        }
    }

    [Theory]
    [InlineData(nameof(CkFunction.Decrypt), "Ambiguous")]
    [InlineData(nameof(CkFunction.UnwrapKey), "Ambiguous")]
    [InlineData(nameof(CkFunction.Encrypt), "ModuleFault")]
    [InlineData(nameof(CkFunction.Login), "ModuleFault")]
    public void Classify_GeneralErrorAndFunctionFailed_AreAmbiguousOnlyWhereDataCanCauseThem(string function, string kind)
    {
        Assert.Equal(kind, ReturnCodeMap.Classify(new CkResult(Enum.Parse<CkFunction>(function), Ckr.GeneralError)).ToString());
        Assert.Equal(kind, ReturnCodeMap.Classify(new CkResult(Enum.Parse<CkFunction>(function), Ckr.FunctionFailed)).ToString());
    }

    [Theory]
    [InlineData(nameof(Ckr.KeySizeRange), true, "CallersFault")]
    [InlineData(nameof(Ckr.TemplateInconsistent), true, "CallersFault")]
    [InlineData(nameof(Ckr.KeySizeRange), false, "ModuleFault")]
    [InlineData(nameof(Ckr.TemplateInconsistent), false, "Alarm")]
    public void Classify_WhatOnlyAnImporterCanCause_DependsOnTheImport(string code, bool isImport, string kind) =>
        Assert.Equal(kind, ReturnCodeMap.Classify(new CkResult(CkFunction.UnwrapKey, Enum.Parse<Ckr>(code)), isImport).ToString());

    [Fact]
    public void Classify_AlreadyLoggedIn_IsSuccessOfLoginOnly()
    {
        Assert.Equal(ReturnCodeClass.Success, ReturnCodeMap.Classify(new CkResult(CkFunction.Login, Ckr.UserAlreadyLoggedIn)));
        Assert.Equal(ReturnCodeClass.ModuleFault, ReturnCodeMap.Classify(new CkResult(CkFunction.Sign, Ckr.UserAlreadyLoggedIn)));
    }

    [Fact]
    public void Classify_EveryCodeOfEveryFunctionAndStrangers_HasAPlan()
    {
        foreach (var function in Enum.GetValues<CkFunction>())
        {
            foreach (var code in Enum.GetValues<Ckr>().Concat([(Ckr)0x8000_0001, (Ckr)ulong.MaxValue]))
            {
                var kind = ReturnCodeMap.Classify(new CkResult(function, code));
                Assert.NotEqual(ReturnCodeClass.None, kind);
                Assert.Equal(code == Ckr.Ok || (function == CkFunction.Login && code == Ckr.UserAlreadyLoggedIn), kind == ReturnCodeClass.Success);
                Assert.NotNull(ReturnCodeMap.Plan(kind));
            }
        }

        Assert.Equal(ReturnCodeClass.ModuleFault, ReturnCodeMap.Classify(new CkResult(CkFunction.Sign, (Ckr)0x8000_0001)));
    }

    /// <summary>class, what the caller sees, in an import, retried, opens the breaker, spoils the session.</summary>
    [Theory]
    [InlineData("CallersFault", "InvalidParameter", "InvalidKeyMaterial", false, false, false)]
    [InlineData("StaleHandle", "ServiceUnavailableTemporary", "ServiceUnavailableTemporary", true, false, false)]
    [InlineData("StaleSession", "ServiceUnavailableTemporary", "ServiceUnavailableTemporary", true, false, true)]
    [InlineData("Login", "ServiceUnavailableTemporary", "ServiceUnavailableTemporary", true, false, false)]
    [InlineData("Pin", "ServiceUnavailableTemporary", "ServiceUnavailableTemporary", false, true, false)]
    [InlineData("ModuleFault", "ServiceUnavailableTemporary", "ServiceUnavailableTemporary", true, true, true)]
    [InlineData("Cannot", "UnsupportedOperation", "UnsupportedOperation", false, false, false)]
    [InlineData("Alarm", "InternalFailure", "InternalFailure", false, false, false)]
    [InlineData("OwnBug", "InternalFailure", "InternalFailure", false, false, true)]
    public void Plan_EveryClass_IsTheTables(string kind, string error, string inImport, bool isRetried, bool opensBreaker, bool spoilsSession)
    {
        var plan = ReturnCodeMap.Plan(Enum.Parse<ReturnCodeClass>(kind));

        Assert.Equal((error, inImport), (plan.Error!.Code, plan.ErrorInImport!.Code));
        Assert.Equal((isRetried, opensBreaker, spoilsSession), (plan.IsRetried, plan.OpensBreaker, plan.SpoilsSession));
        Assert.Contains(plan.Error, KmsErrors.All);
    }

    [Fact]
    public void Exception_OfARefusal_NamesFunctionAndCode() =>
        Assert.Equal("C_Login answered CKR_PIN_LOCKED.", Assert.Throws<Pkcs11Exception>(() => new CkResult(CkFunction.Login, Ckr.PinLocked).ThrowIfFailed()).Message);

    [Fact]
    public void Functions_TheirNumbers_AreTheOrderOfTheStandardsList()
    {
        // transcribed from pkcs11f.h 2.40, in its order
        string[] list = ("Initialize Finalize GetInfo GetFunctionList GetSlotList GetSlotInfo GetTokenInfo GetMechanismList GetMechanismInfo InitToken InitPIN SetPIN "
            + "OpenSession CloseSession CloseAllSessions GetSessionInfo GetOperationState SetOperationState Login Logout CreateObject CopyObject DestroyObject GetObjectSize "
            + "GetAttributeValue SetAttributeValue FindObjectsInit FindObjects FindObjectsFinal EncryptInit Encrypt EncryptUpdate EncryptFinal DecryptInit Decrypt "
            + "DecryptUpdate DecryptFinal DigestInit Digest DigestUpdate DigestKey DigestFinal SignInit Sign SignUpdate SignFinal SignRecoverInit SignRecover VerifyInit "
            + "Verify VerifyUpdate VerifyFinal VerifyRecoverInit VerifyRecover DigestEncryptUpdate DecryptDigestUpdate SignEncryptUpdate DecryptVerifyUpdate GenerateKey "
            + "GenerateKeyPair WrapKey UnwrapKey DeriveKey SeedRandom GenerateRandom GetFunctionStatus CancelFunction WaitForSlotEvent").Split(' ');

        Assert.Equal(68, list.Length);
        foreach (var function in Enum.GetValues<CkFunction>())
        {
            Assert.Equal(function.Name(), "C_" + list[(int)function]);
        }
    }
}
