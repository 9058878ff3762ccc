using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Unicode;

namespace KmsGateway.Policy.Documents;

/// <summary>Strict reader of policy documents: refuses, never repairs. Source: ram-policy.md 2 and 3.</summary>
public static class PolicyParser
{
    /// <summary>
    /// Reads <paramref name="text"/> as a policy of <paramref name="kind"/>. The answer holds the document, or every fault
    /// found, at most 50; the faults of a text that is no JSON or too long come alone.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="kind"/> names no kind.</exception>
    public static PolicyParseResult Parse(string text, PolicyKind kind)
    {
        ArgumentNullException.ThrowIfNull(text);
        var rules = KindRules.Of(kind);
        if (rules.IsTooLong(text))
        {
            return Refused(new PolicyFault(PolicyFaultReasons.TooLong, "", 0, 0, $"A policy of this kind holds at most {rules.MaxSize} {(rules.CountsBytes ? "bytes" : "characters")}."));
        }

        var utf8 = new byte[Encoding.UTF8.GetMaxByteCount(text.Length)];
        var status = Utf8.FromUtf16(text, utf8, out _, out var written, replaceInvalidSequences: false);
        var source = new SourceMap(utf8[..written]);
        var faults = new PolicyFaultList(source);
        if (status != OperationStatus.Done)
        {
            faults.Add(PolicyFaultReasons.MalformedJson, "", written, "The text holds half of a surrogate pair.");
            return new PolicyParseResult(null, faults.ToImmutable());
        }

        var root = JsonTreeReader.Read(source, faults);
        var statements = root is null ? [] : new DocumentReader(rules, source, faults).Read(root);
        return faults.IsEmpty
            ? new PolicyParseResult(new PolicyDocument(kind, text, statements), [])
            : new PolicyParseResult(null, faults.ToImmutable());
    }

    private static PolicyParseResult Refused(PolicyFault fault) => new(null, ImmutableArray.Create(fault));
}
