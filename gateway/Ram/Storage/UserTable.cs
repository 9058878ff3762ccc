namespace KmsGateway.Gateway.Ram.Storage;

/// <summary>What only users have.</summary>
internal sealed record UserDetails(string DisplayName, string Email, string MobilePhone);

/// <summary>One row of a list of users.</summary>
internal sealed record UserRecord(
    long Id,
    string Name,
    string Comments,
    long CreatedAt,
    long UpdatedAt,
    string DisplayName,
    string Email,
    string MobilePhone);

/// <summary>RAM users.</summary>
internal static class UserTable
{
    private const string Select =
        """
        SELECT i.identity_id AS Id, i.name AS Name, i.comments AS Comments, i.created_at AS CreatedAt, i.updated_at AS UpdatedAt,
               u.display_name AS DisplayName, u.email AS Email, u.mobile_phone AS MobilePhone
        FROM identities i JOIN users u ON u.identity_id = i.identity_id
        """;

    public static UserRecord Get(RamReader reader, long id) =>
        reader.Find<UserRecord>($"{Select} WHERE i.identity_id = @id", new { id })!;

    public static IReadOnlyList<UserRecord> Page(RamReader reader, string account, string after, int count) =>
        reader.List<UserRecord>(
            $"{Select} WHERE i.account_id = @account AND i.kind = 'user' AND i.name_key > @after ORDER BY i.name_key LIMIT @count",
            new { account, after, count });

    public static void Insert(RamWriter writer, long id, UserDetails details) =>
        writer.Execute(
            "INSERT INTO users (identity_id, display_name, email, mobile_phone) VALUES (@id, @DisplayName, @Email, @MobilePhone)",
            new { id, details.DisplayName, details.Email, details.MobilePhone });

    public static void Update(RamWriter writer, long id, UserDetails details) =>
        writer.Execute(
            "UPDATE users SET display_name = @DisplayName, email = @Email, mobile_phone = @MobilePhone WHERE identity_id = @id",
            new { id, details.DisplayName, details.Email, details.MobilePhone });
}
