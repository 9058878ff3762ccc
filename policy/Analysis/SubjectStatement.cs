using System.Collections.Immutable;
using KmsGateway.Policy.Documents;
using KmsGateway.Policy.Evaluation;
using KmsGateway.Policy.Matching;

namespace KmsGateway.Policy.Analysis;

/// <summary>A statement that may bear on a subject's calls.</summary>
/// <param name="Side">0 for the subject, or the one before; 1 for the one after.</param>
/// <param name="Place">Where it stands; for a resource policy the policy is its index in the subject.</param>
/// <param name="Resource">The one resource of a key or trust policy; null elsewhere.</param>
/// <param name="Statement">The statement.</param>
internal sealed record SubjectStatement(int Side, StatementReference Place, string? Resource, Statement Statement)
{
    /// <summary>Equal for statements that say the same in the same place of the decision.</summary>
    internal string Meaning { get; } = $"{Place.Layer} {Place.Level} {Resource} {PolicyWriter.WriteStatement(Statement with { Sid = null })}";

    /// <summary>Every statement that names the caller, or names no one.</summary>
    internal static IEnumerable<SubjectStatement> Of(PolicySubject subject, int side)
    {
        var policies = subject.Policies;
        var own = Of(side, PolicyLayer.Identity, -1, policies.Identity)
            .Concat(Of(side, PolicyLayer.Session, -1, policies.Session is null ? [] : [policies.Session]))
            .Concat(policies.Control.SelectMany((level, i) => Of(side, PolicyLayer.Control, i, level)));
        var resources = subject.ResourcePolicies.SelectMany((policy, i) => policy.Document.Statements
            .Select((statement, index) => new SubjectStatement(side, new StatementReference(PolicyLayer.Resource, -1, i, index), policy.Resource, statement))
            .Where(one => PrincipalMatcher.Match(one.Statement, subject.Principal!) != PrincipalMatch.None));
        return own.Concat(resources);
    }

    internal bool CoversAction(string action) => StatementMatch.CoversAction(Statement, new ActionName(action));

    internal bool CoversResource(string resource) =>
        (Resource is null || string.Equals(Resource, resource, StringComparison.Ordinal))
        && StatementMatch.CoversResource(Statement, new ResourceName(resource));

    private static IEnumerable<SubjectStatement> Of(int side, PolicyLayer layer, int level, ImmutableArray<PolicyDocument> documents) =>
        documents.SelectMany((document, policy) => document.Statements.Select((statement, index) =>
            new SubjectStatement(side, new StatementReference(layer, level, policy, index), null, statement)));
}
