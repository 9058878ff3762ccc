namespace KmsGateway.Policy.Tests.Generation;

/// <summary>Patterns near a text: it is covered by many of them, and by many only just not.</summary>
internal sealed class PatternGenerator(Dice dice)
{
    internal string Action(string action)
    {
        var parts = action.Split(':');
        var service = dice.Chance(0.85) ? parts[0] : Mutate(parts[0], "kK");
        var pattern = $"{service}:{Mutate(parts[1], "kKeE")}";
        return dice.Chance(0.1) ? pattern.ToUpperInvariant() : pattern;
    }

    internal string Resource(string resource)
    {
        var fields = resource.Split(':', 5);
        fields[1] = dice.Chance(0.9) ? fields[1] : Mutate(fields[1], "k");
        fields[2] = dice.Chance(0.5) ? "*" : MutateField(fields[2], "c-");
        fields[3] = dice.Chance(0.5) ? "*" : MutateField(fields[3], "1");
        fields[4] = dice.Chance(0.05) ? fields[4].ToUpperInvariant() : Mutate(fields[4], "k/0a");
        return string.Join(':', fields);
    }

    private string MutateField(string text, string letters)
    {
        if (text.Length == 0)
        {
            return dice.Chance(0.2) ? "?" : text;
        }

        return dice.Chance(0.6) ? text : Mutate(text, letters);
    }

    /// <summary>The text, a pattern near it, or something else; never empty unless the text is.</summary>
    internal string Mutate(string text, string letters)
    {
        if (text.Length == 0 || dice.Chance(0.35))
        {
            return text;
        }

        var at = dice.Next(text.Length);
        var end = dice.Next(at, text.Length) + 1;
        if (char.IsLowSurrogate(text[at]) || (end < text.Length && char.IsLowSurrogate(text[end])))
        {
            return "*";
        }

        return dice.Next(6) switch
        {
            0 => "*",
            1 => text[..at] + "*",
            2 => "*" + text[at..],
            3 => text[..at] + "*" + text[end..],
            4 when !char.IsHighSurrogate(text[at]) => text[..at] + "?" + text[(at + 1)..],
            _ => text[..at] + letters[dice.Next(letters.Length)] + text[at..],
        };
    }
}
