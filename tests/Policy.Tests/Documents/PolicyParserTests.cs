using System.Globalization;
using System.Text;
using KmsGateway.Policy.Documents;

namespace KmsGateway.Policy.Tests.Documents;

public sealed class PolicyParserTests
{
    private const string Statement = """{"Effect":"Allow","Action":"kms:*","Resource":"*"}""";
    private const string Minimal = $$"""{"Version":"1","Statement":[{{Statement}}]}""";
    private const string MinimalTrust = """{"Version":"1","Statement":[{"Effect":"Allow","Principal":{"RAM":"acs:ram::1:root"},"Action":"sts:AssumeRole"}]}""";
    private const string MinimalKey = """{"Version":"1","Statement":[{"Effect":"Allow","Principal":{"RAM":"acs:ram::1:root"},"Action":"kms:*","Resource":"*"}]}""";

    public static TheoryData<PolicyKind, int, string> Limits => new()
    {
        { PolicyKind.Identity, 6144, Minimal },
        { PolicyKind.Session, 2048, Minimal },
        { PolicyKind.Control, 4096, Minimal },
        { PolicyKind.Key, 32768, MinimalKey },
        { PolicyKind.Trust, 4096, MinimalTrust },
    };

    [Theory]
    [MemberData(nameof(Limits))]
    public void Parse_AtTheSizeLimit_IsAccepted(PolicyKind kind, int limit, string minimal) =>
        Assert.True(PolicyParser.Parse(minimal.PadRight(limit), kind).IsValid);

    [Theory]
    [MemberData(nameof(Limits))]
    public void Parse_OnePastTheSizeLimit_IsTooLong(PolicyKind kind, int limit, string minimal) =>
        AssertOnlyFault(PolicyParser.Parse(minimal.PadRight(limit + 1), kind), "TooLong", "");

    [Theory]
    [InlineData(PolicyKind.Identity, 6144, true)]
    [InlineData(PolicyKind.Identity, 6145, false)]
    [InlineData(PolicyKind.Session, 2048, true)]
    [InlineData(PolicyKind.Session, 2049, false)]
    public void Parse_OfAstralText_CountsCodePoints(PolicyKind kind, int codePoints, bool isAccepted)
    {
        const string open = """{"Version":"1","Statement":[{"Effect":"Allow","Action":"kms:*","Resource":"*","Condition":{"StringEquals":{"kms:tag/A":" """;
        const string close = "\"}}}]}";
        var keys = codePoints - open.Length - close.Length;
        var text = open + string.Concat(Enumerable.Repeat("\U0001F511", keys)) + close;
        Assert.Equal(isAccepted, PolicyParser.Parse(text, kind).IsValid);
    }

    [Theory]
    [InlineData(32768, true)]
    [InlineData(32769, false)]
    public void Parse_OfKeyPolicy_CountsBytes(int bytes, bool isAccepted)
    {
        const string open = """{"Version":"1","Statement":[{"Effect":"Allow","Principal":{"RAM":"acs:ram::1:root"},"Action":"kms:*","Resource":"*","Condition":{"StringEquals":{"kms:tag/A":" """;
        const string close = "\"}}}]}";
        var rest = bytes - open.Length - close.Length;
        var text = open + new string('\u94A5', rest / 3) + new string('x', rest % 3) + close;
        Assert.Equal(bytes, Encoding.UTF8.GetByteCount(text));
        Assert.Equal(isAccepted, PolicyParser.Parse(text, PolicyKind.Key).IsValid);
    }

    [Theory]
    [InlineData(16, "InvalidAction")]
    [InlineData(17, "MalformedJson")]
    public void Parse_OfNestedText_StopsAtTheDepthLimit(int depth, string reason)
    {
        // object, Statement, statement: three levels stand around the value
        var value = new string('[', depth - 3) + new string(']', depth - 3);
        var text = Minimal.Replace("\"kms:*\"", value, StringComparison.Ordinal);
        var first = PolicyParser.Parse(text, PolicyKind.Identity).Faults[0];
        Assert.Equal(reason, first.Reason);
    }

    /// <summary>The halves are given by number, since metadata cannot hold them.</summary>
    [Theory]
    [InlineData("D800")]
    [InlineData("DBFF 0078")]
    [InlineData("DC00")]
    [InlineData("DC00 D800")]
    public void Parse_OfHalfASurrogatePair_IsMalformed(string hexUnits)
    {
        var units = hexUnits.Split(' ').Select(unit => int.Parse(unit, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)).ToArray();
        var raw = string.Concat(units.Select(unit => (char)unit));
        var escaped = string.Concat(units.Select(unit => $"\\u{unit:X4}"));
        foreach (var text in new[] { WithTagValue(raw), WithTagValue(escaped), WithMember(raw), WithMember(escaped) })
        {
            Assert.True(PolicyParser.Parse(text, PolicyKind.Identity) is { Faults: [{ Reason: "MalformedJson", Pointer: "", Detail: "The text holds half of a surrogate pair." or "An escape names half of a surrogate pair." }] }, text);
        }
    }

    [Fact]
    public void Parse_OfSurrogatePairInEscapes_IsOneCharacter() =>
        Assert.Equal("\U0001F511", PolicyParser.Parse(WithTagValue("\\uD83D\\uDD11"), PolicyKind.Identity).Document!.Statements[0].Conditions[0].Values[0]);

    /// <summary>Threat 13: CVE-2017-12635, secretless-ai 140: two readers, two meanings.</summary>
    [Theory]
    [InlineData("""{"Version":"1","Version":"1","Statement":[X]}""", "/Version")]
    [InlineData("""{"Version":"1","V\u0065rsion":"1","Statement":[X]}""", "/Version")]
    [InlineData("""{"Version":"1","Statement":[{"Effect":"Deny","\u0045ffect":"Allow","Action":"kms:*","Resource":"*"}]}""", "/Statement/0/Effect")]
    [InlineData("""{"Version":"1","Statement":[X,{"Effect":"Allow","Action":"kms:*","Resource":"*","Condition":{"StringEquals":{"kms:tag/a~b":"1","kms:tag/\u0061~b":"2"}}}]}""", "/Statement/1/Condition/StringEquals/kms:tag~1a~0b")]
    [InlineData("""{"Version":"1","Statement":[X],"Id":{"a":[{"b":1,"b":2}]}}""", "/Id/a/0/b")]
    public void Parse_OfRepeatedMember_NamesItAnywhere(string text, string pointer)
    {
        var result = PolicyParser.Parse(text.Replace("X", Statement, StringComparison.Ordinal), PolicyKind.Identity);
        Assert.Contains(result.Faults, fault => fault.Reason == "DuplicateMember" && fault.Pointer == pointer);
    }

    [Theory]
    [InlineData("{\n  \"Version\": \"2\",\n  \"Statement\": [X]\n}", "InvalidVersion", 2, 14)]
    [InlineData("{\"Version\":\"1\",\r\n\"Statement\":[X,\r\n  {\"Effect\":\"Allow\",\"Action\":\"kms:*\"}]}", "MissingMember", 3, 3)]
    [InlineData("{\"Version\":\"1\",\"Statement\":[X],\n \"\U0001F511\": 1, \"Id\": 2}", "UnknownMember", 2, 2)]
    [InlineData("{\"Version\":\"1\",\n\"Statement\":[X],\n}", "MalformedJson", 3, 1)]
    [InlineData("{\"Version\":\"1\",\n\"Statement\":[X]} x", "MalformedJson", 2, 67)]
    public void Parse_OfFaultyText_TellsLineAndColumn(string text, string reason, int line, int column)
    {
        var fault = PolicyParser.Parse(text.Replace("X", Statement, StringComparison.Ordinal), PolicyKind.Identity).Faults[0];
        Assert.Equal((reason, line, column), (fault.Reason, fault.Line, fault.Column));
    }

    [Fact]
    public void Parse_OfFaultBehindOtherText_CountsCodePoints()
    {
        var faults = PolicyParser.Parse($"{{\"Version\":\"1\",\"Statement\":[{Statement}],\n \"\U0001F511\u94A5\": 1, \"Id\": 2}}", PolicyKind.Identity).Faults;
        Assert.Equal([(2, 2), (2, 11)], faults.Select(fault => (fault.Line, fault.Column)));
    }

    [Fact]
    public void Parse_OfSeveralFaults_NamesThemAll()
    {
        var text = """{"Version":"2","Statement":[{"Effect":"allow","Action":"kms","Resource":"key/x","Condition":{"Null":{"a:b":"1"}}}],"Id":1}""";
        var faults = PolicyParser.Parse(text, PolicyKind.Identity).Faults.Select(fault => fault.Reason).Order(StringComparer.Ordinal);
        Assert.Equal(["InvalidAction", "InvalidEffect", "InvalidResource", "InvalidVersion", "UnknownMember", "UnknownOperator"], faults);
    }

    [Fact]
    public void Parse_OfManyFaults_StopsAtFifty()
    {
        var text = Minimal.Replace("\"kms:*\"", $"[{string.Join(',', Enumerable.Repeat("1", 200))}]", StringComparison.Ordinal);
        Assert.Equal(50, PolicyParser.Parse(text, PolicyKind.Identity).Faults.Length);
    }

    [Theory]
    [InlineData(49, 49)]
    [InlineData(50, 50)]
    [InlineData(51, 50)]
    public void Parse_OfFaults_CountsUpToFifty(int there, int named)
    {
        var text = Minimal.Replace("\"kms:*\"", $"[{string.Join(',', Enumerable.Repeat("1", there))}]", StringComparison.Ordinal);
        Assert.Equal(named, PolicyParser.Parse(text, PolicyKind.Identity).Faults.Length);
    }

    [Theory]
    [InlineData("xxxxxxxxx-xxxxxxxxx-xxxxxxxxx-xxxxxxxxx-", "\"xxxxxxxxx-xxxxxxxxx-xxxxxxxxx-xxxxxxxxx-\" is not of the required form.")]
    [InlineData("xxxxxxxxx-xxxxxxxxx-xxxxxxxxx-xxxxxxxxx-x", "\"xxxxxxxxx-xxxxxxxxx-xxxxxxxxx-xxxxxxxxx-...\" is not of the required form.")]
    [InlineData("a\\u001f ~\\u007f\\\"\\\\\U0001F511", "\"a\\u{1F} ~\\u{7F}\\u{22}\\u{5C}\\u{1F511}\" is not of the required form.")]
    public void Parse_OfFaultyText_QuotesItEscaped(string action, string detail) =>
        Assert.Equal(detail, PolicyParser.Parse(Minimal.Replace("kms:*", action, StringComparison.Ordinal), PolicyKind.Identity).Faults[0].Detail);

    [Fact]
    public void Parse_OfHostileText_QuotesLittleOfIt()
    {
        var text = Minimal.Replace("kms:*", "\\u001b[31m\\\"<script>" + new string('x', 500), StringComparison.Ordinal);
        var detail = PolicyParser.Parse(text, PolicyKind.Identity).Faults[0].Detail;
        Assert.True(detail.Length < 120, detail);
        Assert.All(detail, c => Assert.InRange(c, ' ', '~'));
    }

    [Fact]
    public void Parse_OfDocument_KeepsTextAndSpans()
    {
        var text = "{\"Version\":\"1\",\n \"Statement\": [\n  {\"Sid\":\"S\",\"Effect\":\"Deny\",\"Action\":\"kms:*\",\"Resource\":\"*\",\"Condition\":{\"StringEquals\":{\"kms:tag/\u94A5\":\"\U0001F511\"}}}, "
            + Statement + "]}";
        var document = PolicyParser.Parse(text, PolicyKind.Identity).Document!;
        Assert.Equal(text, document.Source);
        var (first, second) = (document.Statements[0].Span, document.Statements[1].Span);
        Assert.Equal((3, 3), (first.Start.Line, first.Start.Column));
        Assert.StartsWith("{\"Sid\"", text[first.Start.Offset..first.End.Offset], StringComparison.Ordinal);
        Assert.EndsWith("}}}", text[first.Start.Offset..first.End.Offset], StringComparison.Ordinal);
        Assert.Equal(Statement, text[second.Start.Offset..second.End.Offset]);
        Assert.Equal(first.End.Column + 2, second.Start.Column);
    }

    [Theory]
    [InlineData(128, true)]
    [InlineData(129, false)]
    public void Parse_OfSid_HoldsToItsLength(int length, bool isAccepted) =>
        Assert.Equal(isAccepted, PolicyParser.Parse(WithSid(new string('s', length)), PolicyKind.Identity).IsValid);

    /// <summary>R-DOC-22, and section 1: what a trust policy holds is counted in characters.</summary>
    [Theory]
    [InlineData(4096, true)]
    [InlineData(4097, false)]
    public void Parse_OfTrustPolicy_CountsCodePoints(int codePoints, bool isAccepted)
    {
        const string open = """{"Version":"1","Statement":[{"Effect":"Allow","Principal":{"RAM":"acs:ram::1:root"},"Action":"sts:AssumeRole","Condition":{"StringEquals":{"sts:ExternalId":" """;
        const string close = "\"}}}]}";
        var text = open + string.Concat(Enumerable.Repeat("\U0001F511", codePoints - open.Length - close.Length)) + close;
        Assert.Equal(isAccepted, PolicyParser.Parse(text, PolicyKind.Trust).IsValid);
    }

    [Fact]
    public void Parse_OfTrustPolicy_TakesNoNotAction() =>
        Assert.Contains(
            PolicyParser.Parse(MinimalTrust.Replace("\"Action\"", "\"NotAction\"", StringComparison.Ordinal), PolicyKind.Trust).Faults,
            fault => (fault.Reason, fault.Pointer) == ("ElementNotAllowed", "/Statement/0/NotAction"));

    [Fact]
    public void Parse_OfNoKind_Throws() =>
        Assert.StartsWith("A policy is identity, session, control, key or trust.", Assert.Throws<ArgumentOutOfRangeException>(() => PolicyParser.Parse(Minimal, PolicyKind.None)).Message, StringComparison.Ordinal);

    private static void AssertOnlyFault(PolicyParseResult result, string reason, string pointer)
    {
        var fault = Assert.Single(result.Faults);
        Assert.Equal((reason, pointer), (fault.Reason, fault.Pointer));
    }

    private static string WithSid(string sid) => Minimal.Replace("{\"Effect\"", $"{{\"Sid\":\"{sid}\",\"Effect\"", StringComparison.Ordinal);

    private static string WithTagValue(string value) =>
        Minimal.Replace("\"*\"}", $"\"*\",\"Condition\":{{\"StringEquals\":{{\"kms:tag/A\":\"{value}\"}}}}}}", StringComparison.Ordinal);

    private static string WithMember(string name) => Minimal.Replace("\"Version\"", $"\"{name}\":1,\"Version\"", StringComparison.Ordinal);
}
