using KmsGateway.Policy.Documents;
using KmsGateway.Policy.Matching;

namespace KmsGateway.Policy.Evaluation;

/// <summary>
/// A tree over the characters of action patterns in lower case, up to their first wildcard. Walking it with the action asked
/// for passes exactly the patterns whose literal beginning fits: { kms:l* | kms:list* | *:describe* at the top }.
/// </summary>
internal sealed class ActionIndex
{
    internal const int NoneFound = int.MaxValue;

    // Why: a walk through the tree looks at more memory than so few patterns have, and most policies are small.
    private const int FewPatterns = 8;

    private readonly Node? root;
    private readonly Candidate[] few = [];

    private ActionIndex(IndexedStatement[] statements)
    {
        if (statements.Sum(entry => entry.Statement.Actions.Length) <= FewPatterns)
        {
            few = [.. statements.Select(entry => new Candidate(entry.Ordinal, entry.Statement, IsActionCovered: false))];
            return;
        }

        root = new Node();
        foreach (var entry in statements)
        {
            Add(root, entry);
        }

        root.Freeze();
    }

    internal static ActionIndex Of(IEnumerable<IndexedStatement> statements) => new([.. statements]);

    /// <summary>The smallest ordinal among the statements that apply.</summary>
    internal int FirstApplicable(in CheckView check) =>
        root is null ? CandidateList.Scan(few, check, NoneFound) : FirstApplicable(root, check);

    private static int FirstApplicable(Node root, in CheckView check)
    {
        var first = NoneFound;
        var node = root;
        foreach (var c in check.Action.Text)
        {
            first = node.Open.FirstApplicable(check, first);
            node = node.Next(char.IsAsciiLetterUpper(c) ? (char)(c | 0x20) : c);
            if (node is null)
            {
                return first;
            }
        }

        first = node.Open.FirstApplicable(check, first);
        return node.Closed.FirstApplicable(check, first);
    }

    private static void Add(Node root, IndexedStatement entry)
    {
        if (entry.Statement.IsNotAction)
        {
            root.Open.Add(new Candidate(entry.Ordinal, entry.Statement, IsActionCovered: false));
            return;
        }

        foreach (var pattern in entry.Statement.Actions)
        {
            Add(root, entry, pattern);
        }
    }

    private static void Add(Node root, IndexedStatement entry, ActionPattern pattern)
    {
        if (pattern.IsAny)
        {
            root.Open.Add(new Candidate(entry.Ordinal, entry.Statement, IsActionCovered: true));
            return;
        }

        var (service, name) = (pattern.Service!, pattern.Name!);
        var node = root.Descend(service.Pattern.AsSpan(0, service.LiteralPrefixLength));
        if (!service.IsLiteral)
        {
            node.Open.Add(new Candidate(entry.Ordinal, entry.Statement, IsActionCovered: false));
            return;
        }

        node = node.Descend(":").Descend(name.Pattern.AsSpan(0, name.LiteralPrefixLength));
        var list = name.IsLiteral ? node.Closed : node.Open;
        list.Add(new Candidate(entry.Ordinal, entry.Statement, IsActionCovered: name.IsLiteral || name.IsPrefix));
    }

    private sealed class Node
    {
        private SortedList<char, Node> building = [];
        private char[] edges = [];
        private Node[] next = [];

        /// <summary>Patterns that go on with a wildcard here.</summary>
        internal CandidateList Open { get; } = new();

        /// <summary>Patterns that end here.</summary>
        internal CandidateList Closed { get; } = new();

        internal Node? Next(char c)
        {
            var at = edges.AsSpan().IndexOf(c);
            return at < 0 ? null : next[at];
        }

        internal Node Descend(ReadOnlySpan<char> text)
        {
            var node = this;
            foreach (var c in text)
            {
                if (!node.building.TryGetValue(c, out var child))
                {
                    child = new Node();
                    node.building.Add(c, child);
                }

                node = child;
            }

            return node;
        }

        internal void Freeze()
        {
            edges = [.. building.Keys];
            next = [.. building.Values];
            building = [];
            Open.Freeze();
            Closed.Freeze();
            foreach (var child in next)
            {
                child.Freeze();
            }
        }
    }
}
