using KmsGateway.Policy.Tests.Reference;

namespace KmsGateway.Policy.Tests.Matrix;

/// <summary>Every action x caller x pattern x effect x tag x place of the statement.</summary>
internal static class AuthorizationMatrix
{
    private static readonly string?[] Effects = ["Allow", "Deny", null];

    internal static IEnumerable<MatrixCell> Cells(ReferenceAction action) =>
        from place in Values<StatementPlace>()
        from caller in MatrixWorld.Callers
        where place != StatementPlace.Session || caller.Type == "Role"
        from form in Values<PatternForm>()
        where !IsOfResource(place) || (form == PatternForm.Exact && HasResourcePolicy(action))
        from effect in Effects
        from tag in Values<TagState>()
        select new MatrixCell(action, caller, form, effect, tag, place);

    /// <summary>What the reference says to a cell, or null where it says the same as the engine.</summary>
    internal static string? Disagreement(MatrixCell cell, MatrixEngine engine, ReferenceEvaluator reference, out ReferenceDecision expected)
    {
        var call = MatrixCases.Of(cell);
        expected = reference.Decide(call);
        var decision = engine.Decide(cell);
        return decision == expected ? null : $"{cell}\nengine {decision}\nreference {expected}\n{call.Describe()}";
    }

    private static bool IsOfResource(StatementPlace place) => place is StatementPlace.ResourcePolicy or StatementPlace.ResourcePolicyBesideFullAccess;

    /// <summary>A key policy speaks of <c>*</c>, so that the pattern has one form only.</summary>
    private static bool HasResourcePolicy(ReferenceAction action) => action.Needs.Any(need => MatrixDocuments.IsKey(Name(need)) || MatrixDocuments.IsRole(Name(need)));

    private static string Name(ReferenceNeed need) => MatrixWorld.NameOf(need.Kind, MatrixWorld.Account);

    /// <summary>All but the invalid zero.</summary>
    private static IEnumerable<T> Values<T>()
        where T : struct, Enum => Enum.GetValues<T>().Skip(1);
}
