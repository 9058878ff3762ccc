using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using KmsGateway.Gateway.Hosting;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.LoadBalancing;

namespace KmsGateway.Gateway.Forwarding;

/// <summary>The core as a YARP cluster: active health checks on <c>/healthz/ready</c>, only destinations that are not known to be ill.</summary>
internal sealed class CoreCluster(IProxyStateLookup state) : ICoreDestination
{
    private const string ClusterId = "core";
    private const string UnixScheme = "unix:";
    private int next;

    /// <summary>
    /// The configuration for YARP: one cluster and no route, since nothing of a caller's is ever routed. <c>HealthyAndUnknown</c>:
    /// with every destination ill the answer is 503, not a try.
    /// </summary>
    public static (RouteConfig[] Routes, ClusterConfig[] Clusters) Configuration(string address) => ([], [new ClusterConfig
    {
        ClusterId = ClusterId,
        LoadBalancingPolicy = LoadBalancingPolicies.RoundRobin,
        HealthCheck = new HealthCheckConfig
        {
            AvailableDestinationsPolicy = HealthCheckConstants.AvailableDestinations.HealthyAndUnknown,
            Active = new ActiveHealthCheckConfig
            {
                Enabled = true,
                Interval = TimeSpan.FromSeconds(2),
                Timeout = TimeSpan.FromSeconds(2),
                Policy = HealthCheckConstants.ActivePolicy.ConsecutiveFailures,
                Path = "/healthz/ready",
            },
        },
        Destinations = new Dictionary<string, DestinationConfig>(StringComparer.Ordinal) { ["core-0"] = new() { Address = Prefix(address) } },
    }]);

    /// <summary>The connection: a Unix socket where the address names one, and the CA of the settings where there is one.</summary>
    public static void Configure(SocketsHttpHandler handler, CoreConnectionOptions options)
    {
        handler.UseProxy = false;
        handler.ConnectTimeout = TimeSpan.FromSeconds(2);
        handler.PooledConnectionLifetime = TimeSpan.FromMinutes(5);
        if (SocketPath(options.Address!) is { } path)
        {
            handler.ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            };
        }

        if (options.CaFile is { } file)
        {
            handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
                CustomTrustStore = { X509Certificate2.CreateFromPem(File.ReadAllText(file)) },
            };
        }
    }

    /// <summary>A name for the Host header of requests over a socket.</summary>
    private static string Prefix(string address) => SocketPath(address) is null ? address : "http://localhost/";

    private static string? SocketPath(string address) =>
        address.StartsWith(UnixScheme, StringComparison.Ordinal) ? address[UnixScheme.Length..] : null;

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
