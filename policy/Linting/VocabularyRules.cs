using System.Collections.Immutable;
using KmsGateway.Policy.Kms;
using KmsGateway.Policy.Matching;

namespace KmsGateway.Policy.Linting;

/// <summary>Actions and resources that the key service does not bring together. Sources: ram-policy.md 4.3, 8.</summary>
internal static class VocabularyRules
{
    internal static void UnknownAction(LintContext context)
    {
        foreach (var (at, i, pattern) in context.Actions.Where(entry => entry.Pattern.IsOfService("kms") && context.PermissionsOf(entry.Pattern).IsEmpty))
        {
            var calls = KmsVocabulary.All.Where(action => pattern.Covers($"kms:{action.Name}")).SelectMany(action => action.Checks).Select(check => check.Action).Distinct(StringComparer.Ordinal).ToArray();
            var hint = calls.Length == 0 ? "" : $" The call needs {string.Join(" and ", calls)}.";
            if (!context.Report("UnknownAction", $"{pattern} is no permission of the key service.{hint}", context.AtAction(at, i)))
            {
                return;
            }
        }
    }

    /// <summary>Listed actions that no listed resource can be the resource of: by alias, by container, or altogether.</summary>
    internal static void ResourceOfAction(LintContext context)
    {
        foreach (var (at, statement) in context.Statements.Where(entry => entry.Statement is { IsNotAction: false, IsNotResource: false, Resources.IsEmpty: false }))
        {
            var reach = new ResourceReach(context.Questions, statement.Resources);
            for (var i = 0; i < statement.Actions.Length && !reach.IsEverything; i++)
            {
                if (context.PermissionsOf(statement.Actions[i]) is { IsEmpty: false } permissions)
                {
                    Judge(context, at, i, permissions, reach);
                }
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

    private static void Judge(LintContext context, int at, int i, ImmutableArray<Permission> permissions, ResourceReach reach)
    {
        var action = context.Document.Statements[at].Actions[i];
        if (reach.Alias >= 0 && permissions.All(permission => permission.CarriesTags))
        {
            context.Report("AliasOnCryptoAction", $"{action} is checked on the key behind an alias, never on the alias.", context.AtAction(at, i), context.AtResource(at, reach.Alias));
            return;
        }

        if (permissions.Any(reach.CanBeAskedOf))
        {
            return;
        }

        if (reach.BelowContainer(permissions) is var below and >= 0)
        {
            context.Report("ContainerWithSlashStar", $"{action} is checked on the container, which a pattern ending in /* does not cover.", context.AtAction(at, i), context.AtResource(at, below));
        }
        else
        {
            context.Report("ResourceTypeMismatch", $"{action} is never checked on the resources listed.", context.AtAction(at, i));
        }
    }

    /// <summary>An empty field matches nothing in a KMS name; a literal or pattern must match what is known of the account.</summary>
    private static bool IsForeign(string field, string? own) => field.Length == 0 || (own is not null && !new Wildcard(field).IsMatch(own));

    private static IEnumerable<(int At, int Index, Arn Fields)> Resources(LintContext context) =>
        context.Statements.SelectMany(entry => entry.Statement.Resources
            .Select((pattern, i) => (entry.At, i, pattern.Fields!))
            .Where(entry => entry.Item3 is { Service: "kms" }));
}
