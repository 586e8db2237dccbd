"""`o2c pages`: gaps and traces for people who have no terminal, until it is told to stop."""

from typing import Annotated

import structlog
import typer

from o2c_orchestration import logs
from o2c_orchestration.console.receiver import Database, serve
from o2c_orchestration.console.tables import console
from o2c_orchestration.domain.errors import UnreachableError
from o2c_orchestration.settings import load_settings
from o2c_orchestration.store.database import open_to_read
from o2c_orchestration.web.pages import GAPS, Pages


def serve_pages(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8960,
) -> None:
    """Show open gaps and traces in a browser until Ctrl-C: /o2c/gaps, /o2c/trace/ID. No password: put it behind one."""
    database = Database(load_settings(), open_to_read)
    logs.configure()
    try:
        database.engine()
    except UnreachableError as error:
        structlog.get_logger(__name__).error("pages are answered 503 until there is a database", error=str(error))
    console.print(f"Pages on http://{host}:{port}{GAPS}")
    serve(Pages(database.engine).application(), host, port)
