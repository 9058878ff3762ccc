using System.Text.Json;
using KmsGateway.Gateway.Tests.Pipeline;

namespace KmsGateway.Gateway.Tests.Simulator;

/// <summary><c>POST /policy/who-can</c> (simulator.md 6). A service of its own: the answer is about everybody there.</summary>
public sealed class WhoCanTests : IAsyncLifetime
{
    private const string Path = "/policy/who-can";
    private const string Root = $"acs:ram::{ApiGateway.Account}:root";

    private ApiGateway gateway = null!;

    public async Task InitializeAsync() => gateway = await ApiGateway.StartAsync();

    public async Task DisposeAsync() => await gateway.DisposeAsync();

    [Fact]
    public async Task Decrypt_OnAKey_TellsAlwaysConditionalBlockedAndHow()
    {
        var key = await gateway.CreateKeyAsync(("Project", "Apollo"));
        var alias = await gateway.CreateAliasAsync(key);
        var direct = await UserAsync("""{"Effect":"Allow","Action":"kms:Decrypt","Resource":"*","Condition":{"StringEquals":{"kms:tag/Project":"Apollo"}}}""");
        var grouped = await UserAsync("""{"Effect":"Allow","Action":"kms:ListKeys","Resource":"*"}""");
        await gateway.AddToGroupAsync(grouped, "Devs", """{"Effect":"Allow","Action":"kms:*","Resource":"*","Condition":{"IpAddress":{"acs:SourceIp":"10.0.0.0/8"}}}""");
        var blocked = await UserAsync("""{"Effect":"Allow","Action":"kms:*","Resource":"*"},{"Sid":"No","Effect":"Deny","Action":"kms:Decrypt","Resource":"*"}""");
        await UserAsync("""{"Effect":"Allow","Action":"kms:Encrypt","Resource":"*"}""");
        var role = await gateway.CreateRoleAsync("""{"Effect":"Allow","Action":"kms:Decrypt","Resource":"*"}""");
        var assumer = await UserAsync("""{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*","Condition":{"Bool":{"acs:MFAPresent":"true"}}}""");

        var answer = await gateway.AskAsync(gateway.Root, Path, new { action = "kms:Decrypt", resource = alias });

        Assert.Equal(200, answer.Status);
        Assert.Equal(
            [(Root, "Always", "root"), (direct.Arn, "Always", "direct"), (grouped.Arn, "Conditional", "group"), (role, "Always", "role")],
            answer.Body.GetProperty("principals").EnumerateArray().Select(entry => (
                Text(entry, "principal"), Text(entry, "ability"), entry.GetProperty("through")[0].GetString()!.Split(' ')[0])));
        var conditional = answer.Body.GetProperty("principals")[2];
        Assert.Equal("""["10.0.0.0/8"]""", Assert.Single(conditional.GetProperty("conditions").EnumerateArray()).GetProperty("wanted").GetRawText());
        var refused = Assert.Single(answer.Body.GetProperty("blocked").EnumerateArray());
        Assert.Equal(blocked.Arn, Text(refused, "principal"));
        Assert.Equal("No", Text(refused.GetProperty("result").GetProperty("decidedBy")[0], "sid"));
        var assumableBy = answer.Body.GetProperty("principals")[3].GetProperty("assumableBy").EnumerateArray().ToArray();
        Assert.Equal(
            [(Root, "Always"), (assumer.Arn, "Conditional")],
            assumableBy.Select(entry => (Text(entry, "principal"), Text(entry, "ability"))));

        var given = await gateway.AskAsync(gateway.Root, Path, new { action = "kms:Decrypt", resource = key, context = new Dictionary<string, string> { ["acs:SourceIp"] = "192.168.0.1" } });
        Assert.DoesNotContain(given.Body.GetProperty("principals").EnumerateArray(), entry => Text(entry, "principal") == grouped.Arn);
    }

    [Fact]
    public async Task AssumeRole_AnswersWithServicePrincipals()
    {
        var trust = """{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Service":["ecs.aliyuncs.com"]}}]}""";
        var role = await gateway.CreateRoleAsync("""{"Effect":"Allow","Action":"kms:Decrypt","Resource":"*"}""", trust);
        var key = await gateway.CreateKeyAsync();

        var answer = await gateway.AskAsync(gateway.Root, Path, new { action = "sts:AssumeRole", resource = role });
        var deeper = await gateway.AskAsync(gateway.Root, Path, new { action = "kms:Decrypt", resource = key });

        Assert.Contains(answer.Body.GetProperty("principals").EnumerateArray(), entry => (Text(entry, "principal"), Text(entry, "type"), Text(entry, "ability")) == ("ecs.aliyuncs.com", "Service", "Always"));
        var entry = deeper.Body.GetProperty("principals").EnumerateArray().Single(entry => Text(entry, "principal") == role);
        Assert.Contains(entry.GetProperty("assumableBy").EnumerateArray(), each => Text(each, "principal") == "ecs.aliyuncs.com");
    }

    [Fact]
    public async Task ServiceManagedKey_AnswersWithItsProduct()
    {
        await UserAsync("""{"Effect":"Allow","Action":"*","Resource":"*"}""");

        var use = await gateway.AskAsync(gateway.Root, Path, new { action = "kms:Encrypt", resource = "alias/acs/ram" });
        var change = await gateway.AskAsync(gateway.Root, Path, new { action = "kms:DisableKey", resource = "alias/acs/ram" });
        var look = await gateway.AskAsync(gateway.Root, Path, new { action = "kms:DescribeKey", resource = "alias/acs/ram" });

        Assert.Equal("ram", use["managedBy"]);
        Assert.Equal(("ram", "Service"), (Text(Assert.Single(use.Body.GetProperty("principals").EnumerateArray()), "principal"), Text(use.Body.GetProperty("principals")[0], "type")));
        Assert.Equal(0, change.Body.GetProperty("principals").GetArrayLength());
        Assert.Equal(2, look.Body.GetProperty("principals").GetArrayLength());
    }

    [Fact]
    public async Task WhoCan_AgreesWithTheMatrixOverAllPrincipals()
    {
        var keys = new[] { await gateway.CreateKeyAsync(("Project", "Apollo")), await gateway.CreateKeyAsync() };
        var principals = new List<string> { Root };
        foreach (var action in new[] { "kms:*", "kms:Encrypt", "kms:Decrypt", "*" })
        {
            foreach (var (effect, resource) in new[] { ("Allow", "*"), ("Allow", $"acs:kms:*:*:key/{keys[0]}"), ("Deny", "*") })
            {
                principals.Add((await UserAsync($$"""{"Effect":"{{effect}}","Action":"{{action}}","Resource":"{{resource}}"}""")).Arn);
            }
        }

        principals.Add((await UserAsync("""{"Effect":"Allow","Action":"kms:*","Resource":"*"},{"Effect":"Deny","Action":"kms:Encrypt","Resource":"*"}""")).Arn);
        var compared = 0;
        foreach (var action in new[] { "kms:Encrypt", "kms:Decrypt", "kms:DescribeKey" })
        {
            foreach (var key in keys)
            {
                var grid = await gateway.AskAsync(gateway.Root, "/policy/matrix", new { principals, actions = new[] { action }, resources = new[] { key } });
                var who = await gateway.AskAsync(gateway.Root, Path, new { action, resource = key });
                var allowed = grid.Body.GetProperty("cells").EnumerateArray().Where(cell => Text(cell, "cell") == "A").Select(cell => Text(cell, "principal"));
                Assert.Equal(
                    allowed.Order(StringComparer.Ordinal),
                    who.Body.GetProperty("principals").EnumerateArray().Select(entry => Text(entry, "principal")).Order(StringComparer.Ordinal));
                compared += principals.Count;
            }
        }

        Assert.Equal(6 * principals.Count, compared);
    }

    [Theory]
    [InlineData("""{"resource":"key/k"}""", "action is missing")]
    [InlineData("""{"action":"kms:DescribeRegions"}""", "everybody can")]
    [InlineData("""{"action":"kms:Decrypt"}""", "resources must name")]
    [InlineData("""{"action":"kms:Decrypt","resource":"*"}""", "must be one resource")]
    [InlineData("""{"action":"kms:Decrypt","resource":"key/k","principal":"x"}""", "unknown")]
    public async Task Question_ThatCannotBeAnswered_IsRefused(string body, string hint)
    {
        var answer = await gateway.AskAsync(gateway.Root, Path, body);
        Assert.Equal((400, "InvalidParameter"), (answer.Status, answer.Code));
        Assert.Contains(hint, answer["Message"], StringComparison.Ordinal);
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private Task<SimulatorUser> UserAsync(string statement) => gateway.CreateSimulatorUserAsync(statement);
}
