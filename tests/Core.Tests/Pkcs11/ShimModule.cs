using System.Diagnostics;
using System.Runtime.InteropServices;
using KmsGateway.Core.Crypto.Pkcs11;

namespace KmsGateway.Core.Tests.Pkcs11;

/// <summary><c>shim.c</c>, built by gcc: forwards to SoftHSM and fails on command.</summary>
internal sealed unsafe class ShimModule : IDisposable
{
    private readonly TempDirectory directory = new();
    private readonly nint library;

    public ShimModule()
    {
        Path = directory.File("shim.so");
        using var gcc = Process.Start(new ProcessStartInfo("gcc", ["-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o", Path, Source, "-ldl"]) { RedirectStandardError = true, UseShellExecute = false })!;
        var errors = gcc.StandardError.ReadToEnd();
        gcc.WaitForExit();
        Assert.True(gcc.ExitCode == 0, errors);
        TestToken.Export("SHIM_TARGET", TestToken.PathOf(ModuleKind.SoftHsm));
        library = NativeLibrary.Load(Path);
    }

    public string Path { get; }

    public long Sessions => ((delegate* unmanaged[Cdecl]<long>)NativeLibrary.GetExport(library, "shim_sessions"))();

    public long Injected => ((delegate* unmanaged[Cdecl]<long>)NativeLibrary.GetExport(library, "shim_injected"))();

    private static string Source => System.IO.Path.Combine(AppContext.BaseDirectory, "Pkcs11", "shim.c");

    public void Fail(CkFunction function, Ckr code) => Command((int)function, code);

    public void Heal() => Command(-1, Ckr.Ok);

    public void Dispose()
    {
        NativeLibrary.Free(library);
        directory.Dispose();
    }

    private void Command(int function, Ckr code) => ((delegate* unmanaged[Cdecl]<int, Ckr, void>)NativeLibrary.GetExport(library, "shim_fail"))(function, code);
}
