using System.Globalization;
using KmsGateway.Core.Contract;
using KmsGateway.Gateway.Ram;

namespace KmsGateway.Gateway.Sts;

/// <summary>
/// The keys of security tokens in ram.db: <c>sessions</c> (version 1, made at the first start), <c>sessions/2</c>, ... A
/// start that finds the newest a quarter old adds another, and drops those whose last session is over.
/// </summary>
internal static class SessionKeyStore
{
    /// <summary>Name of the first version, and the prefix of the others.</summary>
    public const string Name = "sessions";

    private const int KeyBytes = 32;

    /// <summary>How long a key seals new tokens.</summary>
    private static readonly TimeSpan Period = TimeSpan.FromDays(90);

    /// <summary>Changes the key when it is due, or when <paramref name="isForced"/>.</summary>
    public static async Task RotateAsync(RamStore store, TimeProvider clock, bool isForced, CancellationToken cancellationToken)
    {
        var keys = Stored(store);
        var now = clock.GetUtcNow();
        if (!isForced && now - keys[^1].MadeAt < Period)
        {
            return;
        }

        // Why: tokens of a key were last issued when its successor was made, and live no longer than the longest session.
        var over = keys.Where((_, index) => index + 1 < keys.Count && now - keys[index + 1].MadeAt > SessionContents.LongestLife);
        using var fresh = SecretBuffer.Random(KeyBytes);
        await store.ReplaceGatewaySecretsAsync(NameOf(keys[^1].Version + 1), fresh, [.. over.Select(key => NameOf(key.Version))], cancellationToken);
    }

    /// <summary>Every key that tokens may still be sealed with, oldest first; the caller disposes those that are not in <paramref name="known"/>.</summary>
    public static IReadOnlyList<SessionKey> Open(RamStore store, IReadOnlyList<SessionKey>? known = null) =>
    [
        .. Stored(store).Select(key => known?.FirstOrDefault(each => each.Version == key.Version)
            ?? new SessionKey(key.Version, store.OpenGatewaySecret(NameOf(key.Version))!)),
    ];

    private static List<(ushort Version, DateTimeOffset MadeAt)> Stored(RamStore store) =>
    [
        .. store.GatewaySecrets(Name)
            .Select(secret => (VersionOf(secret.Name), DateTimeOffset.FromUnixTimeMilliseconds(secret.CreatedAt)))
            .OrderBy(key => key.Item1),
    ];

    private static string NameOf(int version) =>
        version == 1 ? Name : string.Create(CultureInfo.InvariantCulture, $"{Name}/{version}");

    private static ushort VersionOf(string name) =>
        name.Length == Name.Length ? (ushort)1 : ushort.Parse(name.AsSpan(Name.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture);
}
