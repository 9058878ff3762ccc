using System.Collections.Immutable;
using KmsGateway.Policy.Documents;
using KmsGateway.Policy.Evaluation;

namespace KmsGateway.Policy.Analysis;

/// <summary>A subject with some of its statements left out, the others known by the places that they had.</summary>
internal sealed class ReducedSubject
{
    private readonly PolicySubject original;
    private readonly ImmutableHashSet<StatementReference> gone;

    private ReducedSubject(PolicySubject original, ImmutableArray<StatementReference> places, ImmutableHashSet<StatementReference> gone)
    {
        this.original = original;
        this.gone = gone;
        Places = places;
        Subject = original.With(
            new PolicySet(
                [.. Left(original.Policies.Identity, PolicyLayer.Identity, -1)],
                original.Policies.Session is null ? null : Left(original.Policies.Session, PolicyLayer.Session, -1, 0),
                [.. original.Policies.Control.Select((level, i) => Left(level, PolicyLayer.Control, i).ToImmutableArray())]),
            [.. original.ResourcePolicies.Select((policy, i) => policy with { Document = Left(policy.Document, PolicyLayer.Resource, -1, i) })]);
    }

    internal PolicySubject Subject { get; }

    /// <summary>Every statement of the original that may bear on the subject.</summary>
    internal ImmutableArray<StatementReference> Places { get; }

    internal static ReducedSubject Of(PolicySubject subject) => new(subject, [.. SubjectStatement.Of(subject, 0).Select(statement => statement.Place)], []);

    internal ReducedSubject Without(StatementReference place) => new(original, Places, gone.Add(place));

    internal Statement StatementAt(StatementReference place) => DocumentAt(place).Statements[place.Statement];

    /// <summary>Where the statement that decided stands in the original; its statement is -1 where none did.</summary>
    internal StatementReference PlaceOf(Decision decision, string resource)
    {
        if (decision.Statement < 0)
        {
            return new StatementReference(decision.Layer, decision.Level, -1, -1);
        }

        var documents = decision.Layer switch
        {
            PolicyLayer.Identity => original.Policies.Identity.Length,
            PolicyLayer.Control => original.Policies.Control[decision.Level].Length,
            _ => 1,
        };
        var first = new StatementReference(decision.Layer, decision.Level, 0, 0);
        var policy = decision.Layer == PolicyLayer.Resource
            ? original.ResourcePolicies.Select(one => one.Resource).ToList().IndexOf(resource)
            : Enumerable.Range(0, documents).Where(i => StatementsLeft(first with { Policy = i }).Any()).ElementAt(decision.Policy);
        return first with { Policy = policy, Statement = StatementsLeft(first with { Policy = policy }).ElementAt(decision.Statement) };
    }

    private IEnumerable<int> StatementsLeft(StatementReference document) =>
        Enumerable.Range(0, DocumentAt(document).Statements.Length).Where(i => !gone.Contains(document with { Statement = i }));

    private PolicyDocument DocumentAt(StatementReference place) => place.Layer switch
    {
        PolicyLayer.Control => original.Policies.Control[place.Level][place.Policy],
        PolicyLayer.Session => original.Policies.Session!,
        PolicyLayer.Resource => original.ResourcePolicies[place.Policy].Document,
        _ => original.Policies.Identity[place.Policy],
    };

    /// <summary>A document of which nothing is left is left out.</summary>
    private IEnumerable<PolicyDocument> Left(ImmutableArray<PolicyDocument> documents, PolicyLayer layer, int level) =>
        documents.Select((document, policy) => Left(document, layer, level, policy)).Where(document => !document.Statements.IsEmpty);

    private PolicyDocument Left(PolicyDocument document, PolicyLayer layer, int level, int policy) => new(document.Kind, document.Source,
        [.. document.Statements.Where((_, i) => !gone.Contains(new StatementReference(layer, level, policy, i)))]);
}
