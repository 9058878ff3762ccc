using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using KmsGateway.Gateway.Catalogue;
using KmsGateway.Tests;
using KmsGateway.Wire.Tests.Clients;
using Xunit;

namespace KmsGateway.Wire.Tests.Isolation;

/// <summary>
/// Every action of the catalogue, asked by root and by an administrator of one account about what another account holds: the
/// answer is that to the same question about what does not exist, nothing of the owner's is in it, and nothing changes.
/// Sources: decisions.md D6; issue 4, point 3.
/// </summary>
public sealed partial class AccountIsolationTests(TwoAccounts accounts) : IClassFixture<TwoAccounts>
{
    private const string Document = """{"Version":"1","Statement":[{"Effect":"Allow","Action":"kms:ListKeys","Resource":"*"}]}""";
    private const string Trust =
        """{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":["acs:ram::2000000000000002:root"]}}]}""";

    private const string ById = "{0}";

    private static int fresh;

    /// <summary>Values of parameters that are about nothing of the owner's.</summary>
    private static readonly Dictionary<string, string> Plain = new(StringComparer.Ordinal)
    {
        ["Plaintext"] = "aGVsbG8=",
        ["Description"] = "d",
        ["NewDescription"] = "d",
        ["Tags"] = """[{"TagKey":"k","TagValue":"v"}]""",
        ["TagKeys"] = """["k"]""",
        ["PendingWindowInDays"] = "7",
        ["PolicyDocument"] = Document,
        ["AssumeRolePolicyDocument"] = Trust,
        ["NewAssumeRolePolicyDocument"] = Trust,
        ["Status"] = "Inactive",
        ["RoleSessionName"] = "session",
        ["SecretName"] = "absent",
        ["CertificateId"] = "00000000-1111-4222-8333-555555555555",
        ["ResourceType"] = "key",
        ["EnableAutomaticRotation"] = "false",
        ["KeyVersionId"] = "00000000-1111-4222-8333-666666666666",
        ["Digest"] = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
        ["Value"] = "aGVsbG8=",
        ["WrappingAlgorithm"] = "RSAES_OAEP_SHA_256",
        ["WrappingKeySpec"] = "RSA_2048",
        ["PublicKeyBlob"] = "aGVsbG8=",
        ["EnableDeletionProtection"] = "true",
        ["PolicyName"] = "default",
        ["Policy"] = """{"Version":"1","Statement":[]}""",
        ["RegionId"] = KmsProcessOptions.Region,
        ["Tag.1.Key"] = "k",
        ["Tag.1.Value"] = "v",
        ["TagKey.1"] = "k",
        ["OIDCProviderArn"] = "acs:ram::2000000000000002:oidc-provider/absent",
        ["OIDCToken"] = "e30.e30.e30",
        ["EncodedDiagnosticMessage"] = "bm90IG9uZQ==",
    };

    public static TheoryData<string, string> Actions { get; } = Rows(ActionCatalogue.All);

    /// <summary>KMS parameters that a key is named by, and how else than by its id one may try to name a foreign one.</summary>
    private static readonly string[] KeyParameters = ["KeyId", "SourceKeyId", "DestinationKeyId", "EncryptionKeyId", "ResourceId.1", ResourceArn];

    private const string ResourceArn = "ProtectedResourceArn";

    [Theory]
    [MemberData(nameof(Actions))]
    public async Task Action_AboutWhatAnotherAccountHolds_AnswersAsIfItDidNotExist(string version, string name)
    {
        var action = ActionCatalogue.Find(version, name)!;
        var before = await accounts.StateAsync();
        foreach (var stranger in accounts.Strangers)
        {
            foreach (var form in Forms(action))
            {
                var absent = await AskAsync(stranger, action, accounts.Absent, form);
                foreach (var named in action.Product == Product.Kms ? new[] { accounts.Existing, accounts.Guarded } : [accounts.Existing])
                {
                    var existing = await AskAsync(stranger, action, named, form);
                    Assert.DoesNotContain(TwoAccounts.Marker, existing.Body.ToJsonString(), StringComparison.Ordinal);
                    Assert.Equal(Comparable(absent), Comparable(existing));
                    if (form == ById)
                    {
                        RequireAnAnswer(action, existing);
                    }
                }
            }
        }

        Assert.Equal(before, await accounts.StateAsync());
    }

    /// <summary>Otherwise a parameter that this test does not know would make every comparison hold.</summary>
    private static void RequireAnAnswer(ActionDescriptor action, KmsAnswer answer)
    {
        if (action.Answerer is Answerer.Core or Answerer.Gateway)
        {
            Assert.False(
                answer.Code is { } code && (code.StartsWith("Missing", StringComparison.Ordinal) || (code.StartsWith("InvalidParameter", StringComparison.Ordinal) && !IsOpaque(action))),
                $"{action.Name} was not asked properly: {answer.Body.ToJsonString()}");
        }
    }

    /// <summary>Takes what only the service can make: whatever is wrong with it has one answer.</summary>
    private static bool IsOpaque(ActionDescriptor action) => Array.Exists(["CiphertextBlob", "EncodedDiagnosticMessage"], name => action.Parameter(name) is not null);

    /// <summary>Lists go in by number.</summary>
    private static string[] NamesOf(string parameter) => parameter switch
    {
        "ResourceId" or "TagKey" => [$"{parameter}.1"],
        "Tag" => ["Tag.1.Key", "Tag.1.Value"],
        _ => [parameter],
    };

    private static IEnumerable<string> Forms(ActionDescriptor action) =>
        action.Parameters.SelectMany(spec => NamesOf(spec.Name)).Any(name => KeyParameters.Contains(name, StringComparer.Ordinal))
            ? [ById, $"acs:kms:{KmsProcessOptions.Region}:{KmsProcessOptions.Account}:key/{{0}}", "alias", $"acs:kms:{KmsProcessOptions.Region}:{KmsProcessOptions.Account}:alias"]
            : [ById];

    private static Task<KmsAnswer> AskAsync(KmsCaller caller, ActionDescriptor action, IReadOnlyDictionary<string, string> named, string form)
    {
        var parameters = action.Parameters
            .SelectMany(spec => NamesOf(spec.Name).Select(name => (Name: name, Value: Value(action, spec, name, named, form))))
            .Where(parameter => parameter.Value is not null)
            .Select(parameter => (parameter.Name, parameter.Value!))
            .ToArray();
        return caller.SendAsync(action.Version, action.Name, parameters);
    }

    private static string? Value(ActionDescriptor action, ParameterSpec spec, string parameter, IReadOnlyDictionary<string, string> named, string form)
    {
        if (IsNameOfWhatIsMade(action, parameter))
        {
            var text = string.Create(CultureInfo.InvariantCulture, $"made{Interlocked.Increment(ref fresh)}");
            return parameter == "AliasName" ? $"alias/{text}" : text;
        }

        if (action.Product == Product.Kms && KeyParameters.Contains(parameter, StringComparer.Ordinal))
        {
            return form switch
            {
                ById when parameter == ResourceArn => $"acs:kms:{KmsProcessOptions.Region}:{KmsProcessOptions.Account}:key/{named["KeyId"]}",
                "alias" => named["AliasName"],
                _ when form.EndsWith(":alias", StringComparison.Ordinal) => form[..^"alias".Length] + named["AliasName"],
                _ => string.Format(CultureInfo.InvariantCulture, form, named["KeyId"]),
            };
        }

        if (parameter == "Algorithm")
        {
            return spec.Type.Shape.Enum[0];
        }

        if (parameter == "RoleArn")
        {
            return $"acs:ram::{KmsProcessOptions.Account}:role/{named["RoleName"]}";
        }

        var isRamName = action.Product == Product.Kms && parameter is "PolicyName" or "Policy";
        return !isRamName && named.TryGetValue(parameter, out var value) ? value
            : spec.IsRequired || parameter is "Tags" or "TagKey.1" ? Plain.GetValueOrDefault(parameter) : null;
    }

    private static bool IsNameOfWhatIsMade(ActionDescriptor action, string parameter) => (action.Name, parameter) is
        ("CreateUser", "UserName") or ("CreateGroup", "GroupName") or ("CreateRole", "RoleName") or ("CreatePolicy", "PolicyName") or ("CreateAlias", "AliasName")
        && (action.Product == Product.Ram || parameter == "AliasName");

    /// <summary>Without what differs between any two answers.</summary>
    private string Comparable(KmsAnswer answer)
    {
        var text = answer.Body.DeepClone().AsObject();
        text.Remove("RequestId");
        if (text["AccessDeniedDetail"] is JsonObject detail && (string?)detail["EncodedDiagnosticMessage"] is { } message)
        {
            detail["EncodedDiagnosticMessage"] = message.Length;
        }

        var shown = text.ToJsonString();
        foreach (var (parameter, value) in accounts.Existing.Concat(accounts.Guarded).Concat(accounts.Absent).Where(pair => pair.Key is not ("PolicyType" or "VersionId")))
        {
            shown = shown.Replace(value, $"<{parameter}>", StringComparison.Ordinal);
        }

        return $"{(int)answer.Status} {Generated().Replace(shown, "<generated>")}";
    }

    private static TheoryData<string, string> Rows(IEnumerable<ActionDescriptor> actions)
    {
        var rows = new TheoryData<string, string>();
        foreach (var action in actions)
        {
            rows.Add(action.Version, action.Name);
        }

        return rows;
    }

    /// <summary>Ids, times and names that are made anew for each call.</summary>
    [GeneratedRegex(@"made\d+|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{18}|[A-Za-z0-9+/]{60,}={0,2}", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Generated();
}
