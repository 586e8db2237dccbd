"""The page at `/` of the sandbox: what stands here, for whoever opens the address in a browser."""

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Sandbox</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:3rem auto;color:#1a1d24}code{font-size:.9em}
li{margin:.5rem 0}</style>
<h1>Local Stripe, NetSuite and Salesforce</h1>
<p>These are APIs for programs: they have no screens. Nothing here leaves this machine.</p>
<ul>
<li>Stripe: <code>/v1/…</code></li>
<li>NetSuite: <code>/services/rest/…</code></li>
<li>Salesforce: <code>/services/data/…</code></li>
<li><a href="/_sandbox/netsuite/records">NetSuite's invoices, payments and customers</a>, as they are now</li>
<li><a href="/_sandbox/netsuite/orders">its sales orders</a></li>
<li><a href="/_sandbox/mailbox.html">what finance was told</a>: the mailbox of the demo's alerts</li>
<li><a href="/_sandbox/stats">requests so far</a></li>
</ul></html>"""


async def _front(request: Request) -> Response:
    return HTMLResponse(_PAGE)


ROUTE = Route("/", _front, methods=["GET"])
