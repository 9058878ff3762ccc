using System.Collections.Immutable;
using System.Globalization;
using KmsGateway.Policy.Documents;
using KmsGateway.Policy.Evaluation;

namespace KmsGateway.Benchmarks.Policies;

/// <summary>
/// Policies of a given number of statements and four questions about them. Each statement lets its holder use one key, as
/// grants per key do; the last ones are a statement on tagged keys and a Deny. peers/policies.mjs writes the same policies for
/// the other engines.
/// </summary>
internal static class PolicyFamily
{
    private const string Account = "1000000000000001";
    private const int StatementsPerPolicy = 30;

    /// <summary>From here on there is a statement on tagged keys, a Deny, and a key that one statement allows and one denies.</summary>
    private const int Smallest = 4;

    private static readonly PolicyPrincipal Alice = new(PrincipalType.User, Account, "alice");

    /// <summary>The set that a user with all of the statements has.</summary>
    public static PolicySet Compile(int statements) => new([.. Documents(statements)]);

    /// <summary>The parsed documents, at most 30 statements each.</summary>
    public static ImmutableArray<PolicyDocument> Documents(int statements) =>
        [.. Statements(statements).Chunk(StatementsPerPolicy).Select(Parse)];

    /// <summary>The question of that name.</summary>
    public static AuthorizationRequest Request(Question question, int statements) => question switch
    {
        Question.Hit => Ask(Key(0), "Other"),
        Question.Miss => Ask("no-such-key", "Other"),
        Question.Deny => Ask(Key(DeniedKey(statements)), "Other"),
        _ => Ask("tagged-key", "Apollo"),
    };

    /// <summary>What the question's name promises; below <see cref="Smallest"/> statements only the first two have theirs.</summary>
    public static Verdict Answer(Question question, int statements) => question switch
    {
        Question.Hit => Verdict.Allow,
        Question.Deny when statements >= Smallest => Verdict.ExplicitDeny,
        Question.Tag when statements >= Smallest => Verdict.Allow,
        _ => Verdict.ImplicitDeny,
    };

    private static AuthorizationRequest Ask(string key, string project) => new(
        Alice,
        [new PolicyCheck("kms:Decrypt", $"acs:kms:cn-hangzhou:{Account}:key/{key}", Circumstances(project))]);

    private static ConditionContext Circumstances(string project) => new(
    [
        KeyValuePair.Create("acs:CurrentTime", ImmutableArray.Create("2026-03-04T05:06:07Z")),
        KeyValuePair.Create("acs:SourceIp", ImmutableArray.Create("192.0.2.3")),
        KeyValuePair.Create("acs:SecureTransport", ImmutableArray.Create("true")),
        KeyValuePair.Create("acs:MFAPresent", ImmutableArray.Create("false")),
        KeyValuePair.Create("kms:tag/Project", ImmutableArray.Create(project)),
    ]);

    private static IEnumerable<string> Statements(int count)
    {
        var perKey = count < Smallest ? count : count - 2;
        for (var i = 0; i < perKey; i++)
        {
            yield return $$"""{"Effect":"Allow","Action":["kms:Encrypt","kms:Decrypt","kms:GenerateDataKey"],"Resource":"acs:kms:*:{{Account}}:key/{{Key(i)}}"}""";
        }

        if (count >= Smallest)
        {
            yield return $$$"""{"Effect":"Allow","Action":"kms:Decrypt","Resource":"acs:kms:*:{{{Account}}}:key/*","Condition":{"StringEquals":{"kms:tag/Project":["Apollo"]} } }""";
            yield return $$"""{"Effect":"Deny","Action":"kms:Decrypt","Resource":"acs:kms:*:{{Account}}:key/{{Key(DeniedKey(count))}}"}""";
        }
    }

    /// <summary>The last key with a statement of its own; with too few statements, one without.</summary>
    private static int DeniedKey(int count) => count < Smallest ? count : count - 3;

    private static string Key(int number) => string.Create(CultureInfo.InvariantCulture, $"k-{number:D6}");

    private static PolicyDocument Parse(string[] statements)
    {
        var text = $$"""{"Version":"1","Statement":[{{string.Join(',', statements)}}]}""";
        return PolicyParser.Parse(text, PolicyKind.Identity).Document
            ?? throw new InvalidOperationException("A benchmark policy does not parse.");
    }
}
