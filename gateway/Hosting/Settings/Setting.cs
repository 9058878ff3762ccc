using System.Globalization;

namespace KmsGateway.Gateway.Hosting.Settings;

/// <summary>What a setting's text stands for.</summary>
internal enum SettingKind
{
    None = 0,
    Text,
    Secret,
    Boolean,
    Count,
    List,
}

/// <summary>One row of <see cref="SettingsTable"/>.</summary>
/// <param name="Name">As in the settings file: <c>Kms:Tls:Names</c>.</param>
/// <param name="Kind">How its text is read.</param>
/// <param name="Default">The value's text when it is not given; null when there is none.</param>
/// <param name="Description">One sentence without a full stop; what is not there yet says so.</param>
/// <param name="Apply">Puts the values into the options; answers a fault's sentence, or null. One value, except for a list.</param>
internal sealed record Setting(
    string Name,
    SettingKind Kind,
    string? Default,
    string Description,
    Func<GatewayOptions, IReadOnlyList<string>, string?> Apply)
{
    /// <summary>How the environment spells it: <c>Kms__Tls__Names</c>.</summary>
    public string EnvironmentName => Name == SettingsTable.Urls ? "ASPNETCORE_URLS" : Name.Replace(":", "__", StringComparison.Ordinal);

    /// <summary>How the command line spells it.</summary>
    public string Argument => "--" + Name;

    public static Setting Text(string name, string? byDefault, string description, Action<GatewayOptions, string> set) =>
        One(name, SettingKind.Text, byDefault, description, set);

    public static Setting Secret(string name, string description, Action<GatewayOptions, string> set) =>
        One(name, SettingKind.Secret, byDefault: null, description, set);

    public static Setting Boolean(string name, string description, Action<GatewayOptions, bool> set) =>
        new(name, SettingKind.Boolean, "false", description, (options, values) =>
        {
            if (!bool.TryParse(values[0], out var value))
            {
                return $"{name} must be true or false; it is {Quoted.Text(values[0])}.";
            }

            set(options, value);
            return null;
        });

    public static Setting Count(string name, int byDefault, int from, int to, string description, Action<GatewayOptions, int> set) =>
        new(name, SettingKind.Count, byDefault.ToString(CultureInfo.InvariantCulture), description, (options, values) =>
        {
            if (!int.TryParse(values[0], NumberStyles.None, CultureInfo.InvariantCulture, out var value) || value < from || value > to)
            {
                return string.Create(
                    CultureInfo.InvariantCulture,
                    $"{name} must be a whole number from {from} to {to}; it is {Quoted.Text(values[0])}.");
            }

            set(options, value);
            return null;
        });

    public static Setting List(string name, string description, Action<GatewayOptions, IReadOnlyList<string>> set) =>
        new(name, SettingKind.List, Default: null, description, (options, values) =>
        {
            set(options, values);
            return null;
        });

    private static Setting One(string name, SettingKind kind, string? byDefault, string description, Action<GatewayOptions, string> set) =>
        new(name, kind, byDefault, description, (options, values) =>
        {
            set(options, values[0]);
            return null;
        });
}
