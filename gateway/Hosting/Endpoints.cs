using KmsGateway.Core.Hosting;
using KmsGateway.Gateway.Hosting.Settings;
using KmsGateway.Gateway.Hosting.Tls;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace KmsGateway.Gateway.Hosting;

/// <summary>From addresses to sockets.</summary>
internal static class Endpoints
{
    /// <summary>Makes the server listen there; <paramref name="tls"/> is needed as soon as one of them is https.</summary>
    public static void Listen(KestrelServerOptions server, IEnumerable<ListenAddress> addresses, CurrentCertificate? tls)
    {
        foreach (var address in addresses)
        {
            void Configure(ListenOptions options)
            {
                options.Protocols = address.IsHttps ? HttpProtocols.Http1AndHttp2 : HttpProtocols.Http1;
                if (address.IsHttps)
                {
                    options.UseHttps(tls!.HandshakeOptions());
                }
            }

            if (address.Address is { } ip)
            {
                server.Listen(ip, address.Port, Configure);
            }
            else if (address.IsLoopback)
            {
                server.ListenLocalhost(address.Port, Configure);
            }
            else
            {
                server.ListenAnyIP(address.Port, Configure);
            }
        }
    }

    /// <summary>Starts the application; a refused address becomes a sentence that names it.</summary>
    /// <exception cref="StartupException">70.</exception>
    public static async Task StartAsync(WebApplication app, IEnumerable<ListenAddress> addresses, CancellationToken cancellationToken)
    {
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (IOException exception) when (exception.InnerException is AddressInUseException)
        {
            // Why: only the server's message says which of the addresses it was: "Failed to bind to address <address>: ...".
            throw new StartupException(StartupException.CouldNotStart, $"Cannot listen: {exception.Message.TrimEnd('.')}.", exception);
        }
        catch (System.Net.Sockets.SocketException exception)
        {
            var all = string.Join(", ", addresses.Select(address => address.Text));
            throw new StartupException(StartupException.CouldNotStart, $"Cannot listen on {all}: {exception.Message}.", exception);
        }
    }

    /// <summary>What is bound, ports filled in.</summary>
    public static IReadOnlyList<Uri> Bound(WebApplication app) =>
        [.. app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Select(address => new Uri(address))];
}
