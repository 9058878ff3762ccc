using System.Text.RegularExpressions;
using KmsGateway.Gateway.Hosting;
using KmsGateway.Gateway.Hosting.Settings;
using KmsGateway.Tests;
using Xunit;

namespace KmsGateway.Gateway.Tests.Hosting;

/// <summary>What can be said of the Dockerfile without building it.</summary>
public sealed partial class DockerfileTests
{
    private static readonly string Text = File.ReadAllText(Path.Combine(TestData.Repository, "Dockerfile"));

    [Fact]
    public void Environment_OfTheImage_IsValid()
    {
        var variables = Variable().Matches(Text).ToDictionary(match => match.Groups["name"].Value, match => match.Groups["value"].Value, StringComparer.Ordinal);
        var settings = LoadedSettings.Load([], new GatewayProcessOptions
        {
            Output = TextWriter.Null,
            Error = TextWriter.Null,
            Clock = TimeProvider.System,
            Modules = () => [],
            Environment = variables,
        });

        Assert.Equal("/data", settings.Options.DataDirectory);
        var ports = ListenAddress.ParseAll("urls", settings.Options.Urls, []).Select(address => address.Port).Append(new Uri(settings.Options.Management.Url).Port);
        Assert.Contains($"EXPOSE {string.Join(' ', ports)}\n", Text, StringComparison.Ordinal);
        Assert.Contains($"VOLUME {settings.Options.DataDirectory}\n", Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Image_Runs_NotAsRoot() => Assert.Matches(@"\nUSER \$APP_UID\n(.|\n)*\nENTRYPOINT ", Text);

    [Fact]
    public void Build_Restores_Locked() =>
        Assert.Contains(
            "RUN dotnet restore --locked-mode\nRUN dotnet build -c Release --no-restore\nRUN dotnet publish gateway -c Release --no-build -o /app\n",
            Text,
            StringComparison.Ordinal);

    [GeneratedRegex(@"(?<name>(Kms__|ASPNETCORE_)\w+)=(?<value>\S+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Variable();
}
