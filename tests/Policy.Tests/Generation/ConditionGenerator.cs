using System.Text.Json.Nodes;

namespace KmsGateway.Policy.Tests.Generation;

/// <summary>Conditions over the keys that requests carry.</summary>
internal sealed class ConditionGenerator(Dice dice, PatternGenerator patterns)
{
    internal JsonObject WithCondition(JsonObject statement)
    {
        if (dice.Chance(0.55))
        {
            return statement;
        }

        var condition = new JsonObject();
        for (var i = dice.Next(0, 3); i > 0; i--)
        {
            AddTest(condition);
        }

        statement["Condition"] = condition;
        return statement;
    }

    private void AddTest(JsonObject condition)
    {
        var (key, values) = dice.Pick(Vocabulary.Keys);
        var isTyped = dice.Chance(0.6);
        var typed = dice.Pick(Vocabulary.TypedOperators);
        var name = isTyped ? dice.Pick(typed.Operators) : dice.Pick(Vocabulary.TextOperators);
        if (isTyped)
        {
            key = KeyFor(typed.Operators[0]);
        }

        var block = condition[name] as JsonObject ?? [];
        block[Recase(key)] = dice.OneOrMany(() => isTyped ? dice.Pick(typed.Values) : patterns.Mutate(dice.Pick(values), "aA*1"));
        condition[name] = block;
    }

    private string KeyFor(string firstOperator) => dice.Chance(0.1) ? dice.Pick(Vocabulary.Keys).Key : firstOperator switch
    {
        "NumericEquals" => "kms:tag/Tier",
        "DateEquals" => "acs:CurrentTime",
        "Bool" => "acs:MFAPresent",
        _ => "acs:SourceIp",
    };

    /// <summary>Letter case before the slash means nothing.</summary>
    internal string Recase(string key)
    {
        if (dice.Chance(0.8))
        {
            return key;
        }

        var head = key.Split('/')[0];
        return head.ToUpperInvariant() + key[head.Length..];
    }
}
