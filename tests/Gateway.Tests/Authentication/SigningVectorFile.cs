using System.Globalization;
using System.Text.Json;
using KmsGateway.Tests;

namespace KmsGateway.Gateway.Tests.Authentication;

internal sealed record VectorRequest(string Method, string Target, string[][] Headers, string? BodyBase64)
{
    public TestRequest ToTestRequest() => new(
        Method,
        Target,
        [.. Headers.Select(header => KeyValuePair.Create(header[0], header[1]))],
        Convert.FromBase64String(BodyBase64 ?? string.Empty));
}

internal sealed record VectorCredential(string AccessKeyId, string? AccessKeySecret);

internal sealed record VectorExpectation(
    string Result,
    string? Action,
    string? Version,
    string? StringToSign,
    string? CanonicalRequest,
    string? Signature,
    Dictionary<string, string>? Parameters,
    Dictionary<string, string>? QueryParameters,
    Dictionary<string, string>? FormParameters,
    int HttpStatus,
    string? Code,
    string? Message,
    string[]? CodeAnyOf,
    string? ServerStringToSign,
    string? ServerCanonicalRequest)
{
    public bool IsAccepted => string.Equals(Result, "accepted", StringComparison.Ordinal);
}

internal sealed record Vector(
    string Id, string Kind, string Clock, VectorRequest Request, VectorExpectation Expected, VectorCredential? Credential, bool Optional,
    string[]? PrecededBy)
{
    public DateTimeOffset Now => DateTimeOffset.Parse(Clock, CultureInfo.InvariantCulture);
}

internal sealed record PublishedVector(
    string Id, string Kind, string Method, string Secret, Dictionary<string, string>? Parameters, string? StringToSign, string Signature,
    string? Target, string[][]? Headers, string? Authorization, string? BodyBase64);

internal sealed record VectorKey(
    string AccessKeyId, string AccessKeySecret, string Type, string? Status, string? SecurityToken, DateTimeOffset SessionExpires);

internal sealed record VectorFixtures(VectorKey[] AccessKeys);

/// <summary>
/// One file of vectors. Beside the committed one, every <c>signing-vectors*.json</c> in the folder that the environment variable
/// KMSGATEWAY_EXTRA_CASES names; those without fixtures of their own use the committed ones.
/// </summary>
internal sealed record SigningVectorFile(
    VectorFixtures? Fixtures, Vector[]? Positive, Vector[]? Interop, PublishedVector[]? Published, Vector[]? Negative)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    public static SigningVectorFile Committed { get; } = Load(TestData.Path("signing-vectors.json"));

    public static IReadOnlyDictionary<string, SigningVectorFile> All { get; } = Files();

    public IEnumerable<Vector> Requests => [.. Positive ?? [], .. Interop ?? [], .. Negative ?? []];

    /// <summary>Everything that any vector of any file calls, except what is expected to be unknown.</summary>
    public static IEnumerable<string> KnownActions =>
        All.Values.SelectMany(file => file.Requests).Select(vector => vector.Expected.Action).OfType<string>().Append("Encrypt").Distinct();

    public FakeAccessKeySource Keys()
    {
        var source = new FakeAccessKeySource();
        foreach (var key in (Fixtures ?? Committed.Fixtures!).AccessKeys.Where(key => !key.Type.StartsWith("not ", StringComparison.Ordinal)))
        {
            source.Add(key.AccessKeyId, key.AccessKeySecret, key.Status is not "Inactive", key.SecurityToken, key.SessionExpires);
        }

        return source;
    }

    private static SortedDictionary<string, SigningVectorFile> Files()
    {
        var files = new SortedDictionary<string, SigningVectorFile>(StringComparer.Ordinal) { ["committed"] = Committed };
        if (Environment.GetEnvironmentVariable("KMSGATEWAY_EXTRA_CASES") is { Length: > 0 } folder)
        {
            foreach (var path in Directory.EnumerateFiles(folder, "signing-vectors*.json"))
            {
                files[System.IO.Path.GetFileName(path)] = Load(path);
            }
        }

        return files;
    }

    private static SigningVectorFile Load(string path) =>
        JsonSerializer.Deserialize<SigningVectorFile>(File.ReadAllText(path), Options)
        ?? throw new InvalidDataException("a file of vectors holds an object");
}
