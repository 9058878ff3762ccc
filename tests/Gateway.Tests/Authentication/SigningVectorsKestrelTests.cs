using System.Net.Sockets;
using System.Text;
using KmsGateway.Gateway.Hosting.Http;
using KmsGateway.Gateway.Wire;
using KmsGateway.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace KmsGateway.Gateway.Tests.Authentication;

/// <summary>The same vectors as bytes over a socket, so that the server's own parsing has no say that was not tested.</summary>
public sealed class SigningVectorsKestrelTests : IAsyncLifetime, IDisposable
{
    private readonly WebApplication server;
    private TestGateway? gateway;

    public SigningVectorsKestrelTests()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options =>
        {
            ServerLimits.Apply(options);
            options.Listen(System.Net.IPAddress.Loopback, 0);
        });
        server = builder.Build();
        server.Run(async context => await gateway!.HandleAsync(context));
    }

    public static TheoryData<string> Ids
    {
        get
        {
            var data = new TheoryData<string>();
            foreach (var vector in SigningVectorFile.Committed.Requests)
            {
                data.Add(vector.Id);
            }

            return data;
        }
    }

    public Task InitializeAsync() => server.StartAsync();

    public async Task DisposeAsync() => await server.DisposeAsync();

    public void Dispose() => gateway?.Dispose();

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task Vector_OverTheWire_HasTheSameAnswer(string id)
    {
        var (file, vector) = SigningVectorsTests.Find("committed", id);
        gateway = new TestGateway(new TestClock(vector.Now), file.Keys(), SigningVectorFile.KnownActions);
        foreach (var first in vector.PrecededBy ?? [])
        {
            Assert.Equal(200, (await SendAsync(SigningVectorsTests.Find("committed", first).Vector.Request)).Status);
        }

        var answer = await SendAsync(vector.Request);
        if (!vector.Expected.IsAccepted)
        {
            SigningVectorAssert.Refused(vector, answer);
        }
        else if (vector.Optional && answer.Status != 200)
        {
            SigningVectorAssert.CleanRefusal(answer);
        }
        else
        {
            Assert.Equal(200, answer.Status);
            Assert.Equal(vector.Credential!.AccessKeyId, answer.Member("AccessKeyId"));
            Assert.Equal(vector.Expected.Action, answer.Member("Action"));
        }

        Assert.Equal(answer.Member("RequestId"), answer.Headers["x-acs-request-id"].ToString());
    }

    [Fact]
    public async Task Body_OverTheLimit_IsAnsweredWithTheEnvelope()
    {
        gateway = new TestGateway(new TestClock(DateTimeOffset.UnixEpoch), new FakeAccessKeySource());
        var request = TestRequest.Form(new string('a', WireLimits.MaxBodyBytes + 1));
        var answer = await RawHttp.SendAsync(Port(), request);
        Assert.Equal((413, "RequestEntityTooLarge"), (answer.Status, answer.Code));
    }

    private int Port() =>
        new Uri(server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port;

    private Task<TestAnswer> SendAsync(VectorRequest request) => RawHttp.SendAsync(Port(), request.ToTestRequest());
}

/// <summary>Writes a request byte for byte and reads the answer to the end of the connection.</summary>
internal static class RawHttp
{
    public static async Task<TestAnswer> SendAsync(int port, TestRequest request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port);
        await using var stream = client.GetStream();
        var head = Head(request, out var isChunked);
        await stream.WriteAsync(Encoding.UTF8.GetBytes(head));
        await stream.WriteAsync(isChunked ? Chunked(request.Body) : request.Body);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return Parse(await reader.ReadToEndAsync());
    }

    private static string Head(TestRequest request, out bool isChunked)
    {
        isChunked = request.Headers.Any(header => header.Key.Equals("Transfer-Encoding", StringComparison.OrdinalIgnoreCase));
        var head = new StringBuilder().Append(request.Method).Append(' ').Append(request.Target).Append(" HTTP/1.1\r\n");
        foreach (var (name, value) in request.Headers)
        {
            if (!name.Equals("Connection", StringComparison.OrdinalIgnoreCase))
            {
                head.Append(name).Append(": ").Append(value).Append("\r\n");
            }
        }

        var hasLength = request.Headers.Any(header => header.Key.Equals("Content-Length", StringComparison.OrdinalIgnoreCase));
        if (!hasLength && !isChunked && request.Body.Length > 0)
        {
            head.Append(System.Globalization.CultureInfo.InvariantCulture, $"Content-Length: {request.Body.Length}\r\n");
        }

        return head.Append("Connection: close\r\n\r\n").ToString();
    }

    private static byte[] Chunked(byte[] body)
    {
        // Why: two chunks, so that the reader has to put them together.
        var half = body.Length / 2;
        return [.. Chunk(body[..half]), .. Chunk(body[half..]), .. "0\r\n\r\n"u8];

        static byte[] Chunk(byte[] part) =>
            part.Length == 0 ? [] : [.. Encoding.ASCII.GetBytes($"{part.Length:x}\r\n"), .. part, .. "\r\n"u8];
    }

    private static TestAnswer Parse(string answer)
    {
        var end = answer.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var lines = answer[..end].Split("\r\n");
        var headers = new Microsoft.AspNetCore.Http.HeaderDictionary();
        foreach (var line in lines[1..])
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            headers[line[..colon]] = line[(colon + 1)..].Trim();
        }

        var status = int.Parse(lines[0].Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
        return new TestAnswer(status, headers["Content-Type"].ToString(), answer[(end + 4)..], headers, null, null);
    }
}
