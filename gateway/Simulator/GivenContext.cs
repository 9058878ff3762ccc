using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using KmsGateway.Gateway.PolicyCommands;
using KmsGateway.Policy.Evaluation;
using KmsGateway.Policy.Kms;

namespace KmsGateway.Gateway.Simulator;

/// <summary>
/// The condition keys of a request. Whatever is absent is missing, but for the time, which is taken once and told
/// (simulator.md 9.4). Letter case before the first slash does not count (R-KEY-1).
/// </summary>
internal sealed class GivenContext
{
    private const string CurrentTime = "acs:CurrentTime";
    private const string TimeFormat = "yyyy-MM-ddTHH:mm:ssZ";

    private readonly ImmutableDictionary<string, (string Name, ImmutableArray<string> Values)> entries;
    private readonly bool isTimeTaken;

    private GivenContext(ImmutableDictionary<string, (string Name, ImmutableArray<string> Values)> entries, bool isTimeTaken)
    {
        this.entries = entries;
        this.isTimeTaken = isTimeTaken;
        Context = new ConditionContext(Sorted.Select(entry => KeyValuePair.Create(entry.Name, entry.Values)));
    }

    public ConditionContext Context { get; }

    /// <summary>Whether whoever asks gave any key: there is more than the time that was taken.</summary>
    public bool IsSupposed => !isTimeTaken || entries.Count > 1;

    /// <summary>In ordinal order, so that the same keys in another order are the same request.</summary>
    public IEnumerable<(string Name, ImmutableArray<string> Values)> Sorted =>
        entries.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => entry.Value);

    /// <summary>The common context of a request.</summary>
    public static GivenContext Read(InputNode? node, DateTimeOffset now)
    {
        var given = Entries(node);
        var key = Normalized(CurrentTime);
        return given.ContainsKey(key)
            ? new GivenContext(given, isTimeTaken: false)
            : new GivenContext(given.Add(key, (CurrentTime, [now.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture)])), isTimeTaken: true);
    }

    /// <summary>This one, and what is said closer to a call, which counts.</summary>
    public GivenContext With(InputNode? node)
    {
        var own = Entries(node);
        return own.IsEmpty ? this : new GivenContext(entries.SetItems(own), isTimeTaken && !own.ContainsKey(Normalized(CurrentTime)));
    }

    /// <summary>Whether whoever asks gave the key: neither the time that was taken, nor the tags of a key.</summary>
    public bool IsGiven(string name) =>
        !name.StartsWith(KmsVocabulary.TagKeyPrefix, StringComparison.OrdinalIgnoreCase)
        && !(isTimeTaken && name.Equals(CurrentTime, StringComparison.Ordinal));

    /// <summary>The member <c>context</c>: every key that was reckoned with.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject("context");
        foreach (var (name, values) in Sorted)
        {
            if (values is [var one])
            {
                json.WriteString(name, one);
                continue;
            }

            json.WriteStartArray(name);
            foreach (var value in values)
            {
                json.WriteStringValue(value);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static ImmutableDictionary<string, (string Name, ImmutableArray<string> Values)> Entries(InputNode? node)
    {
        var given = ImmutableDictionary.CreateBuilder<string, (string Name, ImmutableArray<string> Values)>(StringComparer.Ordinal);
        foreach (var (name, value) in node?.Entries() ?? [])
        {
            if (name.StartsWith(KmsVocabulary.TagKeyPrefix, StringComparison.OrdinalIgnoreCase))
            {
                throw value.Fault("is a tag, which comes from the key; say other tags in the member tags.");
            }

            if (!given.TryAdd(Normalized(name), (name, [.. value.Texts()])))
            {
                throw value.Fault("is given twice, in different letter case.");
            }
        }

        return given.ToImmutable();
    }

    private static string Normalized(string name)
    {
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? name.ToLowerInvariant() : string.Concat(name[..slash].ToLowerInvariant(), name.AsSpan(slash));
    }
}
