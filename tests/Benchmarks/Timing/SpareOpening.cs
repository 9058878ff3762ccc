using System.Diagnostics;
using KmsGateway.Core.Crypto;
using KmsGateway.Core.Crypto.Software;

namespace KmsGateway.Benchmarks.Timing;

/// <summary>The work that an early return would leave out: opening one ciphertext that cannot be opened.</summary>
internal sealed class SpareOpening : IDisposable
{
    private const int Calls = 20_000;

    private readonly SoftwareKeyHandle handle = new(KeyMaterial.Random(XaesGcm.KeyLength), Id);
    private readonly byte[] blob;

    public SpareOpening()
    {
        var text = CiphertextBlob.Seal(handle, Id, Id, new byte[32], EncryptionContext.Empty);
        blob = CiphertextBlob.DecodeStrict(text)!;
        blob[^1] ^= 1;
    }

    private static string Id { get; } = Guid.Empty.ToString("D");

    public void Open() => _ = CiphertextBlob.Open(handle, Id, Id, blob, EncryptionContext.Empty);

    /// <summary>Microseconds of one opening, once it is warm.</summary>
    public double Cost()
    {
        double best = double.MaxValue;
        for (var round = 0; round < 5; round++)
        {
            var began = Stopwatch.GetTimestamp();
            for (var call = 0; call < Calls; call++)
            {
                Open();
            }

            best = Math.Min(best, Stopwatch.GetElapsedTime(began).TotalMicroseconds / Calls);
        }

        return best;
    }

    public void Dispose() => handle.Dispose();
}
