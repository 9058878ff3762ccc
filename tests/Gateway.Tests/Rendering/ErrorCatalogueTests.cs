using System.Reflection;
using KmsGateway.Core.Contract;
using KmsGateway.Gateway.Rendering;
using KmsGateway.Gateway.Wire;
using KmsGateway.Tests;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace KmsGateway.Gateway.Tests.Rendering;

/// <summary>Both halves of the error catalogue, walked as one.</summary>
public sealed class ErrorCatalogueTests
{
    private const string Id = "1DD9FD9A-8E57-43E5-B911-E4F5AD2027F7";

    // One code, several meanings, on purpose: the message tells them apart.
    private static readonly Dictionary<string, int> SharedCodes = new(StringComparer.Ordinal)
    {
        ["EntityNotExist.Role"] = 2,
        ["InvalidParameter"] = 5,
        ["NoPermission"] = 2,
        ["SignatureDoesNotMatch"] = 2,
        ["UnsupportedHTTPMethod"] = 2,
    };

    private static readonly Dictionary<string, KmsError> Entries = Named();

    public static TheoryData<string> Names => [.. Entries.Keys];

    [Fact]
    public void Lists_HoldEveryEntry() =>
        Assert.Equal(Entries.Count, KmsErrors.All.Length + GatewayErrors.All.Length);

    [Fact]
    public void Codes_AreUnique_ExceptTheListedOnes() => Assert.Equal(
        SharedCodes.OrderBy(pair => pair.Key, StringComparer.Ordinal),
        Entries.Values.GroupBy(entry => entry.Code).Where(group => group.Count() > 1)
            .Select(group => KeyValuePair.Create(group.Key, group.Count())).OrderBy(pair => pair.Key, StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Names))]
    public void Entry_IsComplete(string name)
    {
        var entry = Entries[name];
        Assert.Contains(entry.HttpStatus, new[] { 400, 401, 403, 404, 405, 409, 413, 414, 429, 431, 500, 503 });
        Assert.Matches("^[A-Z][A-Za-z]*(\\.[A-Z][A-Za-z]*)*$", entry.Code);
        Assert.NotEmpty(entry.Source);
        Assert.DoesNotContain("{0}", entry.Render("Name"), StringComparison.Ordinal);
        Assert.NotEmpty(entry.Render("Name"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Entry_HasItsGoldenAnswers(string name)
    {
        foreach (var (format, extension) in new[] { (ResponseFormat.Json, "json"), (ResponseFormat.Xml, "xml") })
        {
            var context = new ResponseContext(new DefaultHttpContext(), Id, format, "Encrypt", "kms.example");
            using var body = new CanonicalBuffer();
            ErrorWriter.Append(body, context, Entries[name].With("Name"), null);
            GoldenFile.Verify(body + "\n", "errors", $"{name}.{extension}");
        }
    }

    [Fact]
    public void GoldenFiles_AllBelongToAnEntry() => Assert.Equal(
        Entries.Keys.Order(StringComparer.Ordinal),
        Directory.GetFiles(TestData.Path("golden", "errors"), "*.json").Select(file => Path.GetFileNameWithoutExtension(file))
            .Order(StringComparer.Ordinal));

    private static Dictionary<string, KmsError> Named()
    {
        var entries = new Dictionary<string, KmsError>(StringComparer.Ordinal);
        foreach (var (list, prefix) in new[] { (typeof(KmsErrors), "Kms"), (typeof(GatewayErrors), "Gateway") })
        {
            foreach (var field in list.GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.FieldType == typeof(KmsError)))
            {
                entries.Add($"{prefix}.{field.Name}", (KmsError)field.GetValue(null)!);
            }
        }

        foreach (var entry in GatewayErrors.All.Where(entry => !entries.ContainsValue(entry)))
        {
            entries.Add($"Gateway.Family.{entry.Code}", entry);
        }

        return entries;
    }
}
