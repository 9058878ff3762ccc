using KmsGateway.Policy.Analysis;
using KmsGateway.Policy.Documents;
using KmsGateway.Policy.Matching;

namespace KmsGateway.Policy.Linting;

/// <summary>Grants that are wider than is wise. Identity policies only: the others are bounded by something else.</summary>
internal static class SecurityRules
{
    private static readonly string[] Administration =
        ["kms:ScheduleKeyDeletion", "kms:DisableKey", "kms:SetKeyPolicy", "kms:DeleteKeyMaterial", "kms:ImportKeyMaterial"];

    private static readonly string[] Use = ["kms:Decrypt", "kms:AsymmetricDecrypt", "kms:AsymmetricSign", "kms:ExportDataKey"];

    private static readonly string[] Escalation =
    [
        "ram:AttachPolicyToUser", "ram:AttachPolicyToGroup", "ram:AttachPolicyToRole", "ram:AddUserToGroup",
        "ram:CreatePolicyVersion", "ram:SetDefaultPolicyVersion", "ram:UpdateRole",
    ];

    internal static void FullAccess(LintContext context)
    {
        foreach (var (at, statement) in Allows(context))
        {
            if (IsFull(statement))
            {
                context.Report("FullAccess", "Allows every action of the key service on every resource, whatever the circumstances.", LintContext.At(at));
            }
        }
    }

    internal static void AllowNotAction(LintContext context)
    {
        foreach (var (at, _) in Allows(context).Where(entry => entry.Statement.IsNotAction))
        {
            context.Report("AllowNotAction", "Allows everything that is not listed, actions that do not exist yet included.", LintContext.At(at));
        }
    }

    internal static void DecryptOnAllKeys(LintContext context)
    {
        foreach (var (at, statement) in Allows(context))
        {
            if (statement.Conditions.IsEmpty && !IsFull(statement) && Grants(statement, ["kms:Decrypt"]) && IsOnEvery(statement, "key/?*"))
            {
                context.Report("DecryptOnAllKeys", "Allows kms:Decrypt on every key; name the keys, or demand a tag.", LintContext.At(at));
            }
        }
    }

    internal static void KeyAdminAndUse(LintContext context)
    {
        foreach (var (admin, managing) in Allows(context).Where(entry => Grants(entry.Statement, Administration)))
        {
            foreach (var (user, using_) in Allows(context).Where(entry => Grants(entry.Statement, Use)))
            {
                if (IsFull(managing) || IsFull(using_) || !ShareKeys(managing, using_))
                {
                    continue;
                }

                context.Report("KeyAdminAndUse", "One holder manages and uses the same keys; give the two to different people.", admin == user ? [LintContext.At(admin)] : [LintContext.At(admin), LintContext.At(user)]);
                return;
            }
        }
    }

    internal static void SelfEscalation(LintContext context)
    {
        foreach (var (at, _) in Allows(context).Where(entry => Grants(entry.Statement, Escalation)))
        {
            context.Report("SelfEscalation", "Allows changing policies or their attachment, and so what the holder itself may do.", LintContext.At(at));
        }
    }

    private static IEnumerable<(int At, Statement Statement)> Allows(LintContext context) =>
        context.Document.Kind != PolicyKind.Identity
            ? []
            : context.Document.Statements.Select((statement, at) => (at, statement)).Where(entry => entry.statement.Effect == StatementEffect.Allow);

    private static bool IsFull(Statement statement) =>
        statement.Conditions.IsEmpty
        && !statement.IsNotAction
        && statement.Actions.Any(pattern => Permission.All.All(permission => pattern.Covers(permission.Action)))
        && IsOnEvery(statement, "?*");

    private static bool Grants(Statement statement, string[] actions) =>
        actions.Any(action => statement.Actions.Any(pattern => pattern.Covers(action)) != statement.IsNotAction);

    /// <summary>Whether one pattern reaches every relative id of that form, in every region and account.</summary>
    private static bool IsOnEvery(Statement statement, string relativeId)
    {
        return ResourcePattern.TryParse($"acs:kms:*:*:{relativeId}", out var all)
            && !statement.IsNotResource
            && statement.Resources.Any(pattern => GlobLanguage.IsCovered(Glob.AnyResource, Glob.Of(all), Glob.Of(pattern)) == true);
    }

    private static bool ShareKeys(Statement one, Statement other)
    {
        if (one.IsNotResource || other.IsNotResource || !ResourcePattern.TryParse("acs:kms:*:*:key/?*", out var keys))
        {
            return true;
        }

        var product = one.Resources.SelectMany(left => other.Resources.Select(right => new GlobProduct([Glob.AnyResource, Glob.Of(keys), Glob.Of(left), Glob.Of(right)], isFirstRequired: true)));
        return product.Any(pair => pair.Classes().Any(found => found.Matches.All(match => match)) || !pair.IsComplete);
    }
}
