using System.Collections.Immutable;

namespace KmsGateway.Policy.Documents;

/// <summary>The Principal element of key and trust policies. Source: ram-policy.md R-DOC-20.</summary>
internal sealed class PrincipalReader(KindRules rules, PolicyFaultList faults)
{
    internal ImmutableArray<PrincipalEntry> Read(SourceNode statement, string pointer)
    {
        var node = statement.Find("Principal");
        if (node is null)
        {
            faults.AddMissing("Principal", pointer, statement);
            return [];
        }

        var below = $"{pointer}/Principal";
        if (node.Kind != SourceNodeKind.Object || node.Members.Count == 0)
        {
            faults.Add(PolicyFaultReasons.InvalidPrincipal, below, node, "Principal is a non-empty object.");
            return [];
        }

        var entries = new List<PrincipalEntry>();
        foreach (var member in node.Members)
        {
            ReadKind(member, PolicyFaultList.Below(below, member.Name), entries);
        }

        return [.. entries.OrderBy(entry => entry.Kind)];
    }

    private void ReadKind(SourceMember member, string pointer, List<PrincipalEntry> entries)
    {
        if (!PrincipalSyntax.TryParseKind(member.Name, out var kind) || !rules.PrincipalKinds.Contains(kind))
        {
            faults.Add(PolicyFaultReasons.InvalidPrincipal, pointer, member, $"{PolicyFaultList.Quote(member.Name)} is no kind of principal here.");
            return;
        }

        entries.AddRange(StringList.Read(
            member.Value,
            pointer,
            PolicyFaultReasons.InvalidPrincipal,
            faults,
            text => PrincipalSyntax.TryParse(kind, text, rules.AllowsAccountStar)));
    }
}
