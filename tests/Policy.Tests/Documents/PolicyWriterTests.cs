using KmsGateway.Policy.Documents;

namespace KmsGateway.Policy.Tests.Documents;

public sealed class PolicyWriterTests
{
    [Theory]
    [InlineData(
        PolicyKind.Identity,
        """{ "Statement" : [ { "Condition" : {"StringLike":{"kms:tag/\"\\\u94a5":["a","\ud83d\udd11"]},"Bool":{"acs:MFAPresent":"TRUE"}}, "NotResource":["*","acs:kms:*:*:key/*"], "NotAction":["KMS:*"], "Effect":"Deny", "Sid":"x y" } ], "Version":"\u0031" }""",
        "{\"Version\":\"1\",\"Statement\":[{\"Sid\":\"x y\",\"Effect\":\"Deny\",\"NotAction\":\"KMS:*\",\"NotResource\":[\"*\",\"acs:kms:*:*:key/*\"],\"Condition\":{\"StringLike\":{\"kms:tag/\\\"\\\\\u94a5\":[\"a\",\"\U0001F511\"]},\"Bool\":{\"acs:MFAPresent\":\"TRUE\"}}}]}")]
    [InlineData(
        PolicyKind.Trust,
        """{"Version":"1","Statement":[{"Effect":"Allow","Principal":{"Federated":"acs:ram::1:saml-provider/p","RAM":["acs:ram::1:root"]},"Action":["sts:AssumeRole"],"Condition":{}}]}""",
        """{"Version":"1","Statement":[{"Effect":"Allow","Principal":{"RAM":"acs:ram::1:root","Federated":"acs:ram::1:saml-provider/p"},"Action":"sts:AssumeRole"}]}""")]
    public void Write_OfDocument_IsCanonical(PolicyKind kind, string text, string canonical) =>
        Assert.Equal(canonical, PolicyWriter.Write(PolicyParser.Parse(text, kind).Document!));

    [Fact]
    public void Write_OfControlCharacters_EscapesThem()
    {
        const string text = "{\"Version\":\"1\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"kms:*\",\"Resource\":\"*\",\"Condition\":{\"StringEquals\":{\"kms:tag/A\":\"\\b\\f\\n\\r\\t\\u0001\\u001f\\\"\\\\\u007f\"}}}]}";
        Assert.Equal(text, PolicyWriter.Write(PolicyParser.Parse(text, PolicyKind.Identity).Document!));
    }
}
