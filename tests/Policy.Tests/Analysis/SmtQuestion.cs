using System.Text.Json;
using KmsGateway.Policy.Analysis;
using KmsGateway.Policy.Documents;

namespace KmsGateway.Policy.Tests.Analysis;

/// <summary>
/// Questions about all calls as SMT-LIB 2, written from ram-policy.md 4 and 6 over the texts of the policies. It uses nothing of
/// the engine but those texts.
/// </summary>
internal static class SmtQuestion
{
    private const string Own = "(or none (= account \"1\") (= account \"system\"))";
    private const string AssumesRole = """(and (= service "sts") (= name "assumerole") (not none) (= rservice "ram") (str.prefixof "role/" relative))""";

    /// <summary>R-TAG-2: the cryptographic calls; the two on message authentication codes came after the table was printed.</summary>
    private static readonly string[] TagCarriers = [.. TableCarriers(), "kms:GenerateMac", "kms:VerifyMac"];

    /// <summary>Satisfiable exactly when some call that the two patterns cover is allowed; null where a policy says what is not encoded.</summary>
    internal static string? Can(PolicySubject subject, string action, string resource)
    {
        var (_, allowed) = Decision(subject);
        return CanSay(subject) ? Script(subject, $"(assert (and {ActionCovers(action)} {ResourceCovers(resource)} {allowed}))") : null;
    }

    /// <summary>Satisfiable exactly when some call is decided otherwise after than before.</summary>
    internal static string? Differ(PolicySubject before, PolicySubject after)
    {
        var (was, becomes) = (Decision(before), Decision(after));
        return CanSay(before) && CanSay(after) ? Script(before, $"(assert (or (distinct {was.Denied} {becomes.Denied}) (distinct {was.Allowed} {becomes.Allowed})))") : null;
    }

    private static string Script(PolicySubject subject, string question)
    {
        var arn = subject.Principal is null ? null : "acs:ram::1:user/u";
        var carries = SmtPattern.Or(TagCarriers.Select(carrier => $"(and (= service \"kms\") (= name {SmtPattern.Text(carrier[4..].ToLowerInvariant())}))"));
        return string.Join('\n', [
            "(set-logic ALL)",
            "(declare-const service String)(declare-const name String)(declare-const none Bool)(declare-const rservice String)(declare-const region String)(declare-const account String)(declare-const relative String)",
            $"(assert (and (str.in_re service {SmtPattern.FoldedField}) (str.in_re name {SmtPattern.FoldedField})))",
            $"(assert (and (str.in_re rservice {SmtPattern.Field}) (str.in_re region {SmtPattern.Field}) (str.in_re account {SmtPattern.Field})))",
            "(assert (and (distinct rservice \"\") (distinct account \"\") (distinct relative \"\")))",
            .. SmtConditions.Declare(carries, arn),
            question,
            "(check-sat)",
        ]);
    }

    /// <summary>6.2, step by step; the terms for an explicit denial and for an allowance.</summary>
    private static (string Denied, string Allowed) Decision(PolicySubject subject)
    {
        var identity = Layer(subject.Policies.Identity);
        var result = subject.Principal is null ? (identity.Denied, $"(and (not {identity.Denied}) {identity.Granted})") : BothSides(identity, ResourceLayer(subject));
        var layers = subject.Policies.Control.Select(level => Layer(level)).ToList();
        layers.AddRange(subject.Policies.Session is { } session ? [Layer([session])] : []);
        foreach (var (denied, granted) in Enumerable.Reverse(layers))
        {
            result = ($"(or {denied} (and {granted} {result.Item1}))", $"(and (not {denied}) {granted} {result.Item2})");
        }

        return result;
    }

    /// <summary>R-EVAL-9 to -11.</summary>
    private static (string Denied, string Allowed) BothSides((string Denied, string Granted) identity, (string Denied, string Granted) resource)
    {
        var isBothNeeded = $"(or (not {Own}) {AssumesRole})";
        var isDenied = $"(or {identity.Denied} {resource.Denied})";
        return (isDenied, $"(and (not {isDenied}) (ite {isBothNeeded} (and {identity.Granted} {resource.Granted}) (or {identity.Granted} {resource.Granted})))");
    }

    /// <summary>R-EVAL-2: whether a Deny applies, whether an Allow does.</summary>
    private static (string Denied, string Granted) Layer(IEnumerable<PolicyDocument> documents)
    {
        var statements = documents.SelectMany(Statements).ToArray();
        return (SmtPattern.Or(statements.Where(one => Effect(one) == "Deny").Select(Applies)), SmtPattern.Or(statements.Where(one => Effect(one) == "Allow").Select(Applies)));
    }

    private static (string Denied, string Granted) ResourceLayer(PolicySubject subject)
    {
        var statements = subject.ResourcePolicies.SelectMany(policy => Statements(policy.Document).Select(one => (policy.Resource, Statement: one, IsKey: policy.Document.Kind == PolicyKind.Key))).ToArray();
        return (
            SmtPattern.Or(statements.Where(one => Effect(one.Statement) == "Deny" && Names(one.Statement) > 0).Select(one => $"(and {Is(one.Resource)} {Applies(one.Statement)})")),
            SmtPattern.Or(statements.Where(one => Effect(one.Statement) == "Allow" && Names(one.Statement) > (one.IsKey && one.Resource.Split(':')[3] == "1" ? 1 : 0)).Select(one => $"(and {Is(one.Resource)} {Applies(one.Statement)})")));
    }

    /// <summary>R-PRN-2 to -4: 2 when the caller is named, 1 when only its account is, 0 otherwise.</summary>
    private static int Names(JsonElement statement) => SmtConditions.Values(statement.GetProperty("Principal").GetProperty("RAM")).Max(entry => entry switch
    {
        "acs:ram::1:user/u" => 2,
        "acs:ram::1:root" => 1,
        _ => 0,
    });

    private static string Is(string arn)
    {
        var fields = arn.Split(':', 5);
        return $"(and (not none) (= rservice {SmtPattern.Text(fields[1])}) (= region {SmtPattern.Text(fields[2])}) (= account {SmtPattern.Text(fields[3])}) (= relative {SmtPattern.Text(fields[4])}))";
    }

    /// <summary>R-EVAL-1.</summary>
    private static string Applies(JsonElement statement) => SmtPattern.And(
        [Part(statement, "Action", ActionCovers), Part(statement, "Resource", ResourceCovers), SmtConditions.Met(statement)]);

    /// <summary>R-ACT-4, -5, R-RES-2, -9; a trust policy has no resource.</summary>
    private static string Part(JsonElement statement, string member, Func<string, string> covers)
    {
        if (statement.TryGetProperty(member, out var listed))
        {
            return SmtPattern.Or(SmtConditions.Values(listed).Select(covers));
        }

        return statement.TryGetProperty($"Not{member}", out var excluded) ? $"(not {SmtPattern.Or(SmtConditions.Values(excluded).Select(covers))})" : "true";
    }

    /// <summary>R-ACT-1 to -3.</summary>
    private static string ActionCovers(string pattern)
    {
        var parts = pattern.ToLowerInvariant().Split(':');
        return pattern == "*" ? "true" : $"(and (str.in_re service {SmtPattern.Wildcards(parts[0])}) (str.in_re name {SmtPattern.Wildcards(parts[1])}))";
    }

    /// <summary>R-RES-1, -3, -4, -6 to -8.</summary>
    private static string ResourceCovers(string pattern)
    {
        var fields = pattern.Split(':', 5);
        return pattern == "*"
            ? "true"
            : $"(and (not none) {SmtPattern.And(new[] { "rservice", "region", "account", "relative" }.Select((field, i) => $"(str.in_re {field} {SmtPattern.Wildcards(fields[i + 1])})"))})";
    }

    private static bool CanSay(PolicySubject subject) => subject.Policies.Identity.Append(subject.Policies.Session).Concat(subject.Policies.Control.SelectMany(level => level))
        .Concat(subject.ResourcePolicies.Select(policy => policy.Document)).OfType<PolicyDocument>().SelectMany(Statements).All(SmtConditions.CanSay);

    private static JsonElement[] Statements(PolicyDocument document) => [.. JsonDocument.Parse(document.Source).RootElement.GetProperty("Statement").EnumerateArray()];

    private static string? Effect(JsonElement statement) => statement.GetProperty("Effect").GetString();

    private static IEnumerable<string> TableCarriers()
    {
        using var table = JsonDocument.Parse(File.ReadAllText(KmsGateway.Tests.TestData.Path("policy-cases", "kms-actions.json")));
        return [.. table.RootElement.GetProperty("apis").EnumerateArray().SelectMany(api => api.GetProperty("checks").EnumerateArray())
            .Where(check => check.GetProperty("tags").GetBoolean()).Select(check => check.GetProperty("action").GetString()!).Distinct()];
    }
}
