using System.Text.Json.Nodes;
using KmsGateway.Gateway.Catalogue;
using KmsGateway.Gateway.Startup;
using KmsGateway.Gateway.Tests.Accounts;
using KmsGateway.Gateway.Tests.Hosting;
using KmsGateway.Gateway.Tests.Pipeline;
using KmsGateway.Tests;

namespace KmsGateway.Gateway.Tests.Seed;

/// <summary><c>Kms:Seed</c> at start, and the <c>seed</c> and <c>ram</c> commands.</summary>
public sealed class SeedTests : IDisposable
{
    private const string Team = "2000000000000002";
    private const string AliceKey = "LTAIaliceAliceAlice01";
    private const string AliceSecret = "aliceSecretAliceSecret01";

    private readonly TempDirectory directory = new();

    private string Data => directory.File("data");

    public void Dispose() => directory.Dispose();

    public static TheoryData<string> Forms { get; } = ["seed.yaml", "seed.json"];

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Seed_AtTheFirstStart_MakesWhatItDeclaresAndTheSecondFindsNothingToChange(string form)
    {
        var file = Write(form, form.EndsWith("json", StringComparison.Ordinal) ? Json() : Yaml);
        Write("alice.secret", AliceSecret + "\n");
        string keyId;
        await using (var gateway = await StartAsync(file))
        {
            Assert.Matches($"seed: +{file}, [0-9]+ changes made\n", gateway.Hosted.Output.ToString());
            Assert.Contains(gateway.Hosted.Log.Lines, line => line.Contains($"Seed: + user {Team}/alice", StringComparison.Ordinal));
            var alice = new ApiCaller(AliceKey, AliceSecret);
            var encrypted = await gateway.KmsAsync(alice, "Encrypt", ("KeyId", "alias/apollo"), ("Plaintext", "aGVsbG8="));
            Assert.Equal("OK", encrypted.Code);
            keyId = encrypted["KeyId"];
            Assert.Equal("Forbidden.NoPermission", (await gateway.KmsAsync(alice, "CreateKey")).Code);
            var identity = await gateway.CallAsync(new ApiCaller("LTAIrootOfTheTeam001", "rootOfTheTeamSecret01"), ActionCatalogue.StsVersion, "GetCallerIdentity");
            Assert.Equal(Team, identity["AccountId"]);
        }

        await using var again = await StartAsync(file);
        Assert.Contains("nothing to change", again.Hosted.Output.ToString(), StringComparison.Ordinal);
        Assert.Equal(keyId, (await again.KmsAsync(new ApiCaller(AliceKey, AliceSecret), "Encrypt", ("KeyId", keyId), ("Plaintext", "aGVsbG8=")))["KeyId"]);
        var plan = (await OperatorCommands.RunAsync(Data, "seed", file, "--dry-run", "--format", "json")).Json;
        Assert.Equal((0, 0, 0), ((int)plan["pending"]!, (int)plan["made"]!, (int)plan["kept"]!));
    }

    [Fact]
    public async Task Ids_OfTheSameSeedInTwoDeployments_AreTheSame()
    {
        var file = Write("seed.yaml", Yaml);
        Write("alice.secret", AliceSecret);
        var seen = new List<string>();
        foreach (var data in new[] { "one", "two" })
        {
            await using var gateway = await StartAsync(file, directory.File(data));
            var root = new ApiCaller("LTAIrootOfTheTeam001", "rootOfTheTeamSecret01");
            seen.Add((await gateway.CallAsync(root, ActionCatalogue.RamVersion, "GetUser", ("UserName", "alice")))["User", "UserId"]);
            seen.Add((await gateway.CallAsync(root, ActionCatalogue.RamVersion, "GetRole", ("RoleName", "app")))["Role", "RoleId"]);
            seen.Add((await gateway.KmsAsync(root, "DescribeKey", ("KeyId", "alias/apollo")))["KeyMetadata", "KeyId"]);
        }

        Assert.Equal(seen[..3], seen[3..]);
        Assert.Equal(3, seen.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task Command_OnAChangedFile_ShowsTheDifferencesThenMakesThem()
    {
        var file = Write("seed.yaml", Yaml);
        Write("alice.secret", AliceSecret);
        await using var gateway = await StartAsync(file);
        var root = new ApiCaller("LTAIrootOfTheTeam001", "rootOfTheTeamSecret01");
        Assert.Equal("OK", (await gateway.CallAsync(
            root, ActionCatalogue.RamVersion, "AttachPolicyToUser", ("UserName", "alice"), ("PolicyName", "AliyunKMSReadOnlyAccess"), ("PolicyType", "System"))).Code);
        Write("seed.yaml", Yaml
            .Replace("kms:Encrypt, ", "", StringComparison.Ordinal)
            .Replace("displayName: Alice", "displayName: Alice A", StringComparison.Ordinal)
            .Replace("Project: Apollo }", "Project: Apollo, Stage: test }", StringComparison.Ordinal)
            .Replace("status: Active", "status: Inactive", StringComparison.Ordinal)
            .Replace("maxSessionDuration: 3600", "maxSessionDuration: 7200", StringComparison.Ordinal)
            .Replace("description: keys of Apollo", "description: keys of Artemis", StringComparison.Ordinal)
            .Replace("[alias/apollo]", "[alias/apollo, alias/artemis]", StringComparison.Ordinal));
        string[] expected =
        [
            $"~ policy {Team}/UseApollo: document, as a new default version",
            $"~ role {Team}/app: MaxSessionDuration",
            $"~ user {Team}/alice: DisplayName",
            $"! attachment {Team}/user/alice system/AliyunKMSReadOnlyAccess: not in the file, kept",
            $"~ access key {Team}/alice {AliceKey}: Inactive",
            $"~ key {Team}/apollo KEY: description",
            $"~ key {Team}/apollo KEY: tags Stage",
            $"+ alias {Team}/alias/artemis of apollo",
        ];
        var key = (await gateway.KmsAsync(root, "DescribeKey", ("KeyId", "alias/apollo")))["KeyMetadata", "KeyId"];
        var dry = await OperatorCommands.RunAsync(Data, "seed", file, "--dry-run");
        Assert.Equal((1, ""), (dry.ExitCode, dry.Error));
        Assert.Equal([.. expected, "0 changes made, 7 to make, 1 differences kept"], dry.Output.TrimEnd('\n').Replace(key, "KEY", StringComparison.Ordinal).Split('\n'));
        var real = await OperatorCommands.RunAsync(Data, "seed", file);
        Assert.Equal((0, ""), (real.ExitCode, real.Error));
        Assert.Equal([.. expected, "7 changes made, 0 to make, 1 differences kept"], real.Output.TrimEnd('\n').Replace(key, "KEY", StringComparison.Ordinal).Split('\n'));
        var pruned = await OperatorCommands.RunAsync(Data, "seed", file, "--prune");
        Assert.Equal($"- attachment {Team}/user/alice system/AliyunKMSReadOnlyAccess\n1 changes made, 0 to make, 0 differences kept\n", pruned.Output);
        Assert.Equal("InvalidAccessKeyId.Inactive", (await gateway.KmsAsync(new ApiCaller(AliceKey, AliceSecret), "ListKeys")).Code);
        Assert.Equal("Artemis", (await gateway.KmsAsync(root, "DescribeKey", ("KeyId", "alias/artemis")))["KeyMetadata", "Description"].Split(' ')[^1]);
    }

    [Fact]
    public async Task Policy_DeletedAndSeededAgainNarrower_IsJudgedByTheNewDocumentAtOnce()
    {
        var file = Write("seed.yaml", Yaml);
        Write("alice.secret", AliceSecret);
        await using var gateway = await StartAsync(file);
        var root = new ApiCaller("LTAIrootOfTheTeam001", "rootOfTheTeamSecret01");
        Task<ApiAnswer> EncryptAsync() => gateway.KmsAsync(new ApiCaller(AliceKey, AliceSecret), "Encrypt", ("KeyId", "alias/apollo"), ("Plaintext", "aGVsbG8="));
        async Task RamAsync(string action, params (string Name, string Value)[] parameters) =>
            Assert.Equal("OK", (await gateway.CallAsync(root, ActionCatalogue.RamVersion, action, [("PolicyName", "UseApollo"), .. parameters])).Code);
        Assert.Equal("OK", (await EncryptAsync()).Code);
        await RamAsync("DetachPolicyFromGroup", ("PolicyType", "Custom"), ("GroupName", "devs"));
        await RamAsync("DetachPolicyFromRole", ("PolicyType", "Custom"), ("RoleName", "app"));
        await RamAsync("DeletePolicy");

        Write("seed.yaml", Yaml.Replace("kms:Encrypt, ", "", StringComparison.Ordinal));
        Assert.Equal(0, (await OperatorCommands.RunAsync(Data, "seed", file)).ExitCode);

        Assert.Equal("Forbidden.NoPermission", (await EncryptAsync()).Code);
    }

    [Fact]
    public async Task AccessKey_OfAnotherSecret_IsReplacedAtOnce()
    {
        var file = Write("seed.yaml", Yaml);
        Write("alice.secret", AliceSecret);
        await using var gateway = await StartAsync(file);
        Write("alice.secret", "aliceOtherSecretSecret02");
        Assert.Equal(0, (await OperatorCommands.RunAsync(Data, "seed", file)).ExitCode);
        Assert.Equal("SignatureDoesNotMatch", (await gateway.KmsAsync(new ApiCaller(AliceKey, AliceSecret), "ListKeys")).Code);
        Assert.Equal("OK", (await gateway.KmsAsync(new ApiCaller(AliceKey, "aliceOtherSecretSecret02"), "Encrypt", ("KeyId", "alias/apollo"), ("Plaintext", "aGVsbG8="))).Code);
        Assert.DoesNotContain(gateway.Hosted.Log.Lines, line => line.Contains("Secret02", StringComparison.Ordinal) || line.Contains(AliceSecret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task RootKey_ThatWasRotated_DoesNotComeBackAtTheNextStart()
    {
        var file = Write("seed.yaml", Yaml);
        Write("alice.secret", AliceSecret);
        await (await StartAsync(file)).DisposeAsync();
        var rotated = (await OperatorCommands.RunAsync(Data, "accounts", "rotate-root", Team, "--format", "json", "--show-secret")).Json;

        await using var again = await StartAsync(file);
        Assert.Contains("nothing to change", again.Hosted.Output.ToString(), StringComparison.Ordinal);
        Assert.Contains(
            again.Hosted.Log.Lines, line => line.Contains($"Seed: ! root access key {Team} LTAIrootOfTheTeam001: the root has another one, kept", StringComparison.Ordinal));
        Assert.Equal("InvalidAccessKeyId.NotFound", (await again.KmsAsync(new ApiCaller("LTAIrootOfTheTeam001", "rootOfTheTeamSecret01"), "ListKeys")).Code);
        Assert.Equal("OK", (await again.KmsAsync(new ApiCaller((string)rotated["accessKeyId"]!, (string)rotated["accessKeySecret"]!), "ListKeys")).Code);
    }

    [Theory]
    [InlineData("DeleteAccessKey", AliceSecret, "InvalidAccessKeyId.NotFound", "not there although its user is, not made again")]
    [InlineData("UpdateAccessKey", AliceSecret, "InvalidAccessKeyId.Inactive", "is Inactive, kept")]
    [InlineData("UpdateAccessKey", "aliceOtherSecretSecret02", "InvalidAccessKeyId.Inactive", "is Inactive, kept")]
    public async Task AccessKey_ThatWasRevoked_DoesNotComeBackAtTheNextStart(string revoke, string secretOfTheFile, string code, string told)
    {
        var file = Write("seed.yaml", Yaml);
        Write("alice.secret", AliceSecret);
        await using (var gateway = await StartAsync(file))
        {
            var root = new ApiCaller("LTAIrootOfTheTeam001", "rootOfTheTeamSecret01");
            (string Name, string Value)[] status = revoke == "UpdateAccessKey" ? [("Status", "Inactive")] : [];
            Assert.Equal("OK", (await gateway.CallAsync(
                root, ActionCatalogue.RamVersion, revoke, [("UserName", "alice"), ("UserAccessKeyId", AliceKey), .. status])).Code);
        }

        Write("alice.secret", secretOfTheFile);
        await using var again = await StartAsync(file);
        Assert.Contains("nothing to change", again.Hosted.Output.ToString(), StringComparison.Ordinal);
        Assert.Contains(again.Hosted.Log.Lines, line => line.Contains($"Seed: ! access key {Team}/alice {AliceKey}: {told}", StringComparison.Ordinal));
        Assert.Equal(code, (await again.KmsAsync(new ApiCaller(AliceKey, secretOfTheFile), "ListKeys")).Code);
    }

    [Fact]
    public async Task AccessKey_DeclaredInactive_IsMadeSoWithItsUser()
    {
        var file = Write("seed.yaml", Yaml.Replace("status: Active", "status: Inactive", StringComparison.Ordinal));
        Write("alice.secret", AliceSecret);
        await using var gateway = await StartAsync(file);
        Assert.Equal("InvalidAccessKeyId.Inactive", (await gateway.KmsAsync(new ApiCaller(AliceKey, AliceSecret), "ListKeys")).Code);
        Assert.Equal("0 changes made, 0 to make, 0 differences kept\n", (await OperatorCommands.RunAsync(Data, "seed", file, "--dry-run")).Output);
    }

    [Fact]
    public async Task Export_ThenImport_MakesTheSameElsewhereAndNothingHere()
    {
        var file = Write("seed.yaml", Yaml);
        Write("alice.secret", AliceSecret);
        var target = directory.File("export");
        await using (var gateway = await StartAsync(file))
        {
            var exported = (await OperatorCommands.RunAsync(Data, "ram", "export", target, "--account-id", Team, "--format", "json")).Json;
            Assert.Equal(
                ["policies/2000000000000002/UseApollo.json", "ram.json", "roles/2000000000000002/app.trust.json"],
                exported["files"]!.AsArray().Select(name => (string)name!).Order(StringComparer.Ordinal));
            Assert.Equal("0 changes made, 0 to make, 0 differences kept\n", (await OperatorCommands.RunAsync(Data, "ram", "import", target, "--dry-run")).Output);
        }

        var everything = string.Concat(Directory.EnumerateFiles(target, "*", SearchOption.AllDirectories).Select(File.ReadAllText));
        Assert.DoesNotContain("LTAI", everything, StringComparison.Ordinal);
        Assert.DoesNotContain("ecret", everything, StringComparison.Ordinal);
        var other = directory.File("other");
        await (await ApiGateway.StartAsync($"--Kms:DataDirectory={other}")).DisposeAsync();
        var dry = await OperatorCommands.RunAsync(other, "ram", "import", target, "--dry-run");
        Assert.Equal(1, dry.ExitCode);
        Assert.Contains($"+ attachment {Team}/group/devs UseApollo\n", dry.Output, StringComparison.Ordinal);
        Assert.Equal(0, (await OperatorCommands.RunAsync(other, "ram", "import", target)).ExitCode);
        Assert.Equal(0, (await OperatorCommands.RunAsync(other, "ram", "import", target, "--dry-run")).ExitCode);
    }

    [Fact]
    public async Task Export_IntoAFolderOfSomethingElse_IsRefused()
    {
        await using var gateway = await ApiGateway.StartAsync($"--Kms:DataDirectory={Data}");
        Write("mine.txt", "x");
        var outcome = await OperatorCommands.RunAsync(Data, "ram", "export", directory.Path);
        Assert.Equal((64, $"{directory.Path} holds something that is no earlier export.\n"), (outcome.ExitCode, outcome.Error));
    }

    [Theory]
    [InlineData("line 1, the whole file: format is missing; it must be kmsgateway-seed/1.", "accounts: {}")]
    [InlineData("line 1, format: must be kmsgateway-seed/1.", "format: other/1")]
    [InlineData("line 2, acounts: unknown; the nearest known member is accounts.", "format: kmsgateway-seed/1\nacounts: {}")]
    [InlineData("line 2, format: given twice.", "format: kmsgateway-seed/1\nformat: kmsgateway-seed/1")]
    [InlineData("line 3, accounts.123: an account is 16 digits, the first not 0.", "format: kmsgateway-seed/1\naccounts:\n  \"123\": {}")]
    [InlineData("line 2, accounts: anchors and aliases are not taken.", "format: kmsgateway-seed/1\naccounts: &a {}")]
    [InlineData("line 2, accounts: tags such as !!binary are not taken.", "format: kmsgateway-seed/1\naccounts: !!map {}")]
    [InlineData("line 4, accounts.2000000000000002.users.alice.policies: must be a list.", "format: kmsgateway-seed/1\naccounts:\n  2000000000000002:\n    users: { alice: { policies: UseApollo } }")]
    [InlineData("line 4, accounts.2000000000000002.policies.p.document.Statement[0].Effect: InvalidEffect", "format: kmsgateway-seed/1\naccounts:\n  2000000000000002:\n    policies: { p: { document: { Version: 1, Statement: [{ Effect: Maybe, Action: 'kms:*', Resource: '*' }] } } }")]
    [InlineData("line 4, accounts.2000000000000002.users.alice.policies[0]: there is no custom policy of that name, in the file or in the account; system policies are written system/NAME.", "format: kmsgateway-seed/1\naccounts:\n  2000000000000002:\n    users: { alice: { policies: [Nope] } }")]
    [InlineData("line 4, accounts.2000000000000002.users.alice.groups[0]: there is no group of that name, in the file or in the account.", "format: kmsgateway-seed/1\naccounts:\n  2000000000000002:\n    users: { alice: { groups: [nope] } }")]
    [InlineData("line 4, accounts.2000000000000002.users.al ice: CreateUser refuses it: InvalidParameter.UserName.InvalidChars", "format: kmsgateway-seed/1\naccounts:\n  2000000000000002:\n    users: { al ice: {} }")]
    [InlineData("line 4, accounts.2000000000000002.users.alice.accessKeys[0]: secret or secretFile is missing.", "format: kmsgateway-seed/1\naccounts:\n  2000000000000002:\n    users: { alice: { accessKeys: [{ id: LTAI0123456789abcdef }] } }")]
    [InlineData("line 4, accounts.2000000000000002.users.alice.accessKeys[0].secret: a secret has 16 to 128 printable ASCII characters without blanks.", "format: kmsgateway-seed/1\naccounts:\n  2000000000000002:\n    users: { alice: { accessKeys: [{ id: LTAI0123456789abcdef, secret: tooshort }] } }")]
    [InlineData("line 4, accounts.2000000000000002.keys.k: CreateKey refuses it: InvalidParameter", "format: kmsgateway-seed/1\naccounts:\n  2000000000000002:\n    keys: { k: { spec: ROT_13 } }")]
    [InlineData("line 2: no YAML that is understood here", "format: kmsgateway-seed/1\naccounts: {a: ]\n")]
    public async Task Seed_Bad_RefusesToStartNamingFileLineAndMember(string fault, string text)
    {
        var file = Write("seed.yaml", text);
        var (exitCode, error) = await HostedGateway.RefusedAsync(new ApiModule(), $"--Kms:Seed={file}", $"--Kms:DataDirectory={Data}");
        Assert.Equal(64, exitCode);
        Assert.StartsWith($"{file}, {fault}", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("line 2, accounts.1: an account is 16 digits, the first not 0.", "{\"format\":\"kmsgateway-seed/1\",\n\"accounts\":{\"1\":{}}}")]
    [InlineData("line 2, byte 1: no strict JSON.", "{\"format\":\n}")]
    [InlineData("line 2, format: given twice.", "{\"format\":\"kmsgateway-seed/1\",\n\"format\":\"kmsgateway-seed/1\"}")]
    public async Task Seed_BadJson_RefusesToStartNamingFileLineAndMember(string fault, string text)
    {
        var file = Write("seed.json", text);
        var (exitCode, error) = await HostedGateway.RefusedAsync(new ApiModule(), $"--Kms:Seed={file}", $"--Kms:DataDirectory={Data}");
        Assert.Equal((64, $"{file}, {fault}\n"), (exitCode, error));
        Assert.False(File.Exists(Path.Combine(Data, "ram.db")));
    }

    [Fact]
    public async Task Seed_QuotaReached_RefusesNamingTheMember()
    {
        var file = Write("seed.yaml", "format: kmsgateway-seed/1\naccounts:\n  2000000000000002:\n    users:\n      a: {}\n      b: {}\n");
        var (exitCode, error) = await HostedGateway.RefusedAsync(
            new ApiModule(), $"--Kms:Seed={file}", $"--Kms:DataDirectory={Data}", "--Kms:Quotas:UsersPerAccount=1");
        Assert.Equal(64, exitCode);
        Assert.StartsWith($"{file}, line 6, accounts.{Team}.users.b: CreateUser refuses it: LimitExceeded.User: ", error, StringComparison.Ordinal);
    }

    private const string Yaml = """
        format: kmsgateway-seed/1
        accounts:
          2000000000000002:
            name: the team
            rootAccessKey: { id: LTAIrootOfTheTeam001, secret: rootOfTheTeamSecret01 }
            policies:
              UseApollo:
                description: keys of the project
                document:
                  Version: 1
                  Statement:
                    - Effect: Allow
                      Action: [kms:Encrypt, kms:Decrypt]
                      Resource: "*"
                      Condition: { StringEquals: { "kms:tag/Project": Apollo } }
            groups:
              devs: { comments: who builds, policies: [UseApollo] }
            roles:
              app:
                description: the application
                maxSessionDuration: 3600
                trust:
                  Version: "1"
                  Statement: [{ Effect: Allow, Action: "sts:AssumeRole", Principal: { RAM: ["acs:ram::2000000000000002:root"] } }]
                policies: [UseApollo]
            users:
              alice:
                displayName: Alice
                email: alice@example.com
                groups: [devs]
                policies: []
                accessKeys: [{ id: LTAIaliceAliceAlice01, secretFile: alice.secret, status: Active }]
            keys:
              apollo: { description: keys of Apollo, tags: { Project: Apollo }, aliases: [alias/apollo] }
        """;

    private static string Json() => new JsonObject
    {
        ["format"] = "kmsgateway-seed/1",
        ["accounts"] = new JsonObject
        {
            [Team] = new JsonObject
            {
                ["rootAccessKey"] = new JsonObject { ["id"] = "LTAIrootOfTheTeam001", ["secret"] = "rootOfTheTeamSecret01" },
                ["policies"] = new JsonObject
                {
                    ["UseApollo"] = new JsonObject
                    {
                        ["document"] = JsonNode.Parse("""{"Version":"1","Statement":[{"Effect":"Allow","Action":["kms:Encrypt"],"Resource":"*"}]}"""),
                    },
                },
                ["users"] = new JsonObject
                {
                    ["alice"] = new JsonObject
                    {
                        ["policies"] = new JsonArray("UseApollo"),
                        ["accessKeys"] = new JsonArray(new JsonObject { ["id"] = AliceKey, ["secretFile"] = "alice.secret" }),
                    },
                },
                ["keys"] = new JsonObject { ["apollo"] = new JsonObject { ["aliases"] = new JsonArray("alias/apollo") } },
            },
        },
    }.ToJsonString();

    private Task<ApiGateway> StartAsync(string seed, string? data = null) =>
        ApiGateway.StartAsync($"--Kms:DataDirectory={data ?? Data}", $"--Kms:Seed={seed}");

    private string Write(string name, string text)
    {
        File.WriteAllText(directory.File(name), text);
        return directory.File(name);
    }
}
