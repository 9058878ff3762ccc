using System.Collections.Concurrent;
using KmsGateway.Policy.Documents;
using KmsGateway.Policy.Evaluation;
using KmsGateway.Policy.Suggestions;
using KmsGateway.Policy.Tests.Generation;
using KmsGateway.Policy.Tests.Reference;
using Xunit.Abstractions;

namespace KmsGateway.Policy.Tests.Suggestions;

public sealed class SuggestionLawsTests(ITestOutputHelper output)
{
    private const int Denials = 10_000;
    private const int FullDenials = 100_000;

    /// <summary>
    /// Every suggestion for a random denial turns the answer, not only by the engine that made it but by the reference too.
    /// KMSGATEWAY_FULL=1 takes 100,000 denials; KMSGATEWAY_SEED repeats a run.
    /// </summary>
    [Fact]
    public void For_RandomDenial_EverySuggestionTurnsTheAnswer()
    {
        var wanted = RandomRun.Count(Denials, FullDenials);
        var first = RandomRun.FirstSeed();
        output.WriteLine($"first seed {first}, {wanted} denials");
        var kinds = new ConcurrentDictionary<EditKind, int>();
        var faults = new ConcurrentBag<string>();
        var (denials, helped) = (0, 0);
        Parallel.For(0, wanted * 2, (i, loop) =>
        {
            var call = new CaseGenerator(first + i).Case();
            if (call.Decide().IsAllowed)
            {
                return;
            }

            var suggestions = PolicySuggestions.For(call.Policies.ToPolicySet(), call.ToRequest());
            Interlocked.Add(ref helped, suggestions.IsEmpty ? 0 : 1);
            if (suggestions.IsEmpty && !call.Checks.Any(check => IsBeyondPolicies(call.Principal, check)))
            {
                faults.Add($"seed {first + i}: nothing found");
            }

            foreach (var edit in suggestions.SelectMany(suggestion => suggestion.Edits))
            {
                kinds.AddOrUpdate(edit.Kind, 1, (_, count) => count + 1);
            }

            if (suggestions.FirstOrDefault(suggestion => !Turns(suggestion)) is { } wrong)
            {
                faults.Add($"seed {first + i}: {string.Join("; ", wrong.Edits)}");
            }

            if (Interlocked.Increment(ref denials) >= wanted)
            {
                loop.Stop();
            }
        });
        output.WriteLine($"{denials} denials, {helped} with suggestions; {string.Join(", ", kinds)}");
        Assert.Empty(faults);
        Assert.True(denials >= wanted);
        Assert.True(helped > denials * 3 / 4);
        if (!RandomRun.IsMutation)
        {
            Assert.All(Enum.GetValues<EditKind>().Where(kind => kind != EditKind.None), kind => Assert.True(kinds.GetValueOrDefault(kind) > 0, $"{kind} was never suggested"));
        }
    }

    /// <summary>A resource of another account needs a policy of its own: keys can have one for kms actions and RAM callers, roles for sts actions.</summary>
    private static bool IsBeyondPolicies(GeneratedPrincipal principal, GeneratedCheck check)
    {
        var fields = check.Resource.Split(':', 5);
        if (check.Resource == "*" || (fields[3] == principal.Account && check.Action != "sts:AssumeRole"))
        {
            return false;
        }

        var isKey = fields[1] == "kms" && fields[4].StartsWith("key/", StringComparison.Ordinal);
        var isRole = fields[1] == "ram" && fields[4].StartsWith("role/", StringComparison.Ordinal);
        return !(isKey && check.Action.StartsWith("kms:", StringComparison.Ordinal) && principal.Type is "User" or "Role" or "Root")
            && !(isRole && check.Action.StartsWith("sts:", StringComparison.Ordinal));
    }

    private static bool Turns(Suggestion suggestion)
    {
        var (policies, request) = (suggestion.Policies, suggestion.Request);
        var texts = new GeneratedPolicies(
            [.. policies.Identity.Select(document => document.Source)],
            policies.Session?.Source,
            [.. policies.Control.Select(level => level.Select(document => document.Source).ToArray())]);
        var principal = new GeneratedPrincipal(request.Principal.Type.ToString(), request.Principal.Account, request.Principal.Name, request.Principal.IsServiceLinked);
        var call = new GeneratedCase(texts, principal, [.. request.Checks.Select(ToGenerated)]);
        return PolicyEvaluator.Evaluate(policies, request).IsAllowed && new ReferenceEvaluator().Decide(call).Verdict == "Allow";
    }

    private static GeneratedCheck ToGenerated(PolicyCheck check) => new(
        check.Action,
        check.Resource,
        [.. check.Context.Entries.Select(entry => KeyValuePair.Create(entry.Key, entry.Value.ToArray()))],
        check.ResourcePolicy?.Source,
        check.ResourcePolicy?.Kind == PolicyKind.Trust);
}
