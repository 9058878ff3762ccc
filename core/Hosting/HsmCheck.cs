using KmsGateway.Core.Crypto.Pkcs11;
using KmsGateway.Core.Crypto.Pkcs11.Native;
using KmsGateway.Core.Crypto.Pkcs11.Probing;

namespace KmsGateway.Core.Hosting;

/// <summary>Which token is looked at, and how.</summary>
/// <param name="ModulePath">The PKCS#11 module, a shared library.</param>
/// <param name="TokenLabel">Label of an initialized token in it.</param>
/// <param name="PinFile">File that holds the user PIN, mode 0600.</param>
/// <param name="ModuleParameters">Text that modules of NSS take when they are initialised; others refuse one.</param>
/// <param name="AllowWeakToken">Whether attacks that succeed only warn.</param>
public sealed record HsmCheckRequest(string ModulePath, string TokenLabel, string PinFile, string? ModuleParameters = null, bool AllowWeakToken = false);

/// <summary>
/// <c>hsm check</c>: tries everything and every attack on a token and says for people what could be served with it. Makes session
/// objects only and leaves nothing behind. The PIN is tried once, whatever the answer.
/// </summary>
public static class HsmCheck
{
    /// <summary>The token may hold keys of ProtectionLevel=HSM.</summary>
    public const int Accepted = 0;

    /// <summary>It may not.</summary>
    public const int Refused = 1;

    /// <summary>Runs it and prints the table; answers <see cref="Accepted"/> or <see cref="Refused"/>.</summary>
    /// <exception cref="StartupException">64: the PIN file does not do; 70: no such module or token, or it refuses the PIN.</exception>
    public static async Task<int> RunAsync(HsmCheckRequest request, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(output);
        var verdict = HsmVerdict.Of(Look(request), request.AllowWeakToken);
        await output.WriteAsync(HsmCheckText.Of(verdict));
        return verdict.IsAccepted ? Accepted : Refused;
    }

    private static ProbeReport Look(HsmCheckRequest request)
    {
        try
        {
            using var module = NativeModule.Load(request.ModulePath, request.ModuleParameters);
            new CkResult(CkFunction.Initialize, module.Initialize()).ThrowIfFailed();
            try
            {
                return Probed(module, request);
            }
            finally
            {
                _ = module.FinalizeModule();
            }
        }
        catch (Pkcs11ModuleException exception)
        {
            throw new StartupException(StartupException.CouldNotStart, exception.Message, exception);
        }
        catch (Pkcs11Exception exception)
        {
            var hint = ReturnCodeMap.Classify(new CkResult(exception.Function, exception.Code)) == ReturnCodeClass.Pin
                ? " The PIN was tried once and is not tried again: tokens lock."
                : string.Empty;
            throw new StartupException(StartupException.CouldNotStart, exception.Message + hint, exception);
        }
    }

    private static ProbeReport Probed(NativeModule module, HsmCheckRequest request)
    {
        var slot = TokenSlots.Find(module, request.TokenLabel);

        // Why read-only: then nothing here can change the token, whatever it does.
        new CkResult(CkFunction.OpenSession, module.OpenSession(slot, isReadWrite: false, out var session)).ThrowIfFailed();
        using (var pin = ReadPin(request.PinFile))
        {
            new CkResult(CkFunction.Login, module.Login(session, CkUser.User, pin.ExposeBytes())).ThrowIfFailed();
        }

        return Probe.Run(module, slot, new TokenSession(module, session));
    }

    private static Contract.SecretBuffer ReadPin(string path)
    {
        try
        {
            return PinFile.Read(path);
        }
        catch (Pkcs11ModuleException exception)
        {
            throw new StartupException(StartupException.BadSettings, exception.Message, exception);
        }
    }
}
