using System.Text;

namespace KmsGateway.Tests;

/// <summary>
/// An answer that was read once and is held since. Differences fail; the file is rewritten only with <c>UPDATE_GOLDEN=1</c>, and
/// then has to be read again.
/// </summary>
public static class GoldenFile
{
    private const string UpdateVariable = "UPDATE_GOLDEN";

    /// <summary>Compares with the file below <c>tests/data/golden</c>.</summary>
    public static void Verify(string actual, params string[] path)
    {
        var file = TestData.Path(["golden", .. path]);
        if (string.Equals(Environment.GetEnvironmentVariable(UpdateVariable), "1", StringComparison.Ordinal))
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
            File.WriteAllText(file, actual, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
            return;
        }

        var name = string.Join('/', path);
        if (!File.Exists(file))
        {
            throw new GoldenFileException($"There is no golden file {name}; write it with {UpdateVariable}=1 and read it.");
        }

        var expected = File.ReadAllText(file);
        if (!string.Equals(expected, actual, StringComparison.Ordinal))
        {
            throw new GoldenFileException($"The answer differs from the golden file {name}.\nexpected: {expected}\nactual:   {actual}");
        }
    }
}

/// <summary>An answer is not what it was.</summary>
public sealed class GoldenFileException(string message) : Exception(message);
