using System.Text.Json;
using KmsGateway.Policy.Tests.Generation;

namespace KmsGateway.Policy.Tests.Reference;

/// <summary>R-EVAL-1: a statement applies when its action, resource, principal and all its conditions match.</summary>
internal sealed class ReferenceStatements(SeededFault fault)
{
    private readonly ReferenceConditions conditions = new(fault);

    internal bool Applies(JsonElement statement, GeneratedPrincipal principal, GeneratedCheck check) =>
        ActionMatches(statement, check.Action)
        && ResourceMatches(statement, check.Resource)
        && (!statement.TryGetProperty("Principal", out var named) || PrincipalMatches(named, principal))
        && (!statement.TryGetProperty("Condition", out var condition) || conditions.AreMet(condition, check.Context));

    /// <summary>R-PRN-4: only a key policy, only the key's own account, only when nothing but an account-wide entry matches.</summary>
    internal bool Grants(JsonElement statement, GeneratedPrincipal principal, GeneratedCheck check, string keyOwner)
    {
        if (check.IsTrust || keyOwner != principal.Account || fault == SeededFault.AccountWideEntryGrants)
        {
            return true;
        }

        return !statement.GetProperty("Principal").TryGetProperty("RAM", out var entries)
            || Strings(entries).Any(entry => RamEntryMatches(entry, principal) && !IsAccountWide(entry));
    }

    /// <summary>R-ACT-4: a list matches when one element matches. R-ACT-5: NotAction when none does.</summary>
    private bool ActionMatches(JsonElement statement, string action)
    {
        if (statement.TryGetProperty("Action", out var actions))
        {
            return Strings(actions).Any(element => ActionMatches(element, action));
        }

        var isListed = Strings(statement.GetProperty("NotAction")).Any(element => ActionMatches(element, action));
        return fault == SeededFault.NotActionMeansAction ? isListed : !isListed;
    }

    /// <summary>R-ACT-1, -2, -3.</summary>
    private bool ActionMatches(string element, string action)
    {
        if (element == "*")
        {
            return true;
        }

        if (fault != SeededFault.ActionCaseMatters)
        {
            element = AsciiLower(element);
            action = AsciiLower(action);
        }

        var (pattern, asked) = (element.Split(':'), action.Split(':'));
        return Matches(pattern[0], asked[0]) && Matches(pattern[1], asked[1]);
    }

    /// <summary>R-RES-2, R-RES-9; a trust policy has no Resource and speaks of its own role.</summary>
    private bool ResourceMatches(JsonElement statement, string resource)
    {
        if (statement.TryGetProperty("Resource", out var resources))
        {
            return Strings(resources).Any(element => ResourceMatches(element, resource));
        }

        if (!statement.TryGetProperty("NotResource", out var excluded))
        {
            return true;
        }

        var isListed = Strings(excluded).Any(element => ResourceMatches(element, resource));
        return fault == SeededFault.NotResourceMeansResource ? isListed : !isListed;
    }

    /// <summary>R-RES-1, -3 to -8.</summary>
    private bool ResourceMatches(string element, string resource)
    {
        if (element == "*")
        {
            return true;
        }

        if (resource == "*")
        {
            return fault == SeededFault.ArnPatternCoversNoResource;
        }

        if (fault == SeededFault.ResourceCaseIgnored)
        {
            element = AsciiLower(element);
            resource = AsciiLower(resource);
        }

        if (fault == SeededFault.ResourceMatchedAsOneText)
        {
            return Matches(element, resource);
        }

        // "the first four colons separate the fields, later ones belong to the relative id"
        var (pattern, asked) = (element.Split(':', 5), resource.Split(':', 5));
        if (fault == SeededFault.ItemsCoverTheirContainer && pattern[4].EndsWith("/*", StringComparison.Ordinal) && pattern[4][..^2] == asked[4])
        {
            asked[4] += "/";
        }

        return Enumerable.Range(0, 5).All(field => Matches(pattern[field], asked[field]));
    }

    /// <summary>R-PRN-1: one entry of one kind; each kind matches its own callers.</summary>
    private bool PrincipalMatches(JsonElement named, GeneratedPrincipal principal) =>
        named.EnumerateObject().Any(kind => Strings(kind.Value).Any(entry => kind.Name switch
        {
            "RAM" => RamEntryMatches(entry, principal),
            "Service" => principal.Type == "Service" && entry == principal.Name,
            "Federated" => principal.Type == "Federated" && entry == principal.Name,
            _ => false,
        }));

    /// <summary>R-PRN-2, R-PRN-3.</summary>
    private bool RamEntryMatches(string entry, GeneratedPrincipal principal)
    {
        var fields = entry.Split(':', 5);
        if (principal.Type is not ("User" or "Role" or "Root") || (fields[3] != principal.Account && fault != SeededFault.PrincipalAccountIgnored))
        {
            return false;
        }

        if (IsAccountWide(entry))
        {
            return fields[4] == "root" || fault != SeededFault.AccountStarMatchesNobody;
        }

        return fields[4] == $"{principal.Type.ToLowerInvariant()}/{principal.Name}"
            || (fault == SeededFault.RoleEntryMatchesUsers && principal.Type != "Root" && fields[4].Split('/')[0] is "role");
    }

    private static bool IsAccountWide(string entry) => entry.Split(':', 5)[4] is "root" or "*";

    private bool Matches(string pattern, string text) => ReferenceWildcard.Matches(pattern, text, fault);

    /// <summary>"a string or a non-empty list"</summary>
    internal static IEnumerable<string> Strings(JsonElement element) =>
        element.ValueKind == JsonValueKind.Array ? element.EnumerateArray().Select(item => item.GetString()!) : [element.GetString()!];

    private static string AsciiLower(string text) => string.Concat(text.Select(c => c is >= 'A' and <= 'Z' ? (char)(c + 32) : c));
}
