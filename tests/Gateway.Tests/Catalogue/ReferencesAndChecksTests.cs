using KmsGateway.Core.Contract;
using KmsGateway.Gateway.Authentication;
using KmsGateway.Gateway.Catalogue;
using KmsGateway.Policy.Kms;
using Xunit;

namespace KmsGateway.Gateway.Tests.Catalogue;

/// <summary>From validated references to look-ups (KMS) and to ARNs (RAM, STS).</summary>
public sealed class ReferencesAndChecksTests
{
    private const string Account = "1234567890123456";

    private static readonly Identity Root = new(PrincipalKind.Root, Account, Account, "root");
    private static readonly Identity Alice = new(PrincipalKind.User, Account, "200000000000000001", "alice");
    private static readonly Identity Session = new(PrincipalKind.RoleSession, Account, "300000000000000001", "ci", "nightly");

    [Fact]
    public void KmsReferences_SeeTheParametersOfTheEntryOnly()
    {
        // SecretName is no parameter of ListResourceTags: an unknown one is ignored, here as everywhere
        var call = KmsReferences.Read(
            Parameters.Kms("ListResourceTags"), Parameters.Of(("KeyId", Samples.KeyId), ("SecretName", "db/main")), Account, "cn-hangzhou");

        Assert.Equal(new KmsReference(KmsReferenceKind.Key, Samples.KeyId, Account, "cn-hangzhou"), Assert.Single(call.References));
    }

    [Fact]
    public void KmsReferences_OfAList_SeeEachItem()
    {
        var call = KmsReferences.Read(
            Parameters.Kms("TagResources"),
            Parameters.Of(("ResourceType", "key"), ("ResourceId.1", "a"), ("ResourceId.2", "b")),
            Account,
            "cn-hangzhou");

        Assert.Equal(["a", "b"], call.References.Select(reference => reference.Text));
    }

    [Theory]
    [InlineData("EnableKey", "KeyId", "alias/app", "Unsupported.Alias KeyId")]
    [InlineData("EnableKey", "KeyId", "", "MissingParameter KeyId")]
    [InlineData("EnableKey", "KeyId", "*", "InvalidParameter KeyId")]
    [InlineData("SetDeletionProtection", "KeyId", "", "MissingParameter ProtectedResourceArn")]
    public void KmsReferences_Faults_AreErrorsOfTheCatalogue(string action, string parameter, string value, string expected)
    {
        var refusal = Assert.Throws<KmsException>(
            () => KmsReferences.Read(Parameters.Kms(action), Parameters.Of((parameter, value)), Account, "cn-hangzhou"));

        Assert.Equal(expected, Parameters.Text(refusal));
    }

    [Fact]
    public void Faults_OfKmsCalls_AllHaveAnError()
    {
        var codes = typeof(KmsCallFault).GetFields().Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!).ToList();

        Assert.Equal(8, codes.Count);
        Assert.All(codes, code => Assert.Equal(code, ParameterErrors.Of(new KmsCallFault(code, "P")).Error.Code));
    }

    [Fact]
    public void KmsReferences_OfTheContract_HaveTheSameKinds() =>
        Assert.Equal(Enum.GetNames<ReferenceKind>(), Enum.GetNames<KmsReferenceKind>());

    [Theory]
    [InlineData("CreateUser", "UserName=bob", "user/*")]
    [InlineData("GetUser", "UserName=bob", "user/bob")]
    [InlineData("AddUserToGroup", "UserName=bob&GroupName=devs", "user/bob group/devs")]
    [InlineData("DeletePolicy", "PolicyName=p", "policy/p")]
    [InlineData("AttachPolicyToUser", "UserName=bob&PolicyName=p&PolicyType=Custom", "user/bob policy/p")]
    [InlineData("AttachPolicyToRole", "RoleName=ci&PolicyName=p&PolicyType=Custom", "role/ci policy/p")]
    [InlineData("ListAccessKeys", "", "user/alice")]
    [InlineData("DeleteAccessKey", "UserAccessKeyId=x", "user/alice")]
    public void RamChecks_AreOnTheNamesGiven(string action, string query, string expected) =>
        Assert.Equal(expected.Split(' ').Select(name => $"acs:ram::{Account}:{name}"), Resources(Parameters.Ram(action), query, Alice));

    [Fact]
    public void RamChecks_OfASystemPolicy_AreOnTheAccountNamedSystem() =>
        Assert.Equal(
            [$"acs:ram::{Account}:user/bob", "acs:ram::system:policy/AdministratorAccess"],
            Resources(Parameters.Ram("AttachPolicyToUser"), "UserName=bob&PolicyName=AdministratorAccess&PolicyType=System", Alice));

    [Fact]
    public void RamChecks_OfAssumeRole_AreOnTheAccountOfTheRole() =>
        Assert.Equal(
            ["acs:ram::9876543210987654:role/ci"],
            Resources(Parameters.Sts("AssumeRole"), "RoleArn=acs:ram::9876543210987654:role/ci&RoleSessionName=x", Alice));

    [Fact]
    public void RamChecks_AccessKeysWithoutAUserName_NeedACallerThatIsAUser()
    {
        foreach (var caller in new[] { Root, Session })
        {
            var refusal = Assert.Throws<KmsException>(() => Resources(Parameters.Ram("CreateAccessKey"), "", caller));
            Assert.Equal("MissingUserName UserName", Parameters.Text(refusal));
        }
    }

    [Theory]
    [InlineData("GetUser", "UserName=*", "InvalidParameter.UserName.InvalidChars UserName")]
    [InlineData("GetUser", "UserName=a/b", "InvalidParameter.UserName.InvalidChars UserName")]
    [InlineData("GetUser", "UserName=a:b", "InvalidParameter.UserName.InvalidChars UserName")]
    [InlineData("GetUser", "", "MissingUserName UserName")]
    [InlineData("AttachPolicyToUser", "UserName=bob&PolicyName=p&PolicyType=system", "InvalidParameter.PolicyType PolicyType")]
    [InlineData("AttachPolicyToUser", "UserName=bob&PolicyName=p", "MissingPolicyType PolicyType")]
    public void RamReferences_NotWellFormed_AreRefusedBeforeTheyEnterAnArn(string action, string query, string expected)
    {
        var refusal = Assert.Throws<KmsException>(() => Resources(Parameters.Ram(action), query, Alice));

        Assert.Equal(expected, Parameters.Text(refusal));
    }

    [Theory]
    [InlineData("UserName=a b", "InvalidParameter.UserName.InvalidChars", "The parameter - \"UserName\" contains invalid chars.")]
    [InlineData("UserName=u&Email=x", "InvalidParameter.Email.Format", "The format of the parameter - \"Email\" is incorrect.")]
    public void RamErrors_OfCreateUser_AreThePublishedOnes(string query, string code, string message)
    {
        var refusal = Assert.Throws<KmsException>(() => Parameters.Validate(Parameters.Ram("CreateUser"), Pairs(query)));

        Assert.Equal((code, message, 400), (refusal.Error.Code, refusal.Message, refusal.Error.HttpStatus));
    }

    [Fact]
    public void RamErrors_OfTooLongADescription_HaveThePublishedName() =>
        Assert.Equal(
            "InvalidParameter.Description.Length Description",
            Parameters.Refusal(Parameters.Ram("UpdatePolicyDescription"), ("PolicyName", "p"), ("NewDescription", new string('x', 1025))));

    [Theory]
    [InlineData("MaxItems", "0", "InvalidParameter MaxItems")]
    [InlineData("MaxItems", "x", "InvalidParameter MaxItems")]
    public void RamErrors_OfPaging_AreInvalidParameter(string parameter, string value, string expected) =>
        Assert.Equal(expected, Parameters.Refusal(Parameters.Ram("ListUsers"), (parameter, value)));

    [Theory]
    [InlineData("DurationSeconds", "899", "InvalidParameter.DurationSeconds")]
    [InlineData("RoleSessionName", "a b", "InvalidParameter.RoleSessionName")]
    [InlineData("RoleArn", "role/ci", "InvalidParameter.RoleArn")]
    public void StsErrors_AreThePublishedOnes(string parameter, string value, string code)
    {
        var given = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["RoleArn"] = $"acs:ram::{Account}:role/ci",
            ["RoleSessionName"] = "nightly",
            [parameter] = value,
        };

        Assert.Equal($"{code} {parameter}", Parameters.Refusal(Parameters.Sts("AssumeRole"), given.Select(pair => (pair.Key, pair.Value))));
    }

    private static string[] Resources(ActionDescriptor action, string query, Identity caller) =>
        [.. RamChecks.Resources(action, ParameterValidator.ValidateReferences(action, Parameters.Of(Pairs(query))), caller)];

    private static IEnumerable<(string, string)> Pairs(string query) =>
        query.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(pair => (pair.Split('=')[0], pair.Split('=')[1]));
}
