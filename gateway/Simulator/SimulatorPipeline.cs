using KmsGateway.Core.Contract;
using KmsGateway.Gateway.Pipeline;
using KmsGateway.Gateway.PolicyCommands;
using KmsGateway.Gateway.Rendering;
using KmsGateway.Gateway.Wire;

namespace KmsGateway.Gateway.Simulator;

/// <summary>
/// One request below <c>/policy/</c> door to door: the ACS3 signature over path, headers and body, the name it is signed for, the
/// limiter, the body, the endpoint. Trail and refusals are those of every request. Source: simulator.md 2.
/// </summary>
internal sealed class SimulatorPipeline(CallPipeline pipeline, SimulatorLimiter limiter)
{
    private const string BearerHeader = "x-acs-bearer-token";
    private const int MaxFaultLength = 400;

    public Task InvokeAsync(HttpContext http, SimulatorEndpoint endpoint)
    {
        SimulatorAnswer? answer = null;
        return pipeline.RunAsync(http, async call => answer = await AnswerAsync(call, endpoint), call => answer!.WriteAsync(call));
    }

    private async Task<SimulatorAnswer> AnswerAsync(Call call, SimulatorEndpoint endpoint)
    {
        if (!string.Equals(call.Http.Request.Path.Value, endpoint.Path, StringComparison.Ordinal))
        {
            // Why: routing takes any letter case and a slash at the end; a path has one spelling here (threats.md row 7).
            throw GatewayErrors.PathNotFound.With();
        }

        RefuseOtherCredentials(call.Http.Request.Headers);
        await pipeline.AuthenticateAsync(call);
        call.Action = endpoint.Action;
        RefuseOtherNames(call.Request!, endpoint);
        if (!limiter.TryTake(call.Authentication!.AccessKeyId!, out var wait))
        {
            throw Throttled(call, wait);
        }

        using var turn = await limiter.EnterAsync(call.Aborted) ?? throw Throttled(call, TimeSpan.FromSeconds(1));
        var answer = await AskAsync(call, endpoint);

        // Why: an empty answer is what metrics and trail take for a fault of the server; the body itself is written later.
        call.Answer = "{}"u8.ToArray();
        return answer;
    }

    private static async Task<SimulatorAnswer> AskAsync(Call call, SimulatorEndpoint endpoint)
    {
        try
        {
            var body = endpoint.Method == HttpMethods.Get ? "{}"u8.ToArray() : call.Request!.Body;
            var handler = (ISimulatorHandler)call.Http.RequestServices.GetRequiredService(endpoint.Handler);
            return await handler.AnswerAsync(new SimulatorRequest(call, SimulatorBody.Read(body)), call.Aborted);
        }
        catch (InputException fault)
        {
            var name = fault.Pointer.Length == 0 ? SimulatorBody.Name : fault.Pointer.Split('/')[1];
            throw KmsErrors.InvalidParameter.Because($"{KmsErrors.InvalidParameter.Render(Quotation.Of(name))} {Quotation.Of(fault.Message, MaxFaultLength)}", name);
        }
        catch (RefusedDocumentException refused)
        {
            call.Findings = FindingJson.Of(refused.Findings);
            throw GatewayErrors.MalformedPolicyDocument.Because(Quotation.Of(refused.Message, MaxFaultLength));
        }
    }

    /// <summary>Nothing but an ACS3 signature covers path and body; there is no issuer of bearer tokens for operators yet.</summary>
    private static void RefuseOtherCredentials(IHeaderDictionary headers)
    {
        if (headers.ContainsKey(BearerHeader) || headers.Authorization.Any(value => value?.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) == true))
        {
            throw GatewayErrors.InvalidBearerToken.Because("Bearer tokens are not accepted; sign the request with ACS3-HMAC-SHA256.");
        }

        if (!AcsAuthorization.IsPresent(headers))
        {
            throw GatewayErrors.Missing(WireNames.AccessKeyId).Because("AccessKeyId is mandatory for this action; sign the request with ACS3-HMAC-SHA256.");
        }
    }

    /// <summary>Why: path and name are two ways to say what is asked; a request in which they differ has two readings.</summary>
    private static void RefuseOtherNames(RpcRequest request, SimulatorEndpoint endpoint)
    {
        if (!string.Equals(request.Version, SimulatorEndpoints.Version, StringComparison.Ordinal))
        {
            throw GatewayErrors.InvalidVersion.Because($"Specified parameter Version is not valid; below /policy/ it is {SimulatorEndpoints.Version}.");
        }

        if (!string.Equals(request.Action, endpoint.Action.Name, StringComparison.Ordinal))
        {
            throw GatewayErrors.InvalidAction.Because($"Specified api is not found; the action of {endpoint.Path} is {endpoint.Action.Name}.");
        }
    }

    private static KmsException Throttled(Call call, TimeSpan wait)
    {
        call.RetryAfter = wait;
        return GatewayErrors.ThrottlingUser.With();
    }
}
