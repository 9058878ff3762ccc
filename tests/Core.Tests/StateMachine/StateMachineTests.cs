using System.Text;
using System.Text.Json.Nodes;
using KmsGateway.Core.Contract;
using KmsGateway.Core.Hosting;
using Microsoft.Data.Sqlite;

namespace KmsGateway.Core.Tests.StateMachine;

/// <summary>
/// Random sequences of operations against a model, with storage calls that fail: exactly one primary version, no lost version,
/// nothing half done, nothing decrypts that should not. The whole database is compared after every step.
/// </summary>
public sealed class StateMachineTests
{
    private const int MostKeys = 30;
    private const int MostAliases = 20;
    private const int MostCiphertexts = 300;

    private static readonly int Steps = Environment.GetEnvironmentVariable("KMSGATEWAY_FULL") == "1" ? 25_000 : 1_250;

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

        Assert.True(run.Faults > Steps / 40 && run.Decrypted > Steps / 40 && run.Rotations > 3 && run.Destroyed > 3, $"{run}");
    }

    /// <summary>Every move, with its every storage call failing once before and once after it is done.</summary>
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

    private sealed class Run(Random chance) : IAsyncDisposable
    {
        private readonly FaultyCore core = new(new CoreQuotas { KeysPerRegion = MostKeys, AliasesPerRegion = MostAliases, KeyVersionsPerRegion = 1_000_000 });
        private readonly Moves moves = new(chance, MostKeys, MostAliases);
        private readonly List<Ciphertext> ciphertexts = [];
        private World world = World.Empty;

        public int Faults { get; private set; }

        public int Decrypted { get; private set; }

        public int Rotations { get; private set; }

        public int Destroyed { get; private set; }

        public override string ToString() => $"{Faults} faults, {Decrypted} decrypted, {Rotations} rotations, {Destroyed} destroyed";

        public ValueTask DisposeAsync() => core.DisposeAsync();

        public async Task StepAsync()
        {
            var now = core.Clock.GetUtcNow();
            if (world.Keys.IsEmpty)
            {
                await DoAsync(moves.Create(world, now), Fault());
                return;
            }

            var key = AnyKey();
            await (chance.Next(20) switch
            {
                0 or 1 => DoAsync(moves.Create(world, now), Fault()),
                2 => ImportAsync(key),
                3 or 4 or 5 => EncryptAsync(key),
                6 or 7 or 8 or 9 => DecryptAsync(),
                10 => ReEncryptAsync(key),
                11 or 12 => PassTimeAsync(),
                13 when chance.Next(10) == 0 => core.RestartAsync(),
                _ => DoAsync(moves.Any(world, key, now), Fault()),
            });
        }

        /// <summary>How many faults struck.</summary>
        public async Task<int> FailEveryCallAsync(int kind)
        {
            var struck = 0;
            foreach (var afterwards in (bool[])[false, true])
            {
                var call = 0;
                do
                {
                    call++;
                    await DoAsync(moves.OfKind(kind, world, AnyKey(), core.Clock.GetUtcNow()), (call, afterwards));
                }
                while (core.Faults.HasStruck);
                struck += call - 1;
            }

            return struck;
        }

        private (int Call, bool Afterwards)? Fault() => chance.Next(5) == 0 ? (chance.Next(1, 12), chance.Next(2) == 0) : null;

        private ModelKey AnyKey() => world.Keys.Values.OrderBy(key => key.Id, StringComparer.Ordinal).ElementAt(chance.Next(world.Keys.Count));

        private async Task DoAsync(Move move, (int Call, bool Afterwards)? fault)
        {
            try
            {
                var answer = await core.CallAsync(move.Action, move.Body, fault);
                Assert.True(move.Error is null, $"{move.Action} {move.Body} succeeded, not {move.Error}");
                world = Confirmed(Named(move.After, (string?)answer["KeyMetadata"]?["KeyId"]));
            }
            catch (KmsException refusal)
            {
                Assert.True(refusal.Error.Code == move.Error, $"{move.Action} {move.Body}: {refusal.Error.Code}, not {move.Error}");
                world = Confirmed(world);
            }
            catch (SqliteException)
            {
                Faults++;
                var made = new Reality(core).KeyIds.Except(world.Keys.Keys, StringComparer.Ordinal).SingleOrDefault();
                world = new Reality(core).Confirm(world, out _) ?? Confirmed(Named(move.After, made));
            }
        }

        private World Confirmed(World expected)
        {
            var confirmed = new Reality(core).Confirm(expected, out var difference);
            Assert.True(confirmed is not null, difference);
            return confirmed;
        }

        /// <summary>A key that was just made gets its id.</summary>
        private static World Named(World expected, string? keyId) => expected.Keys.TryGetValue(ModelKey.New, out var made) && keyId is not null
            ? (expected with { Keys = expected.Keys.Remove(ModelKey.New) }).With(made with { Id = keyId })
            : expected;

        private async Task ImportAsync(ModelKey any)
        {
            var key = world.Keys.Values.OrderBy(each => each.Id, StringComparer.Ordinal).FirstOrDefault(each => each.IsExternal && each.State == "PendingImport") ?? any;
            if (!key.IsExternal)
            {
                return;
            }

            var given = await core.CallAsync(
                "GetParametersForImport", new JsonObject { ["KeyId"] = key.Id, ["WrappingAlgorithm"] = "SM2PKE", ["WrappingKeySpec"] = "EC_SM2" });
            await DoAsync(
                moves.Import(world, key, Convert.FromBase64String((string)given["PublicKey"]!), (string)given["ImportToken"]!, core.Clock.GetUtcNow()), Fault());
        }

        private async Task EncryptAsync(ModelKey key)
        {
            var (text, context) = ($"text {chance.Next()}", $"c{chance.Next(3)}");
            var answer = await UseAsync(
                "Encrypt", new JsonObject { ["KeyId"] = key.Id, ["Plaintext"] = text, ["EncryptionContext"] = new JsonObject { ["c"] = context } }, Moves.UseError(key));
            if (answer is not null)
            {
                Assert.Equal(key.Versions[^1], (string)answer["KeyVersionId"]!);
                Keep(new Ciphertext((string)answer["CiphertextBlob"]!, key.Id, context, text));
            }
        }

        private void Keep(Ciphertext made)
        {
            if (ciphertexts.Count < MostCiphertexts)
            {
                ciphertexts.Add(made);
            }
            else
            {
                ciphertexts[chance.Next(MostCiphertexts)] = made;
            }
        }

        private async Task DecryptAsync()
        {
            if (ciphertexts.Count == 0)
            {
                return;
            }

            var made = ciphertexts[chance.Next(ciphertexts.Count)];
            var (blob, context) = chance.Next(4) switch
            {
                0 => (made.Blob, "another"),
                1 => (Damaged(made.Blob), made.Context),
                _ => (made.Blob, made.Context),
            };
            var isWhole = blob == made.Blob && context == made.Context;
            var answer = await UseAsync(
                "Decrypt",
                new JsonObject { ["CiphertextBlob"] = blob, ["EncryptionContext"] = new JsonObject { ["c"] = context } },
                SourceError(KeyOf(blob)) ?? (isWhole ? null : "InvalidParameter"));
            if (answer is not null)
            {
                Assert.Equal((made.KeyId, made.Text), ((string)answer["KeyId"]!, (string)answer["Plaintext"]!));
                Decrypted++;
            }
        }

        private async Task ReEncryptAsync(ModelKey to)
        {
            if (ciphertexts.Count == 0)
            {
                return;
            }

            var made = ciphertexts[chance.Next(ciphertexts.Count)];
            var source = KeyOf(made.Blob);
            var error = source is null ? Moves.UseError(to) ?? "InvalidParameter" : Moves.UseError(source) ?? Moves.UseError(to);
            var answer = await UseAsync(
                "ReEncrypt",
                new JsonObject
                {
                    ["CiphertextBlob"] = made.Blob,
                    ["SourceEncryptionContext"] = new JsonObject { ["c"] = made.Context },
                    ["DestinationKeyId"] = to.Id,
                    ["DestinationEncryptionContext"] = new JsonObject { ["c"] = "moved" },
                },
                error);
            if (answer is not null)
            {
                Keep(new Ciphertext((string)answer["CiphertextBlob"]!, to.Id, "moved", made.Text));
            }
        }

        /// <summary>Null when the call was refused as it should be, or a fault struck.</summary>
        private async Task<JsonNode?> UseAsync(string action, JsonObject body, string? error)
        {
            try
            {
                var answer = await core.CallAsync(action, body, Fault());
                Assert.True(error is null, $"{action} succeeded, not {error}");
                return answer;
            }
            catch (KmsException refusal)
            {
                Assert.Equal(error, refusal.Error.Code);
                return null;
            }
            catch (SqliteException)
            {
                Faults++;
                return null;
            }
        }

        private static string? SourceError(ModelKey? key) => key is null ? "InvalidParameter" : Moves.UseError(key);

        /// <summary>The living key whose version stands at the head of a blob.</summary>
        private ModelKey? KeyOf(string blob)
        {
            var head = Encoding.Latin1.GetString(Convert.FromBase64String(blob).AsSpan(0, 36));
            return world.Keys.Values.FirstOrDefault(key => key.Versions.Contains(head, StringComparer.Ordinal));
        }

        /// <summary>One bit elsewhere, or the head of another ciphertext.</summary>
        private string Damaged(string blob)
        {
            var bytes = Convert.FromBase64String(blob);
            if (chance.Next(2) == 0)
            {
                var other = Convert.FromBase64String(ciphertexts[chance.Next(ciphertexts.Count)].Blob).AsSpan(0, 36);
                if (!other.SequenceEqual(bytes.AsSpan(0, 36)))
                {
                    other.CopyTo(bytes);
                    return Convert.ToBase64String(bytes);
                }
            }

            bytes[chance.Next(bytes.Length)] ^= (byte)(1 << chance.Next(8));
            return Convert.ToBase64String(bytes);
        }

        /// <summary>Time passes; what is due is done, though the disk fails; callers see the end of keys and material before it is.</summary>
        private async Task PassTimeAsync()
        {
            core.Clock.Advance(TimeSpan.FromMinutes(chance.Next(1, 5 * 24 * 60)));
            var now = core.Clock.GetUtcNow();
            var due = world.At(now);
            Rotations += due.Keys.Values.Count(key => key.Versions.Contains(ModelKey.New, StringComparer.Ordinal));
            Destroyed += world.Keys.Count - due.Keys.Count;
            try
            {
                await core.RunDueAsync(Fault());
            }
            catch (SqliteException)
            {
                Faults++;
                await SeenBeforeItIsDoneAsync(due);
            }

            await core.RunDueAsync();
            await core.RunDueAsync();
            world = Confirmed(due);
        }

        private async Task SeenBeforeItIsDoneAsync(World due)
        {
            foreach (var made in ciphertexts.Where(made => Moves.UseError(due.Keys.GetValueOrDefault(made.KeyId) ?? new ModelKey(made.KeyId, true)) is not null))
            {
                var body = new JsonObject { ["CiphertextBlob"] = made.Blob, ["EncryptionContext"] = new JsonObject { ["c"] = made.Context } };
                var refusal = await Assert.ThrowsAsync<KmsException>(() => core.CallAsync("Decrypt", body));
                Assert.Equal(SourceError(due.Keys.GetValueOrDefault(made.KeyId)), refusal.Error.Code);
            }
        }

        private sealed record Ciphertext(string Blob, string KeyId, string Context, string Text);
    }
}
