using System.Text.Json;
using KmsGateway.Core.Contract;
using KmsGateway.Core.Keys;
using KmsGateway.Core.Operations;
using KmsGateway.Core.Storage;

namespace KmsGateway.Core.Http;

/// <summary>
/// <c>POST /internal/v1/resolve</c>: what the gateway may know before it decides. A look-up ticket is bound to an account;
/// what is unknown, foreign or in another region is the same answer. A question that says so may lead to a key of another account
/// that has a policy which speaks of the asking one, and to nothing else that is foreign. Sources: decisions.md D1, ram-policy.md R-EVAL-9.
/// </summary>
internal sealed class ResolveEndpoint(IKeyStore store, CoreIdentity identity, TimeProvider clock)
{
    private const int MostQuestions = 100;

    private static readonly ReferenceAnswer NotFound = new((KeyDescriptor?)null);

    public OperationResult Answer(Ticket ticket, JsonElement body)
    {
        if (ticket.Action != Ticket.ResolveAction)
        {
            throw new TicketMismatchException("the action differs");
        }

        if (ticket.Resources.Count > 0)
        {
            throw new TicketMismatchException("a look-up ticket names no resources");
        }

        var questions = Read(body);
        if (questions.Any(question => question.Account != ticket.Account && question is not { Kind: ReferenceKind.Key, MayBeShared: true }))
        {
            throw new TicketMismatchException("a question is about another account");
        }

        var resolver = new ReferenceResolver(store, ticket.Account, identity.Region, clock.GetUtcNow());
        var answers = questions.Select(question => Answer(question, resolver)).ToArray();
        return OperationResult.Of(writer =>
        {
            writer.WritePropertyName("items");
            JsonSerializer.Serialize(writer, answers, ContractJson.Options);
        });
    }

    private static IReadOnlyList<ReferenceQuestion> Read(JsonElement body)
    {
        try
        {
            var request = body.Deserialize<ResolveRequest>(ContractJson.Options);
            return request is { Items.Count: <= MostQuestions } && request.Items.All(IsWhole)
                ? request.Items
                : throw OperationInput.Invalid("Items");
        }
        catch (JsonException)
        {
            throw OperationInput.Invalid("Items");
        }
    }

    private static bool IsWhole(ReferenceQuestion? question) =>
        question is { Kind: not ReferenceKind.None, Account: not null, Region: not null, Text: not null };

    private ReferenceAnswer Answer(ReferenceQuestion question, ReferenceResolver resolver)
    {
        if (question.Region != identity.Region)
        {
            return NotFound;
        }

        return new ReferenceAnswer((question.Kind, question.MayBeShared) switch
        {
            (ReferenceKind.Key, false) => resolver.FindKey(question.Text)?.Descriptor,
            (ReferenceKind.Key, true) => resolver.FindShared(question.Account, question.Text)?.Descriptor,
            (ReferenceKind.CiphertextHead, false) => resolver.FindKeyOfVersion(question.Text)?.Descriptor,
            (ReferenceKind.CiphertextHead, true) => resolver.FindSharedOfVersion(question.Text)?.Descriptor,
            (ReferenceKind.Alias, _) => Alias(resolver, question.Text),
            _ => null,
        });
    }

    private static KeyDescriptor? Alias(ReferenceResolver resolver, string name) =>
        AliasNames.AreValid(name) && resolver.FindAlias(name) is ({ } alias, { } key) ? key.DescriptorThrough(alias) : null;
}
