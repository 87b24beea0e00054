"""Deployments and what runs on them: nodes, schedules, executions, events, groups, agents, dependencies, searches."""

from client_checks.client import LIST, multipart
from client_checks.inventory import upload

ARGUMENTS = {"allow_custom_parameters": False, "force": False, "dry_run": False, "wait_after_fail": 600}
ONE = "?all_sub_deployments=True&include_workdir=False"


def run(c):
    deployments(c)
    lists(c)
    instance = nodes(c)
    labels_and_site(c)
    schedules(c)
    execution = executions(c)
    events(c, execution)
    groups(c)
    agents(c, instance)
    dependencies(c)
    searches(c)
    statuses(c, instance)
    updates(c)
    availability(c)
    end(c)


def deployments(c):
    new = {"blueprint_id": "cbp", "visibility": "tenant", "inputs": {"name": "x"}, "labels": [{"k": "v"}], "display_name": "cdep",
           "skip_plugins_validation": False, "runtime_only_evaluation": False}
    path = "/deployments/cdep"
    c.check("deployments create", "PUT", path, new, expect=201, equal={"id": "cdep", "blueprint_id": "cbp"})
    c.check("deployments create, again", "PUT", path, new, expect=409, code="conflict_error")
    c.check("deployments create, unknown blueprint", "PUT", "/deployments/cd0", {"blueprint_id": "nope"}, expect=404, code="not_found_error",
            text="Requested `Blueprint` with ID `nope` was not found")
    c.check("deployments create, no blueprint", "PUT", "/deployments/cd0", {}, expect=400, code="bad_parameters_error",
            text="Missing blueprint_id in json request body")
    for query in ("", "?async_create=True"):
        c.check("deployments create, unknown input" + query, "PUT", "/deployments/cd0" + query, {"blueprint_id": "cbp", "inputs": {"zz": 1}}, expect=400,
                code="unknown_deployment_input_error", text="Cannot create deployment - unknown inputs: zz")
    c.check("deployments create, unknown visibility", "PUT", "/deployments/cd0", {"blueprint_id": "cbp", "visibility": "zz"}, expect=400,
            text="Invalid visibility: `zz`. Valid visibility's values are: ['private', 'tenant', 'global']")
    refused_creations(c)
    failed_creation(c)
    c.check("deployments list", "GET", "/deployments?_all_tenants=False&_offset=0&_size=1000&_sort=created_at", needs=LIST)
    c.check("deployments get (an update)", "GET", "/deployment-updates/cdep", expect=404, code="not_found_error",
            text="Requested `DeploymentUpdate` with ID `cdep` was not found")
    c.check("deployments inputs", "GET", path + ONE + "&_include=inputs", equal={"inputs": {"name": "x", "size": 3}})
    c.check("deployments outputs, declared", "GET", path + ONE + "&_include=outputs", needs=("outputs.o.value",))
    c.check("deployments outputs", "GET", path + "/outputs", equal={"outputs": {"o": "x"}, "deployment_id": "cdep"})
    c.check("deployments capabilities", "GET", path + "/capabilities", equal={"capabilities": {"c": 3}, "deployment_id": "cdep"})
    got = c.check("workflows list", "GET", path + ONE, needs=("workflows.*.name", "labels"))
    names = [workflow["name"] for workflow in got.get("workflows") or []]
    c.report("workflows list has the blueprint's", [] if "nop" in names and "install" in names else ["%s" % names])
    c.check("deployments of a blueprint", "GET", "/deployments?blueprint_id=cbp&_include=id", equal={"items.*.id": "cdep"})
    c.check("blueprints delete, in use", "DELETE", "/blueprints/cbp?force=False", expect=400, code="dependent_exists_error",
            text="Can't delete blueprint cbp - There exist deployments for this blueprint; Deployments ids: cdep")


def below(c):
    get = "/deployments/cdep2?all_sub_deployments=True&include_workdir=False"
    c.check("deployments get, with none below", "GET", get, equal={"sub_services_count": 0, "sub_environments_count": 0, "has_sub_deployments": False})
    c.check("deployments create, below another", "PUT", "/deployments/cdep3", {"blueprint_id": "cbp3", "labels": [{"csys-obj-parent": "cdep2"}]},
            expect=201)
    c.check("deployments get, with one below", "GET", get, equal={"sub_services_count": 1, "sub_environments_count": 0, "has_sub_deployments": True},
            needs=("sub_services_status", "sub_environments_status"))
    c.check("deployments list, with one below", "GET", "/deployments?id=cdep2&_sort=-sub_services_count", equal={"items.*.sub_services_count": 1})
    c.check("deployments delete, with one below", "DELETE", "/deployments/cdep2", expect=400, code="dependent_exists_error",
            text="Deployment `cdep2` is the parent of deployment cdep3")
    c.check("deployments delete, the one below", "DELETE", "/deployments/cdep3", expect=204)
    for name, parent in (("cdep3", "cdep2"), ("cdep4", "cdep3")):
        c.check("deployments create, %s below %s" % (name, parent), "PUT", "/deployments/" + name,
                {"blueprint_id": "cbp3", "labels": [{"csys-obj-parent": parent}]}, expect=201)
    c.check("deployments delete, with what is below", "DELETE", "/deployments/cdep3?force=False&delete_logs=False&recursive=True", expect=204)
    c.check("deployments get, one that was below", "GET", "/deployments/cdep4", expect=404, code="not_found_error")
    c.check("deployments get, with none below any more", "GET", get, equal={"sub_services_count": 0, "has_sub_deployments": False})


def refused_creations(c):
    bad = {"expect": 400, "code": "bad_parameters_error"}
    for name, labels, text in (
        ("two entries", [{"a": "b", "c": "d"}], "Labels must be a list of 1-entry dictionaries: [{<key1>: <value1>}, {<key2>: [<value2>, <value3>]}, ...]"),
        ("twice", [{"a": "b"}, {"A": ["b"]}], "You cannot define the same label twice"),
        ("key", [{"A b": "c"}], "The key `A b` contains illegal characters. Only letters, digits and the characters `-`, `.` and `_` are allowed"),
        ("value", [{"a": 'b"'}], 'The value `b"` contains illegal characters. Control characters and `"` are not allowed.'),
        ("long", [{"a": "b" * 257}], "The key or value is too long. Maximum allowed length is 256 characters"),
    ):
        c.check("deployments create, labels: " + name, "PUT", "/deployments/cd0", {"blueprint_id": "cbp", "labels": labels}, text=text, **bad)
    c.check("deployments create, labels: no list", "PUT", "/deployments/cd0", {"blueprint_id": "cbp", "labels": {"a": "b"}},
            text="Labels must be a list of 1-entry dictionaries", **bad)
    c.check("deployments labels, unknown parent", "PATCH", "/deployments/cdep", {"labels": [{"csys-obj-parent": "nope"}]}, expect=404,
            code="deployment_parent_not_found_error", text="Deployment(s) referenced by `csys-obj-parent` not found: nope")
    c.check("deployments labels, its own parent", "PATCH", "/deployments/cdep", {"labels": [{"csys-obj-parent": "cdep"}]}, expect=409,
            code="conflict_error", text="cyclic dependencies: cdep")
    c.check("deployments create, illegal site", "PUT", "/deployments/cd0", {"blueprint_id": "cbp", "site_name": "a b"},
            text="The `site_name` argument contains illegal characters", **bad)
    c.check("deployments create, two visibilities", "PUT", "/deployments/cd0?private_resource=True", {"blueprint_id": "cbp", "visibility": "tenant"},
            text="The `private_resource` and `visibility` parameters cannot be used together", **bad)
    c.check("deployments create, global of a blueprint that is not", "PUT", "/deployments/cd0", {"blueprint_id": "cbp2", "visibility": "global"}, expect=403,
            code="forbidden_error", text="Can't create global deployment cd0 because blueprint cbp2 is not global")
    c.check("deployments create, refused ones are not there", "GET", "/deployments/cd0", expect=404, code="not_found_error")


def failed_creation(c):
    """What only the blueprint's evaluation shows: the client that waits gets a 400, the other one an execution that fails; the deployment stays."""
    wrong, path = {"blueprint_id": "cbp", "inputs": {"size": "big"}}, "/deployments/cd1"
    client = "cloudify_rest_client.exceptions."
    for name, more, reason in (
        ("unknown parent", {"labels": [{"csys-obj-parent": "nope"}]},
         client + "DeploymentParentNotFound: 404: Deployment(s) referenced by `csys-obj-parent` not found: nope"),
        ("its own parent", {"labels": [{"csys-obj-parent": "cd1"}]}, client + "CloudifyClientError: 409: cyclic dependencies: cd1"),
        ("long name", {"display_name": "x" * 257}, "ValueError: The deployment display name is too long. Maximum allowed length is 256 characters"),
    ):
        c.check("deployments create, " + name, "PUT", path, dict(more, blueprint_id="cbp"), expect=400, code="deployment_creation_error", text=reason)
    text = "Property type validation failed in 'size': the defined type is 'integer', yet it was assigned with the value 'big'"
    c.check("deployments create, bad value", "PUT", path, wrong, expect=400, code="deployment_creation_error", text=text)
    created = c.check("deployments create, bad value, asynchronously", "PUT", path + "?async_create=True", wrong, expect=201,
                      equal={"latest_execution_status": "failed", "deployment_status": "requires_attention"})
    execution = c.check("deployments create, its execution", "GET", "/executions/%s" % created.get("create_execution"),
                        equal={"status": "failed", "workflow_id": "create_deployment_environment", "deployment_id": "cd1"})
    c.report("deployments create, its execution says why", [] if text in (execution.get("error") or "") else [execution.get("error")])
    c.check("executions start, of one that was not made", "POST", "/executions", {"deployment_id": "cd1", "workflow_id": "install"}, expect=400,
            code="deployment_creation_error", text="Can't launch executions since environment creation for deployment cd1 has failed: ")
    c.check("deployments create, in place of the failed one", "PUT", path, {"blueprint_id": "cbp"}, expect=201,
            equal={"latest_execution_status": "completed"})
    c.check("deployments delete, it again", "DELETE", path, expect=204)


def lists(c):
    bad = {"expect": 400, "code": "bad_parameters_error"}
    c.check("list, unknown key", "GET", "/deployments?foo=1", text="Filter keys '['foo']' do not exist", **bad)
    c.check("list, unknown sort key", "GET", "/deployments?_sort=foo", text="Sort keys '['foo']' do not exist", **bad)
    c.check("list, size that is no number", "GET", "/deployments?_size=abc", text="1 validation error for Pagination", **bad)
    c.check("list, negative offset", "GET", "/deployments?_offset=-1", **bad)
    c.check("list, unknown field", "GET", "/deployments?_include=foo", expect=400, code="no_such_include_field_error")
    page = c.check("list, empty page", "GET", "/deployments?_size=0", needs=LIST)
    c.report("list, empty page has a total", [] if page.get("items") == [] and page.at("metadata.pagination.total") == [1] else ["%s" % page.json])


def nodes(c):
    c.check("nodes list", "GET", "/nodes?_evaluate_functions=False&deployment_id=cdep&_all_tenants=False&_offset=0&_size=1000"
            "&_instance_counts=True&_sort=deployment_id", needs=LIST, equal={"items.*.id": "srv"})
    c.check("nodes get", "GET", "/nodes?deployment_id=cdep&id=srv&_evaluate_functions=False", equal={"items.*.id": "srv"})
    c.check("nodes get, evaluated for an instance", "GET", "/nodes?deployment_id=cdep&id=srv&_evaluate_functions=True&_instance_context=none",
            equal={"items.*.id": "srv"})
    listed = c.check("node-instances list", "GET", "/node-instances?deployment_id=cdep&_all_tenants=False&_offset=0&_size=1000&_sort=node_id",
                     needs=LIST + ("items.*.version",), equal={"items.*.node_id": "srv"})
    instance = (listed.get("items") or [{}])[0]
    path, version = "/node-instances/%s" % instance.get("id"), instance.get("version", 0)
    c.check("node-instances get", "GET", path, equal={"id": instance.get("id")})
    c.check("node-instances update", "PATCH", path, {"version": version, "runtime_properties": {"ip": "1.2.3.4"}, "state": "started"},
            equal={"runtime_properties": {"ip": "1.2.3.4"}, "version": version + 1, "state": "started"})
    c.check("node-instances get, evaluated", "GET", path + "?_evaluate_functions=True", equal={"runtime_properties": {"ip": "1.2.3.4"}})
    c.check("node-instances update, stale", "PATCH", path, {"version": 0 if version == 0 else version - 1, "state": "stopped"}, expect=409,
            code="conflict_error", text="Node instance update conflict [current version=%d, update version=" % (version + 1))
    c.check("node-instances update, no version", "PATCH", path, {"state": "started"}, expect=400)
    return instance.get("id")


def statuses(c, instance):
    """As the worker of an `install` and an `uninstall` reports them."""
    path = "/deployments/cdep" + ONE + "&_include=installation_status,deployment_status,latest_execution_status,latest_execution_workflow_id"
    state(c, instance, "started")
    for workflow, during, after, status, expected in (
        ("install", "started", "started", "terminated", {"installation_status": "active", "deployment_status": "good",
                                                         "latest_execution_status": "completed"}),
        ("nop", "started", "started", "failed", {"installation_status": "active", "deployment_status": "requires_attention",
                                                 "latest_execution_status": "failed"}),
        ("uninstall", "stopping", "deleted", "terminated", {"installation_status": "inactive", "deployment_status": "requires_attention",
                                                            "latest_execution_status": "completed"}),
    ):
        new = c.check("statuses, %s begins" % workflow, "POST", "/executions", {"deployment_id": "cdep", "workflow_id": workflow,
                      "force_status": "started", "force": "true"}, expect=201)
        state(c, instance, during)
        c.check("statuses, %s runs" % workflow, "GET", path, equal={"deployment_status": "in_progress", "latest_execution_status": "in_progress",
                "latest_execution_workflow_id": workflow})
        state(c, instance, after)
        c.check("statuses, %s ends" % workflow, "PATCH", "/executions/%s" % new.get("id"), {"status": status, "error": "x"})
        c.check("statuses, %s has ended" % workflow, "GET", path, equal=expected)
        c.check("statuses, %s has ended, listed" % workflow, "GET", "/deployments?id=cdep&_include=id," + ",".join(expected),
                equal={"items.*." + field: value for field, value in expected.items()})
        c.check("statuses, %s has ended, filtered" % workflow, "GET", "/deployments?id=cdep&_include=id&deployment_status="
                + expected["deployment_status"] + "&installation_status=" + expected["installation_status"], equal={"items.*.id": "cdep"})


def state(c, instance, wanted):
    path = "/node-instances/%s" % instance
    c.send("PATCH", path, {"version": c.send("GET", path).get("version"), "state": wanted})


def updates(c):
    path = "/deployment-updates"
    began = c.check("deployments update", "POST", path + "/cdep/update/initiate", {"blueprint_id": "cbp2", "inputs": {"size": 4},
                    "skip_install": True, "skip_uninstall": True, "force": True, "preview": False, "reinstall_list": []},
                    equal={"deployment_id": "cdep", "old_blueprint_id": "cbp", "new_blueprint_id": "cbp2", "state": "updating",
                           "new_inputs": {"name": "x", "size": 4}}, needs=("execution_id", "steps", "old_inputs"))
    one = path + "/%s" % began.get("id")
    c.check("deployments update, its execution", "GET", "/executions/%s" % began.get("execution_id"),
            equal={"workflow_id": "update", "deployment_id": "cdep", "parameters.update_id": began.get("id")})
    c.check("deployments update, finalized", "POST", one + "/update/finalize", equal={"id": began.get("id")})
    c.follow(began.get("execution_id"))  # a running one would keep the deployment
    c.check("deployments get-update", "GET", one, equal={"id": began.get("id"), "visibility": "tenant"})
    c.check("deployments history", "GET", path + "?deployment_id=cdep&_sort=created_at&_offset=0&_size=1000&_all_tenants=False",
            needs=LIST, equal={"items.*.deployment_id": "cdep"})
    c.check("deployments update, reported", "PATCH", one, {"state": "successful", "steps": [{"action": "add", "entity_type": "node",
            "entity_id": "nodes:x"}]}, equal={"state": "successful", "steps.*.entity_id": "nodes:x"})
    form, content_type = multipart({}, b"archive", "blueprint_archive")
    no_archive = {"text": "an update of a deployment does not take the archive of a blueprint"}
    c.check("deployments update, with the archive of a blueprint", "POST", path + "/cdep/update/initiate?application_file_name=blueprint.yaml", form,
            expect=415, code="unsupported_content_type_error", content_type=content_type, **no_archive)
    c.check("deployments update, with the URL of an archive", "POST", path + "/cdep/update/initiate?blueprint_archive_url=http%3A%2F%2Fexample.com%2Fb.zip",
            expect=400, code="bad_parameters_error", **no_archive)
    c.check("deployments update, unknown deployment", "POST", path + "/nope/update/initiate", {}, expect=404, code="not_found_error",
            text="Requested `Deployment` with ID `nope` was not found")
    c.check("deployments update, unknown blueprint", "POST", path + "/cdep/update/initiate", {"blueprint_id": "nope"}, expect=404,
            code="not_found_error", text="Requested `Blueprint` with ID `nope` was not found")
    c.check("deployments update, made by no execution", "PUT", path + "/cu", {"deployment_id": "cdep"}, expect=403, code="forbidden_error",
            text="Deployment update objects can only be created by executions")
    carried = {"id": "cu", "deployment_id": "cdep", "old_blueprint_id": "cbp", "new_blueprint_id": "cbp2", "state": "failed", "creator": "admin",
               "steps": [{"id": "cs", "action": "add", "entity_type": "node", "entity_id": "nodes:x"}], "created_at": "2020-01-02T03:04:05.678Z"}
    c.check("deployments update, many carried over", "POST", path, {"deployment_updates": [carried]}, expect=201)
    c.check("deployments update, one that was carried over", "GET", path + "/cu", equal={"state": "failed", "steps.*.id": "cs",
            "created_at": "2020-01-02T03:04:05.678Z"})
    c.check("deployments update, carried over again", "POST", path, {"deployment_updates": [carried]}, expect=409, code="conflict_error")
    c.check("deployments update, none carried over", "POST", path, {"deployment_updates": []}, expect=204)
    c.check("deployments update, another blueprint by hand", "PATCH", "/deployments/cdep", {"blueprint_id": "cbp2"}, expect=403,
            code="only_deployment_update")


def labels_and_site(c):
    c.check("deployments set-site", "POST", "/deployments/cdep/set-site", {"detach_site": False, "site_name": "london"}, equal={"site_name": "london"})
    c.check("deployments set-site, unknown", "POST", "/deployments/cdep/set-site", {"site_name": "nope"}, expect=404, code="not_found_error")
    c.check("deployments set-site, unknown deployment", "POST", "/deployments/nope/set-site", {"detach_site": False}, expect=404, code="not_found_error",
            text="Requested `Deployment` with ID `nope` was not found")
    c.check("deployments set-site, neither nor", "POST", "/deployments/cdep/set-site", {"detach_site": False}, expect=400, code="bad_parameters_error",
            text="Must provide either a `site_name` of a valid site or `detach_site` with true value")
    c.check("deployments set-owner", "PATCH", "/deployments/cdep", {"creator": "admin"}, equal={"created_by": "admin"})
    c.check("deployments labels, of somebody", "PATCH", "/deployments/cdep", {"labels": [{"k": "v"}, {"old": "one"}], "creator": "admin",
            "created_at": "2020-01-02T03:04:05.678Z"}, equal={"created_by": "admin"})
    c.check("deployments labels, of nobody", "PATCH", "/deployments/cdep", {"labels": [], "creator": "nobody"}, expect=400, code="bad_parameters_error",
            text="User nobody does not exist.")
    got = c.check("deployments labels, when", "GET", "/deployments/cdep?_include=labels")
    times = [label["created_at"] for label in got.get("labels") or [] if label["key"] == "old"]
    c.report("deployments labels have the time asked for", [] if times == ["2020-01-02T03:04:05.678Z"] else ["%s" % times])
    c.check("deployments labels add", "PATCH", "/deployments/cdep", {"labels": [{"env": "test"}, {"q": "r"}, {"k": "v"}]})
    c.check("labels, keys", "GET", "/labels/deployments", needs=("items",))
    c.check("labels, values", "GET", "/labels/deployments/env", equal={"items": ["test"]})
    c.check("labels, values of an illegal key", "GET", "/labels/deployments/a%20b", expect=400, code="bad_parameters_error",
            text="The `label_key` argument contains illegal characters")
    c.check("deployments labels add, reserved", "PATCH", "/deployments/cdep", {"labels": [{"csys-zz": "x"}]}, expect=400)


def schedules(c):
    path = "/execution-schedules/cs1?deployment_id=cdep"
    new = {"workflow_id": "nop", "execution_arguments": ARGUMENTS, "parameters": {}, "since": "2030-12-20T17:41:00", "until": None,
           "recurrence": "2 days", "count": 5, "weekdays": [], "rrule": None, "slip": 10, "stop_on_fail": False}
    rrule = dict(new, since="2030-01-01T10:00:00", recurrence=None, count=None, rrule="FREQ=DAILY;INTERVAL=3", slip=0, stop_on_fail=True)
    change = {"since": None, "until": None, "recurrence": None, "count": None, "weekdays": None, "rrule": None, "slip": None, "enabled": None,
              "stop_on_fail": None, "workflow_id": None}
    c.check("schedule create", "PUT", path, new, expect=201, equal={"id": "cs1", "slip": 10, "deployment_id": "cdep"})
    c.check("schedule create, with a rule", "PUT", "/execution-schedules/cs2?deployment_id=cdep", rrule, expect=201, equal={"stop_on_fail": True})
    c.check("schedule create, again", "PUT", path, new, expect=409, code="conflict_error")
    c.check("schedule create, no deployment", "PUT", "/execution-schedules/cs9", new, expect=400)
    c.check("schedule create, bad time", "PUT", "/execution-schedules/cs9?deployment_id=cdep", dict(new, since="abc"), expect=400,
            text="is not a legal time format")
    c.check("schedule create, unknown workflow", "PUT", "/execution-schedules/cs9?deployment_id=cdep", dict(new, workflow_id="zz"), expect=400,
            code="nonexistent_workflow_error")
    for name, change_of, text in (
        ("recurrence", {"recurrence": "1 potato"}, "`1 potato` is not a legal recurrence expression. Supported format is: <number> seconds|minutes|hours"),
        ("weekday", {"weekdays": ["oneday"]}, "weekdays list contains an invalid weekday `ONEDAY`. Valid weekdays are: "),
        ("weekday of no recurrence", {"recurrence": None, "weekdays": ["oneday"]}, "weekdays list contains an invalid weekday `ONEDAY`. Valid"),
        ("complex weekday", {"weekdays": ["2mo"]}, "complex weekday expression 2MO can only be used with a months|years recurrence, but got day."),
        ("rule and recurrence", {"rrule": "FREQ=DAILY"}, "`rrule` cannot be provided together with `recurrence`, `weekdays` or `count`."),
        ("many times at once", {"recurrence": None}, "recurrence must be specified for execution count larger than 1"),
    ):
        c.check("schedule create, " + name, "PUT", "/execution-schedules/cs9?deployment_id=cdep", dict(new, **change_of), expect=400,
                code="bad_parameters_error", text=text)
    for name, change_of, text in (
        ("arguments", {"execution_arguments": ["x"]}, "execution_arguments: expected a dict, but got: ['x']"),
        ("an argument", {"execution_arguments": {"force": "so"}}, "force must be <true/false>, got so"),
        ("time to wait", {"execution_arguments": {"wait_after_fail": "long"}}, "wait_after_fail is long; expected a whole number of seconds"),
        ("parameters", {"parameters": ["x"]}, "parameters: expected a dict, but got: ['x']"),
        ("an owner", {"created_by": "nobody"}, "User nobody does not exist."),
    ):
        c.check("schedule create, bad " + name, "PUT", "/execution-schedules/cs9?deployment_id=cdep", dict(new, **change_of), expect=400,
                code="bad_parameters_error", text=text)
    c.check("schedule create, illegal id", "PUT", "/execution-schedules/9cs?deployment_id=cdep", new, expect=400, code="bad_parameters_error",
            text="The `schedule_id` argument must begin with a letter")
    c.check("schedule create, of weekdays", "PUT", "/execution-schedules/cs3?deployment_id=cdep", dict(new, weekdays=["mo", "tu"]), expect=201,
            equal={"rule.weekdays": ["MO", "TU"], "execution_arguments": {"allow_custom_parameters": False, "force": False, "is_dry_run": False,
                   "wait_after_fail": 600}})
    c.check("schedule delete, the one of weekdays", "DELETE", "/execution-schedules/cs3?deployment_id=cdep", expect=204)
    c.check("schedule list", "GET", "/execution-schedules?_all_tenants=False&_offset=0&_size=1000&_sort=created_at", needs=LIST)
    got = c.check("schedule get", "GET", path, needs=("rule", "execution_arguments"), equal={"enabled": True})
    occurrences = got.get("all_next_occurrences") or []
    wanted = ["2030-12-%d 17:41:00" % day for day in (20, 22, 24, 26, 28)]
    c.report("schedule get has all occurrences", [] if occurrences == wanted else ["%s" % occurrences])
    c.check("schedule update", "PATCH", path, dict(change, until="2031-01-20T17:41:00"), expect=201)
    c.check("schedule disable", "PATCH", path, dict(change, enabled=False), expect=201, equal={"enabled": False})
    c.check("schedule enable", "PATCH", path, dict(change, enabled=True), expect=201, equal={"enabled": True})
    c.check("schedule summary, as the command line asks", "GET", "/summary/execution_schedules?_target_field=workflow_id&_sub_field=recurrence"
            "&_all_tenants=False", expect=400, text="1 validation error for SummaryRequest")
    c.check("schedule summary", "GET", "/summary/execution_schedules?_target_field=workflow_id", equal={"items.*.workflow_id": "nop"})
    c.check("schedule delete", "DELETE", path, expect=204)
    c.check("schedule get, deleted", "GET", path, expect=404, code="not_found_error")


def request(**given):
    body = {"deployment_id": "cdep", "workflow_id": "nop", "parameters": {}, "allow_custom_parameters": "false", "force": "false",
            "dry_run": "false", "queue": "false", "scheduled_time": None, "wait_after_fail": 600, "force_status": None, "created_by": None,
            "created_at": None, "started_at": None, "ended_at": None, "id": None, "error": None, "is_system_workflow": None}
    body.update(given)
    return body


def executions(c):
    bad = {"expect": 400, "code": "bad_parameters_error"}
    started = c.check("executions start", "POST", "/executions", request(parameters={"a": "3"}), expect=201, needs=("status",),
                      equal={"workflow_id": "nop", "deployment_id": "cdep", "parameters": {"a": "3", "script_path": "script.py"}})
    execution = started.get("id")
    path = "/executions/%s" % execution
    ended = c.follow(execution)
    c.report("executions start ends", [] if ended in ("terminated", "failed") else ["status %s" % ended])
    c.check("executions should-start, ended", "GET", path + "/should-start")
    graph = c.check("tasks graph create", "POST", "/tasks_graphs/tasks_graphs", {"execution_id": execution, "name": "main", "operations": []},
                    expect=201, needs=("id",), equal={"name": "main"})
    c.check("operations update, none to resume", "POST", "/operations", {"action": "update-stored", "deployment_id": "cdep", "node_id": "srv",
            "operation": "cloudify.interfaces.lifecycle.create", "rel_index": None, "key": None}, expect=204)
    c.check("tasks graph update", "PATCH", "/tasks_graphs/%s" % graph.get("id"), {"state": "started"}, equal={"execution_id": execution})
    c.check("executions get", "GET", path, needs=("status_display", "parameters", "ended_at"), equal={"is_dry_run": False})
    dry = c.check("executions start, dry run", "POST", "/executions", request(dry_run="true"), expect=201, equal={"is_dry_run": True})
    c.follow(dry.get("id"))
    c.check("executions start, unknown workflow", "POST", "/executions", request(workflow_id="zz"), expect=400, code="nonexistent_workflow_error",
            text="Workflow zz does not exist in the deployment cdep")
    c.check("executions start, undeclared parameter", "POST", "/executions", request(parameters={"zz": 1}), expect=400,
            code="illegal_execution_parameters_error", text='Workflow "nop" does not have the following parameters declared: zz')
    c.check("executions start, wrong types", "POST", "/executions", request(workflow_id="typed", parameters={"count": "x", "sizes": ["y"]}), expect=400,
            code="illegal_execution_parameters_error",
            text='Parameter "count" must be of type integer\nParameter "sizes" must be of type list of integers')
    c.check("executions start, missing parameter", "POST", "/executions", request(workflow_id="typed"), expect=400,
            code="illegal_execution_parameters_error",
            text='Workflow "typed" must be provided with the following parameters to execute: count')
    c.check("executions start, list of parameters", "POST", "/executions", request(parameters=[1]), text="must be a dict but is of type list", **bad)
    c.check("executions start, no boolean", "POST", "/executions", request(force="maybe"), text="must be <true/false>, got maybe", **bad)
    c.check("executions start, unknown deployment", "POST", "/executions", request(deployment_id="nope"), expect=404, code="not_found_error")
    c.check("executions start, no workflow", "POST", "/executions", {"deployment_id": "cdep"}, text="Missing workflow_id in json request body", **bad)
    c.check("executions start, unknown forced status", "POST", "/executions", request(force_status="zz"), expect=400,
            text='Force status was set to invalid state "zz"')
    c.check("executions start, past", "POST", "/executions", request(scheduled_time="201001010000+0000"), text="has already passed", **bad)
    c.check("executions list", "GET", "/executions?_include_system_workflows=False&_all_tenants=False&_offset=0&_size=1000&_sort=created_at&_include="
            "id%2Cworkflow_id%2Cstatus_display%2Cis_dry_run%2Cdeployment_id%2Ccreated_at%2Cstarted_at%2Cscheduled_for%2Cvisibility%2Ctenant_name"
            "%2Ccreated_by", needs=LIST + ("items.*.deployment_id", "items.*.status_display"))
    c.check("executions start, against constraints", "POST", "/executions",
            {"deployment_id": "cdep", "workflow_id": "limited", "parameters": {"level": 6, "target": "nosuch"}}, expect=400,
            code="illegal_execution_parameters_error",
            text='Parameter "level" does not meet its constraints: Value 6 of input level violates constraint in_range(1, 5) operator.\n'
                 'Parameter "target" does not meet its constraints: Value \'nosuch\' of \'target\' is not a valid value for data type \'node_id\'.')
    c.check("executions cancel, ended", "POST", path, {"action": "cancel"}, expect=400, code="illegal_action_error",
            text="Can't cancel execution %s because it's in status %s" % (execution, ended))
    c.check("executions, unknown action", "POST", path, {"action": "foo"},
            text="Invalid action: foo, Valid action values are: ['cancel', 'force-cancel', 'kill', 'resume', 'force-resume', 'requeue']", **bad)
    c.check("executions cancel, unknown", "POST", "/executions/nope", {"action": "cancel"}, expect=404, code="not_found_error",
            text="Requested `Execution` ['nope'] was not found")
    running = c.check("executions start, begun elsewhere", "POST", "/executions", request(force_status="started"), expect=201).get("id")
    c.check("executions start, busy", "POST", "/executions", request(), expect=400, code="existing_running_execution_error",
            text="The following executions are currently running for this deployment: [<Execution id=`%s` tenant=`default_tenant` status=`started`"
            " workflow_id=`nop`>]. To execute this workflow anyway, pass \"force=true\" as a query parameter to this request" % running)
    c.check("deployments delete, busy", "DELETE", "/deployments/cdep?force=True", expect=400, code="dependent_exists_error",
            text="Can't delete deployment cdep - There are running or queued executions for this deployment. Running executions ids: %s" % running)
    c.check("executions update, unknown status", "PATCH", "/executions/%s" % running, {"status": "zz"}, expect=409, code="storage_error")
    c.check("executions update, unknown", "PATCH", "/executions/nosuch", {"status": "zz"}, expect=404, code="not_found_error")
    c.check("executions update, begun elsewhere", "PATCH", "/executions/%s" % running, {"status": "terminated"},
            equal={"status_display": "completed", "error": ""})
    c.check("executions update, ended, unknown status", "PATCH", "/executions/%s" % running, {"status": "zz"}, expect=400,
            code="invalid_exception_status_update", text="can't change status from terminated to zz for")
    if ended == "failed":
        c.check("executions resume", "POST", path, {"action": "resume"}, equal={"resume": True})
        c.follow(execution)
    c.check("executions update, ended", "PATCH", path, {"status": "started"}, expect=400, code="invalid_exception_status_update",
            text="Invalid relationship - can't change status from")
    c.check("executions start, later", "POST", "/executions", request(scheduled_time="203001010000+0000"), expect=201, equal={"status": "scheduled"})
    return execution


def events(c, execution):
    at = "2026-01-01T00:00:00.000Z"
    told = {"execution_id": execution,
            "events": [{"event_type": "workflow_started", "message": {"text": "hello"}, "context": {}, "timestamp": at}],
            "logs": [{"logger": "l", "level": "info", "message": {"text": "logged"}, "context": {}, "timestamp": at}]}
    query = "/events?_offset=0&_size=1000&execution_id=%s&type=cloudify_event&type=cloudify_log&_sort=reported_timestamp" % execution
    read = ("deployment_id", "execution_id", "workflow_id", "message", "error_causes", "operation", "target_id", "node_instance_id", "node_name", "type")
    c.check("events create", "POST", "/events", told, expect=201)
    listed = c.check("events list", "GET", query, needs=LIST + tuple("items.*." + key for key in read))
    messages = [event.get("message") for event in listed.get("items", [])]
    c.report("events list has both", [] if {"hello", "logged"} <= set(messages) else ["%s" % messages])
    c.check("events list, of a level", "GET", "/events?execution_id=%s&level=info" % execution, equal={"items.*.type": "cloudify_log"})
    c.check("events list, unknown key", "GET", "/events?foo=1", expect=400, code="bad_parameters_error", text="Unknown field to filter by: foo")
    c.check("events create, of nothing", "POST", "/events", {"events": told["events"]}, expect=409, code="conflict_error")
    c.check("events create, none", "POST", "/events", {"events": [], "logs": [], "execution_id": execution}, expect=204)
    c.check("events delete, no type", "DELETE", "/events?deployment_id=cdep", expect=400, text="Filter by type is expected")
    c.check("events delete, logs alone", "DELETE", "/events?deployment_id=cdep&type=cloudify_log", expect=400,
            text="At least `type=cloudify_event` filter is expected")
    c.check("events delete, kept in a file", "DELETE", "/events?deployment_id=cdep&type=cloudify_event&message=hel%25&store_before=true", equal={"items": [1]})
    c.check("events delete", "DELETE", "/events?deployment_id=cdep&type=cloudify_event&type=cloudify_log", needs=("items",))
    c.check("events list, deleted", "GET", query, equal={"metadata.pagination.total": 0})
    c.check("executions delete", "DELETE", "/executions?_all_tenants=False", {"keep_last": 2}, needs=("items.*.count",))
    c.check("executions delete, both limits", "DELETE", "/executions", {"keep_last": 2, "to_datetime": "2020-01-01"}, expect=400)
    c.check("executions delete, no number", "DELETE", "/executions", {"keep_last": "2"}, expect=400,
            text="keep_last parameter is expected to be of type int but is of type str")
    c.check("executions delete, none to keep", "DELETE", "/executions", {"keep_last": 0}, expect=400,
            text="`keep_last` must be an integer greater than 0. got 0 instead.")
    c.check("executions delete, of a status", "DELETE", "/executions?status=started", {"keep_last": 2}, expect=400,
            text="Can't filter by execution status `started`. Allowed statuses are: ['terminated', 'failed', 'cancelled']")
    c.check("executions delete, no limit", "DELETE", "/executions", {}, needs=("items.*.count",))


def groups(c):
    path = "/deployment-groups/cgr"
    c.check("groups create", "PUT", path, {"visibility": "tenant", "description": None, "blueprint_id": "cbp", "default_inputs": {}, "labels": None,
                                           "filter_id": None, "deployment_ids": None, "new_deployments": None, "deployments_from_group": None},
            equal={"id": "cgr", "default_blueprint_id": "cbp"})
    c.check("groups list", "GET", "/deployment-groups", needs=LIST)
    c.check("groups extend", "PATCH", path, {"add": {"deployment_ids": ["cdep"]}}, equal={"deployment_ids": ["cdep"]})
    c.check("groups extend, new deployment", "PATCH", path, {"add": {"new_deployments": [{"id": "cgd1", "inputs": {"name": "y"}}]}})
    named = {"filter_rules": [{"key": "display_name", "values": ["cgd1"], "operator": "any_of", "type": "attribute"}]}
    c.check("groups shrink, by rules", "PATCH", path, {"remove": named}, equal={"deployment_ids": ["cdep"]})
    c.check("groups extend, by rules", "PATCH", path, {"add": named}, equal={"deployment_ids": ["cdep", "cgd1"]})
    c.check("groups extend, unknown site", "PATCH", path, {"add": {"new_deployments": [{"site_name": "nope"}]}}, expect=404, code="not_found_error",
            text="Site nope does not exist")
    c.check("groups extend, unknown deployment", "PATCH", path, {"add": {"deployment_ids": ["nope"]}}, expect=404, code="not_found_error")
    c.check("the group's deployment", "GET", "/deployments/cgd1", equal={"inputs": {"name": "y", "size": 3}})
    c.until("/deployments/cgd1", "latest_execution_status", ("completed",))
    started = c.check("groups start", "POST", "/execution-groups", {"deployment_group_id": "cgr", "workflow_id": "nop", "default_parameters": {},
                                                                    "parameters": {}, "force": False, "concurrency": 5},
                      needs=("id",), equal={"deployment_group_id": "cgr"})
    execution_group = "/execution-groups/%s" % started.get("id")
    got = c.check("execution groups get", "GET", execution_group, needs=("status", "execution_ids"))
    c.report("execution groups get has both", [] if len(got.get("execution_ids") or []) == 2 else ["%s" % got.get("execution_ids")])
    c.check("execution groups list", "GET", "/execution-groups", needs=LIST)
    for execution in got.get("execution_ids") or []:
        c.follow(execution)
    told = c.check("events list, of a group", "GET", "/events?_offset=0&_size=100&execution_group_id=%s&type=cloudify_event&type=cloudify_log"
                   "&_sort=reported_timestamp" % started.get("id"), needs=LIST)
    ends = [event["execution_id"] for event in told.get("items") or [] if event.get("event_type") in ("workflow_succeeded", "workflow_failed")]
    c.report("events list, of a group, has each execution's end", [] if sorted(ends) == sorted(got.get("execution_ids") or []) else ["%s" % ends])
    c.check("groups shrink", "PATCH", path, {"remove": {"deployment_ids": ["cdep"]}}, equal={"deployment_ids": ["cgd1"]})
    c.check("deployments list, of a group", "GET", "/deployments?deployment_group_id=cgr&_include=id", equal={"items.*.id": "cgd1"})
    c.check("deployments summary, of a group", "GET", "/summary/deployments?_target_field=blueprint_id&deployment_group_id=cgr",
            equal={"items.*": {"blueprint_id": "cbp", "deployments": 1}})
    made = {"created_by": "admin", "created_at": "2020-01-02T03:04:05.678Z"}
    c.check("groups carry over", "PUT", "/deployment-groups/cgr2", dict(made, creation_counter=7), equal=dict(made, creation_counter=7))
    c.check("groups delete, carried over", "DELETE", "/deployment-groups/cgr2", expect=204)
    c.check("groups delete", "DELETE", path + "?delete_deployments=False&force=False&with_logs=False", expect=204)
    c.check("groups get, deleted", "GET", path, expect=404, code="not_found_error")
    c.check("execution groups get, deleted with its group", "GET", execution_group, expect=404, code="not_found_error")
    for execution in got.get("execution_ids") or []:
        c.check("execution groups get, its execution", "GET", "/executions/%s" % execution, equal={"workflow_id": "nop"})


def agents(c, instance):
    c.check("agents create", "PUT", "/agents/ag1", {"node_instance_id": instance, "state": "creating", "create_rabbitmq_user": False,
                                                    "install_method": "remote", "ip": "1.1.1.1", "version": "7.1"})
    c.check("agents update", "PATCH", "/agents/ag1", {"state": "started"})
    c.check("agents update, its version alone", "PATCH", "/agents/ag1", {"version": "7.2"}, equal={"state": "started", "version": "7.2"})
    c.check("agents list, by name", "GET", "/agents?_sort=-name", needs=LIST)
    c.check("agents get", "GET", "/agents/ag1", equal={"state": "started", "node_instance_id": instance})
    c.check("agents list", "GET", "/agents?state=started&_all_tenants=False", needs=("metadata",), equal={"items.*.id": "ag1"})
    c.check("agents replace certificates, no bundle", "PATCH", "/agents", {"broker_ca_cert": "x"}, expect=400, code="bad_parameters_error",
            text="Missing bundle in json request body")
    carried = {"created_by": "admin", "created_at": "2020-01-02T03:04:05.678Z"}
    c.check("agents carry over", "PUT", "/agents/ag2", dict(carried, node_instance_id=instance, state="started"), equal=carried)
    c.check("agents get, illegal name", "GET", "/agents/a%20b", expect=400, code="bad_parameters_error",
            text="The `name` argument contains illegal characters")
    c.check("agents update, unknown state", "PATCH", "/agents/ag1", {"state": "weird"}, expect=400, text="Invalid agent state: `weird`.")


def dependencies(c):
    upload(c, "blueprints upload, for a second deployment", "cbp3", params={"async_upload": False})
    c.check("deployments create, second", "PUT", "/deployments/cdep2", {"blueprint_id": "cbp3"}, expect=201)
    below(c)
    path = "/deployments/inter-deployment-dependencies"
    new = {"dependency_creator": "sample.x", "source_deployment": "cdep2", "target_deployment": "cdep"}
    c.check("dependencies create", "PUT", path, new, expect=(200, 201))
    c.check("dependencies list", "GET", path, needs=LIST, equal={"items.*.source_deployment_id": "cdep2"})
    carried = {"source_deployment_id": "cdep2", "inter_deployment_dependencies": [
        {"id": "old", "dependency_creator": "sample.old", "target_deployment_id": "cdep", "created_at": "2020-01-02T03:04:05.678Z"}]}
    c.check("dependencies carry over", "POST", path, carried, equal={"items.*": {"id": "old"}, "metadata.pagination.size": 1})
    c.check("dependencies get, carried over", "GET", path + "/old", equal={"created_at": "2020-01-02T03:04:05.678Z"})
    older = {"id": "older", "visibility": "private", "created_by": "admin", "created_at": "2019-01-02T03:04:05.678Z"}
    c.check("dependencies carry over, one", "PUT", path, dict(new, dependency_creator="sample.older", **older), equal=older)
    c.check("dependencies delete, the older", "DELETE", path, dict(new, dependency_creator="sample.older", is_component_deletion=False),
            expect=(200, 204))
    itself = {"source_deployment_id": "cdep", "inter_deployment_dependencies": [{"dependency_creator": "x", "target_deployment": "cdep"}]}
    c.check("dependencies create, on itself", "POST", path, itself, expect=409, code="conflict_error",
            text="Cyclic dependency between <Deployment id=`cdep` tenant=`default_tenant`> and <Deployment id=`cdep` tenant=`default_tenant`>")
    c.check("dependencies create, of an unknown one", "POST", path, dict(itself, source_deployment_id="nope"), expect=404, code="not_found_error",
            text="Requested `Deployment` with ID `nope` was not found")
    c.check("dependencies delete, unknown", "DELETE", path, dict(new, dependency_creator="nope", is_component_deletion=False), expect=404,
            code="not_found_error", text="Requested `InterDeploymentDependencies` with ID `None` was not found (filters: {'dependency_creator': 'nope',"
            " 'source_deployment': <Deployment id=`cdep2` tenant=`default_tenant`>, 'target_deployment': <Deployment id=`cdep`"
            " tenant=`default_tenant`>})")
    c.check("dependencies carry over, again", "POST", path, carried, expect=(200, 409))
    c.check("dependencies delete, carried over", "DELETE", path, {"dependency_creator": "sample.old", "source_deployment": "cdep2",
            "target_deployment": "cdep", "is_component_deletion": False}, expect=(200, 204))
    depended = "the following existing installations depend on it:\n  [1] Deployment `cdep2` uses capabilities of the current deployment in its node `x`"
    c.check("deployments delete, depended on", "DELETE", "/deployments/cdep?force=False&delete_logs=False&recursive=False", expect=400,
            code="dependent_exists_error", text="Can't delete deployment cdep - " + depended)
    c.check("executions start, depended on", "POST", "/executions", request(workflow_id="uninstall"), expect=400, code="dependent_exists_error",
            text="Can't execute workflow `uninstall` on deployment cdep - " + depended)
    c.check("dependencies create, cyclic", "PUT", path, dict(new, source_deployment="cdep", target_deployment="cdep2"), expect=409, code="conflict_error",
            text="cyclic dependency between deployments cdep and cdep2")
    c.check("dependencies create, unknown target", "PUT", path, dict(new, target_deployment="nope"), expect=404, code="not_found_error",
            text="Given target deployment with ID `nope` does not exist.  Also the target deployment function has not been provided")
    c.check("modifications list", "GET", "/deployment-modifications?deployment_id=cdep", needs=LIST, equal={"metadata.pagination.total": 0})
    started = c.check("modifications start", "POST", "/deployment-modifications", {"deployment_id": "cdep", "nodes": {"srv": {"instances": 2}},
                      "context": {"by": "checks"}}, expect=201, needs=("node_instances.added_and_related", "node_instances.before_modification"),
                      equal={"status": "started", "deployment_id": "cdep", "context": {"by": "checks"}})
    path_of = "/deployment-modifications/%s" % started.get("id")
    c.check("modifications start, another", "POST", "/deployment-modifications", {"deployment_id": "cdep", "nodes": {}}, expect=400,
            code="existing_started_deployment_modification_error", text="Cannot start deployment modification while there are existing started")
    c.check("modifications, more instances", "GET", "/node-instances?deployment_id=cdep", equal={"metadata.pagination.total": 2})
    c.check("modifications roll back", "POST", path_of + "/rollback", equal={"status": "rolledback"})
    c.check("modifications finish, ended", "POST", path_of + "/finish", expect=400, code="deployment_modification_already_ended_error",
            text="Cannot finish deployment modification: %s. It is already in rolledback status." % started.get("id"))
    c.check("modifications, as before", "GET", "/node-instances?deployment_id=cdep", equal={"metadata.pagination.total": 1})
    c.check("modifications start, unknown deployment", "POST", "/deployment-modifications", {"deployment_id": "nope", "nodes": {}}, expect=404,
            code="not_found_error", text="Requested `Deployment` with ID `nope` was not found")
    c.check("modifications get, unknown", "GET", "/deployment-modifications/nope", expect=404, code="not_found_error",
            text="Requested `DeploymentModification` with ID `nope` was not found")
    c.check("dependencies delete", "DELETE", path, dict(new, is_component_deletion=False), expect=(200, 204))


def searches(c):
    c.check("deployments search", "POST", "/searches/deployments",
            {"filter_rules": [{"key": "env", "values": ["test"], "operator": "any_of", "type": "label"}]}, needs=LIST, equal={"items.*.id": "cdep"})
    for what in ("blueprints", "secrets", "workflows"):
        c.check("search of " + what, "POST", "/searches/" + what, {"filter_rules": []}, needs=("items", "metadata"))
    for what in ("nodes", "node-instances", "node-types", "capabilities", "scaling-groups"):
        c.check("search of " + what, "POST", "/searches/%s?deployment_id=cdep" % what, {"filter_rules": []}, needs=("items", "metadata"))
    for what, field in (("deployments", "blueprint_id"), ("nodes", "deployment_id"), ("node_instances", "node_id"), ("executions", "status"),
                        ("blueprints", "tenant_name")):
        c.check("summary of " + what, "GET", "/summary/%s?_target_field=%s" % (what, field), needs=("items.*." + what, "items.*." + field))
    for what in ("nodes", "node-types"):
        c.check("search of a blueprint's " + what, "POST", "/searches/%s?blueprint_id=cbp" % what, {"constraints": {}}, needs=LIST,
                equal={"items.*.id": "srv"})
    c.check("search of nodes, of nothing", "POST", "/searches/nodes", {}, expect=400, code="bad_parameters_error",
            text="Please provide a valid 'blueprint_id' or 'deployment_id' parameter or have a relevant key in the constraints.")
    c.check("workflows", "GET", "/workflows", needs=("items.*.name",))
    c.check("evaluation of functions", "POST", "/evaluate/functions", {"deployment_id": "cdep", "context": {}, "payload": {"x": {"get_input": "name"}}},
            equal={"payload": {"x": "x"}})


def availability(c):
    """What of a deployment's workflows can be started, and those that need not be declared."""
    c.check("deployments create, not installed", "PUT", "/deployments/cavail", {"blueprint_id": "cbp"}, expect=201)
    got = c.check("workflows list, not installed", "GET", "/deployments/cavail" + ONE, needs=("workflows.*.availability_rules",))
    available = {workflow["name"]: workflow["is_available"] for workflow in got.get("workflows") or []}
    expected = {"install": True, "nop": True, "update": True, "uninstall": False, "heal": False, "install_new_agents": False}
    found = {name: available.get(name) for name in expected}
    c.report("workflows list, not installed, says what is available", [] if found == expected else ["%s" % found])
    c.check("executions start, not available", "POST", "/executions", request(deployment_id="cavail", workflow_id="uninstall"), expect=400,
            code="unavailable_workflow_error", text="Workflow not available: uninstall")
    later = c.check("executions start, not available yet", "POST", "/executions",
                    request(deployment_id="cavail", workflow_id="uninstall", scheduled_time="203501010000+0000"), expect=201,
                    equal={"status": "scheduled"})
    c.check("executions cancel, not available yet", "POST", "/executions/%s" % later.get("id"), {"action": "cancel"}, needs=("id",))
    forced = c.check("executions start, not available and forced", "POST", "/executions",
                     request(deployment_id="cavail", workflow_id="uninstall", force="true"), expect=201)
    c.follow(forced.get("id"))
    c.check("groups create, to update", "PUT", "/deployment-groups/cavailg", {"deployment_ids": ["cavail"]}, needs=("id",))
    options = {"blueprint_id": "cbp", "inputs": {}, "skip_install": False, "update_plugins": True, "runtime_only_evaluation": False}
    started = c.check("groups update-deployments", "POST", "/execution-groups", {"deployment_group_id": "cavailg", "parameters": None, "force": False,
                      "workflow_id": "csys_update_deployment", "default_parameters": options, "concurrency": 5}, needs=("id",))
    group = "/execution-groups/%s" % started.get("id")
    first = (c.send("GET", group).get("execution_ids") or [""])[0]
    c.follow(first)
    c.check("groups update-deployments, an execution", "GET", "/executions/%s" % first,
            equal={"deployment_id": "cavail", "workflow_id": "csys_update_deployment", "parameters": options})
    updates = [one for one in c.send("GET", group).get("execution_ids") or [] if one != first]
    c.report("groups update-deployments starts one update in each", [] if len(updates) == 1 else ["%s" % updates])
    for execution in updates:
        c.follow(execution)
        c.check("groups update-deployments, an update", "GET", "/executions/%s" % execution,
                equal={"deployment_id": "cavail", "workflow_id": "update", "status": "terminated"})
    c.check("groups delete, updated", "DELETE", "/deployment-groups/cavailg", expect=204)
    c.check("deployments delete, not installed", "DELETE", "/deployments/cavail", expect=204)


def end(c):
    path = "/deployments/cdep"
    c.check("deployments delete", "DELETE", path + "?force=True&delete_logs=False&recursive=False", expect=204)
    c.check("the deletion's execution", "GET", "/executions?_include_system_workflows=False&deployment_id=cdep"
            "&workflow_id=delete_deployment_environment&_sort=-created_at", needs=("items",))
    gone = c.until(path, "id", (404,))
    c.report("deployments delete ends", [] if gone == 404 else ["the deployment is still there: %s" % gone])
    c.check("blueprints delete, unused", "DELETE", "/blueprints/cbp2?force=False", expect=204)
