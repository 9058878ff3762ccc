using System.CommandLine;
using System.Text.Json.Nodes;

namespace KmsGateway.Gateway.Accounts.Commands;

/// <summary><c>accounts create</c>.</summary>
internal sealed class CreateAccountCommand()
    : OperatorCommand("create", "Make an account with one root access key, whose secret is shown once.")
{
    private readonly Option<string?> accountId = new("--account-id") { Description = "16 digits, the first not 0; generated when absent" };
    private readonly Option<string?> name = new("--name") { Description = "what you call it, up to 64 characters; nothing decides by it" };
    private readonly RootKeyDelivery delivery = new();

    protected override void AddTo(Command command)
    {
        command.Options.Add(accountId);
        command.Options.Add(name);
        delivery.AddTo(command);
    }

    protected override async Task<int> RunAsync(ParseResult parsed, OperatorRun run, CancellationToken cancellationToken)
    {
        var id = parsed.GetValue(accountId);
        var arguments = new JsonObject
        {
            ["accountId"] = id is null ? null : AccountText.RequireId(id, "--account-id"),
            ["name"] = AccountText.RequireName(parsed.GetValue(name) ?? string.Empty, "--name"),
        };
        var result = await run.AskAsync(AccountVerbs.Create, arguments, cancellationToken);
        Print(run, delivery.Deliver(parsed, run, result), RootKeyDelivery.Text);
        return 0;
    }
}

/// <summary><c>accounts rotate-root</c>.</summary>
internal sealed class RotateRootCommand()
    : OperatorCommand("rotate-root", "Replace every root access key of an account by a new one, shown once; the old ones are refused at once.")
{
    private readonly Argument<string> account = new("account") { Description = "16 digits" };
    private readonly RootKeyDelivery delivery = new();

    protected override void AddTo(Command command)
    {
        command.Arguments.Add(account);
        delivery.AddTo(command);
    }

    protected override async Task<int> RunAsync(ParseResult parsed, OperatorRun run, CancellationToken cancellationToken)
    {
        var arguments = new JsonObject { ["accountId"] = AccountText.RequireId(parsed.GetRequiredValue(account), "account") };
        var result = await run.AskAsync(AccountVerbs.RotateRoot, arguments, cancellationToken);
        Print(run, delivery.Deliver(parsed, run, result), RootKeyDelivery.Text);
        return 0;
    }
}
