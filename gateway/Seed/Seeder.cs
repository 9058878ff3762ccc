using KmsGateway.Core.Hosting;
using KmsGateway.Gateway.Ram;
using KmsGateway.Gateway.Seed.Reading;

namespace KmsGateway.Gateway.Seed;

/// <summary>
/// Compares a seed with what is there, and makes it so. Each change is an API call of its own and durable when it ends; a start
/// that was killed between two of them finds the rest of the differences the next time.
/// </summary>
internal sealed partial class Seeder(
    RamStore store, AccountSeedPlan accounts, RamSeedPlan ram, GrantSeedPlan grants, KeySeedPlan keys, ILogger<Seeder> logger)
{
    /// <summary>The differences, in the order they are to go.</summary>
    /// <exception cref="StartupException">64: the file asks for what is refused; names file, line and member.</exception>
    public async Task<IReadOnlyList<SeedChange>> PlanAsync(SeedDocument seed, bool isPruning, CancellationToken cancellationToken)
    {
        var changes = new List<SeedChange>();
        foreach (var account in seed.Accounts)
        {
            changes.AddRange(store.Database.Read(reader => (SeedChange[])
            [
                .. accounts.Plan(reader, account), .. ram.Plan(reader, account), .. grants.Plan(reader, account, isPruning),
            ]));
            changes.AddRange(await keys.PlanAsync(account, cancellationToken));
        }

        return changes;
    }

    /// <summary>Applies the changes; answers how many. Each is logged when it is done.</summary>
    public async Task<int> ApplyAsync(SeedDocument seed, IReadOnlyList<SeedChange> changes, CancellationToken cancellationToken)
    {
        var done = 0;
        foreach (var change in changes)
        {
            if (change.ApplyAsync is { } apply)
            {
                await apply(cancellationToken);
                done++;
            }

            Log.Change(logger, change.Text);
        }

        Log.Applied(logger, seed.File, done, changes.Count - done);
        return done;
    }

    private static partial class Log
    {
        [LoggerMessage(1201, LogLevel.Information, "Seed: {Change}")]
        public static partial void Change(ILogger logger, string change);

        [LoggerMessage(1202, LogLevel.Information, "Seed {File}: {Changes} changes made, {Kept} differences kept.")]
        public static partial void Applied(ILogger logger, string file, int changes, int kept);
    }
}
