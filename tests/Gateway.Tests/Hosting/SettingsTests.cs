using System.Collections;
using System.Text.Json;
using KmsGateway.Core.Hosting;
using KmsGateway.Gateway.Hosting;
using KmsGateway.Gateway.Hosting.Settings;
using KmsGateway.Tests;
using Xunit;

namespace KmsGateway.Gateway.Tests.Hosting;

public sealed class SettingsTests : IDisposable
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private readonly TempDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public void Defaults_OfTheOptions_AreAsPublished() =>
        GoldenText.Check("defaults.json", JsonSerializer.Serialize(new GatewayOptions(), Indented) + "\n");

    [Fact]
    public void Defaults_OfTheTable_AreThoseOfTheOptions()
    {
        var options = new GatewayOptions();
        foreach (var setting in SettingsTable.All.Where(setting => setting.Default is not null))
        {
            Assert.Null(setting.Apply(options, [setting.Default!]));
        }

        Assert.Equal(JsonSerializer.Serialize(new GatewayOptions()), JsonSerializer.Serialize(options));
    }

    [Fact]
    public void Defaults_Judged_AreValid() => Assert.True(new GatewayOptionsValidator().Validate(name: null, new GatewayOptions()).Succeeded);

    [Fact]
    public void Table_EveryMemberOfTheOptions_HasARowOfThatName() =>
        Assert.Equal(
            MembersOf(typeof(GatewayOptions), "Kms").Order(StringComparer.Ordinal),
            SettingsTable.All.Select(setting => setting.Name == SettingsTable.Urls ? "Kms:Urls" : setting.Name).Order(StringComparer.Ordinal));

    [Fact]
    public void Table_EveryRow_SetsAMemberOfItsOwn()
    {
        var untouched = JsonSerializer.Serialize(new GatewayOptions());
        var results = SettingsTable.All.Select(setting =>
        {
            var options = new GatewayOptions();
            var value = setting.Kind switch { SettingKind.Boolean => "true", SettingKind.Count => "123456", _ => "marker" };
            Assert.Null(setting.Apply(options, [setting.Name.EndsWith("Days", StringComparison.Ordinal) && setting.Name.Contains("Quotas", StringComparison.Ordinal) ? "123" : value]));
            return JsonSerializer.Serialize(options);
        }).ToArray();

        Assert.DoesNotContain(untouched, results);
        Assert.Distinct(results);
    }

    [Fact]
    public void Markdown_OfTheTable_HasARowPerSetting()
    {
        var lines = SettingsTable.ToMarkdown().Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(SettingsTable.All.Length + 2, lines.Length);
        Assert.Contains("| `Kms:Region` | `Kms__Region` | `cn-hangzhou` | The region this service answers for |", lines);
        Assert.All(lines, line => Assert.Equal(5, line.Count(character => character == '|')));
    }

    [Fact]
    public void Readme_SettingsBlock_IsTheTable()
    {
        var path = Path.Combine(TestData.Repository, "README.md");
        var readme = File.Exists(path) ? File.ReadAllText(path) : "";
        var expected = ReplaceBlock(readme, SettingsTable.ToMarkdown());
        if (GoldenText.IsUpdating && expected.Length > 0)
        {
            File.WriteAllText(path, expected);
            readme = expected;
        }

        Assert.Equal(expected, readme);
    }

    [Theory]
    [InlineData("a\n<!-- settings:begin -->\nold\n<!-- settings:end -->\nb\n", "a\n<!-- settings:begin -->\nnew\n<!-- settings:end -->\nb\n")]
    [InlineData("no block\n", "no block\n")]
    public void Readme_Block_IsReplacedBetweenItsMarkers(string before, string after) => Assert.Equal(after, ReplaceBlock(before, "new\n"));

    [Fact]
    public void Load_NothingGiven_IsTheDefault() =>
        Assert.Equal(JsonSerializer.Serialize(new GatewayOptions()), JsonSerializer.Serialize(Load([], file: null).Options));

    [Fact]
    public void Load_AllSources_TheLastOneWins()
    {
        const string file = """{"Kms":{"Region":"cn-file","Store":"sqlite","DataDirectory":"file"}}""";
        var options = Load(["--Kms:Region", "cn-line"], file, ("Kms__Region", "cn-environment"), ("KMS__DATADIRECTORY", "environment")).Options;

        Assert.Equal(("cn-line", "environment", "sqlite"), (options.Region, options.DataDirectory, options.Store));
    }

    [Fact]
    public void Load_ListInTwoSources_TheLaterReplacesItWhole()
    {
        const string file = """{"Kms":{"Tls":{"Names":["a.test","b.test","c.test"]},"TrustedProxies":["10.0.0.1","10.0.0.2"]}}""";
        var options = Load(["--Kms:Tls:Names=d.test, e.test"], file, ("Kms__TrustedProxies__0", "10.9.0.0/16")).Options;

        Assert.Equal(["d.test", "e.test"], options.Tls.Names);
        Assert.Equal(["10.9.0.0/16"], options.TrustedProxies);
    }

    [Fact]
    public void Load_EmptyValue_CountsAsAbsent()
    {
        var options = Load([], """{"Kms":{"Core":{"Address":null},"Tls":{"Names":[]}}}""", ("Kms__Bootstrap__AccountId", ""), ("Kms__Region", "")).Options;

        Assert.Equal(("cn-hangzhou", null, null), (options.Region, options.Core.Address, options.Bootstrap.AccountId));
    }

    [Fact]
    public void Load_UnknownNames_AreNamedWithTheirSource()
    {
        var faults = Faults([], """{"Kms":{"Quotas":{"KeyPerRegion":1}}}""", ("Kms__Hsm__Pin", "x"), ("PATH", "/bin"), ("KmsOther", "x"));

        Assert.Equal(
            """
            The setting "Kms:Quotas:KeyPerRegion" in appsettings.json is unknown; the nearest known name is Kms:Quotas:KeysPerRegion.
            The setting "Kms:Hsm:Pin" in the environment is unknown; the nearest known name is Kms:Hsm:PinFile.
            """,
            faults);
    }

    [Fact]
    public void Load_FileThatIsNoJson_IsAFault() =>
        Assert.StartsWith($"The file {directory.File("appsettings.json")} cannot be read: ", Faults([], "{"), StringComparison.Ordinal);

    [Fact]
    public void Load_ContainerVariables_DoNotMoveTheService() =>
        Assert.Equal(new GatewayOptions().Urls, Load([], null, ("ASPNETCORE_HTTP_PORTS", "8080"), ("URLS", "http://*:1")).Options.Urls);

    [Fact]
    public void Load_AspNetCoreUrls_IsTheListenAddress() =>
        Assert.Equal("http://127.0.0.1:1", Load([], null, ("ASPNETCORE_URLS", "http://127.0.0.1:1")).Options.Urls);

    [Fact]
    public void Load_EverythingWrong_NamesEveryFaultAtOnce()
    {
        string[] arguments =
        [
            "--urls", "ftp://127.0.0.1:1;http://0.0.0.0:80;http://example.com:80;http://127.0.0.1:80/x;http://127.0.0.1:99999;http://localhost:0;http://127.0.0.1:81;http://127.0.0.1:81;nonsense",
            "--Kms:Region=CN_Hangzhou",
            "--Kms:Bootstrap:AccountId=123",
            "--Kms:Bootstrap:AccessKeyId=short",
            "--Kms:Core:Address=http://core:8760",
            "--Kms:Core:CaFile=/nowhere/ca.pem",
            "--Kms:Core:Id=two words",
            "--Kms:Management:Url=https://0.0.0.0:8751",
            "--Kms:Tls:Names=ok.test,not ok,*.test",
            "--Kms:Tls:CertificateFile=/nowhere/server.pem",
            "--Kms:TrustedProxies=10.0.0.1/8,0.0.0.0/0,proxy,::ffff:10.0.0.0/104",
            "--Kms:AllowPlainHttp=perhaps",
            "--Kms:Replay:MaxEntries=999",
            "--Kms:Cache:Megabytes=0",
            "--Kms:Quotas:KeysPerRegion=0",
            "--Kms:Quotas:UsersPerAccount=1000001",
            "--Kms:Store=PostgreSql",
            "--Kms:Hsm:Library=/usr/lib/softhsm/libsofthsm2.so",
            "--Kms:Hsm:PinFile=pin",
            "--Kms:Log:Format=xml",
            "--Kms:Nothing=1",
            "--nothing",
        ];

        GoldenText.Check("everything-wrong.txt", Faults(arguments, file: null) + "\n");
    }

    [Theory]
    [InlineData("--Kms:Bootstrap:AccessKeyId=AKID000000000001", "Kms:Bootstrap:AccessKeyId needs Kms:Bootstrap:AccessKeySecret.")]
    [InlineData("--Kms:Bootstrap:AccessKeySecret=secret-secret-secret", "Kms:Bootstrap:AccessKeySecret needs Kms:Bootstrap:AccessKeyId.")]
    [InlineData("--Kms:Store=MySql", "Kms:Store must be Sqlite; it is \"MySql\".")]
    [InlineData("--Kms:Management:Url=http://0.0.0.0:8751",
        "Kms:Management:Url serves plain http on \"http://0.0.0.0:8751\", which is not loopback; use https, or set Kms:AllowPlainHttp=true.")]
    [InlineData("--Kms:Management:Url=http://127.0.0.1:8750", "Kms:Management:Url and urls both name \"http://127.0.0.1:8750\".")]
    [InlineData("--urls=http://[::]:8750", "urls serves plain http on \"http://[::]:8750\", which is not loopback; use https, or set Kms:AllowPlainHttp=true.")]
    [InlineData("--urls=http://*:8750", "urls serves plain http on \"http://*:8750\", which is not loopback; use https, or set Kms:AllowPlainHttp=true.")]
    [InlineData("--urls=http://unix:/run/kms.sock", "urls must hold addresses without a path; it holds \"http://unix:/run/kms.sock\".")]
    [InlineData("--urls=;", "urls names no address.")]
    [InlineData("--Kms:Core:Address=core:8760", "Kms:Core:Address must be https://host:port, unix:/path or http:// on loopback; it is \"core:8760\".")]
    [InlineData("--Kms:Core:Address=https://core/path", "Kms:Core:Address must be https://host:port, unix:/path or http:// on loopback; it is \"https://core/path\".")]
    [InlineData("--Kms:Core:Address=unix:core.sock",
        "Kms:Core:Address must name a Unix socket by an absolute path of at most 107 bytes; it is \"unix:core.sock\".")]
    public void Load_OneFault_IsOneSentence(string argument, string fault) => Assert.Equal(fault, Faults([argument], file: null));

    [Fact]
    public void Load_WrongSecret_IsNotQuoted()
    {
        const string secret = "hunter2";

        var faults = Faults(["--Kms:Bootstrap:AccessKeyId=AKID000000000001", $"--Kms:Bootstrap:AccessKeySecret={secret}"], file: null);

        Assert.Equal("Kms:Bootstrap:AccessKeySecret must be 16 to 128 printable ASCII characters without blanks.", faults);
    }

    [Theory]
    [InlineData("--Kms:Quotas:KeysPerRegion=1")]
    [InlineData("--Kms:Quotas:KeysPerRegion=1000000")]
    [InlineData("--Kms:Replay:MaxEntries=1024")]
    [InlineData("--Kms:Replay:MaxEntries=67108864")]
    [InlineData("--Kms:Cache:Megabytes=1")]
    [InlineData("--Kms:Cache:Megabytes=1048576")]
    [InlineData("--Kms:Core:Address=https://core:8760")]
    [InlineData("--Kms:Core:Address=http://127.0.0.1:8760")]
    [InlineData("--Kms:Core:Address=unix:/run/core.sock")]
    [InlineData("--Kms:AllowPlainHttp=true", "--urls=http://0.0.0.0:8750;https://*:8743", "--Kms:Management:Url=http://*:8751")]
    [InlineData("--urls=https://0.0.0.0:8743")]
    [InlineData("--urls=http://localhost:8750;http://[::1]:8752")]
    [InlineData("--urls=http://127.0.0.1:0;http://127.0.0.1:0")]
    [InlineData("--Kms:Tls:Names=kms.example.test,10.0.0.7,fd00::7")]
    [InlineData("--Kms:TrustedProxies=10.0.0.0/8,192.168.1.4,fd00::/8")]
    [InlineData("--Kms:Bootstrap:AccountId=1000000000000001", "--Kms:Bootstrap:AccessKeyId=AKID000000000001", "--Kms:Bootstrap:AccessKeySecret=0123456789abcdef")]
    public void Load_AtTheLimit_IsAccepted(params string[] arguments) => Assert.NotNull(Load(arguments, file: null));

    [Theory]
    [InlineData(107, true)]
    [InlineData(108, false)]
    public void CoreAddress_SocketPath_IsAtMost107Bytes(int bytes, bool isAccepted)
    {
        var options = new GatewayOptions();
        options.Core.Address = "unix:/" + new string('a', bytes - 1);

        Assert.Equal(isAccepted, new GatewayOptionsValidator().Validate(name: null, options).Succeeded);
    }

    private static string ReplaceBlock(string readme, string table)
    {
        const string begin = "<!-- settings:begin -->\n";
        const string end = "<!-- settings:end -->";
        var from = readme.IndexOf(begin, StringComparison.Ordinal);
        var to = readme.IndexOf(end, StringComparison.Ordinal);
        return from < 0 || to < from ? readme : string.Concat(readme.AsSpan(0, from + begin.Length), table, readme.AsSpan(to));
    }

    private static IEnumerable<string> MembersOf(Type type, string prefix)
    {
        foreach (var property in type.GetProperties())
        {
            var name = $"{prefix}:{property.Name}";
            var isSection = property.PropertyType.Namespace == typeof(GatewayOptions).Namespace && !typeof(IEnumerable).IsAssignableFrom(property.PropertyType);
            foreach (var member in isSection ? MembersOf(property.PropertyType, name) : [name])
            {
                yield return member;
            }
        }
    }

    private string Faults(string[] arguments, string? file, params (string Name, string Value)[] environment)
    {
        var exception = Assert.Throws<StartupException>(() => Load(arguments, file, environment));
        Assert.Equal(64, exception.ExitCode);
        return exception.Message;
    }

    private LoadedSettings Load(string[] arguments, string? file, params (string Name, string Value)[] environment)
    {
        if (file is not null)
        {
            File.WriteAllText(directory.File("appsettings.json"), file);
        }

        return LoadedSettings.Load(arguments, new GatewayProcessOptions
        {
            Output = TextWriter.Null,
            Error = TextWriter.Null,
            Clock = TimeProvider.System,
            Modules = () => [],
            ContentRoot = directory.Path,
            Environment = environment.ToDictionary(entry => entry.Name, entry => entry.Value, StringComparer.Ordinal),
        });
    }
}
