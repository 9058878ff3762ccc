using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using KmsGateway.Core.Contract;
using KmsGateway.Gateway.Authentication;
using KmsGateway.Gateway.Authorization;
using KmsGateway.Gateway.Ram;
using KmsGateway.Policy.Evaluation;
using KmsGateway.Tests;

namespace KmsGateway.Gateway.Tests.Authorization;

public sealed class DiagnosticSealerTests : IDisposable
{
    private const string Account = "1234567890123456";

    private readonly TestClock clock = new(new DateTimeOffset(2026, 3, 1, 8, 30, 0, TimeSpan.Zero));
    private readonly SecretBuffer key = SecretBuffer.Random(32);

    private DiagnosticSealer Sealer => new(key, clock);

    [Theory]
    [InlineData(0)]
    [InlineData(1012)]
    [InlineData(1013)]
    [InlineData(4084)]
    [InlineData(16372)]
    public void Open_WhatWasSealed_IsTheSameInOneOfThreeLengths(int length)
    {
        var text = new byte[length];
        Array.Fill(text, (byte)'x');
        var message = Sealer.Seal(Account, text);
        Assert.Equal(text, Sealer.Open(Account, message));
        Assert.Contains(Convert.FromBase64String(message).Length - 29, new[] { 1024, 4096, 16384 });
    }

    [Fact]
    public void Seal_OneByteMoreThanFits_IsRefused()
    {
        Assert.Equal(16372, DiagnosticSealer.MaxTextBytes);
        Assert.Throws<ArgumentException>(() => Sealer.Seal(Account, new byte[16373]));
    }

    [Fact]
    public void Open_AnotherAccountsKeysOrBytes_IsRefused()
    {
        var message = Sealer.Seal(Account, "{}"u8);
        using var otherKey = SecretBuffer.Random(32);
        Assert.Null(Sealer.Open("9999999999999999", message));
        Assert.Null(new DiagnosticSealer(otherKey, clock).Open(Account, message));
        Assert.All(new[] { "", "x", "AQ==", message[..^4], message + "AAAA" }, other => Assert.Null(Sealer.Open(Account, other)));
        var bytes = Convert.FromBase64String(message);
        for (var index = 0; index < bytes.Length; index++)
        {
            bytes[index] ^= 1;
            Assert.Null(Sealer.Open(Account, Convert.ToBase64String(bytes)));
            bytes[index] ^= 1;
        }
    }

    [Fact]
    public void Open_AroundSevenDays_LivesUntilThen()
    {
        var message = Sealer.Seal(Account, "{}"u8);
        clock.Advance(TimeSpan.FromDays(7));
        Assert.NotNull(Sealer.Open(Account, message));
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(Sealer.Open(Account, message));
    }

    [Fact]
    public void Write_MoreConditionsThanFit_LeavesTheLastOutAndStaysWhole()
    {
        var tags = Enumerable.Range(0, 40).Select(number => KeyValuePair.Create($"kms:tag/{number}-{new string('键', 60)}", ImmutableArray.Create(new string('值', 60))));
        var context = new ConditionContext(tags.Prepend(KeyValuePair.Create("acs:SourceIp", ImmutableArray.Create("10.0.0.1"))));
        var judgement = Authorizer.Decide(
            new Identity(PrincipalKind.User, Account, "200000000000000001", "alice"),
            new PolicyPrincipal(PrincipalType.User, Account, "alice"),
            new IdentityPolicies(1, PolicySet.Empty, []),
            [new PolicyCheck("kms:Encrypt", $"acs:kms:cn-hangzhou:{Account}:key/k", context)]);

        var text = Diagnosis.Write(judgement, DiagnosticSealer.MaxTextBytes);

        Assert.InRange(text.Length, DiagnosticSealer.MaxTextBytes - 1000, DiagnosticSealer.MaxTextBytes);
        using var whole = JsonDocument.Parse(text);
        var kept = whole.RootElement.GetProperty("AuthConditions").EnumerateArray().Select(condition => condition.GetProperty("ConditionKey").GetString()).ToArray();
        Assert.InRange(kept.Length, 2, 40);
        Assert.Equal(context.Entries.Take(kept.Length).Select(entry => entry.Key), kept);
        Assert.Equal("kms:Encrypt", whole.RootElement.GetProperty("AuthAction").GetString());
        Assert.DoesNotContain("�", Encoding.UTF8.GetString(text), StringComparison.Ordinal);
    }

    public void Dispose() => key.Dispose();
}
