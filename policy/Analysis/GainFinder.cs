using System.Collections.Immutable;
using KmsGateway.Policy.Evaluation;

namespace KmsGateway.Policy.Analysis;

/// <summary>Looks for a call that one identity may make and others may not.</summary>
internal static class GainFinder
{
    /// <summary>The call; null when there is none, or none was found within the bounds.</summary>
    internal static WitnessCall? Find(
        AccountCalls calls, AnalysisOptions options, (AccountSnapshot Account, AccountIdentity Identity) after, ImmutableArray<(AccountSnapshot Account, AccountIdentity Identity)> before)
    {
        var gaining = calls.SubjectOf(after.Account, after.Identity);
        PolicySubject[] others = [.. before.Distinct().Select(one => calls.SubjectOf(one.Account, one.Identity))];
        var walk = new CallWalk([gaining, .. others], options, calls.Budget, null, null);
        var gained = Gains(walk, gaining, others, after.Account, calls).OrderBy(IsUnlikely).FirstOrDefault();
        calls.Note(gained is not null || walk.IsComplete);
        return gained;
    }

    private static IEnumerable<WitnessCall> Gains(CallWalk walk, PolicySubject gaining, PolicySubject[] others, AccountSnapshot account, AccountCalls calls)
    {
        foreach (var cell in walk.Cells(group => group.Statements.Any(statement => statement.Side == 0)))
        {
            var isFound = false;
            foreach (var point in cell.Contexts.Points)
            {
                var call = WithRealTags(account, cell, cell.CallAt(point));
                if (walk.Decide(gaining, call).IsAllowed && Array.TrueForAll(others, other => !walk.Decide(other, By(other.Principal!, call)).IsAllowed))
                {
                    isFound = true;
                    yield return call;
                    break;
                }
            }

            calls.Note(isFound || cell.Contexts.Reason == UnknownReason.None);
        }
    }

    /// <summary>The same call, made by somebody else.</summary>
    internal static WitnessCall By(PolicyPrincipal principal, WitnessCall call)
    {
        var entries = call.Context.Entries.Select(entry => string.Equals(entry.Key, "acs:PrincipalARN", StringComparison.OrdinalIgnoreCase) && KeyDomain.ArnOf(principal) is { } arn
            ? KeyValuePair.Create(entry.Key, ImmutableArray.Create(arn))
            : entry);
        return call with { Principal = principal, Context = new ConditionContext(entries) };
    }

    /// <summary>A key of the account has the tags that it has; other resources may have any.</summary>
    private static WitnessCall WithRealTags(AccountSnapshot account, CallCell cell, WitnessCall call) =>
        cell.Actions.CarriesTags && account.Keys.FirstOrDefault(key => string.Equals(key.Arn, call.Resource, StringComparison.Ordinal)) is { } key
            ? call with { Tags = key.Tags }
            : call;

    /// <summary>Calls that the gateway offers are the better examples.</summary>
    private static bool IsUnlikely(WitnessCall call) => !KnownActions.All.Contains(call.Action, StringComparer.Ordinal);
}
