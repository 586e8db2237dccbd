"""Salesforce over HTTP: one org with the objects a sale goes through and those of our package.

A call goes from `routes.py` (sessions, limits) through `api.py` to handlers of single records, collections and queries;
`records.py` makes every write, `rules.py` and `sales.py` are asked on its way, `store.py` keeps it in SQLite.

Recorded or documented: shapes of answers and errors, describes, collections, composites, versions, limits, stamps in
whole seconds. Not verified against an org, and so to be taken with tolerance by a client: which error comes first when
several apply, whether an unknown field refuses one record of a collection or all, the words of currency and price book
mismatches on lines, and what is refused on an activated order.

Not there: Bulk, composite graph, tree and batch, UI API, Pub/Sub, sharing, record types, triggers, person accounts.
"""
