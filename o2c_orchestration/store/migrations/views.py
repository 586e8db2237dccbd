"""Views that several migrations build on: what a view says already is taken from the database, not written again."""


def added_to(view: str, rows: str) -> str:
    """SQL that adds the rows of another SELECT (same columns, same order) to what a view says."""
    return f"""
DO $$ BEGIN
    EXECUTE 'CREATE OR REPLACE VIEW {view} AS '
        || rtrim(pg_get_viewdef('{view}'::regclass), E' ;\\n') || $more$
UNION ALL
{rows}$more$;
END $$
"""
