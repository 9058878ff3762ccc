using System.Text.Json.Nodes;

namespace KmsGateway.Policy.Tests.Generation;

/// <summary>Makes a case from a seed: the same seed, the same case.</summary>
internal sealed class CaseGenerator
{
    private readonly Dice dice;
    private readonly PatternGenerator patterns;
    private readonly ConditionGenerator conditions;

    internal CaseGenerator(int seed)
    {
        dice = new Dice(seed);
        patterns = new PatternGenerator(dice);
        conditions = new ConditionGenerator(dice, patterns);
    }

    internal GeneratedCase Case() => Cases(1)[0];

    /// <summary>Several calls of one caller under the same policies.</summary>
    internal IReadOnlyList<GeneratedCase> Cases(int count)
    {
        var principal = Principal();
        var calls = Enumerable.Range(0, count).Select(_ => Call(principal)).ToArray();
        var near = calls.SelectMany(call => call).ToArray();
        var policies = new GeneratedPolicies(
            [.. Enumerable.Range(0, dice.Chance(0.05) ? dice.Next(8, 20) : dice.Next(0, 4)).Select(_ => Document(near))],
            principal.Type == "Role" && dice.Chance(0.5) ? Document(near) : null,
            dice.Chance(0.75) ? [] : [.. Enumerable.Range(0, dice.Next(1, 3)).Select(_ => Level(near))]);
        return [.. calls.Select(call => new GeneratedCase(policies, principal, call))];
    }

    /// <summary>A document of some statements, drawn near the given checks so that it often applies to them.</summary>
    internal string Document(IReadOnlyList<GeneratedCheck> near)
    {
        var statements = new JsonArray();
        for (var i = dice.Next(1, 4); i > 0; i--)
        {
            statements.Add(Statement(near));
        }

        return new JsonObject { ["Version"] = "1", ["Statement"] = statements }.ToJsonString();
    }

    /// <summary>One statement of an identity policy.</summary>
    internal JsonObject Statement(IReadOnlyList<GeneratedCheck> near, string? effect = null)
    {
        var check = dice.Pick(near);
        var statement = new JsonObject { ["Effect"] = effect ?? (dice.Chance(0.7) ? "Allow" : "Deny") };
        statement[dice.Chance(0.85) ? "Action" : "NotAction"] = dice.OneOrMany(() => dice.Chance(0.1) ? "*" : patterns.Action(dice.Chance(0.75) ? check.Action : dice.Pick(Vocabulary.Actions)));
        statement[dice.Chance(0.85) ? "Resource" : "NotResource"] = dice.OneOrMany(() => dice.Chance(0.25) ? "*" : patterns.Resource(dice.Chance(0.75) && check.Resource != "*" ? check.Resource : Resource(false)));
        return conditions.WithCondition(statement);
    }

    private List<string> Level(IReadOnlyList<GeneratedCheck> near)
    {
        const string full = """{"Version":"1","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}""";
        return dice.Chance(0.6) ? [full, Document(near)] : [Document(near)];
    }

    private GeneratedPrincipal Principal() => dice.Next(10) switch
    {
        0 => new GeneratedPrincipal("Root", dice.Pick(Vocabulary.Accounts), "", false),
        1 => new GeneratedPrincipal("Service", "", "ecs.aliyuncs.com", false),
        2 => new GeneratedPrincipal("Federated", "", "acs:ram::1000000000000001:saml-provider/corp", false),
        3 or 4 or 5 => new GeneratedPrincipal("Role", dice.Pick(Vocabulary.Accounts), "ops", dice.Chance(0.2)),
        _ => new GeneratedPrincipal("User", dice.Pick(Vocabulary.Accounts), "alice", false),
    };

    private GeneratedCheck[] Call(GeneratedPrincipal principal) =>
        [.. Enumerable.Range(0, dice.Chance(0.8) ? 1 : dice.Next(2, 4)).Select(_ => Check(principal))];

    private GeneratedCheck Check(GeneratedPrincipal principal)
    {
        var isAssumeRole = dice.Chance(0.15) || principal.Type is "Service" or "Federated";
        var resource = isAssumeRole ? $"acs:ram::{dice.Pick(Vocabulary.Accounts)}:role/target" : Resource(true);
        var action = isAssumeRole ? "sts:AssumeRole" : dice.Pick(Vocabulary.Actions);
        var isTrust = resource.StartsWith("acs:ram:", StringComparison.Ordinal);
        var hasPolicy = resource != "*" && dice.Chance(0.6);
        var text = isTrust ? ResourceDocument("sts", action, TrustPrincipal) : ResourceDocument("kms", action, () => KeyPrincipal(resource));
        return new GeneratedCheck(action, resource, Context(), hasPolicy ? text : null, isTrust);
    }

    private string Resource(bool canBeNone) => dice.Next(10) switch
    {
        0 when canBeNone => "*",
        1 when dice.Chance(0.1) => "acs:ram:*:system:policy/AliyunKMSFullAccess",
        1 or 2 => $"acs:ram::{dice.Pick(Vocabulary.Accounts)}:{dice.Pick(Vocabulary.RamRelativeIds)}",
        _ => $"acs:kms:{dice.Pick(Vocabulary.Regions)}:{dice.Pick(Vocabulary.Accounts)}:{dice.Pick(Vocabulary.KmsRelativeIds)}",
    };

    private List<KeyValuePair<string, string[]>> Context()
    {
        var context = new List<KeyValuePair<string, string[]>>();
        foreach (var (key, values) in Vocabulary.Keys)
        {
            if (dice.Chance(0.5))
            {
                var count = dice.Chance(0.85) ? 1 : dice.Next(0, 3);
                context.Add(KeyValuePair.Create(conditions.Recase(key), Enumerable.Range(0, count).Select(_ => dice.Pick(values)).ToArray()));
            }
        }

        return context;
    }

    private string ResourceDocument(string service, string action, Func<JsonObject> principal)
    {
        var isKey = service == "kms";
        var statements = new JsonArray();
        for (var i = dice.Next(1, 4); i > 0; i--)
        {
            var near = action.StartsWith(service, StringComparison.Ordinal) ? action : $"{service}:{(isKey ? "Encrypt" : "AssumeRole")}";
            var statement = new JsonObject
            {
                ["Effect"] = dice.Chance(0.7) ? "Allow" : "Deny",
                ["Principal"] = principal(),
                ["Action"] = dice.OneOrMany(() => dice.Chance(0.3) ? $"{service}:*" : $"{service}:{patterns.Mutate(near[4..], "kKeE")}"),
            };
            if (isKey)
            {
                statement["Resource"] = "*";
            }

            statements.Add(conditions.WithCondition(statement));
        }

        return new JsonObject { ["Version"] = "1", ["Statement"] = statements }.ToJsonString();
    }

    private JsonObject KeyPrincipal(string resource)
    {
        var owner = dice.Chance(0.5) && resource.Contains(Vocabulary.ForeignAccount, StringComparison.Ordinal) ? Vocabulary.ForeignAccount : dice.Pick(Vocabulary.Accounts);
        return new JsonObject { ["RAM"] = dice.OneOrMany(() => $"acs:ram::{owner}:{dice.Pick("root", "*", "user/alice", "role/ops", "user/bob")}") };
    }

    private JsonObject TrustPrincipal()
    {
        var principal = new JsonObject();
        if (dice.Chance(0.7))
        {
            principal["RAM"] = dice.OneOrMany(() => $"acs:ram::{dice.Pick(Vocabulary.Accounts)}:{dice.Pick("root", "user/alice", "role/ops")}");
        }

        if (dice.Chance(0.4) || principal.Count == 0)
        {
            principal["Service"] = dice.OneOrMany(() => dice.Pick("ecs.aliyuncs.com", "fc.aliyuncs.com"));
        }

        if (dice.Chance(0.4))
        {
            principal["Federated"] = dice.OneOrMany(() => $"acs:ram::1000000000000001:saml-provider/{dice.Pick("corp", "partner")}");
        }

        return principal;
    }
}
