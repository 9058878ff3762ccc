using KmsGateway.Gateway.Wire;
using Xunit;

namespace KmsGateway.Gateway.Tests.Wire;

public sealed class PercentEncodingTests
{
    [Theory]
    [InlineData("AZaz09-_.~", "AZaz09-_.~", "AZaz09-_.~")]
    [InlineData("!'()*", "%21%27%28%29%2A", "!'()*")]
    [InlineData("a b+c", "a%20b%2Bc", "a%20b%2Bc")]
    [InlineData("%2F", "%252F", "%252F")]
    [InlineData("项😀", "%E9%A1%B9%F0%9F%98%80", "%E9%A1%B9%F0%9F%98%80")]
    [InlineData("\0\u007f\n", "%00%7F%0A", "%00%7F%0A")]
    [InlineData("", "", "")]
    public void Encode_FollowsItsRule(string text, string strict, string node)
    {
        Assert.Equal(strict, PercentEncoding.Encode(text));
        Assert.Equal(node, PercentEncoding.Encode(text, EncodingRule.NodeQuerystring));
    }

    [Theory]
    [InlineData("a b/项!~")]
    [InlineData("%25&=")]
    [InlineData("😀'()*")]
    public void EncodeTwice_InOnePass_EqualsEncodingTheEncoded(string text)
    {
        Assert.Equal(PercentEncoding.Encode(PercentEncoding.Encode(text)), PercentEncoding.Encode(text, EncodingRule.StrictTwice));
        Assert.Equal(
            PercentEncoding.Encode(PercentEncoding.Encode(text, EncodingRule.NodeQuerystring), EncodingRule.NodeQuerystring),
            PercentEncoding.Encode(text, EncodingRule.NodeQuerystringTwice));
    }

    [Fact]
    public void Encode_LongText_GrowsTheBuffer()
    {
        var text = string.Concat(Enumerable.Repeat("é", 100_000));
        Assert.Equal(string.Concat(Enumerable.Repeat("%25C3%25A9", 100_000)), PercentEncoding.Encode(text, EncodingRule.StrictTwice));
    }

    [Fact]
    public void Decoder_ReadsBackWhatTheEncoderWrites_ForEveryCharacterOfThePlane()
    {
        var text = new string([.. Enumerable.Range(1, 0xFFFF).Where(code => code is < 0xD800 or > 0xDFFF).Select(code => (char)code)]);
        foreach (var part in text.Chunk(4096))
        {
            var pairs = new List<KeyValuePair<string, string>>();
            ParameterDecoder.Decode(System.Text.Encoding.ASCII.GetBytes("n=" + PercentEncoding.Encode(new string(part))), pairs);
            Assert.Equal(new string(part), Assert.Single(pairs).Value);
        }
    }
}
