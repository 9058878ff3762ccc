using System.Text.Json.Nodes;
using KmsGateway.Gateway.Pipeline;
using KmsGateway.Gateway.Ram.Storage;

namespace KmsGateway.Gateway.Ram.Actions;

/// <summary>Shows one user.</summary>
internal sealed class GetUser(RamStore store) : IActionHandler
{
    /// <inheritdoc />
    public string Version => RamApi.Version;

    /// <inheritdoc />
    public string Action => "GetUser";

    /// <inheritdoc />
    public Task<JsonObject> HandleAsync(GatewayActionCall call, CancellationToken cancellationToken)
    {
        var answer = UserAnswer.Full(store.Database.Read(reader => UserTable.Get(reader, Lookup.User(reader, call).Id)));

        // There is no console login here, so nobody has ever logged in.
        answer["LastLoginDate"] = string.Empty;
        return Task.FromResult(new JsonObject { ["User"] = answer });
    }
}
