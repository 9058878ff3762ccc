using KmsGateway.Policy.Documents;

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

    private static readonly ListElement Everything = ListElement.OfRelativeId("?*");
    private static readonly ListElement EveryKey = ListElement.OfRelativeId("key/?*");

    internal static void FullAccess(LintContext context)
    {
        foreach (var (at, statement) in Allows(context))
        {
            if (IsFull(context, statement))
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
            if (statement.Conditions.IsEmpty && Grants(statement, ["kms:Decrypt"]) && IsOn(context, statement, EveryKey) && !IsFull(context, statement))
            {
                context.Report("DecryptOnAllKeys", "Allows kms:Decrypt on every key; name the keys, or demand a tag.", LintContext.At(at));
            }
        }
    }

    internal static void KeyAdminAndUse(LintContext context)
    {
        var narrow = Allows(context).Where(entry => !IsFull(context, entry.Statement)).ToArray();
        var users = narrow.Where(entry => Grants(entry.Statement, Use)).ToArray();
        foreach (var (admin, managing) in narrow.Where(entry => Grants(entry.Statement, Administration)))
        {
            var (user, found) = Array.Find(users, entry => ShareKeys(context, managing, entry.Statement));
            if (found is not null)
            {
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
            : context.Statements.Where(entry => entry.Statement.Effect == StatementEffect.Allow);

    /// <summary>Every action of the key service on every resource.</summary>
    private static bool IsFull(LintContext context, Statement statement) =>
        statement is { IsNotAction: false, Conditions.IsEmpty: true }
        && statement.Actions.Any(pattern => context.PermissionsOf(pattern).Length == Permission.All.Length)
        && IsOn(context, statement, Everything);

    private static bool Grants(Statement statement, string[] actions) =>
        actions.Any(action => statement.Actions.Any(pattern => pattern.Covers(action)) != statement.IsNotAction);

    /// <summary>Whether one pattern reaches all of <paramref name="resources"/>.</summary>
    private static bool IsOn(LintContext context, Statement statement, ListElement resources) =>
        !statement.IsNotResource && statement.Resources.Any(pattern => context.Questions.IsCovered(resources, ListElement.Of(pattern)));

    private static bool ShareKeys(LintContext context, Statement one, Statement other)
    {
        if (one.IsNotResource || other.IsNotResource)
        {
            return true;
        }

        ListElement[] left = [.. one.Resources.Select(ListElement.Of)];
        ListElement[] right = [.. other.Resources.Select(ListElement.Of)];
        return left.Any(mine => right.Any(yours => context.Questions.Overlap(EveryKey, mine, yours)));
    }
}
