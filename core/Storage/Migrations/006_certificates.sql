-- certificates: a sealed key pair with its request, and what an authority made of that; times are milliseconds since 1970 UTC
CREATE TABLE certificates (
    certificate_id   TEXT PRIMARY KEY,
    account          TEXT NOT NULL,
    region           TEXT NOT NULL,
    spec             TEXT NOT NULL,
    status           TEXT NOT NULL CHECK (status IN ('Pending', 'Active', 'Inactive', 'Revoked')),
    subject          TEXT NOT NULL,
    -- JSON arrays and objects
    host_names       TEXT NOT NULL,
    tags             TEXT NOT NULL,
    is_exportable    INTEGER NOT NULL CHECK (is_exportable IN (0, 1)),
    -- DER SubjectPublicKeyInfo
    public_key       BLOB NOT NULL,
    -- PEM
    request          TEXT NOT NULL,
    certificate      TEXT,
    chain            TEXT,
    metadata_version INTEGER NOT NULL,
    created_at       INTEGER NOT NULL,
    updated_at       INTEGER NOT NULL,
    epoch            INTEGER NOT NULL REFERENCES seal_epochs (epoch),
    sealed           BLOB NOT NULL,
    CHECK ((status = 'Pending') = (certificate IS NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX certificates_counted ON certificates (account, region);
