using System.Net.Sockets;
using System.Text.Json.Nodes;
using KmsGateway.Core.Control;
using KmsGateway.Core.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace KmsGateway.Core.Tests.Control;

/// <summary>No command keeps another from being answered.</summary>
public sealed class ControlSocketTests : IAsyncLifetime, IDisposable
{
    private const int Plenty = 8 * 1024 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly TempDirectory directory = new();
    private readonly HeldTimers clock = new();
    private readonly ServiceProvider services = new ServiceCollection().BuildServiceProvider();
    private readonly TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DataDirectory data = null!;
    private ControlSocket socket = null!;

    public async Task InitializeAsync()
    {
        data = DataDirectory.Open(directory.File("data"), "a test");
        var verbs = new OperatorVerbs(
        [
            new OperatorVerb(CustodyVerbNames.Rewrap, async (_, _, _) =>
            {
                begun.SetResult();
                await gate.Task;
                return new JsonObject { ["is"] = "rewrapped" };
            }),
            new OperatorVerb(CustodyVerbNames.Backup, (_, _, _) => Answer("backed up")),
            new OperatorVerb("quick", (_, _, _) => Answer("quick")),
            new OperatorVerb("long", (_, _, _) => Answer(new string('x', Plenty))),
        ]);
        socket = new ControlSocket(services, verbs, data, clock, NullLogger<ControlSocket>.Instance);
        await socket.StartAsync(CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        gate.TrySetResult();
        await socket.StopAsync(CancellationToken.None);
    }

    public void Dispose()
    {
        socket.Dispose();
        data.Dispose();
        services.Dispose();
        directory.Dispose();
    }

    [Fact]
    public async Task Command_WhileARewrapRuns_IsAnsweredAtOnce()
    {
        var rewrap = AskAsync(CustodyVerbNames.Rewrap);
        await begun.Task.WaitAsync(Patience);

        Assert.Equal("quick", (string?)(await AskAsync("quick").WaitAsync(Patience))["is"]);
        foreach (var verb in (string[])[CustodyVerbNames.Rewrap, CustodyVerbNames.Backup])
        {
            var refused = await Assert.ThrowsAsync<StartupException>(() => AskAsync(verb).WaitAsync(Patience));
            Assert.Equal((CoreAdministration.Refused, "A rewrap is running; try again when it has ended."), (refused.ExitCode, refused.Message));
        }

        gate.SetResult();
        Assert.Equal("rewrapped", (string?)(await rewrap)["is"]);
        Assert.Equal("backed up", (string?)(await AskAsync(CustodyVerbNames.Backup))["is"]);
    }

    [Fact]
    public async Task Command_WhileAnotherSaysNothing_IsAnswered()
    {
        using var silent = await ConnectAsync();

        Assert.Equal("quick", (string?)(await AskAsync("quick").WaitAsync(Patience))["is"]);
    }

    [Fact]
    public async Task Answer_NobodyReads_IsGivenUp()
    {
        using var slow = await ConnectAsync();
        await ControlMessage.SendAsync(slow, new JsonObject { ["verb"] = "long", ["arguments"] = new JsonObject() }, CancellationToken.None);
        var buffer = new byte[64 * 1024];
        Assert.Equal(1, await slow.ReceiveAsync(buffer.AsMemory(0, 1)));

        _ = clock.Elapse();
        Assert.Equal("quick", (string?)(await AskAsync("quick").WaitAsync(Patience))["is"]);

        var received = 1;
        while (await slow.ReceiveAsync(buffer) is > 0 and var count)
        {
            received += count;
        }

        Assert.True(received < Plenty, $"{received} bytes came");
    }

    private static Task<JsonObject> Answer(string text) => Task.FromResult(new JsonObject { ["is"] = text });

    private async Task<Socket> ConnectAsync()
    {
        var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await connection.ConnectAsync(ControlMessage.EndPoint(data.FilePath(ControlMessage.FileName))!);
        return connection;
    }

    private Task<JsonObject> AskAsync(string verb) => ControlClient.AskAsync(
        data.Path, new DataDirectoryInUseException(data.Path, "a test", new IOException()), verb, [], CancellationToken.None);
}
