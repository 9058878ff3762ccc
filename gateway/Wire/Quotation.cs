namespace KmsGateway.Gateway.Wire;

/// <summary>A caller's text made fit for a message: short, and without control characters.</summary>
internal static class Quotation
{
    private const int MaxLength = 64;

    public static string Of(string text) => Of(text, MaxLength);

    public static string Of(string text, int maxLength)
    {
        var shown = text.Length <= maxLength ? text : string.Concat(text.AsSpan(0, maxLength), "...");
        return string.Create(shown.Length, shown, static (target, source) =>
        {
            for (var i = 0; i < source.Length; i++)
            {
                target[i] = char.IsControl(source[i]) || char.IsSurrogate(source[i]) ? '?' : source[i];
            }
        });
    }
}
