namespace KmsGateway.Gateway.Wire;

/// <summary>A caller's text made fit for a message: short, and without control characters.</summary>
internal static class Quotation
{
    private const int MaxLength = 64;

    public static string Of(string text)
    {
        var shown = text.Length <= MaxLength ? text : string.Concat(text.AsSpan(0, MaxLength), "...");
        return string.Create(shown.Length, shown, static (target, source) =>
        {
            for (var i = 0; i < source.Length; i++)
            {
                target[i] = char.IsControl(source[i]) || char.IsSurrogate(source[i]) ? '?' : source[i];
            }
        });
    }
}
