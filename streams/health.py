"""Metrics, health and readiness of one worker over HTTP, from a thread of its own.

``/metrics``
    Prometheus' text format
``/healthz``
    200 while the process can answer: the watchdog ends one whose event loop stands still
``/readyz``
    200 when every role has its partitions and state, and delivery reaches Redis; else 503 and why
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Mapping
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import make_wsgi_app

from schemas.errors import SettingsError
from streams.metrics import Metrics

#: What is not ready yet, by role; empty: ready.
Unready = Callable[[], Mapping[str, str]]


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: scrapes would fill the log."""


class _Server(ThreadingMixIn, WSGIServer):
    """A thread for each request: a scrape that waits for the broker must not delay /healthz."""

    daemon_threads = True


class HealthServer:
    """Serves until stopped. ``before_scrape`` refreshes what is only worth knowing when asked."""

    def __init__(
        self,
        address: str,
        metrics: Metrics,
        unready: Unready,
        before_scrape: Callable[[], None] | None = None,
    ) -> None:
        host, _, port = address.rpartition(":")
        exposition = make_wsgi_app(metrics.registry)

        def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
            path = environ.get("PATH_INFO", "/")
            if path == "/metrics":
                if before_scrape is not None:
                    before_scrape()
                scraped: Iterable[bytes] = exposition(environ, start_response)
                return scraped
            if path == "/healthz":
                return _answer(start_response, "200 OK", {"alive": "yes"})
            if path == "/readyz":
                waiting = dict(unready())
                status = "503 Service Unavailable" if waiting else "200 OK"
                return _answer(start_response, status, waiting or {"ready": "yes"})
            paths = {"paths": "/metrics /healthz /readyz"}
            return _answer(start_response, "404 Not Found", paths)

        try:
            self._server: WSGIServer = make_server(
                host, int(port), app, server_class=_Server, handler_class=_Quiet
            )
        except (OSError, ValueError, OverflowError) as error:
            raise SettingsError(
                f"DONGJIAN_METRICS={address!r}: {error}; legal: host:port, the port free, or empty"
            ) from error
        self._thread = threading.Thread(
            target=self._server.serve_forever, name="health", daemon=True
        )

    @property
    def port(self) -> int:
        return self._server.server_port

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def _answer(start_response: Any, status: str, said: Mapping[str, str]) -> list[bytes]:
    start_response(status, [("Content-Type", "application/json")])
    return [json.dumps(said).encode() + b"\n"]
