using System.CommandLine;
using System.Text.Json;
using KmsGateway.Core.Hosting;
using KmsGateway.Gateway.Hosting.Settings;
using KmsGateway.Gateway.Seed;
using KmsGateway.Gateway.Seed.Reading;
using KmsGateway.Policy.Analysis;

namespace KmsGateway.Gateway.PolicyCommands;

/// <summary>
/// <c>policy escalations</c>: who can reach more than it has, in the accounts of a seed or of an export. Source: docs/analysis.md,
/// threats.md row 15.
/// </summary>
internal sealed class EscalationsCommand() : FormattedVerb(
    "escalations", "Tell which users and roles of a seed or an export can reach more than they have, step by step.", Text, Json)
{
    private const string None = "none";
    private const string NoKeyPolicies = "key policies are not in the file: who they let in was not looked at";
    private const string DefaultRegion = "cn-hangzhou";

    private readonly Argument<string> file = new("file") { Description = "a seed, or the ram.json of an export" };
    private readonly Option<string?> principal = new("--principal") { Description = "user/NAME or role/NAME; all of them without it" };
    private readonly Option<string> region = new("--region") { Description = "region of the keys", DefaultValueFactory = _ => DefaultRegion };
    private readonly Option<string?> expect = VerbOptions.Choice("--expect", "none; exit code 1 when there is a way, or not everything could be looked at", None);

    protected override void AddTo(Command command)
    {
        command.Add(file);
        command.Add(principal);
        command.Add(region);
        command.Add(expect);
    }

    protected override int Run(ParseResult parsed, string format, TextWriter output)
    {
        using var seed = SeedFile.Read(parsed.GetRequiredValue(file));
        var reports = Reports(seed, parsed.GetRequiredValue(region), parsed.GetValue(principal));
        var isMet = parsed.GetValue(expect) is null || Array.TrueForAll(reports, report => report.Report is { Paths.IsEmpty: true, IsComplete: true });
        if (format == Json)
        {
            WriteJson(output, writer => Write(writer, reports));
        }
        else
        {
            WriteText(output, reports);
            output.Write(isMet ? "" : $"FAIL: expected none{output.NewLine}");
        }

        return isMet ? 0 : Failed;
    }

    private static AccountEscalations[] Reports(SeedDocument seed, string region, string? principal)
    {
        var accounts = seed.Accounts.Select(account => SeedSnapshot.Of(account, region)).ToArray();
        if (principal is null)
        {
            return Array.ConvertAll(accounts, account => new AccountEscalations(account.Account, EscalationPaths.Find(account)));
        }

        var holding = Array.FindAll(accounts, account => Has(account, principal));
        return holding.Length > 0
            ? Array.ConvertAll(holding, account => new AccountEscalations(account.Account, EscalationPaths.Find(account, principal)))
            : throw new StartupException(StartupException.BadSettings, $"--principal {Quoted.Text(principal)}: {seed.File} has no such user/NAME or role/NAME.");
    }

    private static bool Has(AccountSnapshot account, string principal) =>
        account.Users.Any(user => $"user/{user.Name}" == principal) || account.Roles.Any(role => $"role/{role.Name}" == principal);

    private static void WriteText(TextWriter output, AccountEscalations[] reports)
    {
        foreach (var (account, report) in reports)
        {
            foreach (var path in report.Paths)
            {
                output.WriteLine($"{account} {path.Principal} -> {path.Reached}: {path.Gain}, {AnalysisText.Of(path.Gained)}");
                foreach (var step in path.Steps)
                {
                    output.WriteLine($"  {step.Actor} {step.Rule}: {step.Effect}");
                }
            }

            if (report.Paths.IsEmpty)
            {
                output.WriteLine($"{account} no way was found");
            }

            output.WriteLine($"{account} {NoKeyPolicies}");
            if (!report.IsComplete)
            {
                output.WriteLine($"{account} not everything could be looked at: an absent way proves nothing");
            }
        }
    }

    private static void Write(Utf8JsonWriter writer, AccountEscalations[] reports)
    {
        writer.WriteStartArray("accounts");
        foreach (var (account, report) in reports)
        {
            writer.WriteStartObject();
            writer.WriteString("account", account);
            writer.WriteBoolean("isComplete", report.IsComplete);
            writer.WriteBoolean("hasKeyPolicies", false);
            writer.WriteStartArray("paths");
            foreach (var path in report.Paths)
            {
                Write(writer, path);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter writer, EscalationPath path)
    {
        writer.WriteStartObject();
        writer.WriteString("principal", path.Principal);
        writer.WriteString("reached", path.Reached);
        writer.WriteString("gain", path.Gain.ToString());
        AnalysisText.Write(writer, "gained", path.Gained);
        writer.WriteStartArray("steps");
        foreach (var step in path.Steps)
        {
            writer.WriteStartObject();
            writer.WriteString("rule", step.Rule);
            writer.WriteString("actor", step.Actor);
            writer.WriteString("effect", step.Effect);
            writer.WriteStartArray("calls");
            foreach (var call in step.Calls)
            {
                writer.WriteStartObject();
                AnalysisText.Write(writer, "call", call.Call);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>What was found in one account.</summary>
    private sealed record AccountEscalations(string Account, EscalationReport Report);
}
