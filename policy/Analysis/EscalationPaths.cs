using System.Collections.Immutable;

namespace KmsGateway.Policy.Analysis;

/// <summary>
/// Who can reach more than it has, by changing who it is, what its policies say, or what the policies depend on: attaching and
/// detaching policies, policy versions, groups, access keys and login profiles, trust policies and roles, key policies, tags
/// and aliases. Source: ram-sts-api.md, "Privilege escalation"; ram-policy.md 8.4.
/// </summary>
public static class EscalationPaths
{
    /// <summary>Searches from every user and role of the account.</summary>
    /// <param name="account">The account as it is.</param>
    /// <param name="options">The default when null; the steps are shared among the principals.</param>
    public static EscalationReport Find(AccountSnapshot account, AnalysisOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(account);
        var given = options ?? AnalysisOptions.Default;
        var identities = account.Identities.ToArray();
        var share = given with { MaxSteps = Math.Max(1, given.MaxSteps / Math.Max(1, identities.Length)) };
        var searches = identities.Select(identity => new EscalationSearch(account, identity, share)).ToArray();
        ImmutableArray<EscalationPath> paths = [.. searches.SelectMany(search => search.Find().OrderBy(path => path.Steps.Length))];
        return new EscalationReport(paths, Array.TrueForAll(searches, search => search.IsComplete));
    }

    /// <summary>Searches from one user or role.</summary>
    /// <param name="account">The account as it is.</param>
    /// <param name="principal"><c>user/alice</c>, <c>role/ops</c>.</param>
    /// <param name="options">The default when null.</param>
    /// <exception cref="ArgumentException">The account has no such user or role.</exception>
    public static EscalationReport Find(AccountSnapshot account, string principal, AnalysisOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(account);
        var identity = account.Identities.FirstOrDefault(one => string.Equals(one.Text, principal, StringComparison.Ordinal))
            ?? throw new ArgumentException($"The account has no {principal}.", nameof(principal));
        var search = new EscalationSearch(account, identity, options ?? AnalysisOptions.Default);
        return new EscalationReport([.. search.Find().OrderBy(path => path.Steps.Length)], search.IsComplete);
    }
}
