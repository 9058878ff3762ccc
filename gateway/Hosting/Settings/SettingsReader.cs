using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace KmsGateway.Gateway.Hosting.Settings;

/// <summary>Where values come from, and what a fault calls it.</summary>
/// <param name="Name"><c>appsettings.json</c>, <c>the environment</c>, <c>the command line</c>.</param>
/// <param name="Values">What it says.</param>
internal sealed record SettingsSource(string Name, IConfigurationRoot Values);

/// <summary>
/// Sources, lowest first -> options. A later source replaces a setting whole, lists included: entries of two sources never mix.
/// An empty value counts as absent. Names that are not in <see cref="SettingsTable"/> are faults.
/// </summary>
internal static class SettingsReader
{
    private const string Section = "Kms";

    public static GatewayOptions Read(IEnumerable<SettingsSource> sources, ICollection<string> faults)
    {
        var given = new Dictionary<Setting, IReadOnlyList<string>>();
        foreach (var source in sources)
        {
            foreach (var (setting, values) in ReadSource(source, faults))
            {
                given[setting] = values;
            }
        }

        var options = new GatewayOptions();
        foreach (var setting in SettingsTable.All)
        {
            if (given.TryGetValue(setting, out var values) && setting.Apply(options, values) is { } fault)
            {
                faults.Add(fault);
            }
        }

        return options;
    }

    private static Dictionary<Setting, IReadOnlyList<string>> ReadSource(SettingsSource source, ICollection<string> faults)
    {
        var found = new Dictionary<Setting, SortedList<int, string>>();
        var entries = source.Values.AsEnumerable().OrderBy(entry => entry.Key, StringComparer.OrdinalIgnoreCase);
        foreach (var (key, value) in entries)
        {
            if (string.IsNullOrEmpty(value) || !IsOurs(key))
            {
                continue;
            }

            var (setting, index) = Match(key);
            if (setting is null)
            {
                var nearest = NearestName.Of(key, SettingsTable.All.Select(known => known.Name));
                faults.Add($"The setting {Quoted.Text(key)} in {source.Name} is unknown; the nearest known name is {nearest}.");
                continue;
            }

            if (!found.TryGetValue(setting, out var values))
            {
                values = [];
                found.Add(setting, values);
            }

            values[index] = value;
        }

        return found.ToDictionary(entry => entry.Key, entry => Split(entry.Key, entry.Value));
    }

    private static bool IsOurs(string key) =>
        key.Equals(Section, StringComparison.OrdinalIgnoreCase)
        || key.StartsWith(Section + ":", StringComparison.OrdinalIgnoreCase)
        || key.Equals(SettingsTable.Urls, StringComparison.OrdinalIgnoreCase);

    /// <summary>A list is given as <c>Name:0</c>, <c>Name:1</c>, or as one text with commas, which sorts before them.</summary>
    private static (Setting? Setting, int Index) Match(string key)
    {
        if (SettingsTable.Find(key) is { } setting)
        {
            return (setting, -1);
        }

        var colon = key.LastIndexOf(':');
        return colon > 0
            && SettingsTable.Find(key[..colon]) is { Kind: SettingKind.List } list
            && int.TryParse(key.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var index)
                ? (list, index)
                : (null, 0);
    }

    private static IReadOnlyList<string> Split(Setting setting, SortedList<int, string> values) =>
        setting.Kind == SettingKind.List
            ? [.. values.Values.SelectMany(text => text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))]
            : [.. values.Values];
}
