using KmsGateway.Core.Crypto.Pkcs11;
using KmsGateway.Core.Crypto.Pkcs11.Probing;

namespace KmsGateway.Core.Tests.Pkcs11;

/// <summary>When a token is refused, and in which words.</summary>
public sealed class HsmVerdictTests
{
    private static readonly string[] Names =
        [.. HsmVerdict.Features.SelectMany(feature => feature.Needs).Append("random").Distinct(StringComparer.Ordinal)];

    [Fact]
    public void Token_ThatDoesAndWithstandsAll_IsAccepted()
    {
        var verdict = HsmVerdict.Of(Report(Ckm.AesKeyWrapKwp), allowWeakToken: false);

        Assert.True(verdict.IsAccepted);
        Assert.Equal(["Aliyun_SM4", "EC_SM2"], HsmVerdict.Features.Where(feature => verdict.WhyNot(feature) is not null).Select(feature => feature.Name));
    }

    [Theory]
    [InlineData("random")]
    [InlineData("aes-256-generate")]
    [InlineData("aes-256-gcm")]
    [InlineData("aes-256-ecb")]
    public void Token_WithoutAnEssential_IsRefusedEvenWhenWeakOnesAreAllowed(string missing)
    {
        var verdict = HsmVerdict.Of(Report(Ckm.AesKeyWrapKwp, missing), allowWeakToken: true);

        Assert.Equal($"The token cannot do {missing}: C_X CKR_Y.", Assert.Single(verdict.Faults));
    }

    [Fact]
    public void Token_WithoutRfc5649_IsRefused() =>
        Assert.Equal(
            "The token cannot wrap keys by RFC 5649, neither as 0x210A nor as 0x210B.", Assert.Single(HsmVerdict.Of(Report(null), allowWeakToken: true).Faults));

    [Fact]
    public void Token_ThatLacksOneSpec_IsAcceptedWithoutIt()
    {
        var verdict = HsmVerdict.Of(Report(Ckm.AesKeyWrapPad, "ec-secp256k1-sign"), allowWeakToken: false);

        Assert.True(verdict.IsAccepted);
        Assert.Equal("ec-secp256k1-sign: C_X CKR_Y", verdict.WhyNot(HsmVerdict.Features.Single(feature => feature.Name == "EC_P256K")));
    }

    [Fact]
    public void Token_ThatGivesWayToAnAttack_IsRefusedByItsNameOrWarnedOf()
    {
        var report = Report(Ckm.AesKeyWrapKwp) with { Attacks = [new AttackFinding("unwrap-as-readable", IsStopped: false, "the value was read")] };

        Assert.Equal("The token does not withstand unwrap-as-readable: the value was read.", Assert.Single(HsmVerdict.Of(report, allowWeakToken: false).Faults));
        var allowed = HsmVerdict.Of(report, allowWeakToken: true);
        Assert.True(allowed.IsAccepted);
        Assert.Equal("unwrap-as-readable: the value was read", Assert.Single(allowed.Weaknesses));
    }

    private static ProbeReport Report(ulong? keyWrap, string missing = "") => new(
        new ModuleInfo("maker", "module", "2.40", "1.0"),
        new TokenInfo("label", "maker", "model", "1", 0),
        new MechanismMap(keyWrap),
        [.. Names.Select(name => string.Equals(name, missing, StringComparison.Ordinal) ? new ProbeFinding(name, Works: false, "C_X CKR_Y") : new ProbeFinding(name, Works: true, "yes"))],
        [new AttackFinding("unwrap-as-readable", IsStopped: true, "C_UnwrapKey CKR_TEMPLATE_INCONSISTENT")]);
}
