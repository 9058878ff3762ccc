using KmsGateway.Policy.Documents;

namespace KmsGateway.Policy.Tests.Documents;

/// <summary>R-DOC-20, form by form.</summary>
public sealed class PrincipalFormsTests
{
    [Theory]
    [InlineData("RAM", "acs:ram::123:root", true)]
    [InlineData("RAM", "acs:ram::123:user/alice.b_c-d@e", true)]
    [InlineData("RAM", "acs:ram::123:role/Ops", true)]
    [InlineData("RAM", "acs:ram::123:*", false)]
    [InlineData("RAM", "acs:ram::123:user/", false)]
    [InlineData("RAM", "acs:ram::123:user/a b", false)]
    [InlineData("RAM", "acs:ram::123:user/al?ce", false)]
    [InlineData("RAM", "acs:ram::123:user/\u0430lice", false)]
    [InlineData("RAM", "acs:ram::123:group/g", false)]
    [InlineData("RAM", "acs:ram:cn-hangzhou:123:root", false)]
    [InlineData("RAM", "acs:ram:::root", false)]
    [InlineData("RAM", "acs:ram::12a:root", false)]
    [InlineData("RAM", "acs:ram::123:ROOT", false)]
    [InlineData("RAM", "ACS:ram::123:root", false)]
    [InlineData("RAM", "123", false)]
    [InlineData("Service", "ecs.aliyuncs.com", true)]
    [InlineData("Service", "secretsmanager-rds.kms.aliyuncs.com", true)]
    [InlineData("Service", "aliyuncs.com", false)]
    [InlineData("Service", ".aliyuncs.com", false)]
    [InlineData("Service", "ecs.aliyuncs.com.evil.example", false)]
    [InlineData("Service", "evil-aliyuncs.com", false)]
    [InlineData("Service", "-ecs.aliyuncs.com", false)]
    [InlineData("Service", "e_cs.aliyuncs.com", false)]
    [InlineData("Service", "ecs-.aliyuncs.com", false)]
    [InlineData("Service", "a..aliyuncs.com", false)]
    [InlineData("Service", "a.-b.aliyuncs.com", false)]
    [InlineData("Service", "Ecs.aliyuncs.com", false)]
    [InlineData("Service", "e-1.a.aliyuncs.com", true)]
    [InlineData("RAM", "acs:ram::123", false)]
    [InlineData("RAM", "acs:ram::123:", false)]
    [InlineData("RAM", "acs:ram::123:user", false)]
    [InlineData("Federated", "acs:ram::123:saml-provider/", false)]
    [InlineData("Federated", "acs:ram::12a:saml-provider/corp", false)]
    [InlineData("Federated", "corp", false)]
    [InlineData("Federated", "acs:ram::123:saml-provider/corp", true)]
    [InlineData("Federated", "acs:ram::123:oidc-provider/ci", true)]
    [InlineData("Federated", "acs:ram::123:saml-provider/*", false)]
    [InlineData("Federated", "acs:ram::123:user/alice", false)]
    public void TrustPolicy_OfEntry_TakesTheListedFormsOnly(string kind, string entry, bool isAccepted)
    {
        var text = $$"""{"Version":"1","Statement":[{"Effect":"Allow","Principal":{"{{kind}}":"{{entry}}"},"Action":"sts:AssumeRole"}]}""";
        Assert.Equal(isAccepted, PolicyParser.Parse(text, PolicyKind.Trust).IsValid);
    }

    [Theory]
    [InlineData(128, true)]
    [InlineData(129, false)]
    public void TrustPolicy_OfName_HoldsToItsLength(int length, bool isAccepted)
    {
        var text = $$"""{"Version":"1","Statement":[{"Effect":"Allow","Principal":{"RAM":"acs:ram::1:user/{{new string('n', length)}}"},"Action":"sts:AssumeRole"}]}""";
        Assert.Equal(isAccepted, PolicyParser.Parse(text, PolicyKind.Trust).IsValid);
    }

    /// <summary>Host names: labels of 1 to 63 characters, 253 in all.</summary>
    [Theory]
    [InlineData(63, 12, true)]
    [InlineData(64, 12, false)]
    [InlineData(63, 240, true)]
    [InlineData(63, 241, false)]
    public void TrustPolicy_OfHost_HoldsToItsLengths(int label, int rest, bool isAccepted)
    {
        var host = new string('a', rest);
        for (var at = label; at < rest; at += label + 1)
        {
            host = host[..at] + "." + host[(at + 1)..];
        }

        var text = $$"""{"Version":"1","Statement":[{"Effect":"Allow","Principal":{"Service":"{{(label > 63 ? new string('b', label) + "." : "")}}{{host}}.aliyuncs.com"},"Action":"sts:AssumeRole"}]}""";
        Assert.Equal(isAccepted, PolicyParser.Parse(text, PolicyKind.Trust).IsValid);
    }

    [Theory]
    [InlineData("acs:ram::123:*", true)]
    [InlineData("acs:ram::123:root", true)]
    [InlineData("acs:ram::*:*", false)]
    public void KeyPolicy_OfEntry_TakesTheAccountStar(string entry, bool isAccepted)
    {
        var text = $$"""{"Version":"1","Statement":[{"Effect":"Allow","Principal":{"RAM":"{{entry}}"},"Action":"kms:*","Resource":"*"}]}""";
        Assert.Equal(isAccepted, PolicyParser.Parse(text, PolicyKind.Key).IsValid);
    }

    [Fact]
    public void Parse_OfPrincipal_SortsKinds()
    {
        var text = """{"Version":"1","Statement":[{"Effect":"Allow","Principal":{"Service":"ecs.aliyuncs.com","RAM":["acs:ram::1:role/b","acs:ram::1:user/a"]},"Action":"sts:AssumeRole"}]}""";
        var entries = PolicyParser.Parse(text, PolicyKind.Trust).Document!.Statements[0].Principals;
        Assert.Equal([RamEntryScope.Role, RamEntryScope.User, RamEntryScope.None], entries.Select(entry => entry.Scope));
        Assert.Equal(["b", "a", ""], entries.Select(entry => entry.Name));
        Assert.Equal(["1", "1", ""], entries.Select(entry => entry.Account));
    }

    /// <summary>Names and accounts belong to RAM users and roles; an account entry has no name, a provider neither.</summary>
    [Theory]
    [InlineData("RAM", "acs:ram::1:root", "1")]
    [InlineData("Federated", "acs:ram::1:saml-provider/p", "")]
    public void Parse_OfPrincipalWithoutName_LeavesItEmpty(string kind, string text, string account)
    {
        var entry = PolicyParser.Parse($$"""{"Version":"1","Statement":[{"Effect":"Allow","Principal":{"{{kind}}":"{{text}}"},"Action":"sts:AssumeRole"}]}""", PolicyKind.Trust).Document!.Statements[0].Principals[0];
        Assert.Equal((account, ""), (entry.Account, entry.Name));
    }
}
