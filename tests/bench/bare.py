"""The measure: the barest durable receiver. Flask on the same server, HMAC, one insert, committed, 202."""

import hashlib
import hmac
import sqlite3
import sys
import threading

from flask import Flask, Response, request
from waitress import create_server

SECRET = b"bench"


def application(file: str) -> Flask:
    """A receiver that keeps each body in the SQLite file, durably (WAL, synchronous=FULL), one writer at a time."""
    app = Flask(__name__)
    connection = sqlite3.connect(file, check_same_thread=False, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE deliveries (identity TEXT PRIMARY KEY, body BLOB)")
    turn = threading.Lock()

    @app.post("/webhooks/jira")
    def receive() -> Response:
        body = request.get_data()
        wanted = "sha256=" + hmac.new(SECRET, body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(wanted, request.headers["X-Hub-Signature"]):
            return Response(status=401)
        identity = request.headers["X-Atlassian-Webhook-Identifier"]
        with turn:
            connection.execute("INSERT INTO deliveries VALUES (?, ?)", (identity, body))
        return Response(status=202)

    return app


if __name__ == "__main__":
    server = create_server(application(sys.argv[1]), host="127.0.0.1", port=0, threads=8, connection_limit=1000)
    print(f"Listening on http://127.0.0.1:{server.effective_port}", flush=True)
    server.run()
