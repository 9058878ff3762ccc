using System.Diagnostics;

namespace KmsGateway.Core.Tests;

/// <summary>The openssl command line in a directory of its own: what callers have on their side.</summary>
internal sealed class Openssl : IDisposable
{
    private readonly TempDirectory directory = new();

    public string File(string name) => directory.File(name);

    public Task WriteAsync(string name, byte[] bytes) => System.IO.File.WriteAllBytesAsync(File(name), bytes);

    public Task WriteAsync(string name, string text) => System.IO.File.WriteAllTextAsync(File(name), text);

    public Task<byte[]> ReadAsync(string name) => System.IO.File.ReadAllBytesAsync(File(name));

    /// <summary>Runs it, which must end well.</summary>
    public async Task RunAsync(string arguments)
    {
        var (code, output) = await TryAsync(arguments);
        Assert.True(code == 0, $"openssl {arguments}: {output}");
    }

    public async Task<(int Code, string Output)> TryAsync(string arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("openssl", arguments)
        {
            WorkingDirectory = Path.GetDirectoryName(File("x"))!,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await errors);
    }

    public void Dispose() => directory.Dispose();
}
