using System.Text;
using System.Text.Json;
using KmsGateway.Gateway.Hosting;
using KmsGateway.Gateway.Trail;
using KmsGateway.Tests;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace KmsGateway.Gateway.Tests.Hosting;

/// <summary>A log line is one JSON object; an event of the trail is an object in it, not a text.</summary>
public sealed class JsonLineFormatterTests
{
    private readonly JsonLineFormatter formatter = new(new TestClock(DateTimeOffset.UnixEpoch));

    [Fact]
    public void Write_Message_IsOneLineWithTheException()
    {
        using var line = Write("line\nbreak", new InvalidOperationException("why"));

        Assert.Equal("1970-01-01T00:00:00.000Z", line.RootElement.GetProperty("Timestamp").GetString());
        Assert.Equal("Warning", line.RootElement.GetProperty("LogLevel").GetString());
        Assert.Equal("Test", line.RootElement.GetProperty("Category").GetString());
        Assert.Equal(7, line.RootElement.GetProperty("EventId").GetInt32());
        Assert.Equal("line\nbreak", line.RootElement.GetProperty("Message").GetString());
        Assert.Contains("why", line.RootElement.GetProperty("Exception").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_TrailEvent_IsAnObject()
    {
        IReadOnlyList<KeyValuePair<string, object?>> state = [new("Event", new LogTrail.Line("""{"eventName":"Encrypt"}"""u8.ToArray()))];

        using var line = Write(state, null);

        Assert.Equal("Encrypt", line.RootElement.GetProperty("Event").GetProperty("eventName").GetString());
        Assert.False(line.RootElement.TryGetProperty("Message", out _));
    }

    private JsonDocument Write<TState>(TState state, Exception? exception)
    {
        var text = new StringWriter();
        formatter.Write(new LogEntry<TState>(LogLevel.Warning, "Test", new EventId(7), state, exception, static (value, _) => value!.ToString()!), null, text);
        Assert.EndsWith("\n", text.ToString(), StringComparison.Ordinal);
        Assert.Equal(1, text.ToString().Count(character => character == '\n'));
        return JsonDocument.Parse(Encoding.UTF8.GetBytes(text.ToString()));
    }
}
