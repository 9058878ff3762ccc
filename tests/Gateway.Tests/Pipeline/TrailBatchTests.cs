using System.Collections.Concurrent;
using KmsGateway.Core.Contract;
using KmsGateway.Core.Hosting;
using KmsGateway.Gateway.Hosting;
using KmsGateway.Gateway.Startup;
using KmsGateway.Gateway.Tests.Accounts;
using KmsGateway.Gateway.Trail;
using KmsGateway.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace KmsGateway.Gateway.Tests.Pipeline;

/// <summary>A call that concerns two accounts is in both trails or in none (audit-and-service-keys.md A6).</summary>
public sealed class TrailBatchTests : IDisposable
{
    private const string Guest = "2222333344445555";

    private readonly TempDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task SharedKey_OwnersTrailFull_RecordsNothingAndRefuses(bool isOwnersFull)
    {
        var trail = new FillingTrail();
        var data = directory.File("data");
        await using var gateway = await ApiGateway.StartAsync(TimeProvider.System, new Module(trail), $"--Kms:DataDirectory={data}");
        var made = (await OperatorCommands.RunAsync(data, "accounts", "create", "--account-id", Guest, "--format", "json", "--show-secret")).Json;
        var guest = new ApiCaller((string)made["accessKeyId"]!, (string)made["accessKeySecret"]!);
        var key = await gateway.CreateKeyAsync();
        var policy = $$$"""{"Version":"1","Statement":[{"Effect":"Allow","Action":["kms:*"],"Resource":["*"],"Principal":{"RAM":["acs:ram::{{{Guest}}}:root"]}}]}""";
        Assert.Equal("OK", (await gateway.KmsAsync(gateway.Root, "SetKeyPolicy", ("KeyId", key), ("Policy", policy))).Code);
        trail.Full = isOwnersFull ? ApiGateway.Account : null;

        var answer = await gateway.KmsAsync(guest, "DescribeKey", ("KeyId", $"acs:kms:cn-hangzhou:{ApiGateway.Account}:key/{key}"));

        Assert.Equal(isOwnersFull ? 503 : 200, answer.Status);
        Assert.Equal(
            isOwnersFull ? [] : [ApiGateway.Account, Guest],
            trail.Accepted.Where(each => each.EventName == "DescribeKey").Select(each => each.AccountId).Order(StringComparer.Ordinal));
    }

    /// <summary>Takes all events of a call, unless one of them is for the account whose trail is full.</summary>
    private sealed class FillingTrail : ITrail
    {
        public ConcurrentQueue<TrailEvent> Accepted { get; } = new();

        public string? Full { get; set; }

        public ValueTask AppendAsync(IReadOnlyList<TrailEvent> events, CancellationToken cancellationToken)
        {
            if (events.Any(each => each.AccountId == Full))
            {
                throw KmsErrors.ServiceUnavailableTemporary.With();
            }

            foreach (var each in events)
            {
                Accepted.Enqueue(each);
            }

            return ValueTask.CompletedTask;
        }
    }

    private sealed class Module(ITrail trail) : IGatewayModule
    {
        private readonly ApiModule inner = new();

        public void AddServices(IServiceCollection services, GatewayOptions options, DataDirectory data)
        {
            inner.AddServices(services, options, data);
            services.AddSingleton(trail);
        }

        public Task StartAsync(IServiceProvider services, CancellationToken cancellationToken) => inner.StartAsync(services, cancellationToken);

        public void Map(WebApplication app) => inner.Map(app);
    }
}
