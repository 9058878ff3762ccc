using System.Collections.Immutable;
using KmsGateway.Policy.Documents;
using KmsGateway.Policy.Evaluation;

namespace KmsGateway.Policy.Tests.Evaluation;

/// <summary>System policies belong to the account name <c>system</c>, which is nobody's and everybody's own (ram-sts-api.md, common rules).</summary>
public sealed class ServiceOwnedResourceTests
{
    private const string SystemPolicy = "acs:ram::system:policy/AdministratorAccess";

    [Fact]
    public void Evaluate_SystemPolicyByRoot_Allows() =>
        Assert.Equal(Verdict.Allow, Decide(new PolicyPrincipal(PrincipalType.Root, "1", string.Empty), """{"Version":"1","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}"""));

    [Theory]
    [InlineData("acs:ram:*:system:policy/*", Verdict.Allow)]
    [InlineData("acs:ram:*:*:policy/AdministratorAccess", Verdict.Allow)]
    [InlineData("acs:ram:*:1:policy/*", Verdict.ImplicitDeny)]
    public void Evaluate_SystemPolicyByUser_IdentityPolicyDecides(string resource, Verdict expected) =>
        Assert.Equal(expected, Decide(
            new PolicyPrincipal(PrincipalType.User, "1", "alice"),
            $$"""{"Version":"1","Statement":[{"Effect":"Allow","Action":"ram:AttachPolicyToUser","Resource":"{{resource}}"}]}"""));

    private static Verdict Decide(PolicyPrincipal principal, string document) => PolicyEvaluator.Evaluate(
        new PolicySet([PolicyParser.Parse(document, PolicyKind.Identity).Document!]),
        new AuthorizationRequest(principal, ImmutableArray.Create(new PolicyCheck("ram:AttachPolicyToUser", SystemPolicy, ConditionContext.Empty)))).Verdict;
}
