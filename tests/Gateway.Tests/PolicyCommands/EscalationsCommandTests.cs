using System.Text.Json;

namespace KmsGateway.Gateway.Tests.PolicyCommands;

/// <summary><c>policy escalations</c>, as a user runs it over a seed (threats.md row 15).</summary>
public sealed class EscalationsCommandTests : IDisposable
{
    private const string NoKeyPolicies = "key policies are not in the file: who they let in was not looked at";

    private readonly PolicyProgram program = new();

    public void Dispose() => program.Dispose();

    [Theory]
    [InlineData("ram:AttachPolicyToUser", "AttachPolicyToUser")]
    [InlineData("ram:CreatePolicyVersion", "CreatePolicyVersion")]
    [InlineData("ram:AddUserToGroup", "AddUserToGroup")]
    public async Task Escalations_OfWhoMayWriteItsOwnRights_NameTheStep(string action, string rule)
    {
        var (code, output, error) = await program.RunAsync("escalations", Seed(action), "--expect", "none");
        Assert.Equal((1, ""), (code, error));
        Assert.Contains("2000000000000002 user/alice -> user/alice: Access, acs:ram::2000000000000002:user/alice ", output, StringComparison.Ordinal);
        Assert.Contains($"  user/alice {rule}: ", output, StringComparison.Ordinal);
        Assert.EndsWith("FAIL: expected none\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Escalations_OfWhoMayOnlyUseKeys_AreNone() => Assert.Equal(
        (0, $"2000000000000002 no way was found\n2000000000000002 {NoKeyPolicies}\n", ""), await program.RunAsync("escalations", Seed("kms:Decrypt"), "--principal", "user/alice", "--expect", "none"));

    [Fact]
    public async Task Escalations_AsJson_TellEachCall()
    {
        var (code, output, error) = await program.RunAsync("escalations", Seed("ram:AttachPolicyToUser"), "--principal", "user/alice", "--format", "json");
        Assert.Equal((0, ""), (code, error));
        using var document = JsonDocument.Parse(output);
        var account = Assert.Single(document.RootElement.GetProperty("accounts").EnumerateArray());
        Assert.False(account.GetProperty("hasKeyPolicies").GetBoolean());
        var path = account.GetProperty("paths").EnumerateArray().First();
        Assert.Equal("user/alice", path.GetProperty("principal").GetString());
        Assert.Equal("ram:AttachPolicyToUser", path.GetProperty("steps")[0].GetProperty("calls")[0].GetProperty("call").GetProperty("action").GetString());
    }

    [Fact]
    public async Task Escalations_TagItself_ReachesTheKeyOfThatTag()
    {
        var (_, output, _) = await program.RunAsync("escalations", Seed("kms:TagResource"));
        Assert.Contains("  user/alice TagResource: ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Escalations_OfSomebodyUnknown_IsRefusedAndNamed()
    {
        var (code, _, error) = await program.RunAsync("escalations", Seed("kms:Decrypt"), "--principal", "user/bob");
        Assert.Equal(64, code);
        Assert.Contains("--principal \"user/bob\"", error, StringComparison.Ordinal);
    }

    private string Seed(string action) => program.Write(
        $$$"""
        {
          "format": "kmsgateway-seed/1",
          "accounts": { "2000000000000002": {
            "policies": {
              "Own": { "document": { "Version": "1", "Statement": [
                { "Effect": "Allow", "Action": "{{{action}}}", "Resource": "*" },
                { "Effect": "Allow", "Action": "kms:Encrypt", "Resource": "*", "Condition": { "StringEquals": { "kms:tag/Open": "yes" } } } ] } }
            },
            "groups": { "admins": { "policies": ["system/AdministratorAccess"] } },
            "users": { "alice": { "policies": ["Own"] } },
            "keys": { "apollo": { "tags": { "Project": "Apollo" } } }
          } }
        }
        """,
        "seed.json");
}
