using System.Text.Json.Nodes;
using KmsGateway.Gateway.Pipeline;
using KmsGateway.Gateway.Ram.Storage;

namespace KmsGateway.Gateway.Ram.Actions;

/// <summary>Lists users by name, page by page.</summary>
internal sealed class ListUsers(RamStore store) : IActionHandler
{
    /// <inheritdoc />
    public string Version => RamApi.Version;

    /// <inheritdoc />
    public string Action => "ListUsers";

    /// <inheritdoc />
    public Task<JsonObject> HandleAsync(GatewayActionCall call, CancellationToken cancellationToken)
    {
        var page = Paging.Read(call.Parameters, "users");
        var users = store.Database.Read(reader => UserTable.Page(reader, call.Caller.AccountId, page.After, page.Rows));
        return Task.FromResult(page.Answer("Users", "User", users, UserAnswer.Full, user => IdentityTable.NameKey(user.Name)));
    }
}
