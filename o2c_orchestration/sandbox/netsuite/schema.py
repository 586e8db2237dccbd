"""The tables of the ledger, under SuiteQL's names.

Columns that SuiteQL can see carry its names. Columns that start with `x_` are ours and invisible to it:
amounts in integer minor units, scales, and the keys of external ids. Every decimal that SuiteQL shows is
generated from minor units, so there is one truth. In lines, debit is positive and credit negative.
"""

from __future__ import annotations

# Made anew whenever the account is opened: an account of an earlier version has them not.
RELATIONSHIPS = """
CREATE TABLE IF NOT EXISTS x_relationship (
  id INTEGER PRIMARY KEY AUTOINCREMENT, entity INTEGER, subsidiary INTEGER, externalid TEXT, datecreated TEXT,
  lastmodifieddate TEXT, x_external_key TEXT UNIQUE, x_doc TEXT, x_created TEXT, x_modified TEXT,
  UNIQUE (entity, subsidiary));
INSERT OR IGNORE INTO sqlite_sequence (rowid, name, seq)
  SELECT max(rowid) + 1, 'x_relationship', 5000000 FROM sqlite_sequence
  WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'x_relationship');
DROP VIEW IF EXISTS customersubsidiaryrelationship;
CREATE VIEW customersubsidiaryrelationship AS
  SELECT id AS id, id AS entity, x_subsidiary AS subsidiary, 'T' AS isprimarysub, NULL AS externalid FROM customer
  UNION ALL SELECT id, entity, subsidiary, 'F', externalid FROM x_relationship;
"""

# The account's own lists, made anew in the same way: employees, classes, departments, locations, and values of a custom
# list.
SEGMENTS = """
CREATE TABLE IF NOT EXISTS employee (
  id INTEGER PRIMARY KEY, entityid TEXT, firstname TEXT, lastname TEXT, email TEXT, issalesrep TEXT DEFAULT 'F',
  isinactive TEXT DEFAULT 'F', lastmodifieddate TEXT);
CREATE TABLE IF NOT EXISTS classification (
  id INTEGER PRIMARY KEY, name TEXT, fullname TEXT, parent INTEGER, subsidiary TEXT, includechildren TEXT DEFAULT 'T',
  isinactive TEXT DEFAULT 'F', lastmodifieddate TEXT);
CREATE TABLE IF NOT EXISTS department (
  id INTEGER PRIMARY KEY, name TEXT, fullname TEXT, parent INTEGER, subsidiary TEXT, includechildren TEXT DEFAULT 'T',
  isinactive TEXT DEFAULT 'F', lastmodifieddate TEXT);
CREATE TABLE IF NOT EXISTS location (
  id INTEGER PRIMARY KEY, name TEXT, fullname TEXT, parent INTEGER, subsidiary TEXT, includechildren TEXT DEFAULT 'T',
  isinactive TEXT DEFAULT 'F', lastmodifieddate TEXT);
CREATE TABLE IF NOT EXISTS x_listvalue (id INTEGER PRIMARY KEY, name TEXT, isinactive TEXT DEFAULT 'F');
CREATE VIEW IF NOT EXISTS customlist_region AS SELECT id, id AS recordid, name, isinactive FROM x_listvalue;
"""

# Exchange rates by day: of the currency's own rate, the last thirty up to today, as a provider brings them, or up to
# the day and at the distance that somebody set.
RATES = """
CREATE TABLE IF NOT EXISTS x_rate (currency INTEGER PRIMARY KEY, newest TEXT, distance INTEGER, days INTEGER);
DROP VIEW IF EXISTS currencyrate;
CREATE VIEW currencyrate AS
  WITH RECURSIVE back (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM back WHERE n < 29)
  SELECT c.id * 100 + back.n AS id, 1 AS basecurrency, c.id AS transactioncurrency, c.exchangerate AS exchangerate,
    '~' || date(coalesce(x.newest, 'now'), '-' || (back.n * coalesce(x.distance, 1)) || ' days') || ' 00:00:00'
      AS effectivedate, c.lastmodifieddate AS lastmodifieddate
  FROM currency c CROSS JOIN back LEFT JOIN x_rate x ON x.currency = c.id
  WHERE c.id <> 1 AND c.exchangerate IS NOT NULL AND back.n < coalesce(x.days, 30);
"""

# Columns of lines that an account of an earlier version lacks.
LATER_LINE_COLUMNS = ("quantitybilled REAL", "quantityshiprecv REAL")

SCHEMA = """
CREATE TABLE x_meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);

CREATE TABLE subsidiary (
  id INTEGER PRIMARY KEY, name TEXT, fullname TEXT, legalname TEXT, currency INTEGER, country TEXT,
  parent INTEGER, iselimination TEXT DEFAULT 'F', isinactive TEXT DEFAULT 'F', lastmodifieddate TEXT);

CREATE TABLE currency (
  id INTEGER PRIMARY KEY, name TEXT, symbol TEXT UNIQUE, displaysymbol TEXT, currencyprecision INTEGER,
  exchangerate REAL, isbasecurrency TEXT, isinactive TEXT DEFAULT 'F', lastmodifieddate TEXT);

CREATE TABLE account (
  id INTEGER PRIMARY KEY, acctnumber TEXT, accountsearchdisplayname TEXT, accountsearchdisplaynamecopy TEXT,
  fullname TEXT, displaynamewithhierarchy TEXT, accttype TEXT, currency INTEGER, subsidiary TEXT,
  includechildren TEXT DEFAULT 'T', parent INTEGER, description TEXT, issummary TEXT DEFAULT 'F',
  isinactive TEXT DEFAULT 'F', lastmodifieddate TEXT);

CREATE TABLE term (
  id INTEGER PRIMARY KEY, name TEXT, daysuntilnetdue INTEGER, isinactive TEXT DEFAULT 'F');

CREATE TABLE accountingperiod (
  id INTEGER PRIMARY KEY, periodname TEXT UNIQUE, startdate TEXT, enddate TEXT, closed TEXT DEFAULT 'F',
  closedondate TEXT, alllocked TEXT DEFAULT 'F', arlocked TEXT DEFAULT 'F', aplocked TEXT DEFAULT 'F',
  allownonglchanges TEXT DEFAULT 'F', isadjust TEXT DEFAULT 'F', isquarter TEXT DEFAULT 'F',
  isyear TEXT DEFAULT 'F', isposting TEXT DEFAULT 'T', isinactive TEXT DEFAULT 'F', parent INTEGER,
  lastmodifieddate TEXT);

CREATE TABLE taxperiod (
  id INTEGER PRIMARY KEY, periodname TEXT UNIQUE, startdate TEXT, enddate TEXT, allclosed TEXT DEFAULT 'F',
  isadjust TEXT DEFAULT 'F', isquarter TEXT DEFAULT 'F', isyear TEXT DEFAULT 'F', lastmodifieddate TEXT);

CREATE TABLE item (
  id INTEGER PRIMARY KEY AUTOINCREMENT, itemid TEXT, fullname TEXT, displayname TEXT, itemtype TEXT,
  subtype TEXT, description TEXT, externalid TEXT, incomeaccount INTEGER, subsidiary TEXT,
  includechildren TEXT DEFAULT 'T', isinactive TEXT DEFAULT 'F', createddate TEXT, lastmodifieddate TEXT,
  x_external_key TEXT UNIQUE, x_record TEXT, x_doc TEXT, x_created TEXT, x_modified TEXT);

CREATE TABLE customer (
  id INTEGER PRIMARY KEY AUTOINCREMENT, entityid TEXT, externalid TEXT, altname TEXT, companyname TEXT,
  entitytitle TEXT, firstname TEXT, lastname TEXT, isperson TEXT, email TEXT, phone TEXT, url TEXT,
  comments TEXT, currency INTEGER, terms INTEGER, receivablesaccount INTEGER, searchstage TEXT,
  isinactive TEXT, datecreated TEXT, lastmodifieddate TEXT,
  x_external_key TEXT UNIQUE, x_entity_key TEXT UNIQUE, x_subsidiary INTEGER, x_doc TEXT,
  x_created TEXT, x_modified TEXT);
CREATE INDEX customer_modified ON customer (lastmodifieddate, id);
CREATE INDEX customer_external ON customer (externalid);
CREATE TABLE x_customer_currency (customer INTEGER, currency INTEGER, PRIMARY KEY (customer, currency))
  WITHOUT ROWID;
CREATE VIEW entity AS
  SELECT id, entityid, externalid, altname, entitytitle, firstname, lastname, email, phone, isperson,
    isinactive, 'CustJob' AS type, id AS customer, datecreated, lastmodifieddate FROM customer;

CREATE TABLE "transaction" (
  id INTEGER PRIMARY KEY AUTOINCREMENT, tranid TEXT, transactionnumber TEXT, trandisplayname TEXT,
  externalid TEXT, type TEXT, abbrevtype TEXT, recordtype TEXT, trandate TEXT, duedate TEXT,
  startdate TEXT, enddate TEXT, entity INTEGER, currency INTEGER, exchangerate REAL,
  postingperiod INTEGER, posting TEXT, status TEXT, approvalstatus INTEGER, voided TEXT DEFAULT 'F',
  void TEXT DEFAULT 'F', memo TEXT, otherrefnum TEXT, terms INTEGER, email TEXT, source TEXT,
  createddate TEXT, lastmodifieddate TEXT, closedate TEXT,
  x_total INTEGER NOT NULL, x_paid INTEGER NOT NULL DEFAULT 0, x_scale INTEGER NOT NULL,
  x_base_total INTEGER NOT NULL, x_base_scale INTEGER NOT NULL, x_sense TEXT, x_subsidiary INTEGER,
  x_account INTEGER, x_external_key TEXT UNIQUE, x_created TEXT, x_modified TEXT,
  foreigntotal REAL AS (x_total * 1.0 / x_scale),
  total REAL AS (x_base_total * 1.0 / x_base_scale),
  foreignamountpaid REAL AS (iif(x_sense = 'debt', x_paid * 1.0 / x_scale, NULL)),
  foreignamountunpaid REAL AS (iif(x_sense = 'debt', (x_total - x_paid) * 1.0 / x_scale, NULL)),
  foreignpaymentamountused REAL AS (iif(x_sense = 'credit', x_paid * 1.0 / x_scale, NULL)),
  foreignpaymentamountunused REAL AS (iif(x_sense = 'credit', (x_total - x_paid) * 1.0 / x_scale, NULL)));
CREATE INDEX transaction_modified ON "transaction" (lastmodifieddate, id);
CREATE INDEX transaction_type ON "transaction" (type, id);
CREATE INDEX transaction_record ON "transaction" (recordtype, id);
CREATE INDEX transaction_entity ON "transaction" (entity);
CREATE INDEX transaction_external ON "transaction" (externalid);
CREATE TABLE x_document (id INTEGER PRIMARY KEY, doc TEXT NOT NULL);

CREATE TABLE transactionline (
  uniquekey INTEGER PRIMARY KEY AUTOINCREMENT, "transaction" INTEGER NOT NULL, id INTEGER NOT NULL,
  linesequencenumber INTEGER, mainline TEXT, taxline TEXT DEFAULT 'F', iscogs TEXT DEFAULT 'F',
  transactiondiscount TEXT DEFAULT 'F', item INTEGER, quantity REAL, rate REAL, memo TEXT, entity INTEGER,
  expenseaccount INTEGER, createdfrom INTEGER, department INTEGER, class INTEGER, location INTEGER,
  subsidiary INTEGER, isclosed TEXT DEFAULT 'F', donotdisplayline TEXT DEFAULT 'F',
  linecreateddate TEXT, linelastmodifieddate TEXT, quantitybilled REAL, quantityshiprecv REAL,
  x_amount INTEGER NOT NULL, x_paid INTEGER, x_unpaid INTEGER, x_used INTEGER, x_unused INTEGER,
  x_scale INTEGER NOT NULL, x_base INTEGER NOT NULL, x_base_scale INTEGER NOT NULL,
  foreignamount REAL AS (x_amount * 1.0 / x_scale),
  netamount REAL AS (x_base * 1.0 / x_base_scale),
  debitforeignamount REAL AS (iif(x_amount > 0, x_amount * 1.0 / x_scale, NULL)),
  creditforeignamount REAL AS (iif(x_amount < 0, -x_amount * 1.0 / x_scale, NULL)),
  foreignamountpaid REAL AS (x_paid * 1.0 / x_scale),
  foreignamountunpaid REAL AS (x_unpaid * 1.0 / x_scale),
  foreignpaymentamountused REAL AS (x_used * 1.0 / x_scale),
  foreignpaymentamountunused REAL AS (x_unused * 1.0 / x_scale),
  UNIQUE ("transaction", id));
CREATE INDEX transactionline_modified ON transactionline (linelastmodifieddate);
CREATE INDEX transactionline_from ON transactionline (createdfrom) WHERE createdfrom IS NOT NULL;

CREATE TABLE transactionaccountingline (
  "transaction" INTEGER NOT NULL, transactionline INTEGER NOT NULL, accountingbook INTEGER DEFAULT 1,
  account INTEGER, posting TEXT, exchangerate REAL, lastmodifieddate TEXT,
  x_base INTEGER NOT NULL, x_paid INTEGER, x_unpaid INTEGER, x_base_scale INTEGER NOT NULL,
  amount REAL AS (x_base * 1.0 / x_base_scale),
  netamount REAL AS (x_base * 1.0 / x_base_scale),
  debit REAL AS (iif(x_base > 0, x_base * 1.0 / x_base_scale, NULL)),
  credit REAL AS (iif(x_base < 0, -x_base * 1.0 / x_base_scale, NULL)),
  amountpaid REAL AS (x_paid * 1.0 / x_base_scale),
  amountunpaid REAL AS (x_unpaid * 1.0 / x_base_scale),
  amountlinked REAL AS (x_paid * 1.0 / x_base_scale),
  UNIQUE ("transaction", transactionline, accountingbook));
CREATE INDEX accountingline_account ON transactionaccountingline (account);

CREATE TABLE nexttransactionlinelink (
  previousdoc INTEGER NOT NULL, previousline INTEGER, previousdate TEXT, previoustype TEXT,
  nextdoc INTEGER NOT NULL, nextline INTEGER, nextdate TEXT, nexttype TEXT, linktype TEXT,
  lastmodifieddate TEXT, x_amount INTEGER NOT NULL, x_scale INTEGER NOT NULL,
  foreignamount REAL AS (x_amount * 1.0 / x_scale),
  UNIQUE (previousdoc, nextdoc, linktype));
CREATE INDEX link_next ON nexttransactionlinelink (nextdoc, nextline);
CREATE VIEW previoustransactionlinelink AS
  SELECT previousdoc, previousline, previousdate, previoustype, nextdoc, nextline, nextdate, nexttype,
    linktype, lastmodifieddate, foreignamount FROM nexttransactionlinelink;

CREATE TABLE deletedrecord (
  recordid INTEGER, name TEXT, type TEXT, recordtypeid TEXT, deleteddate TEXT);
CREATE TABLE dual (dummy TEXT);
INSERT INTO dual VALUES ('X');
"""
