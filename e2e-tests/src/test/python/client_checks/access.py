"""The manager itself; who may do what: authentication, tenants, users, groups, tokens."""

from client_checks.client import LIST

CALLER = ("cu1", "password2")


def run(c):
    manager(c)
    authentication(c)
    tenants(c)
    users(c)
    refusals(c)
    groups(c)
    tokens(c)
    audit_log(c)


def audit_log(c):
    """Its command line shows what `ref_identifier` names: `users:NAME`, `TENANT:blueprints:ID`, and `tenants:NAME` by `ref_id`."""
    c.check("audit log", "GET", "/audit?order_by=created_at&desc=true&size=5&offset=0", needs=("items", "metadata.pagination"))
    entries = c.send("GET", "/audit?order_by=created_at&desc=true&size=1000&offset=0").get("items")
    for table, operation, identifier in (("users", "create", {"username": "cu1"}), ("users", "delete", {"username": "cu1"}), ("tenants", "create", {"name": "ct1"}),
                                         ("tenants", "delete", {"name": "ct1"})):
        found = [entry for entry in entries if (entry["ref_table"], entry["operation"], entry["ref_identifier"]) == (table, operation, identifier)]
        c.report("audit log, %s of %s" % (operation, table), [] if found else ["no entry with %s" % identifier])


def manager(c):
    c.check("version", "GET", "/api/version", needs=("edition", "version"))
    c.check("status", "GET", "/status", needs=("services", "status"))
    c.check("provider context", "GET", "/provider/context", needs=("context",))
    c.check("managers", "GET", "/managers", needs=("metadata", "items.*.public_ip", "items.*.hostname"))
    for path in ("managers", "brokers", "db-nodes", "license", "provider/context"):
        c.check("%s, an unknown field" % path, "GET", "/%s?_include=colour" % path, expect=400, code="no_such_include_field_error",
                text="Include keys '['colour']' do not exist. Allowed keys are: [")
    c.check("brokers", "GET", "/brokers", needs=("metadata", "items.*.host"))
    c.check("db-nodes", "GET", "/db-nodes", needs=("metadata", "items"))
    c.check("db-nodes update", "POST", "/db-nodes", {"action": "update"}, needs=("metadata", "items.*.name", "items.*.host", "items.*.is_external"))
    c.check("db-nodes update, no action", "POST", "/db-nodes", {}, expect=400, code="bad_parameters_error", text="Missing action")
    c.check("db-nodes update, unknown action", "POST", "/db-nodes", {"action": "add"}, expect=400, text="Invalid action: add")
    c.check("cluster status", "GET", "/cluster-status?summary=False", needs=("services.manager", "services.db", "services.broker", "status"))
    c.check("cluster status, summary", "GET", "/cluster-status?summary=True", needs=("status", "services"))
    c.check("maintenance status", "GET", "/maintenance", equal={"status": "deactivated", "remaining_executions": None})
    c.check("config", "GET", "/config", needs=("items.*.name", "metadata", "authorization.roles", "authorization.permissions"))
    c.check("config of rest", "GET", "/config?scope=rest", needs=("items.*.name", "items.*.value"))
    lock = "/config/rest.account_lock_period"
    c.check("config update", "PUT", lock, {"value": 20, "force": False}, equal={"value": 20, "updater_name": "admin", "scope": "rest"})
    c.check("config get", "GET", lock, equal={"value": 20, "is_editable": True, "schema.type": "integer"})
    c.check("config update, wrong type", "PUT", lock, {"value": "soon"}, expect=409, code="conflict_error", text="Error validating rest.account_lock_period: soon is not an integer")
    c.check("config update, too little", "PUT", lock, {"value": -2}, expect=409, text="-2 is less than the minimum of -1")
    # what the command line makes of NAME=VALUE
    c.check("config update, a number as text", "PUT", lock, {"value": "25", "force": False}, equal={"value": 25})
    c.check("config update, not editable", "PUT", "/config/public_ip", {"value": "1.1.1.1"}, expect=409, text="public_ip is not editable")
    c.check("config update, unknown", "PUT", "/config/nosuch", {"value": 1}, expect=404, code="not_found_error")
    c.check("config get, unknown", "GET", "/config/rest.nosuch", expect=404, code="not_found_error", equal={"message": "nosuch"})
    c.check("config update, no value", "PUT", lock, {}, expect=400, code="bad_parameters_error", text="Missing value in json request body")
    c.check("config update, back", "PUT", lock, {"value": 10}, equal={"value": 10})
    c.check("license", "GET", "/license", needs=("metadata", "items"))
    c.check("license check", "GET", "/license-check")
    c.check("permissions", "GET", "/permissions", needs=("items.*.role", "items.*.permission"))
    c.check("permissions of a role", "GET", "/permissions/viewer", equal={"items.*.role": "viewer"})
    c.check("permissions of no role", "GET", "/permissions/nope", expect=404, code="not_found_error")
    c.check("permissions add, again", "PUT", "/permissions/viewer/blueprint_list", expect=409, code="conflict_error",
            text="viewer already has permission blueprint_list")
    c.check("permissions delete, none", "DELETE", "/permissions/viewer/nope", expect=404, code="not_found_error", text="viewer does not have nope")
    c.check("contacts", "POST", "/contacts", {}, expect=404, code="community_only_error",
            text="This feature exists only in the community edition of Cloudify.")
    c.check("ok", "GET", "/ok", user=None, tenant=None)
    c.check("snapshot status", "GET", "/snapshot-status", user=None, tenant=None, equal={"status": "not-running"})
    c.check("the caller", "GET", "/user", equal={"username": "admin"})
    c.check("identity provider", "GET", "/idp")
    c.check("ldap", "GET", "/ldap")
    c.check("ldap set", "POST", "/ldap", {"ldap_server": "ldap://192.0.2.1:389", "ldap_is_active_directory": False, "ldap_domain": "", "ldap_dn_extra": "",
            "ldap_username": None, "ldap_password": None}, expect=405, code="method_not_allowed_error", text="LDAP is not supported")
    c.check("unknown resource", "GET", "/nothing-here", expect=404)
    c.check("method that is not allowed", "DELETE", "/status", expect=405)


def authentication(c):
    unauthorized = {"expect": 401, "code": "unauthorized_error"}
    c.check(
        "wrong password", "GET", "/status", user=("admin", "wrong"), **unauthorized,
        text="User unauthorized: Authentication failed for <User username=`admin`>. Wrong credentials or locked account",
    )
    c.check("no credentials", "GET", "/status", user=None, text="No authentication info provided", **unauthorized)
    c.check("bearer", "GET", "/status", user=None, headers={"Authorization": "Bearer x"}, text="No authentication info provided", **unauthorized)
    c.check("unknown user", "GET", "/status", user=("nobody1", "x"), text="No authentication info provided", **unauthorized)
    c.check("token of no shape", "GET", "/status", token="abc", text="Invalid token structure", **unauthorized)
    c.check("user name in another case", "GET", "/status", user=("ADMIN", c.user[1]))
    forbidden = {"expect": 403, "code": "forbidden_error"}
    c.check("unknown tenant", "GET", "/blueprints", tenant="nope", text="Tried to authenticate with invalid tenant name: nope", **forbidden)
    c.check("no tenant", "GET", "/blueprints", tenant=None, text="tenant not provided", **forbidden)


def tenants(c):
    c.check("tenants create", "POST", "/tenants/ct1", {"rabbitmq_password": ""}, expect=201, equal={"name": "ct1"})
    c.check("tenants create, again", "POST", "/tenants/ct1", {"rabbitmq_password": ""}, expect=409, code="conflict_error")
    c.check("tenants create, illegal name", "POST", "/tenants/c%20t", {}, expect=400, code="bad_parameters_error", text="contains illegal characters")
    for name in ("users", "user-groups"):
        c.check("tenants create, named " + name, "POST", "/tenants/" + name, {}, expect=400, code="bad_parameters_error",
                text="'%s' is not allowed as a tenant name because it wouldn't be possible to remove it later" % name)
    c.check("tenants list", "GET", "/tenants?_get_data=False&_offset=0&_size=1000&_sort=name", needs=LIST + ("items.*.users",))
    c.check("tenants get", "GET", "/tenants/ct1?_get_data=False", equal={"name": "ct1", "users": 0})
    c.check("tenants get, with data", "GET", "/tenants/ct1?_get_data=True", equal={"users": {}, "groups": {}})
    c.check("tenants get, illegal name", "GET", "/tenants/a%20b", expect=403, code="forbidden_error",
            text="Authorization failed: Tried to authenticate with invalid tenant name: a b")
    c.check("tenants delete, illegal name", "DELETE", "/tenants/1b", expect=400, code="bad_parameters_error",
            text="The `tenant_name` argument must begin with a letter")
    c.check("tenants get, unknown", "GET", "/tenants/nope", expect=403, code="forbidden_error", text="invalid tenant name: nope")


def users(c):
    new = {"username": "cu1", "password": "password1", "role": "default"}
    bad = {"expect": 400, "code": "bad_parameters_error"}
    c.check("users create", "PUT", "/users", new, expect=201, equal={"username": "cu1", "role": "default"})
    c.check("users create, again", "PUT", "/users", new, expect=409, code="conflict_error")
    c.check("users create, short password", "PUT", "/users", dict(new, username="cu2", password="abc"),
            text="The password is too short. Minimum allowed length is 5 characters", **bad)
    c.check("users create, unknown role", "PUT", "/users", dict(new, username="cu2", role="zz"),
            text="Invalid role: `zz`. Valid system_role roles are: ['sys_admin', 'default']", **bad)
    c.check("users create, tenant role", "PUT", "/users", dict(new, username="cu2", role="viewer"),
            text="Role `viewer` is a tenant_role and cannot be assigned as a system_role", **bad)
    c.check("users create, no name", "PUT", "/users", {"password": "password1"}, text="Missing username in json request body", **bad)
    c.check("tenants add-user", "PUT", "/tenants/users", {"username": "cu1", "tenant_name": "ct1", "role": "user"}, equal={"name": "ct1"})
    c.check("tenants add-user, unknown", "PUT", "/tenants/users", {"username": "nobody", "tenant_name": "ct1", "role": "user"},
            expect=404, code="not_found_error")
    for method in ("PUT", "PATCH", "DELETE"):
        c.check("tenants, a user, %s, unknown tenant" % method, method, "/tenants/users", {"username": "cu1", "tenant_name": "nope", "role": "user"},
                expect=403, code="forbidden_error", text="Authorization failed: Tried to authenticate with invalid tenant name: nope")
    c.check("users update, nothing", "POST", "/users/cu1", {}, text="Neither `password` nor `role` provided", **bad)
    c.check("users update, too much", "POST", "/users/cu1", {"password": "password1", "role": "default"},
            text="Both `password` and `role` provided", **bad)
    c.check("users update, nothing, unknown user", "POST", "/users/nosuch", {}, text="Neither `password` nor `role` provided", **bad)
    c.check("users update, no password, unknown user", "POST", "/users/nosuch", {"password": ""}, text="Neither `password` nor `role` provided", **bad)
    c.check("users update, tenant role, unknown user", "POST", "/users/nosuch", {"role": "viewer"},
            text="Role `viewer` is a tenant_role and cannot be assigned as a system_role", **bad)
    c.check("users unlock, illegal name", "POST", "/users/unlock/1b", text="The `username` argument must begin with a letter", **bad)
    c.check("tenants add-user, system role, unknown user", "PUT", "/tenants/users", {"username": "nosuch", "tenant_name": "ct1", "role": "default"},
            text="Role `default` is a system_role and cannot be assigned as a tenant_role", **bad)
    c.check("users list", "GET", "/users?_get_data=False&_offset=0&_size=1000&_sort=username", needs=LIST + ("items.*.group_system_roles",))
    c.check("users get", "GET", "/users/cu1?_get_data=True", equal={"username": "cu1", "tenants.ct1.tenant-role": "user"})
    c.check("users set-role", "POST", "/users/cu1", {"role": "sys_admin"}, equal={"role": "sys_admin"})
    c.check("users set-role, back", "POST", "/users/cu1", {"role": "default"}, equal={"role": "default"})
    c.check("users set-password", "POST", "/users/cu1", {"password": "password2"})
    c.check("the new password", "GET", "/status", user=CALLER, tenant="ct1")
    c.check("users deactivate", "POST", "/users/active/cu1", {"action": "deactivate"}, equal={"active": False})
    c.check("a user who is not active", "GET", "/status", user=CALLER, tenant="ct1", expect=401, code="unauthorized_error")
    c.check("users activate", "POST", "/users/active/cu1", {"action": "activate"}, equal={"active": True})
    c.check("users unlock", "POST", "/users/unlock/cu1")


def refusals(c):
    as_user = {"user": CALLER, "tenant": "ct1"}
    forbidden = {"expect": 403, "code": "forbidden_error"}
    c.check("a user may not list users", "GET", "/users", text="User `cu1` is not permitted to perform the action user_list", **as_user, **forbidden)
    c.check("a user may not see snapshots", "GET", "/snapshots", text="in the tenant `ct1`", **as_user, **forbidden)
    c.check("a user may not switch maintenance on", "POST", "/maintenance/activate", **as_user, **forbidden)
    new = {"deployment_id": "nosuch", "workflow_id": "install"}
    for field, value, action in (("created_by", "admin", "set_owner"), ("ended_at", "2020-01-01T00:00:00.000Z", "set_timestamp"),
                                 ("force_status", "terminated", "set_execution_details")):
        c.check("a user may not start executions with " + field, "POST", "/executions", dict(new, **{field: value}),
                text="User `cu1` is not permitted to perform the action " + action, **as_user, **forbidden)
    for field, value, action in (("created_by", "admin", "set_owner"), ("created_at", "2020-01-01T00:00:00.000Z", "set_timestamp")):
        c.check("a user may not make schedules with " + field, "PUT", "/execution-schedules/s?deployment_id=nosuch",
                {"workflow_id": "install", "since": "2030-01-01", "count": 1, field: value},
                text="User `cu1` is not permitted to perform the action " + action, **as_user, **forbidden)
    c.check("a user may not change database nodes", "POST", "/db-nodes", {"action": "update"},
            text="User `cu1` is not permitted to perform the action cluster_node_config_update", **as_user, **forbidden)
    c.check("a user may not make tenants", "POST", "/tenants/ct2", {}, **as_user, **forbidden)
    only_admins = "User unauthorized: Only admin users are permitted to edit permissions"
    c.check("a user may not see permissions", "GET", "/permissions", expect=401, code="unauthorized_error", text=only_admins, **as_user)
    c.check("a user may not give permissions", "PUT", "/permissions/viewer/site_create", expect=401, code="unauthorized_error", text=only_admins, **as_user)
    c.check("a user in a tenant that is not theirs", "GET", "/blueprints", user=CALLER, **forbidden)
    c.check("a user sees blueprints of their tenant", "GET", "/blueprints", needs=LIST, **as_user)
    c.check("tenants update-user", "PATCH", "/tenants/users", {"username": "cu1", "tenant_name": "ct1", "role": "manager"})


def groups(c):
    member = {"username": "cu1", "group_name": "cg1"}
    c.check("user-groups create", "POST", "/user-groups", {"group_name": "cg1", "ldap_group_dn": None, "role": "default"},
            expect=201, equal={"name": "cg1"})
    c.check("user-groups create, again in another case", "POST", "/user-groups", {"group_name": "CG1"}, expect=409, code="conflict_error",
            text="<Group name=`cg1`> already exists")
    c.check("user-groups get, in another case", "GET", "/user-groups/CG1", equal={"name": "cg1"})
    c.check("user-groups set-role, tenant role, unknown group", "POST", "/user-groups/nosuch", {"role": "viewer"}, expect=400,
            code="bad_parameters_error", text="Role `viewer` is a tenant_role and cannot be assigned as a system_role")
    c.check("user-groups set-role, no role", "POST", "/user-groups/cg1", {}, expect=400, code="bad_parameters_error", text="`role` not provided")
    c.check("user-groups create, named users", "POST", "/user-groups", {"group_name": "users"}, expect=400, code="bad_parameters_error",
            text="'users' is not allowed as a user group name because it wouldn't be possible to remove it later")
    c.check("user-groups list", "GET", "/user-groups?_get_data=False&_offset=0&_size=1000&_sort=name", needs=LIST)
    c.check("tenants add-user-group", "PUT", "/tenants/user-groups", {"group_name": "cg1", "tenant_name": "ct1", "role": "user"})
    c.check("user-groups add-user", "PUT", "/user-groups/users", member)
    c.check("user-groups get", "GET", "/user-groups/cg1?_get_data=True", equal={"users": ["cu1"]})
    c.check("groups of a user", "GET", "/users/cu1?_get_data=True", equal={"groups": ["cg1"]})
    c.check("user-groups remove-user", "DELETE", "/user-groups/users", member, expect=204)
    c.check("tenants remove-user-group", "DELETE", "/tenants/user-groups", {"group_name": "cg1", "tenant_name": "ct1"}, expect=204)
    c.check("user-groups delete", "DELETE", "/user-groups/cg1", expect=204)
    c.check("user-groups get, deleted", "GET", "/user-groups/cg1", expect=404, code="not_found_error")
    c.check("tenants delete, one with users", "DELETE", "/tenants/default_tenant", expect=(400, 409))
    c.check("tenants remove-user", "DELETE", "/tenants/users", {"username": "cu1", "tenant_name": "ct1"}, expect=204)
    c.check("users delete", "DELETE", "/users/cu1", expect=204)
    for method in ("GET", "DELETE"):
        c.check("users, illegal name, " + method, method, "/users/1b", expect=400, code="bad_parameters_error",
                text="The `username` argument must begin with a letter")
    c.check("users get, deleted", "GET", "/users/cu1", expect=404, code="not_found_error")
    c.check("users delete, oneself", "DELETE", "/users/admin", expect=(400, 403, 409))
    c.check("secrets create, in that tenant", "PUT", "/secrets/left", {"value": "v"}, tenant="ct1")
    c.check("tenants delete, not empty", "DELETE", "/tenants/ct1", expect=409, code="conflict_error", text="it holds resources: secrets (1)")
    c.check("secrets delete, in that tenant", "DELETE", "/secrets/left", tenant="ct1", expect=204)
    c.check("tenants delete", "DELETE", "/tenants/ct1", expect=204)


def tokens(c):
    token = c.check("tokens create", "POST", "/tokens", {"description": "x"}, needs=("id", "value"), equal={"description": "x"})
    value, path = token.get("value"), "/tokens/%s" % token.get("id")
    c.check("a token", "GET", "/status", token=value)
    c.check("tokens create, expired", "POST", "/tokens", {"expiration_date": "2001-10-12 12:21"}, expect=400, code="bad_parameters_error",
            text="Expiration date was in the past.")
    c.check("tokens get, unknown", "GET", "/tokens/nope", expect=404, code="not_found_error", text="Could not find token nope")
    c.check("tokens delete, unknown", "DELETE", "/tokens/nope", expect=404, code="not_found_error", text="Could not find token nope")
    c.check("tokens list", "GET", "/tokens", needs=LIST)
    shown = c.check("tokens get", "GET", path, equal={"value": "ctok-%s-********" % token.get("id")})
    c.report("a token is shown once", [] if shown.get("value") != value else ["the value is shown again"])
    c.check("tokens delete", "DELETE", path, expect=204)
    c.check("a deleted token", "GET", "/status", token=value, expect=401, code="unauthorized_error")
