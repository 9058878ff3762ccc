using System.Diagnostics.Metrics;

namespace KmsGateway.Core.Http;

/// <summary>Counters of meter <c>KmsGateway.Core</c>: operations by action and outcome, refused tickets by reason,
/// leases of messages past half of a version's limit.</summary>
internal sealed class CoreMetrics : IDisposable
{
    public const string MeterName = "KmsGateway.Core";
    public const string Success = "Success";
    public const string Stale = "Stale";
    public const string Aborted = "Aborted";

    private readonly Meter meter = new(MeterName);
    private readonly Counter<long> operations;
    private readonly Counter<long> refusals;
    private readonly Counter<long> leasesPastHalf;

    public CoreMetrics()
    {
        operations = meter.CreateCounter<long>("kms.core.operations", "{operation}", "Operations by action and outcome");
        refusals = meter.CreateCounter<long>("kms.core.tickets.refused", "{ticket}", "Refused tickets by reason");
        leasesPastHalf = meter.CreateCounter<long>(
            "kms.core.messages.leases_past_half", "{lease}", "Leases of 65,536 messages taken by versions past half of their limit");
    }

    public void Operation(string action, string outcome)
    {
        if (operations.Enabled)
        {
            operations.Add(1, KeyValuePair.Create<string, object?>("action", action), KeyValuePair.Create<string, object?>("outcome", outcome));
        }
    }

    public void TicketRefused(string reason) => refusals.Add(1, KeyValuePair.Create<string, object?>("reason", reason));

    public void LeasePastHalf() => leasesPastHalf.Add(1);

    public void Dispose() => meter.Dispose();
}
