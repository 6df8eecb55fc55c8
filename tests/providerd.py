"""A server that answers as the interfaces of mail providers do, by what they publish of these.

In a test, `Server()` runs in threads and does as its script says. As a program, `python -m
tests.providerd --log FILE`, it outlives whoever sends to it; it prints its port first. It writes
down what it accepts before it answers.
"""

from __future__ import annotations

import argparse
import base64
import email
import hashlib
import hmac
import json
import os
import re
import socket
import ssl
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

KEY = "key-of-the-account"
ACCESS, SECRET = "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
DOMAIN = "news.example"
DATE = "Tue, 24 Nov 2026 07:00:00 GMT"

Act = tuple[int, dict, dict] | str
"""(status, headers, JSON) instead of what is said when all is well; or "close" before the request
is read, "cut" within its body, "accept-close" after the message was taken, "hang" after that,
"half" within the answer, "drip" for one that never ends to begin."""
Script = Callable[[str, str], Act | None]
"""(method, path) → what to do, None for the usual."""


class Server:
    """Listens on a port of 127.0.0.1; `messages` are (recipient, Message-ID, request)."""

    def __init__(
        self,
        script: Script = lambda *_: None,
        *,
        log: str | None = None,
        pause: float = 0.0,
        tls: ssl.SSLContext | None = None,
    ):
        self.messages: list[tuple[str, str, dict]] = []
        self.requests: list[tuple[str, str, dict, bytes]] = []
        self.connections = 0
        self.once: dict[str, bytes] = {}  # keys that were used, with their requests
        self.script, self.pause = script, pause
        self.ended = threading.Event()
        self._log = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND) if log else None
        self._lock = threading.Lock()
        owner = self

        class Http(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 64

            def process_request(self, request, address):
                owner.connections += 1
                request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                super().process_request(request, address)

            def handle_error(self, request, address):
                """A client that went away is no fault of ours."""

        self._http = Http(("127.0.0.1", 0), type("Handler", (_Handler,), {"server_of": self}))
        if tls:
            self._http.socket = tls.wrap_socket(self._http.socket, server_side=True)
        self.port = self._http.server_address[1]
        self.url = f"http{'s' if tls else ''}://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        self.ended.set()
        self._http.shutdown()
        self._http.server_close()

    def accept(self, recipient: str, message_id: str, content: dict) -> None:
        with self._lock:
            if self._log is not None:
                os.write(self._log, f"{recipient} {message_id or '-'}\n".encode())
            self.messages.append((recipient, message_id, content))


class _Handler(BaseHTTPRequestHandler):
    server_of: Server
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        """Quiet."""

    def date_time_string(self, timestamp=None):
        return DATE

    def do_GET(self):
        self._answer("GET")

    def do_POST(self):
        self._answer("POST")

    def _answer(self, method):
        server = self.server_of
        act = server.script(method, self.path)
        if act == "close":
            return self._drop()
        length = int(self.headers.get("Content-Length", 0))
        if act == "cut":
            self.rfile.read(min(length, 10))
            return self._drop()
        body = self.rfile.read(length)
        server.requests.append((method, self.path, dict(self.headers), body))
        if server.pause:
            server.ended.wait(server.pause)
        if isinstance(act, tuple):
            return self._say(*act)
        status, headers, content = self._usual(method, body)
        if act == "accept-close":
            return self._drop()
        if act == "hang":
            server.ended.wait(60)
            return self._drop()
        if act == "drip":
            self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
            while not server.ended.wait(0.01):
                self.wfile.write(b"x")
            return None
        if act == "half":
            self.send_response(status)
            self.send_header("Content-Length", "1000")
            self.end_headers()
            self.wfile.write(b'{"Message')
            return self._drop()
        return self._say(status, headers, content)

    def _drop(self):
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def _say(self, status, headers, content):
        data = json.dumps(content).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _usual(self, method, body):
        for path, answer in _ROUTES.items():
            if re.fullmatch(path, f"{method} {self.path}"):
                return answer(self, body)
        return 404, {}, {"message": "not found"}

    def postmark_look(self, body):
        if self.headers.get("X-Postmark-Server-Token") != KEY:
            return 401, {}, {"ErrorCode": 10, "Message": "Bad or missing Server API token."}
        return 200, {}, {"ID": 1, "Name": "Letter"}

    def postmark(self, body):
        if self.headers.get("X-Postmark-Server-Token") != KEY:
            return 401, {}, {"ErrorCode": 10, "Message": "Bad or missing Server API token."}
        given = json.loads(body)
        headers = {one["Name"]: one["Value"] for one in given["Headers"]}
        assert headers["X-PM-KeepID"] == "true"
        self.server_of.accept(_address(given["To"]), headers["Message-ID"].strip("<>"), given)
        said = {"To": given["To"], "MessageID": "b7bc2f4a-e38e-4336-af7d-e6c392c2f817"}
        return 200, {}, {**said, "ErrorCode": 0, "Message": "OK"}

    def ses_look(self, body):
        return self._unsigned(body) or (200, {}, {"SendingEnabled": True})

    def ses(self, body):
        if wrong := self._unsigned(body):
            return wrong
        given = json.loads(body)
        message = email.message_from_bytes(base64.b64decode(given["Content"]["Raw"]["Data"]))
        (recipient,) = given["Destination"]["ToAddresses"]
        self.server_of.accept(recipient, message["Message-ID"].strip("<>"), given)
        return 200, {}, {"MessageId": "0107019a-000000"}

    def _unsigned(self, body):
        """None where the signature holds, recomputed from what came, as the documentation says."""
        match = re.fullmatch(
            r"AWS4-HMAC-SHA256 Credential=(\w+)/(\d{8}/[\w-]+/ses/aws4_request), "
            r"SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})",
            self.headers["Authorization"],
        )
        access, scope, names, signature = match.groups()
        lines = [self.command, self.path, ""]
        lines += [f"{name}:{self.headers[name].strip()}" for name in names.split(";")]
        lines += ["", names, hashlib.sha256(body).hexdigest()]
        stamp = self.headers["X-Amz-Date"]
        hashed = hashlib.sha256("\n".join(lines).encode()).hexdigest()
        text = "\n".join(["AWS4-HMAC-SHA256", stamp, scope, hashed])
        key = f"AWS4{SECRET}".encode()
        for part in [*scope.split("/"), text]:
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        late = not stamp.startswith("20261124T07")
        if access != ACCESS or key.hex() != signature or late or "host" not in names.split(";"):
            said = {"message": "The request signature we calculated does not match"}
            return 403, {"x-amzn-errortype": "SignatureDoesNotMatchException:http://x/"}, said
        return None

    def mailgun_look(self, body):
        return (200, {}, {"domain": {}}) if self._basic() else (401, {}, {"message": "Forbidden"})

    def mailgun(self, body):
        if not self._basic():
            return 401, {}, {"message": "Forbidden"}
        kind = self.headers["Content-Type"].encode()
        form = email.message_from_bytes(b"Content-Type: " + kind + b"\r\n\r\n" + body)
        parts = {one.get_param("name", header="content-disposition"): one for one in form.walk()}
        start = body.index(b"message/rfc822\r\n\r\n") + len(b"message/rfc822\r\n\r\n")
        message = email.message_from_bytes(body[start:])
        assert parts["o:tracking"].get_payload() == "no"
        self.server_of.accept(
            parts["to"].get_payload(), message["Message-ID"].strip("<>"), {"mime": body[start:]}
        )
        return 200, {}, {"id": f"{message['Message-ID']}", "message": "Queued. Thank you."}

    def _basic(self):
        pair = base64.b64encode(f"api:{KEY}".encode()).decode()
        return self.headers.get("Authorization") == f"Basic {pair}"

    def sendgrid_look(self, body):
        if self.headers.get("Authorization") != f"Bearer {KEY}":
            return 401, {}, {"errors": [{"message": "authorization required", "field": None}]}
        return 200, {}, {"scopes": ["mail.send"]}

    def sendgrid(self, body):
        if self.headers.get("Authorization") != f"Bearer {KEY}":
            return 401, {}, {"errors": [{"message": "authorization required", "field": None}]}
        given = json.loads(body)
        assert [one["type"] for one in given["content"]] == ["text/plain", "text/html"]
        (to,) = given["personalizations"][0]["to"]
        self.server_of.accept(to["email"], given["headers"]["Message-ID"].strip("<>"), given)
        return 202, {"X-Message-Id": "R14554qsAGSkiKYYviJN34DGA"}, {}

    def brevo_look(self, body):
        if self.headers.get("api-key") != KEY:
            return 401, {}, {"code": "unauthorized", "message": "Key not found"}
        return 200, {}, {"email": "owner@news.example"}

    def brevo(self, body):
        if self.headers.get("api-key") != KEY:
            return 401, {}, {"code": "unauthorized", "message": "Key not found"}
        given = json.loads(body)
        if self._known(given["headers"]["idempotencyKey"], body):
            return 400, {}, {"code": "duplicate_request", "message": "was processed already"}
        (to,) = given["to"]
        self.server_of.accept(to["email"], given["headers"]["X-Mailin-custom"], given)
        return 201, {}, {"messageId": "<202611240700.1@smtp-relay.mailin.fr>"}

    def resend_look(self, body):
        if self.headers.get("Authorization") != f"Bearer {KEY}":
            return self._error(400, "validation_error", "API key is invalid")
        return self._error(401, "restricted_api_key", "This API key is restricted to only send")

    def resend(self, body):
        if self.headers.get("Authorization") != f"Bearer {KEY}":
            return self._error(401, "validation_error", "API key is invalid")
        given = json.loads(body)
        said = {"id": "49a3999c-0ce1-4ea6-ab68-afcd6dc2e794"}
        key = self.headers["Idempotency-Key"]
        if before := self._known(key, body):
            if before != body:
                return self._error(409, "invalid_idempotent_request", "Same key, another payload")
            return 200, {}, said
        (tag,) = given["tags"]
        assert re.fullmatch(r"[A-Za-z0-9_-]{1,256}", tag["value"])
        mark = tag["value"] + "=" * (-len(tag["value"]) % 4)
        message_id = base64.urlsafe_b64decode(mark).decode()
        self.server_of.accept(_address(given["to"][0]), message_id, given)
        return 200, {}, said

    def _known(self, key, body):
        """The request that used a key before, None for a new one."""
        before = self.server_of.once.get(key)
        self.server_of.once.setdefault(key, body)
        return before

    @staticmethod
    def _error(status, name, message):
        return status, {}, {"statusCode": status, "name": name, "message": message}


def _address(mailbox: str) -> str:
    return mailbox.rpartition("<")[2].rstrip(">")


_ROUTES = {
    "GET /server": _Handler.postmark_look,
    "POST /email": _Handler.postmark,
    "GET /v2/email/account": _Handler.ses_look,
    "POST /v2/email/outbound-emails": _Handler.ses,
    f"GET /v3/domains/{DOMAIN}": _Handler.mailgun_look,
    f"POST /v3/{DOMAIN}/messages.mime": _Handler.mailgun,
    "GET /v3/scopes": _Handler.sendgrid_look,
    "POST /v3/mail/send": _Handler.sendgrid,
    "GET /v3/account": _Handler.brevo_look,
    "POST /v3/smtp/email": _Handler.brevo,
    "GET /domains": _Handler.resend_look,
    "POST /emails": _Handler.resend,
}


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--log")
    parser.add_argument("--pause", type=float, default=0.0)
    arguments = parser.parse_args()
    server = Server(log=arguments.log, pause=arguments.pause)
    print(server.port, flush=True)
    threading.Event().wait()
