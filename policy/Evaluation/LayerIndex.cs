using System.Collections.Immutable;
using KmsGateway.Policy.Documents;

namespace KmsGateway.Policy.Evaluation;

/// <summary>
/// The policies of one layer, compiled once: statements are found by the action asked for, so that a decision looks at those
/// that can match and not at all of them. Order of policies and statements is kept for the report only (R-EVAL-3).
/// </summary>
internal sealed class LayerIndex
{
    private readonly ActionIndex denies;
    private readonly ActionIndex allows;
    private readonly int[] firstOrdinals;

    internal LayerIndex(ImmutableArray<PolicyDocument> policies)
    {
        firstOrdinals = new int[policies.Length];
        var ordinal = 0;
        var statements = new List<IndexedStatement>();
        for (var policy = 0; policy < policies.Length; policy++)
        {
            firstOrdinals[policy] = ordinal;
            foreach (var statement in policies[policy].Statements)
            {
                statements.Add(new IndexedStatement(ordinal++, statement));
            }
        }

        denies = ActionIndex.Of(statements.Where(entry => entry.Statement.Effect == StatementEffect.Deny));
        allows = ActionIndex.Of(statements.Where(entry => entry.Statement.Effect == StatementEffect.Allow));
    }

    internal LayerVerdict Judge(in CheckView check)
    {
        var deny = denies.FirstApplicable(check);
        if (deny != ActionIndex.NoneFound)
        {
            return At(Verdict.ExplicitDeny, deny);
        }

        var allow = allows.FirstApplicable(check);
        return allow == ActionIndex.NoneFound ? LayerVerdict.Silent : At(Verdict.Allow, allow);
    }

    private LayerVerdict At(Verdict verdict, int ordinal)
    {
        // Invariant: every policy has a statement, so the first ordinals rise strictly.
        var found = Array.BinarySearch(firstOrdinals, ordinal);
        var policy = found >= 0 ? found : ~found - 1;
        return new LayerVerdict(verdict, policy, ordinal - firstOrdinals[policy]);
    }
}

/// <summary>A statement and its place in the layer.</summary>
internal readonly record struct IndexedStatement(int Ordinal, Statement Statement);
