"""Whether anybody has a say about a row of the journal that another process has taken over.

A process that sleeps past its lease has its answer in hand when it wakes, and nothing that it could say then shows in
NetSuite: the next sweep would put right what it spoilt. So PostgreSQL itself watches, and knows processes by the name
of their connections: an outcome is recorded by who claimed the row last, and by nobody else.
"""

TABLES = ("sim.holders", "sim.breaches")
BREACHES = "SELECT what FROM sim.breaches ORDER BY what"

# What an apply adopts by itself, without a request, is an intent that nobody has in hand.
WATCH = (
    "CREATE TABLE sim.holders (journal_id bigint PRIMARY KEY, process text NOT NULL)",
    "CREATE TABLE sim.breaches (what text NOT NULL)",
    """
CREATE FUNCTION sim.watch() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
    me text := current_setting('application_name');
    holder text := (SELECT process FROM sim.holders WHERE journal_id = NEW.id);
BEGIN
    IF NEW.lease_token IS DISTINCT FROM OLD.lease_token AND NEW.lease_token IS NOT NULL THEN
        INSERT INTO sim.holders VALUES (NEW.id, me) ON CONFLICT (journal_id) DO UPDATE SET process = me;
    ELSIF OLD.lease_token IS NOT NULL AND NEW.lease_token IS NULL AND holder <> me THEN
        INSERT INTO sim.breaches
        VALUES (format('%s says "%s" of %s, which %s had in hand', me, NEW.state, NEW.external_id, holder));
    ELSIF OLD.lease_token IS NULL AND NEW.answered_at IS DISTINCT FROM OLD.answered_at
          AND NOT (OLD.state = 'intent' AND NEW.adopted) THEN
        INSERT INTO sim.breaches
        VALUES (format('%s says "%s" of %s, which is "%s" and in nobody''s hand', me, NEW.state, NEW.external_id,
                       OLD.state));
    END IF;
    RETURN NULL;
END $$""",
    "CREATE TRIGGER watch AFTER UPDATE ON o2c.journal FOR EACH ROW EXECUTE FUNCTION sim.watch()",
)
