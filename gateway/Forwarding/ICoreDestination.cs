using System.Diagnostics.CodeAnalysis;

namespace KmsGateway.Gateway.Forwarding;

/// <summary>Where the core is: in this process, or behind an address.</summary>
internal interface ICoreDestination
{
    /// <summary>The next destination to try; false when none is healthy.</summary>
    bool TryChoose([NotNullWhen(true)] out string? prefix, [NotNullWhen(true)] out HttpMessageInvoker? client);
}

/// <summary>The core in the same process: the same pipeline and the same ticket check, without a socket.</summary>
internal sealed class EmbeddedDestination : ICoreDestination, IDisposable
{
    /// <summary>No host of that name exists, and none is asked for.</summary>
    private const string Prefix = "https://core.embedded/";

    private HttpMessageInvoker? client;

    /// <summary>Called once, when the core has started.</summary>
    public void Connect(HttpMessageHandler handler) => client = new HttpMessageInvoker(handler, disposeHandler: false);

    public bool TryChoose([NotNullWhen(true)] out string? prefix, [NotNullWhen(true)] out HttpMessageInvoker? client)
    {
        (prefix, client) = (Prefix, this.client);
        return client is not null;
    }

    public void Dispose() => client?.Dispose();
}
