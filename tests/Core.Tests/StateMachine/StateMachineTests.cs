using System.Text.Json.Nodes;
using KmsGateway.Core.Crypto;
using KmsGateway.Core.Crypto.Import;
using KmsGateway.Core.Hosting;
using KmsGateway.Core.Operations;
using Microsoft.Data.Sqlite;

namespace KmsGateway.Core.Tests.StateMachine;

/// <summary>
/// Random sequences of operations against a model, with storage calls that fail before, at and after the commit: exactly one primary
/// version, no lost version, nothing half done, nothing decrypts that should not, and what is kept in memory is what is stored.
/// </summary>
public sealed class StateMachineTests
{
    private const int MostKeys = 30;
    private const int MostAliases = 20;

    private static readonly int Steps = KmsProcessOptions.IsFullRun ? 25_000 : 5_000;

    /// <summary>They come with key pairs and MACs, which change nothing of a key. Certificates are no keys.</summary>
    private static readonly string[] ElsewhereTested =
    [
        "GetPublicKey", "AsymmetricSign", "AsymmetricVerify", "AsymmetricEncrypt", "AsymmetricDecrypt", "GenerateMac", "VerifyMac",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Keys_UnderAnySequenceAndAnyFault_StayWhole(int seed)
    {
        await using var run = new Run(new Random(seed));
        for (var step = 0; step < Steps; step++)
        {
            await run.StepAsync();
        }

        Assert.True(run.Walk.Faults > Steps / 40 && run.Walk.Decrypted > Steps / 40 && run.Rotations > 3 && run.Destroyed > 3, $"{run}");
        Assert.True(run.Walk.Lost.Done > Steps / 500 && run.Walk.Lost.Undone > Steps / 200, $"{run}");
        Assert.Empty(run.Actions.Where(action => !action.Contains("Certificate", StringComparison.Ordinal)).Except(run.Walk.Called).Except(ElsewhereTested));
    }

    /// <summary>Every move, with its every storage call failing once before, once at the commit and once after it is done.</summary>
    [Fact]
    public async Task EachMove_WithEachStorageCallFailing_IsDoneWhollyOrNotAtAll()
    {
        await using var run = new Run(new Random(5));
        for (var step = 0; step < 60; step++)
        {
            await run.StepAsync();
        }

        var faults = 0;
        for (var kind = 0; kind < Moves.Kinds; kind++)
        {
            faults += await run.FailEveryCallAsync(kind);
        }

        Assert.InRange(faults, 10 * Moves.Kinds, int.MaxValue);
    }

    /// <summary>A commit that destroys material and then reports a fault: nobody goes on using what is no more.</summary>
    [Theory]
    [InlineData("DeleteKeyMaterial", 1, FaultKind.AfterCommit)]
    [InlineData("DeleteKeyMaterial", 1, FaultKind.AtCommit)]
    [InlineData(null, 2, FaultKind.AfterCommit)]
    public async Task Material_DestroyedByACommitThatReportsAFault_IsNotInUse(string? action, int commit, FaultKind kind)
    {
        await using var core = new FaultyCore(new CoreQuotas());
        var keyId = (string)(await core.CallAsync("CreateKey", new JsonObject { ["Origin"] = "EXTERNAL" }))["KeyMetadata"]!["KeyId"]!;
        var given = await core.CallAsync(
            "GetParametersForImport", new JsonObject { ["KeyId"] = keyId, ["WrappingAlgorithm"] = "SM2PKE", ["WrappingKeySpec"] = "EC_SM2" });
        _ = await core.CallAsync("ImportKeyMaterial", new JsonObject
        {
            ["KeyId"] = keyId,
            ["ImportToken"] = (string)given["ImportToken"]!,
            ["EncryptedKeyMaterial"] = Convert.ToBase64String(Sm2Keys.TryEncrypt(Convert.FromBase64String((string)given["PublicKey"]!), new byte[32])!),
            ["KeyMaterialExpireUnix"] = core.Now.AddHours(1).ToUnixTimeSeconds(),
        });
        _ = await core.CallAsync("Encrypt", new JsonObject { ["KeyId"] = keyId, ["Plaintext"] = "x" });
        Assert.Single(core.Part<LiveKeys>().VersionIds);

        var fault = new PlannedFault(commit, kind);
        core.Clock.Advance(TimeSpan.FromHours(action is null ? 2 : 0));
        _ = await Assert.ThrowsAsync<SqliteException>(() =>
            action is null ? core.RunDueAsync(fault) : core.CallAsync(action, new JsonObject { ["KeyId"] = keyId }, fault));

        Assert.True(core.Faults.HasStruck);
        core.RequireCoherence();
        Assert.Equal(kind == FaultKind.AtCommit ? 1 : 0, core.Rows<long>("SELECT has_material FROM keys")[0]);
    }

    private sealed class Run : IAsyncDisposable
    {
        private readonly FaultyCore core = new(new CoreQuotas { KeysPerRegion = MostKeys, AliasesPerRegion = MostAliases, KeyVersionsPerRegion = 1_000_000 });
        private readonly Random chance;
        private int looked;

        public Run(Random chance)
        {
            this.chance = chance;
            Walk = new Walk(core, TestCore.Account, chance, MostKeys, MostAliases);
        }

        public Walk Walk { get; }

        public int Rotations { get; private set; }

        public int Destroyed { get; private set; }

        public IEnumerable<string> Actions => core.Part<OperationCatalogue>().Specs.Select(spec => spec.Action);

        public override string ToString() =>
            $"{Walk.Faults} faults, {Walk.Lost} lost, {Walk.Decrypted} decrypted, {Rotations} rotations, {Destroyed} destroyed";

        public ValueTask DisposeAsync() => core.DisposeAsync();

        public async Task StepAsync()
        {
            await (chance.Next(100) switch
            {
                < 10 => PassTimeAsync(),
                10 => core.RestartAsync(),
                _ => Walk.StepAsync(),
            });
            if (Walk.Faults > looked || chance.Next(8) == 0)
            {
                looked = Walk.Faults;
                core.RequireCoherence();
            }
        }

        public async Task<int> FailEveryCallAsync(int kind)
        {
            var struck = await Walk.FailEveryCallAsync(kind, core.Faults);
            core.RequireCoherence();
            return struck;
        }

        /// <summary>Time passes; what is due is done, though the disk fails; callers see the end of keys and material before it is.</summary>
        private async Task PassTimeAsync()
        {
            core.Clock.Advance(TimeSpan.FromMinutes(chance.Next(1, 5 * 24 * 60)));
            var due = Walk.World.At(core.Now);
            Rotations += due.Keys.Values.Count(key => key.Versions.Contains(ModelKey.New, StringComparer.Ordinal));
            Destroyed += Walk.World.Keys.Count - due.Keys.Count;
            try
            {
                if (Walk.Fault() is { } fault)
                {
                    await core.RunDueAsync(fault);
                }
            }
            catch (SqliteException)
            {
                core.RequireCoherence();
                await Walk.SeenBeforeItIsDoneAsync(due);
            }

            await core.RunDueAsync();
            await core.RunDueAsync();
            Walk.Settle();
        }
    }
}
