using System.Text.Json.Nodes;
using KmsGateway.Gateway.Ram.Storage;
using KmsGateway.Policy.Kms;

namespace KmsGateway.Gateway.Ram;

/// <summary>One row of ListPolicies.</summary>
internal sealed record PolicyListing(string SortKey, JsonObject Answer)
{
    private const string SystemPrefix = "0/";
    private const string CustomPrefix = "1/";

    /// <summary>The rows after the marker: system policies in ordinal order, then custom ones by name.</summary>
    public static IReadOnlyList<PolicyListing> Page(
        RamReader reader, string account, string? type, string? tagFilter, Paging page)
    {
        var rows = new List<PolicyListing>();
        if (type != PolicyType.Custom && tagFilter is null && !page.After.StartsWith(CustomPrefix, StringComparison.Ordinal))
        {
            var since = AccountTable.Find(reader, account)!.CreatedAt;
            rows.AddRange(SystemPolicies.All
                .Where(policy => string.CompareOrdinal(SystemPrefix + policy.Name, page.After) > 0)
                .Take(page.Rows)
                .Select(policy => System(reader, account, policy, since)));
        }

        if (type != PolicyType.System && rows.Count < page.Rows)
        {
            var after = page.After.StartsWith(CustomPrefix, StringComparison.Ordinal) ? page.After[CustomPrefix.Length..] : string.Empty;
            rows.AddRange(PolicyTable.Page(reader, account, tagFilter, after, page.Rows - rows.Count)
                .Select(policy => Custom(reader, account, policy)));
        }

        return rows;
    }

    private static PolicyListing System(RamReader reader, string account, SystemPolicy policy, long since)
    {
        var answer = PolicyAnswer.Full(policy, since);
        answer["AttachmentCount"] = AttachmentTable.CountHolders(reader, account, null, policy.Name);
        answer["Tags"] = TagList.Answer([]);
        return new PolicyListing(SystemPrefix + policy.Name, answer);
    }

    private static PolicyListing Custom(RamReader reader, string account, PolicyRecord policy)
    {
        var answer = PolicyAnswer.Full(policy);
        answer["AttachmentCount"] = AttachmentTable.CountHolders(reader, account, policy.Id, null);
        answer["Tags"] = TagList.Answer(TagTable.OfPolicy(reader, policy.Id));
        return new PolicyListing(CustomPrefix + IdentityTable.NameKey(policy.Name), answer);
    }
}
