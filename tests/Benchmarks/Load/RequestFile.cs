using System.Globalization;
using KmsGateway.Wire.Tests.Clients;

namespace KmsGateway.Benchmarks.Load;

/// <summary>
/// <c>sign --user FILE --count N --out FILE</c>: N signed Encrypt requests, one form body a line, each with a nonce of its
/// own. Stamps are of now, so the file is good for less than 15 minutes.
/// </summary>
internal static class RequestFile
{
    private const int Batch = 10_000;
    private const string Plaintext = "c2l4dGVlbiBieXRlcyEhIHR3aWNlIGFuZCBtb3JlIQ==";

    public static async Task<int> RunAsync(string[] args)
    {
        var user = await LoadUser.LoadAsync(LoadTools.Option(args, "user"));
        var count = int.Parse(LoadTools.Option(args, "count"), CultureInfo.InvariantCulture);
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["KeyId"] = user.KeyId,
            ["Plaintext"] = Plaintext,
            ["EncryptionContext"] = """{"tenant":"apollo"}""",
        };

        await using var file = new StreamWriter(LoadTools.Option(args, "out"));
        for (var written = 0; written < count; written += Batch)
        {
            var lines = new string[Math.Min(Batch, count - written)];
            Parallel.For(0, lines.Length, index =>
                lines[index] = RpcSigner.Sign("POST", user.AccessKeyId, user.AccessKeySecret, "2016-01-20", "Encrypt", parameters));
            foreach (var line in lines)
            {
                await file.WriteLineAsync(line);
            }
        }

        return 0;
    }
}
