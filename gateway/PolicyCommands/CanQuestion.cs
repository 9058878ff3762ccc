using KmsGateway.Policy.Analysis;
using KmsGateway.Policy.Evaluation;
using KmsGateway.Policy.Matching;

namespace KmsGateway.Gateway.PolicyCommands;

/// <summary>What <c>policy can</c> is asked.</summary>
/// <param name="Subject">Whose access.</param>
/// <param name="Action">Which actions.</param>
/// <param name="Resource">On which resources.</param>
/// <param name="Expected">The answer that is expected; null when none is.</param>
internal sealed record CanQuestion(PolicySubject Subject, ActionPattern Action, ResourcePattern Resource, string? Expected)
{
    public const string ActionForm = "must be an action or pattern such as kms:Decrypt, kms:* or *.";
    public const string ResourceForm = "must be an ARN, with wildcards or without, or *.";

    /// <summary>A question file. Format: docs/simulator.md.</summary>
    public static CanQuestion Read(InputNode file)
    {
        file.WithMembers("policies", "principal", "resources", "action", "resource", "expect");
        var reader = new QuestionReader(file, new DocumentsInFiles());
        var caller = reader.Principal("principal", file.Required("principal"));
        var (action, resource) = (file.Required("action"), file.Required("resource"));
        return new CanQuestion(
            SubjectOf(caller.Principal, caller.Compiled, file, reader),
            ActionOf(action.Text()) ?? throw action.Fault(ActionForm),
            ResourceOf(resource.Text()) ?? throw resource.Fault(ResourceForm),
            file.Find("expect") is { } expect ? Expectation(expect) : null);
    }

    public static ActionPattern? ActionOf(string text) => ActionPattern.TryParse(text, out var pattern) ? pattern : null;

    public static ResourcePattern? ResourceOf(string text) => ResourcePattern.TryParse(text, out var pattern) ? pattern : null;

    private static PolicySubject SubjectOf(PolicyPrincipal principal, PolicySet policies, InputNode file, QuestionReader reader)
    {
        var resources = file.Find("resources") is null ? [] : reader.Resources();
        try
        {
            return new PolicySubject(
                principal, policies, [.. resources.Where(found => found.Policy is not null).Select(found => new ResourcePolicy(found.Arn, found.Policy!))]);
        }
        catch (ArgumentException)
        {
            throw file.Required("resources").Fault("each policy belongs to one ARN with an account, and no two to the same.");
        }
    }

    private static string Expectation(InputNode node) =>
        node.Text() is nameof(Possibility.Yes) or nameof(Possibility.No) ? node.Text() : throw node.Fault("must be Yes or No.");
}
