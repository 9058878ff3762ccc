-- deletion protection, rotation schedules, imported material, leases of scheduled work
ALTER TABLE keys ADD COLUMN is_protected INTEGER NOT NULL DEFAULT 0 CHECK (is_protected IN (0, 1));
ALTER TABLE keys ADD COLUMN protection_description TEXT NOT NULL DEFAULT '';

-- seconds between rotations; NULL = no schedule. next_rotation_at is kept beside it so that what is due is found by an index
ALTER TABLE keys ADD COLUMN rotation_interval INTEGER;
ALTER TABLE keys ADD COLUMN next_rotation_at INTEGER;

-- 0: the material was never imported, was deleted or has expired
ALTER TABLE keys ADD COLUMN has_material INTEGER NOT NULL DEFAULT 1 CHECK (has_material IN (0, 1));
ALTER TABLE keys ADD COLUMN material_expires_at INTEGER;

CREATE INDEX keys_rotating ON keys (next_rotation_at) WHERE next_rotation_at IS NOT NULL AND state = 'Enabled';
CREATE INDEX keys_expiring ON keys (material_expires_at) WHERE material_expires_at IS NOT NULL;

-- who does which scheduled work, and until when nobody else may
CREATE TABLE leases (
    name       TEXT PRIMARY KEY,
    holder     TEXT NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
