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

    /// <summary>How often, at most, a token of an unknown key has the store read.</summary>
    private static readonly TimeSpan ReadInterval = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private volatile Opened? opened;
    private RamStore? source;
    private DateTimeOffset lastRead;

    /// <summary>Seals the diagnosis of a denial.</summary>
    public DiagnosticSealer Diagnostics => Required.Diagnostics;

    /// <summary>Hashes the values of encryption contexts for the trail.</summary>
    public ContextHasher ContextHasher => Required.ContextHasher;

    /// <summary>Seals and opens security tokens.</summary>
    public SessionSealer Sessions => Required.Sessions;

    /// <summary>
    /// The same for opening <paramref name="token"/>: a key that another process of this store has made since is read. Why
    /// bounded in rate: anybody can write the number of a key that does not exist.
    /// </summary>
    public SessionSealer SessionsFor(string token)
    {
        var known = Required;
        if (known.Sessions.Knows(token))
        {
            return known.Sessions;
        }

        lock (gate)
        {
            known = Required;
            var sinceRead = clock.GetUtcNow() - lastRead;
            if (!known.Sessions.Knows(token) && (sinceRead >= ReadInterval || sinceRead < TimeSpan.Zero))
            {
                lastRead += sinceRead;
                known = opened = known.With(SessionKeyStore.Open(source!, known.SessionKeys));
            }

            return known.Sessions;
        }
    }

    private Opened Required => opened ?? throw GatewayErrors.ServiceUnavailable.With();

    /// <summary>Fresh keys, for the first start.</summary>
    public static Dictionary<string, SecretBuffer> Generate() =>
        new[] { DiagnosticsName, SessionKeyStore.Name, ContextHashName }.ToDictionary(name => name, _ => SecretBuffer.Random(KeyBytes), StringComparer.Ordinal);

    /// <summary>Takes the keys out of an unlocked store.</summary>
    public void Open(RamStore store)
    {
        var (diagnostics, context) = (Find(store, DiagnosticsName), Find(store, ContextHashName));
        var sessions = SessionKeyStore.Open(store);
        source = store;
        lastRead = clock.GetUtcNow();
        opened = new Opened(
            new DiagnosticSealer(diagnostics, clock), new ContextHasher(context), new SessionSealer(sessions), sessions, [diagnostics, context]);
    }

    public void Dispose()
    {
        if (opened is not { } known)
        {
            return;
        }

        foreach (var secret in known.Secrets.Concat(known.SessionKeys.Select(key => key.Key)))
        {
            secret.Dispose();
        }
    }

    private static SecretBuffer Find(RamStore store, string name) =>
        store.OpenGatewaySecret(name) ?? throw new InvalidOperationException($"the identity database lacks the sealing key {name}");

    private sealed record Opened(
        DiagnosticSealer Diagnostics, ContextHasher ContextHasher, SessionSealer Sessions, IReadOnlyList<SessionKey> SessionKeys, SecretBuffer[] Secrets)
    {
        /// <summary>Why keys that are gone are not disposed: a token may be being opened with one. The collector zeroes them.</summary>
        public Opened With(IReadOnlyList<SessionKey> sessionKeys) => this with { Sessions = new SessionSealer(sessionKeys), SessionKeys = sessionKeys };
    }
}
