using KmsGateway.Core.Contract;
using KmsGateway.Gateway.Ram;
using KmsGateway.Gateway.Rendering;
using KmsGateway.Gateway.Sts;
using KmsGateway.Gateway.Trail;

namespace KmsGateway.Gateway.Authorization;

/// <summary>The gateway's own sealing keys, there once the core has unwrapped its data key; 503 before. Source: decisions.md D4.</summary>
internal sealed class GatewayKeys(TimeProvider clock) : IDisposable
{
    private const int KeyBytes = 32;
    private const string DiagnosticsName = "diagnostics";
    private const string ContextHashName = "context-hash";

    private volatile Opened? opened;

    /// <summary>Seals the diagnosis of a denial.</summary>
    public DiagnosticSealer Diagnostics => Required.Diagnostics;

    /// <summary>Hashes the values of encryption contexts for the trail.</summary>
    public ContextHasher ContextHasher => Required.ContextHasher;

    /// <summary>Seals and opens security tokens.</summary>
    public SessionSealer Sessions => Required.Sessions;

    private Opened Required => opened ?? throw GatewayErrors.ServiceUnavailable.With();

    /// <summary>Fresh keys, for the first start.</summary>
    public static Dictionary<string, SecretBuffer> Generate() =>
        new[] { DiagnosticsName, SessionKeyStore.Name, ContextHashName }.ToDictionary(name => name, _ => SecretBuffer.Random(KeyBytes), StringComparer.Ordinal);

    /// <summary>Takes the keys out of an unlocked store.</summary>
    public void Open(RamStore store)
    {
        var (diagnostics, context) = (Find(store, DiagnosticsName), Find(store, ContextHashName));
        var sessions = SessionKeyStore.Open(store);
        opened = new Opened(
            new DiagnosticSealer(diagnostics, clock), new ContextHasher(context), new SessionSealer(sessions),
            [diagnostics, context, .. sessions.Select(key => key.Key)]);
    }

    public void Dispose()
    {
        foreach (var secret in opened?.Secrets ?? [])
        {
            secret.Dispose();
        }
    }

    private static SecretBuffer Find(RamStore store, string name) =>
        store.OpenGatewaySecret(name) ?? throw new InvalidOperationException($"the identity database lacks the sealing key {name}");

    private sealed record Opened(DiagnosticSealer Diagnostics, ContextHasher ContextHasher, SessionSealer Sessions, SecretBuffer[] Secrets);
}
