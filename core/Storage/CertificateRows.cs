using System.Collections.Immutable;
using System.Text.Json;
using Dapper;
using KmsGateway.Core.Certificates;
using Microsoft.Data.Sqlite;

namespace KmsGateway.Core.Storage;

/// <summary>Certificates in the database.</summary>
internal static class CertificateRows
{
    public static CertificateRecord? Find(SqliteConnection connection, string certificateId) =>
        connection.QuerySingleOrDefault<StoredCertificate>(
            """
            SELECT certificate_id AS CertificateId, account AS Account, region AS Region, spec AS Spec, status AS Status, subject AS Subject,
                   host_names AS HostNames, tags AS Tags, is_exportable AS IsExportable, public_key AS PublicKey, request AS Request,
                   certificate AS Certificate, chain AS Chain, metadata_version AS MetadataVersion, created_at AS CreatedAt,
                   updated_at AS UpdatedAt, epoch AS Epoch, sealed AS Sealed
            FROM certificates WHERE certificate_id = @certificateId
            """,
            new { certificateId })?.Record();

    public static void Insert(SqliteConnection connection, CertificateRecord certificate) => connection.Execute(
        """
        INSERT INTO certificates (certificate_id, account, region, spec, status, subject, host_names, tags, is_exportable, public_key, request,
                                  certificate, chain, metadata_version, created_at, updated_at, epoch, sealed)
        VALUES (@CertificateId, @Account, @Region, @Spec, @Status, @Subject, @HostNames, @Tags, @IsExportable, @PublicKey, @Request,
                @Certificate, @Chain, @MetadataVersion, @CreatedAt, @UpdatedAt, @Epoch, @Sealed)
        """,
        ValuesOf(certificate));

    /// <summary>Rows changed. Why not the sealed key: a rewrap may have sealed it again meanwhile.</summary>
    public static int Update(SqliteConnection connection, CertificateRecord certificate) => connection.Execute(
        """
        UPDATE certificates SET status = @Status, tags = @Tags, certificate = @Certificate, chain = @Chain,
               metadata_version = @MetadataVersion, updated_at = @UpdatedAt
        WHERE certificate_id = @CertificateId
        """,
        ValuesOf(certificate));

    public static int Erase(SqliteConnection connection, string certificateId) =>
        connection.Execute("DELETE FROM certificates WHERE certificate_id = @certificateId", new { certificateId });

    public static long Count(SqliteConnection connection, string account, string region) => connection.ExecuteScalar<long>(
        "SELECT count(*) FROM certificates WHERE account = @account AND region = @region", new { account, region });

    private static object ValuesOf(CertificateRecord certificate) => new
    {
        certificate.CertificateId,
        certificate.Account,
        certificate.Region,
        certificate.Spec,
        Status = certificate.Status.ToString(),
        certificate.Subject,
        HostNames = JsonSerializer.Serialize(certificate.HostNames),
        Tags = JsonSerializer.Serialize(certificate.Tags),
        certificate.IsExportable,
        PublicKey = certificate.PublicKey.ToArray(),
        certificate.Request,
        certificate.Certificate,
        certificate.Chain,
        certificate.MetadataVersion,
        CreatedAt = certificate.CreatedAt.ToUnixTimeMilliseconds(),
        UpdatedAt = certificate.UpdatedAt.ToUnixTimeMilliseconds(),
        certificate.Epoch,
        Sealed = certificate.Sealed.ToArray(),
    };

#pragma warning disable S1144 // Dapper sets these
    private sealed class StoredCertificate
    {
        public string CertificateId { get; init; } = string.Empty;

        public string Account { get; init; } = string.Empty;

        public string Region { get; init; } = string.Empty;

        public string Spec { get; init; } = string.Empty;

        public string Status { get; init; } = string.Empty;

        public string Subject { get; init; } = string.Empty;

        public string HostNames { get; init; } = string.Empty;

        public string Tags { get; init; } = string.Empty;

        public long IsExportable { get; init; }

        public byte[] PublicKey { get; init; } = [];

        public string Request { get; init; } = string.Empty;

        public string? Certificate { get; init; }

        public string? Chain { get; init; }

        public long MetadataVersion { get; init; }

        public long CreatedAt { get; init; }

        public long UpdatedAt { get; init; }

        public int Epoch { get; init; }

        public byte[] Sealed { get; init; } = [];

        public CertificateRecord Record() => new()
        {
            CertificateId = CertificateId,
            Account = Account,
            Region = Region,
            Spec = Spec,
            Status = Enum.Parse<CertificateStatus>(Status),
            Subject = Subject,
            HostNames = [.. JsonSerializer.Deserialize<string[]>(HostNames)!],
            Tags = JsonSerializer.Deserialize<Dictionary<string, string>>(Tags)!.ToImmutableSortedDictionary(StringComparer.Ordinal),
            IsExportable = IsExportable != 0,
            PublicKey = [.. PublicKey],
            Request = Request,
            Certificate = Certificate,
            Chain = Chain,
            MetadataVersion = MetadataVersion,
            CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(CreatedAt),
            UpdatedAt = DateTimeOffset.FromUnixTimeMilliseconds(UpdatedAt),
            Epoch = Epoch,
            Sealed = [.. Sealed],
        };
    }
#pragma warning restore S1144
}
