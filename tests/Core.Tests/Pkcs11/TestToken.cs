using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using KmsGateway.Core.Crypto.Pkcs11;
using KmsGateway.Core.Crypto.Pkcs11.Native;

namespace KmsGateway.Core.Tests.Pkcs11;

/// <summary>The modules that every PKCS#11 test runs over.</summary>
public enum ModuleKind
{
    None = 0,
    SoftHsm,
    Nss,
}

/// <summary>PKCS#11 modules keep state for the whole process and read the environment: their tests run one after the other.</summary>
[CollectionDefinition(Name)]
public static class Pkcs11Modules
{
    public const string Name = "PKCS#11 modules";
}

/// <summary>A fresh token in a directory of its own, made through the binding, with a user logged in.</summary>
internal sealed partial class TestToken : IDisposable
{
    public const string Label = "kms-test";
    private static readonly byte[] OfficerPin = "security-officer"u8.ToArray();
    private readonly TempDirectory directory = new();

    private TestToken(ModuleKind kind, IPkcs11Module? through)
    {
        Kind = kind;
        Module = through ?? NativeModule.Load(PathOf(kind), Parameters);
    }

    public ModuleKind Kind { get; }

    public IPkcs11Module Module { get; private set; }

    public SlotId Slot { get; private set; }

    public SessionHandle Session { get; private set; }

    public TokenSession Operations => new(Module, Session);

    /// <summary>Random, as an operator is told to make it.</summary>
    public byte[] Pin { get; } = Encoding.ASCII.GetBytes(Convert.ToHexString(RandomNumberGenerator.GetBytes(16)));

    public string TokenLabel => Kind == ModuleKind.Nss ? "NSS Certificate DB" : Label;

    public string? Parameters => Kind == ModuleKind.Nss
        ? $"configdir='sql:{directory.Path}' certPrefix='' keyPrefix='' secmod='secmod.db' flags= "
        : null;

    /// <summary>Where a module is; a module that is not installed fails the test, it is never skipped.</summary>
    public static string PathOf(ModuleKind kind)
    {
        string[] candidates = kind switch
        {
            ModuleKind.SoftHsm => ["/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so"],
            ModuleKind.Nss => ["/usr/lib/x86_64-linux-gnu/libsoftokn3.so", "/usr/lib/x86_64-linux-gnu/nss/libsoftokn3.so"],
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
        return Array.Find(candidates, File.Exists)
            ?? throw new FileNotFoundException($"{kind} is not installed (Debian: softhsm2, libnss3); tests/run.sh installs it.");
    }

    /// <param name="kind">Which module keeps the token.</param>
    /// <param name="through">A module that forwards to it, instead of the binding itself.</param>
    public static TestToken Open(ModuleKind kind, Func<IPkcs11Module>? through = null)
    {
        var token = new TestToken(kind, through?.Invoke());
        try
        {
            token.Prepare();
            return token;
        }
        catch
        {
            token.Dispose();
            throw;
        }
    }

    /// <summary>Finalizes and unloads; what is left is the token, for a life of its own.</summary>
    public void Close()
    {
        if (Module is not null)
        {
            _ = Module.FinalizeModule();
            Module.Dispose();
            Module = null!;
        }
    }

    public void Dispose()
    {
        Close();
        directory.Dispose();
    }

    /// <summary>Native code does not see what <c>Environment.SetEnvironmentVariable</c> sets.</summary>
    public static void Export(string name, string value) => Assert.Equal(0, SetEnvironment(name, value, 1));

    private static void Must(Ckr code) => Assert.Equal(Ckr.Ok, code);

    private void Prepare()
    {
        if (Kind == ModuleKind.SoftHsm)
        {
            var configuration = directory.File("softhsm2.conf");
            File.WriteAllText(configuration, $"directories.tokendir = {directory.Path}\nobjectstore.backend = file\nlog.level = ERROR\n");

            Export("SOFTHSM2_CONF", configuration);
        }

        Must(Module.Initialize());
        Slot = FirstFitting();
        if (Kind == ModuleKind.SoftHsm)
        {
            Must(Module.InitToken(Slot, OfficerPin, Encoding.UTF8.GetBytes(Label)));
            Slot = FirstFitting();
        }

        Must(Module.OpenSession(Slot, isReadWrite: true, out var officer));
        Must(Module.Login(officer, CkUser.SecurityOfficer, Kind == ModuleKind.Nss ? [] : OfficerPin));
        Must(Module.InitPin(officer, Pin));
        Must(Module.Logout(officer));
        Must(Module.CloseSession(officer));
        Must(Module.OpenSession(Slot, isReadWrite: true, out var session));
        Must(Module.Login(session, CkUser.User, Pin));
        Session = session;
    }

    private SlotId FirstFitting()
    {
        Span<SlotId> slots = stackalloc SlotId[16];
        Must(Module.GetSlotList(slots, out var count));
        foreach (var slot in slots[..count])
        {
            Must(Module.GetTokenInfo(slot, out var token));
            if (string.Equals(token!.Label, TokenLabel, StringComparison.Ordinal) || !token.IsInitialized)
            {
                return slot;
            }
        }

        throw new InvalidOperationException("There is no slot for a test token.");
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
