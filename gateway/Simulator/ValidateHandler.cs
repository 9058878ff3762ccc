using KmsGateway.Gateway.Hosting;
using KmsGateway.Gateway.PolicyCommands;
using KmsGateway.Policy.Documents;
using KmsGateway.Policy.Linting;

namespace KmsGateway.Gateway.Simulator;

/// <summary><c>POST /policy/validate</c>: is this document sound. Source: simulator.md 7.</summary>
internal sealed class ValidateHandler(GatewayOptions options) : ISimulatorHandler
{
    public Task<SimulatorAnswer> AnswerAsync(SimulatorRequest request, CancellationToken cancellationToken)
    {
        var body = request.Body.WithMembers("document", "kind");
        var kind = body.Find("kind") is { } node ? PolicyKinds.Read(node) : PolicyKind.Identity;
        var text = GivenDocuments.Text(body.Required("document"));
        var findings = PolicyLinter.Lint(text, kind, new LintOptions(request.Caller.AccountId, options.Region));
        request.Note("Findings", string.Join(',', findings.Select(finding => finding.IssueCode).Distinct(StringComparer.Ordinal)));
        return Task.FromResult(SimulatorAnswer.Json(request.Call.RequestId, json =>
        {
            json.WritePropertyName("findings");
            FindingWriter.WriteArray(json, findings);
        }));
    }
}
