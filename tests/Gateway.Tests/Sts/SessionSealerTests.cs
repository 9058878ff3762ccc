using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using KmsGateway.Core.Contract;
using KmsGateway.Gateway.Sts;
using KmsGateway.Policy.Evaluation;

namespace KmsGateway.Gateway.Tests.Sts;

public sealed class SessionSealerTests : IDisposable
{
    private readonly SessionKey first = new(1, SecretBuffer.Random(32));
    private readonly SessionKey second = new(2, SecretBuffer.Random(32));
    private readonly SecretBuffer secret = new("secretOfTheSession0000000001"u8);

    [Fact]
    public void Open_WhatWasSealed_IsTheSame()
    {
        var contents = Contents();
        var opened = new SessionSealer([first]).Open(new SessionSealer([first]).Seal(contents)!)!;
        Assert.Equal(
            (contents.AccessKeyId, contents.SessionName, contents.Expires, contents.IsMfaPresent, contents.Policy),
            (opened.AccessKeyId, opened.SessionName, opened.Expires, opened.IsMfaPresent, opened.Policy));
        Assert.True(opened.Secret.FixedTimeEquals(secret.ExposeBytes()));
        Assert.Equal(contents.Links.Select(Text), opened.Links.Select(Text));

        static string Text(SessionLink link) => (link with { Circumstances = [] }) + string.Join(';', link.Circumstances);
    }

    [Fact]
    public void Seal_Twice_GivesTwoTokens()
    {
        var sealer = new SessionSealer([first]);
        Assert.NotEqual(sealer.Seal(Contents()), sealer.Seal(Contents()));
    }

    [Fact]
    public void Token_ShowsNothingOfItsContents()
    {
        var bytes = Encoding.Latin1.GetString(Convert.FromBase64String(new SessionSealer([first]).Seal(Contents())!));
        Assert.All(
            new[] { "STS.", "secretOfTheSession", "nightly", "kms:Encrypt", "alice", "deploy" },
            text => Assert.DoesNotContain(text, bytes, StringComparison.Ordinal));
    }

    [Fact]
    public void Open_AnyBitFlipped_IsRefused()
    {
        var sealer = new SessionSealer([first, second]);
        var token = Convert.FromBase64String(sealer.Seal(Contents())!);
        for (var bit = 0; bit < token.Length * 8; bit++)
        {
            token[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Null(sealer.Open(Convert.ToBase64String(token)));
            token[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        Assert.NotNull(sealer.Open(Convert.ToBase64String(token)));
    }

    [Fact]
    public void Open_AnyLengthButItsOwn_IsRefused()
    {
        var sealer = new SessionSealer([first]);
        var token = Convert.FromBase64String(sealer.Seal(Contents())!);
        for (var length = 0; length < token.Length; length++)
        {
            Assert.Null(sealer.Open(Convert.ToBase64String(token.AsSpan(0, length))));
        }

        Assert.Null(sealer.Open(Convert.ToBase64String([.. token, 0])));
    }

    [Theory]
    [InlineData("")]
    [InlineData("CAIS")]
    [InlineData("not base64!")]
    [InlineData("爱丽丝")]
    public void Open_SomethingElse_IsRefused(string token) => Assert.Null(new SessionSealer([first]).Open(token));

    [Fact]
    public void Open_SameBytesInAnotherSpelling_IsRefused()
    {
        var sealer = new SessionSealer([first]);
        var token = sealer.Seal(Contents())!;
        Assert.Null(sealer.Open(token[..4] + "\n" + token[4..]));
        Assert.Null(sealer.Open(" " + token));
    }

    [Fact]
    public void Open_UnderAnotherKeyOrAKeyThatIsGone_IsRefused()
    {
        var token = new SessionSealer([first]).Seal(Contents())!;
        Assert.Null(new SessionSealer([second with { Version = 1 }]).Open(token));
        Assert.Null(new SessionSealer([second]).Open(token));
    }

    [Fact]
    public void Seal_WithTwoKeys_UsesTheNewestAndOpensBoth()
    {
        var both = new SessionSealer([second, first]);
        var old = new SessionSealer([first]).Seal(Contents())!;
        Assert.NotNull(both.Open(old));
        var fresh = both.Seal(Contents())!;
        Assert.Null(new SessionSealer([first]).Open(fresh));
        Assert.NotNull(new SessionSealer([second]).Open(fresh));
    }

    [Fact]
    public void Seal_AtTheLargestTokenAndOneByteMore_FitsAndDoesNot()
    {
        var sealer = new SessionSealer([first]);
        var least = 0;
        var most = 8192;
        while (most - least > 1)
        {
            var middle = (least + most) / 2;
            (least, most) = sealer.Seal(Contents(new string('p', middle))) is null ? (least, middle) : (middle, most);
        }

        var largest = sealer.Seal(Contents(new string('p', least)))!;
        Assert.Equal(8192, largest.Length);
        Assert.NotNull(sealer.Open(largest));
        Assert.Null(sealer.Seal(Contents(new string('p', least + 1))));
        Assert.Null(sealer.Open(largest + "AAAA"));
    }

    [Fact]
    public void Read_BytesLeftOverOrTooMany_IsRefused()
    {
        var buffer = new byte[4096];
        Assert.True(SessionWriter.TryWrite(Contents(), buffer, out var length));
        Assert.NotNull(SessionReader.Read(buffer.AsSpan(0, length)));
        Assert.Null(SessionReader.Read(buffer.AsSpan(0, length + 1)));
        for (var cut = 0; cut < length; cut++)
        {
            Assert.Null(SessionReader.Read(buffer.AsSpan(0, cut)));
        }
    }

    public void Dispose()
    {
        first.Key.Dispose();
        second.Key.Dispose();
        secret.Dispose();
    }

    private SessionContents Contents(string policy = """{"Version":"1","Statement":[{"Effect":"Allow","Action":"kms:Encrypt","Resource":"*"}]}""")
    {
        var issued = DateTimeOffset.Parse("2026-03-01T08:30:00.123Z", CultureInfo.InvariantCulture);
        return new SessionContents(
            "STS.abcdefghijklmnopqrstuvwxyz", secret, "nightly", DateTimeOffset.Parse("2026-03-01T09:30:00Z", CultureInfo.InvariantCulture), IsMfaPresent: true, policy,
            [
                new SessionLink(
                    300000000000000001, "1234567890123456", "deploy", issued, new SessionCaller(PrincipalType.Role, "1234567890123456", 300000000000000002, "ci"),
                    [KeyValuePair.Create("acs:SourceIp", "10.0.0.1"), KeyValuePair.Create("sts:ExternalId", "é")]),
                new SessionLink(
                    300000000000000002, "1234567890123456", "ci", issued, new SessionCaller(PrincipalType.User, "1234567890123456", 200000000000000001, "alice"),
                    ImmutableArray<KeyValuePair<string, string>>.Empty),
            ]);
    }
}
