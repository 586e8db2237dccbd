"""Roles and their permissions, as SuiteQL shows them: the integration's own, and NetSuite's Administrator.

A role is only told of here; the sandbox refuses nothing for want of a permission. Columns are those of Oracle's use
case "Retrieving Permissions Assigned to a Role".
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from o2c_orchestration.sandbox.netsuite.service import NetSuiteService

Json = dict[str, Any]

# The user behind the key, whose number stands in the token beside the role's.
USER = 77
INTEGRATION = 1028
ADMINISTRATOR = 3

ROLES = """
CREATE TABLE IF NOT EXISTS role (id INTEGER PRIMARY KEY, name TEXT, scriptid TEXT, isinactive TEXT DEFAULT 'F');
CREATE TABLE IF NOT EXISTS rolepermissions (
  role INTEGER, permkey TEXT, name TEXT, permlevel INTEGER, restriction INTEGER DEFAULT -1,
  PRIMARY KEY (role, permkey));
"""
_GRANTED = (
    ("ADMI_RESTWEBSERVICES", "REST Web Services", 4),
    ("ADMI_LOGIN_OAUTH2", "Log in using OAuth 2.0 Access Tokens", 4),
    ("REPO_ANALYTICS", "SuiteAnalytics Workbook", 3),
    ("TRAN_FIND", "Find Transaction", 1),
    ("LIST_CUSTJOB", "Customers", 2),
    ("TRAN_CUSTINVC", "Invoice", 2),
    ("TRAN_CUSTPYMT", "Customer Payment", 2),
    ("TRAN_CUSTCRED", "Credit Memo", 2),
    ("TRAN_CUSTRFND", "Customer Refund", 2),
    ("TRAN_DEPOSIT", "Deposit", 2),
    ("TRAN_JOURNAL", "Make Journal Entry", 2),
    ("TRAN_SALESORD", "Sales Order", 2),
    ("LIST_ACCOUNT", "Accounts", 1),
    ("LIST_ITEM", "Items", 1),
    ("LIST_CURRENCY", "Currency", 1),
    ("LIST_SUBSIDIARY", "Subsidiaries", 1),
    ("ADMI_ACCTPERIODS", "Manage Accounting Periods", 1),
)


def seed_roles(connection: sqlite3.Connection) -> None:
    """The two roles, where they are not there yet; what somebody changed since stays."""
    there = connection.execute("SELECT 1 FROM role").fetchone()
    if there is not None:
        return
    named = [(INTEGRATION, "O2C Integration", "customrole_o2c_integration"), (ADMINISTRATOR, "Administrator", None)]
    connection.executemany("INSERT INTO role (id, name, scriptid) VALUES (?, ?, ?)", named)
    connection.executemany(
        f"INSERT INTO rolepermissions (role, permkey, name, permlevel) VALUES ({INTEGRATION}, ?, ?, ?)", _GRANTED
    )


def set_role(service: NetSuiteService, change: Json) -> Json:
    """Another role for tokens from now on (`role`), levels of the integration's (`grants`, by key; 0 takes away)."""
    if "role" in change:
        service.issuer.role = int(change["role"])
        service.issuer.revoke_all()
    with service.ledger.store.write() as connection:
        for key, level in dict(change.get("grants", {})).items():
            values = (INTEGRATION, str(key), int(level))
            connection.execute("DELETE FROM rolepermissions WHERE role = ? AND permkey = ?", values[:2])
            if values[2]:
                connection.execute(
                    "INSERT INTO rolepermissions (role, permkey, name, permlevel) VALUES (?1, ?2, ?2, ?3)", values
                )
    return {"role": str(service.issuer.role)}
