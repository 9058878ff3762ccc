using System.Collections.Concurrent;
using System.Collections.Immutable;
using KmsGateway.Policy.Documents;
using KmsGateway.Policy.Evaluation;
using KmsGateway.Policy.Kms;
using KmsGateway.Policy.Tests.Generation;
using KmsGateway.Policy.Tests.Kms;
using KmsGateway.Policy.Tests.Reference;

namespace KmsGateway.Policy.Tests.Matrix;

/// <summary>A cell as the product takes it: parameters of a call, planned by the vocabulary, resolved in the world, then evaluated.</summary>
internal sealed class MatrixEngine
{
    private readonly ConcurrentDictionary<(string Text, PolicyKind Kind), PolicyDocument> documents = [];

    internal ReferenceDecision Decide(MatrixCell cell)
    {
        var checks = cell.Action.Product == "KMS" ? KmsChecks(cell) : RamChecks(cell);
        if (checks.IsEmpty)
        {
            return new ReferenceDecision("Allow", "None", -1, -1, -1, -1);
        }

        var policies = cell.Policies;
        var set = new PolicySet(
            [.. policies.Identity.Select(text => Parse(text, PolicyKind.Identity))],
            policies.Session is null ? null : Parse(policies.Session, PolicyKind.Session),
            [.. policies.Control.Select(level => level.Select(text => Parse(text, PolicyKind.Control)).ToImmutableArray())]);
        var principal = new PolicyPrincipal(Enum.Parse<PrincipalType>(cell.Caller.Type), cell.Caller.Account, cell.Caller.Name);
        return PolicyEvaluator.Evaluate(set, new AuthorizationRequest(principal, checks)).ToReference();
    }

    private ImmutableArray<PolicyCheck> KmsChecks(MatrixCell cell)
    {
        var action = KmsVocabulary.Find(cell.Action.Name) ?? throw new InvalidDataException($"{cell.Action.Name} is unknown");
        var planned = World(cell).Checks(cell.Action.Name, [.. Parameters(cell.Caller, action)]);
        return [.. planned.Checks.Select(check => new PolicyCheck(check.Action, check.Resource, check.Context, ResourcePolicy(cell, check.Resource)))];
    }

    private ImmutableArray<PolicyCheck> RamChecks(MatrixCell cell) =>
        [.. MatrixCases.Of(cell).Checks.Select(check => new PolicyCheck(check.Action, check.Resource, ConditionContext.Empty, ResourcePolicy(cell, check.Resource)))];

    private PolicyDocument? ResourcePolicy(MatrixCell cell, string resource) =>
        cell.ResourcePolicyOf(resource) is { } text ? Parse(text, MatrixDocuments.IsRole(resource) ? PolicyKind.Trust : PolicyKind.Key) : null;

    private PolicyDocument Parse(string text, PolicyKind kind) => documents.GetOrAdd((text, kind), static pair =>
        PolicyParser.Parse(pair.Text, pair.Kind) is { Document: { } document } ? document : throw new InvalidDataException(pair.Text));

    /// <summary>Keys of the own account are named by alias where the call takes one: the grant still has to be on the key (R-KMS-4).</summary>
    private static IEnumerable<(string Name, string Value)> Parameters(GeneratedPrincipal caller, KmsAction action)
    {
        var isForeign = caller.Account != MatrixWorld.Account;
        var arn = MatrixWorld.NameOf("key", MatrixWorld.Account);
        string Key(string name) => isForeign ? arn : action.AliasParameters.Contains(name) ? MatrixWorld.Alias : MatrixWorld.KeyId;
        yield return ("KeyId", Key("KeyId"));
        yield return ("DestinationKeyId", Key("DestinationKeyId"));
        yield return ("EncryptionKeyId", isForeign ? arn : MatrixWorld.KeyId);
        yield return ("ProtectedResourceArn", arn);
        yield return ("ResourceType", "key");
        yield return ("ResourceId.1", isForeign ? arn : MatrixWorld.KeyId);
        yield return ("AliasName", MatrixWorld.Alias);
        yield return ("CiphertextBlob", KmsWorld.Blob(MatrixWorld.Version));
        yield return ("SecretsList", $$"""[{"SecretName":"{{MatrixWorld.Secret}}"}]""");
        if (action.Checks.Any(check => check.Target == CheckTargetKind.Certificate))
        {
            yield return ("CertificateId", MatrixWorld.Certificate);
        }

        if (!action.Checks.Any(check => check.Target == CheckTargetKind.KeyOrSecretOrCertificate))
        {
            yield return ("SecretName", MatrixWorld.Secret);
        }
    }

    private static KmsWorld World(MatrixCell cell)
    {
        var tags = cell.TagValue is { } value ? new Dictionary<string, string> { [MatrixWorld.TagKey] = value } : [];
        var world = new KmsWorld(cell.Caller.Account, MatrixWorld.Region);
        var own = world.Key(MatrixWorld.KeyId, tags);
        var named = world.Key(MatrixWorld.KeyId, tags, MatrixWorld.Account);
        world.Alias(MatrixWorld.Alias, own);
        world.Ciphertext(MatrixWorld.Version, named);
        world.Secret(MatrixWorld.Secret, own);
        world.Certificate(MatrixWorld.Certificate);
        return world;
    }
}
