using KmsGateway.Core.Hosting;
using KmsGateway.Gateway.Hosting.Settings;

namespace KmsGateway.Gateway.Accounts;

/// <summary>What operators may call accounts.</summary>
internal static class AccountText
{
    /// <summary>Longest name, in characters.</summary>
    public const int MaxNameLength = 64;

    private const int IdDigits = 16;

    /// <summary>16 digits, the first not zero.</summary>
    public static bool IsId(string text) => text.Length == IdDigits && text[0] != '0' && text.All(char.IsAsciiDigit);

    /// <summary>Up to 64 characters that a terminal prints as they are; empty is no name.</summary>
    public static bool IsName(string text) =>
        text.Length <= MaxNameLength && text.All(character => !char.IsControl(character) && !char.IsSurrogate(character));

    /// <summary>The id, or exit code 64.</summary>
    public static string RequireId(string text, string what) => IsId(text)
        ? text
        : throw new StartupException(StartupException.BadSettings, $"{what} must be 16 digits, the first not 0; it is {Quoted.Text(text)}.");

    /// <summary>The name, or exit code 64.</summary>
    public static string RequireName(string text, string what) => IsName(text)
        ? text
        : throw new StartupException(
            StartupException.BadSettings, $"{what} must have at most {MaxNameLength} characters and no control characters; it is {Quoted.Text(text)}.");
}
