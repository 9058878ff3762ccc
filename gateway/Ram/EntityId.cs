using System.Globalization;
using System.Security.Cryptography;

namespace KmsGateway.Gateway.Ram;

/// <summary>
/// Ids of identities and policies: 18 digits, random. The first digit tells the kind, so that no two kinds share an id.
/// </summary>
internal static class EntityId
{
    private const long Span = 100_000_000_000_000_000;

    public static long NewRoot() => New(1);

    public static long NewUser() => New(2);

    public static long NewRole() => New(3);

    public static long NewGroup() => New(4);

    public static long NewPolicy() => New(5);

    /// <summary>The id of that kind (<c>user</c>, <c>role</c>, <c>group</c>, <c>policy</c>) that a number leads to.</summary>
    public static long Of(string kind, ulong number) => kind switch
    {
        "user" => At(2, number),
        "role" => At(3, number),
        "group" => At(4, number),
        "policy" => At(5, number),
        _ => throw new ArgumentException("users, roles, groups and policies have ids of this form", nameof(kind)),
    };

    /// <summary>As answers print it.</summary>
    public static string Text(long id) => id.ToString(CultureInfo.InvariantCulture);

    /// <summary>What <see cref="Text"/> printed.</summary>
    public static long Parse(string id) => long.Parse(id, NumberStyles.None, CultureInfo.InvariantCulture);

    /// <summary>16 digits, the first not zero.</summary>
    public static string NewAccount() => "1" + RandomNumberGenerator.GetString("0123456789", 15);

    private static long New(long firstDigit) => At(firstDigit, BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)));

    private static long At(long firstDigit, ulong number) => (firstDigit * Span) + (long)(number % Span);
}
