"""Snapshots and maintenance mode."""

from client_checks.client import LIST


def run(c):
    bundles(c)
    archive = create(c)
    restore(c, archive)
    maintenance(c)


def bundles(c):
    c.check("log bundles create, illegal name", "PUT", "/log-bundles/1x", {"queue": False}, expect=400, code="bad_parameters_error",
            text="The `log_bundle_id` argument must begin with a letter")
    started = c.check("log bundles create", "PUT", "/log-bundles/cbundle", {"queue": False}, expect=201,
                      equal={"workflow_id": "create_log_bundle", "is_system_workflow": True, "status": "pending"})
    ended = c.follow(started.get("id"))
    c.report("log bundles create ends", [] if ended == "terminated" else ["status %s" % ended])
    c.check("log bundles create, again", "PUT", "/log-bundles/cbundle", {"queue": True}, expect=409, code="conflict_error")
    c.check("log bundles list", "GET", "/log-bundles?_offset=0&_size=1000&_sort=created_at", needs=LIST, equal={"items.*.id": "cbundle"})
    c.check("log bundles get", "GET", "/log-bundles/cbundle", equal={"status": "created", "error": "", "visibility": "private"})
    c.check("log bundles get, unknown", "GET", "/log-bundles/nosuch", expect=404, code="not_found_error",
            text="Requested `LogBundle` with ID `nosuch` was not found")
    bundle = c.download("log bundles download", "/log-bundles/cbundle/archive", filename="cbundle.zip")
    c.check("log bundles upload", "PUT", "/log-bundles/cbundle2/archive", bundle, expect=201, chunked=True,
            equal={"status": "uploaded", "id": "cbundle2"})
    c.check("log bundles upload, no zip", "PUT", "/log-bundles/cbundle3/archive", b"no zip", expect=400, code="bad_parameters_error",
            text="the upload is no log bundle")
    c.check("log bundles update status", "PATCH", "/log-bundles/cbundle2", {"status": "failed", "error": "by hand"})
    c.check("log bundles download, failed", "GET", "/log-bundles/cbundle2/archive", expect=400, code="log_bundle_action_error",
            text="Failed log bundle cannot be downloaded")
    c.check("log bundles delete", "DELETE", "/log-bundles/cbundle2", equal={"id": "cbundle2", "status": "failed"})
    c.check("log bundles delete, unknown", "DELETE", "/log-bundles/nosuch", expect=404, code="not_found_error")
    c.check("log bundles delete, created", "DELETE", "/log-bundles/cbundle", equal={"id": "cbundle"})


def create(c):
    asked = {"include_credentials": True, "include_logs": True, "include_events": True, "queue": False, "tempdir_path": None, "legacy": False,
             "listener_timeout": 1.0}
    c.check("snapshots create, illegal name", "PUT", "/snapshots/1x", asked, expect=400, code="bad_parameters_error", text="must begin with a letter")
    c.check("snapshots create, a form", "PUT", "/snapshots/cx", b"queue=1", content_type="application/x-www-form-urlencoded", expect=415,
            code="unsupported_content_type_error", text="Content type must be application/json")
    c.check("snapshots create, no number", "PUT", "/snapshots/cx", dict(asked, listener_timeout="soon"), expect=400,
            text="listener_timeout must a valid floating point number")
    c.check("snapshots create, no folder", "PUT", "/snapshots/cx", dict(asked, tempdir_path="/nosuch"), expect=403, code="forbidden_error",
            text="Temp dir cannot be created inside unwriteable location /nosuch")
    started = c.check("snapshots create", "PUT", "/snapshots/csnap", asked, expect=201, equal={"workflow_id": "create_snapshot", "is_system_workflow": True})
    ended = c.follow(started.get("id"))
    c.report("snapshots create ends", [] if ended == "terminated" else ["status %s" % ended])
    c.check("snapshots create, again", "PUT", "/snapshots/csnap", asked, expect=409, code="conflict_error")
    c.check("snapshots list", "GET", "/snapshots?_all_tenants=False&_offset=0&_size=1000&_sort=created_at", needs=LIST, equal={"items.*.id": "csnap"})
    c.check("snapshots get", "GET", "/snapshots/csnap", equal={"status": "created", "error": "", "visibility": "private"})
    c.check("snapshots get, unknown", "GET", "/snapshots/nosuch", expect=404, code="not_found_error")
    return c.download("snapshots download", "/snapshots/csnap/archive", filename="csnap.zip")


def restore(c, archive):
    c.check("snapshots upload", "PUT", "/snapshots/csnap2/archive", archive, expect=201, chunked=True, equal={"status": "uploaded", "id": "csnap2"})
    asked = {"force": True, "restore_certificates": False, "no_reboot": False, "ignore_plugin_failure": False}
    c.check("snapshots restore, a form", "POST", "/snapshots/csnap2/restore", b"force=1", content_type="application/x-www-form-urlencoded",
            expect=415, code="unsupported_content_type_error", text="Content type must be application/json")
    c.check("snapshots restore, no_reboot alone", "POST", "/snapshots/csnap2/restore", dict(asked, no_reboot=True), expect=400,
            text="`no_reboot` is only relevant when `restore_certificates` is activated")
    c.check("users create, after the snapshot", "PUT", "/users", {"username": "late", "password": "password1", "role": "default"}, expect=201)
    c.check("snapshots restore", "POST", "/snapshots/csnap2/restore", asked, needs=("id", "status"))
    status = c.until("/snapshot-status", "status", ("not-running",), user=None, tenant=None)
    c.report("snapshots restore ends", [] if status == "not-running" else ["status %s" % status])
    c.check("what came after the snapshot", "GET", "/users/late", expect=404, code="not_found_error")
    c.check("what was in the snapshot", "GET", "/deployments/cdep2", equal={"blueprint_id": "cbp3"})
    c.check("snapshots delete, unknown", "DELETE", "/snapshots/nosuch", expect=404, text="Requested `Snapshot` with ID `nosuch` was not found")
    c.check("snapshots delete", "DELETE", "/snapshots/csnap2", equal={"id": "csnap2"})


def maintenance(c):
    c.check("maintenance activate", "POST", "/maintenance/activate", needs=("status",))
    c.check("maintenance activate, again", "POST", "/maintenance/activate", expect=304)
    status = c.until("/maintenance", "status", ("activated",))
    c.report("maintenance activate ends", [] if status == "activated" else ["status %s" % status])
    c.check("blueprints list, in maintenance", "GET", "/blueprints?_all_tenants=False&_offset=0&_size=1000&_sort=created_at", expect=503,
            code="maintenance_mode_active", text="Your request was rejected since Cloudify manager is currently in maintenance mode")
    c.check("status, in maintenance", "GET", "/status", needs=("services",))
    c.check("snapshots list, in maintenance", "GET", "/snapshots", needs=LIST)
    c.check("maintenance, unknown action", "POST", "/maintenance/other", expect=400, code="bad_parameters_error",
            text="Invalid action: other, Valid action values are: ['activate', 'deactivate']")
    c.check("maintenance deactivate", "POST", "/maintenance/deactivate", equal={"status": "deactivated"})
    c.check("maintenance deactivate, again", "POST", "/maintenance/deactivate", expect=304)
