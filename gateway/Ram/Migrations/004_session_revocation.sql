-- Sessions of a role that were issued before this instant are dead. Unix milliseconds; 0 = none were revoked.
ALTER TABLE roles ADD COLUMN revoke_before INTEGER NOT NULL DEFAULT 0;
