using KmsGateway.Policy.Matching;

namespace KmsGateway.Policy.Tests.Matching;

public sealed class PatternTests
{
    [Theory]
    [InlineData("kms", false)]
    [InlineData("kms*", false)]
    [InlineData(":Encrypt", false)]
    [InlineData("kms:", false)]
    [InlineData("kms:a:b", false)]
    [InlineData("kms:\u00e9", false)]
    [InlineData("kms:Encr\uff59pt", false)]
    [InlineData("", false)]
    [InlineData("**", false)]
    [InlineData("*:*", true)]
    public void ActionPattern_OfText_HoldsToTheGrammar(string text, bool isPattern) =>
        Assert.Equal(isPattern, ActionPattern.TryParse(text, out _));

    /// <summary>A request that is no action name is covered by nothing, the lone star included.</summary>
    [Theory]
    [InlineData("kms")]
    [InlineData("kms:")]
    [InlineData(":Encrypt")]
    [InlineData("kms:a:b")]
    [InlineData("")]
    public void ActionPattern_OfMalformedAction_CoversNothing(string action)
    {
        Assert.True(ActionPattern.TryParse("*", out var pattern));
        Assert.False(pattern.Covers(action));
    }

    [Theory]
    [InlineData("acs:kms:cn:1:key/a")]
    [InlineData("acs:kms::")]
    [InlineData("acs:kms")]
    [InlineData("acs:kms:cn")]
    [InlineData("acs:kms:cn:1")]
    [InlineData("acs:kms:cn:1:")]
    [InlineData("acs::cn:1:key")]
    [InlineData("acs:ram:::user/x")]
    [InlineData("acs:oss:*:*:a:b:c")]
    [InlineData("ACS:kms:cn:1:key/a")]
    [InlineData("acs")]
    [InlineData("acs:")]
    [InlineData("")]
    [InlineData("**")]
    public void ResourceName_OfText_SplitsAsArnDoes(string text)
    {
        var isArn = Arn.TryParse(text, out var arn);
        var name = new ResourceName(text);
        Assert.Equal(isArn, name.IsArn);
        if (arn is not null)
        {
            Assert.Equal((arn.Service, arn.Region, arn.Account, arn.RelativeId), (name.Service.ToString(), name.Region.ToString(), name.Account.ToString(), name.RelativeId.ToString()));
        }
    }

    [Theory]
    [InlineData("*", true)]
    [InlineData("acs:kms:*:*:key/*", true)]
    [InlineData("acs:kms:::key", true)]
    [InlineData("acs:kms:cn:1", false)]
    [InlineData("acs:kms:cn:1:", false)]
    [InlineData("acs::cn:1:key", false)]
    [InlineData("key/*", false)]
    [InlineData("acs:kms:cn:1:key/${id}", false)]
    [InlineData("acs:kms:cn:1:key/a b", false)]
    [InlineData("acs:kms:cn:1:key/a\u0001", false)]
    [InlineData("acs:kms:cn:1:key/$id", true)]
    public void ResourcePattern_OfText_HoldsToTheGrammar(string text, bool isPattern)
    {
        Assert.Equal(isPattern, ResourcePattern.TryParse(text, out var pattern));
        Assert.Equal(isPattern ? text : null, pattern?.ToString());
    }

    [Fact]
    public void Arn_Printed_ReadsBack()
    {
        Assert.True(Arn.TryParse("acs:ram::1000000000000001:user/a:b", out var arn));
        Assert.Equal("acs:ram::1000000000000001:user/a:b", arn.ToString());
        Assert.True(ActionPattern.TryParse("kms:Get*", out var action));
        Assert.Equal("kms:Get*", action.ToString());
    }

    /// <summary>Threat 9: OpenBao GHSA-59w7-v8rr-pr4p. A name that holds wildcards is a name.</summary>
    [Theory]
    [InlineData("acs:kms:cn:1:alias/app", "acs:kms:cn:1:alias/*", false)]
    [InlineData("acs:kms:cn:1:alias/*", "acs:kms:cn:1:alias/*", true)]
    [InlineData("acs:kms:cn:1:alias/a?p", "acs:kms:cn:1:alias/*pp", false)]
    [InlineData("*", "acs:kms:cn:1:key/a", true)]
    [InlineData("*", "*", true)]
    [InlineData("acs:*:*:*:*", "*", false)]
    [InlineData("*", "key/a", false)]
    public void ResourcePattern_OfResource_TakesWildcardsOfThePatternOnly(string pattern, string resource, bool isCovered)
    {
        Assert.True(ResourcePattern.TryParse(pattern, out var parsed));
        Assert.Equal(isCovered, parsed.Covers(resource));
    }
}
