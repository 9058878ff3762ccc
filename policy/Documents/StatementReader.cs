using System.Buffers;
using System.Collections.Immutable;
using KmsGateway.Policy.Conditions;
using KmsGateway.Policy.Matching;

namespace KmsGateway.Policy.Documents;

/// <summary>One statement: its members, which of them belong, and their values. Source: ram-policy.md R-DOC-7 to -14, -21, -22.</summary>
internal sealed class StatementReader(KindRules rules, SourceMap source, PolicyFaultList faults)
{
    private const int MaxSidLength = 128;

    private static readonly SearchValues<char> SidCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 _/+=.@-");

    private readonly PrincipalReader principals = new(rules, faults);
    private readonly ConditionReader conditions = new(faults);

    /// <summary>The statement; meaningless when faults were added.</summary>
    internal Statement Read(SourceNode node, string pointer)
    {
        if (node.Kind != SourceNodeKind.Object)
        {
            faults.Add(PolicyFaultReasons.InvalidStatement, pointer, node, "A statement is an object.");
        }
        else
        {
            CheckMembers(node, pointer);
        }

        return new Statement
        {
            Sid = ReadSid(node.Find("Sid"), $"{pointer}/Sid"),
            Effect = ReadEffect(node, pointer),
            Principals = rules.HasPrincipal ? principals.Read(node, pointer) : [],
            Actions = ReadActions(node, pointer),
            IsNotAction = node.Find("NotAction") is not null,
            Resources = ReadResources(node, pointer),
            IsNotResource = node.Find("NotResource") is not null,
            Conditions = conditions.Read(node.Find("Condition"), $"{pointer}/Condition"),
            Span = source.Span(node),
        };
    }

    private void CheckMembers(SourceNode node, string pointer)
    {
        foreach (var member in node.Members)
        {
            var reason = member.Name switch
            {
                "Sid" or "Effect" or "Action" or "Condition" => null,
                "NotAction" => rules.AllowsNotForms ? null : PolicyFaultReasons.ElementNotAllowed,
                "Resource" => rules.HasResource ? null : PolicyFaultReasons.ElementNotAllowed,
                "NotResource" => rules.HasResource && rules.AllowsNotForms ? null : PolicyFaultReasons.ElementNotAllowed,
                "Principal" => rules.HasPrincipal ? null : PolicyFaultReasons.ElementNotAllowed,
                _ => PolicyFaultReasons.UnknownMember,
            };
            if (reason is not null)
            {
                faults.Add(reason, PolicyFaultList.Below(pointer, member.Name), member, $"{PolicyFaultList.Quote(member.Name)} has no place in a statement of this kind of policy.");
            }
        }
    }

    private string? ReadSid(SourceNode? sid, string pointer)
    {
        if (sid is null)
        {
            return null;
        }

        if (!sid.IsString || sid.Text.Length is 0 or > MaxSidLength || sid.Text.AsSpan().ContainsAnyExcept(SidCharacters))
        {
            faults.Add(PolicyFaultReasons.InvalidSid, pointer, sid, "A Sid has 1 to 128 letters, digits, blanks and _ / + = . @ -");
        }

        return sid.Text;
    }

    private StatementEffect ReadEffect(SourceNode node, string pointer)
    {
        var effect = node.Find("Effect");
        if (effect is null)
        {
            faults.AddMissing("Effect", pointer, node);
            return StatementEffect.None;
        }

        switch (effect.IsString ? effect.Text : "")
        {
            case "Allow":
                return StatementEffect.Allow;
            case "Deny":
                return StatementEffect.Deny;
            default:
                faults.Add(PolicyFaultReasons.InvalidEffect, $"{pointer}/Effect", effect, "Effect is Allow or Deny.");
                return StatementEffect.None;
        }
    }

    private ImmutableArray<ActionPattern> ReadActions(SourceNode node, string pointer)
    {
        var name = Choose(node, pointer, "Action", rules.AllowsNotForms, PolicyFaultReasons.ActionConflict);
        return name is null
            ? []
            : StringList.Read(node.Find(name)!, $"{pointer}/{name}", PolicyFaultReasons.InvalidAction, faults, ReadAction);
    }

    private ActionPattern? ReadAction(string text) =>
        ActionPattern.TryParse(text, out var action) && (rules.Service is null || action.IsOfService(rules.Service)) ? action : null;

    private ImmutableArray<ResourcePattern> ReadResources(SourceNode node, string pointer)
    {
        var name = rules.HasResource ? Choose(node, pointer, "Resource", rules.AllowsNotForms, PolicyFaultReasons.ResourceConflict) : null;
        return name is null
            ? []
            : StringList.Read(node.Find(name)!, $"{pointer}/{name}", PolicyFaultReasons.InvalidResource, faults, ReadResource);
    }

    private ResourcePattern? ReadResource(string text) =>
        ResourcePattern.TryParse(text, out var resource) && (!rules.OnlyStarResource || resource.IsAny) ? resource : null;

    /// <summary>Which of <c>X</c> and <c>NotX</c> is there; a fault and null unless it is exactly one.</summary>
    private string? Choose(SourceNode node, string pointer, string name, bool allowsNot, string conflict)
    {
        var negated = $"Not{name}";
        var (has, hasNot) = (node.Find(name) is not null, node.Find(negated) is not null);
        if (has && hasNot && allowsNot)
        {
            faults.Add(conflict, pointer, node, $"{name} and {negated} exclude each other.");
        }
        else if (!has && !hasNot)
        {
            faults.AddMissing(name, pointer, node);
        }

        if (has)
        {
            return name;
        }

        return hasNot && allowsNot ? negated : null;
    }
}
