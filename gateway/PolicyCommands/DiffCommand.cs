using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using KmsGateway.Policy.Analysis;
using KmsGateway.Policy.Documents;

namespace KmsGateway.Gateway.PolicyCommands;

/// <summary><c>policy diff</c>: what an edit of identity policies changes, over all calls there can be. Source: simulator.md 6.</summary>
internal sealed class DiffCommand() : FormattedVerb("diff", "Tell what an edit of identity policies changes, each region with a call that shows it.", Text, Json)
{
    private const string Same = "same";
    private const string NoWider = "no-wider";

    private readonly Argument<string> before = new("before") { Description = "a policy, or a folder of policies that count together" };
    private readonly Argument<string> after = new("after") { Description = "the same after the edit" };
    private readonly Option<string?> expect = VerbOptions.Choice("--expect", $"{Same} or {NoWider}; exit code 1 when it is not so", Same, NoWider);

    protected override void AddTo(Command command)
    {
        command.Add(before);
        command.Add(after);
        command.Add(expect);
    }

    protected override int Run(ParseResult parsed, string format, TextWriter output)
    {
        var difference = PolicyComparison.Compare(Subject(parsed.GetRequiredValue(before)), Subject(parsed.GetRequiredValue(after)));
        var expected = parsed.GetValue(expect);
        var isMet = expected switch
        {
            Same => difference.IsEmpty,
            NoWider => !difference.Regions.Any(MayBeWider),
            _ => true,
        };
        if (format == Json)
        {
            WriteJson(output, writer =>
            {
                writer.WriteBoolean("isComplete", difference.IsComplete);
                writer.WriteStartArray("regions");
                foreach (var region in difference.Regions)
                {
                    AnalysisText.Write(writer, region);
                }

                writer.WriteEndArray();
            });
        }
        else
        {
            WriteText(output, difference.Regions);
            output.Write(isMet ? "" : $"FAIL: expected {expected}{output.NewLine}");
        }

        return isMet ? 0 : Failed;
    }

    /// <summary>Something is allowed that was not, or would be by a later grant, or may be.</summary>
    private static bool MayBeWider(PolicyRegion region) =>
        region.Change is RegionChange.Widened or RegionChange.DenyRemoved or RegionChange.Unknown;

    private static PolicySubject Subject(string path) =>
        PolicySubject.OfDocuments([.. PolicyFile.ReadAll(path, PolicyKind.Identity).Select(file => file.Parse())]);

    private static void WriteText(TextWriter output, ImmutableArray<PolicyRegion> regions)
    {
        foreach (var region in regions)
        {
            output.WriteLine(AnalysisText.Of(region));
            if (region.Witness is { } witness)
            {
                output.WriteLine($"  {region.Before} -> {region.After}: {AnalysisText.Of(witness)}");
            }
        }

        output.WriteLine(regions.IsEmpty ? "same: every call is decided as before" : string.Create(CultureInfo.InvariantCulture, $"{regions.Length} regions"));
    }
}
