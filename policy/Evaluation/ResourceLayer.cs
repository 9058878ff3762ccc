using KmsGateway.Policy.Documents;

namespace KmsGateway.Policy.Evaluation;

/// <summary>The policy of the resource itself: one document, whose statements name principals. Source: ram-policy.md 4.4, 6.2.</summary>
internal static class ResourceLayer
{
    internal static LayerVerdict Judge(PolicyDocument? document, in CheckView check)
    {
        if (document is null)
        {
            return LayerVerdict.Silent;
        }

        var allow = -1;
        for (var i = 0; i < document.Statements.Length; i++)
        {
            var statement = document.Statements[i];
            var isDeny = statement.Effect == StatementEffect.Deny;
            if ((!isDeny && allow >= 0) || !Applies(statement, check))
            {
                continue;
            }

            if (isDeny)
            {
                return new LayerVerdict(Verdict.ExplicitDeny, 0, i);
            }

            allow = Grants(document, statement, check) ? i : allow;
        }

        return allow >= 0 ? new LayerVerdict(Verdict.Allow, 0, allow) : LayerVerdict.Silent;
    }

    /// <summary>R-PRN-4: in a key policy an entry for the key's whole own account leaves the grant to identity policies.</summary>
    internal static bool Grants(PolicyDocument document, Statement statement, in CheckView check) =>
        document.Kind != PolicyKind.Key
        || !check.IsOwnResource
        || PrincipalMatcher.Match(statement, check.Principal) != PrincipalMatch.AccountWide;

    internal static bool Applies(Statement statement, in CheckView check) =>
        StatementMatch.CoversAction(statement, check.Action)
        && PrincipalMatcher.Match(statement, check.Principal) != PrincipalMatch.None
        && StatementMatch.CoversResource(statement, check.Resource)
        && StatementMatch.MeetsConditions(statement, check.Context);
}
