using System.Collections.Immutable;
using System.Text.Json.Nodes;
using KmsGateway.Policy.Analysis;
using KmsGateway.Policy.Documents;
using KmsGateway.Policy.Evaluation;
using KmsGateway.Policy.Tests.Generation;

namespace KmsGateway.Policy.Tests.Analysis;

/// <summary>Policies over the small universe, made from a seed.</summary>
internal sealed class SmallPolicies
{
    private static readonly (string[] Operators, string[] Values)[] TextTests =
    [
        (["StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"], ["a", "b", "ab", "A", "true", "acs:ram::1:user/u"]),
        (["StringLike", "StringNotLike"], ["a*", "*b", "?", "*", "a?", "t*", "*user/?"]),
    ];

    private static readonly (string[] Operators, string[] Values) Numbers =
        (["NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals", "NumericGreaterThan", "NumericGreaterThanEquals"], ["1", "1.00", "2", "-3"]);

    private static readonly (string[] Operators, string[] Values) Dates =
        (["DateEquals", "DateNotEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals"], ["2026-01-01T00:00:00Z", "2026-06-01T00:00:00.5Z"]);

    private static readonly (string[] Operators, string[] Values) Flags = (["Bool"], ["true", "false", "TRUE"]);

    private static readonly (string[] Operators, string[] Values) Addresses = (["IpAddress", "NotIpAddress"], ["10.0.0.0/8", "10.1.0.0/16", "::/0", "10.1.2.3", "0.0.0.0/0"]);

    private readonly Dice dice;

    internal SmallPolicies(int seed, int keyCount = 2)
    {
        dice = new Dice(seed);
        var all = SmallUniverse.Values.Keys.ToList();
        for (var i = 0; i < keyCount; i++)
        {
            var key = dice.Pick(all);
            all.Remove(key);
            Keys.Add(key);
        }
    }

    /// <summary>The condition keys that the policies look at.</summary>
    internal List<string> Keys { get; } = [];

    /// <summary>Identity policies by themselves, or a caller with everything.</summary>
    internal PolicySubject Subject() => dice.Chance(0.4)
        ? PolicySubject.OfDocuments(Document(PolicyKind.Identity))
        : Caller();

    internal PolicySubject Caller()
    {
        var policies = new PolicySet(
            dice.Chance(0.9) ? [Document(PolicyKind.Identity)] : [],
            dice.Chance(0.2) ? Document(PolicyKind.Session) : null,
            dice.Chance(0.2) ? [[Document(PolicyKind.Control)]] : []);
        var resources = ImmutableArray.CreateBuilder<ResourcePolicy>();
        if (dice.Chance(0.4))
        {
            resources.Add(new ResourcePolicy(dice.Pick("acs:kms:c:1:a", "acs:kms:c:2:a"), Bound(PolicyKind.Key, "kms", "D*", "Decrypt", "*")));
        }

        if (dice.Chance(0.4))
        {
            resources.Add(new ResourcePolicy(dice.Pick("acs:ram::1:role/a", "acs:ram::2:role/a"), Bound(PolicyKind.Trust, "sts", "AssumeRole", "*")));
        }

        return new PolicySubject(SmallUniverse.User, policies, resources.ToImmutable());
    }

    /// <summary>The same with one of its identity policies changed.</summary>
    internal PolicySubject Edited(PolicySubject subject)
    {
        var identity = subject.Policies.Identity;
        var statements = identity.SelectMany(document => document.Statements).ToList();
        if (statements.Count > 0 && dice.Chance(0.6))
        {
            statements.RemoveAt(dice.Next(statements.Count));
        }

        if (statements.Count == 0 || dice.Chance(0.6))
        {
            statements.AddRange(Document(PolicyKind.Identity).Statements.Take(1));
        }

        ImmutableArray<PolicyDocument> edited = [Parse(PolicyWriter.Write(statements), PolicyKind.Identity)];
        return subject.With(new PolicySet(edited, subject.Policies.Session, subject.Policies.Control), subject.ResourcePolicies);
    }

    internal string Action() => dice.Next(8) switch
    {
        0 => "*",
        1 => "kms:*",
        2 => $"{dice.Pick("kms", "k*", "*", "?ms")}:{dice.Pick("Decrypt", "decrypt", "D*", "De*", "*x", "D?", "*crypt")}",
        3 => "sts:AssumeRole",
        _ => $"kms:{dice.Pick("D", "Dx", "D*", "Decrypt", "Describe*", "*Key", "?", "D?*")}",
    };

    internal string Resource() => dice.Chance(0.25)
        ? "*"
        : $"acs:{dice.Pick("kms", "kms", "*", "ram", "?ms")}:{dice.Pick("*", "*", "c", "", "?", "c*")}:{dice.Pick("*", "*", "1", "?", "2")}:{dice.Pick("a", "a*", "*b", "?", "??", "*", "a?b", "role/*", "*a*", "b*")}";

    internal static PolicyDocument Parse(string text, PolicyKind kind)
    {
        var result = PolicyParser.Parse(text, kind);
        return result.Document ?? throw new InvalidDataException($"{string.Join("; ", result.Faults)} in {text}");
    }

    private PolicyDocument Document(PolicyKind kind) => OfStatements(kind, () => new JsonObject
    {
        [dice.Chance(0.85) ? "Action" : "NotAction"] = dice.OneOrMany(Action),
        [dice.Chance(0.85) ? "Resource" : "NotResource"] = dice.OneOrMany(Resource),
    });

    private PolicyDocument Bound(PolicyKind kind, string service, params string[] names) => OfStatements(kind, () =>
    {
        var statement = new JsonObject
        {
            ["Principal"] = new JsonObject { ["RAM"] = dice.OneOrMany(() => dice.Pick("acs:ram::1:root", "acs:ram::1:user/u", "acs:ram::1:user/v", "acs:ram::2:root")) },
            ["Action"] = dice.OneOrMany(() => $"{service}:{dice.Pick(names)}"),
        };
        if (kind == PolicyKind.Key)
        {
            statement["Resource"] = "*";
        }

        return statement;
    });

    private PolicyDocument OfStatements(PolicyKind kind, Func<JsonObject> make)
    {
        var statements = new JsonArray();
        for (var i = dice.Next(1, 4); i > 0; i--)
        {
            var statement = make();
            statement["Effect"] = dice.Chance(0.65) ? "Allow" : "Deny";
            if (dice.Chance(0.6))
            {
                statement["Condition"] = Condition();
            }

            statements.Add(statement);
        }

        return Parse(new JsonObject { ["Version"] = "1", ["Statement"] = statements }.ToJsonString(), kind);
    }

    private JsonObject Condition()
    {
        var condition = new JsonObject();
        for (var i = dice.Next(1, 3); i > 0; i--)
        {
            var key = dice.Pick(Keys);
            var (operators, values) = TestsFor(key);
            var name = dice.Pick(operators);
            var block = condition[name] as JsonObject ?? [];
            block[key] = dice.OneOrMany(() => dice.Pick(values));
            condition[name] = block;
        }

        return condition;
    }

    private (string[] Operators, string[] Values) TestsFor(string key) => dice.Chance(0.1) ? dice.Pick(TextTests) : key switch
    {
        "x:n" => Numbers,
        "acs:MFAPresent" => Flags,
        "acs:SourceIp" => Addresses,
        "acs:CurrentTime" => Dates,
        _ => dice.Pick(TextTests),
    };
}
