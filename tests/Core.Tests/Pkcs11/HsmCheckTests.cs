using System.Globalization;
using KmsGateway.Core.Crypto.Pkcs11;
using KmsGateway.Core.Hosting;

namespace KmsGateway.Core.Tests.Pkcs11;

/// <summary><c>hsm check</c> over real tokens: table, verdict, exit codes, and what it says of PINs.</summary>
[Collection(Pkcs11Modules.Name)]
public sealed class HsmCheckTests
{
    [Fact]
    public async Task SoftHsm_HoldsAndIsAccepted()
    {
        using var token = TestToken.Open(ModuleKind.SoftHsm);

        var (code, text) = await CheckAsync(token, allowWeakToken: false);

        Assert.Equal(HsmCheck.Accepted, code);
        GoldenFile.Verify(text, "pkcs11", "hsm-check-softhsm.txt");
    }

    [Theory]
    [InlineData(false, HsmCheck.Refused, "hsm-check-nss.txt")]
    [InlineData(true, HsmCheck.Accepted, "hsm-check-nss-allowed.txt")]
    public async Task Nss_IsRefusedByTheNamesOfTheAttacks_UnlessAllowed(bool allowWeakToken, int expected, string golden)
    {
        using var token = TestToken.Open(ModuleKind.Nss);

        var (code, text) = await CheckAsync(token, allowWeakToken);

        Assert.Equal(expected, code);
        GoldenFile.Verify(text, "pkcs11", golden);
    }

    [Fact]
    public async Task WrongPin_IsTriedOnceAndNeverNamed()
    {
        using var token = TestToken.Open(ModuleKind.SoftHsm);

        var fault = await Assert.ThrowsAsync<StartupException>(() => CheckAsync(token, allowWeakToken: false, pin: "0123456789-wrong"));

        Assert.Equal("C_Login answered CKR_PIN_INCORRECT. The PIN was tried once and is not tried again: tokens lock.", fault.Message);
        Assert.Equal(StartupException.CouldNotStart, fault.ExitCode);
        Assert.DoesNotContain("0123456789-wrong", fault.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", UnixFileMode.UserRead, "must hold 1 to 255 bytes")]
    [InlineData("\n", UnixFileMode.UserRead, "must hold 1 to 255 bytes")]
    [InlineData("pin", UnixFileMode.UserRead | UnixFileMode.GroupRead, "can be read or written by others")]
    [InlineData("pin", UnixFileMode.UserRead | UnixFileMode.OtherWrite, "can be read or written by others")]
    public async Task PinFile_ThatDoesNotDo_IsRefused(string pin, UnixFileMode mode, string expected)
    {
        using var token = TestToken.Open(ModuleKind.SoftHsm);

        var fault = await Assert.ThrowsAsync<StartupException>(() => CheckAsync(token, allowWeakToken: false, pin, mode));

        Assert.Equal(StartupException.BadSettings, fault.ExitCode);
        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(255, true)]
    [InlineData(256, false)]
    public void PinFile_AtTheLimitAndOnePast_IsReadOrRefused(int length, bool isRead)
    {
        using var directory = new TempDirectory();
        var path = WritePin(directory, new string('7', length) + "\n", UnixFileMode.UserRead);
        if (!isRead)
        {
            Assert.Throws<Pkcs11ModuleException>(() => PinFile.Read(path));
            return;
        }

        using var pin = PinFile.Read(path);
        Assert.Equal(length, pin.Length);
    }

    [Theory]
    [InlineData("/no/such.so", "kms-test", "cannot be loaded")]
    [InlineData(null, "other", "No token is labelled \"other\"")]
    public async Task ModuleOrToken_NotThere_CouldNotStart(string? module, string label, string expected)
    {
        using var token = TestToken.Open(ModuleKind.SoftHsm);
        token.Close();
        using var directory = new TempDirectory();
        var request = new HsmCheckRequest(module ?? TestToken.PathOf(ModuleKind.SoftHsm), label, WritePin(directory, "pin", UnixFileMode.UserRead));

        var fault = await Assert.ThrowsAsync<StartupException>(() => HsmCheck.RunAsync(request, TextWriter.Null));

        Assert.Equal(StartupException.CouldNotStart, fault.ExitCode);
        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Text)> CheckAsync(TestToken token, bool allowWeakToken, string? pin = null, UnixFileMode mode = UnixFileMode.UserRead)
    {
        token.Close();
        using var directory = new TempDirectory();
        await using var output = new StringWriter(CultureInfo.InvariantCulture);
        var path = WritePin(directory, pin ?? System.Text.Encoding.ASCII.GetString(token.Pin) + "\n", mode);
        var code = await HsmCheck.RunAsync(
            new HsmCheckRequest(TestToken.PathOf(token.Kind), token.TokenLabel, path, token.Parameters, allowWeakToken), output);
        return (code, System.Text.RegularExpressions.Regex.Replace(output.ToString(), "serial [0-9a-fA-F]+", "serial ****", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)));
    }

    private static string WritePin(TempDirectory directory, string pin, UnixFileMode mode)
    {
        var path = directory.File("pin");
        File.WriteAllText(path, pin);
        File.SetUnixFileMode(path, mode);
        return path;
    }
}
