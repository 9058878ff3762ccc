using System.Text.Json;
using KmsGateway.Core.Contract;
using KmsGateway.Gateway.Catalogue;
using KmsGateway.Tests;
using Xunit;

namespace KmsGateway.Gateway.Tests.Catalogue;

/// <summary>Every InvalidParameter code that ram-sts-api.json lists for an operation can be had from it, as published.</summary>
public sealed class RamPublishedErrorsTests
{
    private static readonly JsonElement Errors =
        JsonDocument.Parse(File.ReadAllText(TestData.Path("ram-sts-api.json"))).RootElement.GetProperty("errors");

    public static TheoryData<string, string> Codes()
    {
        var data = new TheoryData<string, string>();
        foreach (var (name, operation) in RamComparison.Published.Where(pair => pair.Operation.GetProperty("service").GetString() == "Ram"))
        {
            foreach (var code in operation.GetProperty("errors").EnumerateArray().Select(code => code.GetString()!)
                .Where(code => code.StartsWith("InvalidParameter.", StringComparison.Ordinal)))
            {
                data.Add(name, code);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void Code_OfAnOperation_IsAnsweredAsPublished(string operation, string code)
    {
        var entry = Parameters.Ram(operation);
        var name = code.Split('.')[1];
        var parameter = entry.Parameters.Single(spec => spec.Name == name || spec.FaultName == name).Name;
        var others = entry.Parameters.Where(spec => spec.IsRequired && spec.Name != parameter).Select(spec => (spec.Name, Good(spec.Name)));

        var refusal = Assert.Throws<KmsException>(() => Parameters.Validate(entry, others.Append((parameter, Bad(code)))));

        Assert.Equal(code, refusal.Error.Code);
        Assert.Equal(Errors.GetProperty(code).GetProperty("message").GetString(), refusal.Message);
        Assert.Equal(Errors.GetProperty(code).GetProperty("httpStatus").GetInt32(), refusal.Error.HttpStatus);
    }

    [Fact]
    public void StsCodes_OfPolicyAndToken_AreTheirOwn()
    {
        (string, string)[] role = [("RoleArn", "acs:ram::1234567890123456:role/ci"), ("RoleSessionName", "nightly")];

        Assert.Equal(
            "InvalidParameter.PolicySize Policy",
            Parameters.Refusal(Parameters.Sts("AssumeRole"), [.. role, ("Policy", new string('x', 2049))]));
        Assert.Equal(
            "AuthenticationFail.OIDCToken.Invalid OIDCToken",
            Parameters.Refusal(
                Parameters.Sts("AssumeRoleWithOIDC"),
                [.. role, ("OIDCProviderArn", "acs:ram::1234567890123456:oidc-provider/idp"), ("OIDCToken", "abc")]));
    }

    private static string Bad(string code) => code[(code.LastIndexOf('.') + 1)..] switch
    {
        "Length" => new string('a', 20_001),
        "InvalidChars" => "a\u0001b",
        _ => "neither this nor that",
    };

    private static string Good(string name) => name switch
    {
        "PolicyType" => "Custom",
        "Status" => "Active",
        "VersionId" => "v1",
        _ => "name",
    };
}
