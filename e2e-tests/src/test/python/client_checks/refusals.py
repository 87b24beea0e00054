"""What every operation of both APIs refuses: whoever has no credentials, whoever is in no tenant, and what nobody should send to our own API."""

import json

from client_checks.client import PREFIX
from client_checks.hostile import BODIES, FIELDS, VALUES, at
from client_checks.own import V1

STRANGER = ("stranger", "stranger-password")
NO_END = ("/audit/stream", "/events/stream")


def run(c):
    c.well_meant = False
    c.check("refusals, a user in no tenant", "PUT", "/users", {"username": STRANGER[0], "password": STRANGER[1], "role": "default"}, expect=201)
    for name, prefix in (("the manager API", PREFIX), ("our own API", V1)):
        operations = described(c, prefix)
        c.report("refusals, operations of " + name, [] if operations else ["none"])
        outsiders(c, "refusals, %s, no credentials" % name, operations, 401, user=None)
        outsiders(c, "refusals, %s, no such tenant" % name, operations, 403, user=STRANGER, tenant="nosuch")
    own(c, described(c, V1))
    c.check("refusals, that user again", "DELETE", "/users/" + STRANGER[0], expect=204)
    c.well_meant = True


def described(c, prefix):
    """Those that need credentials, as (method, path, statuses of their errors)."""
    document = c.send("GET", prefix + "/openapi.json", user=None, tenant=None).json
    return [(method.upper(), path, operation["responses"]) for path, methods in sorted(document["paths"].items())
            for method, operation in sorted(methods.items()) if operation["security"]]


def outsiders(c, name, operations, status, **who):
    problems = []
    for method, path, responses in operations:
        # here the tenant is looked for in the body
        body = {"tenant_name": "nosuch"} if "/tenants/user" in path else None
        answer = c.send(method, at(path, "nosuch"), body, **who)
        if answer.status != status and str(status) in responses:
            problems.append("%s %s -> %d, expected %d" % (method, path, answer.status, status))
        elif str(answer.status) not in responses and answer.status >= 400:
            problems.append("%s %s -> %d is not described" % (method, path, answer.status))
    c.report(name, problems)


def own(c, operations):
    bodies = dict(BODIES)
    for value in VALUES:
        bodies["every field is %.40r" % (value,)] = json.dumps({field: value for field in FIELDS}).encode()
    for name, body in bodies.items():
        problems = []
        for method, path, responses in operations:
            if method != "GET":
                problems += wrong(method, path, c.send(method, at(path, "nosuch"), body))
        c.report("refusals, our own API, " + name, problems)
    problems = []
    for method, path, responses in operations:
        if "{" in path and not path.endswith(NO_END):
            for segment in ("nosuch", "%00", "a%20b", "x" * 500, "0", "-1", "99999999999999999999"):
                problems += wrong(method, path, c.send(method, at(path, segment)))
    c.report("refusals, our own API, ids that are none", problems)


def wrong(method, path, answer):
    """Errors of our own API are problems (RFC 9457)."""
    found = None
    if answer.status >= 400:
        missing = [key for key in ("type", "title", "status", "detail", "error_code") if key not in (answer.json or {})]
        if answer.headers.get("content-type") != "application/problem+json":
            found = "it is %s" % answer.headers.get("content-type")
        elif missing:
            found = "no %s" % missing
        elif answer.status >= 500 and answer.status != 503:
            found = "a fault"
        elif "java." in answer.get("detail") or "io.holdfast" in answer.get("detail"):
            found = "words of the program"
    return ["%s %s -> %d: %s: %s" % (method, path, answer.status, found, answer.body[:160].decode(errors="replace"))] if found else []
