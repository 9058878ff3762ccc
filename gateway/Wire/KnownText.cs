using System.Text;

namespace KmsGateway.Gateway.Wire;

/// <summary>Names and values that nearly every request carries, kept once instead of being made anew each time.</summary>
internal static class KnownText
{
    private const int MaxLength = 20;

    private static readonly (byte[] Utf8, string Text)[][] ByLength = Arrange(
    [
        .. WireNames.Authenticating,
        "CiphertextBlob", "EncryptionContext", "KeyId", "KeySpec", "NumberOfBytes", "Plaintext", "RegionId",
        "Decrypt", "Encrypt", "GenerateDataKey", "DescribeKey",
        "1.0", "2015-04-01", "2015-05-01", "2016-01-20", "HMAC-SHA1", "JSON", "XML", "json", "cn-hangzhou",
    ]);

    /// <summary>The shared string with these bytes, or null.</summary>
    public static string? Find(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > MaxLength)
        {
            return null;
        }

        foreach (var (bytes, text) in ByLength[utf8.Length])
        {
            if (utf8.SequenceEqual(bytes))
            {
                return text;
            }
        }

        return null;
    }

    private static (byte[] Utf8, string Text)[][] Arrange(string[] texts)
    {
        var byLength = new (byte[], string)[MaxLength + 1][];
        for (var length = 0; length <= MaxLength; length++)
        {
            byLength[length] = [.. texts.Where(text => text.Length == length).Select(text => (Encoding.UTF8.GetBytes(text), text))];
        }

        return byLength;
    }
}
