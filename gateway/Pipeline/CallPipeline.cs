using KmsGateway.Core.Contract;
using KmsGateway.Gateway.Authentication;
using KmsGateway.Gateway.Authorization;
using KmsGateway.Gateway.Catalogue;
using KmsGateway.Gateway.Hosting.Http;
using KmsGateway.Gateway.Ram;
using KmsGateway.Gateway.Rendering;
using KmsGateway.Gateway.Sts.Oidc;
using KmsGateway.Gateway.Trail;
using KmsGateway.Gateway.Wire;

namespace KmsGateway.Gateway.Pipeline;

/// <summary>One request door to door, in the order of architecture.md: the only place that knows the order.</summary>
internal sealed class CallPipeline(
    KmsCallRunner kms,
    LocalCallRunner local,
    FederatedCallRunner federated,
    TrailRecorder trail,
    ErrorWriter errors,
    ForwardedAddress addresses,
    GatewayMetrics metrics,
    AccessKeyUsage usage,
    TimeProvider clock)
{
    public Task InvokeAsync(HttpContext http) =>
        RunAsync(http, AnswerAsync, static call => ResponseWriter.WriteAsync(call.ToResponseContext(), call.Answer, call.Aborted));

    /// <summary>
    /// What every request goes through, whatever answers it: answer, trail, then the write; a refusal is recorded like an answer.
    /// <paramref name="answer"/> sets <see cref="Call.Answer"/> and calls <see cref="AuthenticateAsync"/> first.
    /// </summary>
    public async Task RunAsync(HttpContext http, Func<Call, Task> answer, Func<Call, Task> write)
    {
        var call = new Call(http, RequestId.New(), clock.GetUtcNow());
        var started = clock.GetTimestamp();
        Exception? fault = null;
        try
        {
            await answer(call);
            await trail.RecordAsync(call);
            await write(call);
        }
        catch (Exception exception) when (!http.Response.HasStarted && !call.Aborted.IsCancellationRequested)
        {
            fault = exception;
        }

        if (fault is not null)
        {
            await RefuseAsync(call, fault);
        }

        metrics.Count(call, clock.GetElapsedTime(started));
    }

    /// <summary>Reads the request and proves who sent it; whoever is not proven is refused.</summary>
    public async Task AuthenticateAsync(Call call) => await ProveAsync(call, isProofLeftToTheAction: static _ => false);

    private async Task ProveAsync(Call call, Func<Call, bool> isProofLeftToTheAction)
    {
        call.Circumstances = ReadCircumstances(call);
        call.Request = await RpcRequestReader.ReadAsync(call.Http.Request, call.Aborted);
        var outcome = await RequestAuthentication.AuthenticateAsync(call.Http, call.Request, call.Aborted);
        call.Authentication = outcome;
        if (!outcome.IsAuthenticated && !isProofLeftToTheAction(call))
        {
            throw outcome.Error;
        }

        call.Circumstances = call.Circumstances with { IsMfaPresent = outcome.Principal?.IsMfaPresent ?? false };
        call.Request.RefuseCaseVariants();
    }

    private async Task AnswerAsync(Call call)
    {
        await ProveAsync(call, IsUnsignedCall);
        call.Action = FindAction(call.Request!);
        if (call.Authentication!.Principal is { } principal)
        {
            usage.Note(principal.AccessKeyId, call.Action.Product.ToString(), call.ReceivedAt);
        }

        call.Answer = await RunAsync(call);
    }

    private Task<ReadOnlyMemory<byte>> RunAsync(Call call)
    {
        if (call.Action!.IsUnsigned)
        {
            return federated.RunAsync(call);
        }

        return call.Action.Product == Product.Kms ? kms.RunAsync(call) : local.RunAsync(call);
    }

    /// <summary>Nothing was signed, and the action that is named brings its own proof; any other fault of authentication stays one.</summary>
    private static bool IsUnsignedCall(Call call) =>
        call.Authentication!.IsUnsigned
        && call.Request is { Version: { } version, Action: { } action }
        && ActionCatalogue.Find(version, action) is { IsUnsigned: true };

    private RequestCircumstances ReadCircumstances(Call call) => addresses.TryResolve(call.Http, out var client)
        ? new RequestCircumstances(call.ReceivedAt, client.IsSecure, client.SourceIp, IsMfaPresent: false)
        : throw GatewayErrors.UndecodableRequest.With();

    /// <summary>Step 12 of signing.md 6: the version, then the action.</summary>
    private static ActionDescriptor FindAction(RpcRequest request)
    {
        if (request.Version is not { } version || !ActionCatalogue.Versions.Contains(version))
        {
            throw GatewayErrors.InvalidVersion.With();
        }

        return ActionCatalogue.Find(version, request.Action!) ?? throw GatewayErrors.InvalidAction.With();
    }

    /// <summary>A refusal is recorded like an answer; one that cannot be recorded becomes 503, and a fault of the server stays one.</summary>
    private async Task RefuseAsync(Call call, Exception fault)
    {
        call.Refusal = Refusals.ToRefusal(call, fault);
        try
        {
            await trail.RecordAsync(call);
        }
        catch (Exception exception) when (!call.Aborted.IsCancellationRequested)
        {
            fault = exception;
            call.Refusal = Refusals.ToRefusal(call, exception);
        }

        // Why the fault where there is no refusal: the writer logs what it conceals.
        await errors.WriteAsync(call.ToResponseContext(), (Exception?)call.Refusal ?? fault, call.Aborted, call.Denial?.ToJson(), call.RetryAfter, call.Findings);
    }
}
