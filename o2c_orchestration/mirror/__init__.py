"""Reading the ledger back by SuiteQL: what NetSuite says, not what we believe we wrote."""
