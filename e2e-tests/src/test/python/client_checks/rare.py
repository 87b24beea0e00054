"""What the client's library can ask for, and its command line never or seldom does."""

import base64
import io
import zipfile

from client_checks.client import LIST
from client_checks.inventory import BLUEPRINT, multipart, plugin_archive, tar_gz


def run(c):
    access(c)
    blueprints(c)
    plugins(c)
    providers(c)
    deployments(c)
    modifications(c)
    nodes(c)
    searches(c)
    operations(c)
    groups(c)
    provider_context(c)
    refusals(c)
    nulls(c)


def access(c):
    c.check("rare, version", "GET", "/version", needs=("edition", "version"))
    c.check("rare, a group", "POST", "/user-groups", {"group_name": "rg", "role": "default"}, expect=201)
    c.check("rare, a group's tenant", "PUT", "/tenants/user-groups", {"group_name": "rg", "tenant_name": "default_tenant", "role": "user"})
    c.check("rare, tenants update-user-group", "PATCH", "/tenants/user-groups", {"group_name": "rg", "tenant_name": "default_tenant", "role": "viewer"})
    c.check("rare, user-groups set-role", "POST", "/user-groups/rg", {"role": "sys_admin"}, equal={"role": "sys_admin"})
    c.check("rare, a group no more in a tenant", "DELETE", "/tenants/user-groups", {"group_name": "rg", "tenant_name": "default_tenant"}, expect=204)
    c.check("rare, user-groups delete", "DELETE", "/user-groups/rg", expect=204)
    c.check("rare, permissions add", "PUT", "/permissions/viewer/site_create", expect=(200, 201, 204))
    c.check("rare, permissions delete", "DELETE", "/permissions/viewer/site_create", expect=(200, 204))
    c.check("rare, audit inject", "POST", "/audit", [{"ref_table": "sites", "ref_id": 1, "ref_identifier": {"id": "old"}, "operation": "create",
                                                      "creator_name": "admin", "execution_id": None, "created_at": "2024-01-01T00:00:00.000Z"}])
    c.check("rare, audit truncate", "DELETE", "/audit?before=2020-01-01T00:00:00.000Z", equal={"deleted": 0})
    c.check("rare, license upload", "PUT", "/license", b"license: {}", equal={"expired": False})
    c.check("rare, license remove", "DELETE", "/license", expect=204)
    c.check("rare, secrets", "PUT", "/secrets/rare", {"value": "x"})
    c.check("rare, secrets set-global", "PATCH", "/secrets/rare/set-global", equal={"visibility": "global"})


def blueprints(c):
    archive = tar_gz({"bp/blueprint.yaml": BLUEPRINT, "bp/script.py": "x = 1\n"})
    body, content_type = multipart({"application_file_name": "blueprint.yaml"}, archive, "blueprint_archive")
    c.check("rare, blueprints validate", "PUT", "/blueprints/rbp/validate", body, content_type=content_type, expect=201, equal={"id": "rbp", "state": "validating"})
    c.check("rare, blueprints upload, as a worker has it", "PUT", "/blueprints/rbp?skip_execution=true&application_file_name=blueprint.yaml", archive, expect=201)
    c.check("rare, blueprints upload, its archive", "PUT", "/blueprints/rbp/archive", archive, equal={"id": "rbp"})
    labels = [{"key": "a", "value": "b"}]
    c.check("rare, blueprints upload, its labels too early", "PATCH", "/blueprints/rbp", {"labels": labels}, expect=409, code="conflict_error",
            text="Blueprint labels can only be updated if the blueprint was uploaded successfully")
    c.check("rare, blueprints upload, its labels with another state", "PATCH", "/blueprints/rbp", {"labels": labels, "state": "parsing"}, expect=409,
            code="conflict_error", text="Blueprint labels can be created only if the provided blueprint state is uploaded")
    c.check("rare, blueprints upload, no such state", "PATCH", "/blueprints/rbp", {"state": "zz"}, expect=400, code="bad_parameters_error",
            text="Invalid state: `zz`. Valid blueprint state values are: [")
    c.check("rare, blueprints upload, nothing to change", "PATCH", "/blueprints/rbp", {}, expect=400, code="illegal_action_error",
            text="Update a blueprint request must include at least one parameter to update")
    c.check("rare, blueprints upload, its labels", "PATCH", "/blueprints/rbp", {"labels": labels, "state": "uploaded", "description": "rare"},
            equal={"description": "rare"})
    c.check("rare, blueprints set-owner, unknown", "PATCH", "/blueprints/rbp", {"creator": "nobody"}, expect=400, code="bad_parameters_error",
            text="User nobody does not exist.")
    c.check("rare, blueprints set-owner", "PATCH", "/blueprints/rbp", {"creator": "admin"}, equal={"created_by": "admin"})
    c.check("rare, blueprints upload, carried over", "PUT",
            "/blueprints/rbp2?application_file_name=blueprint.yaml&created_by=admin&created_at=2020-01-02T03:04:05.678Z", archive, expect=201,
            equal={"created_by": "admin", "created_at": "2020-01-02T03:04:05.678Z"})
    c.check("rare, blueprints delete, the one carried over", "DELETE", "/blueprints/rbp2", expect=204)
    c.check("rare, blueprints set-global", "PATCH", "/blueprints/rbp/set-global", equal={"visibility": "global"})
    c.check("rare, blueprints delete", "DELETE", "/blueprints/rbp?force=true", expect=204)


def plugins(c):
    archive = plugin_archive("rare-plugin", "1.0")
    plugin = c.check("rare, plugins upload", "POST", "/plugins?visibility=tenant", archive, expect=201, needs=("id",))
    path = "/plugins/%s" % plugin.get("id")
    manager = c.check("rare, plugins install, on which manager", "GET", "/managers", needs=("items.*.hostname",)).at("items.*.hostname")[0]
    c.check("rare, plugins install", "POST", path, {"action": "install", "managers": [manager], "agents": []},
            equal={"installation_state.*.state": "error"})
    c.check("rare, plugins install, on one that there is not", "POST", path, {"action": "install", "managers": [manager, "m1"]}, expect=404,
            code="not_found_error", text="Cannot install: requested managers do not exist: m1")
    c.check("rare, plugins set-state, none that there is", "PUT", path, {"state": "there", "manager": manager}, expect=409,
            code="storage_error", text='invalid plugin installation state: "there"')
    c.check("rare, plugins set-state, of no manager", "PUT", path, {"state": "installed", "manager": "m1"}, expect=404, code="not_found_error",
            text="Requested `Manager` with ID `None` was not found (filters: {'hostname': 'm1'})")
    c.check("rare, plugins set-state", "PUT", path, {"state": "installed", "manager": manager}, needs=("installation_state.*.state",))
    c.check("rare, plugins set-owner", "PATCH", path, {"creator": "admin", "labels": {"a": ["b"]}}, equal={"created_by": "admin"})
    c.download("rare, plugins yaml", path + "/yaml?dsl_version=1_4")
    c.download("rare, plugins yaml", path + "/yaml")
    c.check("rare, plugins set-global", "PATCH", path + "/set-global", equal={"visibility": "global"})
    c.check("rare, plugins delete", "DELETE", path, {"force": False}, expect=204)


def providers(c):
    path = "/secrets-providers"
    c.check("rare, providers create", "PUT", path + "/rp", {"type": "vault", "connection_parameters": {"url": "http://127.0.0.1:1", "token": "t"},
            "visibility": "tenant"}, equal={"name": "rp"})
    c.check("rare, providers create, its name in the body", "PUT", path, {"name": "rp2", "type": "vault", "connection_parameters": {"url": "http://127.0.0.1:1",
            "token": "t"}}, equal={"name": "rp2"})
    c.check("rare, providers list", "GET", path, needs=LIST)
    c.check("rare, providers get", "GET", path + "/rp", equal={"type": "vault"})
    c.check("rare, providers test, by its name", "PUT", path, {"name": "rp", "type": "", "test": True}, expect=400, code="bad_parameters_error",
            text="the secrets provider at http://127.0.0.1:1 is at the address 127.0.0.1 of the manager itself")
    c.check("rare, providers test, unknown", "PUT", path, {"name": "nope", "type": "", "test": True}, expect=404, code="not_found_error",
            text="Requested `SecretsProvider` with ID `nope` was not found")
    rule = {"key": "provider_name", "values": ["r"], "operator": "starts_with", "type": "attribute"}
    c.check("rare, secrets of a provider", "PUT", "/secrets/rsp", {"provider_name": "rp", "provider_options": {"path": "x"}})
    c.check("rare, secrets list, of a provider", "POST", "/searches/secrets?_sort=key&_all_tenants=False&_offset=0&_size=1000",
            {"filter_rules": [rule]}, needs=LIST, equal={"items.*.key": "rsp", "items.*.provider_name": "rp"})
    c.check("rare, secrets delete, of a provider", "DELETE", "/secrets/rsp", expect=204)
    c.check("rare, providers update", "PATCH", path + "/rp", {"visibility": "global"}, equal={"visibility": "global"})
    c.check("rare, providers delete", "DELETE", path + "/rp", expect=204)
    c.check("rare, providers delete, the other", "DELETE", path + "/rp2", expect=204)


def deployments(c):
    path = "/deployments/rdep"
    c.check("rare, deployments create", "PUT", path, {"blueprint_id": "cbp3", "visibility": "private"}, expect=201)
    c.until(path, "latest_execution_status", ("completed",))
    c.check("rare, deployments set-visibility", "PATCH", path + "/set-visibility", {"visibility": "tenant"}, equal={"visibility": "tenant"})
    carried(c)
    new = {"dependency_creator": "rare.x", "source_deployment": "cdep2", "target_deployment": "rdep"}
    made = c.check("rare, dependencies create", "PUT", "/inter-deployment-dependencies", new, needs=("id",))
    c.check("rare, dependencies list", "GET", "/inter-deployment-dependencies", needs=LIST)
    c.check("rare, dependencies get", "GET", "/inter-deployment-dependencies/%s" % made.get("id"), equal={"dependency_creator": "rare.x"})
    c.check("rare, dependencies get, the longer way", "GET", "/deployments/inter-deployment-dependencies/%s" % made.get("id"), needs=("id",))
    needed = c.check("rare, deployments list, what one needs", "GET", "/deployments?_dependencies_of=cdep2&_include=id", needs=LIST)
    c.report("rare, deployments list, has what one needs", [] if "rdep" in needed.at("items.*.id") else ["%s" % needed.get("items")])
    c.check("rare, deployments update, the older way", "PUT", "/deployment-updates/rdep/update/initiate",
            {"blueprint_id": "cbp3", "preview": True, "force": True}, needs=("id",),
            equal={"state": "preview", "recursive_dependencies.*": {"deployment": "cdep2", "dependency_type": "deployment", "dependent_node": "x",
                                                                    "tenant": "default_tenant"}})
    c.check("rare, dependencies restore", "POST", "/deployments/inter-deployment-dependencies/restore",
            {"deployment_id": "cdep2", "update_service_composition": False})
    c.check("rare, dependencies delete", "DELETE", "/inter-deployment-dependencies", dict(new, is_component_deletion=False), expect=204)
    c.check("rare, dependencies of a deployment", "PUT", "/deployments/cdep2/inter-deployment-dependencies", {"inter_deployment_dependencies": []},
            expect=(200, 201, 204))


def carried(c):
    """As the client puts a deployment of a snapshot back."""
    empty = io.BytesIO()
    zipfile.ZipFile(empty, "w").close()
    workflow = {"plugin": "p", "operation": "m.f", "parameters": {"a": {"default": 1}}, "is_cascading": False, "is_available": True,
                "availability_rules": None}
    new = {"blueprint_id": "cbp3", "visibility": "tenant", "workdir_zip": base64.b64encode(empty.getvalue()).decode(), "inputs": {}, "display_name": "Old",
           "labels": [{"key": "env", "value": "old", "created_by": "admin", "created_at": "2020-01-01T00:00:00.000Z"}], "workflows": {"nop": workflow},
           "groups": {}, "scaling_groups": {}, "policy_triggers": {}, "policy_types": {}, "outputs": {"o": {"value": 1}}, "capabilities": {},
           "resource_tags": {}, "description": "d", "created_at": "2020-01-01T00:00:00.000Z", "created_by": "admin", "deployment_status": "good",
           "installation_status": "active", "sub_services_status": None, "sub_environments_status": None, "sub_services_count": 0,
           "sub_environments_count": 0, "skip_plugins_validation": False, "runtime_only_evaluation": False}
    path = "/deployments/carried"
    c.check("rare, deployments restore, no zip", "PUT", path, dict(new, workdir_zip="aGFsbG8="), expect=400, code="bad_parameters_error")
    c.check("rare, deployments restore, no such status", "PUT", path, dict(new, deployment_status="fine"), expect=409, code="storage_error")
    c.check("rare, deployments restore", "PUT", path + "?async_create=False", new, expect=201,
            equal={"created_at": "2020-01-01T00:00:00.000Z", "created_by": "admin", "display_name": "Old", "deployment_status": "good",
                   "installation_status": "active", "description": "d"})
    c.check("rare, deployments get, restored", "GET", path, equal={"workflows.*.name": "nop", "labels.*.created_at": "2020-01-01T00:00:00.000Z",
                                                                   "create_execution": None})
    c.check("rare, executions of a restored deployment", "GET", "/executions?deployment_id=carried", equal={"items": []})
    c.check("rare, deployments outputs, restored", "GET", path + "/outputs", equal={"outputs": {"o": 1}})
    c.check("rare, deployments delete, restored", "DELETE", path, expect=204)


def nodes(c):
    new = {"id": "added", "type": "cloudify.nodes.Root", "type_hierarchy": ["cloudify.nodes.Root"], "properties": {}, "relationships": [], "plugins": [],
           "operations": {}, "number_of_instances": 1}
    c.check("rare, nodes create, of an unknown owner", "POST", "/nodes", {"deployment_id": "cdep2", "nodes": [dict(new, creator="nobody")]}, expect=400,
            code="bad_parameters_error", text="User nobody does not exist.")
    c.check("rare, nodes create", "POST", "/nodes", {"deployment_id": "cdep2", "nodes": [new]}, expect=201)
    c.check("rare, node instances create", "POST", "/node-instances", {"deployment_id": "cdep2", "node_instances": [{"id": "added_1", "node_id": "added"}]},
            expect=201)
    by_hand = {"expect": 403, "code": "only_deployment_update"}
    c.check("rare, nodes update, by hand", "PATCH", "/nodes/cdep2/added", {"properties": {"a": 1}}, **by_hand)
    c.check("rare, node instances delete, by hand", "DELETE", "/node-instances/added_1", **by_hand)
    c.check("rare, nodes delete, by hand", "DELETE", "/nodes/cdep2/added", **by_hand)


def searches(c):
    """As `node_instances.search(ids)` and lists with constraints ask."""
    instance = (c.send("GET", "/node-instances?deployment_id=cdep2").get("items") or [{}])[0].get("id")
    rule = {"key": "id", "values": [instance], "operator": "any_of", "type": "attribute"}
    c.check("rare, node instances search", "POST", "/searches/node-instances?_all_tenants=True", {"filter_rules": [rule]}, needs=LIST,
            equal={"items.*.id": instance})
    c.check("rare, nodes list, with rules", "POST", "/searches/nodes?_evaluate_functions=False&deployment_id=cdep2",
            {"filter_rules": [dict(rule, values=["nope"])]}, needs=LIST, equal={"items": []})
    c.check("rare, deployments list, with constraints", "POST", "/searches/deployments", {"constraints": {"labels": [{"nope": "x"}]}}, needs=LIST,
            equal={"items": []})
    c.check("rare, node instances list, with constraints on nothing", "POST", "/searches/node-instances", {"constraints": {"valid_values": [instance]}},
            expect=400, code="bad_parameters_error", text="Please provide a valid 'blueprint_id' or 'deployment_id' parameter")
    c.check("rare, nodes list, of a blueprint", "POST", "/searches/nodes?blueprint_id=cbp3", {"constraints": {}}, needs=LIST,
            equal={"items.*.number_of_instances": 0, "items.*.planned_number_of_instances": 0, "items.*.deploy_number_of_instances": 0})
    c.check("rare, scaling groups list, of a blueprint", "POST", "/searches/scaling-groups?blueprint_id=cbp3", {"constraints": {}}, needs=LIST)
    c.check("rare, deployments get, without a work directory", "GET", "/deployments/cdep2?all_sub_deployments=True&include_workdir=True"
            "&_include=workdir_zip", equal={"workdir_zip": "UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA=="})


def modifications(c):
    c.check("rare, agents replace certificates", "PATCH", "/agents", {"bundle": True, "broker_ca_cert": "x", "manager_ca_cert": "y"},
            needs=("number_of_updated_agents",))
    started = c.check("rare, modifications start", "POST", "/deployment-modifications", {"deployment_id": "cdep2", "nodes": {}, "context": {}}, expect=201,
                      needs=("id",))
    path = "/deployment-modifications/%s" % started.get("id")
    c.check("rare, modifications get", "GET", path, equal={"status": "started"})
    c.check("rare, modifications finish", "POST", path + "/finish", equal={"status": "finished"})
    c.check("rare, modifications list", "GET", "/deployment-modifications", needs=LIST)


def operations(c):
    execution = c.check("rare, an execution", "POST", "/executions", {"deployment_id": "cdep2", "workflow_id": "nop"}, expect=201,
                        equal={"total_operations": 0, "finished_operations": 0}).get("id")
    c.follow(execution)
    one = {"id": "rop", "name": "create", "state": "pending", "type": "RemoteWorkflowTask", "parameters": {"task_kwargs": {}}, "dependencies": []}
    graph = c.check("rare, tasks graphs create", "POST", "/tasks_graphs", {"execution_id": execution, "name": "rare", "operations": [one]}, expect=201,
                    needs=("id",)).get("id")
    c.check("rare, tasks graphs list", "GET", "/tasks_graphs?execution_id=%s&name=rare" % execution, needs=("items",))
    c.check("rare, tasks graphs get", "GET", "/tasks_graphs/%s" % graph, equal={"name": "rare"})
    c.check("rare, operations list", "GET", "/operations?graph_id=%s" % graph, needs=("items.*.state",))
    bad = {"expect": 400, "code": "bad_parameters_error"}
    for internal, state, found in (("True", "", ["rop"]), ("False", "", ["rop"]), ("True", "&state=failed", [])):
        path = "/operations?execution_id=%s&skip_internal=%s%s" % (execution, internal, state)
        ops = c.check("rare, operations list, %s" % path.split("&", 1)[1], "GET", path)
        c.report("rare, operations list, %s, what is there" % path.split("&", 1)[1],
                 [] if [op.get("id") for op in ops.get("items") or []] == found else ["%s" % ops.json])
    c.check("rare, operations list, of an unknown execution", "GET", "/operations?execution_id=nope&skip_internal=True", expect=404,
            code="not_found_error", text="Requested `Execution` with ID `nope` was not found")
    c.check("rare, operations list, of nothing", "GET", "/operations", text="Missing required param: graph_id or execution_id", **bad)
    c.check("rare, operations list, of two", "GET", "/operations?graph_id=%s&execution_id=%s" % (graph, execution),
            text="Pass either graph_id or execution_id, not both", **bad)
    c.check("rare, operations, unknown action", "POST", "/operations", {"action": "other"}, expect=204)
    c.check("rare, operations get", "GET", "/operations/rop", equal={"name": "create"})
    c.check("rare, operations create", "PUT", "/operations/rop2", dict(one, id="rop2", graph_id=graph), expect=201, equal={"id": "rop2"})
    c.check("rare, operations update", "PATCH", "/operations/rop2", {"state": "succeeded", "result": None, "exception": None, "manager_name": "m", "agent_name": "a"})
    c.check("rare, operations delete", "DELETE", "/operations/rop2", equal={"id": "rop2"})


def groups(c):
    c.check("rare, a group", "PUT", "/deployment-groups/rgr", {"deployment_ids": ["cdep2"], "visibility": "tenant"}, equal={"deployment_ids": ["cdep2"]})
    c.check("rare, groups get", "GET", "/deployment-groups/rgr", equal={"id": "rgr"})
    started = c.check("rare, groups start", "POST", "/execution-groups", {"deployment_group_id": "rgr", "workflow_id": "nop", "wait_after_fail": 30}, needs=("id",))
    path = "/execution-groups/%s" % started.get("id")
    c.check("rare, execution groups update", "PATCH", path, {"concurrency": 3}, equal={"concurrency": 3})
    c.check("rare, execution groups cancel", "POST", path, {"action": "cancel"}, needs=("id",))
    for execution in c.send("GET", path).get("execution_ids") or []:
        c.follow(execution)
    c.check("rare, groups delete", "DELETE", "/deployment-groups/rgr", expect=204)


def provider_context(c):
    path = "/provider/context"
    shown = c.check("rare, provider context", "GET", path, needs=("id", "name", "context"))
    again = {"name": shown.get("name"), "context": shown.get("context")}
    c.check("rare, provider context create", "POST", path, again, expect=409, code="conflict_error")
    c.check("rare, provider context update", "POST", path + "?update=true", again, equal={"status": "ok"})
    c.check("rare, provider context, updated", "GET", path, equal=again)


def refusals(c):
    """Routes that the product has and that this manager answers with a refusal."""
    for method, path, body in (("POST", "/managers", {}), ("PUT", "/managers/m", {}), ("DELETE", "/managers/m", None), ("POST", "/brokers", {}),
                               ("PUT", "/brokers/b", {}), ("DELETE", "/brokers/b", None)):
        c.check("rare, %s %s" % (method, path), method, path, body, expect=405)
    for method, path in (("POST", "/tenants/users"), ("POST", "/tenants/user-groups")):
        answer = c.send(method, path, {})
        c.report("rare, %s %s" % (method, path), [] if answer.status in (201, 400, 404, 405) else ["status %d %s" % (answer.status, answer.body)])


def nulls(c):
    """JSON's null where the product says of which type an optional part of a body is."""
    none = "%s parameter is expected to be of type %s but is of type NoneType"
    run = {"deployment_id": "cdep2", "workflow_id": "nop"}
    for method, path, body, name, expected in (
        ("PUT", "/deployments/nulls", {"blueprint_id": "cbp3"}, "inputs", "dict"),
        ("PUT", "/deployments/nulls", {"blueprint_id": "cbp3"}, "display_name", "str"),
        ("PUT", "/deployments/nulls", {"blueprint_id": "cbp3"}, "visibility", "str"),
        ("PUT", "/deployments/nulls", {"blueprint_id": "cbp3"}, "skip_plugins_validation", "bool"),
        ("PUT", "/secrets/nulls", {"value": "v"}, "visibility", "str"),
        ("PUT", "/secrets/nulls", {"value": "v"}, "update_if_exists", None),
        ("PUT", "/secrets/nulls", {"value": "v"}, "is_hidden_value", None),
        ("POST", "/secrets/share/import", {"secrets_list": [], "override_collisions": False}, "tenant_map", "dict"),
        ("PUT", "/sites/nulls", {}, "location", "str"),
        ("PUT", "/filters/deployments/nulls", {}, "filter_rules", "list"),
        ("PUT", "/filters/deployments/nulls", {"filter_rules": []}, "visibility", "str"),
        ("POST", "/tokens", {}, "description", "str"),
        ("DELETE", "/executions", {}, "keep_last", "int"),
        ("POST", "/executions", run, "force", None),
        ("POST", "/executions", run, "dry_run", None),
        ("POST", "/executions", run, "queue", None),
        ("PUT", "/snapshots/nulls", {}, "include_events", None),
        ("PUT", "/tenants/users", {"tenant_name": "default_tenant"}, "username", "str"),
    ):
        text = none % (name, expected) if expected else "%s must be <true/false>, got None" % name
        c.check("rare, null for %s of %s %s" % (name, method, path), method, path, dict(body, **{name: None}), expect=400,
                code="bad_parameters_error", text=text)
    c.check("rare, functions evaluate, what is missing and wrong", "POST", "/evaluate/functions", {"deployment_id": "cdep2", "context": 5}, expect=400,
            code="bad_parameters_error", text="2 validation errors for _EvaluateFunctionsArgs\ncontext\n  value is not a valid dict (type=type_error.dict)"
            "\npayload\n  field required (type=value_error.missing)")
    c.check("rare, functions evaluate, null for context", "POST", "/evaluate/functions", {"deployment_id": "cdep2", "context": None, "payload": {"a": 1}},
            equal={"payload": {"a": 1}})
