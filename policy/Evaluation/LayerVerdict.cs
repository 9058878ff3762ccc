namespace KmsGateway.Policy.Evaluation;

/// <summary>What one layer says by itself (R-EVAL-2), and the first statement of the deciding effect (R-EVAL-3).</summary>
internal readonly record struct LayerVerdict(Verdict Verdict, int Policy, int Statement)
{
    internal static LayerVerdict Silent { get; } = new(Verdict.ImplicitDeny, -1, -1);

    internal bool IsAllow => Verdict == Verdict.Allow;

    internal Decision In(PolicyLayer layer, int level = -1) => new(Verdict, layer, level, Policy, Statement, 0);
}
