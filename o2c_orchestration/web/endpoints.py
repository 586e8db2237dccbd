"""What those who run us ask of each process that answers HTTP: is it up, and its figures. Not for the outside."""

from collections.abc import Awaitable, Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response


async def health(request: Request) -> Response:
    """200 while this process runs, whatever it leans on."""
    return JSONResponse({"status": "up"})


def text_of(figures: bytes) -> Response:
    """Prometheus' text format."""
    return Response(figures, media_type="text/plain; version=0.0.4; charset=utf-8")


def figures(render: Callable[[], bytes]) -> Callable[[Request], Awaitable[Response]]:
    """The endpoint for Prometheus, in its text format; `render` may ask the database."""

    async def answer(request: Request) -> Response:
        return text_of(await run_in_threadpool(render))

    return answer
