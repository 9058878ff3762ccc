using KmsGateway.Policy.Documents;
using KmsGateway.Policy.Kms;
using KmsGateway.Policy.Matching;

namespace KmsGateway.Policy.Linting;

/// <summary>Actions and resources that the key service does not bring together. Sources: ram-policy.md 4.3, 8.</summary>
internal static class VocabularyRules
{
    private static readonly string[] Containers = ["key", "alias", "secret", "certificate"];

    internal static void UnknownAction(LintContext context)
    {
        foreach (var (at, i, pattern) in Actions(context).Where(entry => entry.Pattern.IsOfService("kms") && Permission.Of(entry.Pattern).IsEmpty))
        {
            var calls = KmsVocabulary.All.Where(action => pattern.Covers($"kms:{action.Name}")).SelectMany(action => action.Checks).Select(check => check.Action).Distinct(StringComparer.Ordinal).ToArray();
            var hint = calls.Length == 0 ? "" : $" The call needs {string.Join(" and ", calls)}.";
            context.Report("UnknownAction", $"{pattern} is no permission of the key service.{hint}", context.AtAction(at, i));
        }
    }

    /// <summary>Listed actions that no listed resource can be the resource of: by alias, by container, or altogether.</summary>
    internal static void ResourceOfAction(LintContext context)
    {
        foreach (var (at, i, pattern) in Actions(context))
        {
            var statement = context.Document.Statements[at];
            var permissions = Permission.Of(pattern);
            if (statement.IsNotAction || statement.IsNotResource || statement.Resources.IsEmpty || permissions.IsEmpty)
            {
                continue;
            }

            var isCrypto = permissions.All(permission => permission.CarriesTags);
            var alias = isCrypto ? Index(statement, IsAlias) : -1;
            if (alias >= 0)
            {
                context.Report("AliasOnCryptoAction", $"{pattern} is checked on the key behind an alias, never on the alias.", context.AtAction(at, i), context.AtResource(at, alias));
            }
            else if (!permissions.Any(permission => statement.Resources.Any(permission.CanBeOn)))
            {
                ReportMismatch(context, at, i, permissions);
            }
        }
    }

    internal static void RegionOrAccountForeign(LintContext context)
    {
        foreach (var (at, i, fields) in Resources(context))
        {
            if (IsForeign(fields.Region, context.Options.Region) || IsForeign(fields.Account, context.Options.Account))
            {
                context.Report("RegionOrAccountForeign", "Names a region or account that the resources of this account are not in.", context.AtResource(at, i));
            }
        }
    }

    private static void ReportMismatch(LintContext context, int at, int i, IEnumerable<Permission> permissions)
    {
        var statement = context.Document.Statements[at];
        var targets = permissions.SelectMany(permission => permission.Targets).SelectMany(TargetResources.Of).ToArray();
        var slash = Index(statement, pattern => Containers.Any(name => targets.Contains(name, StringComparer.Ordinal) && !pattern.IsAny && pattern.Fields.RelativeId == $"{name}/*"));
        if (slash >= 0)
        {
            context.Report("ContainerWithSlashStar", $"{statement.Actions[i]} is checked on the container, which a pattern ending in /* does not cover.", context.AtAction(at, i), context.AtResource(at, slash));
        }
        else
        {
            context.Report("ResourceTypeMismatch", $"{statement.Actions[i]} is never checked on the resources listed.", context.AtAction(at, i));
        }
    }

    /// <summary>An empty field matches nothing in a KMS name; a literal or pattern must match what is known of the account.</summary>
    private static bool IsForeign(string field, string? own) => field.Length == 0 || (own is not null && !new Wildcard(field).IsMatch(own));

    private static bool IsAlias(ResourcePattern pattern) => !pattern.IsAny && pattern.Fields.RelativeId.StartsWith("alias", StringComparison.Ordinal);

    private static int Index(Statement statement, Func<ResourcePattern, bool> test)
    {
        for (var i = 0; i < statement.Resources.Length; i++)
        {
            if (test(statement.Resources[i]))
            {
                return i;
            }
        }

        return -1;
    }

    private static IEnumerable<(int At, int Index, ActionPattern Pattern)> Actions(LintContext context) =>
        context.Document.Statements.SelectMany((statement, at) => statement.Actions.Select((pattern, i) => (at, i, pattern)));

    private static IEnumerable<(int At, int Index, Arn Fields)> Resources(LintContext context) =>
        context.Document.Statements.SelectMany((statement, at) => statement.Resources
            .Select((pattern, i) => (at, i, pattern.Fields!))
            .Where(entry => entry.Item3 is { Service: "kms" }));
}
