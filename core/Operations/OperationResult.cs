using System.Text.Json;

namespace KmsGateway.Core.Operations;

/// <summary>An answer, ready to be written; whatever it holds is given up on dispose.</summary>
internal abstract class OperationResult : IDisposable
{
    /// <summary>An object without members.</summary>
    public static OperationResult Nothing { get; } = new Written(_ => { });

    /// <summary>Members written by <paramref name="write"/>, which holds no secrets.</summary>
    public static OperationResult Of(Action<Utf8JsonWriter> write) => new Written(write);

    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        WriteMembers(writer);
        writer.WriteEndObject();
    }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected abstract void WriteMembers(Utf8JsonWriter writer);

    protected virtual void Dispose(bool disposing)
    {
    }

    private sealed class Written(Action<Utf8JsonWriter> write) : OperationResult
    {
        protected override void WriteMembers(Utf8JsonWriter writer) => write(writer);
    }
}
