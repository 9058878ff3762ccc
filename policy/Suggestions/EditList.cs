using System.Collections.Immutable;
using KmsGateway.Policy.Conditions;
using KmsGateway.Policy.Documents;
using KmsGateway.Policy.Evaluation;

namespace KmsGateway.Policy.Suggestions;

/// <summary>Edits made so far and the state they lead to. Every edited document has gone through writer and parser.</summary>
internal sealed class EditList(WhatIf state)
{
    private readonly ImmutableArray<SuggestedEdit>.Builder edits = ImmutableArray.CreateBuilder<SuggestedEdit>();

    internal WhatIf State { get; private set; } = state;

    internal ImmutableArray<SuggestedEdit> ToImmutable() => edits.ToImmutable();

    internal Statement StatementAt(StatementReference place, int check) =>
        State.Layer(place, check)[place.Policy].Statements[place.Statement];

    /// <summary>Changes one statement; false when the document would no longer be valid.</summary>
    internal bool TryChange(SuggestedEdit edit, Func<Statement, Statement> change)
    {
        var document = State.Layer(edit.Place, edit.Check)[edit.Place.Policy];
        var statements = document.Statements.SetItem(edit.Place.Statement, change(document.Statements[edit.Place.Statement]));
        return TryReplace(edit, document.Kind, statements);
    }

    internal bool TryReplace(SuggestedEdit edit, PolicyKind kind, ImmutableArray<Statement> statements) =>
        PolicyParser.Parse(PolicyWriter.Write(statements), kind).Document is { } document
        && Note(edit, State.WithLayer(edit.Place, edit.Check, State.Layer(edit.Place, edit.Check).SetItem(edit.Place.Policy, document)));

    internal bool TryAddStatement(StatementReference place, int check, PolicyKind kind, string statement)
    {
        var documents = State.Layer(place, check);
        var last = documents.Length - 1;
        if (last >= 0 && PolicyParser.Parse(WithStatement(documents[last], statement), kind).Document is { } longer)
        {
            var at = place with { Policy = last, Statement = documents[last].Statements.Length };
            return Note(new SuggestedEdit(EditKind.AddStatement, at, statement, "", check), State.WithLayer(place, check, documents.SetItem(last, longer)));
        }

        // Why: a session, a key and a role have one policy each.
        var text = $"{{\"Version\":\"1\",\"Statement\":[{statement}]}}";
        var hasRoom = last < 0 || place.Layer is PolicyLayer.Identity or PolicyLayer.Control;
        return hasRoom
            && PolicyParser.Parse(text, kind).Document is { } more
            && Note(new SuggestedEdit(EditKind.AddPolicy, place with { Policy = last + 1, Statement = 0 }, text, "", check), State.WithLayer(place, check, documents.Add(more)));
    }

    internal bool RemovePolicy(StatementReference place, int check) =>
        Note(new SuggestedEdit(EditKind.RemovePolicy, place, "", "", check), State.WithLayer(place, check, State.Layer(place, check).RemoveAt(place.Policy)));

    internal bool SetContext(StatementReference place, ConditionKey key, string value, int check) =>
        Note(new SuggestedEdit(EditKind.SetContext, place, key.Text, value, check), State.WithContext(key, [value], check));

    internal bool RemoveContext(StatementReference place, ConditionKey key, int check) =>
        Note(new SuggestedEdit(EditKind.RemoveContext, place, key.Text, "", check), State.WithContext(key, [], check));

    private static string WithStatement(PolicyDocument document, string statement)
    {
        var text = PolicyWriter.Write(document);
        return $"{text[..^2]},{statement}]}}";
    }

    private bool Note(SuggestedEdit edit, WhatIf next)
    {
        edits.Add(edit);
        State = next;
        return true;
    }
}
