using KmsGateway.Core.Hosting;
using KmsGateway.Gateway.Hosting;
using KmsGateway.Gateway.Seed.Reading;

namespace KmsGateway.Gateway.Seed;

/// <summary><c>Kms:Seed</c>, applied at every start once the core answers; a second start finds nothing to change.</summary>
internal sealed class SeedAtStart(GatewayOptions options, Lazy<Seeder> seeder, StartupReport report)
{
    /// <summary>Reads the file, before anything is opened or made, so that a bad one changes nothing.</summary>
    /// <exception cref="StartupException">64; names file, line and member.</exception>
    public void Check()
    {
        if (options.Seed is { } path)
        {
            SeedFile.Read(path).Dispose();
        }
    }

    /// <exception cref="StartupException">64: the file asks for what is refused.</exception>
    public async Task ApplyAsync(CancellationToken cancellationToken)
    {
        if (options.Seed is not { } path)
        {
            return;
        }

        using var seed = SeedFile.Read(path);
        var changes = await seeder.Value.PlanAsync(seed, isPruning: false, cancellationToken);
        var done = await seeder.Value.ApplyAsync(seed, changes, cancellationToken);
        report.Add("seed", done == 0 ? $"{path}, nothing to change" : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{path}, {done} changes made"));
    }
}
