"""One module per system: sends requests, and classifies every answer once, into the errors of `domain.errors`.

What belongs here: transport, authentication, paging, retries of reads, request budgets, error classification.
What does not: settings, storage, money rules, and any decision about what to do with an answer. Nothing here
reads the environment: credentials come in as the frozen values of `credentials`.

    stripe_read      StripeReader       GET only, plain connections and orjson for bulk
    netsuite         NetSuiteAccount    connections, login and concurrency slots of one account
                     NetSuiteReader     SuiteQL, records, look-up by external id; retries
                     NetSuiteWriter     create, upsert, patch, transform; never retries
    salesforce       SalesforceReader   SOQL over simple-salesforce; reads only

Two promises hold for all of them:

- Reads are retried a bounded number of times. Writes are sent once: either the answer is known, or surely nothing
  was sent (`TransientError`), or the outcome is `OutcomeUnknown` and the caller looks before it writes again.
- Credentials go to the host they belong to and nowhere else: no redirects, no cookies, plain http for loopback
  hosts only, and no secret in any repr, log line or error text.
"""
