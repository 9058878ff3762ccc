using System.CommandLine;
using KmsGateway.Gateway.Hosting.Settings;

namespace KmsGateway.Gateway.PolicyCommands;

/// <summary>Options that several verbs have.</summary>
internal static class VerbOptions
{
    /// <summary>An option that takes one of a few words; another one is refused naming them.</summary>
    public static Option<string?> Choice(string name, string description, params string[] words)
    {
        var option = new Option<string?>(name) { Description = description };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !words.Contains(token.Value, StringComparer.Ordinal))
            {
                result.AddError($"{name} {Quoted.Text(token.Value)}: must be one of {string.Join(", ", words)}.");
            }
        });
        return option;
    }
}
