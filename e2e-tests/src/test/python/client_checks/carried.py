"""A tenant's things, read and written again in another tenant as the client's own dump() and restore() do it."""

import base64
import io
import json
import tarfile
import urllib.parse
import zipfile

from client_checks.client import multipart

FROM, TO = "carried_from", "carried_to"

BLUEPRINT = """
tosca_definitions_version: cloudify_dsl_1_4
imports: [cloudify/types/types.yaml]
inputs:
  size: {type: integer, default: 3}
node_templates:
  host:
    type: cloudify.nodes.Compute
    capabilities: {scalable: {properties: {default_instances: 2}}}
  app:
    type: cloudify.nodes.Root
    properties: {}
    relationships: [{type: cloudify.relationships.contained_in, target: host}]
groups:
  both: {members: [host]}
policies:
  scale: {type: cloudify.policies.scaling, targets: [both], properties: {default_instances: 1}}
outputs:
  size: {value: {get_input: size}}
capabilities:
  size: {value: {get_input: size}}
labels: {colour: {values: [blue, green]}}
"""

# what dump() asks for of each kind
FIELDS = {
    "sites": "name location visibility created_by created_at",
    "secrets-providers": "created_at name visibility type connection_parameters created_by",
    "blueprints": "id visibility labels created_at created_by state main_file_name plan description error error_traceback is_hidden requirements",
    "deployments": "id blueprint_id inputs visibility labels display_name runtime_only_evaluation created_by created_at workflows groups"
    " policy_triggers policy_types outputs capabilities description scaling_groups resource_tags deployment_status installation_status"
    " sub_services_status sub_environments_status sub_services_count sub_environments_count",
    "deployment-groups": "id visibility description labels default_blueprint_id default_inputs deployment_ids created_by created_at creation_counter",
    "nodes": "id host_id plugins plugins_to_install properties max_number_of_instances min_number_of_instances planned_number_of_instances"
    " deploy_number_of_instances relationships operations type type_hierarchy visibility created_by number_of_instances",
    "node-instances": "id runtime_properties state relationships system_properties scaling_groups host_id index visibility node_id created_by"
    " has_configuration_drift is_status_check_ok",
    "agents": "id node_instance_id state created_at created_by rabbitmq_password rabbitmq_username rabbitmq_exchange version system"
    " install_method ip visibility",
    "executions": "deployment_id workflow_id parameters is_dry_run allow_custom_parameters status created_by created_at id started_at ended_at"
    " error is_system_workflow",
    "execution-groups": "id created_at workflow_id execution_ids concurrency deployment_group_id created_by",
    "operations": "agent_name created_at dependencies id manager_name name parameters state type tasks_graph_id",
    "tasks_graphs": "created_at execution_id name id",
    "events": "_storage_id timestamp reported_timestamp workflow_id blueprint_id deployment_id deployment_display_name message error_causes"
    " event_type operation source_id target_id node_instance_id type logger level manager_name agent_name",
    "filters/deployments": "created_at id visibility value created_by is_system_filter",
    "execution-schedules": "id rule deployment_id workflow_id created_at since until stop_on_fail parameters execution_arguments slip enabled"
    " created_by",
    "deployments/inter-deployment-dependencies": "id visibility created_at created_by dependency_creator target_deployment_func"
    " source_deployment_id target_deployment_id external_source external_target",
}


def run(c):
    for tenant in (FROM, TO):
        c.check("carried, tenant " + tenant, "POST", "/tenants/" + tenant, {"rabbitmq_password": None}, expect=201, tenant=None)
    c.check("carried, somebody else", "PUT", "/users", {"username": "carrier", "password": "carrier1", "role": "sys_admin"}, expect=201, tenant=None)
    archive = fill(c)
    before = dump(c, FROM)
    restore(c, before, archive)
    compare(c, before, dump(c, TO))
    users(c)
    for tenant in (FROM, TO):
        for deployment in ("adep", "adep2"):
            c.check("carried, delete", "DELETE", "/deployments/%s?force=True" % deployment, expect=204, tenant=tenant)
            gone = c.until("/deployments/" + deployment, "id", (404,), tenant=tenant)
            c.report("carried, deleted", [] if gone == 404 else ["it is still there"])


def fill(c):
    """One of each kind, or more."""
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w:gz") as tar:
        member = tarfile.TarInfo("blueprint/blueprint.yaml")
        member.size = len(BLUEPRINT.encode())
        tar.addfile(member, io.BytesIO(BLUEPRINT.encode()))
    archive = archive.getvalue()

    def make(what, method, path, body=None, expect=(200, 201, 204), **more):
        return c.check("carried, make " + what, method, path, body, expect=expect, tenant=FROM, user=("carrier", "carrier1"), **more)

    body, content_type = multipart({"application_file_name": "blueprint.yaml", "labels": [{"key": "team", "value": "a"}]}, archive, "blueprint_archive")
    make("a blueprint", "PUT", "/blueprints/abp", body, content_type=content_type)
    make("a site", "PUT", "/sites/asite", {"location": "1.5,2.5", "visibility": "private"})
    make("a provider", "PUT", "/secrets-providers", {"name": "aprovider", "type": "vault", "visibility": "tenant", "connection_parameters": {"url": "http://v"}})
    make("a secret", "PUT", "/secrets/asecret", {"value": "hush", "is_hidden_value": True, "visibility": "tenant", "update_if_exists": False})
    for name in ("adep", "adep2"):
        make(name, "PUT", "/deployments/" + name, {"blueprint_id": "abp", "inputs": {"size": 4}, "labels": [{"tier": "db"}], "display_name": "Deployment " + name})
    make("a deployment group", "PUT", "/deployment-groups/agroup", {"deployment_ids": ["adep"], "blueprint_id": "abp", "default_inputs": {"size": 5}, "labels": [{"a": "b"}]})
    instance = make("instances", "GET", "/node-instances?deployment_id=adep&node_id=host").at("items")[0][0]
    make("properties", "PATCH", "/node-instances/" + instance["id"], {"version": instance["version"], "state": "started", "runtime_properties": {"ip": "10.0.0.1"}})
    make("an agent", "PUT", "/agents/aagent", {"node_instance_id": instance["id"], "state": "started", "create_rabbitmq_user": False, "ip": "10.0.0.1",
         "install_method": "remote", "system": "linux", "version": "7.1.0", "rabbitmq_exchange": "x"})
    started = make("an execution", "POST", "/executions", {"deployment_id": "adep", "workflow_id": "install", "parameters": None, "force_status": "terminated",
                   "is_system_workflow": None, "id": None, "error": None, "created_at": "2024-01-01T00:00:00.000Z", "ended_at": "2024-01-01T01:00:00.000Z"})
    graph = make("a tasks graph", "POST", "/tasks_graphs/tasks_graphs", {"name": "install", "execution_id": started.get("id"), "operations": None})
    make("an operation", "PUT", "/operations/aop", {"name": "o", "graph_id": graph.get("id"), "dependencies": [], "type": "RemoteWorkflowTask", "parameters": {"a": 1}})
    make("events", "POST", "/events", {"execution_id": started.get("id"), "manager_name": "m", "agent_name": None,
         "events": [{"event_type": "task_started", "message": {"text": "began"}, "context": {"node_id": instance["id"]}, "timestamp": "2024-01-01T00:00:01.000Z"}],
         "logs": [{"logger": "l", "level": "info", "message": {"text": "said"}, "context": {"operation": "o"}, "timestamp": "2024-01-01T00:00:02.000Z"}]})
    make("an execution group", "POST", "/execution-groups", {"id": None, "force": False, "deployment_group_id": "agroup", "workflow_id": "install", "parameters": None,
         "default_parameters": None, "concurrency": 7, "associated_executions": [started.get("id")]})
    make("a schedule", "PUT", "/execution-schedules/aschedule?deployment_id=adep", {"workflow_id": "install", "since": "2030-01-01T00:00:00", "rrule": "FREQ=DAILY;COUNT=3",
         "slip": 4, "stop_on_fail": True, "parameters": None, "execution_arguments": {"force": True}, "enabled": False})
    make("a filter", "PUT", "/filters/deployments/afilter", {"filter_rules": [{"key": "tier", "values": ["db"], "operator": "any_of", "type": "label"}], "visibility": "tenant"})
    make("a dependency", "PUT", "/deployments/inter-deployment-dependencies", {"dependency_creator": "a.b", "source_deployment": "adep", "target_deployment": "adep2"})
    return archive


def dump(c, tenant):
    found = {}
    for kind in FIELDS:
        found[kind] = everything(c, tenant, kind, {"_get_data": True, "_include_system_workflows": True} if kind == "executions" else {"_get_data": True})
    found["filters/deployments"] = [one for one in found["filters/deployments"] if not one.pop("is_system_filter")]
    answer = c.check("carried, dump secrets", "GET", "/secrets/share/export?_include_metadata=True&_include=key,value,visibility,is_hidden_value,encrypted,"
                     "tenant_name,creator,created_at,provider,provider_options", tenant=tenant)
    found["secrets"] = answer.json
    return found


def everything(c, tenant, kind, params):
    """As the client's get_all()."""
    per = {"nodes": "deployment_id", "node-instances": "deployment_id", "agents": "deployment_id", "operations": "execution_id", "tasks_graphs": "execution_id",
           "events": "execution_id"}.get(kind)
    if per is None:
        return pages(c, tenant, kind, params)
    owners = "deployments" if per == "deployment_id" else "executions"
    ids = [one["id"] for one in pages(c, tenant, owners, {"_include_system_workflows": True} if owners == "executions" else {})]
    more = [("type", "cloudify_event"), ("type", "cloudify_log")] if kind == "events" else []
    return [dict(one, **{"_of": owner}) for owner in ids for one in pages(c, tenant, kind, dict(params, **{per: owner}), more)]


def pages(c, tenant, kind, params, more=()):
    items, total = [], None
    while total is None or len(items) < total:
        query = list(dict(params, _include=FIELDS[kind].replace(" ", ","), _offset=len(items), _size=2).items()) + list(more)
        answer = c.check("carried, dump " + kind, "GET", "/%s?%s" % (kind, urllib.parse.urlencode(query)), tenant=tenant, needs=("items", "metadata.pagination.total"))
        page = answer.get("items")
        if not page:
            break
        wanted = set(FIELDS[kind].split())
        lacking = {field for field in wanted if any(field not in one for one in page)} - {"event_type", "logger", "level"}
        if lacking:
            c.report("carried, fields of " + kind, ["no " + ", ".join(sorted(lacking))])
        items += page
        total = answer.at("metadata.pagination.total")[0]
    return items


def restore(c, dumped, archive):
    dumped = json.loads(json.dumps(dumped))  # what restore() takes apart is still to be compared

    def put(what, method, path, body=None, expect=(200, 201, 204), **more):
        return c.check("carried, restore " + what, method, path, body, expect=expect, tenant=TO, **more)

    for one in dumped["sites"]:
        put("sites", "PUT", "/sites/" + one.pop("name"), without_none(one))
    for one in dumped["secrets-providers"]:
        put("providers", "PUT", "/secrets-providers", without_none(one))
    put("secrets", "POST", "/secrets/share/import", {"secrets_list": dumped["secrets"], "tenant_map": {FROM: TO}, "override_collisions": False}, equal={"secrets_errors": {}})
    for one in dumped["blueprints"]:
        params = {"visibility": one["visibility"], "async_upload": True, "skip_execution": True, "application_file_name": urllib.parse.quote(one["main_file_name"]),
                  "created_at": one["created_at"], "created_by": one["created_by"]}
        body, content_type = multipart(params, archive, "blueprint_archive")
        put("blueprints", "PUT", "/blueprints/" + one["id"], body, content_type=content_type)
        details = {key: one[key] for key in ("plan", "state", "error", "error_traceback", "description", "labels", "requirements") if one[key]}
        put("blueprints, details", "PATCH", "/blueprints/" + one["id"], details)
    empty = io.BytesIO()
    zipfile.ZipFile(empty, "w").close()
    for one in dumped["deployments"]:
        one["workdir_zip"] = base64.b64encode(empty.getvalue()).decode()
        one["workflows"] = {workflow.pop("name"): workflow for workflow in one["workflows"]}
        one["skip_plugins_validation"] = False
        put("deployments", "PUT", "/deployments/%s?async_create=False" % one.pop("id"), without_none(one))
    for one in dumped["deployment-groups"]:
        one["blueprint_id"] = one.pop("default_blueprint_id")
        one.update({"filter_id": None, "new_deployments": None, "deployments_from_group": None})
        put("deployment groups", "PUT", "/deployment-groups/" + one.pop("id"), one)
    for kind, name in (("nodes", "nodes"), ("node-instances", "node_instances")):
        for deployment, rows in owned(dumped[kind]):
            for one in rows:
                one["creator"] = one.pop("created_by")
            put(kind, "POST", "/" + kind, {"deployment_id": deployment, name: rows})
    # The ids of node instances are taken by the first tenant's in the existing API, which gives them anew; here each tenant has its own.
    for _, rows in owned(dumped["agents"]):
        for one in rows:
            put("agents", "PUT", "/agents/" + one.pop("id"), dict(one, create_rabbitmq_user=True))
    for one in dumped["executions"]:
        one["deployment_id"] = one["deployment_id"] or ""
        one["force_status"] = one.pop("status")
        one["dry_run"] = str(one.pop("is_dry_run")).lower()
        one["allow_custom_parameters"] = str(one["allow_custom_parameters"]).lower()
        one.update({"force": "false", "queue": "false", "scheduled_time": None, "wait_after_fail": 600})
        put("executions", "POST", "/executions", one)
    for one in dumped["executions"]:
        if one["workflow_id"] == "upload_blueprint":
            c.check("carried, what uploaded a blueprint", "GET", "/blueprints/%s?_include=id,upload_execution" % one["parameters"]["blueprint_id"], tenant=TO,
                    equal={"upload_execution.id": one["id"]})
    for one in dumped["execution-groups"]:
        one.update({"associated_executions": one.pop("execution_ids"), "force": False, "parameters": None, "default_parameters": None})
        put("execution groups", "POST", "/execution-groups", one)
    for one in dumped["tasks_graphs"]:
        operations = [dict(operation) for operation in dumped["operations"] if operation["tasks_graph_id"] == one["id"]]
        for operation in operations:
            operation.pop("tasks_graph_id")
            operation.pop("_of")
        put("tasks graphs", "POST", "/tasks_graphs/tasks_graphs", {"name": one["name"], "execution_id": one["_of"], "operations": operations or None,
            "created_at": one["created_at"], "graph_id": one["id"]})
    for execution, rows in owned(dumped["events"]):
        events, logs, manager, agent = [], [], None, None
        for one in rows:
            manager, agent = one.pop("manager_name"), one.pop("agent_name")
            one["context"] = {"source_id": one.pop("source_id"), "target_id": one.pop("target_id"), "node_id": one.pop("node_instance_id")}
            one["message"] = {"text": one.pop("message")}
            if one["type"] == "cloudify_log":
                one["context"]["operation"] = one.pop("operation")
            (events if one["type"] == "cloudify_event" else logs).append(one)
        put("events", "POST", "/events", {"events": events, "logs": logs, "manager_name": manager, "agent_name": agent, "execution_id": execution})
    for one in dumped["filters/deployments"]:
        one["filter_rules"] = one.pop("value")
        put("filters", "PUT", "/filters/deployments/" + one.pop("id"), one)
    for one in dumped["execution-schedules"]:
        one.update({"rrule": one.pop("rule")["rrule"], "recurrence": None, "count": None, "weekdays": None})
        put("schedules", "PUT", "/execution-schedules/%s?deployment_id=%s" % (one.pop("id"), one.pop("deployment_id")), one)
    for one in dumped["deployments/inter-deployment-dependencies"]:
        one.update({"source_deployment": one.pop("source_deployment_id"), "target_deployment": one.pop("target_deployment_id")})
        put("dependencies", "PUT", "/deployments/inter-deployment-dependencies", without_none(one))


def owned(rows):
    """Whose they are, and they without that."""
    return [(owner, [{key: one[key] for key in one if key != "_of"} for one in rows if one["_of"] == owner]) for owner in sorted({one["_of"] for one in rows})]


def without_none(fields):
    return {key: value for key, value in fields.items() if value is not None}


def compare(c, before, after):
    """What was carried over is what it was."""
    for kind in before:
        was, now = [sorted(json.dumps(plain(kind, one), sort_keys=True) for one in some[kind]) for some in (before, after)]
        c.report("carried, the same " + kind, [] if was == now else ["%s\n    is not\n    %s" % (was, now)])


def plain(kind, one):
    one = dict(one)
    for given_anew in {"events": ("_storage_id",), "secrets": ("tenant_name",)}.get(kind, ()):
        one.pop(given_anew)
    if kind in ("blueprints", "deployment-groups"):
        # these have no way to say when a label was made
        one["labels"] = [(label["key"], label["value"]) for label in one["labels"]]
    return one


def users(c):
    answer = c.check("carried, dump users", "GET", "/users?_get_data=True&_include_hash=True&_include=username,role,tenant_roles,first_login_at,last_login_at,created_at",
                     needs=("items.*.password_hash", "items.*.tenant_roles"), tenant=None)
    one = dict(answer.get("items")[0])
    again = {"username": "carrieduser", "password": one["password_hash"], "is_prehashed": True, "role": one["role"], "created_at": one["created_at"]}
    c.check("carried, restore users", "PUT", "/users", again, expect=201, tenant=None)
    c.check("carried, the same password", "GET", "/user", user=("carrieduser", c.user[1]), equal={"username": "carrieduser"}, tenant=None)
