namespace KmsGateway.Tests;

/// <summary>Files that tests read: vectors, golden cases, golden answers; kept under <c>tests/data</c>.</summary>
public static class TestData
{
    private static readonly Lazy<string> Root = new(FindRepository);

    /// <summary>The repository's root.</summary>
    public static string Repository => Root.Value;

    /// <summary>A path below <c>tests/data</c>.</summary>
    public static string Path(params string[] parts) => System.IO.Path.Combine([Repository, "tests", "data", .. parts]);

    private static string FindRepository()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(directory.FullName, "KmsGateway.sln")))
            {
                return directory.FullName;
            }
        }

        throw new DirectoryNotFoundException("the tests run below the repository's root");
    }
}
