"""`/_sandbox/stripe/…`: what banks, cardholders and time do to an account's money, for tests and the demo.

One has no bank behind it: POST /_sandbox/stripe/webhook_endpoints forwards every event to a URL, as `stripe listen`
does, see `forward`. The other switches of webhooks are in `webhooks/control.py`.

Bodies and answers are JSON; what cannot happen is answered with 400 and `{"error": "…"}`. Everything that
changes is announced by events, as if Stripe had seen it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from o2c_orchestration.sandbox.stripe import billing_clock, disputes, payment_links, payouts, refunds
from o2c_orchestration.sandbox.stripe.errors import StripeError
from o2c_orchestration.sandbox.stripe.ledger import Ledger
from o2c_orchestration.sandbox.stripe.store import StripeStore
from o2c_orchestration.sandbox.stripe.webhooks.deliverer import Deliverer
from o2c_orchestration.sandbox.stripe.webhooks.endpoints import forward
from o2c_orchestration.sandbox.stripe.webhooks.outbox import Outbox

Json = dict[str, Any]
Change = Callable[[Ledger, Json], Any]


def control_routes(store: StripeStore, outbox: Outbox, deliverer: Deliverer) -> list[Route]:
    """Routes that move money behind the account's back."""
    return [
        Route(f"/_sandbox/stripe/{path}", _handler(store, outbox, deliverer, change), methods=["POST"])
        for path, change in CHANGES.items()
    ]


def later(ledger: Ledger, change: Json) -> Json:
    """Time passes: pending refunds succeed, refunds of `pm_card_refundFail` fail. Answers with those refunds."""
    ledger.store.release(ledger.now)
    return {"refunds": refunds.pass_time(ledger)}


def set_refund(ledger: Ledger, change: Json) -> Json:
    """`{"refund": "re_…", "status": "failed", "failure_reason": "declined"}`; other states need no reason.

    `status` is failed (also after it succeeded), succeeded, pending or requires_action.
    """
    status = change.get("status", "failed")
    if status == "failed":
        return refunds.fail_refund(ledger, change["refund"], change.get("failure_reason", "expired_or_canceled_card"))
    return refunds.hold_refund(ledger, change["refund"], status=status)


def open_dispute(ledger: Ledger, change: Json) -> Json:
    """`{"charge": "ch_…", "reason": "fraudulent", "inquiry": false, "amount": 500}`: its cardholder disputes it.

    Only `charge` has to be there; without `amount` it is the whole charge.
    """
    charge = ledger.must("charge", change["charge"])
    reason, inquiry = change.get("reason", "fraudulent"), bool(change.get("inquiry"))
    return disputes.open_dispute(ledger, charge, reason, inquiry=inquiry, amount=change.get("amount"))


def decide_dispute(ledger: Ledger, change: Json) -> Json:
    """`{"dispute": "du_…", "won": true, "fee_back": false}`: the bank's verdict, whatever the evidence.

    An inquiry is just closed. `fee_back` (false) gives back the fee of a dispute that is won, `amount` (all) so much.
    """
    dispute, amount = ledger.must("dispute", change["dispute"]), change.get("amount")
    won, fee_back = bool(change["won"]), bool(change.get("fee_back"))
    return disputes.decide(ledger, dispute, won=won, fee_back=fee_back, amount=amount and int(amount))


def pay_out(ledger: Ledger, change: Json) -> Json:
    """Automatic payouts of everything available: `{"currency": "usd", "pending": true, "complete": false}`.

    All three may be left out: `currency` restricts to one, `pending` (false) pays out pending money as well,
    `complete` (true) lets them arrive and be reconciled at once, on `arrival_date` (today). Answers with the payouts.
    """
    made = payouts.pay_out(ledger, change.get("currency"), pending=bool(change.get("pending")))
    if change.get("complete", True):
        made = [payouts.arrive(ledger, payout["id"], change.get("arrival_date")) for payout in made]
    return {"payouts": made}


def complete_payout(ledger: Ledger, change: Json) -> Json:
    """`{"payout": "po_…", "arrival_date": 1764028800}`: it arrives, today unless a date is given."""
    return payouts.arrive(ledger, change["payout"], change.get("arrival_date"))


def fail_payout(ledger: Ledger, change: Json) -> Json:
    """`{"payout": "po_…", "failure_code": "account_closed"}`: the bank sends it back, paid or not."""
    return payouts.fail_payout(ledger, change["payout"], change.get("failure_code", "could_not_process"))


def set_clock(ledger: Ledger, change: Json) -> Json:
    """`{"advance": 86400}` or `{"to": 1764028800}`: the account's time, and all that billing does until then.

    Never back. Events, objects and idempotency keys have that time; answers with `now` and how much `happened`.
    """
    seconds = int(change["advance"]) if "advance" in change else int(change["to"]) - ledger.now
    if seconds < 0:
        raise ValueError("time does not go back")
    ledger.store.advance(seconds)
    happened = billing_clock.catch_up(ledger.store, ledger.outbox)
    ledger.store.release(ledger.store.now())
    return {"now": ledger.store.now(), "happened": happened}


def set_search(ledger: Ledger, change: Json) -> Json:
    """`{"lag_seconds": 2.5}`: how long a search knows nothing of a write from now on."""
    ledger.store.search_lag = float(change["lag_seconds"])
    return {"lag_seconds": ledger.store.search_lag}


def revoke_key(ledger: Ledger, change: Json) -> Json:
    """`{"revoke": "rk_…"}`: the key is expired from now on, until the sandbox is started again."""
    ledger.store.revoked_keys.add(str(change["revoke"]))
    return {"revoked": len(ledger.store.revoked_keys)}


CHANGES: dict[str, Change] = {
    "clock": set_clock,
    "search": set_search,
    "keys": revoke_key,
    "payment_links/pay": payment_links.pay_link,
    "later": later,
    "refunds": set_refund,
    "disputes": open_dispute,
    "disputes/decide": decide_dispute,
    "payouts": pay_out,
    "payouts/complete": complete_payout,
    "payouts/fail": fail_payout,
    "webhook_endpoints": forward,
}


def _handler(store: StripeStore, outbox: Outbox, deliverer: Deliverer, change: Change) -> Callable[[Request], Any]:
    async def handle(request: Request) -> Response:
        try:
            given = orjson.loads(await request.body() or b"{}")
            # Not in a thread: the store belongs to the event loop.
            with store.transaction():
                answer = change(Ledger(store, outbox), given)
        except StripeError as error:
            return _json({"error": error.message}, 400)
        except (ValueError, TypeError, KeyError) as error:
            return _json({"error": f"{type(error).__name__}: {error}"}, 400)
        deliverer.wake()
        return _json(answer)

    return handle


def _json(body: Any, status: int = 200) -> Response:
    return Response(orjson.dumps(body), status, media_type="application/json")
