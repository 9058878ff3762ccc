using KmsGateway.Tests;
using Xunit;

namespace KmsGateway.Gateway.Tests.Hosting;

/// <summary>A text kept beside the tests; rewritten when <c>UPDATE_GOLDEN=1</c>, and then read by a person.</summary>
internal static class GoldenText
{
    public static bool IsUpdating => Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1";

    public static void Check(string name, string actual)
    {
        var path = Path.Combine(TestData.Repository, "tests", "Gateway.Tests", "Hosting", "Golden", name);
        if (IsUpdating)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, actual);
        }

        Assert.Equal(File.ReadAllText(path), actual);
    }
}
