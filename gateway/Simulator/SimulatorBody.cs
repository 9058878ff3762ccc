using System.Text.Json;
using System.Text.Unicode;
using KmsGateway.Gateway.PolicyCommands;

namespace KmsGateway.Gateway.Simulator;

/// <summary>The JSON body of a request: one strict object of well-formed text.</summary>
internal static class SimulatorBody
{
    public const string Name = "body";

    private static readonly InputNode Whole = new(Name, "", default);

    /// <exception cref="InputException">No JSON object, or text that is not well formed.</exception>
    public static InputNode Read(ReadOnlyMemory<byte> utf8)
    {
        if (!Utf8.IsValid(utf8.Span))
        {
            throw Whole.Fault("is not UTF-8.");
        }

        try
        {
            using var document = JsonDocument.Parse(utf8);
            RefuseLoneSurrogates(utf8.Span);
            var root = Whole with { Element = document.RootElement.Clone() };
            return root.Element.ValueKind == JsonValueKind.Object ? root : throw root.Fault("must be an object.");
        }
        catch (JsonException exception)
        {
            throw Whole.Fault($"is no strict JSON, line {(exception.LineNumber ?? 0) + 1}, byte {(exception.BytePositionInLine ?? 0) + 1}.");
        }
    }

    /// <summary>Why here: the framework's reader lets them pass and throws when such a name or text is looked at.</summary>
    private static void RefuseLoneSurrogates(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8);
        while (reader.Read())
        {
            if (reader.TokenType is not (JsonTokenType.PropertyName or JsonTokenType.String) || !reader.ValueIsEscaped)
            {
                continue;
            }

            try
            {
                _ = reader.GetString();
            }
            catch (InvalidOperationException)
            {
                throw Whole.Fault($"holds half of a surrogate pair at byte {reader.TokenStartIndex}.");
            }
        }
    }
}
