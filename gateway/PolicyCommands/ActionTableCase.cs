using System.Collections.Frozen;
using KmsGateway.Policy.Kms;

namespace KmsGateway.Gateway.PolicyCommands;

/// <summary>The rows of the action table against the vocabulary: a case is a row.</summary>
internal static class ActionTableCase
{
    /// <summary>Where an alias is taken besides what the table says. Source: decisions.md D9.</summary>
    private static readonly FrozenSet<(string Api, string Parameter)> Settled = new[] { ("ReEncrypt", "SourceKeyId") }.ToFrozenSet();

    private static readonly FrozenDictionary<CheckTargetKind, string> Targets = new Dictionary<CheckTargetKind, string>
    {
        [CheckTargetKind.Anything] = "none",
        [CheckTargetKind.Key] = "key",
        [CheckTargetKind.Alias] = "alias",
        [CheckTargetKind.KeyBehindAlias] = "aliaskey",
        [CheckTargetKind.CiphertextKey] = "cipher",
        [CheckTargetKind.Secret] = "secret",
        [CheckTargetKind.SecretKey] = "secretkey",
        [CheckTargetKind.KeyOrSecretOrCertificate] = "keyorsecret",
        [CheckTargetKind.KeyContainer] = "keybox",
        [CheckTargetKind.AliasContainer] = "aliasbox",
        [CheckTargetKind.SecretContainer] = "secretbox",
    }.ToFrozenDictionary();

    public static IEnumerable<GoldenCase> All(InputNode file)
    {
        file.WithMembers("format", "kind", "topic", "apis");
        return file.Required("apis").Items().Select(row => new GoldenCase(GoldenCase.NameOf(row, "api"), () => Run(row)));
    }

    private static string? Run(InputNode row)
    {
        row.WithMembers("api", "checks", "aliasParams", "source");
        var api = row.Required("api").Text();
        if (row.Required("source").Text() is not ("documented" or "project"))
        {
            throw row.Required("source").Fault("must be documented or project.");
        }

        var expected = string.Join("; ", row.Required("checks").Items().Select(Expected));
        var aliases = string.Join(", ", row.Required("aliasParams").Texts());
        if (KmsVocabulary.Find(api) is not { } action)
        {
            return $"expected {expected}, found no such call";
        }

        var checks = string.Join("; ", action.Checks.Select(Actual));
        var found = string.Join(", ", action.AliasParameters.Where(name => !Settled.Contains((api, name))));
        return checks == expected && found == aliases
            ? null
            : $"expected {expected} (aliases: {aliases}), found {checks} (aliases: {found})";
    }

    private static string Expected(InputNode check)
    {
        check.WithMembers("action", "target", "tags");
        return Text(check.Required("action").Text(), check.Required("target").Text(), GoldenCase.Flag(check.Required("tags")));
    }

    private static string Actual(CheckSpec check)
    {
        var target = Targets.GetValueOrDefault(check.Target) ?? check.Target.ToString();
        return Text(check.Action, $"{target}{(check.IsOptional ? "?" : "")}{(check.Parameter is { } name ? $":{name}" : "")}", check.CarriesTags);
    }

    private static string Text(string action, string target, bool hasTags) => $"{action} on {target}{(hasTags ? " with tags" : "")}";
}
