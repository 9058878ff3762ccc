using KmsGateway.Core.Contract;
using KmsGateway.Core.Crypto;
using KmsGateway.Core.Operations;
using KmsGateway.Core.Storage;
using KmsGateway.Core.Tickets;
using Microsoft.Data.Sqlite;

namespace KmsGateway.Core.Http;

/// <summary>The core's routes. Everything below <c>/internal</c> needs a ticket; health needs none.</summary>
internal sealed class CoreEndpoints(
    OperationCatalogue catalogue, OperationRunner runner, ResolveEndpoint resolve, IKeyStore store, CoreMetrics metrics, ILogger<CoreEndpoints> logger)
{
    private const string ResolveName = "resolve";
    private const string UnknownName = "unknown";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost(InternalRoutes.Resolve, context => AnswerAsync(
            context, ResolveName, (ticket, body) => ValueTask.FromResult(resolve.Answer(ticket, body.Root)))).RequireAuthorization();
        routes.MapPost(InternalRoutes.Actions + "/{action}", AnswerActionAsync).RequireAuthorization();
        routes.MapGet("/healthz/live", context => Answer(context, isGood: true)).AllowAnonymous();
        routes.MapGet("/healthz/ready", context => Answer(context, IsReady())).AllowAnonymous();
    }

    private Task AnswerActionAsync(HttpContext context)
    {
        var name = (string)context.Request.RouteValues["action"]!;
        var operation = catalogue.Find(name);
        return operation is null
            ? AnswerAsync(context, UnknownName, (_, _) => throw KmsErrors.UnsupportedOperation.With())
            : AnswerAsync(context, name, (ticket, body) => runner.RunAsync(operation, ticket, new OperationInput(body.Root)));
    }

    private async Task AnswerAsync(HttpContext context, string action, Func<Ticket, RequestBody, ValueTask<OperationResult>> run)
    {
        var outcome = CoreMetrics.Success;
        try
        {
            var ticket = ((TicketIdentity)context.User.Identity!).Ticket;
            using var body = await RequestBody.ReadAsync(context.Request, context.RequestAborted);
            using var result = await run(ticket, body);
            Answers.Write(context.Response, result);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            outcome = CoreMetrics.Aborted;
        }
        catch (Exception exception)
        {
            outcome = Refuse(context, action, exception);
        }

        metrics.Operation(action, outcome);
        Log.Answered(logger, RequestId(context), action, outcome);
    }

    /// <summary>The one boundary at which exceptions become answers.</summary>
    private string Refuse(HttpContext context, string action, Exception exception)
    {
        if (exception is StaleTicketException stale)
        {
            Answers.Write(context.Response, stale);
            return CoreMetrics.Stale;
        }

        var refusal = RefusalOf(context, action, exception);
        Answers.Write(context.Response, refusal);
        return refusal.Error.Code;
    }

    private KmsException RefusalOf(HttpContext context, string action, Exception exception)
    {
        switch (exception)
        {
            case KmsException known:
                return known;
            case TicketMismatchException mismatch:
                metrics.TicketRefused("Mismatch");
                Log.TicketRefused(logger, RequestId(context), mismatch.Message);
                return KmsErrors.NoPermission.Because("This operation is forbidden by permission system.");
            case BadHttpRequestException:
                return KmsErrors.InvalidParameter.With("body");
            case SqliteException or IOException:
                Log.StoreFailed(logger, exception, RequestId(context), action);
                return KmsErrors.ServiceUnavailableTemporary.With();
            case SealedRecordException:
                Log.SealBroken(logger, exception, RequestId(context), action);
                return KmsErrors.InternalFailure.With();
            default:
                Log.Failed(logger, exception, RequestId(context), action);
                return KmsErrors.InternalFailure.With();
        }
    }

    private bool IsReady()
    {
        try
        {
            store.Probe();
            return true;
        }
        catch (Exception exception) when (exception is SqliteException or IOException)
        {
            Log.NotReady(logger, exception);
            return false;
        }
    }

    private static Task Answer(HttpContext context, bool isGood)
    {
        Answers.Write(context.Response, isGood ? 200 : 503, writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("status", isGood ? "ok" : "unavailable");
            writer.WriteEndObject();
        });
        return Task.CompletedTask;
    }

    internal static string RequestId(HttpContext context)
    {
        const int longest = 64;
        var id = context.Request.Headers[InternalRoutes.RequestIdHeader].ToString();
        return id.Length is > 0 and <= longest && id.All(character => char.IsAsciiLetterOrDigit(character) || character == '-') ? id : "-";
    }
}
