"""The client's `resources`: work directories of deployments over the file server, outside of /api."""

import io
import json
import tarfile
import uuid

from client_checks.inventory import BLUEPRINT, multipart, tar_gz

TIME = "2026-01-31T12:00:00.123456+00:00"
DIRECTORY = "/resources/deployments/default_tenant/fdep/"


def run(c):
    body, content_type = multipart(
        {"application_file_name": "blueprint.yaml"}, tar_gz({"bp/blueprint.yaml": BLUEPRINT, "bp/script.py": "x = 1\n"}), "blueprint_archive")
    c.check("files, a blueprint", "PUT", "/blueprints/fbp", body, content_type=content_type, expect=201)
    c.check("files, a deployment", "PUT", "/deployments/fdep", {"blueprint_id": "fbp"}, expect=201)
    c.check("files, an empty index", "GET", DIRECTORY)
    # upload_deployment_workdir, into a directory without an index
    c.check("files, upload of a directory", "PUT", DIRECTORY + "?extract=yes", packed({"a.txt": b"a", "sub/b.txt": b"b"}))
    index = c.check("files, index", "GET", DIRECTORY).json
    same(c, "files, times as the client has them", index, {"a.txt": TIME, "sub/b.txt": TIME})
    # upload_deployment_file
    body, content_type = form(b"changed")
    c.check("files, upload of a file", "PUT", DIRECTORY + "c/d.txt", body, content_type=content_type)
    c.check("files, upload of an empty file", "PUT", DIRECTORY + "empty.txt", b"")
    # download_deployment_workdir, both ways
    files = unpacked(c.download("files, download of all", DIRECTORY + "?archive=True", "fdep.tar.gz"))
    index = c.check("files, index again", "GET", DIRECTORY).json
    same(c, "files, the archive has its index", json.loads(files.pop(".cloudify-index.json", b"null")), index)
    same(c, "files, the archive has all files", files, {"a.txt": b"a", "sub/b.txt": b"b", "c/d.txt": b"changed", "empty.txt": b""})
    same(c, "files, download of a file", c.download("files, download", DIRECTORY + "c/d.txt", "d.txt"), b"changed")
    c.check("files, delete", "DELETE", DIRECTORY + "c/d.txt", expect=204)
    c.check("files, delete again", "DELETE", DIRECTORY + "c/d.txt", expect=404, code="not_found_error", text="`c/d.txt` is not in the work directory")
    # get_file
    c.download("files, a blueprint's file", "/resources/blueprints/default_tenant/fbp/script.py", "script.py")
    c.download("files, a blueprint's archive", "/resources/uploaded-blueprints/default_tenant/fbp/fbp.tar.gz", "fbp.tar.gz")
    refusals(c)
    c.check("files, delete the deployment", "DELETE", "/deployments/fdep", expect=204)
    c.check("files, gone with it", "GET", DIRECTORY, expect=404, code="not_found_error")
    c.check("files, delete the blueprint", "DELETE", "/blueprints/fbp", expect=204)


def refusals(c):
    c.check("files, no way out", "PUT", DIRECTORY + "?extract=yes", packed({"../out.txt": b"x"}), expect=400, code="bad_parameters_error",
            text="the archive has the path")
    c.check("files, no way out by a path", "GET", DIRECTORY + "../fdep/a.txt", expect=400, code="bad_parameters_error")
    c.check("files, another tenant's path", "GET", "/resources/deployments/nosuch/fdep/a.txt", expect=404, code="not_found_error")
    c.check("files, no such kind", "GET", "/resources/tenants/default_tenant/x", expect=404, code="not_found_error")
    c.check("files, blueprints are not written", "PUT", "/resources/blueprints/default_tenant/fbp/x", b"x", expect=405,
            code="method_not_allowed_error")
    c.check("files, nobody", "GET", DIRECTORY, user=None, expect=401, code="unauthorized_error")
    c.check("file-server-auth", "GET", "/file-server-auth", headers={"X-Original-Uri": DIRECTORY + "a.txt"})
    c.check("file-server-auth, another tenant", "GET", "/file-server-auth", headers={"X-Original-Uri": "/resources/deployments/nosuch/d/x"},
            expect=403, code="forbidden_error")


def packed(files):
    """As the client packs a directory: below `./`, times with what their zone needs."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo("./" + name)
            entry.size = len(content)
            entry.mtime = 1769860800.123456
            archive.addfile(entry, io.BytesIO(content))
    return out.getvalue()


def unpacked(data):
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:*") as archive:
        return {entry.name: archive.extractfile(entry).read() for entry in archive}


def form(content):
    """A file with its time, as `MultipartEncoder` writes them."""
    boundary = uuid.uuid4().hex
    parts = '--%s\r\nContent-Disposition: form-data; name="file"; filename="c/d.txt"\r\n\r\n' % boundary
    time = '\r\n--%s\r\nContent-Disposition: form-data; name="mtime"\r\n\r\n%s\r\n--%s--\r\n' % (boundary, TIME, boundary)
    return parts.encode() + content + time.encode(), "multipart/form-data; boundary=" + boundary


def same(c, name, found, expected):
    c.report(name, [] if found == expected else ["%r, expected %r" % (found, expected)])
