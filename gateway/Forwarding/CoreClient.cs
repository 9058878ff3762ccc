using System.Text.Json;
using KmsGateway.Core.Contract;

namespace KmsGateway.Gateway.Forwarding;

/// <summary>What the gateway asks the core on its own account: look-ups, and its own service key. Source: decisions.md D1, D4.</summary>
internal sealed class CoreClient(CoreTransport transport, TicketMinter minter)
{
    /// <summary>The product that the gateway is to its core.</summary>
    public const string Product = "ram";

    /// <summary>A look-up changes nothing and belongs to no identity version.</summary>
    private const long NoVersion = 0;

    private static readonly JsonSerializerOptions Json = ContractJson.Options;

    /// <summary>Looks references up, in order.</summary>
    /// <exception cref="CoreUnavailableException">No answer, or not one for every question.</exception>
    public async ValueTask<IReadOnlyList<ReferenceAnswer>> ResolveAsync(
        string account, IReadOnlyList<ReferenceQuestion> questions, string requestId, CancellationToken cancellationToken)
    {
        var ticket = new Ticket(account, Ticket.ServiceSubject(account, Product), Ticket.ResolveAction, []);
        var body = JsonSerializer.SerializeToUtf8Bytes(new ResolveRequest(questions), Json);
        var answer = await transport.SendAsync(InternalRoutes.Resolve, body, minter.Mint(ticket, NoVersion), requestId, cancellationToken);
        var response = answer.IsSuccess ? JsonSerializer.Deserialize<ResolveResponse>(answer.Body.Span, Json) : null;
        return response?.Items.Count == questions.Count
            ? response.Items
            : throw new CoreUnavailableException($"the core refused a look-up with {answer.Status}");
    }

    /// <summary>Performs an authorized action.</summary>
    public ValueTask<CoreAnswer> PerformAsync(
        Ticket ticket, long identityVersion, ReadOnlyMemory<byte> parameters, string requestId, CancellationToken cancellationToken) =>
        transport.SendAsync(
            $"{InternalRoutes.Actions}/{ticket.Action}", parameters, minter.Mint(ticket, identityVersion), requestId, cancellationToken);

    /// <summary>The key <c>alias/acs/ram</c> of an account; made when absent.</summary>
    public async Task<TicketResource> EnsureServiceKeyAsync(string account, string requestId, CancellationToken cancellationToken)
    {
        var subject = Ticket.ServiceSubject(account, Product);
        var ticket = new Ticket(account, subject, Ticket.EnsureServiceKeyAction, []);
        var answer = await transport.SendAsync(
            $"{InternalRoutes.Actions}/{InternalRoutes.EnsureServiceKey}",
            JsonSerializer.SerializeToUtf8Bytes(new { Product }),
            minter.Mint(ticket, NoVersion), requestId, cancellationToken);
        using var document = Parse(answer, InternalRoutes.EnsureServiceKey);
        return new TicketResource(
            document.RootElement.GetProperty("KeyArn").GetString()!, document.RootElement.GetProperty("MetadataVersion").GetInt64(), 0);
    }

    /// <summary>One cryptographic call of the gateway on its own service key.</summary>
    public async Task<JsonDocument> UseServiceKeyAsync(
        string account, TicketResource key, string action, object parameters, string requestId, CancellationToken cancellationToken)
    {
        var ticket = new Ticket(account, Ticket.ServiceSubject(account, Product), action, [key]);
        var answer = await PerformAsync(
            ticket, NoVersion, JsonSerializer.SerializeToUtf8Bytes(parameters), requestId, cancellationToken);
        return Parse(answer, action);
    }

    private static JsonDocument Parse(CoreAnswer answer, string action) => answer.IsSuccess
        ? JsonDocument.Parse(answer.Body)
        : throw new CoreUnavailableException($"the core refused {action} for the service key with {answer.Status}");
}
