using System.Collections.Frozen;
using System.Text.Json;
using KmsGateway.Core.Contract;
using KmsGateway.Gateway.Forwarding;

namespace KmsGateway.Gateway.Pipeline;

/// <summary>What the core refused with, as an entry of the catalogue. Anything that is not one is a fault of the core.</summary>
internal static class CoreRefusal
{
    private static readonly FrozenDictionary<string, KmsError> ByCode = KmsErrors.All.ToFrozenDictionary(error => error.Code, StringComparer.Ordinal);

    /// <summary>Whether the decision has to be made again.</summary>
    public static bool IsStale(CoreAnswer answer) =>
        answer.Status == StatusCodes.Status409Conflict && answer.Body.Span.StartsWith("{\"Stale\""u8);

    public static KmsException Of(CoreAnswer answer)
    {
        var response = Parse(answer.Body);
        return response is not null && ByCode.TryGetValue(response.Code, out var error) && error.HttpStatus == answer.Status
            ? error.Because(response.Message, response.Parameter)
            : throw new CoreUnavailableException($"the core answered {answer.Status} with nothing that the error catalogue knows");
    }

    private static CoreErrorResponse? Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonSerializer.Deserialize<CoreErrorResponse>(body.Span, ContractJson.Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
