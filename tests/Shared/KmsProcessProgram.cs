using System.Collections.Immutable;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace KmsGateway.Tests;

/// <summary>One child process: what it printed, how it ended.</summary>
public sealed partial class KmsProcessProgram : IDisposable
{
    private const int SigTerm = 15;
    private static readonly TimeSpan StopsWithin = TimeSpan.FromSeconds(20);

    private readonly Process process;
    private readonly Lock gate = new();
    private ImmutableList<string> lines = [];

    private KmsProcessProgram(string part, Process process)
    {
        Part = part;
        this.process = process;
    }

    /// <summary><c>gateway</c> or <c>core</c>.</summary>
    public string Part { get; }

    /// <summary>Everything printed so far, both streams.</summary>
    public IReadOnlyList<string> Lines => lines;

    /// <summary>Whether the process has ended.</summary>
    public bool HasExited => process.HasExited;

    /// <summary>Addresses the program said it listens on, in its own order.</summary>
    public IEnumerable<Uri> Addresses =>
        lines.Select(line => ListeningOn().Match(line)).Where(match => match.Success).Select(match => new Uri(match.Groups[1].Value));

    /// <summary>Starts the built program of <paramref name="part"/>, in the configuration of the running tests.</summary>
    public static KmsProcessProgram Start(string part, string assembly, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> settings)
    {
        var host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        var start = new ProcessStartInfo(host) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.ArgumentList.Add(PathOf(part, assembly));
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var name in start.Environment.Keys.Where(IsOurs).ToArray())
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        var program = new KmsProcessProgram(part, new Process { StartInfo = start });
        program.process.OutputDataReceived += program.Keep;
        program.process.ErrorDataReceived += program.Keep;
        program.process.Start();
        program.process.BeginOutputReadLine();
        program.process.BeginErrorReadLine();
        return program;
    }

    /// <summary>SIGTERM, as a service manager stops it; the exit code.</summary>
    public async Task<int> StopAsync(CancellationToken cancellationToken)
    {
        if (!process.HasExited && SendSignal(process.Id, SigTerm) != 0)
        {
            throw new InvalidOperationException($"kill({process.Id}) failed with errno {Marshal.GetLastPInvokeError()}");
        }

        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        late.CancelAfter(StopsWithin);
        try
        {
            await process.WaitForExitAsync(late.Token);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            Kill();
            throw new TimeoutException($"{Part} did not stop within {StopsWithin} of SIGTERM:\n{Tail()}", exception);
        }

        return process.ExitCode;
    }

    /// <summary><c>kill -9</c>; returns when the process is gone.</summary>
    public void Kill()
    {
        process.Kill();
        process.WaitForExit();
    }

    /// <summary>The last lines, for messages.</summary>
    public string Tail() => string.Join('\n', lines.TakeLast(10).Select(line => line.Length > 400 ? line[..400] : line));

    /// <summary>Kills what still runs.</summary>
    public void Dispose()
    {
        if (!process.HasExited)
        {
            Kill();
        }

        process.Dispose();
    }

    private static bool IsOurs(string name) =>
        name.StartsWith("Kms__", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("ASPNETCORE_", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("DOTNET_ENVIRONMENT", StringComparison.OrdinalIgnoreCase);

    private static string PathOf(string part, string assembly)
    {
        // bin/<configuration>/net10.0 of the tests tells the configuration of the programs
        var output = new DirectoryInfo(AppContext.BaseDirectory);
        var path = Path.Combine(TestData.Repository, part, "bin", output.Parent!.Name, output.Name, assembly);
        return File.Exists(path) ? path : throw new FileNotFoundException("build the solution first", path);
    }

#pragma warning disable SYSLIB1054 // the generated form needs unsafe code, which the tests' shared project does without
    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int processId, int signal);
#pragma warning restore SYSLIB1054

    [GeneratedRegex(@"^\s*listening on:? +(https?://\S+)\s*$")]
    private static partial Regex ListeningOn();

    private void Keep(object sender, DataReceivedEventArgs received)
    {
        if (received.Data is null)
        {
            return;
        }

        lock (gate)
        {
            lines = lines.Add(received.Data);
        }
    }
}
