using KmsGateway.Tests;
using KmsGateway.Wire.Tests.Clients;
using Xunit;

namespace KmsGateway.Wire.Tests.Smuggling;

/// <summary>
/// Requests that two parsers could cut differently (CVE-2025-55315 and its family): each is refused or answered exactly once,
/// so that nothing hidden in one request is ever served as another.
/// </summary>
public sealed class SmugglingTests : IClassFixture<SmugglingTests.RunningService>
{
    private const string Hidden = "GET /healthz/live HTTP/1.1\r\nHost: a\r\n\r\n";

    private readonly KmsProcess service;

    public SmugglingTests(RunningService fixture) => service = fixture.Service;

    /// <summary>Name, head of the request, body; the hidden request is inside the body or follows it.</summary>
    public static TheoryData<string, string> Corpus => new()
    {
        { "chunk extension that ends in a bare LF", Chunked($"1;a\nx\r\n0\r\n\r\n{Hidden}") },
        { "chunk extension that ends in a bare CR", Chunked($"1;a\rx\r\n0\r\n\r\n{Hidden}") },
        { "chunk extension with LF before CRLF", Chunked($"2;\nxx\r\n{Hidden.Length:x}\r\n{Hidden}\r\n0\r\n\r\n") },
        { "chunk size that ends in a bare LF", Chunked($"1\nx\r\n0\r\n\r\n{Hidden}") },
        { "chunk data that ends in a bare LF", Chunked($"1\r\nx\n0\r\n\r\n{Hidden}") },
        { "chunk size with a sign", Chunked($"+1\r\nx\r\n0\r\n\r\n{Hidden}") },
        { "chunk size with 0x", Chunked($"0x1\r\nx\r\n0\r\n\r\n{Hidden}") },
        { "chunk size with a blank inside", Chunked($"1 0\r\nx\r\n0\r\n\r\n{Hidden}") },
        { "chunk size beyond 64 bits", Chunked($"10000000000000001\r\nx\r\n0\r\n\r\n{Hidden}") },
        { "negative chunk size", Chunked($"-1\r\nx\r\n0\r\n\r\n{Hidden}") },
        { "Content-Length and Transfer-Encoding", Post($"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n", $"0\r\n\r\n{Hidden}") },
        { "Transfer-Encoding and Content-Length", Post($"Transfer-Encoding: chunked\r\nContent-Length: {Hidden.Length + 5}\r\n", $"0\r\n\r\n{Hidden}") },
        { "two Content-Length that differ", Post($"Content-Length: 0\r\nContent-Length: {Hidden.Length}\r\n", Hidden) },
        { "two Content-Length in one line", Post($"Content-Length: 0, {Hidden.Length}\r\n", Hidden) },
        // Kestrel reads a sign and no middleware sees the text; so the bytes it counts must at least never be a request
        { "Content-Length with a sign", Post($"Content-Length: +{Hidden.Length}\r\n", Hidden) },
        { "negative Content-Length", Post("Content-Length: -1\r\n", Hidden) },
        { "Content-Length in hex", Post("Content-Length: 0x0\r\n", Hidden) },
        { "blank before the colon of Content-Length", Post($"Content-Length : {Hidden.Length}\r\n", Hidden) },
        { "blank before the colon of Transfer-Encoding", Post("Transfer-Encoding : chunked\r\n", $"0\r\n\r\n{Hidden}") },
        { "folded Transfer-Encoding", Post("Transfer-Encoding:\r\n chunked\r\n", $"0\r\n\r\n{Hidden}") },
        { "folded header line", Post($"X-A: 1\r\n Content-Length: {Hidden.Length}\r\n", Hidden) },
        { "Transfer-Encoding that ends in a tab and more", Post("Transfer-Encoding: chunked\t,identity\r\n", $"0\r\n\r\n{Hidden}") },
        { "Transfer-Encoding that is none", Post("Transfer-Encoding: xchunked\r\n", $"0\r\n\r\n{Hidden}") },
        { "Transfer-Encoding twice", Post("Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n", $"0\r\n\r\n{Hidden}") },
        { "Transfer-Encoding under HTTP/1.0", Post("Transfer-Encoding: chunked\r\n", $"0\r\n\r\n{Hidden}").Replace("HTTP/1.1\r\nHost: b", "HTTP/1.0\r\nHost: b", StringComparison.Ordinal) },
        { "bare LF after a header", Post("X-A: 1\nContent-Length: 0\r\n", Hidden) },
        { "bare CR inside a header", Post("X-A: 1\rContent-Length: 0\r\n", Hidden) },
        { "bare LF instead of the empty line", $"POST / HTTP/1.1\r\nHost: b\r\nContent-Length: 0\n\n{Hidden}" },
        { "header without a colon", Post("X-A\r\n", Hidden) },
        { "NUL in a header's name", Post("X\0A: 1\r\n", Hidden) },
        { "two Host headers", Post("Host: c\r\nContent-Length: 0\r\n", "") },
        { "absolute form of another host", $"GET http://c/healthz/live HTTP/1.1\r\nHost: b\r\n\r\n" },
        { "blank in the target", $"GET /healthz/live HTTP/1.1 x HTTP/1.1\r\nHost: b\r\n\r\n" },
    };

    [Theory]
    [MemberData(nameof(Corpus))]
    public async Task Request_ThatCanBeCutInTwoWays_IsRefusedOrAnsweredOnce(string name, string bytes)
    {
        var statuses = await RawExchange.SendAsync(service.Http, bytes);

        Assert.True(statuses.Count <= 1, $"{name}: answered {statuses.Count} times ({string.Join(", ", statuses)})");
        if (statuses.Count == 1)
        {
            Assert.True(statuses[0] is >= 400 and < 500, $"{name}: answered {statuses[0]}");
        }

        using var root = KmsCaller.Root(service);
        _ = (await root.KmsAsync("DescribeRegions")).Success;
    }

    [Fact]
    public async Task Requests_TwoThatAreWellFormed_AreAnsweredTwice()
    {
        var statuses = await RawExchange.SendAsync(service.Http, Hidden + Hidden);

        Assert.Equal([200, 200], statuses);
    }

    [Fact]
    public async Task Request_ChunkedAndWellFormed_IsAnsweredOnce()
    {
        var statuses = await RawExchange.SendAsync(service.Http, Chunked("3;name=value\r\na=b\r\n0\r\n\r\n"));

        Assert.Equal([400], statuses);
    }

    private static string Post(string headers, string body) =>
        $"POST / HTTP/1.1\r\nHost: b\r\nContent-Type: application/x-www-form-urlencoded\r\n{headers}\r\n{body}";

    private static string Chunked(string body) => Post("Transfer-Encoding: chunked\r\n", body);

    public sealed class RunningService : IAsyncLifetime
    {
        public KmsProcess Service { get; private set; } = null!;

        public async Task InitializeAsync() => Service = await KmsProcess.StartAsync(new KmsProcessOptions(), CancellationToken.None);

        public async Task DisposeAsync()
        {
            await Service.StopAsync(CancellationToken.None);
            Service.Dispose();
        }
    }
}
