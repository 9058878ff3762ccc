using System.Text.Json.Nodes;
using KmsGateway.Tests;

namespace KmsGateway.Gateway.Tests.PolicyCommands;

/// <summary><c>policy cases</c> over files of every kind, as they are and broken in one place.</summary>
public sealed class CasesCommandTests : IDisposable
{
    private readonly PolicyProgram program = new();

    public static TheoryData<string, string> Files => new()
    {
        { "evaluation.json", "53 passed, 0 failed\n" },
        { "validation.json", "175 passed, 0 failed\n" },
        { "resolution.json", "48 passed, 0 failed\n" },
        { "kms-actions.json", "54 passed, 0 failed\n" },
    };

    /// <summary>File, place (a name picks the case of that name), what stands there instead, the message that tells.</summary>
    public static TheoryData<string, string, string, string> Malformed => new()
    {
        { "evaluation.json", "cases/25/request/principal/serviceLinked", "\"yes\"", "#/cases/25/request/principal/serviceLinked: must be true or false." },
        { "evaluation.json", "cases/0/request/principal/serviceLinked", "true", "#/cases/0/request/principal/serviceLinked: unknown;" },
        { "evaluation.json", "cases/0/request/principal/type", "\"group\"", "#/cases/0/request/principal/type: must be user, role, root, service or federated." },
        { "evaluation.json", "cases/0/request/principal/nmae", "\"x\"", "#/cases/0/request/principal/nmae: unknown; the nearest known member is name." },
        { "evaluation.json", "cases/0/request/resource", "[]", "#/cases/0/request/resource: unknown; the nearest known member is resources." },
        { "evaluation.json", "cases/0/request/resources", "[]", "#/cases/0/request/resources: needs at least one resource." },
        { "evaluation.json", "cases/0/request/context", "[]", "#/cases/0/request/context: must be an object." },
        { "evaluation.json", "cases/0/policies/identities", "[]", "#/cases/0/policies/identities: unknown; the nearest known member is identity." },
        { "evaluation.json", "cases/0/policies/identity", "[{}]", "#/cases/0/policies/identity/0: no Identity policy: MissingMember at " },
        { "evaluation.json", "cases/0/expect/verdict", "\"Allow\"", "#/cases/0/expect/verdict: unknown;" },
        { "evaluation.json", "cases/0/comment", "\"x\"", "#/cases/0/comment: unknown;" },
        { "evaluation.json", "cases/0/name", "1", "#/cases/0/name: must be a string." },
        { "evaluation.json", "cases/0", "7", "#/cases/0: must be an object." },
        { "evaluation.json", "cases", "{}", "#/cases: must be an array." },
        { "evaluation.json", "kind", "\"decisions\"", "#/kind: must be one of action-table, decision, resolution, validation." },
        { "evaluation.json", "format", "\"kmsgateway-policy-cases/2\"", "#/format: must be kmsgateway-policy-cases/1." },
        { "validation.json", "cases/0/policyKind", "\"Identity\"", "#/cases/0/policyKind: must be one of control, identity, key, session, trust." },
        { "validation.json", "cases/0/document", "{}", "#/cases/0: holds document or documentText." },
        { "validation.json", "cases/0/documentText", "{}", "#/cases/0/documentText: must be a string." },
        { "validation.json", "cases/0/expect/valid", "0", "#/cases/0/expect/valid: must be true or false." },
        { "validation.json", "cases/0/expect/valid", "true", "#/cases/0/expect/pointer: unknown;" },
        { "resolution.json", "state/keys/0a1b2c3d-2222-4aaa-8bbb-000000000002/tag", "{}", "#/state/keys/0a1b2c3d-2222-4aaa-8bbb-000000000002/tag: unknown; the nearest known member is tags." },
        { "resolution.json", "state/aliases/alias~1app", "\"k\"", "#/state/aliases/alias~1app: names no key of the state." },
        { "resolution.json", "state/keys/ffee0011-3333-4ccc-9ddd-000000000003/arn", "\"acs:kms:cn-hangzhou:1:key/k\"", "#/state/keys/ffee0011-3333-4ccc-9ddd-000000000003/arn: must be the ARN of this key." },
        { "resolution.json", "cases/0/call/api", "\"Encipher\"", "#/cases/0/call/api: is no call of the key service." },
        { "resolution.json", "cases/0/expect/error", "\"x\"", "#/cases/0/expect: holds checks or error." },
        { "resolution.json", "cases/0/expect/checks/0/tags", "true", "#/cases/0/expect/checks/0/tags: unknown;" },
        { "kms-actions.json", "apis/0/checks/0/tags", "\"no\"", "#/apis/0/checks/0/tags: must be true or false." },
        { "kms-actions.json", "apis/0/source", "\"me\"", "#/apis/0/source: must be documented or project." },
        { "kms-actions.json", "apis/0/cheks", "[]", "#/apis/0/cheks: unknown; the nearest known member is checks." },
        { "kms-actions.json", "rows", "[]", "#/rows: unknown;" },
    };

    /// <summary>File, place, another value, the beginning of the failure.</summary>
    public static TheoryData<string, string, string, string> Wrong => new()
    {
        { "evaluation.json", "cases/0/expect/layer", "\"control\"", "expected {" },
        { "validation.json", "cases/0/expect/reason", "\"TooLong\"", "expected TooLong at '', found MalformedJson at ''" },
        { "resolution.json", "cases/0/expect/checks/0/action", "\"kms:Decrypt\"", "expected {" },
        { "resolution.json", "cases/0/call/params/KeyId", "\"alias/none\"", "expected {" },
        { "kms-actions.json", "apis/0/api", "\"MakeKey\"", "expected kms:CreateKey on keybox, found no such call" },
        { "kms-actions.json", "apis/0/checks/0/tags", "true", "expected kms:CreateKey on keybox with tags (aliases: ), found kms:CreateKey on keybox (aliases: )" },
        { "kms-actions.json", "apis/0/aliasParams", "[\"KeyId\"]", "expected kms:CreateKey on keybox (aliases: KeyId), found kms:CreateKey on keybox (aliases: )" },
    };

    public void Dispose() => program.Dispose();

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Cases_OfEveryKind_Pass(string file, string expected) =>
        Assert.Equal((0, expected, ""), await program.RunAsync("cases", TestData.Path("policy-cases", file)));

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task Cases_MalformedInOnePlace_AreToldAndEndWith64(string file, string place, string value, string message)
    {
        var (code, output, error) = await program.RunAsync("cases", Changed(file, place, value));
        Assert.Equal((64, ""), (code, error));
        Assert.Contains($"FAIL DIR/{file}: ", output, StringComparison.Ordinal);
        Assert.Contains($"DIR/{file}{message}", output, StringComparison.Ordinal);
        Assert.Matches("[0-9]+ passed, [0-9]+ failed\n$", output);
    }

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task Cases_OneExpectationTurned_FailsItAlone(string file, string place, string value, string difference)
    {
        var (code, output, error) = await program.RunAsync("cases", Changed(file, place, value));
        Assert.Equal((1, ""), (code, error));
        Assert.StartsWith($"FAIL DIR/{file}: ", output, StringComparison.Ordinal);
        Assert.Contains($": {difference}", output, StringComparison.Ordinal);
        Assert.EndsWith(" passed, 1 failed\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cases_OneFileUnreadable_DoesNotHideTheOthers()
    {
        program.Write("{", "broken.json");
        File.Copy(TestData.Path("policy-cases", "resolution.json"), program.At("resolution.json"));
        Assert.Equal(
            (64, "FAIL DIR/broken.json: : DIR/broken.json: no strict JSON, line 1, byte 2.\n48 passed, 1 failed\n", ""),
            await program.RunAsync("cases", program.At()));
    }

    [Fact]
    public async Task Cases_OneNameTwice_IsRefused()
    {
        File.Copy(TestData.Path("policy-cases", "resolution.json"), program.At("a.json"));
        File.Copy(TestData.Path("policy-cases", "resolution.json"), program.At("b.json"));
        var (code, output, _) = await program.RunAsync("cases", program.At());
        Assert.Equal(64, code);
        Assert.EndsWith("48 passed, 48 failed\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cases_AsJson_ListsTheFailures()
    {
        await program.VerifyAsync("cases-json", "cases", Changed("kms-actions.json", "apis/0/api", "\"MakeKey\""), "--format", "json");
    }

    private string Changed(string file, string place, string value)
    {
        var root = JsonNode.Parse(File.ReadAllText(TestData.Path("policy-cases", file)))!;
        var steps = place.Split('/').Select(step => step.Replace("~1", "/", StringComparison.Ordinal)).ToArray();
        var node = root;
        foreach (var step in steps[..^1])
        {
            node = node is JsonArray list ? list[int.Parse(step, System.Globalization.CultureInfo.InvariantCulture)]! : node[step]!;
        }

        if (node is JsonArray array)
        {
            array[int.Parse(steps[^1], System.Globalization.CultureInfo.InvariantCulture)] = JsonNode.Parse(value);
        }
        else
        {
            node[steps[^1]] = JsonNode.Parse(value);
        }

        return program.Write(root.ToJsonString(), file);
    }
}
