using System.Collections.Immutable;
using System.Text.Json.Nodes;
using KmsGateway.Core.Contract;
using KmsGateway.Gateway.Authentication;
using KmsGateway.Gateway.Authorization;
using KmsGateway.Gateway.Catalogue;
using KmsGateway.Gateway.Rendering;
using KmsGateway.Gateway.Resolution;
using KmsGateway.Gateway.Wire;

namespace KmsGateway.Gateway.Pipeline;

/// <summary>One request on its way: each step reads what earlier ones left and sets one thing.</summary>
internal sealed class Call(HttpContext http, string requestId, DateTimeOffset receivedAt)
{
    public HttpContext Http => http;

    public string RequestId => requestId;

    public DateTimeOffset ReceivedAt => receivedAt;

    public CancellationToken Aborted => http.RequestAborted;

    /// <summary>Set first: when, from where, over what.</summary>
    public RequestCircumstances? Circumstances { get; set; }

    /// <summary>Set by the wire step.</summary>
    public RpcRequest? Request { get; set; }

    /// <summary>Set by authentication, whatever it came to.</summary>
    public AuthenticationOutcome? Authentication { get; set; }

    /// <summary>Set by the catalogue step.</summary>
    public ActionDescriptor? Action { get; set; }

    /// <summary>Set for KMS calls by resolution; the last round's.</summary>
    public CallResolution? Resolution { get; set; }

    /// <summary>Set by authorization; the last round's.</summary>
    public Judgement? Judgement { get; set; }

    /// <summary>Set by validation.</summary>
    public ActionParameters? Parameters { get; set; }

    /// <summary>Set for denied calls.</summary>
    public AccessDeniedDetail? Denial { get; set; }

    /// <summary>The members of the answer, UTF-8 JSON without RequestId.</summary>
    public ReadOnlyMemory<byte> Answer { get; set; }

    /// <summary>What is wrong with the documents of a refused request.</summary>
    public JsonArray? Findings { get; set; }

    /// <summary>How long a throttled caller waits.</summary>
    public TimeSpan? RetryAfter { get; set; }

    /// <summary>What the trail keeps of a request whose parameters are in a JSON body: names and outcomes, no documents.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Noted { get; set; } = [];

    /// <summary>What the caller is refused with; null for answers, and for faults that are not explained.</summary>
    public KmsException? Refusal { get; set; }

    /// <summary>Set when the trail has accepted the events of this call.</summary>
    public bool IsRecorded { get; set; }

    /// <summary>Who asks, once it is proven.</summary>
    public Identity Caller => (Authentication?.Principal ?? throw new InvalidOperationException("nobody is proven yet")).Identity;

    public ResponseContext ToResponseContext() => Request is null
        ? ResponseContext.ForUnread(http, requestId)
        : ResponseContext.For(http, requestId, Request) with { Version = Action?.Version };
}
