"""A payout whose bank account NetSuite keeps in another currency: no deposit is written until it is corrected."""

from pathlib import Path

from o2c_orchestration.store.letters import listed
from o2c_orchestration_tests.conftest import NewDatabase
from o2c_orchestration_tests.crash import world as stages
from o2c_orchestration_tests.e2e.shop import open_shop


def test_a_deposit_never_takes_another_currency(tmp_path: Path, keys: Path, new_database: NewDatabase) -> None:
    """Dollars on an account in euros would be so many euros: it waits for a person, and the rest is written."""
    with open_shop(tmp_path, keys, new_database, {"accounts": {"bank": {"usd": "Checking EUR"}}}) as shop:
        shop.act(shop.bill(shop.customer(), 1_000), "pay")
        shop.pay_out()
        shop.run()
        documents = {document for document, *_ in shop.books().values()}
        assert documents == {"invoice", "customerPayment"}
        [letter] = listed(shop.company.product.engine)
        assert (letter.document, letter.error_code) == ("deposit", "ACCOUNT_CURRENCY")
        assert "'Checking EUR' in USD" in letter.error_detail
        assert "accounts.bank or accounts.destinations" in letter.fix
        with shop.company.world.product(
            shop.company.database_url, "sync", {"accounts": {"bank": {"usd": "Checking"}}}
        ) as product:
            stages.run(product, shop.span)
        assert [key for key, (document, *_) in shop.books().items() if document == "deposit"]
        assert listed(shop.company.product.engine) == []


def test_what_we_refused_ourselves_is_written_once_netsuite_has_what_it_names(
    tmp_path: Path, keys: Path, new_database: NewDatabase
) -> None:
    """Nobody has to release it: it is looked at by each plan of its day, and costs no request meanwhile."""
    with open_shop(tmp_path, keys, new_database) as shop:
        fees = {"recordType": "account", "id": "7"}
        shop.company.world.ask("POST", "netsuite/inactive", {**fees, "inactive": True})
        shop.act(shop.bill(shop.customer(), 1_000), "pay")
        shop.pay_out()
        shop.run()
        shop.company.world.forget_requests()
        shop.run()
        [letter] = listed(shop.company.product.engine)
        assert (letter.document, letter.error_code) == ("deposit", "REFERENCE_MISSING")
        assert shop.company.world.writes() == []
        shop.company.world.ask("POST", "netsuite/inactive", {**fees, "inactive": False})
        shop.run()
        shop.run()
        assert listed(shop.company.product.engine) == []
        assert [document for document, *_ in shop.books().values()].count("deposit") == 1
        assert shop.gaps() == []
