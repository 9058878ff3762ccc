using System.Collections.Concurrent;
using KmsGateway.Policy.Documents;
using KmsGateway.Policy.Tests.Generation;
using KmsGateway.Policy.Tests.Laws;
using Xunit.Abstractions;

namespace KmsGateway.Policy.Tests.Documents;

/// <summary>Damaged documents: the parser answers with faults or with a document that writes and reads back, and never throws.</summary>
public sealed class PolicyParserFuzzTests(ITestOutputHelper output)
{
    private const int Documents = 30_000;
    private const int FullDocuments = 1_000_000;
    private const int TimeLimitMilliseconds = 60 * 60 * 1000;

    private static readonly string[] Pieces =
    [
        "{", "}", "[", "]", "\"", ":", ",", "\\", "\\u0041", "\\uD83D", "\\u0000", "*", "?", "/", "0", "-1e5", "true", "null", " ", "\n", "\t", "/**/", "\uFEFF", "\uD83D", "\uDD11", "\U0001F511", "\u0000", "${x}",
        "\"Effect\":\"Deny\",", "\"Action\":[],", "\"Condition\":{\"Bool\":{\"a:b\":\"true\"}},", "[[[[[[[[[[", "\"Statement\"", "NaN",
    ];

    /// <summary>KMSGATEWAY_FULL=1 damages a million documents; KMSGATEWAY_SEED repeats a run. A document that hangs ends the test.</summary>
    [Fact(Timeout = TimeLimitMilliseconds)]
    public async Task Parse_OfDamagedDocument_NeverThrowsOrHangs()
    {
        var count = RandomRun.Count(Documents, FullDocuments);
        var first = RandomRun.FirstSeed();
        var (accepted, problems) = await Task.Run(() => ParseAll(first, count));
        output.WriteLine($"first seed {first}: {accepted} of {count} accepted");
        Assert.Empty(problems);
        Assert.InRange(accepted, count / 100, count / 2);
    }

    private static (int Accepted, IReadOnlyCollection<string> Problems) ParseAll(int first, int count)
    {
        var problems = new ConcurrentBag<string>();
        var accepted = 0;
        Parallel.For(0, count, i =>
        {
            var (text, kind) = Damaged(first + i);
            var problem = Problem(text, kind, ref accepted);
            if (problem is not null)
            {
                problems.Add($"seed {first + i}: {problem}\n{text}");
            }
        });
        return (accepted, problems);
    }

    private static string? Problem(string text, PolicyKind kind, ref int accepted)
    {
        try
        {
            var result = PolicyParser.Parse(text, kind);
            if (result.Document is not { } document)
            {
                return result.Faults.IsEmpty ? "neither document nor fault" : null;
            }

            Interlocked.Increment(ref accepted);
            var again = PolicyParser.Parse(PolicyWriter.Write(document), kind).Document;
            return again is not null && Shape.AreEqual(document, again) ? null : "does not read back";
        }
#pragma warning disable CA1031 // any exception at all is the finding
        catch (Exception fault)
#pragma warning restore CA1031
        {
            return fault.ToString();
        }
    }

    internal static (string Text, PolicyKind Kind) Damaged(int seed)
    {
        var random = new Random(seed);
        var call = new CaseGenerator(seed).Case();
        var check = call.Checks[0];
        var (text, kind) = check.ResourcePolicy is not null && random.Next(2) == 0
            ? (check.ResourcePolicy, check.IsTrust ? PolicyKind.Trust : PolicyKind.Key)
            : (new CaseGenerator(seed).Document(call.Checks), PolicyKind.Identity);
        for (var times = random.Next(1, 4); times > 0 && text.Length > 0; times--)
        {
            var at = random.Next(text.Length);
            var end = Math.Min(text.Length, at + random.Next(1, 12));
            text = random.Next(5) switch
            {
                0 => text[..at] + text[end..],
                1 => text[..at] + Pieces[random.Next(Pieces.Length)] + text[at..],
                2 => text[..at] + Pieces[random.Next(Pieces.Length)] + text[end..],
                3 => text[..end] + text[at..],
                _ => text[..at] + (char)random.Next(0x20, 0x7F) + text[(at + 1)..],
            };
        }

        return (text, kind);
    }
}
