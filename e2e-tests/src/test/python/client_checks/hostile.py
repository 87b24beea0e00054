"""What nobody should send, to every route that the manager says it has: the answer is always the API's own error, and nothing stays."""

import http.client
import json

from client_checks.client import PREFIX

# what these do with a body that they do not read would disturb the checks that follow
LEFT_OUT = ("maintenance/activate", "audit/stream")

DEEP = "[" * 5000 + "]" * 5000

BODIES = {
    "no JSON": b"not json",
    "half JSON": b"{",
    "a list": b"[]",
    "a number": b"5",
    "a text": b'"text"',
    "deep lists": DEEP.encode(),
    "deep objects": (b'{"a":' * 5000) + b"1" + b"}" * 5000,
    "a field twice": b'{"value": "a", "value": "b", "name": 1, "name": 2}',
    "a long number": b'{"value": 1' + b"0" * 5000 + b"}",
    "bytes that are no text": b'{"value": "\xc3\x28"}',
    "zero bytes": b"\0\0\0",
    "XML": b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>",
}

# every name that some body has
FIELDS = (
    "username password role tenant_name group_name ldap_group_dn action description expiration_date is_prehashed created_at created_by"
    " show_getting_started value force name context visibility labels blueprint_id deployment_id inputs site_name display_name location"
    " new_name update_if_exists is_hidden_value schema provider_name provider_options type connection_parameters filter_rules constraints"
    " workflow_id parameters allow_custom_parameters dry_run queue scheduled_time wait_after_fail force_status status error keep_last"
    " to_datetime since until recurrence count weekdays rrule slip stop_on_fail enabled execution_arguments events logs execution_id"
    " operations graph_id dependencies state version runtime_properties system_properties relationships nodes node_instances"
    " deployment_ids new_deployments default_inputs add remove deployment_group_id concurrency success_group_id steps plan"
    " dependency_creator source_deployment target_deployment inter_deployment_dependencies secrets_list tenant_map passphrase"
    " node_instance_id install_method ip managers agents include_credentials listener_timeout tempdir_path timeout no_reboot"
    " rabbitmq_password"
).split()

VALUES = (5, -1.5e308, True, [], {}, [[{}]], [None], "", "\0", "a\0b", "x" * 20000, "<script>", "'; DROP TABLE users --", {"a": {"b": [1]}})

QUERIES = (
    "_offset=-1", "_size=-1", "_size=99999999", "_size=99999999999999999999", "_offset=9223372036854775807", "_size=abc", "_sort=nosuch",
    "_sort=-", "_sort=label:x", "_include=nosuch", "_include=", "_get_data=perhaps", "_get_all_results=2", "_all_tenants=maybe",
    "_search=%25%5C_", "_search=a%00b", "id=a%00b", "name=%00", "nosuch=1", "created_at=never", "_filter_id=nosuch", "_range=1,2",
    "_range=timestamp,never,ever", "_group_id=%00", "deployment_id=%00", "_target_field=nosuch", "_target_field=tenant_name&_sub_field=zz",
)

SEGMENTS = ("%00", "a%0Ab", "%F0%9F%92%A9", "%C3%28", "..%2F..%2Fetc", "a%20b", "'%3B%20DROP%20TABLE%20users%20--", "%25", "x" * 2000)


def routes(c):
    document = c.send("GET", "/openapi.json").json
    found = []
    for path, methods in sorted(document["paths"].items()):
        path = path.removeprefix(PREFIX)
        if not any(left_out in path for left_out in LEFT_OUT):
            found += [(method.upper(), path) for method in sorted(methods) if method in ("get", "post", "put", "patch", "delete")]
    return found


# what is said where nothing answers a path or a method
NOT_SERVED = ("there is no resource at", "the resource does not allow", "is not allowed for the requested URL", "was not found on the server")


def served(c, all_routes):
    """Each route of the description is answered by something that knows it, if only to refuse what it is asked for."""
    problems = []
    for method, path in all_routes:
        answer = c.send(method, at(path, "hostile"), None if method == "GET" else b"not json")
        message = answer.get("message") or ""
        if any(text in message for text in NOT_SERVED):
            problems.append("%s %s -> %d %s" % (method, path, answer.status, message))
    c.report("every route is served", problems)


def at(path, segment):
    return "/".join(
        "default_tenant" if part == "{tenant}" else "deployments" if part == "{kind}" else "status-no" if part == "{action}"
        else segment if part.startswith("{") else part for part in path.split("/"))


def problem(answer):
    """What is wrong with an answer, or None."""
    text = answer.body.decode(errors="replace")
    if answer.status >= 500 and answer.get("error_code") != "service_unavailable_error":
        return "status %d" % answer.status
    if "html" in answer.headers.get("content-type", "").lower() or "<html" in text[:200].lower():
        return "HTML"
    if "\tat " in text or "Exception in thread" in text:
        return "a stack trace"
    if answer.status >= 400:
        missing = [key for key in ("message", "error_code", "server_traceback") if key not in (answer.json or {})]
        if missing:
            return "an error without %s" % missing
        if "java." in answer.get("message") or "io.holdfast" in answer.get("message"):
            return "words of the program"
    return None


def run(c):
    c.well_meant = False
    all_routes = routes(c)
    c.report("the manager tells its routes", [] if len(all_routes) > 100 else ["only %d" % len(all_routes)])
    served(c, all_routes)
    writes = [route for route in all_routes if route[0] != "GET"]
    bodies = dict(BODIES)
    for value in VALUES:
        bodies["every field is %.40r" % (value,)] = json.dumps({field: value for field in FIELDS}).encode()
    for name, body in bodies.items():
        ask(c, "hostile, " + name, [(method, at(path, "hostile"), body) for method, path in writes])
    for query in QUERIES:
        ask(c, "hostile, ?" + query, [(method, at(path, "hostile") + "?" + query, None) for method, path in all_routes if method == "GET"])
    for segment in SEGMENTS:
        ask(c, "hostile, an id that is %.30s" % segment, [(method, at(path, segment), None) for method, path in all_routes if "{" in path])
    c.well_meant = True
    left = [(path, c.send("GET", path + "?_get_all_results=true").json["items"]) for path in ("/deployments", "/node-instances", "/plugins")]
    c.report("hostile, nothing stays", ["%s %s" % (path, items) for path, items in left if any("hostile" in json.dumps(item) for item in items)])


def ask(c, name, requests):
    problems = []
    for method, path, body in requests:
        try:
            answer = c.send(method, path, body)
            found = problem(answer)
            text = answer.body[:160].decode(errors="replace")
        except (OSError, http.client.HTTPException) as e:
            found, text = "no answer", repr(e)
        if found:
            problems.append("%s %s: %s: %s" % (method, path[:120], found, text))
    c.report(name, problems)
