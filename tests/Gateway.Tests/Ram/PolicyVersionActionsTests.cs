using System.Text.Json.Nodes;
using Xunit;

namespace KmsGateway.Gateway.Tests.Ram;

public sealed class PolicyVersionActionsTests : RamActionsFixture
{
    private const string Rotate = "DeleteOldestNonDefaultVersionWhenLimitExceeded";

    [Fact]
    public async Task CreatePolicyVersion_NotDefault_LeavesTheDefault()
    {
        await Ram.CreatePolicyAsync("p");
        var document = JsonValue.Create(Document(2)).ToJsonString();
        AssertJson.Equal(
            $$$"""{"PolicyVersion":{"VersionId":"v2","IsDefaultVersion":false,"CreateDate":"2026-01-23T12:33:18Z","PolicyDocument":{{{document}}}}}""",
            await AddAsync(2));
        Assert.Equal("v1", await DefaultAsync());
    }

    [Fact]
    public async Task CreatePolicyVersion_SetAsDefault_SwitchesAtOnce()
    {
        await Ram.CreatePolicyAsync("p");
        var answer = await AddAsync(2, ("SetAsDefault", true));
        Assert.True((bool)answer["PolicyVersion"]!["IsDefaultVersion"]!);
        Assert.Equal("v2", await DefaultAsync());
    }

    [Fact]
    public async Task CreatePolicyVersion_SixthWithoutStrategy_AnswersLimitExceeded()
    {
        await FiveVersionsAsync();
        foreach (var strategy in new[] { null, "None" })
        {
            var parameters = new List<(string, object)> { ("PolicyName", "p"), ("PolicyDocument", Document(6)) };
            if (strategy is not null)
            {
                parameters.Add(("RotateStrategy", strategy));
            }

            Assert.Equal(("LimitExceeded.Policy.Version", 409), await Ram.RefusalAsync("CreatePolicyVersion", [.. parameters]));
        }

        Assert.Equal(["v1", "v2", "v3", "v4", "v5"], await VersionsAsync());
    }

    [Fact]
    public async Task CreatePolicyVersion_SixthWithRotation_ReplacesTheOldestThatIsNotDefault()
    {
        await FiveVersionsAsync();
        await AddAsync(6, ("RotateStrategy", Rotate));
        Assert.Equal(["v1", "v3", "v4", "v5", "v6"], await VersionsAsync());
        await Ram.CallAsync("SetDefaultPolicyVersion", ("PolicyName", "p"), ("VersionId", "v3"));
        await AddAsync(7, ("RotateStrategy", Rotate), ("SetAsDefault", true));
        Assert.Equal(["v3", "v4", "v5", "v6", "v7"], await VersionsAsync());
        Assert.Equal("v7", await DefaultAsync());
    }

    [Fact]
    public async Task CreatePolicyVersion_UnknownStrategy_AnswersInvalidParameter()
    {
        await Ram.CreatePolicyAsync("p");
        Assert.Equal(
            ("InvalidParameter", 400),
            await Ram.RefusalAsync("CreatePolicyVersion", ("PolicyName", "p"), ("PolicyDocument", Document(2)), ("RotateStrategy", "Newest")));
    }

    [Fact]
    public async Task CreatePolicyVersion_MalformedDocument_AddsNothing()
    {
        await Ram.CreatePolicyAsync("p");
        Assert.Equal(
            ("MalformedPolicyDocument", 400), await Ram.RefusalAsync("CreatePolicyVersion", ("PolicyName", "p"), ("PolicyDocument", "{}")));
        Assert.Equal(["v1"], await VersionsAsync());
    }

    [Fact]
    public async Task DeletePolicyVersion_NumberDeleted_IsNotUsedAgain()
    {
        await Ram.CreatePolicyAsync("p");
        await AddAsync(2);
        AssertJson.Equal("{}", await Ram.CallAsync("DeletePolicyVersion", ("PolicyName", "p"), ("VersionId", "v2")));
        Assert.Equal("v3", (string)(await AddAsync(3))["PolicyVersion"]!["VersionId"]!);
        Assert.Equal(["v1", "v3"], await VersionsAsync());
    }

    [Fact]
    public async Task DeletePolicyVersion_Default_AnswersDeleteConflict()
    {
        await Ram.CreatePolicyAsync("p");
        Assert.Equal(
            ("DeleteConflict.Policy.Version.Default", 409),
            await Ram.RefusalAsync("DeletePolicyVersion", ("PolicyName", "p"), ("VersionId", "v1")));
    }

    [Theory]
    [InlineData("GetPolicyVersion", "v2", "EntityNotExist.Policy.Version", 404)]
    [InlineData("SetDefaultPolicyVersion", "v2", "EntityNotExist.Policy.Version", 404)]
    [InlineData("DeletePolicyVersion", "v2", "EntityNotExist.Policy.Version", 404)]
    [InlineData("GetPolicyVersion", "1", "InvalidParameter.VersionId.Format", 400)]
    [InlineData("SetDefaultPolicyVersion", "V1", "InvalidParameter.VersionId.Format", 400)]
    [InlineData("DeletePolicyVersion", "v", "InvalidParameter.VersionId.Format", 400)]
    [InlineData("GetPolicyVersion", "v01", "InvalidParameter.VersionId.Format", 400)]
    [InlineData("GetPolicyVersion", "v+1", "InvalidParameter.VersionId.Format", 400)]
    [InlineData("GetPolicyVersion", "v99999999999999999999", "InvalidParameter.VersionId.Format", 400)]
    public async Task VersionAction_UnknownOrBadId_AnswersByTheSpec(string action, string version, string code, int status)
    {
        await Ram.CreatePolicyAsync("p");
        Assert.Equal((code, status), await Ram.RefusalAsync(action, ("PolicyName", "p"), ("PolicyType", "Custom"), ("VersionId", version)));
    }

    [Fact]
    public async Task GetPolicyVersion_OlderVersion_AnswersItsDocument()
    {
        await Ram.CreatePolicyAsync("p", Document(1));
        await AddAsync(2, ("SetAsDefault", true));
        var version = (await Ram.CallAsync("GetPolicyVersion", ("PolicyName", "p"), ("PolicyType", "Custom"), ("VersionId", "v1")))["PolicyVersion"]!;
        Assert.Equal((false, Document(1)), ((bool)version["IsDefaultVersion"]!, (string)version["PolicyDocument"]!));
    }

    [Fact]
    public async Task SystemPolicyVersions_OnlyTheCurrentOne_Exists()
    {
        var parameters = new (string, object)[] { ("PolicyName", "AliyunKMSFullAccess"), ("PolicyType", "System") };
        var versions = (await Ram.CallAsync("ListPolicyVersions", parameters))["PolicyVersions"]!["PolicyVersion"]!.AsArray();
        Assert.Equal("v3", (string)Assert.Single(versions)!["VersionId"]!);
        Assert.NotNull(await Ram.CallAsync("GetPolicyVersion", [.. parameters, ("VersionId", "v3")]));
        Assert.Equal(("EntityNotExist.Policy.Version", 404), await Ram.RefusalAsync("GetPolicyVersion", [.. parameters, ("VersionId", "v1")]));
    }

    private static string Document(int number) =>
        $$"""{"Version":"1","Statement":[{"Effect":"Allow","Action":"kms:Encrypt","Resource":"acs:kms:*:*:key/{{number}}"}]}""";

    private Task<JsonObject> AddAsync(int number, params (string, object)[] more) =>
        Ram.CallAsync("CreatePolicyVersion", [("PolicyName", "p"), ("PolicyDocument", Document(number)), .. more]);

    private async Task FiveVersionsAsync()
    {
        await Ram.CreatePolicyAsync("p", Document(1));
        foreach (var number in Enumerable.Range(2, 4))
        {
            await AddAsync(number);
        }
    }

    private async Task<string> DefaultAsync() =>
        (string)(await Ram.CallAsync("GetPolicy", ("PolicyName", "p"), ("PolicyType", "Custom")))["DefaultPolicyVersion"]!["VersionId"]!;

    private async Task<string[]> VersionsAsync()
    {
        var answer = await Ram.CallAsync("ListPolicyVersions", ("PolicyName", "p"), ("PolicyType", "Custom"));
        return [.. answer["PolicyVersions"]!["PolicyVersion"]!.AsArray().Select(version => (string)version!["VersionId"]!)];
    }
}
