"""A NetSuite account over HTTP: authentication, record/v1, SuiteQL, and a double-entry ledger under them."""

from o2c_orchestration.sandbox.netsuite.ledger import NetSuiteLedger
from o2c_orchestration.sandbox.netsuite.routes import GATE_SCOPE_KEY, NetSuiteSandbox, netsuite_routes
from o2c_orchestration.sandbox.netsuite.service import ConcurrencyGate, NetSuiteService

__all__ = [
    "GATE_SCOPE_KEY",
    "ConcurrencyGate",
    "NetSuiteLedger",
    "NetSuiteSandbox",
    "NetSuiteService",
    "netsuite_routes",
]
