using System.Text.Json.Nodes;

namespace KmsGateway.Policy.Tests.Generation;

/// <summary>Makes a case from a seed: the same seed, the same case.</summary>
internal sealed class CaseGenerator(int seed)
{
    private readonly Random random = new(seed);

    internal GeneratedCase Case() => Cases(1)[0];

    /// <summary>Several calls of one caller under the same policies.</summary>
    internal IReadOnlyList<GeneratedCase> Cases(int count)
    {
        var principal = Principal();
        var calls = Enumerable.Range(0, count).Select(_ => Call(principal)).ToArray();
        var near = calls.SelectMany(call => call).ToArray();
        var policies = new GeneratedPolicies(
            [.. Enumerable.Range(0, random.Next(0, 4)).Select(_ => Document(near))],
            principal.Type == "Role" && Chance(0.5) ? Document(near) : null,
            Chance(0.75) ? [] : [.. Enumerable.Range(0, random.Next(1, 3)).Select(_ => Level(near))]);
        return [.. calls.Select(call => new GeneratedCase(policies, principal, call))];
    }

    /// <summary>A document of some statements, drawn near the given checks so that it often applies to them.</summary>
    internal string Document(IReadOnlyList<GeneratedCheck> near)
    {
        var statements = new JsonArray();
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            statements.Add(Statement(near));
        }

        return new JsonObject { ["Version"] = "1", ["Statement"] = statements }.ToJsonString();
    }

    /// <summary>One statement of an identity policy.</summary>
    internal JsonObject Statement(IReadOnlyList<GeneratedCheck> near, string? effect = null)
    {
        var check = Pick(near);
        var statement = new JsonObject { ["Effect"] = effect ?? (Chance(0.7) ? "Allow" : "Deny") };
        statement[Chance(0.85) ? "Action" : "NotAction"] = OneOrMany(() => Chance(0.1) ? "*" : ActionPattern(Chance(0.75) ? check.Action : Pick(Vocabulary.Actions)));
        statement[Chance(0.85) ? "Resource" : "NotResource"] = OneOrMany(() => Chance(0.25) ? "*" : ResourcePattern(Chance(0.75) && check.Resource != "*" ? check.Resource : Resource(false)));
        return WithCondition(statement);
    }

    private List<string> Level(IReadOnlyList<GeneratedCheck> near)
    {
        const string full = """{"Version":"1","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}""";
        return Chance(0.6) ? [full, Document(near)] : [Document(near)];
    }

    private GeneratedPrincipal Principal() => random.Next(10) switch
    {
        0 => new GeneratedPrincipal("Root", Pick(Vocabulary.Accounts), "", false),
        1 => new GeneratedPrincipal("Service", "", "ecs.aliyuncs.com", false),
        2 => new GeneratedPrincipal("Federated", "", "acs:ram::1000000000000001:saml-provider/corp", false),
        3 or 4 or 5 => new GeneratedPrincipal("Role", Pick(Vocabulary.Accounts), "ops", Chance(0.2)),
        _ => new GeneratedPrincipal("User", Pick(Vocabulary.Accounts), "alice", false),
    };

    private GeneratedCheck[] Call(GeneratedPrincipal principal) =>
        [.. Enumerable.Range(0, Chance(0.8) ? 1 : random.Next(2, 4)).Select(_ => Check(principal))];

    private GeneratedCheck Check(GeneratedPrincipal principal)
    {
        var isAssumeRole = Chance(0.15) || principal.Type is "Service" or "Federated";
        var resource = isAssumeRole ? $"acs:ram::{Pick(Vocabulary.Accounts)}:role/target" : Resource(true);
        var action = isAssumeRole ? "sts:AssumeRole" : Pick(Vocabulary.Actions);
        var isTrust = resource.StartsWith("acs:ram:", StringComparison.Ordinal);
        var hasPolicy = resource != "*" && Chance(0.6);
        var text = isTrust ? ResourceDocument("sts", action, TrustPrincipal) : ResourceDocument("kms", action, () => KeyPrincipal(resource));
        return new GeneratedCheck(action, resource, Context(), hasPolicy ? text : null, isTrust);
    }

    private string Resource(bool canBeNone) => random.Next(10) switch
    {
        0 when canBeNone => "*",
        1 or 2 => $"acs:ram::{Pick(Vocabulary.Accounts)}:{Pick(Vocabulary.RamRelativeIds)}",
        _ => $"acs:kms:{Pick(Vocabulary.Regions)}:{Pick(Vocabulary.Accounts)}:{Pick(Vocabulary.KmsRelativeIds)}",
    };

    private List<KeyValuePair<string, string[]>> Context()
    {
        var context = new List<KeyValuePair<string, string[]>>();
        foreach (var (key, values) in Vocabulary.Keys)
        {
            if (Chance(0.5))
            {
                var count = Chance(0.85) ? 1 : random.Next(0, 3);
                context.Add(KeyValuePair.Create(Recase(key), Enumerable.Range(0, count).Select(_ => Pick(values)).ToArray()));
            }
        }

        return context;
    }

    private string ResourceDocument(string service, string action, Func<JsonObject> principal)
    {
        var isKey = service == "kms";
        var statements = new JsonArray();
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            var near = action.StartsWith(service, StringComparison.Ordinal) ? action : $"{service}:{(isKey ? "Encrypt" : "AssumeRole")}";
            var statement = new JsonObject
            {
                ["Effect"] = Chance(0.7) ? "Allow" : "Deny",
                ["Principal"] = principal(),
                ["Action"] = OneOrMany(() => Chance(0.3) ? $"{service}:*" : $"{service}:{Mutate(near[4..], "kKeE")}"),
            };
            if (isKey)
            {
                statement["Resource"] = "*";
            }

            statements.Add(WithCondition(statement));
        }

        return new JsonObject { ["Version"] = "1", ["Statement"] = statements }.ToJsonString();
    }

    private JsonObject KeyPrincipal(string resource)
    {
        var owner = Chance(0.5) && resource.Contains(Vocabulary.ForeignAccount, StringComparison.Ordinal) ? Vocabulary.ForeignAccount : Pick(Vocabulary.Accounts);
        return new JsonObject { ["RAM"] = OneOrMany(() => $"acs:ram::{owner}:{Pick("root", "*", "user/alice", "role/ops", "user/bob")}") };
    }

    private JsonObject TrustPrincipal()
    {
        var principal = new JsonObject();
        if (Chance(0.7))
        {
            principal["RAM"] = OneOrMany(() => $"acs:ram::{Pick(Vocabulary.Accounts)}:{Pick("root", "user/alice", "role/ops")}");
        }

        if (Chance(0.4) || principal.Count == 0)
        {
            principal["Service"] = OneOrMany(() => Pick("ecs.aliyuncs.com", "fc.aliyuncs.com"));
        }

        if (Chance(0.4))
        {
            principal["Federated"] = OneOrMany(() => $"acs:ram::1000000000000001:saml-provider/{Pick("corp", "partner")}");
        }

        return principal;
    }

    private JsonObject WithCondition(JsonObject statement)
    {
        if (Chance(0.55))
        {
            return statement;
        }

        var condition = new JsonObject();
        for (var i = random.Next(0, 3); i > 0; i--)
        {
            AddTest(condition);
        }

        statement["Condition"] = condition;
        return statement;
    }

    private void AddTest(JsonObject condition)
    {
        var (key, values) = Pick(Vocabulary.Keys);
        var isTyped = Chance(0.6);
        var typed = Pick(Vocabulary.TypedOperators);
        var name = isTyped ? Pick(typed.Operators) : Pick(Vocabulary.TextOperators);
        if (isTyped)
        {
            key = KeyFor(typed.Operators[0]);
        }

        var block = condition[name] as JsonObject ?? [];
        block[Recase(key)] = OneOrMany(() => isTyped ? Pick(typed.Values) : Mutate(Pick(values), "aA*1"));
        condition[name] = block;
    }

    private string KeyFor(string firstOperator) => Chance(0.1) ? Pick(Vocabulary.Keys).Key : firstOperator switch
    {
        "NumericEquals" => "kms:tag/Tier",
        "DateEquals" => "acs:CurrentTime",
        "Bool" => "acs:MFAPresent",
        _ => "acs:SourceIp",
    };

    /// <summary>Letter case before the slash means nothing.</summary>
    private string Recase(string key)
    {
        if (Chance(0.8))
        {
            return key;
        }

        var head = key.Split('/')[0];
        return head.ToUpperInvariant() + key[head.Length..];
    }

    private string ActionPattern(string action)
    {
        var parts = action.Split(':');
        var service = Chance(0.85) ? parts[0] : Mutate(parts[0], "kK");
        var pattern = $"{service}:{Mutate(parts[1], "kKeE")}";
        return Chance(0.1) ? pattern.ToUpperInvariant() : pattern;
    }

    private string ResourcePattern(string resource)
    {
        var fields = resource.Split(':', 5);
        fields[1] = Chance(0.9) ? fields[1] : Mutate(fields[1], "k");
        fields[2] = Chance(0.5) ? "*" : MutateField(fields[2], "c-");
        fields[3] = Chance(0.5) ? "*" : MutateField(fields[3], "1");
        fields[4] = Chance(0.05) ? fields[4].ToUpperInvariant() : Mutate(fields[4], "k/0a");
        return string.Join(':', fields);
    }

    private string MutateField(string text, string letters)
    {
        if (text.Length == 0)
        {
            return Chance(0.2) ? "?" : text;
        }

        return Chance(0.6) ? text : Mutate(text, letters);
    }

    /// <summary>The text, a pattern near it, or something else; never empty unless the text is.</summary>
    private string Mutate(string text, string letters)
    {
        if (text.Length == 0 || Chance(0.35))
        {
            return text;
        }

        var at = random.Next(text.Length);
        var end = random.Next(at, text.Length) + 1;
        if (char.IsLowSurrogate(text[at]) || (end < text.Length && char.IsLowSurrogate(text[end])))
        {
            return "*";
        }

        return random.Next(6) switch
        {
            0 => "*",
            1 => text[..at] + "*",
            2 => "*" + text[at..],
            3 => text[..at] + "*" + text[end..],
            4 when !char.IsHighSurrogate(text[at]) => text[..at] + "?" + text[(at + 1)..],
            _ => text[..at] + letters[random.Next(letters.Length)] + text[at..],
        };
    }

    private JsonNode OneOrMany(Func<string> one)
    {
        if (Chance(0.6))
        {
            return JsonValue.Create(one());
        }

        return new JsonArray([.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => (JsonNode)JsonValue.Create(one()))]);
    }

    private bool Chance(double share) => random.NextDouble() < share;

    private T Pick<T>(params IReadOnlyList<T> list) => list[random.Next(list.Count)];
}
