using System.Collections.Immutable;
using System.Diagnostics;
using System.Net;
using System.Text;
using KmsGateway.Gateway.Authentication;
using KmsGateway.Gateway.Authorization;
using KmsGateway.Gateway.Ram;
using KmsGateway.Gateway.Wire;
using KmsGateway.Policy.Evaluation;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace KmsGateway.Benchmarks.Scale;

/// <summary>Authenticate and authorize, as the pipeline does, without listener, core and trail: reading, signature, replay check, policies, decision.</summary>
internal sealed class ScaleMeasurement(ScaleStore store)
{
    private static readonly ConditionContext Apollo = new([new("kms:tag/Project", ["Apollo"])]);

    private readonly IPolicySource policies = store.Services.GetRequiredService<IPolicySource>();

    /// <summary>Signed requests of these access keys, in turn.</summary>
    public static byte[][] Sign(IReadOnlyList<int> keys, int count)
    {
        using var secret = ScaleStore.KeySecret();
        var requests = new byte[count][];
        for (var index = 0; index < count; index++)
        {
            var signer = new RequestSigner(ScaleStore.KeyId(keys[index % keys.Count]), secret, TimeProvider.System);
            requests[index] = Encoding.ASCII.GetBytes(RequestSigner.Encode(signer.SignRpc(
                "POST", "2016-01-20", "Encrypt", [KeyValuePair.Create("KeyId", "alias/apollo"), KeyValuePair.Create("Plaintext", "aGVsbG8=")])));
        }

        return requests;
    }

    /// <summary>Microseconds for each request, on one thread.</summary>
    public async Task<double> RunAsync(byte[][] requests)
    {
        var started = Stopwatch.GetTimestamp();
        foreach (var request in requests)
        {
            await DecideAsync(request);
        }

        return Stopwatch.GetElapsedTime(started).TotalMicroseconds / requests.Length;
    }

    private async Task DecideAsync(byte[] body)
    {
        var http = new DefaultHttpContext { RequestServices = store.Services };
        http.Request.Method = "POST";
        http.Request.Path = "/";
        http.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget = "/";
        http.Request.ContentType = "application/x-www-form-urlencoded";
        http.Request.ContentLength = body.Length;
        http.Request.Body = new MemoryStream(body);
        var request = await RpcRequestReader.ReadAsync(http.Request, CancellationToken.None);
        var outcome = await RequestAuthentication.AuthenticateAsync(http, request, CancellationToken.None);
        var principal = outcome.Principal ?? throw new InvalidOperationException(outcome.Error!.Message);
        var identity = await policies.GetAsync(principal.Identity, CancellationToken.None);
        var context = new RequestCircumstances(TimeProvider.System.GetUtcNow(), IsSecure: true, IPAddress.Loopback, IsMfaPresent: false).ToContext(principal.Identity, Apollo);
        var check = new PolicyCheck("kms:Encrypt", $"acs:kms:cn-hangzhou:{principal.Identity.AccountId}:key/1", context);
        if (!Authorizer.Decide(principal.Identity, principal.ToPolicyPrincipal(), identity, ImmutableArray.Create(check)).Decision.IsAllowed)
        {
            throw new InvalidOperationException("the user is allowed");
        }
    }
}
