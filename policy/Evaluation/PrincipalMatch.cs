using KmsGateway.Policy.Documents;

namespace KmsGateway.Policy.Evaluation;

/// <summary>How closely a statement names a caller; a closer entry wins over a wider one beside it.</summary>
internal enum PrincipalMatch
{
    /// <summary>Not at all.</summary>
    None = 0,

    /// <summary>As one of an account (R-PRN-3).</summary>
    AccountWide,

    /// <summary>By itself (R-PRN-2).</summary>
    Named,
}

/// <summary>Callers against Principal elements. Source: ram-policy.md 4.4.</summary>
internal static class PrincipalMatcher
{
    internal static PrincipalMatch Match(Statement statement, PolicyPrincipal principal)
    {
        var best = PrincipalMatch.None;
        foreach (var entry in statement.Principals)
        {
            var match = Match(entry, principal);
            if (match == PrincipalMatch.Named)
            {
                return match;
            }

            best = match == PrincipalMatch.None ? best : match;
        }

        return best;
    }

    private static PrincipalMatch Match(PrincipalEntry entry, PolicyPrincipal principal) => (entry.Kind, entry.Scope, principal.Type) switch
    {
        (PrincipalKind.Ram, RamEntryScope.User, PrincipalType.User) => Named(IsSame(entry, principal)),
        (PrincipalKind.Ram, RamEntryScope.Role, PrincipalType.Role) => Named(IsSame(entry, principal)),
        (PrincipalKind.Ram, RamEntryScope.Account, PrincipalType.User or PrincipalType.Role or PrincipalType.Root) =>
            string.Equals(entry.Account, principal.Account, StringComparison.Ordinal) ? PrincipalMatch.AccountWide : PrincipalMatch.None,
        (PrincipalKind.Service, _, PrincipalType.Service) => Named(string.Equals(entry.Text, principal.Name, StringComparison.Ordinal)),
        (PrincipalKind.Federated, _, PrincipalType.Federated) => Named(string.Equals(entry.Text, principal.Name, StringComparison.Ordinal)),
        _ => PrincipalMatch.None,
    };

    private static bool IsSame(PrincipalEntry entry, PolicyPrincipal principal) =>
        string.Equals(entry.Account, principal.Account, StringComparison.Ordinal)
        && string.Equals(entry.Name, principal.Name, StringComparison.Ordinal);

    private static PrincipalMatch Named(bool isSame) => isSame ? PrincipalMatch.Named : PrincipalMatch.None;
}
