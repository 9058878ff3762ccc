namespace KmsGateway.Gateway.Rendering;

/// <summary>The id of one request, as callers see it: an upper-case UUID. Source: signing.md 7.4.</summary>
internal static class RequestId
{
    public static string New() => string.Create(36, Guid.NewGuid(), static (target, id) =>
    {
        id.TryFormat(target, out _);
        foreach (ref var character in target)
        {
            character = char.ToUpperInvariant(character);
        }
    });
}
