"""What deployments are made of: secrets, sites, plugins, blueprints, filters."""

import io
import json
import tarfile
import zipfile

from client_checks.client import LIST, multipart

BLUEPRINT = """tosca_definitions_version: cloudify_dsl_1_4
imports:
  - cloudify/types/types.yaml
description: a shop
inputs:
  name: {type: string, default: x}
  size: {type: integer, default: 3}
node_templates:
  srv:
    type: cloudify.nodes.Root
outputs:
  o: {value: {get_input: name}}
capabilities:
  c: {value: {get_input: size}}
workflows:
  nop:
    mapping: script.py
    parameters:
      a: {default: 1}
  typed:
    mapping: script.py
    parameters:
      count: {type: integer}
      sizes: {type: list, item_type: integer, default: []}
  limited:
    mapping: script.py
    parameters:
      level: {type: integer, default: 1, constraints: [{in_range: [1, 5]}]}
      target: {type: node_id, default: srv}
"""

LABEL_RULE = {"key": "a", "values": ["b"], "operator": "any_of", "type": "label"}


def run(c):
    secrets(c)
    secrets_of_others(c)
    sites(c)
    plugin = plugins(c)
    blueprints(c)
    filters(c)
    updated_plugins(c)
    used_plugin(c, plugin)


def secrets(c):
    bad = {"expect": 400, "code": "bad_parameters_error"}
    new = {"value": "cv", "update_if_exists": False, "is_hidden_value": False, "visibility": "tenant"}
    c.check("secrets create", "PUT", "/secrets/ck", new, equal={"key": "ck", "visibility": "tenant"})
    c.check("secrets create, again", "PUT", "/secrets/ck", new, expect=409, code="conflict_error")
    c.check("secrets create, update if it exists", "PUT", "/secrets/ck", dict(new, value="cv1", update_if_exists=True))
    c.check("secrets create, no value", "PUT", "/secrets/ck0", {"update_if_exists": False}, **bad)
    c.check("secrets create, empty value", "PUT", "/secrets/ck0", {"value": ""}, text="Cannot create a secret with empty value or provider", **bad)
    c.check("secrets create, illegal key", "PUT", "/secrets/a%20b", {"value": "x"}, text="illegal characters", **bad)
    c.check("secrets create, a form", "PUT", "/secrets/cz", b"value=1", content_type="application/x-www-form-urlencoded",
            expect=415, code="unsupported_content_type_error", text="Content type must be application/json")
    c.check("secrets create, half of a JSON", "PUT", "/secrets/cz", b'{"value":', expect=400)
    c.check("secrets get", "GET", "/secrets/ck", needs=("resource_availability", "private_resource"), equal={"value": "cv1"})
    c.check("secrets get, illegal key", "GET", "/secrets/a%20b", text="The `key` argument contains illegal characters", **bad)
    c.check("secrets get, of an unknown field", "GET", "/secrets/ck?_include=foo", expect=400, code="no_such_include_field_error",
            text="Include keys '['foo']' do not exist. Allowed keys are: [")
    c.check("secrets list, an unclear flag", "GET", "/secrets?_all_tenants=perhaps", text="all_tenants must be <true/false>, got perhaps", **bad)
    c.check("secrets update, unknown owner", "PATCH", "/secrets/ck", {"creator": "nobody"}, text="User nobody does not exist.", **bad)
    listed = c.check("secrets list", "GET", "/secrets?_all_tenants=False&_offset=0&_size=1000&_sort=key", needs=LIST)
    shown = [secret["key"] for secret in listed.get("items", []) if secret.get("value")]
    c.report("secrets list hides values", ["it shows those of %s" % shown] if shown else [])
    c.check("secrets update", "PATCH", "/secrets/ck", {"value": "cv2", "provider_options": {}})
    c.check("secrets get, updated", "GET", "/secrets/ck", equal={"value": "cv2"})
    c.check("secrets update, nothing", "PATCH", "/secrets/ck", {}, expect=400, code="illegal_action_error")
    c.check("secrets set-visibility", "PATCH", "/secrets/ck/set-visibility", {"visibility": "global"}, equal={"visibility": "global"})
    c.check("secrets set-visibility, narrower", "PATCH", "/secrets/ck/set-visibility", {"visibility": "tenant"},
            expect=400, code="illegal_action_error", text="already has wider visibility")
    c.check("secrets create, with a schema", "PUT", "/secrets/num", {"value": 5, "schema": {"type": "integer"}})
    c.check("secrets get, with a schema", "GET", "/secrets/num", equal={"value": 5})
    c.check("secrets create, against its schema", "PUT", "/secrets/num2", {"value": "five", "schema": {"type": "integer"}},
            expect=409, code="conflict_error", text="Error validating secret value: the value is not of type 'integer'")


def secrets_of_others(c):
    plain = c.check("secrets export", "GET", "/secrets/share/export?_all_tenants=False")
    exported = [secret for secret in plain.json if secret.get("key") == "ck"] if isinstance(plain.json, list) else []
    c.report("secrets export has the value", [] if [s.get("value") for s in exported] == ["cv2"] else ["%s" % exported])
    c.check("secrets export, with who made them", "GET", "/secrets/share/export?_include_metadata=True", needs=("*.creator", "*.created_at", "*.updated_at"))
    none = c.check("secrets export, private ones", "GET", "/secrets/share/export?visibility=private")
    c.report("secrets export filters", [] if none.json == [] else ["%s" % none.json])
    c.check("secrets export, by an unknown field", "GET", "/secrets/share/export?foo=1", expect=400, code="bad_parameters_error",
            text="Filter keys '['foo']' do not exist. Allowed keys are: [")
    sealed = c.check("secrets export, with a passphrase", "GET", "/secrets/share/export?_passphrase=12345678")
    sealed = [secret for secret in sealed.json if secret.get("key") == "ck"] if isinstance(sealed.json, list) else []
    c.report("secrets export is encrypted", [] if sealed and sealed[0].get("encrypted") and sealed[0].get("value") != "cv2" else ["%s" % sealed])
    c.check("secrets delete", "DELETE", "/secrets/ck", expect=204)
    c.check("secrets get, deleted", "GET", "/secrets/ck", expect=404, code="not_found_error", text="Requested `Secret` with ID `ck` was not found")
    c.check("secrets import", "POST", "/secrets/share/import", {"secrets_list": sealed, "passphrase": "12345678", "override_collisions": False},
            needs=("colliding_secrets", "secrets_errors"))
    c.check("secrets get, imported", "GET", "/secrets/ck", equal={"value": "cv2"})
    c.check("secrets import, again", "POST", "/secrets/share/import", {"secrets_list": exported, "override_collisions": False},
            equal={"colliding_secrets.default_tenant": ["ck"]})
    c.check("secrets import, not saying what of those that are there", "POST", "/secrets/share/import", {"secrets_list": exported}, expect=400,
            code="bad_parameters_error", text="Missing override_collisions in json request body")


def sites(c):
    c.check("sites create", "PUT", "/sites/cs", {"visibility": "tenant", "location": "10.5,20.25"},
            equal={"name": "cs", "location": "10.5, 20.25", "latitude": 10.5, "longitude": 20.25})
    c.check("sites create, again", "PUT", "/sites/cs", {"location": "1,2"}, expect=409, code="conflict_error")
    c.check("sites create, bad location", "PUT", "/sites/cx", {"location": "abc"}, expect=400, code="bad_parameters_error")
    c.check("sites get, illegal name", "GET", "/sites/1x", expect=400, code="bad_parameters_error", text="The `name` argument must begin with a letter")
    c.check("sites list", "GET", "/sites?_all_tenants=False&_offset=0&_size=1000&_sort=name", needs=LIST + ("items.*.name",))
    c.check("sites get", "GET", "/sites/cs", equal={"name": "cs"})
    c.check("sites update", "POST", "/sites/cs", {"location": "1,2", "new_name": "cs2"}, equal={"name": "cs2"})
    c.check("sites get, renamed", "GET", "/sites/cs", expect=404, code="not_found_error", text="Requested `Site`")
    c.check("sites delete", "DELETE", "/sites/cs2", expect=204)
    c.check("sites create, for a deployment", "PUT", "/sites/london", {"location": "51.5,-0.12"})


def plugin_archive(name="cli-plugin", version="3.0"):
    """A zip with a wagon and its plugin.yaml, as `cfy plugins upload` makes it."""
    wagon_name = "%s-%s-py311-none-linux_x86_64.wgn" % (name.replace("-", "_"), version)
    package = json.dumps({
        "package_name": name, "package_version": version, "archive_name": wagon_name, "package_source": "%s==%s" % (name, version),
        "supported_platform": "linux_x86_64", "supported_python_versions": ["py311"], "wheels": ["a.whl"],
        "build_server_os_properties": {"distribution": "centos", "distribution_version": "7.9", "distribution_release": "core"},
    })
    yaml = (
        "plugins:\n  cli:\n    executor: central_deployment_agent\n    package_name: %s\n    package_version: '%s'\n"
        "node_types:\n  cli.Type:\n    derived_from: cloudify.nodes.Root\n"
        "    interfaces:\n      cloudify.interfaces.lifecycle:\n        create: cli.tasks.create\n" % (name, version)
    )
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as files:
        files.writestr(wagon_name, tar_gz({name + "/package.json": package}))
        files.writestr("plugin.yaml", yaml)
    return archive.getvalue()


def tar_gz(files):
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w:gz") as tar:
        for name, text in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(text)
            tar.addfile(entry, io.BytesIO(text.encode()))
    return archive.getvalue()


def plugins(c):
    archive = plugin_archive()
    uploaded = c.check("plugins upload", "POST", "/plugins?visibility=tenant", archive, expect=201, chunked=True,
                       needs=("id", "yaml_url_path", "supported_platform", "wheels", "installation_state"),
                       equal={"package_name": "cli-plugin", "package_version": "3.0", "title": "cli-plugin"})
    path = "/plugins/%s" % uploaded.get("id")
    c.check("plugins upload, again", "POST", "/plugins?visibility=tenant", archive, expect=409, chunked=True, code="conflict_error")
    c.check("plugins upload, no archive", "POST", "/plugins?visibility=tenant", b"garbage", chunked=True,
            expect=400, code="invalid_plugin_error", text="input can be only a wagon or a zip file.")
    c.check("plugins, unknown action", "POST", path, {"action": "jump"}, expect=400, code="unknown_action", equal={"message": "jump"})
    c.check("plugins, action on an unknown one", "POST", "/plugins/nope", {"action": "jump"}, expect=404, code="not_found_error")
    c.check("plugins list", "GET", "/plugins?_all_tenants=False&_get_data=False&_offset=0&_size=1000&_sort=uploaded_at", needs=LIST)
    c.check("plugins get", "GET", path + "?_get_data=False", equal={"id": uploaded.get("id")})
    c.download("plugins download", path + "/archive")
    c.check("plugins set-visibility", "PATCH", path + "/set-visibility", {"visibility": "global"}, equal={"visibility": "global"})
    return path


def upload(c, name, blueprint_id, text=BLUEPRINT, expect=201, file_part="blueprint_archive", params=None, **more):
    asked = {"visibility": "tenant", "application_file_name": "blueprint.yaml", "async_upload": True}
    archive = tar_gz({"bp/blueprint.yaml": text, "bp/script.py": "x = 1\n"})
    body, content_type = multipart(dict(asked, **(params or {})), archive, file_part)
    return c.check(name, "PUT", "/blueprints/" + blueprint_id, body, content_type=content_type, expect=expect, **more)


def blueprints(c):
    ended = ("uploaded", "invalid", "failed_uploading", "failed_extracting", "failed_parsing", "failed_extracting_to_file_server")
    upload(c, "blueprints upload", "cbp", params={"labels": [{"key": "a", "value": "b"}]}, needs=("upload_execution.id", "state"))
    state = c.until("/blueprints/cbp", "state", ended)
    c.report("blueprints upload ends", [] if state == "uploaded" else ["state %s" % state])
    got = c.check("blueprints get", "GET", "/blueprints/cbp", needs=("plan.nodes", "labels"), equal={"description": "a shop", "main_file_name": "blueprint.yaml"})
    c.report("blueprints get has labels", [] if [(x["key"], x["value"]) for x in got.get("labels") or []] == [("a", "b")] else ["%s" % got.get("labels")])
    execution = (got.get("upload_execution") or {}).get("id")
    c.check("the upload's execution", "GET", "/executions/%s" % execution, equal={"status": "terminated", "workflow_id": "upload_blueprint"})
    told = c.check("the upload's events", "GET", "/events?_offset=0&_size=100&execution_id=%s&type=cloudify_event&type=cloudify_log"
                   "&_sort=reported_timestamp" % execution, needs=LIST)
    ends = [event.get("event_type") for event in told.get("items") or [] if event.get("event_type") != "workflow_started" and event.get("event_type")]
    c.report("the upload's end is told once", [] if ends == ["workflow_succeeded"] else ["%s" % ends])
    upload(c, "blueprints upload, part of another name", "cbp2", file_part="application_archive", params={"async_upload": False})
    upload(c, "blueprints upload, again", "cbp", expect=409, code="conflict_error",
           text="blueprint with id=cbp already exists on tenant default_tenant or with global visibility")
    upload(c, "blueprints upload, again and global", "cbp", expect=409, code="conflict_error", params={"visibility": "global"},
           text="Can't set or create the resource `cbp`, its visibility can't be global because it also exists in other tenants")
    twice = {"labels": [{"key": "a", "value": "b"}] * 2}
    upload(c, "blueprints upload, a label twice", "ctwice", expect=400, code="bad_parameters_error", params=twice,
           text="You cannot define the same label twice")
    upload(c, "blueprints upload, an illegal label", "ctwice", expect=400, code="bad_parameters_error", params={"labels": [{"key": "a b", "value": "c"}]},
           text="The key `a b` contains illegal characters. Only letters, digits and the characters `-`, `.` and `_` are allowed")
    upload(c, "blueprints upload, unknown type", "cbad", text=BLUEPRINT.replace("cloudify.nodes.Root", "no.such.Type"), expect=400,
           params={"async_upload": False}, code="invalid_blueprint_error")
    c.check("blueprints upload, no archive", "PUT", "/blueprints/cgar?application_file_name=blueprint.yaml", b"garbage", expect=400,
            text="Blueprint archive is of an unrecognized format. Supported formats are: ['zip', 'tar', 'tar.gz', 'tar.bz2']")
    c.check("blueprints list", "GET", "/blueprints?_all_tenants=False&_offset=0&_size=1000&_sort=created_at", needs=LIST + ("items.*.description",))
    c.download("blueprints download", "/blueprints/cbp/archive")
    c.check("blueprints set icon", "PATCH", "/blueprints/cbp/icon", b"\x89PNG\r\n\x1a\nimage", equal={"id": "cbp", "state": "uploaded"})
    c.check("blueprints set icon, unknown", "PATCH", "/blueprints/nope/icon", b"<svg/>", expect=404, code="not_found_error")
    c.check("blueprints set icon, no image", "PATCH", "/blueprints/cbp/icon", b"<svg/>", expect=400, code="bad_parameters_error")
    c.check("blueprints remove icon", "PATCH", "/blueprints/cbp/icon", equal={"id": "cbp"})
    c.check("blueprints set-visibility", "PATCH", "/blueprints/cbp/set-visibility", {"visibility": "global"}, equal={"visibility": "global"})
    c.check("blueprints get, unknown", "GET", "/blueprints/nope", expect=404, code="not_found_error", text="Requested `Blueprint` with ID `nope` was not found")
    with_plugin = BLUEPRINT.replace("types.yaml", "types.yaml\n  - plugin:cli-plugin").replace("type: cloudify.nodes.Root", "type: cli.Type")
    upload(c, "blueprints upload, with a plugin", "cplug", text=with_plugin, params={"async_upload": False})


def updated_plugins(c):
    """What `cfy plugins update` sends: a newer plugin is there, and no deployment that anybody would have to update."""
    path = "/plugins-updates/cplug/update/initiate"
    all_latest = {"all_to_latest": True}
    c.check("plugins update, nothing newer", "POST", path, all_latest, equal={"state": "no_changes_required", "blueprint_id": "cplug"},
            needs=("id", "execution_id", "deployments_per_tenant", "temp_blueprint_id", "forced", "created_at"))
    newer = c.check("plugins upload, newer", "POST", "/plugins?visibility=tenant", plugin_archive(version="3.1"), expect=201, chunked=True)
    begun = c.check("plugins update", "POST", path, all_latest, equal={"state": "executing_workflow", "deployments_per_tenant": {}})
    update, copy = begun.get("id"), begun.get("temp_blueprint_id")
    c.check("plugins update, the execution", "GET", "/executions/%s" % begun.get("execution_id"), equal={"workflow_id": "update_plugin"})
    c.check("plugins update, another", "POST", path, all_latest, expect=409, code="conflict_error",
            text="There are plugins updates still active, update IDs: %s" % update)
    c.check("plugins update, the copy", "GET", "/blueprints/%s" % copy, equal={"is_hidden": True})
    c.check("plugins updates list", "GET", "/plugins-updates?blueprint_id=cplug&_sort=created_at", needs=LIST + ("items.*.state",))
    c.check("plugins updates get", "GET", "/plugins-updates/%s" % update, equal={"id": update})
    c.check("plugins update, unknown blueprint", "POST", "/plugins-updates/nope/update/initiate", all_latest, expect=404, code="not_found_error",
            text="Requested `Blueprint` with ID `nope` was not found")
    c.check("plugins update, finalize unknown", "POST", "/plugins-updates/nope/update/finalize", expect=404, code="not_found_error",
            text="Requested `PluginsUpdate` with ID `nope` was not found")
    c.check("plugins update, as it was elsewhere", "POST", path, {"update_id": "old", "state": "successful", "affected_deployments": ["d"]},
            equal={"id": "old", "state": "successful", "deployments_to_update": ["d"]})
    c.check("plugins update, elsewhere without a state", "POST", path, {"update_id": "old2"}, expect=400, code="bad_parameters_error",
            text="State must be supplied when overriding plugin update settings.")
    c.send("DELETE", "/blueprints/%s?force=True" % copy)
    c.check("plugins delete, newer", "DELETE", "/plugins/%s" % newer.get("id"), {"force": True}, expect=204)


def used_plugin(c, path):
    c.check("plugins delete, in use", "DELETE", path, {"force": False}, expect=405, code="plugin_in_use",
            text='You can "force" plugin removal if needed.')
    c.check("blueprints delete", "DELETE", "/blueprints/cplug?force=False", expect=204)
    c.check("plugins delete", "DELETE", path, {"force": False}, expect=204)
    c.check("plugins get, deleted", "GET", path, expect=404, code="not_found_error")


def filters(c):
    new = {"filter_rules": [LABEL_RULE], "visibility": "tenant"}
    path = "/filters/deployments/cf"
    c.check("filters create", "PUT", path, new, equal={"id": "cf"}, needs=("labels_filter_rules", "attrs_filter_rules", "value"))
    c.check("filters create, again", "PUT", path, new, expect=409, code="conflict_error")
    c.check("filters create, a system's name", "PUT", "/filters/deployments/csys-x", new, expect=400)
    c.check("filters create, bad rule", "PUT", "/filters/deployments/cf2", {"filter_rules": [dict(LABEL_RULE, operator="nope")]},
            expect=400, code="invalid_filter_rule", needs=("err_filter_rule", "err_reason"))
    c.check("filters list", "GET", "/filters/deployments?_all_tenants=False&_offset=0&_size=1000&_sort=id", needs=LIST)
    c.check("filters update", "PATCH", path, {"filter_rules": [dict(LABEL_RULE, values=["c"])]})
    c.check("filters get", "GET", path, equal={"id": "cf", "is_system_filter": False})
    c.check("filters get, the system's", "GET", "/filters/deployments/csys-environment-filter", equal={"is_system_filter": True})
    c.check("filters delete", "DELETE", path, expect=204)
    c.check("filters get, deleted", "GET", path, expect=404, code="not_found_error")
    c.check("filters create, of blueprints", "PUT", "/filters/blueprints/bf", new)
    found = c.check("blueprints list, by filter", "GET", "/blueprints?_filter_id=bf&_include=id", equal={"items.*.id": "cbp"})
    hidden = (found.get("metadata") or {}).get("filtered")
    c.report("a filter says how many it hides", [] if hidden and hidden >= 1 else ["filtered is %r" % hidden])
