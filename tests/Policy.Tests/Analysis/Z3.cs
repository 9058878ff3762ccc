using System.ComponentModel;
using System.Diagnostics;

namespace KmsGateway.Policy.Tests.Analysis;

/// <summary>The solver of the Debian package z3, one child process per question.</summary>
internal static class Z3
{
    private const int SecondsPerQuestion = 20;

    internal static bool IsInstalled
    {
        get
        {
            try
            {
                using var process = Process.Start(new ProcessStartInfo("z3", "--version") { RedirectStandardOutput = true, UseShellExecute = false });
                process!.WaitForExit();
                return process.ExitCode == 0;
            }
            catch (Win32Exception)
            {
                return false;
            }
        }
    }

    /// <summary><c>sat</c>, <c>unsat</c>, or <c>unknown</c>, also when the time is up.</summary>
    internal static string Ask(string script)
    {
        using var process = Process.Start(new ProcessStartInfo("z3", $"-in -T:{SecondsPerQuestion}") { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false })!;
        process.StandardInput.Write(script);
        process.StandardInput.Close();
        var answer = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        return answer switch
        {
            "sat" or "unsat" => answer,
            "unknown" or "timeout" => "unknown",
            _ => throw new InvalidDataException($"z3 says {answer} to\n{script}"),
        };
    }
}
