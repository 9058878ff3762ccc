using System.CommandLine;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace KmsGateway.Gateway.Accounts.Commands;

/// <summary>
/// Hands a new root key to the operator, once: its secret goes to a terminal, or, with <c>--show-secret</c>, to whatever reads
/// along; otherwise to a file in the data directory that only the owner may read. Source: decisions.md D8.
/// </summary>
internal sealed class RootKeyDelivery
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly Option<bool> showSecret = new("--show-secret")
    {
        Description = "print the secret even when the output is not a terminal; otherwise it goes to a file that only the owner may read",
    };

    public void AddTo(Command command) => command.Options.Add(showSecret);

    /// <summary>The result without its secret, or with it where it may be shown.</summary>
    public JsonObject Deliver(ParseResult parsed, OperatorRun run, JsonObject result)
    {
        var path = FilePath(run, (string)result["accountId"]!);
        var isShown = run.Process.IsTerminal || parsed.GetValue(showSecret);

        // Why also where it is shown: a file of an earlier key would mislead whoever reads it next.
        if (!isShown || File.Exists(path))
        {
            Write(path, result);
        }

        if (!isShown)
        {
            result.Remove("accessKeySecret");
            result["accessKeyFile"] = path;
        }

        return result;
    }

    public static IEnumerable<string> Text(JsonObject result)
    {
        yield return $"account               {result["accountId"]}";
        yield return $"root AccessKeyId      {result["accessKeyId"]}";
        yield return result["accessKeySecret"] is { } secret
            ? $"root AccessKeySecret  {secret}   (shown once)"
            : $"root AccessKeySecret  in {result["accessKeyFile"]}";
    }

    private static string FilePath(OperatorRun run, string account)
    {
        var directory = Path.GetFullPath(run.Settings.Options.DataDirectory);
        var first = Path.Combine(directory, "root-access-key.json");
        return File.Exists(first) && AccountOf(first) == account ? first : Path.Combine(directory, $"root-access-key-{account}.json");
    }

    private static string? AccountOf(string path)
    {
        try
        {
            return (string?)JsonNode.Parse(File.ReadAllText(path))?["AccountId"];
        }
        catch (JsonException)
        {
            // Why: somebody's own file of that name is left alone.
            return null;
        }
    }

    private static void Write(string path, JsonObject result)
    {
        var content = new JsonObject
        {
            ["AccountId"] = (string?)result["accountId"],
            ["AccessKeyId"] = (string?)result["accessKeyId"],
            ["AccessKeySecret"] = (string?)result["accessKeySecret"],
        };
        var temporary = path + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        using (var stream = new FileStream(temporary, options))
        {
            stream.Write(Encoding.UTF8.GetBytes(content.ToJsonString(new JsonSerializerOptions { WriteIndented = true })));
            stream.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }
}
