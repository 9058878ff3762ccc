namespace KmsGateway.Core.Keys;

/// <summary>Times as the store keeps them, so that what was just written equals what is read back.</summary>
internal static class WholeMilliseconds
{
    public static DateTimeOffset Of(DateTimeOffset time) => DateTimeOffset.FromUnixTimeMilliseconds(time.ToUnixTimeMilliseconds());
}
