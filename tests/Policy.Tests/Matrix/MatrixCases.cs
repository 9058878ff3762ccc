using KmsGateway.Policy.Tests.Generation;
using KmsGateway.Policy.Tests.Reference;

namespace KmsGateway.Policy.Tests.Matrix;

/// <summary>A cell as the reference takes it: checks from the action table, policies as texts.</summary>
internal static class MatrixCases
{
    internal static GeneratedCase Of(MatrixCell cell) => new(
        cell.Policies,
        cell.Caller,
        [.. cell.Action.Needs.Select(need => Check(cell, need.Action, Resource(cell.Caller, need), need.CarriesTags))]);

    /// <summary>R-KMS-1.</summary>
    private static string Resource(GeneratedPrincipal caller, ReferenceNeed need) =>
        MatrixWorld.NameOf(need.Kind, MatrixWorld.CanBeForeign(need) ? MatrixWorld.Account : caller.Account);

    /// <summary>R-TAG-1, R-TAG-3.</summary>
    private static GeneratedCheck Check(MatrixCell cell, string action, string resource, bool carriesTags) => new(
        action,
        resource,
        carriesTags && cell.TagValue is { } value ? [KeyValuePair.Create($"kms:tag/{MatrixWorld.TagKey}", new[] { value })] : [],
        cell.ResourcePolicyOf(resource),
        MatrixDocuments.IsRole(resource));
}
