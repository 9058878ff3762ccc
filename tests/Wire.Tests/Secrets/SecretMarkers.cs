using System.Text;

namespace KmsGateway.Wire.Tests.Secrets;

/// <summary>Looks for secrets in every spelling in which they could leak: text, UTF-16, base64, hex.</summary>
internal sealed class SecretMarkers
{
    private readonly List<(string Name, byte[] Needle)> needles = [];

    /// <summary>How many needles are looked for.</summary>
    public int Count => needles.Count;

    /// <summary>Looks for this text from now on.</summary>
    public void Add(string name, string secret)
    {
        var utf8 = Encoding.UTF8.GetBytes(secret);
        needles.Add((name, utf8));
        needles.Add(($"{name} in UTF-16", Encoding.Unicode.GetBytes(secret)));
        needles.Add(($"{name} in hex", Encoding.ASCII.GetBytes(Convert.ToHexString(utf8))));
        needles.Add(($"{name} in lower-case hex", Encoding.ASCII.GetBytes(Convert.ToHexStringLower(utf8))));

        // the middle of the base64 text, since its ends depend on the neighbours; at each of the three alignments
        for (var shift = 0; shift < 3; shift++)
        {
            var aligned = utf8.AsSpan(shift, (utf8.Length - shift) / 3 * 3);
            needles.Add(($"{name} in base64", Encoding.ASCII.GetBytes(Convert.ToBase64String(aligned))));
        }
    }

    /// <summary>Names of the secrets found in <paramref name="hay"/>.</summary>
    public IEnumerable<string> FindIn(byte[] hay) => needles.Where(each => hay.AsSpan().IndexOf(each.Needle) >= 0).Select(each => each.Name);
}
