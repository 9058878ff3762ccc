using System.Text;

namespace KmsGateway.Core.Crypto.Pkcs11;

/// <summary>From a name of this code to the standard's spelling.</summary>
internal static class PublishedNames
{
    /// <summary><c>EncryptedDataLenRange</c> under <c>CKR_</c> is <c>CKR_ENCRYPTED_DATA_LEN_RANGE</c>.</summary>
    public static string Of(string prefix, string name)
    {
        var text = new StringBuilder(prefix);
        foreach (var letter in name)
        {
            if (char.IsAsciiLetterUpper(letter) && text.Length > prefix.Length)
            {
                text.Append('_');
            }

            text.Append(char.ToUpperInvariant(letter));
        }

        return text.ToString();
    }
}
