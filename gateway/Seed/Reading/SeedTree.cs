namespace KmsGateway.Gateway.Seed.Reading;

/// <summary>What the two readers have in common: paths, and what no seed file may hold.</summary>
internal static class SeedTree
{
    /// <summary>A seed needs 9 levels, a policy inside it 6 of them.</summary>
    public const int MaxDepth = 32;

    public static string Below(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    public static string Below(string path, int index) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{path}[{index}]");

    /// <summary>Adds a member; a name given twice is a fault.</summary>
    public static void Add(List<SeedMember> members, string name, SeedNode value)
    {
        if (members.Exists(member => member.Name == name))
        {
            throw value.Fault("given twice.");
        }

        members.Add(new SeedMember(name, value));
    }

    public static SeedNode Place(string file, int line, string path) => new(file, line, path, SeedNodeKind.None, string.Empty);
}
