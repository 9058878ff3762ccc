using System.Text.Json.Nodes;
using Xunit;

namespace KmsGateway.Gateway.Tests.Ram;

internal static class AssertJson
{
    /// <summary>Same members and values, whatever their order.</summary>
    public static void Equal(string expected, JsonNode actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), $"expected {expected}{Environment.NewLine}actual   {actual.ToJsonString()}");
}
