"""The role of those who show gaps and traces: the columns that the pages ask for, and no other."""

from collections.abc import Mapping

from sqlalchemy import Connection, text

from o2c_orchestration.store.roles import create

PAGES = "o2c_pages"
# What `gaps` and `trace` ask, column by column: no payload, no command, no customer's e-mail address. A test takes each
# away, and one of the two fails.
SHOWN: Mapping[str, str] = {
    "schema_version": "version_num",
    "gaps": "gap_id, leg, kind, state, stripe_id, netsuite_id, salesforce_id, customer, currency, expected_minor, "
    "actual_minor, difference_minor, effective_date, first_seen_at, last_seen_at, resolved_at, reason",
    "invoice_payments": "invoice_id, payment_intent, charge_id",
    "payments": "id, payment_intent, status, amount_minor, currency, validated_at",
    "invoices": "id, number, status, total_minor, currency, validated_at",
    "refunds": "id, charge_id, status, amount_minor, currency, balance_transaction, failure_transaction, validated_at",
    "disputes": "id, charge_id, status, amount_minor, currency, withdrawn_date, reinstated_date, reinstated_minor, "
    "validated_at",
    "balance_transactions": "id, source_id, type, amount_minor, fee_minor, currency, validated_at",
    "credit_notes": "id, invoice_id, status, total_minor, currency, validated_at",
    "payouts": "id, status, amount_minor, currency, arrival_date, automatic, validated_at",
    "payouts_read": "payout_id, read_at",
    "payout_members": "payout_id, transaction_id",
    "stripe_metadata": "stripe_id, name, value",
    "stripe_objects": "id, object, status, payload_hash, read_at",
    "quarantine": "id, reason, last_seen_at, released_at",
    "inbox": "object_id",
    "stripe_events": "object_id, type, ignored",
    "shown_deals": "id, object, parent_id, deleted, read_at, opportunity_id, name, status, amount, currency",
    "shown_plan": "stripe_id, external_id, external_key, document, outcome, reason, planned_at, depends_on",
    "journal": "id, stripe_id, written_id, external_id, external_key, document, state, error_detail",
    "journal_history": "journal_id, at, state, note",
    "journal_attempts": "journal_id, attempt, outcome, status, code, sent_at, answered_at",
    "netsuite_documents": "id, document, stripe_ref, tranid, linked_by, total_minor, remaining_minor, currency, "
    "read_at, deleted_at",
    "netsuite_deposited": "document_id, deposit_id",
    "sales_orders": "id, external_id, tranid, status, total_minor, currency, read_at, deleted_at",
    "salesforce_written": "key, object, written_at, error_code, error_detail",
}


def grant(connection: Connection) -> None:
    """Make the role, and give it what it needs and nothing else. Raises ProgrammingError where the login may not."""
    create(connection, PAGES)
    connection.execute(text(f"REVOKE ALL ON ALL TABLES IN SCHEMA o2c FROM {PAGES}"))
    connection.execute(text(f"GRANT USAGE ON SCHEMA o2c TO {PAGES}"))
    for table, columns in SHOWN.items():
        connection.execute(text(f"GRANT SELECT ({columns}) ON o2c.{table} TO {PAGES}"))
