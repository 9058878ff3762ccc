using System.Text;

namespace KmsGateway.Gateway.Seed.Reading;

/// <summary>
/// <c>{ id, secret | secretFile, status }</c>, with the bounds of the bootstrap settings. A secret is in the file or in one beside
/// it, never generated: nobody would be there to see it.
/// </summary>
internal static class SeedAccessKeys
{
    private const int Shortest = 16;
    private const int Longest = 128;

    public static SeedAccessKey Read(SeedNode node)
    {
        node.WithMembers("id", "secret", "secretFile", "status");
        var id = node.Find("id") ?? throw node.Fault("id is missing.");
        if (id.AsText() is not { Length: >= Shortest and <= Longest } text || !text.All(char.IsAsciiLetterOrDigit))
        {
            throw id.Fault("must be 16 to 128 letters and digits.");
        }

        return new SeedAccessKey(node, id.Text, Secret(node), IsActive(node));
    }

    private static byte[] Secret(SeedNode node)
    {
        var (inline, file) = (node.Find("secret"), node.Find("secretFile"));
        var secret = (inline, file) switch
        {
            ({ } text, null) => Encoding.UTF8.GetBytes(text.AsText()),
            (null, { } name) => SeedFile.ReadSecret(name),
            (null, null) => throw node.Fault("secret or secretFile is missing."),
            _ => throw file.Fault("secret is given as well."),
        };

        // Why: the secret is never quoted, not even a wrong one.
        return secret.Length is >= Shortest and <= Longest && secret.All(octet => octet is > (byte)' ' and < 0x7f)
            ? secret
            : throw (inline ?? file)!.Fault("a secret has 16 to 128 printable ASCII characters without blanks.");
    }

    private static bool IsActive(SeedNode node) => node.Find("status") switch
    {
        null => true,
        { } status when status.AsText() == "Active" => true,
        { Text: "Inactive" } => false,
        { } status => throw status.Fault("must be Active or Inactive."),
    };
}
