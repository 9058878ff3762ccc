using KmsGateway.Core.Contract;
using KmsGateway.Gateway.Authorization;

namespace KmsGateway.Gateway.Tests.Authorization;

/// <summary>What a policy of up to 32 KB costs: descriptors of foreign keys come anew with every call.</summary>
public sealed class KeyPoliciesTests
{
    [Fact]
    public void Find_TwoDescriptorsOfOneText_ParseItOnce()
    {
        Assert.Same(KeyPolicies.Find(Descriptor("user/a")), KeyPolicies.Find(Descriptor("user/a")));
        Assert.NotSame(KeyPolicies.Find(Descriptor("user/a")), KeyPolicies.Find(Descriptor("user/b")));
    }

    [Fact]
    public void Find_TextThatDoesNotParse_IsNoPolicyEachTime()
    {
        for (var time = 0; time < 2; time++)
        {
            Assert.Null(KeyPolicies.Find(Descriptor("user/a") with { KeyPolicy = "{" }));
        }
    }

    private static KeyDescriptor Descriptor(string principal) =>
        new("acs:kms:cn-hangzhou:1000000000000001:key/k", "Enabled", new Dictionary<string, string>(), 1)
        {
            KeyPolicy = $$$$"""{"Version":"1","Statement":[{"Effect":"Allow","Action":["kms:*"],"Resource":["*"],"Principal":{"RAM":["acs:ram::2000000000000002:{{{{principal}}}}"]}}]}""",
        };
}
