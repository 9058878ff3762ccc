using KmsGateway.Policy.Documents;
using KmsGateway.Policy.Evaluation;

namespace KmsGateway.Policy.Tests.Samples;

/// <summary>What a matrix cannot say: its callers are accounts, users and roles, and a product of the cloud is none of them.</summary>
public sealed class SampleTrustTests
{
    [Theory]
    [InlineData(PrincipalType.Service, "ecs.aliyuncs.com", Verdict.Allow)]
    [InlineData(PrincipalType.Service, "fc.aliyuncs.com", Verdict.ImplicitDeny)]
    [InlineData(PrincipalType.Federated, "acs:ram::1000000000000001:oidc-provider/ecs.aliyuncs.com", Verdict.ImplicitDeny)]
    public void MachinesAndTheirOperator_ForAProduct_LetsInTheOneNamed(PrincipalType type, string name, Verdict expected)
    {
        var trust = PolicyParser.Parse(SampleFiles.Get("trust-policies/machines-and-their-operator").Text, PolicyKind.Trust).Document;
        var check = new PolicyCheck("sts:AssumeRole", "acs:ram::1000000000000001:role/backup", ConditionContext.Empty, trust);
        var decision = PolicyEvaluator.Evaluate(PolicySet.Empty, new AuthorizationRequest(new PolicyPrincipal(type, "", name), [check]));
        Assert.Equal(expected, decision.Verdict);
    }
}
