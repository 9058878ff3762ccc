using System.Collections.Immutable;

namespace KmsGateway.Policy.Documents;

/// <summary>The outer object: Version and Statement. Source: ram-policy.md R-DOC-2, -4, -5, -6.</summary>
internal sealed class DocumentReader(KindRules rules, SourceMap source, PolicyFaultList faults)
{
    internal ImmutableArray<Statement> Read(SourceNode root)
    {
        FindDuplicates(root, "");
        if (root.Kind != SourceNodeKind.Object)
        {
            faults.Add(PolicyFaultReasons.NotAnObject, "", root, "A policy is an object.");
            return [];
        }

        foreach (var member in root.Members)
        {
            if (member.Name is not ("Version" or "Statement"))
            {
                faults.Add(PolicyFaultReasons.UnknownMember, PolicyFaultList.Below("", member.Name), member, "A policy has the members Version and Statement only.");
            }
        }

        ReadVersion(root);
        return ReadStatements(root);
    }

    private void ReadVersion(SourceNode root)
    {
        var version = root.Find("Version");
        if (version is null)
        {
            faults.AddMissing("Version", "", root);
        }
        else if (!version.IsString || version.Text != "1")
        {
            faults.Add(PolicyFaultReasons.InvalidVersion, "/Version", version, "Version is the string \"1\".");
        }
    }

    private ImmutableArray<Statement> ReadStatements(SourceNode root)
    {
        var list = root.Find("Statement");
        if (list is null)
        {
            faults.AddMissing("Statement", "", root);
            return [];
        }

        if (list.Kind != SourceNodeKind.Array)
        {
            faults.Add(PolicyFaultReasons.InvalidStatement, "/Statement", list, "Statement is an array of objects.");
            return [];
        }

        if (list.Items.Count == 0)
        {
            faults.Add(PolicyFaultReasons.EmptyList, "/Statement", list, "Statement holds at least one statement.");
        }

        var reader = new StatementReader(rules, source, faults);
        var statements = ImmutableArray.CreateBuilder<Statement>(list.Items.Count);
        for (var i = 0; i < list.Items.Count; i++)
        {
            statements.Add(reader.Read(list.Items[i], PolicyFaultList.Below("/Statement", i)));
        }

        return statements.MoveToImmutable();
    }

    /// <summary>Every object of the text, wherever it stands: which of two equal names counts must never be a question.</summary>
    private void FindDuplicates(SourceNode node, string pointer)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in node.Members)
        {
            var below = PolicyFaultList.Below(pointer, member.Name);
            if (!names.Add(member.Name))
            {
                faults.Add(PolicyFaultReasons.DuplicateMember, below, member, $"{PolicyFaultList.Quote(member.Name)} is there twice.");
            }

            FindDuplicates(member.Value, below);
        }

        for (var i = 0; i < node.Items.Count; i++)
        {
            FindDuplicates(node.Items[i], PolicyFaultList.Below(pointer, i));
        }
    }
}
