using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using KmsGateway.Gateway.Trail;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace KmsGateway.Gateway.Hosting;

/// <summary>
/// One JSON object a line: <c>Timestamp, EventId, LogLevel, Category, Message, Exception</c>; for trail events <c>Event</c>, the event
/// itself as an object, in place of a message. Why not the framework's: it writes every message twice, once as state.
/// </summary>
internal sealed class JsonLineFormatter(TimeProvider clock) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "kmsgateway-json";

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? buffer;

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var bytes = EmptyBuffer();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("Timestamp", clock.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
            json.WriteNumber("EventId", logEntry.EventId.Id);
            json.WriteString("LogLevel", logEntry.LogLevel.ToString());
            json.WriteString("Category", logEntry.Category);
            if (logEntry.State is IReadOnlyList<KeyValuePair<string, object?>> and [{ Value: LogTrail.Line line }, ..])
            {
                json.WritePropertyName("Event");
                json.WriteRawValue(line.Utf8.Span, skipInputValidation: true);
            }
            else
            {
                json.WriteString("Message", logEntry.Formatter(logEntry.State, logEntry.Exception));
            }

            if (logEntry.Exception is { } exception)
            {
                json.WriteString("Exception", exception.ToString());
            }

            json.WriteEndObject();
        }

        textWriter.Write(Encoding.UTF8.GetString(bytes.WrittenSpan));
        textWriter.Write('\n');
    }

    private static ArrayBufferWriter<byte> EmptyBuffer()
    {
        buffer ??= new ArrayBufferWriter<byte>(4096);
        buffer.ResetWrittenCount();
        return buffer;
    }
}
