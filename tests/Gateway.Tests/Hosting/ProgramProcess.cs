using System.Diagnostics;

namespace KmsGateway.Gateway.Tests.Hosting;

/// <summary>A program of its own, with its output.</summary>
internal sealed class ProgramProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process process;

    private ProgramProcess(Process process) => this.process = process;

    public int Id => process.Id;

    /// <summary>The built gateway.</summary>
    public static ProgramProcess Gateway(string workingDirectory, IReadOnlyDictionary<string, string> environment, params string[] arguments) =>
        Start("dotnet", workingDirectory, environment, [Path.Combine(AppContext.BaseDirectory, "KmsGateway.Gateway.dll"), .. arguments]);

    public static ProgramProcess Start(
        string program, string workingDirectory, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            WorkingDirectory = workingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new ProgramProcess(Process.Start(start)!);
    }

    /// <summary>The next line of its standard output; null at the end.</summary>
    public Task<string?> ReadLineAsync() => process.StandardOutput.ReadLineAsync().WaitAsync(Patience);

    /// <summary>Its lines up to and including that one.</summary>
    public async Task<string> ReadUntilAsync(string last)
    {
        var text = "";
        while (await ReadLineAsync() is { } line)
        {
            text += line + "\n";
            if (line == last)
            {
                return text;
            }
        }

        throw new InvalidOperationException($"{text}\n{await process.StandardError.ReadToEndAsync()}");
    }

    /// <summary>Closes its input and waits for its end.</summary>
    public async Task<(int ExitCode, string Output, string Error)> EndAsync()
    {
        process.StandardInput.Close();
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().WaitAsync(Patience);
        return (process.ExitCode, await output, await error);
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
        }

        process.Dispose();
    }
}
