"""Sends requests in the client's shape and judges the answers."""

import base64
import http.client
import json
import time
import urllib.parse
import uuid

PREFIX = "/api/v3.1"

# what every list needs so that the client can page through it
LIST = ("items", "metadata.pagination.total", "metadata.pagination.size", "metadata.pagination.offset")

END_STATES = ("terminated", "failed", "cancelled")


class Answer:
    def __init__(self, status, headers, body):
        self.status = status
        self.headers = {name.lower(): value for name, value in headers}
        self.body = body
        try:
            self.json = json.loads(body) if body else None
        except ValueError:
            self.json = None

    def at(self, path):
        """The values at a path such as `items.*.id`; KeyError where there is none."""
        values = [self.json]
        for key in path.split("."):
            found = []
            for value in values:
                if key == "*" and isinstance(value, list):
                    found += value
                elif isinstance(value, dict) and key in value:
                    found.append(value[key])
                else:
                    raise KeyError(path)
            values = found
        return values

    def get(self, key, default=None):
        return self.json.get(key, default) if isinstance(self.json, dict) else default


class Client:
    """One caller; `tenant`, `user` (name, password) and `token` can be given per request, None leaves the header out."""

    def __init__(self, url, password, record=None):
        """:param record: a file for requests and answers, each a line of JSON, to be held against what the manager says of its API"""
        self.host = urllib.parse.urlsplit(url).netloc
        self.user = ("admin", password)
        self.checks = 0
        self.record = open(record, "w") if record else None
        # false: requests are what nobody should send, their bodies prove nothing
        self.well_meant = True

    def send(self, method, path, body=None, **options):
        user = options.get("user", self.user)
        token = options.get("token")
        tenant = options.get("tenant", "default_tenant")
        content_type = options.get("content_type", "application/json")
        headers = {"Accept": "*/*", "User-Agent": "python-requests/2.31"}
        # the client says so on every request, also on those without a body and on streams of bytes
        headers["Content-type"] = content_type
        if tenant:
            headers["Tenant"] = tenant
        if token:
            headers["Authentication-Token"] = token
        elif user:
            headers["Authorization"] = "Basic " + base64.b64encode(":".join(user).encode()).decode()
        headers.update(options.get("headers", {}))
        if isinstance(body, (dict, list)):
            body = json.dumps(body).encode()
        if not path.startswith(("/api", "/resources")):
            path = PREFIX + path
        connection = http.client.HTTPConnection(self.host, timeout=300)
        try:
            if options.get("chunked"):
                pieces = (body[i : i + 8192] for i in range(0, len(body), 8192))
                connection.request(method, path, body=pieces, headers=headers, encode_chunked=True)
            else:
                if body is None and method != "GET":
                    headers["Content-Length"] = "0"
                connection.request(method, path, body=body, headers=headers)
            response = connection.getresponse()
            answer = Answer(response.status, response.getheaders(), response.read())
            if self.record:
                self.write_down(method, path, body, content_type, answer)
            return answer
        finally:
            connection.close()

    def write_down(self, method, path, body, content_type, answer):
        exchange = {"method": method, "path": path, "status": answer.status, "type": answer.headers.get("content-type"), "length": len(answer.body)}
        if answer.body and "json" in answer.headers.get("content-type", ""):
            exchange["answer"] = answer.json
        if self.well_meant and body and content_type == "application/json":
            try:
                exchange["request"] = json.loads(body)
            except ValueError:
                pass  # an archive: the client gives it this type too
        self.record.write(json.dumps(exchange) + "\n")
        self.record.flush()

    def check(self, name, method, path, body=None, expect=200, needs=(), equal=None, code=None, text=None, **options):
        """Sends a request and says whether the answer is what the client can work with.

        :param expect: the status, or several
        :param needs: paths that must be there
        :param equal: path -> value
        :param code: the error_code
        :param text: what the message must contain
        """
        answer = self.send(method, path, body, **options)
        problems = []
        allowed = expect if isinstance(expect, tuple) else (expect,)
        if answer.status not in allowed:
            problems.append("status %d, expected %s" % (answer.status, expect))
        if "html" in answer.headers.get("content-type", ""):
            problems.append("HTML")
        if answer.status >= 400:
            missing = [key for key in ("message", "error_code", "server_traceback") if key not in (answer.json or {})]
            if missing:
                problems.append("an error without %s" % missing)
        if answer.status == 304 and answer.body:
            problems.append("304 with a body")
        if answer.status in (200, 201) and answer.json is None and answer.body.strip() != b"null":
            problems.append("no JSON, which the client reads out of every answer but a 204")
        for path_needed in needs:
            try:
                answer.at(path_needed)
            except KeyError:
                problems.append("no " + path_needed)
        for where, value in (equal or {}).items():
            try:
                if any(found != value for found in answer.at(where)) or not answer.at(where):
                    problems.append("%s is %r, expected %r" % (where, answer.at(where), value))
            except KeyError:
                problems.append("no " + where)
        if code and answer.get("error_code") != code:
            problems.append("error_code %r, expected %r" % (answer.get("error_code"), code))
        if text and text not in (answer.get("message") or ""):
            problems.append("message %r, expected one with %r" % (answer.get("message"), text))
        self.report(name, problems, "%s %s -> %d %s" % (method, path, answer.status, answer.body[:400].decode(errors="replace")))
        return answer

    def report(self, name, problems, detail=""):
        self.checks += 1
        print(json.dumps({"name": name, "ok": not problems, "problems": problems, "detail": detail if problems else ""}), flush=True)

    def download(self, name, path, filename=None):
        """The client dies of a download without these two headers."""
        answer = self.send("GET", path)
        problems = [] if answer.status == 200 else ["status %d" % answer.status]
        problems += ["no header " + header for header in ("content-length", "content-disposition") if header not in answer.headers]
        # old clients take all that follows for the name
        if filename and answer.headers.get("content-disposition", "").split("filename=")[-1] != filename:
            problems.append("Content-Disposition is %r" % answer.headers.get("content-disposition"))
        self.report(name, problems, path)
        return answer.body

    def follow(self, execution_id, seconds=120):
        """Asks for an execution until it has ended, as the command line does; answers its status."""
        return self.until("/executions/%s" % execution_id, "status", END_STATES, seconds)

    def until(self, path, key, values, seconds=120, **options):
        deadline = time.monotonic() + seconds
        while True:
            answer = self.send("GET", path, **options)
            found = answer.get(key) if answer.status == 200 else answer.status
            if found in values or time.monotonic() > deadline:
                return found
            time.sleep(0.2)


def multipart(params, data, file_part):
    """A blueprint's upload: `params` as JSON text and the archive."""
    boundary = uuid.uuid4().hex
    head = '--%s\r\nContent-Disposition: form-data; name="params"\r\n\r\n%s\r\n' % (boundary, json.dumps(params))
    part = '--%s\r\nContent-Disposition: form-data; name="%s"; filename="blueprint.tar.gz"\r\n\r\n' % (boundary, file_part)
    body = head.encode() + part.encode() + data + ("\r\n--%s--\r\n" % boundary).encode()
    return body, "multipart/form-data; boundary=" + boundary
