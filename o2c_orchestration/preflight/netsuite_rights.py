"""What the integration's role in NetSuite has to be allowed, by policy, and what it may have beside that.

Keys and levels are those of docs/security.md, and a test holds both to `deploy/netsuite`.
"""

from collections.abc import Iterable, Mapping

from o2c_orchestration.domain.documents import CUSTOMER_DEPOSIT
from o2c_orchestration.domain.netsuite_role import Held
from o2c_orchestration.domain.policy import Policy

VIEW, CREATE, EDIT, FULL = 1, 2, 3, 4
LEVELS: Mapping[int, str] = {VIEW: "VIEW", CREATE: "CREATE", EDIT: "EDIT", FULL: "FULL"}

# Without these nothing is read.
_ALWAYS = {
    "ADMI_RESTWEBSERVICES": FULL,
    "REPO_ANALYTICS": EDIT,
    "TRAN_FIND": VIEW,
    "LIST_ITEM": VIEW,
    "ADMI_ACCTPERIODS": VIEW,
}
# By the type of record: seen by the mirror, also where people alone write it, and made where we do.
_RECORDS = {
    "customer": "LIST_CUSTJOB",
    "invoice": "TRAN_CUSTINVC",
    "customerPayment": "TRAN_CUSTPYMT",
    "creditMemo": "TRAN_CUSTCRED",
    "customerRefund": "TRAN_CUSTRFND",
    "deposit": "TRAN_DEPOSIT",
    "journalEntry": "TRAN_JOURNAL",
    "salesOrder": "TRAN_SALESORD",
    CUSTOMER_DEPOSIT: "TRAN_CUSTDEP",
}
# The mirror reads these whoever writes them: what it does not see would be missing, and be written a second time. Of
# customer deposits nobody but people may have any, and most companies have none.
_MIRRORED = frozenset(_RECORDS) - {"salesOrder", CUSTOMER_DEPOSIT}
# What one setting or another asks for; whoever has it beside that does no harm with it.
_HARMLESS = {
    "LIST_CURRENCY": VIEW,
    "LIST_SUBSIDIARY": VIEW,
    "ADMI_LOGIN_OAUTH2": FULL,
    "ADMI_LOGIN_OAUTH": FULL,
    "ADMI_DELETEDRECORD": FULL,
    "ADMI_ACCOUNTINGLIST": VIEW,
    "ADMI_CUSTLIST": VIEW,
    "LIST_CUSTRECORDENTRY": VIEW,
    "LIST_ACCOUNT": VIEW,
    "LIST_CLASS": VIEW,
    "LIST_DEPARTMENT": VIEW,
    "LIST_EMPLOYEE_RECORD": VIEW,
    "LIST_ENTITYSUBSIDIARYRELATION": VIEW,
    "LIST_LOCATION": VIEW,
    "TRAN_DEPAPPL": VIEW,
}


def in_words(held: Held) -> str:
    """Its name, and how far it goes."""
    return f"{held.name or held.key} ({LEVELS.get(held.level, held.level)})"


def needed_rights(policy: Policy, written: Iterable[str], *, deals: bool = True) -> dict[str, int]:
    """Least level by key: to see the record types that are mirrored, and to make those that are `written`.

    `deals`: whether orders of Salesforce are compared. An account without subsidiaries or several currencies has not
    even the permissions for them.
    """
    made = {_RECORDS[kind]: CREATE for kind in written}
    seen = {_RECORDS[kind]: VIEW for kind in (*_MIRRORED, *(["salesOrder"] if deals and policy.deals.orders else []))}
    found = {**_ALWAYS, **seen, **made}
    if any(own.books.subsidiary is not None for _, own in policy.each()):
        found["LIST_SUBSIDIARY"] = VIEW
    if policy.books.currency is None:
        found["LIST_CURRENCY"] = VIEW
    if "LIST_CUSTJOB" in made and _changes_customers(policy):
        found["LIST_CUSTJOB"] = EDIT
    if "TRAN_DEPOSIT" in made:
        found["LIST_ACCOUNT"] = VIEW
    if policy.periods.tax == "lock":
        found["ADMI_TAXPERIODS"] = FULL
    return found


def too_much(held: Iterable[Held], needed: Mapping[str, int]) -> list[Held]:
    """Permissions beyond what is needed or harmless, by name."""
    allowed = {**dict.fromkeys(_RECORDS.values(), VIEW), **_HARMLESS, **needed}
    return sorted((each for each in held if each.level > allowed.get(each.key, 0)), key=in_words)


def too_little(held: Iterable[Held], needed: Mapping[str, int]) -> list[str]:
    """Keys, with the level that each would need."""
    has = {each.key: each.level for each in held}
    return sorted(f"{key} ({LEVELS[level]})" for key, level in needed.items() if has.get(key, 0) < level)


def _changes_customers(policy: Policy) -> bool:
    own = policy.customers
    fields = (own.changes.name, own.changes.phone, own.changes.sales_rep)
    return "add" in (own.currencies, own.subsidiaries) or "salesforce" in fields
