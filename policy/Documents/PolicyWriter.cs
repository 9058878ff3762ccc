using System.Text;

namespace KmsGateway.Policy.Documents;

/// <summary>
/// Canonical JSON of a document: members in the order of the grammar, no blanks, one value as a string, several as a list,
/// only the escapes that JSON demands. It is never longer than the source, and parsing it gives an equal document.
/// </summary>
public static class PolicyWriter
{
    /// <summary>The canonical text.</summary>
    public static string Write(PolicyDocument document)
    {
        ArgumentNullException.ThrowIfNull(document);
        return Write(document.Statements);
    }

    internal static string Write(IEnumerable<Statement> statements)
    {
        var text = new StringBuilder("{\"Version\":\"1\",\"Statement\":[");
        var separator = "";
        foreach (var statement in statements)
        {
            text.Append(separator);
            WriteStatement(text, statement);
            separator = ",";
        }

        return text.Append("]}").ToString();
    }

    internal static string WriteStatement(Statement statement)
    {
        var text = new StringBuilder();
        WriteStatement(text, statement);
        return text.ToString();
    }

    private static void WriteStatement(StringBuilder text, Statement statement)
    {
        text.Append('{');
        if (statement.Sid is not null)
        {
            AppendString(text.Append("\"Sid\":"), statement.Sid).Append(',');
        }

        text.Append("\"Effect\":\"").Append(statement.Effect).Append('"');
        WritePrincipals(text, statement);
        WriteList(text.Append(statement.IsNotAction ? ",\"NotAction\":" : ",\"Action\":"), statement.Actions.Select(action => action.Text));
        if (!statement.Resources.IsEmpty)
        {
            WriteList(text.Append(statement.IsNotResource ? ",\"NotResource\":" : ",\"Resource\":"), statement.Resources.Select(resource => resource.Text));
        }

        WriteConditions(text, statement);
        text.Append('}');
    }

    private static void WritePrincipals(StringBuilder text, Statement statement)
    {
        if (statement.Principals.IsEmpty)
        {
            return;
        }

        text.Append(",\"Principal\":");
        var separator = '{';
        foreach (var kind in statement.Principals.GroupBy(entry => entry.Kind))
        {
            AppendString(text.Append(separator), PrincipalSyntax.NameOf(kind.Key)).Append(':');
            WriteList(text, kind.Select(entry => entry.Text));
            separator = ',';
        }

        text.Append('}');
    }

    private static void WriteConditions(StringBuilder text, Statement statement)
    {
        if (statement.Conditions.IsEmpty)
        {
            return;
        }

        text.Append(",\"Condition\":");
        var outer = '{';
        foreach (var block in statement.Conditions.GroupBy(condition => condition.Operator.Name, StringComparer.Ordinal))
        {
            AppendString(text.Append(outer), block.Key).Append(':');
            var inner = '{';
            foreach (var condition in block)
            {
                AppendString(text.Append(inner), condition.Key.Text).Append(':');
                WriteList(text, condition.Values);
                inner = ',';
            }

            text.Append('}');
            outer = ',';
        }

        text.Append('}');
    }

    private static void WriteList(StringBuilder text, IEnumerable<string> values)
    {
        var list = values.ToArray();
        if (list.Length == 1)
        {
            AppendString(text, list[0]);
            return;
        }

        var separator = '[';
        foreach (var value in list)
        {
            AppendString(text.Append(separator), value);
            separator = ',';
        }

        text.Append(']');
    }

    private static StringBuilder AppendString(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (var c in value)
        {
            _ = c switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\b' => text.Append("\\b"),
                '\f' => text.Append("\\f"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                < ' ' => text.Append(System.Globalization.CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => text.Append(c),
            };
        }

        return text.Append('"');
    }
}
