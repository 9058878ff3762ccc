using KmsGateway.Policy.Documents;

namespace KmsGateway.Policy.Tests.Samples;

/// <summary>A policy of samples-policies.</summary>
/// <param name="Name">Its path below the folder without <c>.json</c>, <c>key-policies/cross-account-use</c>.</param>
/// <param name="Kind">By the folder it is in.</param>
/// <param name="Text">The file.</param>
internal sealed record Sample(string Name, PolicyKind Kind, string Text);

/// <summary>The sample policies.</summary>
internal static class SampleFiles
{
    private const string MatrixEnding = ".matrix.json";

    private static readonly Lazy<Dictionary<string, Sample>> Samples =
        new(() => Names().Where(IsPolicy).Select(Read).ToDictionary(sample => sample.Name, StringComparer.Ordinal));

    internal static string Folder { get; } = Path.Combine(TestData.Repository, "samples-policies");

    internal static IReadOnlyCollection<Sample> All => Samples.Value.Values;

    /// <summary>The names of the policies that have a matrix.</summary>
    internal static IEnumerable<string> WithMatrix =>
        Names().Where(name => name.EndsWith(MatrixEnding, StringComparison.Ordinal)).Select(name => name[..^MatrixEnding.Length]);

    internal static Sample Get(string name) => Samples.Value[name];

    private static IEnumerable<string> Names() => Directory.EnumerateFiles(Folder, "*.json", SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(Folder, path).Replace(Path.DirectorySeparatorChar, '/'))
        .Order(StringComparer.Ordinal);

    private static bool IsPolicy(string name) =>
        !name.EndsWith(MatrixEnding, StringComparison.Ordinal) && !name.EndsWith(".schema.json", StringComparison.Ordinal);

    private static Sample Read(string name) =>
        new(name[..^".json".Length], KindOf(name.Split('/')[..^1]), File.ReadAllText(Path.Combine(Folder, name)));

    private static PolicyKind KindOf(string[] folders) => folders.LastOrDefault() switch
    {
        "key-policies" => PolicyKind.Key,
        "trust-policies" => PolicyKind.Trust,
        "session-policies" => PolicyKind.Session,
        _ => PolicyKind.Identity,
    };
}
