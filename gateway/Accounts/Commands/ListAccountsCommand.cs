using System.CommandLine;
using System.Text.Json.Nodes;

namespace KmsGateway.Gateway.Accounts.Commands;

/// <summary><c>accounts list</c>.</summary>
internal sealed class ListAccountsCommand() : OperatorCommand("list", "List the accounts in the order they were made.")
{
    protected override void AddTo(Command command)
    {
    }

    protected override async Task<int> RunAsync(ParseResult parsed, OperatorRun run, CancellationToken cancellationToken)
    {
        Print(run, await run.AskAsync(AccountVerbs.List, [], cancellationToken), Text);
        return 0;
    }

    private static IEnumerable<string> Text(JsonObject result)
    {
        yield return Line("account", "status", "created", "root last used", "root AccessKeyIds", "users", "groups", "roles", "policies", "name");
        foreach (var account in result["accounts"]!.AsArray())
        {
            yield return Line(
                $"{account!["accountId"]}", $"{account["status"]}", $"{account["createDate"]}", account["rootLastUsed"]?.ToString() ?? "-",
                string.Join(',', account["rootAccessKeyIds"]!.AsArray()), $"{account["users"]}", $"{account["groups"]}", $"{account["roles"]}",
                $"{account["policies"]}", $"{account["name"]}");
        }
    }

    private static string Line(
        string id, string status, string created, string lastUsed, string keys, string users, string groups, string roles, string policies, string name) =>
        $"{id,-16}  {status,-8}  {created,-20}  {lastUsed,-20}  {keys,-24}  {users,6}  {groups,6}  {roles,6}  {policies,8}  {name}".TrimEnd();
}

/// <summary><c>accounts disable</c> and <c>accounts enable</c>.</summary>
internal sealed class AccountStatusCommand(string name, string description, bool isActive) : OperatorCommand(name, description)
{
    private readonly Argument<string> account = new("account") { Description = "16 digits" };

    protected override void AddTo(Command command) => command.Arguments.Add(account);

    protected override async Task<int> RunAsync(ParseResult parsed, OperatorRun run, CancellationToken cancellationToken)
    {
        var arguments = new JsonObject { ["accountId"] = AccountText.RequireId(parsed.GetRequiredValue(account), "account"), ["active"] = isActive };
        Print(run, await run.AskAsync(AccountVerbs.SetActive, arguments, cancellationToken), result => [$"account {result["accountId"]} is {result["status"]}"]);
        return 0;
    }
}
