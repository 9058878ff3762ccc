using System.Collections;
using KmsGateway.Core.Hosting;
using KmsGateway.Gateway.Hosting.CommandLine;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;

namespace KmsGateway.Gateway.Hosting.Settings;

/// <summary>All sources, read and judged.</summary>
/// <param name="Options">Valid.</param>
/// <param name="Logging">The <c>Logging</c> section of all sources together.</param>
internal sealed record LoadedSettings(GatewayOptions Options, IConfiguration Logging)
{
    private const string FileName = "appsettings.json";

    private static readonly Dictionary<string, string?> DefaultLevels = new(StringComparer.Ordinal)
    {
        ["Logging:LogLevel:Default"] = "Information",
        ["Logging:LogLevel:Microsoft"] = "Warning",
        ["Logging:LogLevel:Yarp"] = "Warning",
    };

    /// <summary>Reads the settings of a service that was started with these arguments.</summary>
    /// <exception cref="StartupException">64; one sentence per fault, one per line.</exception>
    public static LoadedSettings Load(IReadOnlyList<string> arguments, GatewayProcessOptions process)
    {
        var line = ServeArguments.Parse(arguments);
        var faults = new List<string>(line.Faults);
        SettingsSource[] sources =
        [
            new(FileName, ReadFile(process.ContentRoot, faults)),
            new("the environment", ReadEnvironment(process.Environment)),
            new("the command line", InMemory(line.Values)),
        ];
        var options = SettingsReader.Read(sources, faults);
        faults.AddRange(new GatewayOptionsValidator().Validate(name: null, options).Failures ?? []);
        if (faults.Count > 0)
        {
            throw new StartupException(StartupException.BadSettings, string.Join('\n', faults));
        }

        var all = new ConfigurationBuilder().Add(new MemoryConfigurationSource { InitialData = DefaultLevels });
        foreach (var source in sources)
        {
            all.AddConfiguration(source.Values);
        }

        return new LoadedSettings(options, all.Build().GetSection("Logging"));
    }

    private static IConfigurationRoot ReadFile(string directory, List<string> faults)
    {
        try
        {
            return new ConfigurationBuilder().SetBasePath(directory).AddJsonFile(FileName, optional: true, reloadOnChange: false).Build();
        }
        catch (InvalidDataException exception)
        {
            faults.Add($"The file {Path.Combine(directory, FileName)} cannot be read: {exception.InnerException?.Message ?? exception.Message}");
            return InMemory([]);
        }
    }

    /// <summary>
    /// Sections of this program only. Why ASPNETCORE_URLS alone: base images of containers set other variables of that family,
    /// and nobody would expect them to move this service.
    /// </summary>
    private static IConfigurationRoot ReadEnvironment(IReadOnlyDictionary<string, string>? given)
    {
        var variables = given?.AsEnumerable()
            ?? Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
                .Select(entry => KeyValuePair.Create((string)entry.Key, (string?)entry.Value ?? ""));
        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in variables)
        {
            var key = name.Replace("__", ":", StringComparison.Ordinal);
            if (name == "ASPNETCORE_URLS")
            {
                values[SettingsTable.Urls] = value;
            }
            else if (key.StartsWith("Kms:", StringComparison.OrdinalIgnoreCase) || key.StartsWith("Logging:", StringComparison.OrdinalIgnoreCase))
            {
                values[key] = value;
            }
        }

        return InMemory(values);
    }

    private static IConfigurationRoot InMemory(IEnumerable<KeyValuePair<string, string?>> values) =>
        new ConfigurationBuilder().Add(new MemoryConfigurationSource { InitialData = values }).Build();
}
