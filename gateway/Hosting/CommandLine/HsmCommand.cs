using System.CommandLine;
using KmsGateway.Core.Hosting;

namespace KmsGateway.Gateway.Hosting.CommandLine;

/// <summary><c>hsm check</c>: what a PKCS#11 token can do and withstand, before anything is trusted to it. Source: docs/hsm.md.</summary>
internal sealed class HsmCommand : IGatewayCommand
{
    private readonly Option<string> module = new("--module") { Description = "path of the PKCS#11 module, a shared library", Required = true };
    private readonly Option<string> token = new("--token") { Description = "label of the token", Required = true };
    private readonly Option<string> pinFile = new("--pin-file") { Description = "file with the user PIN, mode 0600; the PIN is tried once", Required = true };
    private readonly Option<string?> parameters = new("--module-parameters") { Description = "text for C_Initialize, which only modules of NSS take" };
    private readonly Option<bool> allowWeakToken = new("--allow-weak-token") { Description = "warn of attacks that succeed instead of refusing the token" };

    /// <inheritdoc />
    public Command Build(GatewayProcessOptions process)
    {
        var check = new Command(
            "check", "Try every mechanism and every known attack on a token; exit code 0 when it may hold HSM keys, 1 when not, 64 and 70 when it could not be tried.")
        {
            module, token, pinFile, parameters, allowWeakToken,
        };
        check.SetAction((parsed, _) => HsmCheck.RunAsync(
            new HsmCheckRequest(
                parsed.GetRequiredValue(module), parsed.GetRequiredValue(token), parsed.GetRequiredValue(pinFile), parsed.GetValue(parameters), parsed.GetValue(allowWeakToken)),
            process.Output));
        return new Command("hsm", "Look at a PKCS#11 token: check.") { check };
    }
}
