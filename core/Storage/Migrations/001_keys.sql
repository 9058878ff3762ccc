-- keys, their versions, aliases and tags; times are milliseconds since 1970 UTC
CREATE TABLE sequences (
    name  TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO sequences (name, value) VALUES ('alias_generation', 0);

CREATE TABLE seal_epochs (
    epoch      INTEGER PRIMARY KEY,
    canary     BLOB NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE keys (
    key_id           TEXT PRIMARY KEY,
    account          TEXT NOT NULL,
    region           TEXT NOT NULL,
    spec             TEXT NOT NULL,
    usage            TEXT NOT NULL,
    origin           TEXT NOT NULL,
    protection_level TEXT NOT NULL,
    state            TEXT NOT NULL CHECK (state IN ('Enabled', 'Disabled', 'PendingDeletion', 'PendingImport')),
    description      TEXT NOT NULL,
    creator          TEXT NOT NULL,
    managed_by       TEXT,
    created_at       INTEGER NOT NULL,
    delete_at        INTEGER,
    metadata_version INTEGER NOT NULL,
    primary_version  TEXT,
    key_policy       TEXT,
    CHECK ((state = 'PendingDeletion') = (delete_at IS NOT NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX keys_listed ON keys (account, region, created_at, key_id);
CREATE INDEX keys_counted ON keys (account, region) WHERE managed_by IS NULL;
CREATE INDEX keys_due ON keys (delete_at) WHERE delete_at IS NOT NULL;
CREATE UNIQUE INDEX keys_of_products ON keys (account, region, managed_by) WHERE managed_by IS NOT NULL;

CREATE TABLE key_versions (
    version_id TEXT PRIMARY KEY,
    key_id     TEXT NOT NULL REFERENCES keys (key_id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    epoch      INTEGER NOT NULL REFERENCES seal_epochs (epoch),
    sealed     BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX key_versions_of_key ON key_versions (key_id, created_at);

CREATE TABLE aliases (
    account    TEXT NOT NULL,
    region     TEXT NOT NULL,
    name       TEXT NOT NULL,
    key_id     TEXT NOT NULL REFERENCES keys (key_id) ON DELETE CASCADE,
    generation INTEGER NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (account, region, name)
) STRICT, WITHOUT ROWID;

CREATE INDEX aliases_listed ON aliases (account, region, created_at, name);
CREATE INDEX aliases_of_key ON aliases (key_id, created_at, name);

CREATE TABLE tags (
    key_id    TEXT NOT NULL REFERENCES keys (key_id) ON DELETE CASCADE,
    tag_key   TEXT NOT NULL,
    tag_value TEXT NOT NULL,
    PRIMARY KEY (key_id, tag_key)
) STRICT, WITHOUT ROWID;
