using System.Collections.Immutable;
using KmsGateway.Policy.Analysis;
using KmsGateway.Policy.Evaluation;
using KmsGateway.Policy.Simulation;

namespace KmsGateway.Policy.Tests.Analysis;

/// <summary>So few calls that all of them can be tried: names near the patterns of <see cref="SmallPolicies"/>, some just outside.</summary>
internal static class SmallUniverse
{
    internal const string Account = "1";
    internal const string OtherAccount = "2";

    internal static readonly PolicyPrincipal User = new(PrincipalType.User, Account, "u");

    internal static readonly string[] Actions = ["kms:Decrypt", "kms:DescribeKey", "kms:D", "kms:Dx", "ram:D", "sts:AssumeRole"];

    internal static readonly string[] Resources =
    [
        "*", "acs:kms:c:1:a", "acs:kms::1:a/b", "acs:kms:c:1:ab", "acs:kms:c:2:a", "acs:kms:c:1:a:b", "acs:kms:cc:1:ba", "acs:ram::1:role/a", "acs:ram::2:role/a", "acs:kms:c:1:b",
    ];

    /// <summary>What requests carry for each key, null for nothing, under the gateway's model.</summary>
    internal static readonly ImmutableSortedDictionary<string, string?[]> Values = new Dictionary<string, string?[]>(StringComparer.Ordinal)
    {
        ["kms:tag/T"] = [null, "a", "b", "ab", "A", "1"],
        ["x:n"] = [null, "1", "1.0", "1.2", "-3", "z"],
        ["acs:MFAPresent"] = ["true", "false"],
        ["acs:SourceIp"] = [null, "10.1.2.3", "10.2.0.1", "9.9.9.9", "2001:db8::1", "::ffff:10.1.2.3"],
        ["acs:CurrentTime"] = ["2026-01-01T00:00:00Z", "2026-06-01T08:00:00.5+08:00", "2027-01-01T00:00:00Z"],
        ["acs:PrincipalARN"] = ["acs:ram::1:user/u"],
        ["acs:UserAgent"] = [null],
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    /// <summary>Every call of the model with the given keys.</summary>
    internal static IEnumerable<WitnessCall> Calls(PolicySubject subject, IReadOnlyList<string> keys, CallModel model)
    {
        var contexts = Contexts(keys, model).ToArray();
        foreach (var action in Actions)
        {
            foreach (var resource in Resources)
            {
                foreach (var context in contexts)
                {
                    if (model == CallModel.Any || SimulatedCall.CarriesTags(action) || context.Entries.All(entry => entry.Key != "kms:tag/T"))
                    {
                        yield return new WitnessCall(subject.Principal ?? PresumedTrust.CallerOf(resource), action, resource, context, []);
                    }
                }
            }
        }
    }

    private static IEnumerable<ConditionContext> Contexts(IReadOnlyList<string> keys, CallModel model) => keys
        .Aggregate(
            (IEnumerable<ImmutableArray<KeyValuePair<string, ImmutableArray<string>>>>)[[]],
            (all, key) => all.SelectMany(start => Choices(key, model).Select(choice => choice.IsEmpty ? start : start.Add(KeyValuePair.Create(key, choice)))))
        .Select(entries => new ConditionContext(entries));

    private static IEnumerable<ImmutableArray<string>> Choices(string key, CallModel model)
    {
        var values = Values[key];
        var single = values.Select(value => value is null ? [] : ImmutableArray.Create(value));
        string[] given = [.. values.OfType<string>().Take(3), "z"];
        return model == CallModel.Gateway ? single : given.Zip(given.Skip(1), (one, other) => ImmutableArray.Create(one, other)).Concat(given.Select(ImmutableArray.Create)).Append([]);
    }
}
