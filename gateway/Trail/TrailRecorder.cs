using KmsGateway.Gateway.Hosting;
using KmsGateway.Gateway.Hosting.Http;
using KmsGateway.Gateway.Pipeline;

namespace KmsGateway.Gateway.Trail;

/// <summary>
/// Which requests become events. Source: audit-and-service-keys.md A1: every call of a known caller on an audited action,
/// allowed or denied; a refused signature of an existing access key, a bounded number of times per source address; nothing
/// for strangers. A call that saw the key of another account is an event of that account as well.
/// </summary>
internal sealed class TrailRecorder(ITrail trail, TrailEventWriter writer, GatewayOptions options)
{
    /// <summary>Events that refused proofs of one address may make in a minute: strangers must not fill the trail.</summary>
    private const int RefusedPerMinute = 60;

    private readonly AddressLimit refused = new(RefusedPerMinute);

    public async ValueTask RecordAsync(Call call)
    {
        // Why once: what fails after an event was accepted must not make another event of the same id that says otherwise.
        if (call.IsRecorded || !IsToBeRecorded(call))
        {
            return;
        }

        TrailEvent[] events =
        [
            writer.Write(call, options.Region),
            .. (call.Resolution?.OwnersBut(call.Caller.AccountId) ?? []).Select(owner => TrailEventWriter.WriteForOwner(call, options.Region, owner)),
        ];
        await trail.AppendAsync(events, CancellationToken.None);
        call.IsRecorded = true;
    }

    private bool IsToBeRecorded(Call call)
    {
        if (call.Authentication?.Principal is not null)
        {
            return call.Action?.IsAudited ?? true;
        }

        return call.Authentication is { KeyOwner: not null } && (call.Refusal is null || refused.TryCount(call.Circumstances!.SourceIp, call.ReceivedAt));
    }
}
