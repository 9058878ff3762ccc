using System.Globalization;
using System.Text.Json;
using KmsGateway.Policy.Kms;
using KmsGateway.Tests;
using Xunit;

namespace KmsGateway.Policy.Tests.Kms;

/// <summary>Every golden case of resolution.json: which checks does one KMS call need?</summary>
public sealed class KmsCallResolutionCasesTests
{
    private static readonly JsonElement Document =
        JsonDocument.Parse(File.ReadAllText(TestData.Path("policy-cases", "resolution.json"))).RootElement;

    private static readonly Dictionary<string, string> VersionIds = Document.GetProperty("state").GetProperty("ciphertexts")
        .EnumerateObject()
        .Select((pair, index) => (pair.Name, Id: string.Create(CultureInfo.InvariantCulture, $"aaaaaaaa-0000-4000-8000-{index:x12}")))
        .ToDictionary(pair => pair.Name, pair => pair.Id, StringComparer.Ordinal);

    public static TheoryData<string> Names() =>
        [.. Document.GetProperty("cases").EnumerateArray().Select(row => row.GetProperty("name").GetString()!)];

    [Fact]
    public void Cases_AreThoseThatWereCopied() => Assert.Equal(48, Document.GetProperty("cases").GetArrayLength());

    [Theory]
    [MemberData(nameof(Names))]
    public void Case_Resolves_AsExpected(string name)
    {
        var row = Document.GetProperty("cases").EnumerateArray().Single(row => row.GetProperty("name").GetString() == name);
        var api = row.GetProperty("call").GetProperty("api").GetString()!;
        (string, string)[] parameters =
        [
            .. row.GetProperty("call").GetProperty("params").EnumerateObject()
                .Select(pair => (pair.Name, Value(pair.Name, pair.Value.GetString()!))),
        ];
        var world = World();
        var expect = row.GetProperty("expect");
        var (_, fault) = world.Read(api, parameters);
        if (expect.TryGetProperty("error", out var error))
        {
            Assert.Equal(error.GetString(), fault?.Code ?? world.Checks(api, parameters).Pending?.Code);
            return;
        }

        var checks = world.Checks(api, parameters);
        Assert.Null(checks.Pending);
        Assert.Equal([.. expect.GetProperty("checks").EnumerateArray().Select(Expected)], checks.Checks.Select(Actual));
    }

    private static string Value(string name, string text) =>
        name == "CiphertextBlob" ? KmsWorld.Blob(VersionIds[text]) : text;

    private static string Expected(JsonElement check)
    {
        var context = check.GetProperty("context").EnumerateObject()
            .Select(key => $"{key.Name}={string.Join(',', key.Value.EnumerateArray().Select(value => value.GetString()))}");
        return $"{check.GetProperty("action").GetString()} {check.GetProperty("resource").GetString()} {Sorted(context)}";
    }

    private static string Actual(KmsCheck check) =>
        $"{check.Action} {check.Resource} {Sorted(check.Context.Entries.Select(entry => $"{entry.Key}={string.Join(',', entry.Value)}"))}";

    private static string Sorted(IEnumerable<string> entries) => string.Join(' ', entries.Order(StringComparer.Ordinal));

    private static KmsWorld World()
    {
        var state = Document.GetProperty("state");
        var world = new KmsWorld(state.GetProperty("account").GetString()!, state.GetProperty("region").GetString()!);
        var keys = state.GetProperty("keys").EnumerateObject().ToDictionary(
            key => key.Name, key => world.Key(key.Name, Tags(key.Value), Owner(key.Value)), StringComparer.Ordinal);
        foreach (var alias in state.GetProperty("aliases").EnumerateObject())
        {
            world.Alias(alias.Name, keys[alias.Value.GetString()!]);
        }

        foreach (var ciphertext in state.GetProperty("ciphertexts").EnumerateObject())
        {
            world.Ciphertext(VersionIds[ciphertext.Name], keys[ciphertext.Value.GetString()!]);
        }

        foreach (var secret in state.GetProperty("secrets").EnumerateObject())
        {
            world.Secret(secret.Name, secret.Value.TryGetProperty("key", out var key) ? keys[key.GetString()!] : null);
        }

        return world;
    }

    private static Dictionary<string, string> Tags(JsonElement key) => key.GetProperty("tags").EnumerateObject()
        .ToDictionary(tag => tag.Name, tag => tag.Value.GetString()!, StringComparer.Ordinal);

    private static string? Owner(JsonElement key) =>
        key.TryGetProperty("arn", out var arn) ? arn.GetString()!.Split(':')[3] : null;
}
