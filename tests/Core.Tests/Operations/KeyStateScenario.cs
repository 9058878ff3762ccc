using System.Text.Json.Nodes;
using KmsGateway.Core.Crypto.Import;
using KmsGateway.Core.Operations;

namespace KmsGateway.Core.Tests.Operations;

/// <summary>A core with one key in a given state, an alias on it, a tag, a ciphertext made while it was enabled, and a second key.</summary>
internal sealed class KeyStateScenario : IAsyncDisposable
{
    private static readonly HashSet<string> OnKeyAlone = new(StringComparer.Ordinal)
    {
        "DescribeKey", "ListAliasesByKeyId", "ListResourceTags", "EnableKey", "DisableKey", "ScheduleKeyDeletion", "CancelKeyDeletion",
        "GenerateDataKey", "GenerateDataKeyWithoutPlaintext", "ListKeyVersions", "GetKeyPolicy",
    };

    private static readonly HashSet<string> WithMore = new(StringComparer.Ordinal)
    {
        "UpdateKeyDescription", "SetDeletionProtection", "SetKeyPolicy", "DescribeKeyVersion", "UpdateRotationPolicy",
        "ExportDataKey", "GenerateAndExportDataKey", "ReEncrypt", "TagResources", "UntagResources", "ListTagResources", "TagResource", "UntagResource", "CreateAlias", "UpdateAlias", "DeleteAlias", "Encrypt", "Decrypt",
    };

    /// <summary>These run on a key pair.</summary>
    private static readonly HashSet<string> OnPairs = new(StringComparer.Ordinal)
    {
        "CreateKeyVersion", "GetPublicKey", "AsymmetricSign", "AsymmetricVerify", "AsymmetricEncrypt", "AsymmetricDecrypt",
    };

    private readonly TempDirectory directory = new();
    private TestCore core = null!;
    private string keyId = null!;
    private string otherKeyId = null!;
    private string blob = null!;
    private string otherBlob = null!;
    private ImportedKey? imported;
    private PairKey pair = null!;

    private static readonly HashSet<string> OnImported = new(StringComparer.Ordinal)
    {
        "GetParametersForImport", "ImportKeyMaterial", "DeleteKeyMaterial",
    };

    private static readonly byte[] Material = new byte[32];

    private static readonly HashSet<string> OnMacKey = new(StringComparer.Ordinal) { "GenerateMac", "VerifyMac" };

    public static bool Covers(string action) =>
        OnKeyAlone.Contains(action) || WithMore.Contains(action) || OnImported.Contains(action) || OnMacKey.Contains(action)
        || OnPairs.Contains(action);

    /// <summary>Names of all operations in the code whose references lead to a key.</summary>
    public static Task<IReadOnlyList<string>> OperationsOnKeysAsync() => Task.FromResult<IReadOnlyList<string>>(
        [.. OperationSpecs.All.Where(spec => spec.References.Any(reference =>
            reference.Target is not (ReferenceTarget.KeyContainer or ReferenceTarget.AliasContainer))).Select(spec => spec.Action)]);

    public static async Task<KeyStateScenario> StartAsync(string state, string action)
    {
        var scenario = new KeyStateScenario();
        var started = scenario.core = await TestCore.StartAsync(directory: scenario.directory);
        if (OnImported.Contains(action))
        {
            scenario.imported = await ImportedKey.NewAsync(started);
            (await scenario.imported.ImportAsync(Material)).ShouldBeOk();
        }

        scenario.otherKeyId = await started.CreateKeyAsync();
        await scenario.MakeKeyAsync(action);
        scenario.otherBlob = await started.EncryptAsync(scenario.otherKeyId, "text");
        await started.CreateAliasAsync("alias/on-key", scenario.keyId);
        await started.CreateAliasAsync("alias/on-other", scenario.otherKeyId);
        await started.StopCoreAsync();
        var due = started.Clock.GetUtcNow().AddDays(7).ToUnixTimeMilliseconds();
        started.Alter($"UPDATE keys SET state = '{state}', delete_at = {(state == "PendingDeletion" ? due : "NULL")} WHERE key_id = '{scenario.keyId}'");
        await started.StartCoreAsync();
        return scenario;
    }

    public async Task<CoreAnswer> CallAsync(string action) => action switch
    {
        "GetPublicKey" => await pair.CallAsync(action, null),
        "AsymmetricSign" => await pair.CallAsync(action, "ECDSA_SHA_256", ("Digest", Convert.ToBase64String(Material))),
        "AsymmetricVerify" => await pair.CallAsync(
            action, "ECDSA_SHA_256", ("Digest", Convert.ToBase64String(Material)), ("Value", Convert.ToBase64String(Material))),
        "AsymmetricEncrypt" => await pair.CallAsync(action, "RSAES_OAEP_SHA_256", ("Plaintext", "dGV4dA==")),
        "AsymmetricDecrypt" => await pair.CallAsync(action, "RSAES_OAEP_SHA_256", ("CiphertextBlob", blob)),
        "UpdateKeyDescription" => await core.OnKeyAsync(action, keyId, new JsonObject { ["Description"] = "x" }),
        "SetDeletionProtection" => await core.OnKeyAsync(action, keyId, new JsonObject { ["EnableDeletionProtection"] = true }),
        "DescribeKeyVersion" => await core.OnKeyAsync(
            action, keyId, new JsonObject { ["KeyVersionId"] = (await core.VersionsAsync(keyId))[0] }),
        "UpdateRotationPolicy" => await core.OnKeyAsync(action, keyId, new JsonObject { ["EnableAutomaticRotation"] = false }),
        "GetParametersForImport" => await core.OnKeyAsync(action, keyId, ImportedKey.Parameters("SM2PKE")),
        "ImportKeyMaterial" => await imported!.ImportAsync(Material),
        "ExportDataKey" => await core.SendAsync(
            action, Receiver(new JsonObject { ["CiphertextBlob"] = blob }), await core.CiphertextResourceAsync(blob)),
        "GenerateAndExportDataKey" => await core.OnKeyAsync(action, keyId, Receiver([])),
        "ReEncrypt" => await core.SendAsync(
            action,
            new JsonObject { ["CiphertextBlob"] = otherBlob, ["DestinationKeyId"] = keyId },
            await core.CiphertextResourceAsync(otherBlob),
            await core.KeyAsync(keyId)),
        "TagResources" or "UntagResources" or "ListTagResources" => await core.SendAsync(
            action,
            new JsonObject
            {
                ["ResourceType"] = "key",
                ["ResourceId"] = new JsonArray(otherKeyId, keyId),
                ["Tag"] = new JsonArray(new JsonObject { ["Key"] = "a", ["Value"] = "b" }),
                ["TagKey"] = new JsonArray("a"),
            },
            await core.KeyAsync(otherKeyId),
            await core.KeyAsync(keyId)),
        "TagResource" => await core.OnKeyAsync(action, keyId, new JsonObject
        {
            ["Tags"] = new JsonArray(new JsonObject { ["TagKey"] = "a", ["TagValue"] = "b" }),
        }),
        "UntagResource" => await core.OnKeyAsync(action, keyId, new JsonObject { ["TagKeys"] = new JsonArray("a") }),
        "GenerateMac" or "VerifyMac" => await core.OnKeyAsync(action, keyId, new JsonObject
        {
            ["Algorithm"] = "HMAC_SHA_256",
            ["Message"] = "dGV4dA==",
            ["Mac"] = "dGV4dA==",
        }),
        "Encrypt" => await core.OnKeyAsync(action, keyId, new JsonObject { ["Plaintext"] = "x" }),
        "Decrypt" => await core.DecryptAsync(blob),
        "SetKeyPolicy" => await core.OnKeyAsync(action, keyId, new JsonObject { ["Policy"] = new JsonObject { ["Version"] = "1" } }),
        "CreateAlias" => await core.SendAsync(
            action, new JsonObject { ["KeyId"] = keyId, ["AliasName"] = "alias/new" }, await core.KeyAsync(keyId), new(TestCore.AliasArn("alias/new"), 0, 0)),
        "DeleteAlias" => await core.SendAsync(
            action, new JsonObject { ["AliasName"] = "alias/on-key" }, await core.KeyBehindAsync("alias/on-key"), await core.AliasAsync("alias/on-key")),
        "UpdateAlias" => await core.SendAsync(
            action,
            new JsonObject { ["AliasName"] = "alias/on-other", ["KeyId"] = keyId },
            await core.KeyBehindAsync("alias/on-other"),
            await core.KeyAsync(keyId),
            await core.AliasAsync("alias/on-other")),
        _ => await core.OnKeyAsync(action, keyId),
    };

    private async Task MakeKeyAsync(string action)
    {
        if (OnPairs.Contains(action))
        {
            await MakePairAsync(action);
            return;
        }

        var isOnMacKey = OnMacKey.Contains(action);
        keyId = imported?.KeyId ?? await core.CreateKeyAsync(isOnMacKey ? new JsonObject { ["KeySpec"] = "HMAC_SHA_256" } : null);
        blob = isOnMacKey ? string.Empty : await core.EncryptAsync(keyId, "dGV4dA==");
    }

    /// <summary>A version may be made of it at once: seven days are over.</summary>
    private async Task MakePairAsync(string action)
    {
        var encrypts = action.EndsWith("crypt", StringComparison.Ordinal);
        pair = await PairKey.ForAsync(core, encrypts ? "RSA_2048" : "EC_P256", encrypts ? "RSAES_OAEP_SHA_256" : "ECDSA_SHA_256");
        keyId = pair.KeyId;
        blob = encrypts ? Convert.ToBase64String(await pair.EncryptAsync("RSAES_OAEP_SHA_256", Material)) : string.Empty;
        core.Clock.Advance(TimeSpan.FromDays(7));
    }

    private static JsonObject Receiver(JsonObject body)
    {
        using var receiver = WrappingPair.Generate(WrappingAlgorithms.EcSm2);
        body["PublicKeyBlob"] = Convert.ToBase64String(receiver.PublicKey);
        body["WrappingAlgorithm"] = WrappingAlgorithms.Sm2;
        body["WrappingKeySpec"] = WrappingAlgorithms.EcSm2;
        return body;
    }

    public async ValueTask DisposeAsync()
    {
        await core.DisposeAsync();
        directory.Dispose();
    }
}

/// <summary>The declarations of all operations, without a core around them.</summary>
internal static class OperationSpecs
{
    public static IReadOnlyList<OperationSpec> All { get; } =
    [
        .. typeof(IOperation).Assembly.GetTypes()
            .Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IOperation)))
            .Select(type => ((IOperation)Activator.CreateInstance(
                type, new object?[type.GetConstructors()[0].GetParameters().Length])!).Spec),
    ];
}
