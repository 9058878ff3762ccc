using System.Buffers;
using System.Text;
using System.Text.Json;
using KmsGateway.Gateway.Authorization;
using KmsGateway.Gateway.Catalogue;
using KmsGateway.Gateway.Pipeline;
using KmsGateway.Gateway.Wire;

namespace KmsGateway.Gateway.Trail;

/// <summary>
/// The allow-list at work: parameters and answer members that the catalogue entry names are recorded, any other parameter by
/// name only. A request whose signature was refused records nothing of itself. Source: audit-and-service-keys.md A4.
/// </summary>
internal sealed class RecordedParameters(GatewayKeys keys)
{
    /// <summary>Parameters of the protocol: never recorded, not even by name.</summary>
    private static readonly HashSet<string> Protocol = new(StringComparer.Ordinal)
    {
        "Action", "Version", "Format", "AccessKeyId", "Signature", "SignatureMethod", "SignatureVersion", "SignatureNonce", "SignatureType",
        "Timestamp", "SecurityToken", "STSToken", "RegionId", "BearerToken",
    };

    /// <summary><c>requestParameters</c> and the same as one JSON string.</summary>
    public void WriteRequest(Utf8JsonWriter json, Call call)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var nested = new Utf8JsonWriter(buffer))
        {
            nested.WriteStartObject();
            nested.WriteString("AcsHost", call.Request?.Host);
            nested.WriteString("AcsProduct", call.Action?.Product.ToString());
            nested.WriteString("RequestId", call.RequestId);
            foreach (var (recorded, value) in Recorded(call))
            {
                Write(nested, recorded, value);
            }

            foreach (var (name, value) in call.Noted)
            {
                nested.WriteString(name, value);
            }

            nested.WriteEndObject();
        }

        json.WritePropertyName("requestParameters");
        json.WriteRawValue(buffer.WrittenSpan, skipInputValidation: true);
        json.WriteString("requestParameterJson", buffer.WrittenSpan);
    }

    /// <summary>Names of the parameters that were sent and not recorded.</summary>
    public static void WriteUnrecorded(Utf8JsonWriter json, Call call)
    {
        if (call.Action is not { } action)
        {
            return;
        }

        var names = Parameters(call).Select(parameter => parameter.Key)
            .Where(name => !Protocol.Contains(name) && action.RecordedParameters.All(recorded => !Covers(recorded, name)) && action.Parameter(BaseName(name)) is not null)
            .ToArray();
        if (names.Length == 0)
        {
            return;
        }

        json.WriteStartArray("unrecordedParameters");
        foreach (var name in names)
        {
            json.WriteStringValue(name);
        }

        json.WriteEndArray();
    }

    /// <summary><c>responseElements</c>: the members of the entry's list.</summary>
    public static void WriteResponse(Utf8JsonWriter json, Call call)
    {
        if (call.Refusal is not null || call.Answer.IsEmpty || call.Action!.RecordedResponse.IsEmpty)
        {
            json.WriteNull("responseElements");
            return;
        }

        using var answer = JsonDocument.Parse(call.Answer);
        json.WriteStartObject("responseElements");
        json.WriteString("RequestId", call.RequestId);
        foreach (var path in call.Action.RecordedResponse)
        {
            if (Find(answer.RootElement, path) is { } value)
            {
                json.WritePropertyName(path);
                value.WriteTo(json);
            }
        }

        json.WriteEndObject();
    }

    private static ParameterCollection Parameters(Call call) =>
        call.Authentication is not { IsProven: true } ? ParameterCollection.Empty : call.Request?.Parameters ?? ParameterCollection.Empty;

    private static IEnumerable<(RecordedParameter Recorded, KeyValuePair<string, string> Value)> Recorded(Call call) =>
        from parameter in Parameters(call)
        from recorded in call.Action?.RecordedParameters ?? []
        where Covers(recorded, parameter.Key)
        select (recorded, parameter);

    /// <summary><c>Tag.1.Key</c> belongs to <c>Tag</c>.</summary>
    private static bool Covers(RecordedParameter recorded, string name) =>
        name.StartsWith(recorded.Name, StringComparison.Ordinal) && (name.Length == recorded.Name.Length || name[recorded.Name.Length] == '.');

    private static string BaseName(string name) => name.Split('.', 2)[0];

    private void Write(Utf8JsonWriter json, RecordedParameter recorded, KeyValuePair<string, string> parameter)
    {
        if (!recorded.KeysOnly)
        {
            json.WriteString(parameter.Key, parameter.Value);
        }
        else if (parameter.Key.Length > recorded.Name.Length)
        {
            // EncryptionContext.1.Value: only the member that names a key is in clear
            var isName = parameter.Key.EndsWith(".Key", StringComparison.Ordinal);
            json.WriteString(parameter.Key, isName ? parameter.Value : keys.ContextHasher.Hash(parameter.Value));
        }
        else
        {
            WriteKeysOnly(json, parameter);
        }
    }

    private void WriteKeysOnly(Utf8JsonWriter json, KeyValuePair<string, string> parameter)
    {
        using var map = TryParse(parameter.Value);
        if (map is null)
        {
            json.WriteString(parameter.Key, keys.ContextHasher.Hash(parameter.Value));
            return;
        }

        json.WriteStartObject(parameter.Key);
        foreach (var member in map.RootElement.EnumerateObject())
        {
            json.WriteString(member.Name, keys.ContextHasher.Hash(member.Value.ToString()));
        }

        json.WriteEndObject();
    }

    private static JsonDocument? TryParse(string text)
    {
        try
        {
            var document = JsonDocument.Parse(text);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return document;
            }

            document.Dispose();
            return null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static JsonElement? Find(JsonElement element, string path)
    {
        foreach (var name in path.Split('.'))
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
            {
                return null;
            }
        }

        return element;
    }
}
