using System.CommandLine;
using KmsGateway.Gateway.Hosting;
using KmsGateway.Tests;

namespace KmsGateway.Gateway.Tests.PolicyCommands;

/// <summary>The program as a user runs it in a folder of policies; <c>DIR</c> stands for the folder in what it prints.</summary>
internal sealed class PolicyProgram : IDisposable
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("policy-program-");

    public void Dispose() => directory.Delete(recursive: true);

    /// <summary>Path of a file in the folder.</summary>
    public string At(params string[] parts) => Path.Combine([directory.FullName, .. parts]);

    /// <summary>Writes a file in the folder and answers its path.</summary>
    public string Write(string text, params string[] parts)
    {
        var path = At(parts);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>Runs <c>policy</c> with the arguments.</summary>
    public async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        await using var output = new StringWriter { NewLine = "\n" };
        await using var error = new StringWriter { NewLine = "\n" };
        var code = await GatewayHost.RunAsync(["policy", .. arguments], output, error, TimeProvider.System, CancellationToken.None);
        return (code, Masked(output), Masked(error));
    }

    /// <summary>Exit code, output and error as one text, held against a golden file.</summary>
    public async Task VerifyAsync(string golden, params string[] arguments)
    {
        var (code, output, error) = await RunAsync(arguments);
        GoldenFile.Verify($"exit code {code}\n--- output\n{output}--- error\n{error}", "policy-commands", $"{golden}.txt");
    }

    private string Masked(StringWriter text) => text.ToString()
        .Replace(directory.FullName, "DIR", StringComparison.Ordinal)
        .Replace($"  {RootCommand.ExecutableName} ", "  gateway ", StringComparison.Ordinal);
}
