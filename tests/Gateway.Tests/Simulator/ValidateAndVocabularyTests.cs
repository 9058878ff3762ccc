using KmsGateway.Gateway.Catalogue;
using KmsGateway.Gateway.Tests.Pipeline;
using KmsGateway.Policy.Conditions;

namespace KmsGateway.Gateway.Tests.Simulator;

/// <summary><c>/policy/validate</c> and <c>/policy/vocabulary</c> (simulator.md 2, 7).</summary>
public sealed class ValidateAndVocabularyTests(SharedGateway shared) : IClassFixture<SharedGateway>
{
    private const int MaxDocumentBytes = 64 * 1024;

    private readonly ApiGateway gateway = shared.Gateway;

    [Fact]
    public async Task Validate_ObjectAndText_TellFindingsWithPathAndSpan()
    {
        const string document = """{"Version":"1","Statement":[{"Effect":"Allow","Action":["kms:Encrypt","kms:Encript"],"Resource":"*"}]}""";

        var fromObject = await gateway.AskAsync(gateway.Root, "/policy/validate", $$"""{"document":{{document}}}""");
        var fromText = await gateway.AskAsync(gateway.Root, "/policy/validate", new { document, kind = "identity" });

        Assert.Equal(200, fromObject.Status);
        Assert.Equal(fromObject.WithoutId(), fromText.WithoutId());
        var finding = fromObject.Body.GetProperty("findings").EnumerateArray().Single(each => each.GetProperty("issueCode").GetString() == "UnknownAction");
        Assert.Equal("WARNING", finding.GetProperty("findingType").GetString());
        var location = Assert.Single(finding.GetProperty("locations").EnumerateArray());
        Assert.Equal("""["Statement",0,"Action",1]""", location.GetProperty("path").GetRawText());
        var span = location.GetProperty("span");
        Assert.Equal("\"kms:Encript\"", document[span.GetProperty("start").GetProperty("offset").GetInt32()..span.GetProperty("end").GetProperty("offset").GetInt32()]);
    }

    [Fact]
    public async Task Validate_WhatIsNoPolicy_IsAnAnswerNotAnError()
    {
        var answer = await gateway.AskAsync(gateway.Root, "/policy/validate", new { document = "{\"Version\":\"1\"," });
        Assert.Equal(200, answer.Status);
        Assert.Equal("JsonSyntax", Assert.Single(answer.Body.GetProperty("findings").EnumerateArray()).GetProperty("issueCode").GetString());
    }

    [Fact]
    public async Task Validate_ByAUserWithoutAnyPolicy_IsAnswered()
    {
        var nobody = await gateway.CreateUserAsync("nobody", """{"Effect":"Deny","Action":"*","Resource":"*"}""");
        Assert.Equal(200, (await gateway.AskAsync(nobody, "/policy/validate", new { document = "{}" })).Status);
        Assert.Equal(200, (await gateway.AskAsync(nobody, "/policy/vocabulary")).Status);
    }

    [Fact]
    public async Task Validate_DocumentAtTheTransportLimit_IsJudged_OneMoreIsRefused()
    {
        var document = new string(' ', MaxDocumentBytes);
        var within = await gateway.AskAsync(gateway.Root, "/policy/validate", new { document });
        var beyond = await gateway.AskAsync(gateway.Root, "/policy/validate", new { document = document + " " });

        Assert.Equal("DocumentTooLarge", within.Body.GetProperty("findings")[0].GetProperty("issueCode").GetString());
        Assert.Equal((400, "InvalidParameter"), (beyond.Status, beyond.Code));
        Assert.Contains("\"document\"", beyond["Message"], StringComparison.Ordinal);
        Assert.Contains("65536", beyond["Message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Validate_UnknownKind_IsRefusedNamingTheKnownOnes()
    {
        var answer = await gateway.AskAsync(gateway.Root, "/policy/validate", new { document = "{}", kind = "bucket" });
        Assert.Equal((400, "InvalidParameter"), (answer.Status, answer.Code));
        Assert.Contains("control, identity, key, session, trust", answer["Message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Validate_IsRecordedWithItsFindingsAndWithoutTheDocument()
    {
        var answer = await gateway.AskAsync(gateway.Root, "/policy/validate", new { document = "{\"marker-member\":1}" });
        var recorded = gateway.EventOf(answer["requestId"])!.Value;

        Assert.Equal("ValidatePolicy", recorded.GetProperty("eventName").GetString());
        Assert.Contains("InvalidPolicyElement", recorded.GetProperty("requestParameters").GetProperty("Findings").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("marker-", recorded.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Vocabulary_HoldsTheCatalogueAndTheOperators()
    {
        var answer = await gateway.AskAsync(gateway.Root, "/policy/vocabulary");

        Assert.Equal(ActionCatalogue.All.Length, answer.Body.GetProperty("actions").GetArrayLength());
        Assert.Equal(
            ConditionOperators.All.Select(op => op.Name),
            answer.Body.GetProperty("operators").EnumerateArray().Select(op => op.GetProperty("name").GetString()));
        var updateAlias = answer.Body.GetProperty("actions").EnumerateArray().Single(action => action.GetProperty("action").GetString() == "kms:UpdateAlias");
        Assert.Equal(
            ["KeyBehindAlias", "Key", "Alias"],
            updateAlias.GetProperty("checks").EnumerateArray().Select(check => check.GetProperty("on").GetString()));
        Assert.Contains(
            answer.Body.GetProperty("conditionKeys").EnumerateArray(),
            key => key.GetProperty("key").GetString() == "acs:SourceIp" && key.GetProperty("valueKind").GetString() == "Address");
    }
}
