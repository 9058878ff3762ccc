using KmsGateway.Core.Certificates;

namespace KmsGateway.Core.Tests.Certificates;

public sealed class SubjectTextTests
{
    private const string Rest = ",OU=b,O=c,C=CN";

    [Theory]
    [InlineData("CN=a" + Rest, "CN=a, OU=b, O=c, C=CN")]
    [InlineData("C=CN,O=c,OU=b,CN=a", "C=CN, O=c, OU=b, CN=a")]
    [InlineData("cn=a , ou = b,o=c,c=CN", "CN=a, OU=b, O=c, C=CN")]
    [InlineData("CN=a\\2Cb" + Rest, "CN=\"a,b\", OU=b, O=c, C=CN")]
    [InlineData("CN=a\\=b\\\\c" + Rest, "CN=\"a=b\\c\", OU=b, O=c, C=CN")]
    [InlineData("CN=\\ a\\ " + Rest, "CN=\" a \", OU=b, O=c, C=CN")]
    [InlineData("CN=中文 \\E4\\B8\\AD" + Rest, "CN=中文 中, OU=b, O=c, C=CN")]
    [InlineData("CN=a b#c" + Rest, "CN=\"a b#c\", OU=b, O=c, C=CN")]
    [InlineData("CN=a,L=d,ST=e" + Rest, "CN=a, L=d, S=e, OU=b, O=c, C=CN")]
    public void Read_OfAName_IsTheName(string text, string expected) => Assert.Equal(expected, SubjectText.TryRead(text)?.Name);

    [Theory]
    [InlineData("")]
    [InlineData("CN=a")]
    [InlineData("CN=a,OU=b,O=c")]
    [InlineData("CN=a,O=c,C=CN")]
    [InlineData("CN=a" + Rest + ",")]
    [InlineData("," + "CN=a" + Rest)]
    [InlineData("CN=a,CN=d" + Rest)]
    [InlineData("CN=a,OU=d" + Rest)]
    [InlineData("CN=a+L=d" + Rest)]
    [InlineData("CN=a;L=d" + Rest)]
    [InlineData("CN=\"a\"" + Rest)]
    [InlineData("CN=#0401" + Rest)]
    [InlineData("CN=" + Rest)]
    [InlineData("CN= " + Rest)]
    [InlineData("CN" + Rest)]
    [InlineData("=a" + Rest)]
    [InlineData("CN=a=b" + Rest)]
    [InlineData("CN=a\\" + Rest)]
    [InlineData("CN=a" + Rest + "\\")]
    [InlineData("CN=a\\4" + Rest)]
    [InlineData("CN=a\\zz" + Rest)]
    [InlineData("CN=a\\FF" + Rest)]
    [InlineData("CN=a\\00b" + Rest)]
    [InlineData("CN=a\nb" + Rest)]
    [InlineData("CN=a\\0Ab" + Rest)]
    [InlineData("CN=a,E=x" + Rest)]
    [InlineData("2.5.4.3=a" + Rest)]
    [InlineData("CN=a,OU=b,O=c,C=cn")]
    [InlineData("CN=a,OU=b,O=c,C=CHN")]
    [InlineData("CN=a,OU=b,O=c,C=1A")]
    public void Read_OfWhatIsNoName_IsNull(string text) => Assert.Null(SubjectText.TryRead(text));

    /// <summary>Why not a row above: test data goes through UTF-8.</summary>
    [Fact]
    public void Read_OfHalfACharacter_IsNull() => Assert.Null(SubjectText.TryRead($"CN={(char)0xD800}{Rest}"));

    [Theory]
    [InlineData("CN", 64)]
    [InlineData("L", 128)]
    [InlineData("ST", 128)]
    public void Read_AtTheLongest_IsTakenAndOneMoreIsNot(string attribute, int longest)
    {
        foreach (var letter in (string[])["x", "密", "😀"])
        {
            Assert.NotNull(SubjectText.TryRead(Text(string.Concat(Enumerable.Repeat(letter, longest)))));
            Assert.Null(SubjectText.TryRead(Text(string.Concat(Enumerable.Repeat(letter, longest + 1)))));
        }

        string Text(string value) => (attribute == "CN" ? string.Empty : "CN=a,") + $"{attribute}={value}{Rest}";
    }

    [Theory]
    [InlineData("a", true)]
    [InlineData("a.example.com", true)]
    [InlineData("*.example.com", true)]
    [InlineData("xn--fiqs8s.example", true)]
    [InlineData("1.example", true)]
    [InlineData("*", false)]
    [InlineData("*.com", false)]
    [InlineData("a.*.com", false)]
    [InlineData("a*.example.com", false)]
    [InlineData("", false)]
    [InlineData(".a", false)]
    [InlineData("a.", false)]
    [InlineData("-a.b", false)]
    [InlineData("a-.b", false)]
    [InlineData("a_b.c", false)]
    [InlineData("中.cn", false)]
    [InlineData("127.0.0.1", false)]
    [InlineData("a b", false)]
    [InlineData("a\u0000.b", false)]
    public void HostName_IsOneOrNot(string name, bool expected) => Assert.Equal(expected, HostNames.IsValid(name));

    [Theory]
    [InlineData(63, true)]
    [InlineData(64, false)]
    public void HostName_WithALongLabel_IsOneUpToTheLimit(int length, bool expected) =>
        Assert.Equal(expected, HostNames.IsValid(new string('a', length) + ".example"));

    [Theory]
    [InlineData(253, true)]
    [InlineData(254, false)]
    public void HostName_ThatIsLong_IsOneUpToTheLimit(int length, bool expected) => Assert.Equal(
        expected, HostNames.IsValid(string.Concat(Enumerable.Repeat("abcdefg.", 31)) + new string('a', length - 248)));
}
