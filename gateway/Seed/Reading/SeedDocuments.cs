using System.Globalization;
using KmsGateway.Core.Hosting;
using KmsGateway.Policy.Documents;

namespace KmsGateway.Gateway.Seed.Reading;

/// <summary>A policy of a seed: inline as a mapping, or in a file of its own; either way it must pass the strict parser.</summary>
internal static class SeedDocuments
{
    /// <summary>The document under <paramref name="member"/>, or in the file that <c>{member}File</c> names; exactly one is given.</summary>
    public static string Read(SeedNode owner, string member, PolicyKind kind)
    {
        var (inline, file) = (owner.Find(member), owner.Find(member + "File"));
        return (inline, file) switch
        {
            ({ } node, null) => Inline(node, kind),
            (null, { } name) => FromFile(name, kind),
            (null, null) => throw owner.Fault($"{member} or {member}File is missing."),
            _ => throw file.Fault($"{member} is given as well."),
        };
    }

    private static string Inline(SeedNode node, PolicyKind kind)
    {
        var text = node.ToJson().ToJsonString();
        var parsed = PolicyParser.Parse(text, kind);
        return parsed.IsValid ? text : throw node.At(parsed.Faults[0].Pointer).Fault($"{parsed.Faults[0].Reason}: {parsed.Faults[0].Detail}");
    }

    private static string FromFile(SeedNode name, PolicyKind kind)
    {
        var (path, text) = SeedFile.ReadNamed(name);
        var parsed = PolicyParser.Parse(text, kind);
        if (parsed.IsValid)
        {
            return text;
        }

        var fault = parsed.Faults[0];
        throw new StartupException(
            StartupException.BadSettings,
            string.Create(CultureInfo.InvariantCulture, $"{path}, line {Math.Max(1, fault.Line)}, {(fault.Pointer.Length == 0 ? "the whole file" : fault.Pointer)}: {fault.Reason}: {fault.Detail}"));
    }
}
