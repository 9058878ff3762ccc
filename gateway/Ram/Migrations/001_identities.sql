-- Identity versions come from one store-wide sequence: a version is never used twice, not even by a name that was deleted
-- and made again, and the version of an identity is the highest one among itself, its groups and the policies attached.
CREATE TABLE version_sequence (
  id           INTEGER PRIMARY KEY CHECK (id = 1),
  last_version INTEGER NOT NULL
) STRICT;
INSERT INTO version_sequence (id, last_version) VALUES (1, 0);

CREATE TABLE accounts (
  account_id     TEXT PRIMARY KEY CHECK (length(account_id) = 16 AND account_id NOT GLOB '*[^0-9]*'),
  root_id        INTEGER NOT NULL UNIQUE,
  is_active      INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1)),
  root_delivered INTEGER NOT NULL DEFAULT 0 CHECK (root_delivered IN (0, 1)),
  created_at     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Everything a policy can be attached to, and the account's root. Times are Unix milliseconds, UTC.
CREATE TABLE identities (
  identity_id INTEGER PRIMARY KEY,
  account_id  TEXT NOT NULL REFERENCES accounts (account_id),
  kind        TEXT NOT NULL CHECK (kind IN ('root', 'user', 'group', 'role')),
  name        TEXT NOT NULL,
  name_key    TEXT NOT NULL,
  comments    TEXT NOT NULL DEFAULT '',
  version     INTEGER NOT NULL,
  created_at  INTEGER NOT NULL,
  updated_at  INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX identities_by_name ON identities (account_id, kind, name_key);

CREATE TABLE users (
  identity_id  INTEGER PRIMARY KEY REFERENCES identities (identity_id) ON DELETE CASCADE,
  display_name TEXT NOT NULL,
  email        TEXT NOT NULL,
  mobile_phone TEXT NOT NULL
) STRICT;

CREATE TABLE roles (
  identity_id         INTEGER PRIMARY KEY REFERENCES identities (identity_id) ON DELETE CASCADE,
  trust_document      TEXT NOT NULL,
  max_session_seconds INTEGER NOT NULL
) STRICT;

CREATE TABLE identity_tags (
  identity_id INTEGER NOT NULL REFERENCES identities (identity_id) ON DELETE CASCADE,
  tag_key     TEXT NOT NULL,
  tag_value   TEXT NOT NULL,
  PRIMARY KEY (identity_id, tag_key)
) STRICT, WITHOUT ROWID;

CREATE TABLE group_members (
  group_id  INTEGER NOT NULL REFERENCES identities (identity_id),
  user_id   INTEGER NOT NULL REFERENCES identities (identity_id),
  joined_at INTEGER NOT NULL,
  PRIMARY KEY (group_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX group_members_by_user ON group_members (user_id, joined_at, group_id);

-- A data key under which secrets of this store are sealed, wrapped by the service key acs/ram. The proof is an empty text
-- sealed under it: it tells the right key from a wrong one before anything else is opened or sealed.
CREATE TABLE data_keys (
  data_key_id INTEGER PRIMARY KEY,
  account_id  TEXT NOT NULL REFERENCES accounts (account_id),
  wrapped     BLOB NOT NULL,
  proof       BLOB NOT NULL,
  created_at  INTEGER NOT NULL
) STRICT;

CREATE TABLE access_keys (
  access_key_id TEXT PRIMARY KEY,
  identity_id   INTEGER NOT NULL REFERENCES identities (identity_id),
  is_active     INTEGER NOT NULL CHECK (is_active IN (0, 1)),
  data_key_id   INTEGER NOT NULL REFERENCES data_keys (data_key_id),
  sealed_secret BLOB NOT NULL,
  created_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX access_keys_by_identity ON access_keys (identity_id, created_at, access_key_id);

CREATE TABLE gateway_secrets (
  name        TEXT PRIMARY KEY,
  data_key_id INTEGER NOT NULL REFERENCES data_keys (data_key_id),
  sealed      BLOB NOT NULL,
  created_at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Custom policies. A version's document never changes and its number is never used again.
CREATE TABLE policies (
  policy_id       INTEGER PRIMARY KEY,
  account_id      TEXT NOT NULL REFERENCES accounts (account_id),
  name            TEXT NOT NULL,
  name_key        TEXT NOT NULL,
  description     TEXT NOT NULL,
  default_version INTEGER NOT NULL,
  last_number     INTEGER NOT NULL,
  version         INTEGER NOT NULL,
  created_at      INTEGER NOT NULL,
  updated_at      INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX policies_by_name ON policies (account_id, name_key);

CREATE TABLE policy_versions (
  policy_id  INTEGER NOT NULL REFERENCES policies (policy_id),
  number     INTEGER NOT NULL,
  document   TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (policy_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE policy_tags (
  policy_id INTEGER NOT NULL REFERENCES policies (policy_id) ON DELETE CASCADE,
  tag_key   TEXT NOT NULL,
  tag_value TEXT NOT NULL,
  PRIMARY KEY (policy_id, tag_key)
) STRICT, WITHOUT ROWID;

-- Either a custom policy, or the name of a system policy.
CREATE TABLE attachments (
  attachment_id INTEGER PRIMARY KEY,
  identity_id   INTEGER NOT NULL REFERENCES identities (identity_id),
  policy_id     INTEGER REFERENCES policies (policy_id),
  system_policy TEXT,
  attached_at   INTEGER NOT NULL,
  CHECK ((policy_id IS NULL) <> (system_policy IS NULL))
) STRICT;
CREATE UNIQUE INDEX attachments_custom ON attachments (identity_id, policy_id) WHERE policy_id IS NOT NULL;
CREATE UNIQUE INDEX attachments_system ON attachments (identity_id, system_policy) WHERE system_policy IS NOT NULL;
CREATE INDEX attachments_by_policy ON attachments (policy_id) WHERE policy_id IS NOT NULL;
CREATE INDEX attachments_by_system_policy ON attachments (system_policy) WHERE system_policy IS NOT NULL;
