"""One world from one seed: the three systems, a database, the weather, and the processes of the product.

The oracle reads a world through `stripe_objects`, `netsuite_records`, `gaps`, `journal` and `history`; see
`oracle/view.py` for their shapes. What belongs here: putting a world together and looking at it. What does not: what
the processes do (`runner`), what people do (`life`), what breaks (`chaos`), and what is right (`oracle`).
"""

import random
import shutil
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import orjson

from o2c_orchestration.assembly import Assembly
from o2c_orchestration.sandbox.app import create_app
from o2c_orchestration.sandbox.config import SandboxConfig
from o2c_orchestration.settings import Environment, Settings, load_policy
from o2c_orchestration_tests.simulation.asked import Asked
from o2c_orchestration_tests.simulation.clock import clock
from o2c_orchestration_tests.simulation.database import SimulatedDatabase
from o2c_orchestration_tests.simulation.houses import House
from o2c_orchestration_tests.simulation.kernel import Kernel, Process
from o2c_orchestration_tests.simulation.ledger_file import records, sales_orders
from o2c_orchestration_tests.simulation.network import BASE_URL, LONGEST_REQUEST, Reply, Servers, Weather
from o2c_orchestration_tests.simulation.oracle import judge_deals, judge_safety
from o2c_orchestration_tests.simulation.oracle.view import Rules

Wire = dict[str, Any]

# Events are what happened to objects, not objects.
_OBJECTS = """
SELECT id, payload, json_extract(hidden, '$._payout') AS payout,
       json_extract(hidden, '$.amount_paid_off_stripe') AS outside FROM object WHERE object <> 'event'"""

# Python has no infinite moment; a parked row has none at all here.
_JOURNAL = """
SELECT id, external_key, document, external_id, stripe_id, currency, amount_minor, state, adopted, depends_on, attempts,
       netsuite_id, error_code, error_detail, fix, nullif(next_attempt_at, 'infinity') AS next_attempt_at
FROM o2c.journal WHERE (document IN ('salesOrder', 'stripeCustomer', 'subscriptionSchedule', 'paymentLink',
    'stripeInvoice', 'stripeInvoiceLines', 'stripeInvoiceFinal') OR external_id ~ '^001') = %(deals)s ORDER BY id"""
_GAPS = "SELECT * FROM o2c.gaps WHERE state = 'open' AND (leg LIKE 'salesforce%%') = %(deals)s ORDER BY gap_id"
_KEPT_OUT = """
SELECT lower(p.external_id) AS external_key, p.document, p.external_id, p.stripe_id, 'refused' AS state,
       '{}'::text[] AS depends_on, NULL::bigint AS netsuite_id, p.reason AS error_detail, p.fix, true AS kept_out
FROM o2c.plan_entries p WHERE p.outcome = 'refused' AND p.code IN ('PERIOD_CLOSED', 'CUSTOMER_CURRENCY')
  AND NOT EXISTS (SELECT FROM o2c.journal j WHERE j.external_id = p.external_id AND j.state <> 'intent')
ORDER BY p.external_id"""


class World:
    """Everything that a seed brings forth. `home` has the policy of each house, and in `keys` the sandbox's key pairs.

    `sells`: whether salespeople win deals in Salesforce.
    """

    def __init__(
        self, seed: int, start: float, database: SimulatedDatabase, home: Path, house: House, *, sells: bool = False
    ) -> None:
        clock.set(start)
        random.seed(seed)
        self.seed = seed
        self.sells = sells
        self.began = start
        self.rng = random.Random(seed)
        self.kernel = Kernel(self.rng)
        self.database = database
        database.empty()
        self.state = Path(tempfile.mkdtemp(prefix="o2c-world-"))
        # Those take long to make.
        for key in (home / "keys").glob("*.pem"):
            shutil.copy(key, self.state / key.name)
        self.house = house
        self._policy = home / house.file
        self._config = SandboxConfig.demo(self.state)
        self.servers = Servers(create_app(self.state, config=self._config))
        self.weather = Weather()
        self.asked = Asked(LONGEST_REQUEST)
        self.nobody = Process("network")
        self.history: list[Wire] = []
        self.tally: Counter[str] = Counter()
        self.over = False

    @property
    def rules(self) -> Rules:
        """What the company has decided, as the oracle knows it."""
        return self.house.rules

    @property
    def now(self) -> float:
        """The moment, in seconds since 1970 UTC."""
        return clock.now

    def judge(self) -> None:
        """Whether everything is still safe; ends the simulation when it is not."""
        found = judge_safety(self) + judge_deals(self) + self.database.breaches()
        if found and not self.kernel.verdict:
            self.kernel.verdict = "; ".join(found)

    def close(self) -> None:
        """Everything away."""
        self.servers.stop()
        shutil.rmtree(self.state, ignore_errors=True)

    def assembly(self, process: Process) -> Assembly:
        """The product as one process puts it together."""
        values: Any = self._config.client_environment(BASE_URL) | {
            "O2C_HOME": str(self.state / process.name),
            "O2C_CONFIG": str(self._policy),
            "O2C_MODE": "sync",
            "O2C_DATABASE_URL": self.database.process_url(process.name),
        }
        environment = Environment(**values)
        # In half of the worlds each day is planned by itself, as a part of a span too long for memory.
        rows_max = 1 if self.seed % 2 else 1_000_000
        return Assembly(Settings(environment, load_policy(environment.config)), plan_rows_max=rows_max)

    def call(self, system: str, method: str, path: str, given: Mapping[str, Any] | None = None) -> Any:
        """What a person does in Stripe ("stripe", form fields) or at the sandbox's own switches ("sandbox", JSON)."""
        headers, body = {}, b""
        if system == "stripe":
            headers = {"Authorization": f"Bearer {self._config.stripe_secret_key}"}
            encoded = urlencode(given or {})
            if method == "GET":
                path += f"?{encoded}" if encoded else ""
            else:
                headers["Content-Type"] = "application/x-www-form-urlencoded"
                body = encoded.encode()
        elif given is not None:
            headers, body = {"Content-Type": "application/json"}, orjson.dumps(given)
        reply: Reply = self.servers.call(method, path, headers, body)
        return reply.json() if reply.body else None

    def stripe_objects(self) -> dict[str, Wire]:
        """Wire objects by id.

        A balance transaction has the payout that Stripe lists it under, an invoice what was paid of it outside Stripe.
        """
        rows = self._rows("stripe", _OBJECTS)
        found = {row["id"]: orjson.loads(row["payload"]) for row in rows}
        for row in rows:
            if row["payout"]:
                found[row["id"]]["payout"] = row["payout"]
            if row["outside"]:
                found[row["id"]]["amount_paid_off_stripe"] = row["outside"]
        return found

    def netsuite_records(self) -> list[Wire]:
        """Customers and transactions as NetSuite holds them; amounts in minor units."""
        return records(self.state / "netsuite.sqlite")

    def gaps(self) -> list[Wire]:
        """The open gaps of Stripe's and NetSuite's documents."""
        return self.database.rows(_GAPS, {"deals": False})

    def deal_gaps(self) -> list[Wire]:
        """The open gaps of deals."""
        return self.database.rows(_GAPS, {"deals": True})

    def journal(self) -> list[Wire]:
        """The rows of the journal that Stripe's objects call for."""
        return self.database.rows(_JOURNAL, {"deals": False})

    def deal_journal(self) -> list[Wire]:
        """The rows of the journal that deals call for."""
        return self.database.rows(_JOURNAL, {"deals": True})

    def sales_orders(self) -> list[Wire]:
        """Sales orders as NetSuite holds them; amounts in minor units."""
        return sales_orders(self.state / "netsuite.sqlite")

    def kept_out(self) -> list[Wire]:
        """What was planned and not sent since its period is closed, or its customer lacks the currency."""
        return self.database.rows(_KEPT_OUT)

    def _rows(self, system: str, query: str) -> list[Any]:
        with closing(sqlite3.connect(f"file:{self.state / system}.sqlite?mode=ro", uri=True)) as connection:
            connection.row_factory = sqlite3.Row
            return connection.execute(query).fetchall()
