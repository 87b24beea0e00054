-- Names of user groups are told apart by their letters, not by the case of these.
CREATE INDEX user_groups_lower_name ON ${access}.user_groups (lower(name));
CREATE INDEX user_groups_lower_ldap_dn ON ${access}.user_groups (lower(ldap_dn)) WHERE ldap_dn IS NOT NULL;
-- Else it is not known that nearly no two have the same, and all are read in their order.
ANALYZE ${access}.user_groups;

-- Only a restore leaves some, and they are gone once they have been made up for.
CREATE INDEX execution_schedules_missed ON ${scheduler}.execution_schedules (missed_until, storage_id) WHERE missed_until IS NOT NULL;
