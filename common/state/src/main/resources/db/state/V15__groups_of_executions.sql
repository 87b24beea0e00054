-- Whatever ends asks for the groups that it is in.
CREATE INDEX execution_group_members_execution ON ${scheduler}.execution_group_members (tenant_name, execution_id);
