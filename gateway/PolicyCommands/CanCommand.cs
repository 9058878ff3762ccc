using System.CommandLine;
using KmsGateway.Core.Hosting;
using KmsGateway.Gateway.Hosting.Settings;
using KmsGateway.Policy.Analysis;
using KmsGateway.Policy.Documents;

namespace KmsGateway.Gateway.PolicyCommands;

/// <summary><c>policy can</c>: whether some call is allowed, over all that there can be: a call that is, or no. Source: simulator.md 6.</summary>
internal sealed class CanCommand() : FormattedVerb("can", "Tell whether policies can allow some call: one that they allow, or that there is none.", Text, Json)
{
    private readonly Argument<string?> question = new("file") { Description = "a question; in place of the options", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string[]> policies = new("--policies") { Description = "identity policies: a file or a folder; may be given several times" };
    private readonly Option<string?> action = new("--action") { Description = "action or pattern: kms:Decrypt, kms:*, *" };
    private readonly Option<string?> resource = new("--resource") { Description = "ARN or pattern, * for any and none" };
    private readonly Option<string?> expect = VerbOptions.Choice("--expect", "Yes or No; exit code 1 when the answer is another", nameof(Possibility.Yes), nameof(Possibility.No));

    protected override void AddTo(Command command)
    {
        command.Add(question);
        command.Add(policies);
        command.Add(action);
        command.Add(resource);
        command.Add(expect);
    }

    protected override int Run(ParseResult parsed, string format, TextWriter output)
    {
        var asked = Question(parsed);
        var answer = PolicyAnalysis.Can(asked.Subject, asked.Action, asked.Resource);
        var isMet = asked.Expected is null || asked.Expected == answer.Possibility.ToString();
        if (format == Json)
        {
            WriteJson(output, writer =>
            {
                writer.WriteString("can", answer.Possibility.ToString());
                if (answer.Possibility == Possibility.Unknown)
                {
                    writer.WriteString("reason", answer.Reason.ToString());
                }

                if (answer.Witness is { } witness)
                {
                    AnalysisText.Write(writer, "witness", witness);
                }
            });
        }
        else
        {
            output.WriteLine(Sentence(answer));
            if (!isMet)
            {
                output.WriteLine($"FAIL: expected {asked.Expected}, is {answer.Possibility}");
            }
        }

        return isMet ? 0 : Failed;
    }

    private static string Sentence(CanAnswer answer) => answer.Possibility switch
    {
        Possibility.Yes => $"Yes: {AnalysisText.Of(answer.Witness!)}",
        Possibility.No => "No: there is no such call.",
        _ => $"Unknown: {answer.Reason}.",
    };

    private CanQuestion Question(ParseResult parsed)
    {
        var file = parsed.GetValue(question);
        string[] paths = [.. parsed.GetValue(policies) ?? []];
        var (actions, resources, expected) = (parsed.GetValue(action), parsed.GetValue(resource), parsed.GetValue(expect));
        if (file is not null)
        {
            return paths.Length == 0 && actions is null && resources is null && expected is null
                ? CanQuestion.Read(InputNode.Read(file))
                : throw Usage("can takes a file or options, not both.");
        }

        if (paths.Length == 0 || actions is null || resources is null)
        {
            throw Usage("can takes a file, or --policies, --action and --resource.");
        }

        var documents = paths.SelectMany(path => PolicyFile.ReadAll(path, PolicyKind.Identity)).Select(policy => policy.Parse());
        return new CanQuestion(
            PolicySubject.OfDocuments([.. documents]),
            CanQuestion.ActionOf(actions) ?? throw Usage($"--action {Quoted.Text(actions)}: {CanQuestion.ActionForm}"),
            CanQuestion.ResourceOf(resources) ?? throw Usage($"--resource {Quoted.Text(resources)}: {CanQuestion.ResourceForm}"),
            expected);
    }

    private static StartupException Usage(string message) => new(StartupException.BadSettings, message);
}
