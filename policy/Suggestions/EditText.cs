using System.Globalization;
using KmsGateway.Policy.Evaluation;

namespace KmsGateway.Policy.Suggestions;

/// <summary>An edit as a phrase that tells a person what to do.</summary>
internal static class EditText
{
    internal static string Of(SuggestedEdit edit, Func<StatementReference, string> nameOf)
    {
        var policy = nameOf(edit.Place);
        var statement = string.Create(CultureInfo.InvariantCulture, $"statement {edit.Place.Statement} of {policy}");
        return edit.Kind switch
        {
            EditKind.AddAction => $"add {edit.Subject} to the actions of {statement}",
            EditKind.AddResource => $"add {edit.Subject} to the resources of {statement}",
            EditKind.AddPrincipal => $"add {edit.Subject} to the principals of {statement}",
            EditKind.SetContext => Circumstance(edit),
            EditKind.RemoveContext => $"take the tag {TagOf(edit)} off the key",
            EditKind.DropCondition => $"drop the condition {edit.Subject} of {statement}",
            EditKind.RemoveAction => $"take {edit.Subject} out of the actions of {statement}",
            EditKind.RemoveStatement => $"remove {statement}",
            EditKind.RemovePolicy => $"remove {policy}",
            EditKind.AddStatement => $"add to {policy} the statement {edit.Subject}",
            EditKind.AddPolicy => $"add the {edit.Place.Layer switch { PolicyLayer.Control => "control", PolicyLayer.Session => "session", PolicyLayer.Resource => "resource", _ => "identity" }} policy {edit.Subject}",
            _ => "",
        };
    }

    private static string Circumstance(SuggestedEdit edit) => edit.Subject.StartsWith("kms:tag/", StringComparison.OrdinalIgnoreCase)
        ? $"tag the key {TagOf(edit)} = {edit.Value}"
        : $"call with {edit.Subject} = {edit.Value}";

    private static string TagOf(SuggestedEdit edit) => edit.Subject[(edit.Subject.IndexOf('/', StringComparison.Ordinal) + 1)..];
}
