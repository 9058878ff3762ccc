using System.Text;
using KmsGateway.Policy.Kms;

namespace KmsGateway.Gateway.Catalogue;

/// <summary>The catalogue as Markdown: docs/actions.md and the block in the README. Tests fail while either is stale.</summary>
internal static class ActionTable
{
    /// <summary>Line before the README's block.</summary>
    public const string Begin = "<!-- actions:begin -->";

    /// <summary>Line after the README's block.</summary>
    public const string End = "<!-- actions:end -->";

    /// <summary>The whole of docs/actions.md.</summary>
    public static string Render()
    {
        var text = new StringBuilder()
            .Append("# Actions\n\n")
            .Append("Written by the catalogue (`gateway/Catalogue`); `UPDATE_GOLDEN=1` on its tests rewrites it.\n\n")
            .Append("*checks*: every permission listed must be allowed on its resource; `+tags` = `kms:tag/...` conditions see the key's tags;\n")
            .Append("`name?` = only if given. *alias*: parameters that take an alias in place of a key id. *answered*: `not yet` and\n")
            .Append("`out of scope` answer 400 `UnsupportedOperation`, after authentication, authorization and missing parameters.\n");
        foreach (var product in new[] { Product.Kms, Product.Ram, Product.Sts })
        {
            Append(text, product);
        }

        return text.ToString();
    }

    /// <summary>The README's block: per product what is answered, and how much is not.</summary>
    public static string RenderSummary()
    {
        var text = new StringBuilder().Append(Begin).Append("\n| product | version | answered | not yet | out of scope |\n|---|---|---|---|---|\n");
        foreach (var group in ActionCatalogue.All.GroupBy(action => (action.Product, action.Version)))
        {
            var answered = group.Where(IsAnswered).Select(action => action.Name);
            text.Append("| ").Append(NameOf(group.Key.Product)).Append(" | ").Append(group.Key.Version)
                .Append(" | ").AppendJoin(", ", answered)
                .Append(" | ").Append(group.Count(action => action.Answerer == Answerer.NotYet))
                .Append(" | ").Append(group.Count(action => action.Answerer == Answerer.OutOfScope)).Append(" |\n");
        }

        return text.Append("\nEvery action with its checks: [docs/actions.md](docs/actions.md).\n").Append(End).Append('\n').ToString();
    }

    private static void Append(StringBuilder text, Product product)
    {
        var actions = ActionCatalogue.All.Where(action => action.Product == product).ToList();
        text.Append("\n## ").Append(NameOf(product)).Append(' ').Append(actions[0].Version)
            .Append("\n\n| action | tier | access | checks | alias | answered |\n|---|---|---|---|---|---|\n");
        foreach (var action in actions)
        {
            text.Append("| ").Append(action.Name)
                .Append(" | ").Append(NameOf(action.Tier))
                .Append(" | ").Append(NameOf(action.Access))
                .Append(" | ").Append(ChecksOf(action))
                .Append(" | ").AppendJoin(", ", action.Kms?.AliasParameters ?? [])
                .Append(" | ").Append(NameOf(action.Answerer)).Append(" |\n");
        }
    }

    private static string ChecksOf(ActionDescriptor action)
    {
        if (action.NoPermissionBecause is { } because)
        {
            return $"none: {because}";
        }

        return action.Kms is { } kms
            ? string.Join("; ", kms.Checks.Select(check => $"`{check.Action}` on {TargetOf(check)}{(check.CarriesTags ? " +tags" : "")}"))
            : $"`{action.Permission}` on {string.Join(" and ", action.Resources.Select(resource => $"`{ShortName(resource)}`"))}";
    }

    private static string ShortName(RamResource resource)
    {
        if (resource == RamResource.None)
        {
            return resource.Collection;
        }

        var item = resource.Placeholder is null ? "*" : $"{{{resource.Placeholder}}}";
        return $"{(resource.MayBeSystem ? "own or system " : "")}{resource.Collection}/{item}";
    }

    private static string TargetOf(CheckSpec check) => check.Target switch
    {
        CheckTargetKind.Anything => "`*`",
        CheckTargetKind.KeyContainer => "the key container",
        CheckTargetKind.AliasContainer => "the alias container",
        CheckTargetKind.SecretContainer => "the secret container",
        CheckTargetKind.CertificateContainer => "the certificate container",
        CheckTargetKind.Key => $"key {ParametersOf(check)}",
        CheckTargetKind.Alias => $"alias {ParametersOf(check)}",
        CheckTargetKind.KeyBehindAlias => $"the key behind {ParametersOf(check)}",
        CheckTargetKind.CiphertextKey => $"the key in {ParametersOf(check)}",
        CheckTargetKind.Secret => $"secret {ParametersOf(check)}",
        CheckTargetKind.SecretKey => $"the customer key of secret {ParametersOf(check)}",
        CheckTargetKind.Certificate => $"certificate {ParametersOf(check)}",
        CheckTargetKind.KeyOrSecretOrCertificate => "key KeyId, secret SecretName or certificate CertificateId",
        CheckTargetKind.EachResource => check.IsOptional ? $"each {check.Parameter}.N, or the container" : $"each {check.Parameter}.N",
        CheckTargetKind.EachSecret => $"each secret of {check.Parameter}",
        CheckTargetKind.EachSecretKey => $"the customer key of each secret of {check.Parameter}",
        _ => throw new InvalidOperationException("a check has a target"),
    };

    private static string ParametersOf(CheckSpec check) =>
        $"{check.Parameter}{(check.IsOptional ? "?" : "")}{(check.Alternative is null ? "" : $" or {check.Alternative}")}";

    private static bool IsAnswered(ActionDescriptor action) => action.Answerer is Answerer.Core or Answerer.Gateway;

    private static string NameOf(Product product) => product switch
    {
        Product.Kms => "KMS",
        Product.Ram => "RAM",
        Product.Sts => "STS",
        _ => throw new InvalidOperationException("an action has a product"),
    };

    private static string NameOf(Tier tier) => tier switch
    {
        Tier.Core => "core",
        Tier.Extension => "extension",
        Tier.Legacy => "legacy",
        Tier.OutOfScope => "out of scope",
        _ => throw new InvalidOperationException("an action has a tier"),
    };

    private static string NameOf(AccessLevel access) => access switch
    {
        AccessLevel.Read => "read",
        AccessLevel.List => "list",
        AccessLevel.Write => "write",
        _ => throw new InvalidOperationException("an action has an access level"),
    };

    private static string NameOf(Answerer answerer) => answerer switch
    {
        Answerer.Core or Answerer.Gateway => "yes",
        Answerer.NotYet => "not yet",
        Answerer.OutOfScope => "out of scope",
        _ => throw new InvalidOperationException("an action has an answerer"),
    };
}
