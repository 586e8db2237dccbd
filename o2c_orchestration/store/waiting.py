"""What holds an intent back, in SQL over `o2c.journal j`: said once, for those who send and those who wait."""

from o2c_orchestration.domain.documents import OF_CUSTOMERS

_DATELESS = ", ".join(f"'{name}'" for name in ("customer", *OF_CUSTOMERS, "customerField", "stripeCustomerField"))
# A month that was locked after the intent was worded: it is worded anew by the next plan, or refused.
NOT_LOCKED = f"""(j.document IN ({_DATELESS}) OR NOT EXISTS (
    SELECT FROM o2c.month_locks l
    WHERE l.unlocked_at IS NULL AND j.effective_date BETWEEN l.first_day AND l.last_day))"""
# What Stripe has voided: an invoice or a credit note, by whomever and however long ago it was planned.
VOID = """(j.document = 'invoice' AND EXISTS (
      SELECT FROM o2c.invoices v WHERE v.id = j.external_id AND v.status = 'void')
  OR j.document = 'creditMemo' AND EXISTS (
      SELECT FROM o2c.credit_notes v WHERE v.id = j.external_id AND v.status = 'void'))"""
# What an event of Stripe says is void, and nobody has read since. The event is not believed: it only makes the document
# wait for whoever follows changes, who reads the object, and parks the document or lets it go. Void is for ever, so any
# such event will do, as long as the object is in the inbox for whatever reason. OFFSET 0: asked for by each key, or
# PostgreSQL gathers all such events of weeks into a hash for it.
TOLD_VOID = """(j.document IN ('invoice', 'creditMemo') AND EXISTS (
    SELECT FROM o2c.inbox b JOIN o2c.stripe_events e USING (object_id)
    WHERE b.object_id = j.external_id AND e.type IN ('invoice.voided', 'credit_note.voided') AND e.ignored IS NULL
    OFFSET 0))"""
# Also: all documents that it leans on are done.
FREE = f"""NOT EXISTS (
    SELECT FROM unnest(j.depends_on) AS needed (external_id)
    JOIN o2c.journal n ON n.external_key = lower(needed.external_id) WHERE n.state <> 'done')
  AND {NOT_LOCKED} AND NOT {TOLD_VOID}"""
