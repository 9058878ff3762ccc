using System.Buffers;
using System.Collections.Frozen;
using System.Text.Json;
using KmsGateway.Core.Contract;
using KmsGateway.Core.Hosting;
using KmsGateway.Gateway.Authentication;
using KmsGateway.Gateway.Catalogue;
using KmsGateway.Gateway.Forwarding;
using KmsGateway.Gateway.Hosting;
using KmsGateway.Gateway.Pipeline;
using KmsGateway.Gateway.Rendering;
using KmsGateway.Gateway.Resolution;
using KmsGateway.Gateway.Seed.Reading;
using KmsGateway.Gateway.Wire;

namespace KmsGateway.Gateway.Seed;

/// <summary>
/// The API calls a seed is made of: the catalogue's parameter checks, the handlers of RAM with their quotas, the core's own
/// operations under tickets. Only who asks is settled before: the operator, for the account. Faults name the place in the file.
/// </summary>
internal sealed class SeedCalls(IEnumerable<IActionHandler> handlers, CoreClient core, ReferenceResolver resolver, GatewayOptions options)
{
    private const int MaxRounds = 3;

    /// <summary>A decision is what a ticket's reuse hangs on, and here is none.</summary>
    private const long NoVersion = 0;

    private readonly FrozenDictionary<(string Version, string Action), IActionHandler> handlers =
        handlers.ToFrozenDictionary(handler => (handler.Version, handler.Action));

    /// <summary>A RAM call whose parameters are judged now and which is made later.</summary>
    public Func<CancellationToken, Task> Ram(SeedNode place, string account, string action, IReadOnlyDictionary<string, string> parameters, GivenValues? given = null)
    {
        var descriptor = ActionCatalogue.Find(ActionCatalogue.RamVersion, action)!;
        var validated = Guarded(place, action, () => ParameterValidator.Validate(descriptor, Collection(parameters)));
        var caller = new Identity(PrincipalKind.Root, account, account, "root");
        var handler = handlers[(descriptor.Version, action)];
        return cancellationToken => GuardedAsync(
            place, action, () => handler.HandleAsync(new GatewayActionCall(caller, validated) { Given = given }, cancellationToken));
    }

    /// <summary>A KMS call, likewise; <paramref name="keyId"/> is the id of a key that is to be made.</summary>
    public Func<CancellationToken, Task<JsonElement>> Kms(
        SeedNode place, string account, string action, IReadOnlyDictionary<string, string> parameters, string? keyId = null)
    {
        var descriptor = ActionCatalogue.Find(ActionCatalogue.KmsVersion, action)!;
        var collection = Collection(parameters);
        var validated = Guarded(place, action, () => ParameterValidator.Validate(descriptor, collection));
        var body = Body(validated, keyId);
        return cancellationToken => GuardedAsync(place, action, () => PerformAsync(descriptor, account, collection, body, cancellationToken));
    }

    /// <summary>What a reference leads to; null when nothing.</summary>
    public async Task<KeyDescriptor?> FindAsync(ReferenceKind kind, string account, string text, CancellationToken cancellationToken) =>
        (await core.ResolveAsync(account, [new ReferenceQuestion(kind, account, options.Region, text)], RequestId.New(), cancellationToken))[0].Descriptor;

    private async Task<JsonElement> PerformAsync(
        ActionDescriptor action, string account, ParameterCollection parameters, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var requestId = RequestId.New();
        var references = KmsReferences.Read(action, parameters, account, options.Region);
        for (var round = 0; round < MaxRounds; round++)
        {
            var resolution = await resolver.ResolveAsync(references, account, caller: null, isFresh: true, requestId, cancellationToken);
            if (resolution.Checks.Pending is { } pending)
            {
                throw ParameterErrors.Of(pending);
            }

            var ticket = new Ticket(account, Ticket.ServiceSubject(account, Ticket.SeedProduct), action.Name, resolution.TicketResources());
            var answer = await core.PerformAsync(ticket, NoVersion, body, requestId, cancellationToken);
            if (answer.IsSuccess)
            {
                using var document = JsonDocument.Parse(answer.Body);
                return document.RootElement.Clone();
            }

            if (!CoreRefusal.IsStale(answer))
            {
                throw CoreRefusal.Of(answer);
            }
        }

        throw GatewayErrors.ServiceUnavailable.With();
    }

    private static ReadOnlyMemory<byte> Body(ActionParameters parameters, string? keyId)
    {
        var body = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(body))
        {
            parameters.WriteTo(writer);
        }

        if (keyId is null)
        {
            return body.WrittenMemory;
        }

        var members = System.Text.Json.Nodes.JsonNode.Parse(body.WrittenSpan)!.AsObject();
        members["KeyId"] = keyId;
        return JsonSerializer.SerializeToUtf8Bytes(members);
    }

    private static ParameterCollection Collection(IReadOnlyDictionary<string, string> parameters) =>
        new([.. parameters.OrderBy(pair => pair.Key, StringComparer.Ordinal)]);

    private static T Guarded<T>(SeedNode place, string action, Func<T> call)
    {
        try
        {
            return call();
        }
        catch (KmsException exception)
        {
            throw Fault(place, action, exception);
        }
    }

    private static async Task<T> GuardedAsync<T>(SeedNode place, string action, Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (KmsException exception) when (exception.Error.HttpStatus < StatusCodes.Status500InternalServerError)
        {
            throw Fault(place, action, exception);
        }
    }

    private static StartupException Fault(SeedNode place, string action, KmsException exception) =>
        place.Fault($"{action} refuses it: {exception.Error.Code}: {exception.Message}");
}
