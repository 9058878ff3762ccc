using System.Diagnostics.CodeAnalysis;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.LoadBalancing;

namespace KmsGateway.Gateway.Forwarding;

/// <summary>The core as a YARP cluster: active health checks on <c>/healthz/ready</c>, only destinations that are not known to be ill.</summary>
internal sealed class CoreCluster(IProxyStateLookup state) : ICoreDestination
{
    private const string ClusterId = "core";
    private int next;

    /// <summary>The configuration for YARP. <c>HealthyAndUnknown</c>: with every destination ill the answer is 503, not a try.</summary>
    public static ClusterConfig Configuration(Uri address) => new()
    {
        ClusterId = ClusterId,
        LoadBalancingPolicy = LoadBalancingPolicies.RoundRobin,
        HealthCheck = new HealthCheckConfig
        {
            AvailableDestinationsPolicy = "HealthyAndUnknown",
            Active = new ActiveHealthCheckConfig
            {
                Enabled = true,
                Interval = TimeSpan.FromSeconds(2),
                Timeout = TimeSpan.FromSeconds(2),
                Policy = "ConsecutiveFailures",
                Path = "/healthz/ready",
            },
        },
        Destinations = new Dictionary<string, DestinationConfig>(StringComparer.Ordinal)
        {
            ["core-0"] = new() { Address = address.ToString() },
        },
    };

    public bool TryChoose([NotNullWhen(true)] out string? prefix, [NotNullWhen(true)] out HttpMessageInvoker? client)
    {
        prefix = null;
        client = null;
        if (!state.TryGetCluster(ClusterId, out var cluster))
        {
            return false;
        }

        var available = cluster.DestinationsState.AvailableDestinations;
        if (available.Count == 0)
        {
            return false;
        }

        var chosen = available[(int)((uint)Interlocked.Increment(ref next) % (uint)available.Count)];
        prefix = chosen.Model.Config.Address;
        client = cluster.Model.HttpClient;
        return true;
    }
}
