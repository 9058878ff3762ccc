namespace KmsGateway.Gateway.Ram.Storage;

/// <summary>One version of a custom policy.</summary>
internal sealed record PolicyVersionRecord(long Number, string Document, long CreatedAt);

/// <summary>Versions of custom policies; a document never changes and a number is never used again.</summary>
internal static class PolicyVersionTable
{
    private const string Columns = "number AS Number, document AS Document, created_at AS CreatedAt";

    private static readonly PointRead<string> Point = new(
        "SELECT document FROM policy_versions WHERE policy_id = @policyId AND number = @number", ["@policyId", "@number"], row => row.GetString(0));

    /// <summary>The committed document, on a snapshot of its own; null when there is none.</summary>
    public static string? Text(RamDatabase database, long policyId, long number) =>
        database.List(Point, policyId, number) is [var document] ? document : null;

    public static PolicyVersionRecord? Find(RamReader reader, long policyId, long number) =>
        reader.Find<PolicyVersionRecord>(
            $"SELECT {Columns} FROM policy_versions WHERE policy_id = @policyId AND number = @number", new { policyId, number });

    /// <summary>Oldest first.</summary>
    public static IReadOnlyList<PolicyVersionRecord> ListOf(RamReader reader, long policyId) =>
        reader.List<PolicyVersionRecord>(
            $"SELECT {Columns} FROM policy_versions WHERE policy_id = @policyId ORDER BY number", new { policyId });

    public static long Count(RamReader reader, long policyId) =>
        reader.Number("SELECT count(*) FROM policy_versions WHERE policy_id = @policyId", new { policyId });

    public static void Insert(RamWriter writer, long policyId, long number, string document) =>
        writer.Execute(
            "INSERT INTO policy_versions (policy_id, number, document, created_at) VALUES (@policyId, @number, @document, @now)",
            new { policyId, number, document, now = writer.Now });

    /// <summary>The number of the next version.</summary>
    public static long NextNumber(RamWriter writer, long policyId) =>
        writer.Number("UPDATE policies SET last_number = last_number + 1 WHERE policy_id = @policyId RETURNING last_number", new { policyId });

    public static void Delete(RamWriter writer, long policyId, long number) =>
        writer.Execute("DELETE FROM policy_versions WHERE policy_id = @policyId AND number = @number", new { policyId, number });
}
