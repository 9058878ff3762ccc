using KmsGateway.Policy.Tests.Generation;
using KmsGateway.Policy.Tests.Reference;

namespace KmsGateway.Policy.Tests.Matrix;

/// <summary>The resource of the statement.</summary>
internal enum PatternForm
{
    None = 0,
    Exact,
    Container,
    Wildcard,
    AliasArn,
    OtherRegion,
}

/// <summary>The tag on the key against the condition of the statement.</summary>
internal enum TagState
{
    None = 0,
    NotAsked,
    Match,
    Mismatch,
    Missing,
}

/// <summary>Where the statement stands, and what stands beside it.</summary>
internal enum StatementPlace
{
    None = 0,
    Identity,
    IdentityBesideFullAccess,
    IdentityBesideResourcePolicy,
    ResourcePolicy,
    ResourcePolicyBesideFullAccess,
    Control,
    Session,
}

/// <summary>One cell: a call of one caller under one statement.</summary>
/// <param name="Effect"><c>Allow</c>, <c>Deny</c> or null for no statement at all.</param>
internal sealed record MatrixCell(ReferenceAction Action, GeneratedPrincipal Caller, PatternForm Form, string? Effect, TagState Tag, StatementPlace Place)
{
    private GeneratedPolicies? policies;

    /// <summary>The value of the tag on every key of the world; null when it has none.</summary>
    internal string? TagValue => Tag switch
    {
        TagState.Missing => null,
        TagState.Mismatch => "Zeus",
        _ => "Apollo",
    };

    internal GeneratedPolicies Policies => policies ??= MakePolicies();

    /// <summary>The key policy or trust policy of a resource of the first account; null where there is none.</summary>
    internal string? ResourcePolicyOf(string resource)
    {
        var isRole = MatrixDocuments.IsRole(resource);
        if (!resource.Contains($":{MatrixWorld.Account}:", StringComparison.Ordinal) || !(isRole || MatrixDocuments.IsKey(resource)))
        {
            return null;
        }

        return Place switch
        {
            StatementPlace.IdentityBesideResourcePolicy => MatrixDocuments.Resource("Allow", Caller, isRole ? ["sts:AssumeRole"] : ["kms:*"], isRole, null),
            StatementPlace.ResourcePolicy or StatementPlace.ResourcePolicyBesideFullAccess when Effect is not null => MatrixDocuments.Resource(Effect, Caller, Permissions(), isRole, Condition()),
            _ => null,
        };
    }

    public override string ToString() =>
        $"{Action.Product} {Action.Name} by {Caller.Type} {Caller.Account} {Caller.Name}, {Form}, {Effect ?? "no statement"}, {Tag}, {Place}";

    private GeneratedPolicies MakePolicies() => Place switch
    {
        StatementPlace.Identity or StatementPlace.IdentityBesideResourcePolicy => new([.. Statements()], null, []),
        StatementPlace.IdentityBesideFullAccess => new([MatrixDocuments.FullAccess, .. Statements()], null, []),
        StatementPlace.ResourcePolicy => new([], null, []),
        StatementPlace.ResourcePolicyBesideFullAccess => new([MatrixDocuments.FullAccess], null, []),
        StatementPlace.Control => new([MatrixDocuments.FullAccess], null, [[.. Statements()]]),
        StatementPlace.Session => new([MatrixDocuments.FullAccess], Statements().FirstOrDefault() ?? MatrixDocuments.Unrelated, []),
        _ => throw new InvalidOperationException("a cell has a place"),
    };

    private IEnumerable<string> Statements()
    {
        if (Effect is not null)
        {
            yield return MatrixDocuments.Identity(Effect, Permissions(), Patterns(), Condition());
        }
    }

    private string[] Permissions() => [.. Action.Needs.Select(need => need.Action).Distinct(StringComparer.Ordinal).DefaultIfEmpty($"{Action.Product.ToLowerInvariant()}:{Action.Name}")];

    /// <summary>The usual forms: an Allow for keys that are tagged so, a Deny unless they are.</summary>
    private string? Condition() => Tag == TagState.NotAsked ? null : Effect == "Deny" ? "StringNotEquals" : "StringEquals";

    private string[] Patterns() => [.. Action.Needs.Select(need => Pattern(need.Kind)).Distinct(StringComparer.Ordinal).DefaultIfEmpty("*")];

    private string Pattern(string kind)
    {
        var name = MatrixWorld.NameOf(kind, MatrixWorld.Account);
        var fields = (name == "*" ? MatrixWorld.Arn(MatrixWorld.Account, "*") : name).Split(':', 5);
        var box = fields[4].Split('/')[0];
        return Form switch
        {
            PatternForm.Exact => name,
            PatternForm.Container => string.Join(':', fields[..4].Append(box)),
            PatternForm.Wildcard => $"acs:{fields[1]}:*:*:{box}*",
            PatternForm.AliasArn => MatrixWorld.Arn(MatrixWorld.Account, MatrixWorld.Alias),
            PatternForm.OtherRegion => $"acs:{fields[1]}:{MatrixWorld.OtherRegion}:{fields[3]}:{fields[4]}",
            _ => throw new InvalidOperationException("a cell has a form"),
        };
    }
}
