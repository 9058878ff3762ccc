using System.Collections.Immutable;
using KmsGateway.Gateway.Hosting.Settings;

namespace KmsGateway.Gateway.Hosting.CommandLine;

/// <summary>
/// The arguments of the service: <c>--urls</c> and settings, as <c>--Name=value</c> or <c>--Name value</c>. Settings under
/// <c>Kms</c> are judged by <see cref="SettingsReader"/> with those of all other sources.
/// </summary>
/// <param name="Values">Setting name -> value.</param>
/// <param name="Faults">One sentence each.</param>
internal sealed record ServeArguments(ImmutableDictionary<string, string?> Values, ImmutableArray<string> Faults)
{
    private static readonly string[] Sections = ["Kms:", "Logging:"];

    public static ServeArguments Parse(IReadOnlyList<string> arguments)
    {
        var values = ImmutableDictionary.CreateBuilder<string, string?>(StringComparer.OrdinalIgnoreCase);
        var faults = ImmutableArray.CreateBuilder<string>();
        var position = 0;
        while (position < arguments.Count)
        {
            position += Take(arguments, position, values, faults);
        }

        return new ServeArguments(values.ToImmutable(), faults.ToImmutable());
    }

    /// <summary>Reads one setting; answers how many arguments it took.</summary>
    private static int Take(
        IReadOnlyList<string> arguments, int position, ImmutableDictionary<string, string?>.Builder values, ImmutableArray<string>.Builder faults)
    {
        var argument = arguments[position];
        var equals = argument.IndexOf('=', StringComparison.Ordinal);
        var spelled = equals < 0 ? argument : argument[..equals];
        if (!IsSetting(spelled))
        {
            faults.Add($"The argument {Quoted.Text(spelled)} is unknown; the nearest known one is {NearestName.Of(spelled, CommandTable.KnownArguments)}.");
            return 1;
        }

        var (value, taken) = equals >= 0 ? (argument[(equals + 1)..], 1) : (ValueAfter(arguments, position), 2);
        var name = spelled[2..];
        if (value is null)
        {
            faults.Add($"The argument {Quoted.Text(spelled)} needs a value.");
            return 1;
        }

        if (!values.TryAdd(name, value))
        {
            faults.Add($"The argument {Quoted.Text(spelled)} is given twice.");
        }

        return taken;
    }

    private static string? ValueAfter(IReadOnlyList<string> arguments, int position) =>
        position + 1 < arguments.Count && !arguments[position + 1].StartsWith("--", StringComparison.Ordinal) ? arguments[position + 1] : null;

    private static bool IsSetting(string spelled) =>
        spelled.StartsWith("--", StringComparison.Ordinal)
        && (spelled.AsSpan(2).Equals(SettingsTable.Urls, StringComparison.OrdinalIgnoreCase)
            || Array.Exists(Sections, section => spelled.AsSpan(2).StartsWith(section, StringComparison.OrdinalIgnoreCase)));
}
