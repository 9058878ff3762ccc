using System.Text.Json;
using System.Text.Json.Nodes;
using KmsGateway.Policy.Documents;
using KmsGateway.Policy.Tests.Generation;

namespace KmsGateway.Policy.Tests.Laws;

public sealed class DocumentLawsTests
{
    private const int Count = 10_000;

    [Fact]
    public void Write_OfAnyDocument_ParsesBackToTheSame() =>
        Law.Holds(Count, seed =>
        {
            foreach (var (text, kind) in Documents(seed))
            {
                var document = PolicyParser.Parse(text, kind).Document!;
                var written = PolicyWriter.Write(document);
                var again = PolicyParser.Parse(written, kind).Document!;
                if (!Shape.AreEqual(document, again) || PolicyWriter.Write(again) != written || written.Length > text.Length)
                {
                    return false;
                }
            }

            return true;
        });

    [Fact]
    public void Parse_OfAnyLayout_GivesTheSameDocument() =>
        Law.Holds(Count, seed =>
        {
            foreach (var (text, kind) in Documents(seed))
            {
                var document = PolicyParser.Parse(text, kind).Document!;
                var indented = JsonNode.Parse(text)!.ToJsonString(new JsonSerializerOptions { WriteIndented = true });
                var again = PolicyParser.Parse(indented, kind);
                if (again.Document is null ? again.Faults[0].Reason != PolicyFaultReasons.TooLong : !Shape.AreEqual(document, again.Document))
                {
                    return false;
                }
            }

            return true;
        });

    private static IEnumerable<(string Text, PolicyKind Kind)> Documents(int seed)
    {
        var given = new CaseGenerator(seed).Case();
        var identity = given.Policies.Identity.Select(text => (text, PolicyKind.Identity));
        var resource = given.Checks
            .Where(check => check.ResourcePolicy is not null)
            .Select(check => (check.ResourcePolicy!, check.IsTrust ? PolicyKind.Trust : PolicyKind.Key));
        return identity.Concat(resource);
    }
}
