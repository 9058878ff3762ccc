using KmsGateway.Gateway.PolicyCommands;
using KmsGateway.Policy.Kms;
using KmsGateway.Policy.Matching;

namespace KmsGateway.Gateway.Simulator;

/// <summary>What a resource of a question is.</summary>
internal enum AskedKind
{
    None = 0,
    Key,
    Alias,
    Secret,
    Certificate,

    /// <summary><c>acs:kms:...:key</c> and the like: all of a kind.</summary>
    Container,

    /// <summary>An ARN of another service.</summary>
    Foreign,
}

/// <summary>A resource as somebody asks about it: an ARN, a key id, <c>key/id</c>, <c>alias/name</c>, <c>secret/name</c>, <c>certificate/id</c>.</summary>
/// <param name="Place">Where it stands in the request.</param>
/// <param name="Text">As written.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Reference">What the planner of checks takes: a key id or key ARN, an alias, a name, an id.</param>
/// <param name="Account">The account it is in.</param>
/// <param name="Region">The region it is in.</param>
/// <param name="Via"><c>arn</c>, <c>key</c>, <c>alias</c>, <c>secret</c>, <c>certificate</c>, <c>container</c>.</param>
internal sealed record AskedResource(InputNode Place, string Text, AskedKind Kind, string Reference, string Account, string Region, string Via)
{
    private static readonly string[] Containers = ["key", "alias", "secret", "certificate"];

    /// <exception cref="InputException">It is none of these, or a pattern.</exception>
    public static AskedResource Read(InputNode node, string text, string account, string region)
    {
        if (text.AsSpan().IndexOfAny('*', '?') >= 0)
        {
            throw node.Fault("must be one resource; ask about patterns with /policy/who-can (one action, all callers) or /policy/diff (two versions, all resources).");
        }

        if (Arn.TryParse(text, out var arn))
        {
            return arn.Service == "kms"
                ? OfRelativeId(node, text, arn.RelativeId, arn.Account, arn.Region, isArn: true)
                : new AskedResource(node, text, AskedKind.Foreign, text, arn.Account, arn.Region, "arn");
        }

        return KmsCallSyntax.IsKeyId(text)
            ? new AskedResource(node, text, AskedKind.Key, text, account, region, "key")
            : OfRelativeId(node, text, text, account, region, isArn: false);
    }

    public InputException Unreadable() => Unreadable(Place);

    private static AskedResource OfRelativeId(InputNode node, string text, string id, string account, string region, bool isArn)
    {
        var parts = id.Split('/', 2);
        if (isArn && parts.Length == 1 && Containers.Contains(id, StringComparer.Ordinal))
        {
            return new AskedResource(node, text, AskedKind.Container, text, account, region, "container");
        }

        return parts switch
        {
            ["key", var name] when KmsCallSyntax.IsKeyId(name) => new AskedResource(node, text, AskedKind.Key, isArn ? text : name, account, region, isArn ? "arn" : "key"),
            ["alias", _] when KmsCallSyntax.IsAlias(id) => new AskedResource(node, text, AskedKind.Alias, id, account, region, "alias"),
            ["secret", var name] when KmsCallSyntax.IsSecretName(name) => new AskedResource(node, text, AskedKind.Secret, name, account, region, isArn ? "arn" : "secret"),
            ["certificate", var name] when KmsCallSyntax.IsUuid(name) => new AskedResource(node, text, AskedKind.Certificate, name, account, region, isArn ? "arn" : "certificate"),
            _ => throw Unreadable(node),
        };
    }

    private static InputException Unreadable(InputNode node) =>
        node.Fault("must be an ARN, a key id, key/<id>, alias/<name>, secret/<name> or certificate/<id>.");
}
