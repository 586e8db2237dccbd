"""`o2c verify-chain`: proves the audit trail, and says which entry breaks it."""

from typing import Annotated, Any

import typer

from o2c_orchestration.assembly import Assembly
from o2c_orchestration.console import tables
from o2c_orchestration.domain.errors import SettingsError
from o2c_orchestration.settings import load_settings
from o2c_orchestration.store import audit
from o2c_orchestration.store.audit import Verification

_HASH_CHARACTERS = 64


def verify_chain(
    head: Annotated[
        str | None, typer.Option(metavar="HASH", help="A head from an earlier digest, which must be in the trail.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
) -> None:
    """Prove the audit trail: every hash, no entry left out, published heads where they were; exit 1 when broken."""
    expected = _expected(head)
    found = audit.verify(Assembly(load_settings()).engine, expected=expected)
    if as_json:
        tables.print_json(_told(found))
    else:
        tables.console.print(_line(found), soft_wrap=True)
    raise typer.Exit(0 if found.intact else 1)


def _expected(head: str | None) -> bytes | None:
    if head is None:
        return None
    try:
        value = bytes.fromhex(head)
    except ValueError:
        value = b""
    if len(head) != _HASH_CHARACTERS or not value:
        raise SettingsError(
            f"--head {head!r} is no SHA-256", "give the 64 hexadecimal digits that the digest ends with"
        )
    return value


def _told(found: Verification) -> dict[str, Any]:
    broken = None if found.broken is None else {"seq": found.broken.seq, "what": found.broken.what}
    return {
        "intact": found.intact,
        "entries": found.entries,
        "head_seq": found.head.seq,
        "head": found.head.hash.hex(),
        "heads_matched": found.heads_matched,
        "broken": broken,
    }


def _line(found: Verification) -> str:
    if found.broken is not None:
        return (
            f"BROKEN at entry {found.broken.seq}: {found.broken.what}. {found.entries} entries before it are sound. "
            "Compare with a backup, and ask who had the login of the database's owner."
        )
    return (
        f"{found.entries} entries are as they were written, {found.heads_matched} published heads match. "
        f"Head {found.head.seq}: {found.head.hash.hex()}"
    )
