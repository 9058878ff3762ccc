using System.Text.Json;
using KmsGateway.Gateway.Catalogue;
using KmsGateway.Gateway.Tests.Accounts;
using KmsGateway.Gateway.Tests.Pipeline;
using KmsGateway.Gateway.Tests.Simulator;
using KmsGateway.Tests;

namespace KmsGateway.Gateway.Tests.Authorization;

/// <summary>
/// Keys of one account used from another through their policies (ram-policy.md R-EVAL-9, -13; decisions.md D6): both sides must
/// allow, only key users come in, and who is not named cannot tell a key from none.
/// </summary>
public sealed class SharedKeyTests : IAsyncLifetime, IDisposable
{
    private const string Guest = "2222333344445555";
    private const string Any = """{"Effect":"Allow","Action":"*","Resource":"*"}""";
    private const string Nothing = """{"Effect":"Allow","Action":"kms:ListKeys","Resource":"*"}""";

    private readonly TempDirectory directory = new();
    private ApiGateway gateway = null!;
    private ApiCaller guest = null!;
    private string key = null!;

    public async Task InitializeAsync()
    {
        var data = directory.File("data");
        gateway = await ApiGateway.StartAsync($"--Kms:DataDirectory={data}");
        var made = (await OperatorCommands.RunAsync(data, "accounts", "create", "--account-id", Guest, "--format", "json", "--show-secret")).Json;
        guest = new ApiCaller((string)made["accessKeyId"]!, (string)made["accessKeySecret"]!);
        key = await gateway.CreateKeyAsync(("Project", "Apollo"), ("Secret", "OnlyTheOwnerReadsTags"));
    }

    public async Task DisposeAsync() => await gateway.DisposeAsync();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task EveryCallOfKeyUsers_WithBothSides_IsAnsweredForTheOwnersKey()
    {
        await ShareAsync("user/bob");
        var bob = await UserAsync("bob", Any);
        var own = (await OkAsync(bob, "CreateKey"))["KeyMetadata", "KeyId"];
        var blob = (await OkAsync(bob, "Encrypt", ("KeyId", Arn(key)), ("Plaintext", "text")))["CiphertextBlob"];
        Assert.Equal(("text", key), ((await OkAsync(bob, "Decrypt", ("CiphertextBlob", blob)))["Plaintext"], (await OkAsync(bob, "Decrypt", ("CiphertextBlob", blob)))["KeyId"]));
        Assert.Equal("text", (await OkAsync(gateway.Root, "Decrypt", ("CiphertextBlob", blob)))["Plaintext"]);
        await OkAsync(bob, "GenerateDataKey", ("KeyId", Arn(key)));
        await OkAsync(bob, "GenerateDataKeyWithoutPlaintext", ("KeyId", Arn(key)));
        Assert.Equal(Arn(key), (await OkAsync(bob, "DescribeKey", ("KeyId", Arn(key))))["KeyMetadata", "Arn"]);
        await OkAsync(bob, "ListKeyVersions", ("KeyId", Arn(key)));
        var moved = (await OkAsync(bob, "ReEncrypt", ("CiphertextBlob", blob), ("DestinationKeyId", own)))["CiphertextBlob"];
        Assert.Equal("text", (await OkAsync(bob, "Decrypt", ("CiphertextBlob", moved)))["Plaintext"]);
        var back = await OkAsync(bob, "ReEncrypt", ("CiphertextBlob", moved), ("DestinationKeyId", Arn(key)));
        Assert.Equal(key, back["KeyId"]);
        Assert.Equal("text", (await OkAsync(gateway.Root, "Decrypt", ("CiphertextBlob", back["CiphertextBlob"])))["Plaintext"]);
    }

    [Fact]
    public async Task KeyPolicyForTheAccount_RootNeedsNoMoreAndUsersNeedTheirOwnPolicies()
    {
        await ShareAsync("root");
        var (bob, idle) = (await UserAsync("bob", Any), await UserAsync("idle", Nothing));
        Assert.Equal("OK", (await EncryptAsync(guest)).Code);
        Assert.Equal("OK", (await EncryptAsync(bob)).Code);
        var denied = await EncryptAsync(idle);
        Assert.Equal((403, "ImplicitDeny", "AccountLevelIdentityBasedPolicy"), (denied.Status, denied["AccessDeniedDetail", "NoPermissionType"], denied["AccessDeniedDetail", "PolicyType"]));
        await SetAsync(Statement("Allow", Guest, "root"), Statement("Deny", Guest, "user/bob"));
        denied = await EncryptAsync(bob);
        Assert.Equal((403, "ExplicitDeny", "ResourceBasedPolicy"), (denied.Status, denied["AccessDeniedDetail", "NoPermissionType"], denied["AccessDeniedDetail", "PolicyType"]));
    }

    [Fact]
    public async Task Revocation_HoldsForTheNextCall()
    {
        await ShareAsync("user/bob");
        var bob = await UserAsync("bob", Any);
        var blob = (await EncryptAsync(bob))["CiphertextBlob"];
        Assert.Equal("OK", (await gateway.KmsAsync(bob, "Decrypt", ("CiphertextBlob", blob))).Code);
        await ShareAsync("user/somebody");
        Assert.Equal("Forbidden.NoPermission", (await EncryptAsync(bob)).Code);
        var refused = await gateway.KmsAsync(bob, "Decrypt", ("CiphertextBlob", blob));
        var nowhere = await gateway.KmsAsync(bob, "Decrypt", ("CiphertextBlob", Nowhere(blob)));
        Assert.Equal((400, "InvalidParameter"), (refused.Status, refused.Code));
        Assert.Equal(Comparable(nowhere), Comparable(refused));
        await ShareAsync("user/bob");
        Assert.Equal("OK", (await gateway.KmsAsync(bob, "Decrypt", ("CiphertextBlob", blob))).Code);
    }

    [Fact]
    public async Task Session_OfAnotherAccountsRole_IsNamedByTheRoleAndNarrowedByItsPolicy()
    {
        await ShareAsync("role/ci");
        var trust = $$$"""{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":["acs:ram::{{{Guest}}}:root"]}}]}""";
        await RamAsync("CreateRole", ("RoleName", "ci"), ("AssumeRolePolicyDocument", trust));
        await RamAsync("AttachPolicyToRole", ("RoleName", "ci"), ("PolicyName", "AdministratorAccess"), ("PolicyType", "System"));
        var opener = await UserAsync("opener", Any);
        Assert.Equal("OK", (await EncryptAsync(await SessionAsync(opener))).Code);
        var narrow = """{"Version":"1","Statement":[{"Effect":"Allow","Action":"kms:Decrypt","Resource":"*"}]}""";
        Assert.Equal("Forbidden.NoPermission", (await EncryptAsync(await SessionAsync(opener, narrow))).Code);
        Assert.Equal("Forbidden.NoPermission", (await EncryptAsync(opener)).Code);
    }

    [Theory]
    [InlineData("EnableKey")]
    [InlineData("DisableKey")]
    [InlineData("ScheduleKeyDeletion", "PendingWindowInDays", "7")]
    [InlineData("UpdateKeyDescription", "Description", "x")]
    [InlineData("TagResource", "Tags", """[{"TagKey":"k","TagValue":"v"}]""")]
    [InlineData("ListResourceTags")]
    [InlineData("ListAliasesByKeyId")]
    [InlineData("GetKeyPolicy")]
    [InlineData("CreateAlias", "AliasName", "alias/x")]
    public async Task ManagementOfAForeignKey_IsRefusedWhateverPoliciesSay(string action, string? name = null, string? value = null)
    {
        await ShareAsync("root");
        (string, string)[] more = name is null ? [] : [(name, value!)];
        foreach (var caller in new[] { guest, await UserAsync("bob", Any) })
        {
            var existing = await gateway.KmsAsync(caller, action, [("KeyId", Arn(key)), .. more]);
            var missing = await gateway.KmsAsync(caller, action, [("KeyId", Arn(Missing)), .. more]);
            Assert.Equal((403, Comparable(missing)), (existing.Status, Comparable(existing)));
        }
    }

    [Fact]
    public async Task Stranger_CannotTellAKeyFromNoneByArnOrByCiphertext()
    {
        var blob = (await OkAsync(gateway.Root, "Encrypt", ("KeyId", key), ("Plaintext", "x")))["CiphertextBlob"];
        var (bob, idle) = (await UserAsync("bob", Any), await UserAsync("idle", Nothing));
        string[][] policies = [[], [Statement("Allow", "3333444455556666", "root")], [Statement("Allow", Guest, "user/else")], [Statement("Deny", Guest, "root")], [Statement("Allow", Guest, "root", "kms:GenerateMac")]];
        foreach (var policy in policies)
        {
            if (policy.Length > 0)
            {
                await SetAsync(policy);
            }

            foreach (var caller in new[] { guest, bob, idle })
            {
                foreach (var (action, parameter) in new[] { ("Encrypt", "KeyId"), ("DescribeKey", "KeyId"), ("GenerateDataKey", "KeyId") })
                {
                    var existing = await gateway.KmsAsync(caller, action, (parameter, Arn(key)), ("Plaintext", "x"));
                    var missing = await gateway.KmsAsync(caller, action, (parameter, Arn(Missing)), ("Plaintext", "x"));
                    Assert.Equal((403, Comparable(missing)), (existing.Status, Comparable(existing)));
                }

                var genuine = await gateway.KmsAsync(caller, "Decrypt", ("CiphertextBlob", blob));
                Assert.Equal(Comparable(await gateway.KmsAsync(caller, "Decrypt", ("CiphertextBlob", Nowhere(blob)))), Comparable(genuine));
                Assert.DoesNotContain(key, genuine.Text, StringComparison.Ordinal);
                Assert.Single(EventsOf(genuine));
            }
        }
    }

    [Theory]
    [InlineData("acs:kms:cn-hangzhou:1234567890123456:alias/app", 400)]
    [InlineData("acs:kms:cn-beijing:1234567890123456:key/{0}", 403)]
    [InlineData("{0}", 404)]
    [InlineData("alias/app", 404)]
    public async Task SharedKey_OtherNamesThanItsFullArn_DoNotReachIt(string name, int status)
    {
        await ShareAsync("root");
        await OkAsync(gateway.Root, "CreateAlias", ("AliasName", "alias/app"), ("KeyId", key));
        Assert.Equal(status, (await gateway.KmsAsync(guest, "DescribeKey", ("KeyId", name.Replace("{0}", key, StringComparison.Ordinal)))).Status);
    }

    [Fact]
    public async Task Trail_OfASharedKey_IsTheCallersAndTheOwners()
    {
        await ShareAsync("user/bob");
        var bob = await UserAsync("bob", Any);
        var own = (await OkAsync(bob, "CreateKey"))["KeyMetadata", "KeyId"];
        var blob = (await OkAsync(bob, "Encrypt", ("KeyId", own), ("Plaintext", "x")))["CiphertextBlob"];
        var answer = await OkAsync(bob, "ReEncrypt", ("CiphertextBlob", blob), ("DestinationKeyId", Arn(key)));

        var events = EventsOf(answer);
        var (callers, owners) = (events[Guest], events[ApiGateway.Account]);
        Assert.Equal(2, events.Count);
        Assert.Equal(answer.RequestId, callers.GetProperty("eventId").GetString());
        Assert.NotEqual(answer.RequestId, owners.GetProperty("eventId").GetString());
        Assert.Equal("bob", owners.GetProperty("userIdentity").GetProperty("userName").GetString());
        Assert.Equal(Guest, owners.GetProperty("userIdentity").GetProperty("accountId").GetString());
        Assert.Equal(key, owners.GetProperty("resourceName").GetString());
        Assert.Contains(own, callers.GetProperty("resourceName").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain(own, owners.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain(bob.AccessKeyId, owners.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("bob-policy", owners.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Denial_OnASharedKey_TellsTheCallersAccountNeitherTagsNorPolicy()
    {
        var conditional = Statement("Allow", Guest, "root").Replace("\"Effect\"", "\"Condition\":{\"StringEquals\":{\"kms:tag/Secret\":\"OnlyTheOwnerReadsPolicies\"}},\"Effect\"", StringComparison.Ordinal);
        await SetAsync(conditional);
        var bob = await UserAsync("bob", Any);
        var denied = await EncryptAsync(bob);
        Assert.Equal("ResourceBasedPolicy", denied["AccessDeniedDetail", "PolicyType"]);
        var decoded = await gateway.CallAsync(guest, ActionCatalogue.RamVersion, "DecodeDiagnosticMessage", ("EncodedDiagnosticMessage", denied["AccessDeniedDetail", "EncodedDiagnosticMessage"]));
        Assert.Equal(("OK", Arn(key)), (decoded.Code, decoded["DecodedDiagnosticMessage", "AuthResource"]));
        Assert.DoesNotContain("OnlyTheOwner", decoded.Text, StringComparison.Ordinal);
        Assert.Equal(2, EventsOf(denied).Count);
        Assert.DoesNotContain("OnlyTheOwner", EventsOf(denied)[Guest].GetRawText(), StringComparison.Ordinal);
        var simulated = await SimulateAsync("bob", "kms:Encrypt", Arn(key));
        Assert.Equal("ImplicitDeny", simulated["decision"]);
        Assert.DoesNotContain("OnlyTheOwner", simulated.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Trail_OfADenialByTheOwnersPolicy_NamesNoStatementOfIt()
    {
        await SetAsync(Statement("Allow", Guest, "root"), Statement("Deny", Guest, "user/bob"));
        var denied = await EncryptAsync(await UserAsync("bob", Any));
        var decision = EventsOf(denied)[Guest].GetProperty("additionalEventData").GetProperty("decision");
        Assert.Equal(["effect", "action", "resource", "layer"], decision.EnumerateObject().Select(member => member.Name));
        Assert.Equal("ExplicitDeny", EventsOf(denied)[ApiGateway.Account].GetProperty("additionalEventData").GetProperty("decision").GetProperty("effect").GetString());
    }

    [Theory]
    [InlineData("Allow", "Guess", "ImplicitDeny")]
    [InlineData("Allow", "OnlyTheOwner*", "Allow")]
    [InlineData("Deny", "OnlyTheOwner*", "ExplicitDeny")]
    public async Task TagsOfASharedKey_DecideAndAreNotTold(string effect, string wanted, string verdict)
    {
        await ShareAsync("root");
        var condition = $$$"""{"StringLike":{"kms:tag/Secret":"{{{wanted}}}"}}""";
        var allow = effect == "Deny" ? $"{Any}," : "";
        var bob = await UserAsync("bob", $$"""{{allow}}{"Effect":"{{effect}}","Action":"kms:Encrypt","Resource":"*","Condition":{{condition}}}""");
        var live = await EncryptAsync(bob);
        var simulated = await SimulateAsync("bob", "kms:Encrypt", Arn(key));
        Assert.Equal((verdict == "Allow" ? "OK" : "Forbidden.NoPermission", verdict), (live.Code, simulated["decision"]));
        var whoCan = await gateway.AskAsync(guest, "/policy/who-can", new { action = "kms:Encrypt", resource = Arn(key) });
        var expect = new[] { new { principal = "*", action = "*", resource = "*", decision = verdict == "Allow" ? "ExplicitDeny" : "Allow" } };
        var matrix = await gateway.AskAsync(guest, "/policy/matrix", new
        {
            principals = new Dictionary<string, string> { ["bob"] = UserArn("bob") }, actions = new[] { "kms:Encrypt" },
            resources = new Dictionary<string, string> { ["key"] = Arn(key) }, expect,
        });
        Assert.True(whoCan.Status == 200, whoCan.Text);
        Assert.True(matrix.Status == 200, matrix.Text);
        Assert.Single(matrix.Body.GetProperty("failures").EnumerateArray());
        string[] told = [simulated.Text, whoCan.Text, matrix.Text, EventsOf(live)[Guest].GetRawText()];
        Assert.All(told, text => Assert.DoesNotContain("OnlyTheOwnerReads", text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Simulator_AboutAForeignKey_SaysWhatThenHappens()
    {
        var users = new Dictionary<string, ApiCaller>(StringComparer.Ordinal) { ["bob"] = await UserAsync("bob", Any), ["idle"] = await UserAsync("idle", Nothing) };
        string[][] policies =
        [
            [Statement("Allow", Guest, "user/bob")], [Statement("Allow", Guest, "root")], [Statement("Allow", Guest, "user/idle")],
            [Statement("Allow", Guest, "*"), Statement("Deny", Guest, "user/bob", "kms:Encrypt")], [Statement("Allow", Guest, "root", "kms:Describe*")],
            [Statement("Allow", "3333444455556666", "root")],
        ];
        var verdicts = new HashSet<string>(StringComparer.Ordinal);
        foreach (var policy in policies)
        {
            await SetAsync(policy);
            foreach (var action in new[] { "Encrypt", "DescribeKey", "GenerateDataKey", "EnableKey" })
            {
                var whoCan = await gateway.AskAsync(guest, "/policy/who-can", new { action = $"kms:{action}", resource = Arn(key) });
                var able = whoCan.Body.GetProperty("principals").EnumerateArray().Select(each => each.GetProperty("principal").GetString()).ToArray();
                var matrix = await gateway.AskAsync(guest, "/policy/matrix", Matrix(users.Keys, action, Arn(key)));
                foreach (var (name, user) in users)
                {
                    var simulated = await SimulateAsync(name, $"kms:{action}", Arn(key));
                    var live = await gateway.KmsAsync(user, action, ("KeyId", Arn(key)), ("Plaintext", "x"));
                    var said = simulated["decision"];
                    Assert.Equal(said == "Allow", live.Code == "OK");
                    Assert.Equal(said == "Allow", able.Contains(UserArn(name), StringComparer.Ordinal));
                    Assert.Contains($"{name}:{said[0]}", matrix.Body.GetProperty("cells").EnumerateArray().Select(cell => $"{cell.GetProperty("principal")}:{cell.GetProperty("cell")}"));
                    if (live.Code != "OK")
                    {
                        Assert.Equal(said, live["AccessDeniedDetail", "NoPermissionType"]);
                        Assert.Equal(simulated.Body.GetProperty("results")[0].GetProperty("policyType").GetString(), live["AccessDeniedDetail", "PolicyType"]);
                    }

                    verdicts.Add(said);
                }
            }
        }

        Assert.Equal(3, verdicts.Count);
    }

    [Theory]
    [InlineData(ApiGateway.Account, "user/x")]
    [InlineData(ApiGateway.Account, "root")]
    [InlineData("3333444455556666", "user/x")]
    [InlineData("3333444455556666", "root")]
    public async Task Matrix_DescribedPrincipalOfAnotherAccount_CannotTellTheKeyFromNone(string account, string principal)
    {
        await SetAsync(Statement("Allow", Guest, "root"), Statement("Allow", account, principal));
        var told = new List<string>();
        foreach (var asked in new[] { key, Missing })
        {
            var matrix = await gateway.AskAsync(guest, "/policy/matrix", new
            {
                policies = new { P = Parsed("""{"Version":"1","Statement":[{"Effect":"Allow","Action":"kms:*","Resource":"*","Condition":{"StringEquals":{"kms:tag/Project":"Apollo"}}}]}""") },
                principals = new Dictionary<string, object> { ["x"] = new { arn = $"acs:ram::{account}:{principal}", policies = new[] { "P" } } },
                actions = new[] { "kms:Encrypt" }, resources = new Dictionary<string, string> { ["key"] = Arn(asked) },
                expect = new[] { new { principal = "*", action = "*", resource = "*", decision = "ExplicitDeny" } },
            });
            Assert.True(matrix.Status == 200, matrix.Text);
            told.Add(matrix.Text.Replace(matrix.Body.GetProperty("requestId").GetString()!, "-", StringComparison.Ordinal).Replace(asked, "<key>", StringComparison.Ordinal));
        }

        Assert.Equal(told[1], told[0]);
    }

    [Theory]
    [InlineData("Apollo")]
    [InlineData("Other")]
    public async Task Matrix_DescribedPrincipalOfOwnAccount_IsJudgedWithoutTheTags(string wanted)
    {
        await SetAsync(Statement("Allow", Guest, "root"));
        var matrix = await gateway.AskAsync(guest, "/policy/matrix", new
        {
            policies = new { P = Parsed($$$$"""{"Version":"1","Statement":[{"Effect":"Allow","Action":"kms:*","Resource":"*","Condition":{"StringEquals":{"kms:tag/Project":"{{{{wanted}}}}"}}}]}""") },
            principals = new Dictionary<string, object> { ["x"] = new { arn = UserArn("x"), policies = new[] { "P" } } },
            actions = new[] { "kms:Encrypt" }, resources = new Dictionary<string, string> { ["key"] = Arn(key) },
        });
        Assert.Equal("I", matrix.Body.GetProperty("cells")[0].GetProperty("cell").GetString());
    }

    [Theory]
    [InlineData("Apollo")]
    [InlineData("Other")]
    public async Task Simulate_DraftsOnASharedKey_AreJudgedWithoutItsTags(string wanted)
    {
        await ShareAsync("root");
        await UserAsync("bob", Nothing);
        var policies = new[] { new { document = Parsed($$$$"""{"Version":"1","Statement":[{"Effect":"Allow","Action":"kms:*","Resource":"*","Condition":{"StringEquals":{"kms:tag/Project":"{{{{wanted}}}}"}}}]}""") } };
        var calls = new[] { new { action = "kms:Encrypt", resources = new[] { Arn(key) } } };
        var answer = await gateway.AskAsync(guest, "/policy/simulate", new { principal = UserArn("bob"), policies, calls });
        Assert.Equal("ImplicitDeny", answer["decision"]);
    }

    [Fact]
    public async Task Matrix_OwnersConditionUnmet_NamesNoTagsOfTheKey()
    {
        await SetAsync(Statement("Allow", Guest, "root").Replace("\"Effect\"", "\"Condition\":{\"StringEquals\":{\"kms:tag/Secret\":\"Nothing\"}},\"Effect\"", StringComparison.Ordinal));
        await UserAsync("bob", """{"Effect":"Allow","Action":"kms:Encrypt","Resource":"*","Condition":{"StringEquals":{"kms:tag/Project":"Guess"}}}""");
        var matrix = await gateway.AskAsync(guest, "/policy/matrix", new
        {
            principals = new Dictionary<string, string> { ["bob"] = UserArn("bob") }, actions = new[] { "kms:Encrypt" },
            resources = new Dictionary<string, string> { ["key"] = Arn(key) },
            expect = new[] { new { principal = "*", action = "*", resource = "*", decision = "Allow" } },
        });
        Assert.Single(matrix.Body.GetProperty("failures").EnumerateArray());
        Assert.All(["OnlyTheOwnerReadsTags", "Apollo", "kms:tag/Secret", "Nothing"], text => Assert.DoesNotContain(text, matrix.Text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Caller_WhoIsNoLongerNamed_GetsForABadParameterWhatAMissingKeyGives()
    {
        await ShareAsync("user/bob");
        var bob = await UserAsync("bob", Any);
        Assert.Equal("OK", (await EncryptAsync(bob)).Code);
        await ShareAsync("user/else");
        Assert.Equal(403, (await EncryptAsync(bob)).Status);
        var existing = await gateway.KmsAsync(bob, "Encrypt", ("KeyId", Arn(key)));
        var missing = await gateway.KmsAsync(bob, "Encrypt", ("KeyId", Arn(Missing)));
        Assert.Equal((missing.Status, Comparable(missing)), (existing.Status, Comparable(existing)));
    }

    private const string Missing = "00000000-0000-4000-8000-00000000abcd";

    private static JsonElement Parsed(string json) => JsonSerializer.Deserialize<JsonElement>(json);

    private static string Arn(string keyId) => $"acs:kms:cn-hangzhou:{ApiGateway.Account}:key/{keyId}";

    private static string UserArn(string name) => $"acs:ram::{Guest}:user/{name}";

    private static string Statement(string effect, string account, string principal, string action = "kms:*") =>
        $$$"""{"Effect":"{{{effect}}}","Action":["{{{action}}}"],"Resource":["*"],"Principal":{"RAM":["acs:ram::{{{account}}}:{{{principal}}}"]}}""";

    private static object Matrix(IEnumerable<string> users, string action, string resource) => new
    {
        principals = users.ToDictionary(name => name, UserArn),
        actions = new[] { $"kms:{action}" },
        resources = new Dictionary<string, string> { ["key"] = resource },
    };

    /// <summary>The same blob, of a version that never was.</summary>
    private static string Nowhere(string blob)
    {
        var bytes = Convert.FromBase64String(blob);
        bytes[30] = bytes[30] == (byte)'0' ? (byte)'1' : (byte)'0';
        return Convert.ToBase64String(bytes);
    }

    private Task ShareAsync(string principal) => SetAsync(Statement("Allow", Guest, principal));

    private async Task SetAsync(params string[] statements) => await OkAsync(
        gateway.Root, "SetKeyPolicy", ("KeyId", key), ("Policy", $$"""{"Version":"1","Statement":[{{string.Join(',', statements)}}]}"""));

    private async Task<ApiAnswer> OkAsync(ApiCaller caller, string action, params (string Name, string Value)[] parameters)
    {
        var answer = await gateway.KmsAsync(caller, action, parameters);
        Assert.True(answer.Code == "OK", $"{action}: {answer.Text}");
        return answer;
    }

    private Task<ApiAnswer> EncryptAsync(ApiCaller caller) => gateway.KmsAsync(caller, "Encrypt", ("KeyId", Arn(key)), ("Plaintext", "x"));

    private async Task<ApiAnswer> RamAsync(string action, params (string Name, string Value)[] parameters)
    {
        var answer = await gateway.CallAsync(guest, ActionCatalogue.RamVersion, action, parameters);
        Assert.True(answer.Code == "OK", answer.Text);
        return answer;
    }

    private async Task<ApiCaller> UserAsync(string name, string statement)
    {
        await RamAsync("CreateUser", ("UserName", name));
        await RamAsync("CreatePolicy", ("PolicyName", $"{name}-policy"), ("PolicyDocument", $$"""{"Version":"1","Statement":[{{statement}}]}"""));
        await RamAsync("AttachPolicyToUser", ("PolicyName", $"{name}-policy"), ("PolicyType", "Custom"), ("UserName", name));
        var made = await RamAsync("CreateAccessKey", ("UserName", name));
        return new ApiCaller(made["AccessKey", "AccessKeyId"], made["AccessKey", "AccessKeySecret"]);
    }

    private async Task<ApiCaller> SessionAsync(ApiCaller opener, string? policy = null)
    {
        (string, string)[] narrowed = policy is null ? [] : [("Policy", policy)];
        var answer = await gateway.CallAsync(
            opener, ActionCatalogue.StsVersion, "AssumeRole", [("RoleArn", $"acs:ram::{Guest}:role/ci"), ("RoleSessionName", "build"), .. narrowed]);
        return new ApiCaller(answer["Credentials", "AccessKeyId"], answer["Credentials", "AccessKeySecret"], answer["Credentials", "SecurityToken"]);
    }

    private Task<ApiAnswer> SimulateAsync(string user, string action, string resource) => gateway.AskAsync(
        guest, "/policy/simulate", new { principal = UserArn(user), calls = new[] { new { action, resources = new[] { resource } } }, explain = "all" });

    /// <summary>The events of a request, by the account whose trail they are in.</summary>
    private Dictionary<string, JsonElement> EventsOf(ApiAnswer answer)
    {
        var events = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var line in gateway.Hosted.Log.Lines.Where(line => line.StartsWith("Information 5000 ", StringComparison.Ordinal) && line.Contains(answer.RequestId, StringComparison.Ordinal)))
        {
            using var document = JsonDocument.Parse(line["Information 5000 ".Length..]);
            events.Add(document.RootElement.GetProperty("recipientAccountId").GetString()!, document.RootElement.Clone());
        }

        return events;
    }

    /// <summary>Without what differs between any two answers.</summary>
    private string Comparable(ApiAnswer answer)
    {
        var text = answer.Text.Replace(answer.RequestId, "-", StringComparison.Ordinal).Replace(key, "<key>", StringComparison.Ordinal).Replace(Missing, "<key>", StringComparison.Ordinal);
        if (answer.Body.TryGetProperty("AccessDeniedDetail", out var detail))
        {
            var message = detail.GetProperty("EncodedDiagnosticMessage").GetString()!;
            text = text.Replace(message, message.Length.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
        }

        return text;
    }
}
