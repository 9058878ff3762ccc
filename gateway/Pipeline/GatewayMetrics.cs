using System.Diagnostics.Metrics;

namespace KmsGateway.Gateway.Pipeline;

/// <summary>Requests by action and outcome, and how long they took; names of actions and codes only, so the label set is bounded.</summary>
internal sealed class GatewayMetrics
{
    private readonly Counter<long> requests;
    private readonly Histogram<double> duration;

    public GatewayMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("KmsGateway.Gateway");
        requests = meter.CreateCounter<long>("kmsgateway.requests", description: "Requests by action and outcome.");
        duration = meter.CreateHistogram<double>("kmsgateway.request.duration", "s", "Time from receipt to answer.");
    }

    public void Count(Call call, TimeSpan elapsed)
    {
        var action = new KeyValuePair<string, object?>("action", call.Action?.Name ?? "none");
        requests.Add(1, action, new("outcome", Outcome(call)));
        duration.Record(elapsed.TotalSeconds, action);
    }

    private static string Outcome(Call call)
    {
        if (call.Refusal is { } refusal)
        {
            return refusal.Error.Code;
        }

        return call.Answer.IsEmpty ? Refusals.InternalCode(call.Action) : "OK";
    }
}
