namespace KmsGateway.Gateway.Hosting;

/// <summary>The few lines that a starting server prints. Parts add theirs while they start; they are printed once it listens.</summary>
internal sealed class StartupReport(bool isTerminal)
{
    private readonly Lock gate = new();
    private readonly List<(string Label, string Value)> lines = [];

    /// <summary>Adds <c>label: value</c>. Never a secret.</summary>
    public void Add(string label, string value)
    {
        lock (gate)
        {
            lines.Add((label, value));
        }
    }

    /// <summary>Adds a secret, which only a terminal shows; elsewhere the line names the file that holds it (decisions.md D8).</summary>
    public void AddSecret(string label, string secret, string path) => Add(label, isTerminal ? secret : $"in {path}");

    /// <summary>Adds the lines of another report after these.</summary>
    public void Append(StartupReport other)
    {
        foreach (var (label, value) in other.Snapshot())
        {
            Add(label, value);
        }
    }

    /// <summary>The lines, labels aligned.</summary>
    public override string ToString()
    {
        var all = Snapshot();
        var width = all.Length == 0 ? 0 : all.Max(line => line.Label.Length) + 1;
        return string.Concat(all.Select(line => $"  {(line.Label + ":").PadRight(width)} {line.Value}\n"));
    }

    private (string Label, string Value)[] Snapshot()
    {
        lock (gate)
        {
            return [.. lines];
        }
    }
}
