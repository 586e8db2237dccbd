"""Each column that may hold personal data is emptied, others' rows stay, and no new column is overlooked."""

import re
from typing import Any

from sqlalchemy import Engine

from o2c_orchestration.store import audit, forget
from o2c_orchestration.store.database import raw_cursor
from o2c_orchestration.store.forget_parts import PARTS

NAME, EMAIL, OTHER = "Canaria 50%_Vögelein", "canary@vogel.example", "Carla Bird"
CUSTOMER, ACCOUNT, DEAL, LINE = "cus_1", "001000000000000AAA", "006000000000000AAA", "00k000000000000AAA"
SAYS = f"{NAME} ({EMAIL}) is {OTHER}''s neighbour"

# Columns of text and JSON that hold ids, codes, names of types, and what people of the company say or are called.
_LISTED = """
id object status type kind state currency currencies source account outcome leg key keys document record linked_by code
decision digest severity channel channels cause origin subject hint object_type api_version path what declared_by system
locked_by decided_by released_by release_reason reconciliation category depends_on ids balances fees refunds ignored
number tranid other_ref memo name sha256 error_code published_by"""
HARMLESS = _LISTED.split()
ID = re.compile(r".*_(id|ids|key|ref|intent|transaction)$")
# Tables that no customer is in: the trail, which is a chain; NetSuite's lists, of which employees are not customers;
# what people of the company decided and why; Stripe's metadata, of which ids are kept.
NOBODY = (
    *("audit", "schema_version", "netsuite_reference", "cursors", "drift_accepted", "month_locks", "periods"),
    *("openings", "stripe_metadata", "account_merges"),
)


def plant(cursor: Any) -> None:
    """A row in each table, with the person's name in whatever may hold it, and a neighbour's."""
    for key, name, mail in ((CUSTOMER, NAME, EMAIL), ("cus_2", OTHER, "carla@bird.example")):
        payload = f'{{"id": "{key}", "object": "customer", "name": "{name}", "email": "{mail}"}}'
        cursor.execute(
            f"""INSERT INTO o2c.stripe_objects (id, object, created_at, status, read_at, payload_hash, payload, account)
                VALUES ('{key}', 'customer', now(), '', now(), 'x', '{payload}', 'main');
                INSERT INTO o2c.customers (id, name, email, deleted, created_at)
                VALUES ('{key}', '{name}', '{mail}', false, now());
                INSERT INTO o2c.kept_metadata (stripe_id, keys, told)
                VALUES ('{key}', '{{detail:phone}}', '{{"detail": {{"phone": "{name}"}}}}')"""
        )
    cursor.execute(
        f"""INSERT INTO o2c.invoices (id, customer_id, currency, status, total_minor, tax_minor, amount_paid_minor,
                amount_remaining_minor, shipping_minor, created_at, zero_lines)
            VALUES ('in_1', '{CUSTOMER}', 'usd', 'paid', 1, 0, 1, 0, 0, now(), false);
        INSERT INTO o2c.invoice_lines VALUES ('in_1', '[{{"id": "il_1", "description": "For {NAME}"}}]');
        INSERT INTO o2c.credit_notes (id, invoice_id, customer_id, currency, status, total_minor, tax_minor, created_at,
                pre_payment_minor, shipping_minor,
                issue_date, lines, refunds)
            VALUES ('cn_1', 'in_1', '{CUSTOMER}', 'usd', 'issued', 1, 0, now(), 0, 0, '2026-11-01',
                    '[{{"id": "cnli_1", "description": "Back to {NAME}"}}]', '[]');
        INSERT INTO o2c.netsuite_customers (id, external_id, name, inactive, read_at)
            VALUES (7, '{CUSTOMER}', '{NAME}', false, now()), (8, 'cus_2', '{OTHER}', false, now());
        INSERT INTO o2c.salesforce_objects (id, object, modified_at, created_at, read_at, seen_at, deleted, parent_id,
                payload, payload_hash, facts_hash)
            VALUES ('{ACCOUNT}', 'Account', now(), now(), now(), now(), false, NULL, '{{"Id": "{ACCOUNT}",
                        "Name": "{NAME}", "Stripe_Customer_Id__c": "{CUSTOMER}"}}', 'x', 'x'),
                   ('{DEAL}', 'Opportunity', now(), now(), now(), now(), false, '{ACCOUNT}',
                    '{{"Id": "{DEAL}", "Name": "{NAME}"}}', 'x', 'x'),
                   ('{LINE}', 'OpportunityLineItem', now(), now(), now(), now(), false, '{DEAL}',
                    '{{"Id": "{LINE}", "Name": "{NAME}"}}', 'x', 'x');
        INSERT INTO o2c.account_links (account_id, stripe_id, decision, evidence, decided_by)
            VALUES ('{ACCOUNT}', '{CUSTOMER}', 'confirmed', '{SAYS}', 'ann');
        INSERT INTO o2c.salesforce_written (object, key, fields_hash, error_detail)
            VALUES ('Account', '{ACCOUNT}', 'x', '{SAYS}');
        INSERT INTO o2c.quarantine (source, object, id, reason, payload) VALUES
            ('stripe', 'invoice', 'in_1', '{SAYS}', '{{"customer": "{CUSTOMER}", "customer_name": "{NAME}"}}'),
            ('salesforce', 'Account', '{ACCOUNT}', '{SAYS}', '{{"Id": "{ACCOUNT}", "Name": "{NAME}"}}'),
            ('webhook', 'event', 'abc', 'no event', '{{"body": "{SAYS}"}}');
        INSERT INTO o2c.inbox (object_id, object, hint, failure) VALUES ('{CUSTOMER}', 'customer', 'x', '{SAYS}');
        INSERT INTO o2c.unrelated_documents (netsuite_id, reason, decided_by) VALUES (99, '{SAYS}', 'ann')"""
    )
    plant_work(cursor)


def plant_work(cursor: Any) -> None:
    """What was planned, written and told of it."""
    command = f"""{{"document": "customer", "external_id": "{CUSTOMER}", "stripe_id": "{CUSTOMER}", "customer_id": null,
        "currency": "usd", "amount_minor": 0, "effective_date": "2026-11-01", "partition": "2026-11-01",
        "why": "{NAME} is new", "depends_on": [], "lines": [],
        "body": {{"companyName": "{NAME}", "email": "{EMAIL}"}}}}"""
    columns = (
        """external_key, document, external_id, stripe_id, currency, amount_minor, effective_date, partition_date"""
    )
    values = f"'{CUSTOMER}', 'customer', '{CUSTOMER}', '{CUSTOMER}', 'usd', 0, '2026-11-01', '2026-11-01'"
    cursor.execute(
        f"""INSERT INTO o2c.journal ({columns}, state, netsuite_id, command, request, digest, depends_on, error_detail,
                fix, decision)
            VALUES ({values}, 'done', 7, '{command}', '{{"companyName": "{NAME}"}}', 'd', '{{}}', '{SAYS}', '{SAYS}',
                '{SAYS}');
        INSERT INTO o2c.journal_history (journal_id, at, state, note)
            SELECT id, '2026-11-01', 'done', '{SAYS}' FROM o2c.journal;
        INSERT INTO o2c.journal_attempts (journal_id, attempt, outcome, words)
            SELECT id, 1, 'done', '{SAYS}' FROM o2c.journal;
        INSERT INTO o2c.plan_entries ({columns}, outcome, command, digest, reason, fix)
            VALUES ({values}, 'write', '{command}', 'd', '{SAYS}', '{SAYS}');
        INSERT INTO o2c.gaps (gap_id, leg, kind, state, customer, salesforce_id, currency, reason, first_seen_at,
                last_seen_at)
            VALUES ('g', 'salesforce_netsuite', 'order_missing', 'open', '{NAME}', '{DEAL}', 'usd', '{SAYS}', now(),
                now());
        INSERT INTO o2c.alerts (cause, state, source, facts, told, opened_at)
            VALUES ('c', 'open', 'gaps', '{{"words": "{SAYS}", "title": "t"}}', '{{"words": "{SAYS}"}}', now());
        INSERT INTO o2c.alert_messages (key, channel, kind, severity, title, body, markdown, queued_at, next_attempt_at,
                error)
            VALUES ('k', 'c', 'opened', 's', '{SAYS}', '{SAYS}', '{SAYS}', now(), now(), '{SAYS}');
        INSERT INTO o2c.alert_signals (origin, kind, subject, position, failing, severity, words, at, to_do)
            VALUES ('o', 'check', 's', 1, true, 's', '{SAYS}', now(), '{SAYS}')"""
    )


def left(engine: Engine, word: str) -> dict[str, int]:
    """How often a word is in each table of ours."""
    found = {}
    with raw_cursor(engine) as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'o2c'")
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT coalesce(string_agg(t::text, ' '), '') FROM o2c.{table} t")
            if count := str(cursor.fetchone()[0]).lower().count(word.lower()):
                found[table] = count
    return found


def test_every_table_is_emptied_of_one_person_and_of_no_other(engine: Engine) -> None:
    """The neighbour stays, in his own rows and in the words about both; the trail never had either."""
    with raw_cursor(engine) as cursor:
        plant(cursor)
    neighbour = left(engine, OTHER)
    assert {part.table for part in PARTS} <= left(engine, NAME).keys()
    told = forget.forget(engine, ACCOUNT, "request 12")
    assert (left(engine, NAME), left(engine, EMAIL)) == ({}, {})
    # Why he was to be made is worded anew.
    assert left(engine, OTHER) == {**neighbour, "plan_entries": 1}
    assert told.subject.external_ids == {ACCOUNT, CUSTOMER}
    assert told.subject.netsuite == {7}
    with raw_cursor(engine) as cursor:
        cursor.execute("SELECT system, id FROM o2c.forgotten ORDER BY 1")
        assert cursor.fetchall() == [("netsuite", "7"), ("salesforce", ACCOUNT), ("stripe", CUSTOMER)]
    assert audit.verify(engine).intact


def test_no_column_is_overlooked(engine: Engine) -> None:
    """Whoever adds a column of text or JSON says here that nobody is in it, or in forget_parts.py what is done."""
    covered = {(part.table, column) for part in PARTS for column in part.columns}
    with raw_cursor(engine) as cursor:
        cursor.execute(
            """SELECT c.table_name, c.column_name FROM information_schema.columns c
               JOIN pg_tables t ON t.schemaname = c.table_schema AND t.tablename = c.table_name
               WHERE c.table_schema = 'o2c' AND c.data_type IN ('text', 'json', 'jsonb', 'ARRAY')"""
        )
        every = {(str(table), str(column)) for table, column in cursor.fetchall()}
    open_ones = {(table, column) for table, column in every - covered if table not in NOBODY}
    assert sorted(each for each in open_ones if each[1] not in HARMLESS and not ID.fullmatch(each[1])) == []


def test_a_customer_that_others_share_in_netsuite_keeps_its_name(engine: Engine) -> None:
    """One that stands for several is not the person's: documents of all of them go by its name."""
    with raw_cursor(engine) as cursor:
        plant(cursor)
        cursor.execute("UPDATE o2c.netsuite_customers SET external_id = NULL, name = 'All of them' WHERE id = 7")
        cursor.execute(
            """INSERT INTO o2c.stripe_metadata (stripe_id, name, value, netsuite_id)
               VALUES ('cus_1', 'netsuite_customer_id', '7', 7), ('cus_2', 'netsuite_customer_id', '7', 7)"""
        )
    assert forget.forget(engine, CUSTOMER, "request 12").subject.netsuite == frozenset()
    assert left(engine, "All of them") == {"netsuite_customers": 1}
