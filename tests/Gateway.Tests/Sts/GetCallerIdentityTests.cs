using System.Collections.Immutable;
using KmsGateway.Gateway.Authentication;
using KmsGateway.Gateway.Catalogue;
using KmsGateway.Gateway.Pipeline;
using KmsGateway.Gateway.Sts;
using KmsGateway.Gateway.Tests.Ram;
using Xunit;

namespace KmsGateway.Gateway.Tests.Sts;

public sealed class GetCallerIdentityTests
{
    private const string Account = "1234567890123456";

    [Fact]
    public Task GetCallerIdentity_Root_AnswersAccount() => AnswersAsync(
        new Identity(PrincipalKind.Root, Account, Account, "root"),
        """
        {"AccountId":"1234567890123456","Arn":"acs:ram::1234567890123456:root","IdentityType":"Account","PrincipalId":"1234567890123456",
         "UserId":"1234567890123456"}
        """);

    [Fact]
    public Task GetCallerIdentity_User_AnswersRamUser() => AnswersAsync(
        new Identity(PrincipalKind.User, Account, "216959339000000001", "alice"),
        """
        {"AccountId":"1234567890123456","Arn":"acs:ram::1234567890123456:user/alice","IdentityType":"RAMUser",
         "PrincipalId":"216959339000000001","UserId":"216959339000000001"}
        """);

    [Fact]
    public Task GetCallerIdentity_Session_AnswersAssumedRoleUser() => AnswersAsync(
        new Identity(PrincipalKind.RoleSession, Account, "300000000000000001", "ci", "build-7"),
        """
        {"AccountId":"1234567890123456","Arn":"acs:ram::1234567890123456:assumed-role/ci/build-7","IdentityType":"AssumedRoleUser",
         "PrincipalId":"300000000000000001:build-7","RoleId":"300000000000000001"}
        """);

    private static async Task AnswersAsync(Identity caller, string expected)
    {
        var nothing = new ActionParameters(ImmutableSortedDictionary<string, object>.Empty);
        AssertJson.Equal(expected, await new GetCallerIdentity().HandleAsync(new GatewayActionCall(caller, nothing), CancellationToken.None));
    }
}
