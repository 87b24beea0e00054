"""Our own API, which the manager's Python client does not know."""

V1 = "/api/holdfast/v1"
OF = "?deployment_id=cdep2"


def run(c):
    c.check("own API, described", "GET", V1 + "/openapi.json", user=None, tenant=None, needs=("paths", "components.schemas"))
    executions(c)
    schedules(c)
    limits(c)
    producers(c)
    messages(c)
    restores(c)


def executions(c):
    started = c.check("own executions, one with a key", "POST", "/executions", {"deployment_id": "cdep2", "workflow_id": "nop", "priority": 3,
                      "concurrency_key": "own"}, expect=201, needs=("id",))
    c.follow(started.get("id"))
    path = V1 + "/executions"
    c.check("own executions list", "GET", path + "?deployment_id=cdep2", needs=("items.*.priority", "items.*.concurrency_key", "metadata.pagination"))
    c.check("own executions get", "GET", path + "/%s" % started.get("id"), equal={"priority": 3, "concurrency_key": "own"})
    c.check("own executions history", "GET", path + "/%s/history" % started.get("id"), needs=("items.*.to", "items.*.changed_by"))
    refused(c, "own executions get, unknown", "GET", path + "/nosuch", 404)


def schedules(c):
    rule = {"workflow_id": "nop", "since": "2026-01-01T00:00:00Z", "rrule": "FREQ=DAILY;BYHOUR=2;BYMINUTE=30;BYSECOND=0", "time_zone": "Europe/Berlin"}
    c.check("own schedules, one", "PUT", "/execution-schedules/own" + OF, rule, expect=201, needs=("id",))
    path = V1 + "/schedules"
    c.check("own schedules list", "GET", path, needs=("items.*.time_zone", "items.*.overlap"))
    c.check("own schedules preview", "POST", path + "/preview", {"since": "2030-01-01T00:00:00Z", "cron": "30 2 * * *", "time_zone": "Europe/Berlin",
            "next": 200, "after": "2030-01-01T00:00:00Z"}, needs=("items.*.at", "items.*.local"))
    c.check("own schedules preview of one", "GET", path + "/own/preview" + OF + "&next=5", needs=("items.*.time_zone",))
    c.check("own schedules pause", "POST", path + "/own/pause" + OF, {"note": "a reason"}, equal={"enabled": False, "pause_note": "a reason"})
    c.check("own schedules resume", "POST", path + "/own/resume" + OF, {"note": "done"}, equal={"enabled": True})
    c.check("own schedules trigger", "POST", path + "/own/trigger" + OF, {"overlap": "allow"}, needs=("execution_id", "outcome"))
    c.check("own schedules backfill", "POST", path + "/own/backfill" + OF, {"from": "2026-01-02T00:00:00Z", "to": "2026-01-04T00:00:00Z",
            "overlap": "queue_all"}, needs=("occurrences",))
    c.check("own schedules runs", "GET", path + "/own/runs" + OF, needs=("items.*.outcome", "metadata.pagination.total"))
    refused(c, "own schedules trigger, unknown", "POST", path + "/nosuch/trigger" + OF, 404)
    c.check("own schedules, deleted", "DELETE", "/execution-schedules/own" + OF, expect=204)


def limits(c):
    path = V1 + "/limits"
    of_tenant, of_key = path + "/tenants/default_tenant", path + "/keys/default_tenant/own"
    c.check("own limits set", "PUT", of_tenant, {"max_running": 50, "starts_per_minute": 600, "burst": 60}, equal={"max_running": 50, "burst": 60})
    c.check("own limits set, of a key", "PUT", of_key, {"max_running": 2}, equal={"key": "own", "starts_per_minute": None})
    c.check("own limits list", "GET", path, needs=("items.*.tenant_name", "metadata.pagination"))
    c.check("own limits get", "GET", of_tenant, equal={"starts_per_minute": 600})
    c.check("own limits get, of a key", "GET", of_key, equal={"max_running": 2})
    refused(c, "own limits set, no number", "PUT", of_tenant, 400, {"max_running": "many"})
    c.check("own limits remove", "DELETE", of_tenant, expect=204)
    c.check("own limits remove, of a key", "DELETE", of_key, expect=204)


def producers(c):
    path = V1 + "/producers"
    c.check("own producers add", "PUT", path + "/reporter", {"username": "admin", "tenants": ["default_tenant"], "rate_per_second": 5},
            expect=201, needs=("password", "url"))
    c.check("own producers list", "GET", path, equal={"items.*.client_id": "reporter"})
    c.check("own producers get", "GET", path + "/reporter", equal={"username": "admin", "rate_per_second": 5})
    c.check("own producers password", "POST", path + "/reporter/password", needs=("password", "url"))
    c.check("own producers remove", "DELETE", path + "/reporter", equal={"client_id": "reporter"})
    refused(c, "own producers get, unknown", "GET", path + "/reporter", 404)


def messages(c):
    path = V1 + "/dead-letters"
    listed = c.check("own dead letters list", "GET", path, needs=("metadata.pagination",))
    for letter in listed.get("items", []):
        one = path + "/%s/%s" % (letter.get("service"), letter.get("id"))
        c.check("own dead letters get", "GET", one, needs=("payload", "reason"))
        c.check("own dead letters replay", "POST", one + "/replay")
        c.until(one, "state", ("dead",))
        c.check("own dead letters discard", "POST", one + "/discard")
    c.check("own dead letters replay, of a type", "POST", path + "/replay", {"type": "nosuch"}, equal={"count": 0})
    c.check("own dead letters discard, of a reason", "POST", path + "/discard", {"reason": "NOSUCH"}, equal={"count": 0})
    refused(c, "own dead letters get, unknown", "GET", path + "/scheduler/999999", 404)
    c.check("own events replay, tried", "POST", V1 + "/events/replay", {"from": "2026-01-01T00:00:00Z", "type": "nosuch", "dry_run": True}, equal={"count": 0})


def restores(c):
    path = V1 + "/restores"
    listed = c.check("own restores list", "GET", path, needs=("items.*.snapshot_id", "metadata.pagination"))
    one = path + "/%s" % (listed.get("items") or [{}])[0].get("id")
    c.check("own restores get", "GET", one, needs=("decisions", "undo"))
    c.check("own snapshots get", "GET", V1 + "/snapshots/csnap", needs=("execution_id", "options"))
    c.check("own restores plan", "POST", path + "/plan", {"snapshot_id": "csnap", "force": True}, needs=("possible", "replaces", "restore.decisions"))
    c.check("own restores plan, not clean", "POST", path + "/plan", {"snapshot_id": "csnap"}, equal={"possible": False}, needs=("refusals.*.error_code",))
    c.check("own restores undo", "POST", one + "/undo", needs=("undo",))
    c.check("own restores discard, undone", "POST", one + "/discard", equal={"undo": "undone"})
    refused(c, "own restores get, unknown", "GET", path + "/nosuch", 404)


def refused(c, name, method, path, status, body=None):
    """Errors of our own API are problems (RFC 9457)."""
    answer = c.send(method, path, body)
    problems = [] if answer.status == status else ["status %d, expected %d" % (answer.status, status)]
    if answer.headers.get("content-type") != "application/problem+json":
        problems.append("it is %s" % answer.headers.get("content-type"))
    problems += ["no " + key for key in ("status", "title", "detail", "error_code") if key not in (answer.json or {})]
    c.report(name, problems, "%s %s -> %d %s" % (method, path, answer.status, answer.body[:400].decode(errors="replace")))
