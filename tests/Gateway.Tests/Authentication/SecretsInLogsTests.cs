using System.Collections.Concurrent;
using KmsGateway.Gateway.Authentication;
using Microsoft.Extensions.Logging;
using Xunit;

namespace KmsGateway.Gateway.Tests.Authentication;

/// <summary>Neither the string to sign nor a credential reaches a log, at any level; the right signature reaches nobody.</summary>
public sealed class SecretsInLogsTests
{
    [Fact]
    public async Task RefusedRequest_LogsTheCodeOnly_AndNeverShowsTheRightSignature()
    {
        var log = new CollectingProvider();
        var requests = new SignedRequests();
        requests.Keys.Add("STS.a", "s3cr3t", token: "t0ken", expires: SignedRequests.Start.AddHours(1));
        using var gateway = requests.NewGateway(logging: builder => builder.SetMinimumLevel(LogLevel.Trace).AddProvider(log));
        var all = new Dictionary<string, string>(requests.Signer("STS.a", "s3cr3t", "t0ken").SignRpc(
            "GET", SignedRequests.Version, "ListKeys", [KeyValuePair.Create("Plaintext", "pl41ntext")]));
        var right = all["Signature"];
        all["Signature"] = "d3Jvbmcgc2lnbmF0dXJlIGg=";
        var answer = await gateway.SendAsync(TestRequest.Get("/?" + RequestSigner.Encode(all)));
        Assert.Equal("SignatureDoesNotMatch", answer.Code);
        Assert.DoesNotContain(right, answer.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cr3t", answer.Body, StringComparison.Ordinal);
        Assert.Contains(log.Lines, line => line.Contains("SignatureDoesNotMatch", StringComparison.Ordinal));
        foreach (var marker in new[] { right, all["Signature"], "s3cr3t", "t0ken", "pl41ntext", "string to sign" })
        {
            Assert.DoesNotContain(log.Lines, line => line.Contains(marker, StringComparison.Ordinal));
        }
    }

    private sealed class CollectingProvider : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue(formatter(state, exception) + exception);

        public void Dispose() => Lines.Clear();
    }
}
