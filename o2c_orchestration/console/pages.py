"""`o2c pages`: gaps and traces for people who have no terminal, until it is told to stop."""

from typing import Annotated

import typer

from o2c_orchestration.console.reports import ForPages
from o2c_orchestration.console.serving import Database, begin, serve
from o2c_orchestration.console.tables import console
from o2c_orchestration.settings import load_settings
from o2c_orchestration.store.database import open_to_read
from o2c_orchestration.web.pages import GAPS, Pages


def serve_pages(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8960,
) -> None:
    """Show open gaps and traces in a browser until Ctrl-C: /o2c/gaps, /o2c/trace/ID. No password: put it behind one.

    For those who run it: /healthz, /metrics.
    """
    settings = load_settings()
    begin("o2c-pages", settings)
    database, replica = Database(settings, open_to_read), ForPages(settings)
    database.look("pages are answered 503 until there is a database, or a replica")
    with replica.offered():
        pass  # an address that is none, or a replica that is not up to it, is told now
    console.print(f"Pages on http://{host}:{port}{GAPS}")
    serve(Pages(database.engine, replica.offered).application(), host, port)
