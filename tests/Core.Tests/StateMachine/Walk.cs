using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace KmsGateway.Core.Tests.StateMachine;

/// <summary>A random sequence of calls in one account against a model; the account's whole database is compared after every change.</summary>
internal sealed partial class Walk(ITestedCore core, string account, Random chance, int mostKeys, int mostAliases)
{
    private readonly Moves moves = new(chance, mostKeys, mostAliases);
    private readonly HashSet<string> called = new(StringComparer.Ordinal);
    private World world = World.Empty;
    private Move? lost;

    public int Faults { get; private set; }

    /// <summary>Lost calls that were done, and lost calls that were not.</summary>
    public (int Done, int Undone) Lost { get; private set; }

    public int Decrypted { get; private set; }

    public World World => world;

    /// <summary>Actions that were called.</summary>
    public IReadOnlySet<string> Called => called;

    /// <summary>Changes that were acknowledged.</summary>
    public int Acknowledged { get; private set; }

    public async Task StepAsync()
    {
        if (!world.OfCallers.Any())
        {
            await DoAsync(moves.Create(world, core.Now), Fault());
            return;
        }

        var key = AnyKey();
        await (chance.Next(20) switch
        {
            0 or 1 => DoAsync(moves.Create(world, core.Now), Fault()),
            2 => ImportAsync(key),
            3 or 4 => EncryptAsync(key),
            5 => DataKeyAsync(key),
            6 or 7 or 8 => DecryptAsync(),
            9 => ReEncryptAsync(key),
            10 => ReadAsync(key),
            11 => ExportAsync(),
            _ => DoAsync(moves.Any(world, key, core.Now), Fault()),
        });
    }

    /// <summary>How many faults struck.</summary>
    public async Task<int> FailEveryCallAsync(int kind, FaultPlan faults)
    {
        var struck = 0;
        foreach (var how in (FaultKind[])[FaultKind.Before, FaultKind.AtCommit, FaultKind.After, FaultKind.AfterCommit])
        {
            var call = 0;
            do
            {
                call++;
                await DoAsync(moves.OfKind(kind, world, AnyKey(), core.Now), new PlannedFault(call, how));
                struck += faults.HasStruck ? 1 : 0;
            }
            while (faults.HasStruck && how != FaultKind.AtCommit);
        }

        return struck;
    }

    /// <summary>A change that was lost was done or was not, and nothing else is different, when all that was due is done.</summary>
    public void Settle()
    {
        var now = core.Now;
        if (lost is not { } move)
        {
            world = Confirmed(world.At(now));
            return;
        }

        var reality = new Reality(core, account);
        var made = reality.KeyIds.Except(world.Keys.Keys, StringComparer.Ordinal).SingleOrDefault();
        var undone = reality.Confirm(world.At(now), out _);
        world = undone ?? Confirmed(Named(move.After, made).At(now));
        Lost = undone is null ? (Lost.Done + 1, Lost.Undone) : (Lost.Done, Lost.Undone + 1);
        lost = null;
    }

    /// <summary>The database is what it was when no change was lost, whatever of the work that is due is done.</summary>
    public void Age(TimeSpan by)
    {
        world = world.Aged(by);
        lost = lost is null ? null : lost with { After = lost.After.Aged(by) };
    }

    public PlannedFault? Fault()
    {
        if (!core.GoesOn || chance.Next(5) > 0)
        {
            return null;
        }

        var kind = (FaultKind)chance.Next(1, 5);
        return new PlannedFault(kind == FaultKind.AfterCommit ? chance.Next(1, 3) : chance.Next(1, 12), kind);
    }

    private ModelKey AnyKey() => world.OfCallers.ElementAt(chance.Next(world.OfCallers.Count()));

    private async Task DoAsync(Move move, PlannedFault? fault)
    {
        try
        {
            var (answer, error) = await CallAsync(move.Action, move.Body, fault);
            Assert.True(error == move.Error, $"{move.Action} {move.Body}: {error ?? "success"}, not {move.Error ?? "success"}");
            world = move.Error is null ? Named(move.After, (string?)(answer!["KeyMetadata"] ?? answer)["KeyId"]) : world;
            Acknowledged += move.Error is null ? 1 : 0;
        }
        catch (LostCallException)
        {
            Faults++;
            lost = move;
            if (!core.GoesOn)
            {
                throw;
            }

            Settle();
            return;
        }

        world = Confirmed(world);
    }

    private async Task<(JsonNode? Answer, string? Error)> CallAsync(string action, JsonObject body, PlannedFault? fault)
    {
        called.Add(action);
        return await core.CallAsync(account, action, body, fault);
    }

    private World Confirmed(World expected)
    {
        var confirmed = new Reality(core, account).Confirm(expected, out var difference);
        Assert.True(confirmed is not null, difference);
        return confirmed;
    }

    /// <summary>A key that was just made gets its id.</summary>
    private static World Named(World expected, string? keyId) => expected.Keys.TryGetValue(ModelKey.New, out var made) && keyId is not null
        ? new World(
            expected.Keys.Remove(ModelKey.New).Add(keyId, made with { Id = keyId }),
            expected.Aliases.ToImmutableDictionary(alias => alias.Key, alias => alias.Value == ModelKey.New ? keyId : alias.Value))
        : expected;

    private async Task ImportAsync(ModelKey any)
    {
        var key = world.OfCallers.FirstOrDefault(each => each.IsExternal && each.State == "PendingImport") ?? any;
        var parameters = new JsonObject { ["KeyId"] = key.Id, ["WrappingAlgorithm"] = "SM2PKE", ["WrappingKeySpec"] = "EC_SM2" };
        var given = await UseAsync("GetParametersForImport", parameters, key.IsExternal ? null : "Unsupported.Origin");
        if (given is not null)
        {
            await DoAsync(moves.Import(world, key, Convert.FromBase64String((string)given["PublicKey"]!), (string)given["ImportToken"]!, core.Now), Fault());
        }
    }

    /// <summary>Null when the call was refused as it should be, or a fault struck.</summary>
    private async Task<JsonNode?> UseAsync(string action, JsonObject body, string? expected)
    {
        try
        {
            var (answer, error) = await CallAsync(action, body, Fault());
            Assert.True(error == expected, $"{action} {body}: {error ?? "success"}, not {expected ?? "success"}");
            return answer;
        }
        catch (LostCallException) when (core.GoesOn)
        {
            Faults++;
            return null;
        }
    }
}
