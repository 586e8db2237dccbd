"""Which objects of Stripe have no document yet, in SQL over the table `{t}` of their rows: said once."""

# A document exists for a Stripe object when the ledger shows it or the journal wrote it.
# The journal counts only until the mirror has seen the document: a later delete in NetSuite is a finding.
UNWRITTEN = """
NOT EXISTS (SELECT FROM o2c.netsuite_documents d WHERE d.stripe_ref = {t}.id AND d.deleted_at IS NULL)
AND NOT EXISTS (SELECT FROM o2c.journal j WHERE j.external_key = lower({t}.id) AND j.external_id = {t}.id
                AND j.state = 'done')"""
