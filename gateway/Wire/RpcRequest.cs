using KmsGateway.Core.Contract;
using KmsGateway.Gateway.Rendering;

namespace KmsGateway.Gateway.Wire;

/// <summary>
/// One request as it arrived: read once, decoded strictly, never parsed again. Only <see cref="RpcRequestReader"/> makes one.
/// Source: signing.md 2.2, 3.3.
/// </summary>
internal sealed class RpcRequest
{
    /// <summary><c>GET</c> or <c>POST</c>.</summary>
    public required string Method { get; init; }

    /// <summary>Path as sent, undecoded; <c>/</c> for the API.</summary>
    public required string Path { get; init; }

    /// <summary>The Host header as sent, port included.</summary>
    public required string Host { get; init; }

    /// <summary>Header values as sent.</summary>
    public required IHeaderDictionary Headers { get; init; }

    /// <summary>Query and form together.</summary>
    public required ParameterCollection Parameters { get; init; }

    /// <summary>The query alone: what an ACS3 signature covers beside the body's hash.</summary>
    public required ParameterCollection Query { get; init; }

    /// <summary>The body as received, de-chunked.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>A body that is not a form: covered by an ACS3 signature, not by signature 1.0.</summary>
    public required bool HasOpaqueBody { get; init; }

    /// <summary>What the answer is written in; JSON when the request asked for something unknown.</summary>
    public required ResponseFormat Format { get; init; }

    /// <summary>False for a <c>Format</c> other than JSON and XML; refused at its place in the order of checks.</summary>
    public required bool IsFormatKnown { get; init; }

    /// <summary>The operation, null when it is not named.</summary>
    public required string? Action { get; init; }

    /// <summary>The API version, null when it is not named.</summary>
    public required string? Version { get; init; }

    /// <summary>Where <see cref="Action"/> and <see cref="Version"/> come from.</summary>
    public required SelectionSource SelectedBy { get; init; }

    /// <summary>
    /// Refuses names that differ from another only in letter case (decisions.md D9). The pipeline calls it right after
    /// authentication: the official vectors hold such requests and want their signatures verified.
    /// </summary>
    public void RefuseCaseVariants()
    {
        if (Parameters.FindCaseVariant() is { } name)
        {
            throw GatewayErrors.DuplicateParameter.With(Quotation.Of(name));
        }
    }

    /// <summary>The refusal of an unknown <c>Format</c>, or null.</summary>
    public KmsException? FormatFault() => IsFormatKnown ? null : GatewayErrors.InvalidFormat.With();
}
