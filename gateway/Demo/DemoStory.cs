using System.Text.Json;
using KmsGateway.Gateway.Catalogue;
using KmsGateway.Gateway.Hosting;

namespace KmsGateway.Gateway.Demo;

/// <summary>The story: each step is a call, and the outcome it must have.</summary>
internal sealed class DemoStory : IDisposable
{
    private const string Denied = "Forbidden.NoPermission";

    /// <summary>The tag policy of the KMS user guide 2019, chapter 1: use of keys that carry a tag, and nothing else.</summary>
    private const string TagPolicy = """
        {"Version":"1","Statement":[{"Effect":"Allow","Action":["kms:Encrypt","kms:Decrypt","kms:GenerateDataKey"],
        "Resource":"*","Condition":{"StringEqualsIgnoreCase":{"kms:tag/Project":["Apollo"]}}}]}
        """;

    private readonly HttpClient http = new(new SocketsHttpHandler { UseProxy = false });
    private readonly Uri endpoint;
    private readonly DemoTrail trail;
    private readonly TextWriter output;
    private readonly TimeProvider clock;
    private readonly DemoCaller root;
    private int differences;
    private int step;

    public DemoStory(RunningGateway gateway, DemoTrail trail, TextWriter output, TimeProvider clock)
    {
        (endpoint, this.trail, this.output, this.clock) = (gateway.Addresses[0], trail, output, clock);
        using var credentials = JsonDocument.Parse(File.ReadAllBytes(gateway.Data.FilePath("root-access-key.json")));
        root = NewCaller("root", credentials.RootElement);
    }

    /// <summary>Plays it; true when every outcome was the one told.</summary>
    public async Task<bool> PlayAsync(CancellationToken cancellationToken)
    {
        var story = new Narrator(this, cancellationToken);
        var apollo = KeyIdOf(await story.Kms(root, "OK", "CreateKey", ("Description", "keys of Apollo"), ("Tags", """[{"TagKey":"Project","TagValue":"Apollo"}]""")));
        var other = KeyIdOf(await story.Kms(root, "OK", "CreateKey", ("Description", "somebody else's")));
        await story.Kms(root, "OK", "CreateAlias", ("AliasName", "alias/apollo"), ("KeyId", apollo));
        await story.Ram("OK", "CreateUser", ("UserName", "alice"));
        using var alice = NewCaller("alice", (await story.Ram("OK", "CreateAccessKey", ("UserName", "alice"))).Body.GetProperty("AccessKey"));
        await story.Kms(alice, Denied, "Encrypt", ("KeyId", apollo), ("Plaintext", "aGVsbG8="));
        await story.Ram("OK", "CreatePolicy", ("PolicyName", "UseApollo"), ("PolicyDocument", TagPolicy));
        await story.Ram("OK", "AttachPolicyToUser", ("PolicyName", "UseApollo"), ("PolicyType", "Custom"), ("UserName", "alice"));
        await story.Kms(alice, "OK", "Encrypt", ("KeyId", apollo), ("Plaintext", "aGVsbG8="));
        var byAlias = await story.Kms(alice, "OK", "Encrypt", ("KeyId", "alias/apollo"), ("Plaintext", "aGVsbG8="), ("EncryptionContext", """{"tenant":"1"}"""));
        var blob = byAlias.Status == StatusCodes.Status200OK ? byAlias.Body.GetProperty("CiphertextBlob").GetString()! : "-";
        await story.Kms(alice, "OK", "Decrypt", ("CiphertextBlob", blob), ("EncryptionContext", """{"tenant":"1"}"""));
        await story.Kms(alice, "InvalidParameter", "Decrypt", ("CiphertextBlob", blob), ("EncryptionContext", """{"tenant":"2"}"""));
        await story.Kms(alice, Denied, "Encrypt", ("KeyId", other), ("Plaintext", "aGVsbG8="));
        await story.Kms(alice, Denied, "ScheduleKeyDeletion", ("KeyId", apollo), ("PendingWindowInDays", "7"));
        await story.Ram("OK", "DetachPolicyFromUser", ("PolicyName", "UseApollo"), ("PolicyType", "Custom"), ("UserName", "alice"));
        await story.Kms(alice, Denied, "Encrypt", ("KeyId", apollo), ("Plaintext", "aGVsbG8="));
        await output.WriteLineAsync(differences == 0 ? $"{step} calls, every outcome as told." : $"{step} calls, {differences} with another outcome than told.");
        return differences == 0;
    }

    public void Dispose()
    {
        root.Dispose();
        http.Dispose();
    }

    private static string KeyIdOf(DemoAnswer answer) =>
        answer.Body.TryGetProperty("KeyMetadata", out var key) ? key.GetProperty("KeyId").GetString()! : "-";

    private DemoCaller NewCaller(string name, JsonElement credentials) => new(
        name, credentials.GetProperty("AccessKeyId").GetString()!, credentials.GetProperty("AccessKeySecret").GetString()!, endpoint, http, clock);

    private async Task<DemoAnswer> TellAsync(
        DemoCaller caller, string version, string expected, string action, (string Name, string Value)[] parameters, CancellationToken cancellationToken)
    {
        var answer = await caller.CallAsync(version, action, parameters.Select(parameter => KeyValuePair.Create(parameter.Name, parameter.Value)), cancellationToken);
        var isAsTold = string.Equals(answer.Code, expected, StringComparison.Ordinal);
        differences += isAsTold ? 0 : 1;
        step++;
        await output.WriteLineAsync($"{step,2}. {caller.Name,-5} {action}({string.Join(", ", parameters.Select(Shown))})");
        await output.WriteLineAsync($"    {answer.Status} {answer.Code}{(isAsTold ? string.Empty : $"   <-- the story says {expected}")}");
        if (trail.TakeReason(answer.RequestId) is { Length: > 0 } reason)
        {
            await output.WriteLineAsync($"    {reason}");
        }

        return answer;
    }

    private static string Shown((string Name, string Value) parameter)
    {
        const int most = 40;
        var value = string.Join(' ', parameter.Value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return $"{parameter.Name}={(value.Length > most ? value[..most] + "..." : value)}";
    }

    /// <summary>Two verbs, so that the story reads as one.</summary>
    private readonly struct Narrator(DemoStory story, CancellationToken cancellationToken)
    {
        private readonly DemoStory story = story;
        private readonly CancellationToken cancellationToken = cancellationToken;

        public Task<DemoAnswer> Kms(DemoCaller caller, string expected, string action, params (string Name, string Value)[] parameters) =>
            story.TellAsync(caller, ActionCatalogue.KmsVersion, expected, action, parameters, cancellationToken);

        public Task<DemoAnswer> Ram(string expected, string action, params (string Name, string Value)[] parameters) =>
            story.TellAsync(story.root, ActionCatalogue.RamVersion, expected, action, parameters, cancellationToken);
    }
}
