using System.Collections.Immutable;
using System.Text.Json.Nodes;
using KmsGateway.Core.Contract;
using KmsGateway.Gateway.Sts;
using KmsGateway.Gateway.Tests.Ram;
using KmsGateway.Policy.Evaluation;

namespace KmsGateway.Gateway.Tests.Sts;

/// <summary>AssumeRole after authorization: limits and answer.</summary>
public sealed class AssumeRoleTests : SessionFixture
{
    private const string Narrow = """{"Version":"1","Statement":[{"Effect":"Allow","Action":"kms:Encrypt","Resource":"*"}]}""";

    [Fact]
    public async Task AssumeRole_Answer_HasTheMembersOfTheSpecification()
    {
        var answer = await AssumeAsync(Alice, "ci", null, ("SourceIdentity", "alice"));
        var credentials = answer["Credentials"]!.AsObject();
        Assert.Equal(["AccessKeyId", "AccessKeySecret", "Expiration", "SecurityToken"], credentials.Select(member => member.Key).Order(StringComparer.Ordinal));
        Assert.Equal("2026-01-23T13:33:18Z", (string?)credentials["Expiration"]);
        Assert.Matches("^STS\\.[A-Za-z0-9]{26}$", (string?)credentials["AccessKeyId"]);
        Assert.Equal($"{RoleArn("ci")}/nightly", (string?)answer["AssumedRoleUser"]!["Arn"]);
        Assert.Matches("^3[0-9]{17}:nightly$", (string?)answer["AssumedRoleUser"]!["AssumedRoleId"]);
        Assert.Equal("alice", (string?)answer["SourceIdentity"]);
        Assert.Null((await AssumeAsync(Alice, "ci"))["SourceIdentity"]);
    }

    [Fact]
    public async Task AssumeRole_ByRoot_IsRefused() =>
        await RefusedAsync(() => AssumeAsync(Ram.Root, "ci"), "NoPermission", "Roles may not be assumed by root accounts.");

    [Fact]
    public async Task AssumeRole_UnknownRole_IsNotFound() =>
        await RefusedAsync(() => AssumeAsync(Alice, "nothing"), "EntityNotExist.Role", "The specified Role not exists.");

    [Theory]
    [InlineData(3600, true)]
    [InlineData(7200, true)]
    [InlineData(7201, false)]
    public async Task AssumeRole_AroundTheRolesLongestSession(int seconds, bool isAllowed)
    {
        await Ram.CallAsync("UpdateRole", ("RoleName", "ci"), ("NewMaxSessionDuration", 7200));
        Task<JsonObject> Call() => AssumeAsync(Alice, "ci", null, ("DurationSeconds", (long)seconds));
        if (isAllowed)
        {
            Assert.Equal(StsApi.Time(Ram.Clock.GetUtcNow().AddSeconds(seconds)), Read(await Call()).Expiration);
        }
        else
        {
            await RefusedAsync(Call, "InvalidParameter.DurationSeconds", "The Min/Max value of DurationSeconds is 15min/1hr.");
        }
    }

    [Theory]
    [InlineData("{")]
    [InlineData("""{"Version":"1","Statement":[]}""")]
    [InlineData("""{"Version":"1","Statement":[{"Effect":"Allow","Action":"kms:Encrypt","Resource":"*","Principal":{"RAM":"acs:ram::1:root"}}]}""")]
    public async Task AssumeRole_PolicyThatDoesNotParse_IsRefused(string policy) =>
        await RefusedAsync(() => AssumeAsync(Alice, "ci", null, ("Policy", policy)), "InvalidParameter.PolicyGrammar", "The parameter Policy has not passed grammar check.");

    [Fact]
    public async Task AssumeRole_LongestPolicyAndExternalId_FitUnlessTheCharactersAreWide()
    {
        var longest = new ConditionContext([KeyValuePair.Create("sts:ExternalId", ImmutableArray.Create(new string('x', 1224)))]);
        Assert.Equal("OK", await StateAsync(await SessionAsync(Alice, "ci", longest, ("Policy", Padded('x')))));
        Assert.Equal("OK", await StateAsync(await SessionAsync(Alice, more: ("Policy", Padded('爱')))));
        await RefusedAsync(() => AssumeAsync(Alice, "ci", longest, ("Policy", Padded('爱'))), "InvalidParameter.PolicySize", "The size of Policy must be smaller than 2048 bytes.");

        static string Padded(char character)
        {
            var text = Narrow.Replace("kms:Encrypt\"", "kms:Encrypt\",\"Condition\":{\"StringEquals\":{\"acs:SourceVpc\":\"@\"}}", StringComparison.Ordinal);
            return text.Replace("@", new string(character, 2048 - text.Length + 1), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task AssumeRole_EndlessChain_IsRefusedWhenItNoLongerFits()
    {
        var caller = Alice;
        var refusal = await Record.ExceptionAsync(async () =>
        {
            for (var depth = 0; depth < 64; depth++)
            {
                caller = await IdentityAsync(await SessionAsync(caller));
            }
        });
        Assert.Equal("InvalidParameter.RoleArn", Assert.IsType<KmsException>(refusal).Error.Code);
    }

    [Fact]
    public async Task AssumeRole_ByASessionWithMfa_KeepsIt()
    {
        var office = new ConditionContext([KeyValuePair.Create("acs:MFAPresent", ImmutableArray.Create("true"))]);
        Assert.True((await FindAsync(await SessionAsync(Alice, "ci", office))).Key!.Session!.IsMfaPresent);
    }

    private static async Task RefusedAsync(Func<Task> call, string code, string message)
    {
        var refusal = await Assert.ThrowsAsync<KmsException>(call);
        Assert.Equal((code, message), (refusal.Error.Code, refusal.Message));
    }
}
