using System.Text.RegularExpressions;
using KmsGateway.Policy.Documents;
using KmsGateway.Policy.Kms;
using KmsGateway.Policy.Linting;
using KmsGateway.Policy.Tests.Laws;

namespace KmsGateway.Policy.Tests.Samples;

/// <summary>Every sample is sound, lints as meant, has a matrix, and is told of in the README. The matrices run in Gateway.Tests.</summary>
public sealed partial class SamplePolicyTests
{
    /// <summary>What the linter finds, suggestions aside; a sample that is not here has no finding.</summary>
    private static readonly Dictionary<string, string[]> Findings = new(StringComparer.Ordinal)
    {
        ["administrator-with-mfa"] = ["KeyAdminAndUse", "SelfEscalation"],
        ["vendor-guides/full-access"] = ["FullAccess"],
        ["vendor-guides/read-and-use"] = ["DecryptOnAllKeys"],
        ["vendor-guides/system-policies/AliyunKMSCryptoAdminAccess"] = ["DecryptOnAllKeys", "KeyAdminAndUse"],
        ["vendor-guides/system-policies/AliyunKMSCryptoUserAccess"] = ["DecryptOnAllKeys"],
        ["vendor-guides/system-policies/AliyunKMSFullAccess"] = ["FullAccess"],
        ["vendor-guides/system-policies/AliyunKMSReadOnlyAccess"] = ["UnknownAction"],
    };

    public static TheoryData<string> Names => [.. SampleFiles.All.Select(sample => sample.Name)];

    public static TheoryData<string> SystemPolicyNames =>
        [.. SampleFiles.All.Select(sample => sample.Name).Where(name => name.Contains("/system-policies/", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Names))]
    public void Sample_AsItsKind_ParsesAndLintsAsListed(string name)
    {
        var sample = SampleFiles.Get(name);
        Assert.Empty(PolicyParser.Parse(sample.Text, sample.Kind).Faults);
        var found = PolicyLinter.Lint(sample.Text, sample.Kind).Where(finding => finding.Type != FindingType.Suggestion).Select(finding => finding.IssueCode);
        Assert.Equal(Findings.GetValueOrDefault(name, []), found.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Findings_AreOfSamplesThatExist_AndNoErrors()
    {
        Assert.Empty(Findings.Keys.Except(SampleFiles.All.Select(sample => sample.Name), StringComparer.Ordinal));
        Assert.DoesNotContain(Findings.Values.SelectMany(codes => codes), code => FindingCodes.TypeOf(code) == FindingType.Error);
    }

    [Fact]
    public void Folder_HasAMatrixForEverySample_AndNoOther() =>
        Assert.Equal(SampleFiles.All.Select(sample => sample.Name).Order(StringComparer.Ordinal), SampleFiles.WithMatrix.Order(StringComparer.Ordinal));

    [Fact]
    public void Readme_TellsOfEverySample_AndEveryLinkLeadsSomewhere()
    {
        var readme = File.ReadAllText(Path.Combine(SampleFiles.Folder, "README.md"));
        var links = Link().Matches(readme).Select(match => match.Groups["target"].Value.Split('#')[0]).Where(link => link.Length > 0).ToHashSet(StringComparer.Ordinal);
        Assert.Empty(SampleFiles.All.Select(sample => $"{sample.Name}.json").Except(links, StringComparer.Ordinal));
        Assert.All(links, link => Assert.True(Path.Exists(Path.Combine(SampleFiles.Folder, link)), link));
    }

    [Theory]
    [MemberData(nameof(SystemPolicyNames))]
    public void SystemPolicy_AsPublished_IsTheOneBuiltIn(string name)
    {
        var builtIn = SystemPolicies.Find(name.Split('/')[^1]);
        Assert.NotNull(builtIn);
        var document = PolicyParser.Parse(SampleFiles.Get(name).Text, PolicyKind.Identity).Document!;
        Assert.True(Shape.AreEqual(builtIn.Document, document));
    }

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Link();
}
