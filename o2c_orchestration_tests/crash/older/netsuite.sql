BEGIN TRANSACTION;
CREATE TABLE account (
  id INTEGER PRIMARY KEY, acctnumber TEXT, accountsearchdisplayname TEXT, accountsearchdisplaynamecopy TEXT,
  fullname TEXT, displaynamewithhierarchy TEXT, accttype TEXT, currency INTEGER, subsidiary TEXT,
  parent INTEGER, description TEXT, issummary TEXT DEFAULT 'F', isinactive TEXT DEFAULT 'F',
  lastmodifieddate TEXT);
INSERT INTO "account" VALUES(1,'1000','Checking','Checking','Checking','Checking','Bank',1,'1',NULL,NULL,'F','F','~2026-11-28 00:42:36');
INSERT INTO "account" VALUES(2,'1100','Accounts Receivable','Accounts Receivable','Accounts Receivable','Accounts Receivable','AcctRec',NULL,'1',NULL,NULL,'F','F','~2026-11-28 00:42:36');
INSERT INTO "account" VALUES(3,'1200','Undeposited Funds','Undeposited Funds','Undeposited Funds','Undeposited Funds','OthCurrAsset',NULL,'1',NULL,NULL,'F','F','~2026-11-28 00:42:36');
INSERT INTO "account" VALUES(4,'4000','Sales','Sales','Sales','Sales','Income',NULL,'1',NULL,NULL,'F','F','~2026-11-28 00:42:36');
INSERT INTO "account" VALUES(5,'2200','Sales Tax Payable','Sales Tax Payable','Sales Tax Payable','Sales Tax Payable','OthCurrLiab',NULL,'1',NULL,NULL,'F','F','~2026-11-28 00:42:36');
INSERT INTO "account" VALUES(6,'2900','Suspense','Suspense','Suspense','Suspense','OthCurrLiab',NULL,'1',NULL,NULL,'F','F','~2026-11-28 00:42:36');
INSERT INTO "account" VALUES(7,'6100','Stripe Fees','Stripe Fees','Stripe Fees','Stripe Fees','Expense',NULL,'1',NULL,NULL,'F','F','~2026-11-28 00:42:36');
INSERT INTO "account" VALUES(8,'1250','Stripe Returned Payouts','Stripe Returned Payouts','Stripe Returned Payouts','Stripe Returned Payouts','OthCurrAsset',NULL,'1',NULL,NULL,'F','F','~2026-11-28 00:42:36');
INSERT INTO "account" VALUES(9,'1260','Stripe Reserves','Stripe Reserves','Stripe Reserves','Stripe Reserves','OthCurrAsset',NULL,'1',NULL,NULL,'F','F','~2026-11-28 00:42:36');
INSERT INTO "account" VALUES(10,'6110','Stripe Network Fees','Stripe Network Fees','Stripe Network Fees','Stripe Network Fees','Expense',NULL,'1',NULL,NULL,'F','F','~2026-11-28 00:42:36');
INSERT INTO "account" VALUES(11,'6120','Stripe Dispute Fees','Stripe Dispute Fees','Stripe Dispute Fees','Stripe Dispute Fees','Expense',NULL,'1',NULL,NULL,'F','F','~2026-11-28 00:42:36');
INSERT INTO "account" VALUES(12,'6130','Tax on Stripe Fees','Tax on Stripe Fees','Tax on Stripe Fees','Tax on Stripe Fees','Expense',NULL,'1',NULL,NULL,'F','F','~2026-11-28 00:42:36');
INSERT INTO "account" VALUES(13,'6140','Stripe Application Fees','Stripe Application Fees','Stripe Application Fees','Stripe Application Fees','Expense',NULL,'1',NULL,NULL,'F','F','~2026-11-28 00:42:36');
INSERT INTO "account" VALUES(14,'6200','Bad Debt','Bad Debt','Bad Debt','Bad Debt','Expense',NULL,'1',NULL,NULL,'F','F','~2026-11-28 00:42:36');
INSERT INTO "account" VALUES(15,'1010','Checking EUR','Checking EUR','Checking EUR','Checking EUR','Bank',4,'1',NULL,NULL,'F','F','~2026-11-28 00:42:36');
INSERT INTO "account" VALUES(16,'4900','Realized Gain/Loss','Realized Gain/Loss','Realized Gain/Loss','Realized Gain/Loss','OthIncome',NULL,'1',NULL,NULL,'F','F','~2026-11-28 00:42:36');
INSERT INTO "account" VALUES(17,'2300','Customer Credit Balances','Customer Credit Balances','Customer Credit Balances','Customer Credit Balances','OthCurrLiab',NULL,'1',NULL,NULL,'F','F','~2026-11-28 00:42:36');
INSERT INTO "account" VALUES(18,'2310','Customer Deposits','Customer Deposits','Customer Deposits','Customer Deposits','OthCurrLiab',NULL,'1',NULL,NULL,'F','F','~2026-11-28 00:42:36');
CREATE TABLE accountingperiod (
  id INTEGER PRIMARY KEY, periodname TEXT UNIQUE, startdate TEXT, enddate TEXT, closed TEXT DEFAULT 'F',
  closedondate TEXT, alllocked TEXT DEFAULT 'F', arlocked TEXT DEFAULT 'F', aplocked TEXT DEFAULT 'F',
  allownonglchanges TEXT DEFAULT 'F', isadjust TEXT DEFAULT 'F', isquarter TEXT DEFAULT 'F',
  isyear TEXT DEFAULT 'F', isposting TEXT DEFAULT 'T', isinactive TEXT DEFAULT 'F', parent INTEGER,
  lastmodifieddate TEXT);
INSERT INTO "accountingperiod" VALUES(1,'FY 2024','~2024-01-01 00:00:00','~2024-12-31 00:00:00','F',NULL,'F','F','F','F','F','F','T','F','F',NULL,'~2026-11-28 00:42:36');
INSERT INTO "accountingperiod" VALUES(2,'Q1 2024','~2024-01-01 00:00:00','~2024-03-31 00:00:00','F',NULL,'F','F','F','F','F','T','F','F','F',1,'~2026-11-28 00:42:36');
INSERT INTO "accountingperiod" VALUES(3,'Jan 2024','~2024-01-01 00:00:00','~2024-01-31 00:00:00','F',NULL,'F','F','F','F','F','F','F','T','F',2,'~2026-11-28 00:42:36');
INSERT INTO "accountingperiod" VALUES(4,'Feb 2024','~2024-02-01 00:00:00','~2024-02-29 00:00:00','F',NULL,'F','F','F','F','F','F','F','T','F',2,'~2026-11-28 00:42:36');
INSERT INTO "accountingperiod" VALUES(5,'Mar 2024','~2024-03-01 00:00:00','~2024-03-31 00:00:00','F',NULL,'F','F','F','F','F','F','F','T','F',2,'~2026-11-28 00:42:36');
INSERT INTO "accountingperiod" VALUES(6,'Q2 2024','~2024-04-01 00:00:00','~2024-06-30 00:00:00','F',NULL,'F','F','F','F','F','T','F','F','F',1,'~2026-11-28 00:42:36');
INSERT INTO "accountingperiod" VALUES(7,'Apr 2024','~2024-04-01 00:00:00','~2024-04-30 00:00:00','F',NULL,'F','F','F','F','F','F','F','T','F',6,'~2026-11-28 00:42:36');
INSERT INTO "accountingperiod" VALUES(8,'May 2024','~2024-05-01 00:00:00','~2024-05-31 00:00:00','F',NULL,'F','F','F','F','F','F','F','T','F',6,'~2026-11-28 00:42:36');
INSERT INTO "accountingperiod" VALUES(9,'Jun 2024','~2024-06-01 00:00:00','~2024-06-30 00:00:00','F',NULL,'F','F','F','F','F','F','F','T','F',6,'~2026-11-28 00:42:36');
INSERT INTO "accountingperiod" VALUES(10,'Q3 2024','~2024-07-01 00:00:00','~2024-09-30 00:00:00','F',NULL,'F','F','F','F','F','T','F','F','F',1,'~2026-11-28 00:42:36');
INSERT INTO "accountingperiod" VALUES(11,'Jul 2024','~2024-07-01 00:00:00','~2024-07-31 00:00:00','F',NULL,'F','F','F','F','F','F','F','T','F',10,'~2026-11-28 00:42:36');
INSERT INTO "accountingperiod" VALUES(12,'Aug 2024','~2024-08-01 00:00:00','~2024-08-31 00:00:00','F',NULL,'F','F','F','F','F','F','F','T','F',10,'~2026-11-28 00:42:36');
INSERT INTO "accountingperiod" VALUES(13,'Sep 2024','~2024-09-01 00:00:00','~2024-09-30 00:00:00','F',NULL,'F','F','F','F','F','F','F','T','F',10,'~2026-11-28 00:42:36');
INSERT INTO "accountingperiod" VALUES(14,'Q4 2024','~2024-10-01 00:00:00','~2024-12-31 00:00:00','F',NULL,'F','F','F','F','F','T','F','F','F',1,'~2026-11-28 00:42:36');
INSERT INTO "accountingperiod" VALUES(15,'Oct 2024','~2024-10-01 00:00:00','~2024-10-31 00:00:00','F',NULL,'F','F','F','F','F','F','F','T','F',14,'~2026-11-28 00:42:36');
INSERT INTO "accountingperiod" VALUES(16,'Nov 2024','~2024-11-01 00:00:00','~2024-11-30 00:00:00','F',NULL,'F','F','F','F','F','F','F','T','F',14,'~2026-11-28 00:42:36');
INSERT INTO "accountingperiod" VALUES(17,'Dec 2024','~2024-12-01 00:00:00','~2024-12-31 00:00:00','F',NULL,'F','F','F','F','F','F','F','T','F',14,'~2026-11-28 00:42:36');
INSERT INTO "accountingperiod" VALUES(18,'FY 2025','~2025-01-01 00:00:00','~2025-12-31 00:00:00','F',NULL,'F','F','F','F','F','F','T','F','F',NULL,'~2026-11-28 00:42:36');
INSERT INTO "accountingperiod" VALUES(19,'Q1 2025','~2025-01-01 00:00:00','~2025-03-31 00:00:00','F',NULL,'F','F','F','F','F','T','F','F','F',18,'~2026-11-28 00:42:36');
INSERT INTO "accountingperiod" VALUES(20,'Jan 2025','~2025-01-01 00:00:00','~2025-01-31 00:00:00','F',NULL,'F','F','F','F','F','F','F','T','F',19,'~2026-11-28 00:42:36');
INSERT INTO "accountingperiod" VALUES(21,'Feb 2025','~2025-02-01 00:00:00','~2025-02-28 00:00:00','F',NULL,'F','F','F','F','F','F','F','T','F',19,'~2026-11-28 00:42:36');
INSERT INTO "accountingperiod" VALUES(22,'Mar 2025','~2025-03-01 00:00:00','~2025-03-31 00:00:00','F',NULL,'F','F','F','F','F','F','F','T','F',19,'~2026-11-28 00:42:36');
INSERT INTO "accountingperiod" VALUES(23,'Q2 2025','~2025-04-01 00:00:00','~2025-06-30 00:00:00','F',NULL,'F','F','F','F','F','T','F','F','F',18,'~2026-11-28 00:42:36');
INSERT INTO "accountingperiod" VALUES(24,'Apr 2025','~2025-04-01 00:00:00','~2025-04-30 00:00:00','F',NULL,'F','F','F','F','F','F','F','T','F',23,'~2026-11-28 00:42:36');
INSERT INTO "accountingperiod" VALUES(25,'May 2025','~2025-05-01 00:00:00','~2025-05-31 00:00:00','F',NULL,'F','F','F','F','F','F','F','T','F',23,'~2026-11-28 00:42:36');
INSERT INTO "accountingperiod" VALUES(26,'Jun 2025','~2025-06-01 00:00:00','~2025-06-30 00:00:00','F',NULL,'F','F','F','F','F','F','F','T','F',23,'~2026-11-28 00:42:36');
INSERT INTO "accountingperiod" VALUES(27,'Q3 2025','~2025-07-01 00:00:00','~2025-09-30 00:00:00','F',NULL,'F','F','F','F','F','T','F','F','F',18,'~2026-11-28 00:42:36');
INSERT INTO "accountingperiod" VALUES(28,'Jul 2025','~2025-07-01 00:00:00','~2025-07-31 00:00:00','F',NULL,'F','F','F','F','F','F','F','T','F',27,'~2026-11-28 00:42:36');
INSERT INTO "accountingperiod" VALUES(29,'Aug 2025','~2025-08-01 00:00:00','~2025-08-31 00:00:00','F',NULL,'F','F','F','F','F','F','F','T','F',27,'~2026-11-28 00:42:36');
INSERT INTO "accountingperiod" VALUES(30,'Sep 2025','~2025-09-01 00:00:00','~2025-09-30 00:00:00','F',NULL,'F','F','F','F','F','F','F','T','F',27,'~2026-11-28 00:42:36');
INSERT INTO "accountingperiod" VALUES(31,'Q4 2025','~2025-10-01 00:00:00','~2025-12-31 00:00:00','F',NULL,'F','F','F','F','F','T','F','F','F',18,'~2026-11-28 00:42:36');
INSERT INTO "accountingperiod" VALUES(32,'Oct 2025','~2025-10-01 00:00:00','~2025-10-31 00:00:00','F',NULL,'F','F','F','F','F','F','F','T','F',31,'~2026-11-28 00:42:36');
INSERT INTO "accountingperiod" VALUES(33,'Nov 2025','~2025-11-01 00:00:00','~2025-11-30 00:00:00','F',NULL,'F','F','F','F','F','F','F','T','F',31,'~2026-11-28 00:42:36');
INSERT INTO "accountingperiod" VALUES(34,'Dec 2025','~2025-12-01 00:00:00','~2025-12-31 00:00:00','F',NULL,'F','F','F','F','F','F','F','T','F',31,'~2026-11-28 00:42:36');
INSERT INTO "accountingperiod" VALUES(35,'FY 2026','~2026-01-01 00:00:00','~2026-12-31 00:00:00','F',NULL,'F','F','F','F','F','F','T','F','F',NULL,'~2026-11-28 00:42:36');
INSERT INTO "accountingperiod" VALUES(36,'Q1 2026','~2026-01-01 00:00:00','~2026-03-31 00:00:00','F',NULL,'F','F','F','F','F','T','F','F','F',35,'~2026-11-28 00:42:36');
INSERT INTO "accountingperiod" VALUES(37,'Jan 2026','~2026-01-01 00:00:00','~2026-01-31 00:00:00','F',NULL,'F','F','F','F','F','F','F','T','F',36,'~2026-11-28 00:42:36');
INSERT INTO "accountingperiod" VALUES(38,'Feb 2026','~2026-02-01 00:00:00','~2026-02-28 00:00:00','F',NULL,'F','F','F','F','F','F','F','T','F',36,'~2026-11-28 00:42:36');
INSERT INTO "accountingperiod" VALUES(39,'Mar 2026','~2026-03-01 00:00:00','~2026-03-31 00:00:00','F',NULL,'F','F','F','F','F','F','F','T','F',36,'~2026-11-28 00:42:36');
INSERT INTO "accountingperiod" VALUES(40,'Q2 2026','~2026-04-01 00:00:00','~2026-06-30 00:00:00','F',NULL,'F','F','F','F','F','T','F','F','F',35,'~2026-11-28 00:42:36');
INSERT INTO "accountingperiod" VALUES(41,'Apr 2026','~2026-04-01 00:00:00','~2026-04-30 00:00:00','F',NULL,'F','F','F','F','F','F','F','T','F',40,'~2026-11-28 00:42:36');
INSERT INTO "accountingperiod" VALUES(42,'May 2026','~2026-05-01 00:00:00','~2026-05-31 00:00:00','F',NULL,'F','F','F','F','F','F','F','T','F',40,'~2026-11-28 00:42:36');
INSERT INTO "accountingperiod" VALUES(43,'Jun 2026','~2026-06-01 00:00:00','~2026-06-30 00:00:00','F',NULL,'F','F','F','F','F','F','F','T','F',40,'~2026-11-28 00:42:36');
INSERT INTO "accountingperiod" VALUES(44,'Q3 2026','~2026-07-01 00:00:00','~2026-09-30 00:00:00','F',NULL,'F','F','F','F','F','T','F','F','F',35,'~2026-11-28 00:42:36');
INSERT INTO "accountingperiod" VALUES(45,'Jul 2026','~2026-07-01 00:00:00','~2026-07-31 00:00:00','F',NULL,'F','F','F','F','F','F','F','T','F',44,'~2026-11-28 00:42:36');
INSERT INTO "accountingperiod" VALUES(46,'Aug 2026','~2026-08-01 00:00:00','~2026-08-31 00:00:00','F',NULL,'F','F','F','F','F','F','F','T','F',44,'~2026-11-28 00:42:36');
INSERT INTO "accountingperiod" VALUES(47,'Sep 2026','~2026-09-01 00:00:00','~2026-09-30 00:00:00','F',NULL,'F','F','F','F','F','F','F','T','F',44,'~2026-11-28 00:42:36');
INSERT INTO "accountingperiod" VALUES(48,'Q4 2026','~2026-10-01 00:00:00','~2026-12-31 00:00:00','F',NULL,'F','F','F','F','F','T','F','F','F',35,'~2026-11-28 00:42:36');
INSERT INTO "accountingperiod" VALUES(49,'Oct 2026','~2026-10-01 00:00:00','~2026-10-31 00:00:00','F',NULL,'F','F','F','F','F','F','F','T','F',48,'~2026-11-28 00:42:36');
INSERT INTO "accountingperiod" VALUES(50,'Nov 2026','~2026-11-01 00:00:00','~2026-11-30 00:00:00','F',NULL,'F','F','F','F','F','F','F','T','F',48,'~2026-11-28 00:42:36');
INSERT INTO "accountingperiod" VALUES(51,'Dec 2026','~2026-12-01 00:00:00','~2026-12-31 00:00:00','F',NULL,'F','F','F','F','F','F','F','T','F',48,'~2026-11-28 00:42:36');
INSERT INTO "accountingperiod" VALUES(52,'FY 2027','~2027-01-01 00:00:00','~2027-12-31 00:00:00','F',NULL,'F','F','F','F','F','F','T','F','F',NULL,'~2026-11-28 00:42:36');
INSERT INTO "accountingperiod" VALUES(53,'Q1 2027','~2027-01-01 00:00:00','~2027-03-31 00:00:00','F',NULL,'F','F','F','F','F','T','F','F','F',52,'~2026-11-28 00:42:36');
INSERT INTO "accountingperiod" VALUES(54,'Jan 2027','~2027-01-01 00:00:00','~2027-01-31 00:00:00','F',NULL,'F','F','F','F','F','F','F','T','F',53,'~2026-11-28 00:42:36');
INSERT INTO "accountingperiod" VALUES(55,'Feb 2027','~2027-02-01 00:00:00','~2027-02-28 00:00:00','F',NULL,'F','F','F','F','F','F','F','T','F',53,'~2026-11-28 00:42:36');
INSERT INTO "accountingperiod" VALUES(56,'Mar 2027','~2027-03-01 00:00:00','~2027-03-31 00:00:00','F',NULL,'F','F','F','F','F','F','F','T','F',53,'~2026-11-28 00:42:36');
INSERT INTO "accountingperiod" VALUES(57,'Q2 2027','~2027-04-01 00:00:00','~2027-06-30 00:00:00','F',NULL,'F','F','F','F','F','T','F','F','F',52,'~2026-11-28 00:42:36');
INSERT INTO "accountingperiod" VALUES(58,'Apr 2027','~2027-04-01 00:00:00','~2027-04-30 00:00:00','F',NULL,'F','F','F','F','F','F','F','T','F',57,'~2026-11-28 00:42:36');
INSERT INTO "accountingperiod" VALUES(59,'May 2027','~2027-05-01 00:00:00','~2027-05-31 00:00:00','F',NULL,'F','F','F','F','F','F','F','T','F',57,'~2026-11-28 00:42:36');
INSERT INTO "accountingperiod" VALUES(60,'Jun 2027','~2027-06-01 00:00:00','~2027-06-30 00:00:00','F',NULL,'F','F','F','F','F','F','F','T','F',57,'~2026-11-28 00:42:36');
INSERT INTO "accountingperiod" VALUES(61,'Q3 2027','~2027-07-01 00:00:00','~2027-09-30 00:00:00','F',NULL,'F','F','F','F','F','T','F','F','F',52,'~2026-11-28 00:42:36');
INSERT INTO "accountingperiod" VALUES(62,'Jul 2027','~2027-07-01 00:00:00','~2027-07-31 00:00:00','F',NULL,'F','F','F','F','F','F','F','T','F',61,'~2026-11-28 00:42:36');
INSERT INTO "accountingperiod" VALUES(63,'Aug 2027','~2027-08-01 00:00:00','~2027-08-31 00:00:00','F',NULL,'F','F','F','F','F','F','F','T','F',61,'~2026-11-28 00:42:36');
INSERT INTO "accountingperiod" VALUES(64,'Sep 2027','~2027-09-01 00:00:00','~2027-09-30 00:00:00','F',NULL,'F','F','F','F','F','F','F','T','F',61,'~2026-11-28 00:42:36');
INSERT INTO "accountingperiod" VALUES(65,'Q4 2027','~2027-10-01 00:00:00','~2027-12-31 00:00:00','F',NULL,'F','F','F','F','F','T','F','F','F',52,'~2026-11-28 00:42:36');
INSERT INTO "accountingperiod" VALUES(66,'Oct 2027','~2027-10-01 00:00:00','~2027-10-31 00:00:00','F',NULL,'F','F','F','F','F','F','F','T','F',65,'~2026-11-28 00:42:36');
INSERT INTO "accountingperiod" VALUES(67,'Nov 2027','~2027-11-01 00:00:00','~2027-11-30 00:00:00','F',NULL,'F','F','F','F','F','F','F','T','F',65,'~2026-11-28 00:42:36');
INSERT INTO "accountingperiod" VALUES(68,'Dec 2027','~2027-12-01 00:00:00','~2027-12-31 00:00:00','F',NULL,'F','F','F','F','F','F','F','T','F',65,'~2026-11-28 00:42:36');
CREATE TABLE classification (
  id INTEGER PRIMARY KEY, name TEXT, fullname TEXT, parent INTEGER, subsidiary TEXT, isinactive TEXT DEFAULT 'F',
  lastmodifieddate TEXT);
INSERT INTO "classification" VALUES(1,'Software','Software',NULL,NULL,'F','~2026-11-28 00:42:36');
INSERT INTO "classification" VALUES(2,'Services','Services',NULL,NULL,'F','~2026-11-28 00:42:36');
INSERT INTO "classification" VALUES(3,'Onboarding','Services : Onboarding',2,NULL,'F','~2026-11-28 00:42:36');
INSERT INTO "classification" VALUES(4,'Hardware','Hardware',NULL,NULL,'T','~2026-11-28 00:42:36');
CREATE TABLE currency (
  id INTEGER PRIMARY KEY, name TEXT, symbol TEXT UNIQUE, displaysymbol TEXT, currencyprecision INTEGER,
  exchangerate REAL, isbasecurrency TEXT, isinactive TEXT DEFAULT 'F', lastmodifieddate TEXT);
INSERT INTO "currency" VALUES(1,'US Dollar','USD','$',2,1.0,'T','F','~2026-11-28 00:42:36');
INSERT INTO "currency" VALUES(2,'British pound','GBP','£',2,1.27,'F','F','~2026-11-28 00:42:36');
INSERT INTO "currency" VALUES(3,'Canadian Dollar','CAD','$',2,0.72,'F','F','~2026-11-28 00:42:36');
INSERT INTO "currency" VALUES(4,'Euro','EUR','€',2,1.1,'F','F','~2026-11-28 00:42:36');
INSERT INTO "currency" VALUES(7,'Japanese Yen','JPY','¥',0,0.0067,'F','F','~2026-11-28 00:42:36');
INSERT INTO "currency" VALUES(9,'Kuwaiti Dinar','KWD','KD',3,3.25,'F','F','~2026-11-28 00:42:36');
CREATE TABLE customer (
  id INTEGER PRIMARY KEY AUTOINCREMENT, entityid TEXT, externalid TEXT, altname TEXT, companyname TEXT,
  entitytitle TEXT, firstname TEXT, lastname TEXT, isperson TEXT, email TEXT, phone TEXT, url TEXT,
  comments TEXT, currency INTEGER, terms INTEGER, receivablesaccount INTEGER, searchstage TEXT,
  isinactive TEXT, datecreated TEXT, lastmodifieddate TEXT,
  x_external_key TEXT UNIQUE, x_entity_key TEXT UNIQUE, x_subsidiary INTEGER, x_doc TEXT,
  x_created TEXT, x_modified TEXT);
INSERT INTO "customer" VALUES(101,'CUST101','cus_VN4Aosre6HBiHb','Amberpoint Logistics','Amberpoint Logistics','CUST101 Amberpoint Logistics',NULL,NULL,'F','accounts@amberpoint-logistics.example.com',NULL,NULL,'Stripe: cus_VN4Aosre6HBiHb',1,NULL,NULL,'Customer','F','~2026-11-28 00:42:55','~2026-11-28 00:42:55','cus_vn4aosre6hbihb','cust101',1,'{"externalId":"cus_VN4Aosre6HBiHb","isPerson":false,"companyName":"Amberpoint Logistics","currency":{"id":"1"},"comments":"Stripe: cus_VN4Aosre6HBiHb","email":"accounts@amberpoint-logistics.example.com","subsidiary":{"id":"1"},"currencyList":[],"addressBook":[]}','2026-11-28T08:42:55Z','2026-11-28T08:42:55Z');
INSERT INTO "customer" VALUES(102,'CUST102','cus_6iyJxKkY60yQIX','Quartzwick Labs','Quartzwick Labs','CUST102 Quartzwick Labs',NULL,NULL,'F','accounts@quartzwick-labs.example.com',NULL,NULL,'Stripe: cus_6iyJxKkY60yQIX',4,NULL,NULL,'Customer','F','~2026-11-28 00:42:55','~2026-11-28 00:42:55','cus_6iyjxkky60yqix','cust102',1,'{"externalId":"cus_6iyJxKkY60yQIX","isPerson":false,"companyName":"Quartzwick Labs","currency":{"id":"4"},"comments":"Stripe: cus_6iyJxKkY60yQIX","email":"accounts@quartzwick-labs.example.com","subsidiary":{"id":"1"},"currencyList":[],"addressBook":[]}','2026-11-28T08:42:55Z','2026-11-28T08:42:55Z');
INSERT INTO "customer" VALUES(103,'CUST103','cus_pmiunKNcpYO9gP','Granitepoint Studios','Granitepoint Studios','CUST103 Granitepoint Studios',NULL,NULL,'F','accounts@granitepoint-studios.example.com',NULL,NULL,'Stripe: cus_pmiunKNcpYO9gP',2,NULL,NULL,'Customer','F','~2026-11-28 00:42:55','~2026-11-28 00:42:55','cus_pmiunkncpyo9gp','cust103',1,'{"externalId":"cus_pmiunKNcpYO9gP","isPerson":false,"companyName":"Granitepoint Studios","currency":{"id":"2"},"comments":"Stripe: cus_pmiunKNcpYO9gP","email":"accounts@granitepoint-studios.example.com","subsidiary":{"id":"1"},"currencyList":[],"addressBook":[]}','2026-11-28T08:42:55Z','2026-11-28T08:42:55Z');
INSERT INTO "customer" VALUES(104,'CUST104','cus_Vydj77RpTbK2AN','Harbormere Mills','Harbormere Mills','CUST104 Harbormere Mills',NULL,NULL,'F','accounts@harbormere-mills.example.com',NULL,NULL,'Stripe: cus_Vydj77RpTbK2AN',9,NULL,NULL,'Customer','F','~2026-11-28 00:42:55','~2026-11-28 00:42:55','cus_vydj77rptbk2an','cust104',1,'{"externalId":"cus_Vydj77RpTbK2AN","isPerson":false,"companyName":"Harbormere Mills","currency":{"id":"9"},"comments":"Stripe: cus_Vydj77RpTbK2AN","email":"accounts@harbormere-mills.example.com","subsidiary":{"id":"1"},"currencyList":[],"addressBook":[]}','2026-11-28T08:42:55Z','2026-11-28T08:42:55Z');
INSERT INTO "customer" VALUES(105,'CUST105','cus_ydiAueKHHdTjcV','Reedgate Textiles','Reedgate Textiles','CUST105 Reedgate Textiles',NULL,NULL,'F','accounts@reedgate-textiles.example.com',NULL,NULL,'Stripe: cus_ydiAueKHHdTjcV',1,NULL,NULL,'Customer','F','~2026-11-28 00:43:31','~2026-11-28 00:43:31','cus_ydiauekhhdtjcv','cust105',1,'{"externalId":"cus_ydiAueKHHdTjcV","isPerson":false,"companyName":"Reedgate Textiles","currency":{"id":"1"},"comments":"Stripe: cus_ydiAueKHHdTjcV","email":"accounts@reedgate-textiles.example.com","subsidiary":{"id":"1"},"currencyList":[],"addressBook":[]}','2026-11-28T08:43:31Z','2026-11-28T08:43:31Z');
INSERT INTO "customer" VALUES(106,'CUST106','cus_PtdIBWTZI9Bl7F','Cedarstead Mills','Cedarstead Mills','CUST106 Cedarstead Mills',NULL,NULL,'F','accounts@cedarstead-mills.example.com',NULL,NULL,'Stripe: cus_PtdIBWTZI9Bl7F',1,NULL,NULL,'Customer','F','~2026-11-28 00:43:31','~2026-11-28 00:43:31','cus_ptdibwtzi9bl7f','cust106',1,'{"externalId":"cus_PtdIBWTZI9Bl7F","isPerson":false,"companyName":"Cedarstead Mills","currency":{"id":"1"},"comments":"Stripe: cus_PtdIBWTZI9Bl7F","email":"accounts@cedarstead-mills.example.com","subsidiary":{"id":"1"},"currencyList":[],"addressBook":[]}','2026-11-28T08:43:31Z','2026-11-28T08:43:31Z');
INSERT INTO "customer" VALUES(107,'CUST107','cus_Unwb0zqbSwFSDH','Gladepoint Foods','Gladepoint Foods','CUST107 Gladepoint Foods',NULL,NULL,'F','accounts@gladepoint-foods.example.com',NULL,NULL,'Stripe: cus_Unwb0zqbSwFSDH',7,NULL,NULL,'Customer','F','~2026-11-28 00:43:31','~2026-11-28 00:43:31','cus_unwb0zqbswfsdh','cust107',1,'{"externalId":"cus_Unwb0zqbSwFSDH","isPerson":false,"companyName":"Gladepoint Foods","currency":{"id":"7"},"comments":"Stripe: cus_Unwb0zqbSwFSDH","email":"accounts@gladepoint-foods.example.com","subsidiary":{"id":"1"},"currencyList":[],"addressBook":[]}','2026-11-28T08:43:31Z','2026-11-28T08:43:31Z');
INSERT INTO "customer" VALUES(108,'CUST108','cus_2ZSL1U2F3u6Bb9','Fernford Logistics','Fernford Logistics','CUST108 Fernford Logistics',NULL,NULL,'F','accounts@fernford-logistics.example.com',NULL,NULL,'Stripe: cus_2ZSL1U2F3u6Bb9',3,NULL,NULL,'Customer','F','~2026-11-28 00:43:31','~2026-11-28 00:43:31','cus_2zsl1u2f3u6bb9','cust108',1,'{"externalId":"cus_2ZSL1U2F3u6Bb9","isPerson":false,"companyName":"Fernford Logistics","currency":{"id":"3"},"comments":"Stripe: cus_2ZSL1U2F3u6Bb9","email":"accounts@fernford-logistics.example.com","subsidiary":{"id":"1"},"currencyList":[],"addressBook":[]}','2026-11-28T08:43:31Z','2026-11-28T08:43:31Z');
INSERT INTO "customer" VALUES(109,'CUST109','cus_Jc8lSyPmisxt81','Lindenpoint Instruments','Lindenpoint Instruments','CUST109 Lindenpoint Instruments',NULL,NULL,'F','accounts@lindenpoint-instruments.example.com',NULL,NULL,'Stripe: cus_Jc8lSyPmisxt81',1,NULL,NULL,'Customer','F','~2026-11-28 00:43:31','~2026-11-28 00:43:31','cus_jc8lsypmisxt81','cust109',1,'{"externalId":"cus_Jc8lSyPmisxt81","isPerson":false,"companyName":"Lindenpoint Instruments","currency":{"id":"1"},"comments":"Stripe: cus_Jc8lSyPmisxt81","email":"accounts@lindenpoint-instruments.example.com","subsidiary":{"id":"1"},"currencyList":[],"addressBook":[]}','2026-11-28T08:43:31Z','2026-11-28T08:43:31Z');
CREATE TABLE deletedrecord (
  recordid INTEGER, name TEXT, type TEXT, recordtypeid TEXT, deleteddate TEXT);
CREATE TABLE department (
  id INTEGER PRIMARY KEY, name TEXT, fullname TEXT, parent INTEGER, subsidiary TEXT, isinactive TEXT DEFAULT 'F',
  lastmodifieddate TEXT);
INSERT INTO "department" VALUES(1,'Sales','Sales',NULL,NULL,'F','~2026-11-28 00:42:36');
INSERT INTO "department" VALUES(2,'Customer Success','Customer Success',NULL,NULL,'F','~2026-11-28 00:42:36');
INSERT INTO "department" VALUES(3,'Finance','Finance',NULL,NULL,'F','~2026-11-28 00:42:36');
CREATE TABLE dual (dummy TEXT);
INSERT INTO "dual" VALUES('X');
CREATE TABLE employee (
  id INTEGER PRIMARY KEY, entityid TEXT, firstname TEXT, lastname TEXT, email TEXT, issalesrep TEXT DEFAULT 'F',
  isinactive TEXT DEFAULT 'F', lastmodifieddate TEXT);
CREATE TABLE item (
  id INTEGER PRIMARY KEY AUTOINCREMENT, itemid TEXT, fullname TEXT, displayname TEXT, itemtype TEXT,
  subtype TEXT, description TEXT, externalid TEXT, incomeaccount INTEGER, subsidiary TEXT,
  includechildren TEXT DEFAULT 'T', isinactive TEXT DEFAULT 'F', createddate TEXT, lastmodifieddate TEXT,
  x_external_key TEXT UNIQUE, x_record TEXT, x_doc TEXT, x_created TEXT, x_modified TEXT);
INSERT INTO "item" VALUES(1,'Stripe Item','Stripe Item','Stripe Item','Service','Sale',NULL,NULL,4,'1','T','F','~2026-11-28 00:42:36','~2026-11-28 00:42:36',NULL,'serviceSaleItem','{"itemId": "Stripe Item", "incomeAccount": {"id": "4"}}','2026-11-28T08:42:36Z','2026-11-28T08:42:36Z');
INSERT INTO "item" VALUES(2,'Stripe Discount','Stripe Discount','Stripe Discount','Discount','Sale',NULL,NULL,4,'1','T','F','~2026-11-28 00:42:36','~2026-11-28 00:42:36',NULL,'discountItem','{"itemId": "Stripe Discount", "incomeAccount": {"id": "4"}}','2026-11-28T08:42:36Z','2026-11-28T08:42:36Z');
INSERT INTO "item" VALUES(3,'Stripe Tax','Stripe Tax','Stripe Tax','OthCharge','Sale',NULL,NULL,5,'1','T','F','~2026-11-28 00:42:36','~2026-11-28 00:42:36',NULL,'otherChargeSaleItem','{"itemId": "Stripe Tax", "incomeAccount": {"id": "5"}}','2026-11-28T08:42:36Z','2026-11-28T08:42:36Z');
INSERT INTO "item" VALUES(4,'Stripe Shipping','Stripe Shipping','Stripe Shipping','OthCharge','Sale',NULL,NULL,4,'1','T','F','~2026-11-28 00:42:36','~2026-11-28 00:42:36',NULL,'otherChargeSaleItem','{"itemId": "Stripe Shipping", "incomeAccount": {"id": "4"}}','2026-11-28T08:42:36Z','2026-11-28T08:42:36Z');
INSERT INTO "item" VALUES(5,'Stripe Refund','Stripe Refund','Stripe Refund','OthCharge','Sale',NULL,NULL,4,'1','T','F','~2026-11-28 00:42:36','~2026-11-28 00:42:36',NULL,'otherChargeSaleItem','{"itemId": "Stripe Refund", "incomeAccount": {"id": "4"}}','2026-11-28T08:42:36Z','2026-11-28T08:42:36Z');
INSERT INTO "item" VALUES(6,'Stripe Dispute','Stripe Dispute','Stripe Dispute','OthCharge','Sale',NULL,NULL,4,'1','T','F','~2026-11-28 00:42:36','~2026-11-28 00:42:36',NULL,'otherChargeSaleItem','{"itemId": "Stripe Dispute", "incomeAccount": {"id": "4"}}','2026-11-28T08:42:36Z','2026-11-28T08:42:36Z');
INSERT INTO "item" VALUES(7,'Stripe Bad Debt','Stripe Bad Debt','Stripe Bad Debt','OthCharge','Sale',NULL,NULL,14,'1','T','F','~2026-11-28 00:42:36','~2026-11-28 00:42:36',NULL,'otherChargeSaleItem','{"itemId": "Stripe Bad Debt", "incomeAccount": {"id": "14"}}','2026-11-28T08:42:36Z','2026-11-28T08:42:36Z');
INSERT INTO "item" VALUES(8,'Stripe Credit','Stripe Credit','Stripe Credit','OthCharge','Sale',NULL,NULL,4,'1','T','F','~2026-11-28 00:42:36','~2026-11-28 00:42:36',NULL,'otherChargeSaleItem','{"itemId": "Stripe Credit", "incomeAccount": {"id": "4"}}','2026-11-28T08:42:36Z','2026-11-28T08:42:36Z');
INSERT INTO "item" VALUES(9,'Stripe Customer Balance','Stripe Customer Balance','Stripe Customer Balance','OthCharge','Sale',NULL,NULL,17,'1','T','F','~2026-11-28 00:42:36','~2026-11-28 00:42:36',NULL,'otherChargeSaleItem','{"itemId": "Stripe Customer Balance", "incomeAccount": {"id": "17"}}','2026-11-28T08:42:36Z','2026-11-28T08:42:36Z');
INSERT INTO "item" VALUES(10,'Stripe Credit Grant','Stripe Credit Grant','Stripe Credit Grant','OthCharge','Sale',NULL,NULL,4,'1','T','F','~2026-11-28 00:42:36','~2026-11-28 00:42:36',NULL,'otherChargeSaleItem','{"itemId": "Stripe Credit Grant", "incomeAccount": {"id": "4"}}','2026-11-28T08:42:36Z','2026-11-28T08:42:36Z');
CREATE TABLE location (
  id INTEGER PRIMARY KEY, name TEXT, fullname TEXT, parent INTEGER, subsidiary TEXT, isinactive TEXT DEFAULT 'F',
  lastmodifieddate TEXT);
INSERT INTO "location" VALUES(1,'Americas','Americas',NULL,NULL,'F','~2026-11-28 00:42:36');
INSERT INTO "location" VALUES(2,'Europe','Europe',NULL,NULL,'F','~2026-11-28 00:42:36');
INSERT INTO "location" VALUES(3,'Berlin','Europe : Berlin',2,NULL,'F','~2026-11-28 00:42:36');
CREATE TABLE nexttransactionlinelink (
  previousdoc INTEGER NOT NULL, previousline INTEGER, previousdate TEXT, previoustype TEXT,
  nextdoc INTEGER NOT NULL, nextline INTEGER, nextdate TEXT, nexttype TEXT, linktype TEXT,
  lastmodifieddate TEXT, x_amount INTEGER NOT NULL, x_scale INTEGER NOT NULL,
  foreignamount REAL AS (x_amount * 1.0 / x_scale),
  UNIQUE (previousdoc, nextdoc, linktype));
CREATE TABLE subsidiary (
  id INTEGER PRIMARY KEY, name TEXT, fullname TEXT, legalname TEXT, currency INTEGER, country TEXT,
  parent INTEGER, iselimination TEXT DEFAULT 'F', isinactive TEXT DEFAULT 'F', lastmodifieddate TEXT);
INSERT INTO "subsidiary" VALUES(1,'Parent Company','Parent Company','Parent Company',1,'US',NULL,'F','F','~2026-11-28 00:42:36');
CREATE TABLE taxperiod (
  id INTEGER PRIMARY KEY, periodname TEXT UNIQUE, startdate TEXT, enddate TEXT, allclosed TEXT DEFAULT 'F',
  isadjust TEXT DEFAULT 'F', isquarter TEXT DEFAULT 'F', isyear TEXT DEFAULT 'F', lastmodifieddate TEXT);
INSERT INTO "taxperiod" VALUES(1,'FY 2024','~2024-01-01 00:00:00','~2024-12-31 00:00:00','F','F','F','T','~2026-11-28 00:42:36');
INSERT INTO "taxperiod" VALUES(2,'Q1 2024','~2024-01-01 00:00:00','~2024-03-31 00:00:00','F','F','T','F','~2026-11-28 00:42:36');
INSERT INTO "taxperiod" VALUES(3,'Jan 2024','~2024-01-01 00:00:00','~2024-01-31 00:00:00','F','F','F','F','~2026-11-28 00:42:36');
INSERT INTO "taxperiod" VALUES(4,'Feb 2024','~2024-02-01 00:00:00','~2024-02-29 00:00:00','F','F','F','F','~2026-11-28 00:42:36');
INSERT INTO "taxperiod" VALUES(5,'Mar 2024','~2024-03-01 00:00:00','~2024-03-31 00:00:00','F','F','F','F','~2026-11-28 00:42:36');
INSERT INTO "taxperiod" VALUES(6,'Q2 2024','~2024-04-01 00:00:00','~2024-06-30 00:00:00','F','F','T','F','~2026-11-28 00:42:36');
INSERT INTO "taxperiod" VALUES(7,'Apr 2024','~2024-04-01 00:00:00','~2024-04-30 00:00:00','F','F','F','F','~2026-11-28 00:42:36');
INSERT INTO "taxperiod" VALUES(8,'May 2024','~2024-05-01 00:00:00','~2024-05-31 00:00:00','F','F','F','F','~2026-11-28 00:42:36');
INSERT INTO "taxperiod" VALUES(9,'Jun 2024','~2024-06-01 00:00:00','~2024-06-30 00:00:00','F','F','F','F','~2026-11-28 00:42:36');
INSERT INTO "taxperiod" VALUES(10,'Q3 2024','~2024-07-01 00:00:00','~2024-09-30 00:00:00','F','F','T','F','~2026-11-28 00:42:36');
INSERT INTO "taxperiod" VALUES(11,'Jul 2024','~2024-07-01 00:00:00','~2024-07-31 00:00:00','F','F','F','F','~2026-11-28 00:42:36');
INSERT INTO "taxperiod" VALUES(12,'Aug 2024','~2024-08-01 00:00:00','~2024-08-31 00:00:00','F','F','F','F','~2026-11-28 00:42:36');
INSERT INTO "taxperiod" VALUES(13,'Sep 2024','~2024-09-01 00:00:00','~2024-09-30 00:00:00','F','F','F','F','~2026-11-28 00:42:36');
INSERT INTO "taxperiod" VALUES(14,'Q4 2024','~2024-10-01 00:00:00','~2024-12-31 00:00:00','F','F','T','F','~2026-11-28 00:42:36');
INSERT INTO "taxperiod" VALUES(15,'Oct 2024','~2024-10-01 00:00:00','~2024-10-31 00:00:00','F','F','F','F','~2026-11-28 00:42:36');
INSERT INTO "taxperiod" VALUES(16,'Nov 2024','~2024-11-01 00:00:00','~2024-11-30 00:00:00','F','F','F','F','~2026-11-28 00:42:36');
INSERT INTO "taxperiod" VALUES(17,'Dec 2024','~2024-12-01 00:00:00','~2024-12-31 00:00:00','F','F','F','F','~2026-11-28 00:42:36');
INSERT INTO "taxperiod" VALUES(18,'FY 2025','~2025-01-01 00:00:00','~2025-12-31 00:00:00','F','F','F','T','~2026-11-28 00:42:36');
INSERT INTO "taxperiod" VALUES(19,'Q1 2025','~2025-01-01 00:00:00','~2025-03-31 00:00:00','F','F','T','F','~2026-11-28 00:42:36');
INSERT INTO "taxperiod" VALUES(20,'Jan 2025','~2025-01-01 00:00:00','~2025-01-31 00:00:00','F','F','F','F','~2026-11-28 00:42:36');
INSERT INTO "taxperiod" VALUES(21,'Feb 2025','~2025-02-01 00:00:00','~2025-02-28 00:00:00','F','F','F','F','~2026-11-28 00:42:36');
INSERT INTO "taxperiod" VALUES(22,'Mar 2025','~2025-03-01 00:00:00','~2025-03-31 00:00:00','F','F','F','F','~2026-11-28 00:42:36');
INSERT INTO "taxperiod" VALUES(23,'Q2 2025','~2025-04-01 00:00:00','~2025-06-30 00:00:00','F','F','T','F','~2026-11-28 00:42:36');
INSERT INTO "taxperiod" VALUES(24,'Apr 2025','~2025-04-01 00:00:00','~2025-04-30 00:00:00','F','F','F','F','~2026-11-28 00:42:36');
INSERT INTO "taxperiod" VALUES(25,'May 2025','~2025-05-01 00:00:00','~2025-05-31 00:00:00','F','F','F','F','~2026-11-28 00:42:36');
INSERT INTO "taxperiod" VALUES(26,'Jun 2025','~2025-06-01 00:00:00','~2025-06-30 00:00:00','F','F','F','F','~2026-11-28 00:42:36');
INSERT INTO "taxperiod" VALUES(27,'Q3 2025','~2025-07-01 00:00:00','~2025-09-30 00:00:00','F','F','T','F','~2026-11-28 00:42:36');
INSERT INTO "taxperiod" VALUES(28,'Jul 2025','~2025-07-01 00:00:00','~2025-07-31 00:00:00','F','F','F','F','~2026-11-28 00:42:36');
INSERT INTO "taxperiod" VALUES(29,'Aug 2025','~2025-08-01 00:00:00','~2025-08-31 00:00:00','F','F','F','F','~2026-11-28 00:42:36');
INSERT INTO "taxperiod" VALUES(30,'Sep 2025','~2025-09-01 00:00:00','~2025-09-30 00:00:00','F','F','F','F','~2026-11-28 00:42:36');
INSERT INTO "taxperiod" VALUES(31,'Q4 2025','~2025-10-01 00:00:00','~2025-12-31 00:00:00','F','F','T','F','~2026-11-28 00:42:36');
INSERT INTO "taxperiod" VALUES(32,'Oct 2025','~2025-10-01 00:00:00','~2025-10-31 00:00:00','F','F','F','F','~2026-11-28 00:42:36');
INSERT INTO "taxperiod" VALUES(33,'Nov 2025','~2025-11-01 00:00:00','~2025-11-30 00:00:00','F','F','F','F','~2026-11-28 00:42:36');
INSERT INTO "taxperiod" VALUES(34,'Dec 2025','~2025-12-01 00:00:00','~2025-12-31 00:00:00','F','F','F','F','~2026-11-28 00:42:36');
INSERT INTO "taxperiod" VALUES(35,'FY 2026','~2026-01-01 00:00:00','~2026-12-31 00:00:00','F','F','F','T','~2026-11-28 00:42:36');
INSERT INTO "taxperiod" VALUES(36,'Q1 2026','~2026-01-01 00:00:00','~2026-03-31 00:00:00','F','F','T','F','~2026-11-28 00:42:36');
INSERT INTO "taxperiod" VALUES(37,'Jan 2026','~2026-01-01 00:00:00','~2026-01-31 00:00:00','F','F','F','F','~2026-11-28 00:42:36');
INSERT INTO "taxperiod" VALUES(38,'Feb 2026','~2026-02-01 00:00:00','~2026-02-28 00:00:00','F','F','F','F','~2026-11-28 00:42:36');
INSERT INTO "taxperiod" VALUES(39,'Mar 2026','~2026-03-01 00:00:00','~2026-03-31 00:00:00','F','F','F','F','~2026-11-28 00:42:36');
INSERT INTO "taxperiod" VALUES(40,'Q2 2026','~2026-04-01 00:00:00','~2026-06-30 00:00:00','F','F','T','F','~2026-11-28 00:42:36');
INSERT INTO "taxperiod" VALUES(41,'Apr 2026','~2026-04-01 00:00:00','~2026-04-30 00:00:00','F','F','F','F','~2026-11-28 00:42:36');
INSERT INTO "taxperiod" VALUES(42,'May 2026','~2026-05-01 00:00:00','~2026-05-31 00:00:00','F','F','F','F','~2026-11-28 00:42:36');
INSERT INTO "taxperiod" VALUES(43,'Jun 2026','~2026-06-01 00:00:00','~2026-06-30 00:00:00','F','F','F','F','~2026-11-28 00:42:36');
INSERT INTO "taxperiod" VALUES(44,'Q3 2026','~2026-07-01 00:00:00','~2026-09-30 00:00:00','F','F','T','F','~2026-11-28 00:42:36');
INSERT INTO "taxperiod" VALUES(45,'Jul 2026','~2026-07-01 00:00:00','~2026-07-31 00:00:00','F','F','F','F','~2026-11-28 00:42:36');
INSERT INTO "taxperiod" VALUES(46,'Aug 2026','~2026-08-01 00:00:00','~2026-08-31 00:00:00','F','F','F','F','~2026-11-28 00:42:36');
INSERT INTO "taxperiod" VALUES(47,'Sep 2026','~2026-09-01 00:00:00','~2026-09-30 00:00:00','F','F','F','F','~2026-11-28 00:42:36');
INSERT INTO "taxperiod" VALUES(48,'Q4 2026','~2026-10-01 00:00:00','~2026-12-31 00:00:00','F','F','T','F','~2026-11-28 00:42:36');
INSERT INTO "taxperiod" VALUES(49,'Oct 2026','~2026-10-01 00:00:00','~2026-10-31 00:00:00','F','F','F','F','~2026-11-28 00:42:36');
INSERT INTO "taxperiod" VALUES(50,'Nov 2026','~2026-11-01 00:00:00','~2026-11-30 00:00:00','F','F','F','F','~2026-11-28 00:42:36');
INSERT INTO "taxperiod" VALUES(51,'Dec 2026','~2026-12-01 00:00:00','~2026-12-31 00:00:00','F','F','F','F','~2026-11-28 00:42:36');
INSERT INTO "taxperiod" VALUES(52,'FY 2027','~2027-01-01 00:00:00','~2027-12-31 00:00:00','F','F','F','T','~2026-11-28 00:42:36');
INSERT INTO "taxperiod" VALUES(53,'Q1 2027','~2027-01-01 00:00:00','~2027-03-31 00:00:00','F','F','T','F','~2026-11-28 00:42:36');
INSERT INTO "taxperiod" VALUES(54,'Jan 2027','~2027-01-01 00:00:00','~2027-01-31 00:00:00','F','F','F','F','~2026-11-28 00:42:36');
INSERT INTO "taxperiod" VALUES(55,'Feb 2027','~2027-02-01 00:00:00','~2027-02-28 00:00:00','F','F','F','F','~2026-11-28 00:42:36');
INSERT INTO "taxperiod" VALUES(56,'Mar 2027','~2027-03-01 00:00:00','~2027-03-31 00:00:00','F','F','F','F','~2026-11-28 00:42:36');
INSERT INTO "taxperiod" VALUES(57,'Q2 2027','~2027-04-01 00:00:00','~2027-06-30 00:00:00','F','F','T','F','~2026-11-28 00:42:36');
INSERT INTO "taxperiod" VALUES(58,'Apr 2027','~2027-04-01 00:00:00','~2027-04-30 00:00:00','F','F','F','F','~2026-11-28 00:42:36');
INSERT INTO "taxperiod" VALUES(59,'May 2027','~2027-05-01 00:00:00','~2027-05-31 00:00:00','F','F','F','F','~2026-11-28 00:42:36');
INSERT INTO "taxperiod" VALUES(60,'Jun 2027','~2027-06-01 00:00:00','~2027-06-30 00:00:00','F','F','F','F','~2026-11-28 00:42:36');
INSERT INTO "taxperiod" VALUES(61,'Q3 2027','~2027-07-01 00:00:00','~2027-09-30 00:00:00','F','F','T','F','~2026-11-28 00:42:36');
INSERT INTO "taxperiod" VALUES(62,'Jul 2027','~2027-07-01 00:00:00','~2027-07-31 00:00:00','F','F','F','F','~2026-11-28 00:42:36');
INSERT INTO "taxperiod" VALUES(63,'Aug 2027','~2027-08-01 00:00:00','~2027-08-31 00:00:00','F','F','F','F','~2026-11-28 00:42:36');
INSERT INTO "taxperiod" VALUES(64,'Sep 2027','~2027-09-01 00:00:00','~2027-09-30 00:00:00','F','F','F','F','~2026-11-28 00:42:36');
INSERT INTO "taxperiod" VALUES(65,'Q4 2027','~2027-10-01 00:00:00','~2027-12-31 00:00:00','F','F','T','F','~2026-11-28 00:42:36');
INSERT INTO "taxperiod" VALUES(66,'Oct 2027','~2027-10-01 00:00:00','~2027-10-31 00:00:00','F','F','F','F','~2026-11-28 00:42:36');
INSERT INTO "taxperiod" VALUES(67,'Nov 2027','~2027-11-01 00:00:00','~2027-11-30 00:00:00','F','F','F','F','~2026-11-28 00:42:36');
INSERT INTO "taxperiod" VALUES(68,'Dec 2027','~2027-12-01 00:00:00','~2027-12-31 00:00:00','F','F','F','F','~2026-11-28 00:42:36');
CREATE TABLE term (
  id INTEGER PRIMARY KEY, name TEXT, daysuntilnetdue INTEGER, isinactive TEXT DEFAULT 'F');
INSERT INTO "term" VALUES(1,'Net 15',15,'F');
INSERT INTO "term" VALUES(2,'Net 30',30,'F');
INSERT INTO "term" VALUES(3,'Net 60',60,'F');
INSERT INTO "term" VALUES(4,'Due on receipt',0,'F');
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
INSERT INTO "transaction" VALUES(1001,'INV1001','INV1001','Invoice #INV1001','in_16dxxfjrBgfwMP1W7sLgDpcM','CustInvc','INV','invoice','~2026-11-16 00:00:00','~2026-12-16 00:00:00',NULL,NULL,101,1,1.0,50,'T','A',2,'F','F','Stripe: in_16dxxfjrBgfwMP1W7sLgDpcM','NW-000003',NULL,NULL,'REST Web Services','~2026-11-28 00:42:55','~2026-11-28 00:42:55',NULL,665000,0,100,665000,100,'debt',1,2,'in_16dxxfjrbgfwmp1w7slgdpcm','2026-11-28T08:42:55Z','2026-11-28T08:42:55Z');
INSERT INTO "transaction" VALUES(1002,'INV1002','INV1002','Invoice #INV1002','in_1NmwMWyDaYxLgO5z4LErz04C','CustInvc','INV','invoice','~2026-11-16 00:00:00','~2026-12-16 00:00:00',NULL,NULL,104,9,3.25,50,'T','A',2,'F','F','Stripe: in_1NmwMWyDaYxLgO5z4LErz04C','NW-000004',NULL,NULL,'REST Web Services','~2026-11-28 00:42:55','~2026-11-28 00:42:55',NULL,293880,0,1000,95511,100,'debt',1,2,'in_1nmwmwydayxlgo5z4lerz04c','2026-11-28T08:42:55Z','2026-11-28T08:42:55Z');
INSERT INTO "transaction" VALUES(1003,'INV1003','INV1003','Invoice #INV1003','in_1MIgfBzsp1CCA3TTkceQm3Pq','CustInvc','INV','invoice','~2026-11-16 00:00:00','~2026-12-16 00:00:00',NULL,NULL,102,4,1.1,50,'T','A',2,'F','F','Stripe: in_1MIgfBzsp1CCA3TTkceQm3Pq','NW-000002',NULL,NULL,'REST Web Services','~2026-11-28 00:42:55','~2026-11-28 00:42:55',NULL,266978,0,100,293676,100,'debt',1,2,'in_1migfbzsp1cca3ttkceqm3pq','2026-11-28T08:42:55Z','2026-11-28T08:42:55Z');
INSERT INTO "transaction" VALUES(1004,'INV1004','INV1004','Invoice #INV1004','in_1g9Ig4A3NYSotFROMzJcXZO8','CustInvc','INV','invoice','~2026-11-16 00:00:00','~2026-12-16 00:00:00',NULL,NULL,103,2,1.27,50,'T','A',2,'F','F','Stripe: in_1g9Ig4A3NYSotFROMzJcXZO8','NW-000001',NULL,NULL,'REST Web Services','~2026-11-28 00:42:55','~2026-11-28 00:42:55',NULL,2969040,0,100,3770681,100,'debt',1,2,'in_1g9ig4a3nysotfromzjcxzo8','2026-11-28T08:42:55Z','2026-11-28T08:42:55Z');
INSERT INTO "transaction" VALUES(1005,'INV1005','INV1005','Invoice #INV1005','in_1R4EFNv9k8DNDhQbdula3NWw','CustInvc','INV','invoice','~2026-11-18 00:00:00','~2026-11-18 00:00:00',NULL,NULL,108,3,0.72,50,'T','A',2,'F','F','Stripe: in_1R4EFNv9k8DNDhQbdula3NWw','NW-000010',NULL,NULL,'REST Web Services','~2026-11-28 00:43:35','~2026-11-28 00:43:35',NULL,289548,0,100,208475,100,'debt',1,2,'in_1r4efnv9k8dndhqbdula3nww','2026-11-28T08:43:35Z','2026-11-28T08:43:35Z');
INSERT INTO "transaction" VALUES(1006,'INV1006','INV1006','Invoice #INV1006','in_1GzDGC3LYzHOsd3KZVXnh2zv','CustInvc','INV','invoice','~2026-11-17 00:00:00','~2026-12-17 00:00:00',NULL,NULL,107,7,0.0067,50,'T','A',2,'F','F','Stripe: in_1GzDGC3LYzHOsd3KZVXnh2zv','NW-000005',NULL,NULL,'REST Web Services','~2026-11-28 00:43:35','~2026-11-28 00:43:35',NULL,276600,0,1,185322,100,'debt',1,2,'in_1gzdgc3lyzhosd3kzvxnh2zv','2026-11-28T08:43:35Z','2026-11-28T08:43:35Z');
INSERT INTO "transaction" VALUES(1007,'INV1007','INV1007','Invoice #INV1007','in_1REqChqOqRZgnFXfwhMVYc0R','CustInvc','INV','invoice','~2026-11-18 00:00:00','~2026-12-18 00:00:00',NULL,NULL,106,1,1.0,50,'T','A',2,'F','F','Stripe: in_1REqChqOqRZgnFXfwhMVYc0R','NW-000009',NULL,NULL,'REST Web Services','~2026-11-28 00:43:35','~2026-11-28 00:43:35',NULL,94800,0,100,94800,100,'debt',1,2,'in_1reqchqoqrzgnfxfwhmvyc0r','2026-11-28T08:43:35Z','2026-11-28T08:43:35Z');
INSERT INTO "transaction" VALUES(1008,'INV1008','INV1008','Invoice #INV1008','in_17zHNTqmOgNS5CfFHR6LPynM','CustInvc','INV','invoice','~2026-11-18 00:00:00','~2026-12-18 00:00:00',NULL,NULL,105,1,1.0,50,'T','A',2,'F','F','Stripe: in_17zHNTqmOgNS5CfFHR6LPynM','NW-000011',NULL,NULL,'REST Web Services','~2026-11-28 00:43:35','~2026-11-28 00:43:35',NULL,796000,0,100,796000,100,'debt',1,2,'in_17zhntqmogns5cffhr6lpynm','2026-11-28T08:43:35Z','2026-11-28T08:43:35Z');
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
INSERT INTO "transactionaccountingline" VALUES(1001,0,1,2,'T',1.0,'~2026-11-28 00:42:55',665000,0,665000,100);
INSERT INTO "transactionaccountingline" VALUES(1001,1,1,4,'T',1.0,'~2026-11-28 00:42:55',-300000,NULL,NULL,100);
INSERT INTO "transactionaccountingline" VALUES(1001,2,1,4,'T',1.0,'~2026-11-28 00:42:55',-360000,NULL,NULL,100);
INSERT INTO "transactionaccountingline" VALUES(1001,3,1,4,'T',1.0,'~2026-11-28 00:42:55',-5000,NULL,NULL,100);
INSERT INTO "transactionaccountingline" VALUES(1002,0,1,2,'T',3.25,'~2026-11-28 00:42:55',95511,0,95511,100);
INSERT INTO "transactionaccountingline" VALUES(1002,1,1,4,'T',3.25,'~2026-11-28 00:42:55',-95511,NULL,NULL,100);
INSERT INTO "transactionaccountingline" VALUES(1003,0,1,2,'T',1.1,'~2026-11-28 00:42:55',293676,0,293676,100);
INSERT INTO "transactionaccountingline" VALUES(1003,1,1,4,'T',1.1,'~2026-11-28 00:42:55',1537,NULL,NULL,100);
INSERT INTO "transactionaccountingline" VALUES(1003,2,1,4,'T',1.1,'~2026-11-28 00:42:55',-7838,NULL,NULL,100);
INSERT INTO "transactionaccountingline" VALUES(1003,3,1,4,'T',1.1,'~2026-11-28 00:42:55',-287375,NULL,NULL,100);
INSERT INTO "transactionaccountingline" VALUES(1004,0,1,2,'T',1.27,'~2026-11-28 00:42:55',3770681,0,3770681,100);
INSERT INTO "transactionaccountingline" VALUES(1004,1,1,4,'T',1.27,'~2026-11-28 00:42:55',-33697,NULL,NULL,100);
INSERT INTO "transactionaccountingline" VALUES(1004,2,1,4,'T',1.27,'~2026-11-28 00:42:55',-4233,NULL,NULL,100);
INSERT INTO "transactionaccountingline" VALUES(1004,3,1,4,'T',1.27,'~2026-11-28 00:42:55',-127000,NULL,NULL,100);
INSERT INTO "transactionaccountingline" VALUES(1004,4,1,4,'T',1.27,'~2026-11-28 00:42:55',-6350,NULL,NULL,100);
INSERT INTO "transactionaccountingline" VALUES(1004,5,1,4,'T',1.27,'~2026-11-28 00:42:55',-254000,NULL,NULL,100);
INSERT INTO "transactionaccountingline" VALUES(1004,6,1,4,'T',1.27,'~2026-11-28 00:42:55',-86360,NULL,NULL,100);
INSERT INTO "transactionaccountingline" VALUES(1004,7,1,4,'T',1.27,'~2026-11-28 00:42:55',-2117,NULL,NULL,100);
INSERT INTO "transactionaccountingline" VALUES(1004,8,1,4,'T',1.27,'~2026-11-28 00:42:55',-14393,NULL,NULL,100);
INSERT INTO "transactionaccountingline" VALUES(1004,9,1,4,'T',1.27,'~2026-11-28 00:42:55',-254000,NULL,NULL,100);
INSERT INTO "transactionaccountingline" VALUES(1004,10,1,4,'T',1.27,'~2026-11-28 00:42:55',-203200,NULL,NULL,100);
INSERT INTO "transactionaccountingline" VALUES(1004,11,1,4,'T',1.27,'~2026-11-28 00:42:55',-86360,NULL,NULL,100);
INSERT INTO "transactionaccountingline" VALUES(1004,12,1,4,'T',1.27,'~2026-11-28 00:42:55',-127000,NULL,NULL,100);
INSERT INTO "transactionaccountingline" VALUES(1004,13,1,4,'T',1.27,'~2026-11-28 00:42:55',-101600,NULL,NULL,100);
INSERT INTO "transactionaccountingline" VALUES(1004,14,1,4,'T',1.27,'~2026-11-28 00:42:55',-203200,NULL,NULL,100);
INSERT INTO "transactionaccountingline" VALUES(1004,15,1,4,'T',1.27,'~2026-11-28 00:42:55',-86360,NULL,NULL,100);
INSERT INTO "transactionaccountingline" VALUES(1004,16,1,4,'T',1.27,'~2026-11-28 00:42:55',-101600,NULL,NULL,100);
INSERT INTO "transactionaccountingline" VALUES(1004,17,1,4,'T',1.27,'~2026-11-28 00:42:55',-304800,NULL,NULL,100);
INSERT INTO "transactionaccountingline" VALUES(1004,18,1,4,'T',1.27,'~2026-11-28 00:42:55',-203200,NULL,NULL,100);
INSERT INTO "transactionaccountingline" VALUES(1004,19,1,4,'T',1.27,'~2026-11-28 00:42:55',-6350,NULL,NULL,100);
INSERT INTO "transactionaccountingline" VALUES(1004,20,1,4,'T',1.27,'~2026-11-28 00:42:55',-4233,NULL,NULL,100);
INSERT INTO "transactionaccountingline" VALUES(1004,21,1,4,'T',1.27,'~2026-11-28 00:42:55',-2117,NULL,NULL,100);
INSERT INTO "transactionaccountingline" VALUES(1004,22,1,4,'T',1.27,'~2026-11-28 00:42:55',-127000,NULL,NULL,100);
INSERT INTO "transactionaccountingline" VALUES(1004,23,1,4,'T',1.27,'~2026-11-28 00:42:55',-28787,NULL,NULL,100);
INSERT INTO "transactionaccountingline" VALUES(1004,24,1,4,'T',1.27,'~2026-11-28 00:42:55',-2117,NULL,NULL,100);
INSERT INTO "transactionaccountingline" VALUES(1004,25,1,4,'T',1.27,'~2026-11-28 00:42:55',-304800,NULL,NULL,100);
INSERT INTO "transactionaccountingline" VALUES(1004,26,1,4,'T',1.27,'~2026-11-28 00:42:55',-254000,NULL,NULL,100);
INSERT INTO "transactionaccountingline" VALUES(1004,27,1,4,'T',1.27,'~2026-11-28 00:42:55',-86360,NULL,NULL,100);
INSERT INTO "transactionaccountingline" VALUES(1004,28,1,4,'T',1.27,'~2026-11-28 00:42:55',-127000,NULL,NULL,100);
INSERT INTO "transactionaccountingline" VALUES(1004,29,1,5,'T',1.27,'~2026-11-28 00:42:55',-628447,NULL,NULL,100);
INSERT INTO "transactionaccountingline" VALUES(1005,0,1,2,'T',0.72,'~2026-11-28 00:43:35',208475,0,208475,100);
INSERT INTO "transactionaccountingline" VALUES(1005,1,1,4,'T',0.72,'~2026-11-28 00:43:35',-145800,NULL,NULL,100);
INSERT INTO "transactionaccountingline" VALUES(1005,2,1,4,'T',0.72,'~2026-11-28 00:43:35',-33048,NULL,NULL,100);
INSERT INTO "transactionaccountingline" VALUES(1005,3,1,4,'T',0.72,'~2026-11-28 00:43:35',-7290,NULL,NULL,100);
INSERT INTO "transactionaccountingline" VALUES(1005,4,1,5,'T',0.72,'~2026-11-28 00:43:35',-22337,NULL,NULL,100);
INSERT INTO "transactionaccountingline" VALUES(1006,0,1,2,'T',0.0067,'~2026-11-28 00:43:35',185322,0,185322,100);
INSERT INTO "transactionaccountingline" VALUES(1006,1,1,4,'T',0.0067,'~2026-11-28 00:43:35',-68340,NULL,NULL,100);
INSERT INTO "transactionaccountingline" VALUES(1006,2,1,4,'T',0.0067,'~2026-11-28 00:43:35',13668,NULL,NULL,100);
INSERT INTO "transactionaccountingline" VALUES(1006,3,1,4,'T',0.0067,'~2026-11-28 00:43:35',-42713,NULL,NULL,100);
INSERT INTO "transactionaccountingline" VALUES(1006,4,1,4,'T',0.0067,'~2026-11-28 00:43:35',8543,NULL,NULL,100);
INSERT INTO "transactionaccountingline" VALUES(1006,5,1,4,'T',0.0067,'~2026-11-28 00:43:35',-120600,NULL,NULL,100);
INSERT INTO "transactionaccountingline" VALUES(1006,6,1,4,'T',0.0067,'~2026-11-28 00:43:35',24120,NULL,NULL,100);
INSERT INTO "transactionaccountingline" VALUES(1007,0,1,2,'T',1.0,'~2026-11-28 00:43:35',94800,0,94800,100);
INSERT INTO "transactionaccountingline" VALUES(1007,1,1,4,'T',1.0,'~2026-11-28 00:43:35',-94800,NULL,NULL,100);
INSERT INTO "transactionaccountingline" VALUES(1008,0,1,2,'T',1.0,'~2026-11-28 00:43:35',796000,0,796000,100);
INSERT INTO "transactionaccountingline" VALUES(1008,1,1,4,'T',1.0,'~2026-11-28 00:43:35',-300000,NULL,NULL,100);
INSERT INTO "transactionaccountingline" VALUES(1008,2,1,4,'T',1.0,'~2026-11-28 00:43:35',-136000,NULL,NULL,100);
INSERT INTO "transactionaccountingline" VALUES(1008,3,1,4,'T',1.0,'~2026-11-28 00:43:35',-360000,NULL,NULL,100);
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
INSERT INTO "transactionline" VALUES(1,1001,0,0,'T','F','F','F',NULL,NULL,NULL,'Stripe: in_16dxxfjrBgfwMP1W7sLgDpcM',101,NULL,NULL,NULL,NULL,NULL,1,'F','F','~2026-11-28 00:42:55','~2026-11-28 00:42:55',NULL,NULL,665000,0,665000,NULL,NULL,100,665000,100);
INSERT INTO "transactionline" VALUES(2,1001,1,1,'F','F','F','F',1,-1.0,3000.0,'2 x Onboarding package',101,NULL,NULL,NULL,NULL,NULL,1,'F','F','~2026-11-28 00:42:55','~2026-11-28 00:42:55',NULL,NULL,-300000,NULL,NULL,NULL,NULL,100,-300000,100);
INSERT INTO "transactionline" VALUES(3,1001,2,2,'F','F','F','F',1,-1.0,3600.0,'3 x Training day',101,NULL,NULL,NULL,NULL,NULL,1,'F','F','~2026-11-28 00:42:55','~2026-11-28 00:42:55',NULL,NULL,-360000,NULL,NULL,NULL,NULL,100,-360000,100);
INSERT INTO "transactionline" VALUES(4,1001,3,3,'F','F','F','F',1,-1.0,50.0,'2 x Data export',101,NULL,NULL,NULL,NULL,NULL,1,'F','F','~2026-11-28 00:42:55','~2026-11-28 00:42:55',NULL,NULL,-5000,NULL,NULL,NULL,NULL,100,-5000,100);
INSERT INTO "transactionline" VALUES(5,1002,0,0,'T','F','F','F',NULL,NULL,NULL,'Stripe: in_1NmwMWyDaYxLgO5z4LErz04C',104,NULL,NULL,NULL,NULL,NULL,1,'F','F','~2026-11-28 00:42:55','~2026-11-28 00:42:55',NULL,NULL,293880,0,293880,NULL,NULL,1000,95511,100);
INSERT INTO "transactionline" VALUES(6,1002,1,1,'F','F','F','F',1,-1.0,293.88,'12 x Analytics add-on',104,NULL,NULL,NULL,NULL,NULL,1,'F','F','~2026-11-28 00:42:55','~2026-11-28 00:42:55',NULL,NULL,-293880,NULL,NULL,NULL,NULL,1000,-95511,100);
INSERT INTO "transactionline" VALUES(7,1003,0,0,'T','F','F','F',NULL,NULL,NULL,'Stripe: in_1MIgfBzsp1CCA3TTkceQm3Pq',102,NULL,NULL,NULL,NULL,NULL,1,'F','F','~2026-11-28 00:42:55','~2026-11-28 00:42:55',NULL,NULL,266978,0,266978,NULL,NULL,100,293676,100);
INSERT INTO "transactionline" VALUES(8,1003,1,1,'F','F','F','F',1,-1.0,-13.97,'Unused time on Starter plan after 09 Nov 2026',102,NULL,NULL,NULL,NULL,NULL,1,'F','F','~2026-11-28 00:42:55','~2026-11-28 00:42:55',NULL,NULL,1397,NULL,NULL,NULL,NULL,100,1537,100);
INSERT INTO "transactionline" VALUES(9,1003,2,2,'F','F','F','F',1,-1.0,71.25,'Remaining time on Premium support after 09 Nov 2026',102,NULL,NULL,NULL,NULL,NULL,1,'F','F','~2026-11-28 00:42:55','~2026-11-28 00:42:55',NULL,NULL,-7125,NULL,NULL,NULL,NULL,100,-7838,100);
INSERT INTO "transactionline" VALUES(10,1003,3,3,'F','F','F','F',1,-1.0,2612.5,'11 x Premium support',102,NULL,NULL,NULL,NULL,NULL,1,'F','F','~2026-11-28 00:42:55','~2026-11-28 00:42:55',NULL,NULL,-261250,NULL,NULL,NULL,NULL,100,-287375,100);
INSERT INTO "transactionline" VALUES(11,1004,0,0,'T','F','F','F',NULL,NULL,NULL,'Stripe: in_1g9Ig4A3NYSotFROMzJcXZO8',103,NULL,NULL,NULL,NULL,NULL,1,'F','F','~2026-11-28 00:42:55','~2026-11-28 00:42:55',NULL,NULL,2969040,0,2969040,NULL,NULL,100,3770681,100);
INSERT INTO "transactionline" VALUES(12,1004,1,1,'F','F','F','F',1,-1.0,265.33,'2 x Growth plan',103,NULL,NULL,NULL,NULL,NULL,1,'F','F','~2026-11-28 00:42:55','~2026-11-28 00:42:55',NULL,NULL,-26533,NULL,NULL,NULL,NULL,100,-33697,100);
INSERT INTO "transactionline" VALUES(13,1004,2,2,'F','F','F','F',1,-1.0,33.33,'2 x Data export',103,NULL,NULL,NULL,NULL,NULL,1,'F','F','~2026-11-28 00:42:55','~2026-11-28 00:42:55',NULL,NULL,-3333,NULL,NULL,NULL,NULL,100,-4233,100);
INSERT INTO "transactionline" VALUES(14,1004,3,3,'F','F','F','F',1,-1.0,1000.0,'1 x Onboarding package',103,NULL,NULL,NULL,NULL,NULL,1,'F','F','~2026-11-28 00:42:55','~2026-11-28 00:42:55',NULL,NULL,-100000,NULL,NULL,NULL,NULL,100,-127000,100);
INSERT INTO "transactionline" VALUES(15,1004,4,4,'F','F','F','F',1,-1.0,50.0,'3 x Data export',103,NULL,NULL,NULL,NULL,NULL,1,'F','F','~2026-11-28 00:42:55','~2026-11-28 00:42:55',NULL,NULL,-5000,NULL,NULL,NULL,NULL,100,-6350,100);
INSERT INTO "transactionline" VALUES(16,1004,5,5,'F','F','F','F',1,-1.0,2000.0,'2 x Onboarding package',103,NULL,NULL,NULL,NULL,NULL,1,'F','F','~2026-11-28 00:42:55','~2026-11-28 00:42:55',NULL,NULL,-200000,NULL,NULL,NULL,NULL,100,-254000,100);
INSERT INTO "transactionline" VALUES(17,1004,6,6,'F','F','F','F',1,-1.0,680.0,'3 x Sensor kit',103,NULL,NULL,NULL,NULL,NULL,1,'F','F','~2026-11-28 00:42:55','~2026-11-28 00:42:55',NULL,NULL,-68000,NULL,NULL,NULL,NULL,100,-86360,100);
INSERT INTO "transactionline" VALUES(18,1004,7,7,'F','F','F','F',1,-1.0,16.67,'1 x Data export',103,NULL,NULL,NULL,NULL,NULL,1,'F','F','~2026-11-28 00:42:55','~2026-11-28 00:42:55',NULL,NULL,-1667,NULL,NULL,NULL,NULL,100,-2117,100);
INSERT INTO "transactionline" VALUES(19,1004,8,8,'F','F','F','F',1,-1.0,113.33,'2 x Field report',103,NULL,NULL,NULL,NULL,NULL,1,'F','F','~2026-11-28 00:42:55','~2026-11-28 00:42:55',NULL,NULL,-11333,NULL,NULL,NULL,NULL,100,-14393,100);
INSERT INTO "transactionline" VALUES(20,1004,9,9,'F','F','F','F',1,-1.0,2000.0,'2 x Onboarding package',103,NULL,NULL,NULL,NULL,NULL,1,'F','F','~2026-11-28 00:42:55','~2026-11-28 00:42:55',NULL,NULL,-200000,NULL,NULL,NULL,NULL,100,-254000,100);
INSERT INTO "transactionline" VALUES(21,1004,10,10,'F','F','F','F',1,-1.0,1600.0,'2 x Training day',103,NULL,NULL,NULL,NULL,NULL,1,'F','F','~2026-11-28 00:42:55','~2026-11-28 00:42:55',NULL,NULL,-160000,NULL,NULL,NULL,NULL,100,-203200,100);
INSERT INTO "transactionline" VALUES(22,1004,11,11,'F','F','F','F',1,-1.0,680.0,'3 x Sensor kit',103,NULL,NULL,NULL,NULL,NULL,1,'F','F','~2026-11-28 00:42:55','~2026-11-28 00:42:55',NULL,NULL,-68000,NULL,NULL,NULL,NULL,100,-86360,100);
INSERT INTO "transactionline" VALUES(23,1004,12,12,'F','F','F','F',1,-1.0,1000.0,'1 x Onboarding package',103,NULL,NULL,NULL,NULL,NULL,1,'F','F','~2026-11-28 00:42:55','~2026-11-28 00:42:55',NULL,NULL,-100000,NULL,NULL,NULL,NULL,100,-127000,100);
INSERT INTO "transactionline" VALUES(24,1004,13,13,'F','F','F','F',1,-1.0,800.0,'1 x Training day',103,NULL,NULL,NULL,NULL,NULL,1,'F','F','~2026-11-28 00:42:55','~2026-11-28 00:42:55',NULL,NULL,-80000,NULL,NULL,NULL,NULL,100,-101600,100);
INSERT INTO "transactionline" VALUES(25,1004,14,14,'F','F','F','F',1,-1.0,1600.0,'2 x Training day',103,NULL,NULL,NULL,NULL,NULL,1,'F','F','~2026-11-28 00:42:55','~2026-11-28 00:42:55',NULL,NULL,-160000,NULL,NULL,NULL,NULL,100,-203200,100);
INSERT INTO "transactionline" VALUES(26,1004,15,15,'F','F','F','F',1,-1.0,680.0,'3 x Sensor kit',103,NULL,NULL,NULL,NULL,NULL,1,'F','F','~2026-11-28 00:42:55','~2026-11-28 00:42:55',NULL,NULL,-68000,NULL,NULL,NULL,NULL,100,-86360,100);
INSERT INTO "transactionline" VALUES(27,1004,16,16,'F','F','F','F',1,-1.0,800.0,'1 x Training day',103,NULL,NULL,NULL,NULL,NULL,1,'F','F','~2026-11-28 00:42:55','~2026-11-28 00:42:55',NULL,NULL,-80000,NULL,NULL,NULL,NULL,100,-101600,100);
INSERT INTO "transactionline" VALUES(28,1004,17,17,'F','F','F','F',1,-1.0,2400.0,'3 x Training day',103,NULL,NULL,NULL,NULL,NULL,1,'F','F','~2026-11-28 00:42:55','~2026-11-28 00:42:55',NULL,NULL,-240000,NULL,NULL,NULL,NULL,100,-304800,100);
INSERT INTO "transactionline" VALUES(29,1004,18,18,'F','F','F','F',1,-1.0,1600.0,'2 x Training day',103,NULL,NULL,NULL,NULL,NULL,1,'F','F','~2026-11-28 00:42:55','~2026-11-28 00:42:55',NULL,NULL,-160000,NULL,NULL,NULL,NULL,100,-203200,100);
INSERT INTO "transactionline" VALUES(30,1004,19,19,'F','F','F','F',1,-1.0,50.0,'3 x Data export',103,NULL,NULL,NULL,NULL,NULL,1,'F','F','~2026-11-28 00:42:55','~2026-11-28 00:42:55',NULL,NULL,-5000,NULL,NULL,NULL,NULL,100,-6350,100);
INSERT INTO "transactionline" VALUES(31,1004,20,20,'F','F','F','F',1,-1.0,33.33,'2 x Data export',103,NULL,NULL,NULL,NULL,NULL,1,'F','F','~2026-11-28 00:42:55','~2026-11-28 00:42:55',NULL,NULL,-3333,NULL,NULL,NULL,NULL,100,-4233,100);
INSERT INTO "transactionline" VALUES(32,1004,21,21,'F','F','F','F',1,-1.0,16.67,'1 x Data export',103,NULL,NULL,NULL,NULL,NULL,1,'F','F','~2026-11-28 00:42:55','~2026-11-28 00:42:55',NULL,NULL,-1667,NULL,NULL,NULL,NULL,100,-2117,100);
INSERT INTO "transactionline" VALUES(33,1004,22,22,'F','F','F','F',1,-1.0,1000.0,'1 x Onboarding package',103,NULL,NULL,NULL,NULL,NULL,1,'F','F','~2026-11-28 00:42:55','~2026-11-28 00:42:55',NULL,NULL,-100000,NULL,NULL,NULL,NULL,100,-127000,100);
INSERT INTO "transactionline" VALUES(34,1004,23,23,'F','F','F','F',1,-1.0,226.67,'1 x Sensor kit',103,NULL,NULL,NULL,NULL,NULL,1,'F','F','~2026-11-28 00:42:55','~2026-11-28 00:42:55',NULL,NULL,-22667,NULL,NULL,NULL,NULL,100,-28787,100);
INSERT INTO "transactionline" VALUES(35,1004,24,24,'F','F','F','F',1,-1.0,16.67,'1 x Data export',103,NULL,NULL,NULL,NULL,NULL,1,'F','F','~2026-11-28 00:42:55','~2026-11-28 00:42:55',NULL,NULL,-1667,NULL,NULL,NULL,NULL,100,-2117,100);
INSERT INTO "transactionline" VALUES(36,1004,25,25,'F','F','F','F',1,-1.0,2400.0,'3 x Training day',103,NULL,NULL,NULL,NULL,NULL,1,'F','F','~2026-11-28 00:42:55','~2026-11-28 00:42:55',NULL,NULL,-240000,NULL,NULL,NULL,NULL,100,-304800,100);
INSERT INTO "transactionline" VALUES(37,1004,26,26,'F','F','F','F',1,-1.0,2000.0,'2 x Onboarding package',103,NULL,NULL,NULL,NULL,NULL,1,'F','F','~2026-11-28 00:42:55','~2026-11-28 00:42:55',NULL,NULL,-200000,NULL,NULL,NULL,NULL,100,-254000,100);
INSERT INTO "transactionline" VALUES(38,1004,27,27,'F','F','F','F',1,-1.0,680.0,'3 x Sensor kit',103,NULL,NULL,NULL,NULL,NULL,1,'F','F','~2026-11-28 00:42:55','~2026-11-28 00:42:55',NULL,NULL,-68000,NULL,NULL,NULL,NULL,100,-86360,100);
INSERT INTO "transactionline" VALUES(39,1004,28,28,'F','F','F','F',1,-1.0,1000.0,'1 x Onboarding package',103,NULL,NULL,NULL,NULL,NULL,1,'F','F','~2026-11-28 00:42:55','~2026-11-28 00:42:55',NULL,NULL,-100000,NULL,NULL,NULL,NULL,100,-127000,100);
INSERT INTO "transactionline" VALUES(40,1004,29,29,'F','F','F','F',3,-1.0,4948.4,'Tax',103,NULL,NULL,NULL,NULL,NULL,1,'F','F','~2026-11-28 00:42:55','~2026-11-28 00:42:55',NULL,NULL,-494840,NULL,NULL,NULL,NULL,100,-628447,100);
INSERT INTO "transactionline" VALUES(41,1005,0,0,'T','F','F','F',NULL,NULL,NULL,'Stripe: in_1R4EFNv9k8DNDhQbdula3NWw',108,NULL,NULL,NULL,NULL,NULL,1,'F','F','~2026-11-28 00:43:35','~2026-11-28 00:43:35',NULL,NULL,289548,0,289548,NULL,NULL,100,208475,100);
INSERT INTO "transactionline" VALUES(42,1005,1,1,'F','F','F','F',1,-1.0,2025.0,'1 x Onboarding package',108,NULL,NULL,NULL,NULL,NULL,1,'F','F','~2026-11-28 00:43:35','~2026-11-28 00:43:35',NULL,NULL,-202500,NULL,NULL,NULL,NULL,100,-145800,100);
INSERT INTO "transactionline" VALUES(43,1005,2,2,'F','F','F','F',1,-1.0,459.0,'1 x Sensor kit',108,NULL,NULL,NULL,NULL,NULL,1,'F','F','~2026-11-28 00:43:35','~2026-11-28 00:43:35',NULL,NULL,-45900,NULL,NULL,NULL,NULL,100,-33048,100);
INSERT INTO "transactionline" VALUES(44,1005,3,3,'F','F','F','F',1,-1.0,101.25,'3 x Data export',108,NULL,NULL,NULL,NULL,NULL,1,'F','F','~2026-11-28 00:43:35','~2026-11-28 00:43:35',NULL,NULL,-10125,NULL,NULL,NULL,NULL,100,-7290,100);
INSERT INTO "transactionline" VALUES(45,1005,4,4,'F','F','F','F',3,-1.0,310.23,'Tax',108,NULL,NULL,NULL,NULL,NULL,1,'F','F','~2026-11-28 00:43:35','~2026-11-28 00:43:35',NULL,NULL,-31023,NULL,NULL,NULL,NULL,100,-22337,100);
INSERT INTO "transactionline" VALUES(46,1006,0,0,'T','F','F','F',NULL,NULL,NULL,'Stripe: in_1GzDGC3LYzHOsd3KZVXnh2zv',107,NULL,NULL,NULL,NULL,NULL,1,'F','F','~2026-11-28 00:43:35','~2026-11-28 00:43:35',NULL,NULL,276600,0,276600,NULL,NULL,1,185322,100);
INSERT INTO "transactionline" VALUES(47,1006,1,1,'F','F','F','F',1,-1.0,102000.0,'2 x Sensor kit',107,NULL,NULL,NULL,NULL,NULL,1,'F','F','~2026-11-28 00:43:35','~2026-11-28 00:43:35',NULL,NULL,-102000,NULL,NULL,NULL,NULL,1,-68340,100);
INSERT INTO "transactionline" VALUES(48,1006,2,2,'F','F','F','T',2,-1.0,-20400.0,'Discount: 2 x Sensor kit',107,NULL,NULL,NULL,NULL,NULL,1,'F','F','~2026-11-28 00:43:35','~2026-11-28 00:43:35',NULL,NULL,20400,NULL,NULL,NULL,NULL,1,13668,100);
INSERT INTO "transactionline" VALUES(49,1006,3,3,'F','F','F','F',1,-1.0,63750.0,'5 x Field report',107,NULL,NULL,NULL,NULL,NULL,1,'F','F','~2026-11-28 00:43:35','~2026-11-28 00:43:35',NULL,NULL,-63750,NULL,NULL,NULL,NULL,1,-42713,100);
INSERT INTO "transactionline" VALUES(50,1006,4,4,'F','F','F','T',2,-1.0,-12750.0,'Discount: 5 x Field report',107,NULL,NULL,NULL,NULL,NULL,1,'F','F','~2026-11-28 00:43:35','~2026-11-28 00:43:35',NULL,NULL,12750,NULL,NULL,NULL,NULL,1,8543,100);
INSERT INTO "transactionline" VALUES(51,1006,5,5,'F','F','F','F',1,-1.0,180000.0,'1 x Training day',107,NULL,NULL,NULL,NULL,NULL,1,'F','F','~2026-11-28 00:43:35','~2026-11-28 00:43:35',NULL,NULL,-180000,NULL,NULL,NULL,NULL,1,-120600,100);
INSERT INTO "transactionline" VALUES(52,1006,6,6,'F','F','F','T',2,-1.0,-36000.0,'Discount: 1 x Training day',107,NULL,NULL,NULL,NULL,NULL,1,'F','F','~2026-11-28 00:43:35','~2026-11-28 00:43:35',NULL,NULL,36000,NULL,NULL,NULL,NULL,1,24120,100);
INSERT INTO "transactionline" VALUES(53,1007,0,0,'T','F','F','F',NULL,NULL,NULL,'Stripe: in_1REqChqOqRZgnFXfwhMVYc0R',106,NULL,NULL,NULL,NULL,NULL,1,'F','F','~2026-11-28 00:43:35','~2026-11-28 00:43:35',NULL,NULL,94800,0,94800,NULL,NULL,100,94800,100);
INSERT INTO "transactionline" VALUES(54,1007,1,1,'F','F','F','F',1,-1.0,948.0,'12 x Analytics add-on',106,NULL,NULL,NULL,NULL,NULL,1,'F','F','~2026-11-28 00:43:35','~2026-11-28 00:43:35',NULL,NULL,-94800,NULL,NULL,NULL,NULL,100,-94800,100);
INSERT INTO "transactionline" VALUES(55,1008,0,0,'T','F','F','F',NULL,NULL,NULL,'Stripe: in_17zHNTqmOgNS5CfFHR6LPynM',105,NULL,NULL,NULL,NULL,NULL,1,'F','F','~2026-11-28 00:43:35','~2026-11-28 00:43:35',NULL,NULL,796000,0,796000,NULL,NULL,100,796000,100);
INSERT INTO "transactionline" VALUES(56,1008,1,1,'F','F','F','F',1,-1.0,3000.0,'2 x Onboarding package',105,NULL,NULL,NULL,NULL,NULL,1,'F','F','~2026-11-28 00:43:35','~2026-11-28 00:43:35',NULL,NULL,-300000,NULL,NULL,NULL,NULL,100,-300000,100);
INSERT INTO "transactionline" VALUES(57,1008,2,2,'F','F','F','F',1,-1.0,1360.0,'4 x Sensor kit',105,NULL,NULL,NULL,NULL,NULL,1,'F','F','~2026-11-28 00:43:35','~2026-11-28 00:43:35',NULL,NULL,-136000,NULL,NULL,NULL,NULL,100,-136000,100);
INSERT INTO "transactionline" VALUES(58,1008,3,3,'F','F','F','F',1,-1.0,3600.0,'3 x Training day',105,NULL,NULL,NULL,NULL,NULL,1,'F','F','~2026-11-28 00:43:35','~2026-11-28 00:43:35',NULL,NULL,-360000,NULL,NULL,NULL,NULL,100,-360000,100);
CREATE TABLE x_customer_currency (customer INTEGER, currency INTEGER, PRIMARY KEY (customer, currency))
  WITHOUT ROWID;
INSERT INTO "x_customer_currency" VALUES(101,1);
INSERT INTO "x_customer_currency" VALUES(102,4);
INSERT INTO "x_customer_currency" VALUES(103,2);
INSERT INTO "x_customer_currency" VALUES(104,9);
INSERT INTO "x_customer_currency" VALUES(105,1);
INSERT INTO "x_customer_currency" VALUES(106,1);
INSERT INTO "x_customer_currency" VALUES(107,7);
INSERT INTO "x_customer_currency" VALUES(108,3);
INSERT INTO "x_customer_currency" VALUES(109,1);
CREATE TABLE x_document (id INTEGER PRIMARY KEY, doc TEXT NOT NULL);
INSERT INTO "x_document" VALUES(1001,'{"externalId":"in_16dxxfjrBgfwMP1W7sLgDpcM","entity":{"id":"101"},"currency":{"id":"1"},"tranDate":"2026-11-16","memo":"Stripe: in_16dxxfjrBgfwMP1W7sLgDpcM","item":[{"item":{"id":"1"},"quantity":"1","description":"2 x Onboarding package","rate":"3000.0","amount":"3000.0","line":"1"},{"item":{"id":"1"},"quantity":"1","description":"3 x Training day","rate":"3600.0","amount":"3600.0","line":"2"},{"item":{"id":"1"},"quantity":"1","description":"2 x Data export","rate":"50.0","amount":"50.0","line":"3"}],"dueDate":"2026-12-16","otherRefNum":"NW-000003","subsidiary":{"id":"1"}}');
INSERT INTO "x_document" VALUES(1002,'{"externalId":"in_1NmwMWyDaYxLgO5z4LErz04C","entity":{"id":"104"},"currency":{"id":"9"},"tranDate":"2026-11-16","memo":"Stripe: in_1NmwMWyDaYxLgO5z4LErz04C","item":[{"item":{"id":"1"},"quantity":"1","description":"12 x Analytics add-on","rate":"293.88","amount":"293.88","line":"1"}],"dueDate":"2026-12-16","otherRefNum":"NW-000004","subsidiary":{"id":"1"}}');
INSERT INTO "x_document" VALUES(1003,'{"externalId":"in_1MIgfBzsp1CCA3TTkceQm3Pq","entity":{"id":"102"},"currency":{"id":"4"},"tranDate":"2026-11-16","memo":"Stripe: in_1MIgfBzsp1CCA3TTkceQm3Pq","item":[{"item":{"id":"1"},"quantity":"1","description":"Unused time on Starter plan after 09 Nov 2026","rate":"-13.97","amount":"-13.97","line":"1"},{"item":{"id":"1"},"quantity":"1","description":"Remaining time on Premium support after 09 Nov 2026","rate":"71.25","amount":"71.25","line":"2"},{"item":{"id":"1"},"quantity":"1","description":"11 x Premium support","rate":"2612.5","amount":"2612.5","line":"3"}],"dueDate":"2026-12-16","otherRefNum":"NW-000002","subsidiary":{"id":"1"}}');
INSERT INTO "x_document" VALUES(1004,'{"externalId":"in_1g9Ig4A3NYSotFROMzJcXZO8","entity":{"id":"103"},"currency":{"id":"2"},"tranDate":"2026-11-16","memo":"Stripe: in_1g9Ig4A3NYSotFROMzJcXZO8","item":[{"item":{"id":"1"},"quantity":"1","description":"2 x Growth plan","rate":"265.33","amount":"265.33","line":"1"},{"item":{"id":"1"},"quantity":"1","description":"2 x Data export","rate":"33.33","amount":"33.33","line":"2"},{"item":{"id":"1"},"quantity":"1","description":"1 x Onboarding package","rate":"1000.0","amount":"1000.0","line":"3"},{"item":{"id":"1"},"quantity":"1","description":"3 x Data export","rate":"50.0","amount":"50.0","line":"4"},{"item":{"id":"1"},"quantity":"1","description":"2 x Onboarding package","rate":"2000.0","amount":"2000.0","line":"5"},{"item":{"id":"1"},"quantity":"1","description":"3 x Sensor kit","rate":"680.0","amount":"680.0","line":"6"},{"item":{"id":"1"},"quantity":"1","description":"1 x Data export","rate":"16.67","amount":"16.67","line":"7"},{"item":{"id":"1"},"quantity":"1","description":"2 x Field report","rate":"113.33","amount":"113.33","line":"8"},{"item":{"id":"1"},"quantity":"1","description":"2 x Onboarding package","rate":"2000.0","amount":"2000.0","line":"9"},{"item":{"id":"1"},"quantity":"1","description":"2 x Training day","rate":"1600.0","amount":"1600.0","line":"10"},{"item":{"id":"1"},"quantity":"1","description":"3 x Sensor kit","rate":"680.0","amount":"680.0","line":"11"},{"item":{"id":"1"},"quantity":"1","description":"1 x Onboarding package","rate":"1000.0","amount":"1000.0","line":"12"},{"item":{"id":"1"},"quantity":"1","description":"1 x Training day","rate":"800.0","amount":"800.0","line":"13"},{"item":{"id":"1"},"quantity":"1","description":"2 x Training day","rate":"1600.0","amount":"1600.0","line":"14"},{"item":{"id":"1"},"quantity":"1","description":"3 x Sensor kit","rate":"680.0","amount":"680.0","line":"15"},{"item":{"id":"1"},"quantity":"1","description":"1 x Training day","rate":"800.0","amount":"800.0","line":"16"},{"item":{"id":"1"},"quantity":"1","description":"3 x Training day","rate":"2400.0","amount":"2400.0","line":"17"},{"item":{"id":"1"},"quantity":"1","description":"2 x Training day","rate":"1600.0","amount":"1600.0","line":"18"},{"item":{"id":"1"},"quantity":"1","description":"3 x Data export","rate":"50.0","amount":"50.0","line":"19"},{"item":{"id":"1"},"quantity":"1","description":"2 x Data export","rate":"33.33","amount":"33.33","line":"20"},{"item":{"id":"1"},"quantity":"1","description":"1 x Data export","rate":"16.67","amount":"16.67","line":"21"},{"item":{"id":"1"},"quantity":"1","description":"1 x Onboarding package","rate":"1000.0","amount":"1000.0","line":"22"},{"item":{"id":"1"},"quantity":"1","description":"1 x Sensor kit","rate":"226.67","amount":"226.67","line":"23"},{"item":{"id":"1"},"quantity":"1","description":"1 x Data export","rate":"16.67","amount":"16.67","line":"24"},{"item":{"id":"1"},"quantity":"1","description":"3 x Training day","rate":"2400.0","amount":"2400.0","line":"25"},{"item":{"id":"1"},"quantity":"1","description":"2 x Onboarding package","rate":"2000.0","amount":"2000.0","line":"26"},{"item":{"id":"1"},"quantity":"1","description":"3 x Sensor kit","rate":"680.0","amount":"680.0","line":"27"},{"item":{"id":"1"},"quantity":"1","description":"1 x Onboarding package","rate":"1000.0","amount":"1000.0","line":"28"},{"item":{"id":"3"},"quantity":"1","description":"Tax","rate":"4948.4","amount":"4948.4","line":"29"}],"dueDate":"2026-12-16","otherRefNum":"NW-000001","subsidiary":{"id":"1"}}');
INSERT INTO "x_document" VALUES(1005,'{"externalId":"in_1R4EFNv9k8DNDhQbdula3NWw","entity":{"id":"108"},"currency":{"id":"3"},"tranDate":"2026-11-18","memo":"Stripe: in_1R4EFNv9k8DNDhQbdula3NWw","item":[{"item":{"id":"1"},"quantity":"1","description":"1 x Onboarding package","rate":"2025.0","amount":"2025.0","line":"1"},{"item":{"id":"1"},"quantity":"1","description":"1 x Sensor kit","rate":"459.0","amount":"459.0","line":"2"},{"item":{"id":"1"},"quantity":"1","description":"3 x Data export","rate":"101.25","amount":"101.25","line":"3"},{"item":{"id":"3"},"quantity":"1","description":"Tax","rate":"310.23","amount":"310.23","line":"4"}],"otherRefNum":"NW-000010","subsidiary":{"id":"1"}}');
INSERT INTO "x_document" VALUES(1006,'{"externalId":"in_1GzDGC3LYzHOsd3KZVXnh2zv","entity":{"id":"107"},"currency":{"id":"7"},"tranDate":"2026-11-17","memo":"Stripe: in_1GzDGC3LYzHOsd3KZVXnh2zv","item":[{"item":{"id":"1"},"quantity":"1","description":"2 x Sensor kit","rate":"102000.0","amount":"102000.0","line":"1"},{"item":{"id":"2"},"quantity":"1","description":"Discount: 2 x Sensor kit","rate":"-20400.0","amount":"-20400.0","line":"2"},{"item":{"id":"1"},"quantity":"1","description":"5 x Field report","rate":"63750.0","amount":"63750.0","line":"3"},{"item":{"id":"2"},"quantity":"1","description":"Discount: 5 x Field report","rate":"-12750.0","amount":"-12750.0","line":"4"},{"item":{"id":"1"},"quantity":"1","description":"1 x Training day","rate":"180000.0","amount":"180000.0","line":"5"},{"item":{"id":"2"},"quantity":"1","description":"Discount: 1 x Training day","rate":"-36000.0","amount":"-36000.0","line":"6"}],"dueDate":"2026-12-17","otherRefNum":"NW-000005","subsidiary":{"id":"1"}}');
INSERT INTO "x_document" VALUES(1007,'{"externalId":"in_1REqChqOqRZgnFXfwhMVYc0R","entity":{"id":"106"},"currency":{"id":"1"},"tranDate":"2026-11-18","memo":"Stripe: in_1REqChqOqRZgnFXfwhMVYc0R","item":[{"item":{"id":"1"},"quantity":"1","description":"12 x Analytics add-on","rate":"948.0","amount":"948.0","line":"1"}],"dueDate":"2026-12-18","otherRefNum":"NW-000009","subsidiary":{"id":"1"}}');
INSERT INTO "x_document" VALUES(1008,'{"externalId":"in_17zHNTqmOgNS5CfFHR6LPynM","entity":{"id":"105"},"currency":{"id":"1"},"tranDate":"2026-11-18","memo":"Stripe: in_17zHNTqmOgNS5CfFHR6LPynM","item":[{"item":{"id":"1"},"quantity":"1","description":"2 x Onboarding package","rate":"3000.0","amount":"3000.0","line":"1"},{"item":{"id":"1"},"quantity":"1","description":"4 x Sensor kit","rate":"1360.0","amount":"1360.0","line":"2"},{"item":{"id":"1"},"quantity":"1","description":"3 x Training day","rate":"3600.0","amount":"3600.0","line":"3"}],"dueDate":"2026-12-18","otherRefNum":"NW-000011","subsidiary":{"id":"1"}}');
CREATE TABLE x_listvalue (id INTEGER PRIMARY KEY, name TEXT, isinactive TEXT DEFAULT 'F');
INSERT INTO "x_listvalue" VALUES(1,'EMEA','F');
INSERT INTO "x_listvalue" VALUES(2,'AMER','F');
INSERT INTO "x_listvalue" VALUES(3,'APAC','T');
CREATE TABLE x_meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
INSERT INTO "x_meta" VALUES('token_secret','a91f2d4353963e820e45788810d3f919d4715dc7b48348130810ea000709a4b8');
CREATE TABLE x_relationship (
  id INTEGER PRIMARY KEY AUTOINCREMENT, entity INTEGER, subsidiary INTEGER, externalid TEXT, datecreated TEXT,
  lastmodifieddate TEXT, x_external_key TEXT UNIQUE, x_doc TEXT, x_created TEXT, x_modified TEXT,
  UNIQUE (entity, subsidiary));
CREATE INDEX customer_modified ON customer (lastmodifieddate, id);
CREATE INDEX customer_external ON customer (externalid);
CREATE VIEW entity AS
  SELECT id, entityid, externalid, altname, entitytitle, firstname, lastname, email, phone, isperson,
    isinactive, 'CustJob' AS type, id AS customer, datecreated, lastmodifieddate FROM customer;
CREATE INDEX transaction_modified ON "transaction" (lastmodifieddate, id);
CREATE INDEX transaction_type ON "transaction" (type, id);
CREATE INDEX transaction_record ON "transaction" (recordtype, id);
CREATE INDEX transaction_entity ON "transaction" (entity);
CREATE INDEX transaction_external ON "transaction" (externalid);
CREATE INDEX transactionline_modified ON transactionline (linelastmodifieddate);
CREATE INDEX transactionline_from ON transactionline (createdfrom) WHERE createdfrom IS NOT NULL;
CREATE INDEX accountingline_account ON transactionaccountingline (account);
CREATE INDEX link_next ON nexttransactionlinelink (nextdoc, nextline);
CREATE VIEW previoustransactionlinelink AS
  SELECT previousdoc, previousline, previousdate, previoustype, nextdoc, nextline, nextdate, nexttype,
    linktype, lastmodifieddate, foreignamount FROM nexttransactionlinelink;
CREATE VIEW customersubsidiaryrelationship AS
  SELECT id AS id, id AS entity, x_subsidiary AS subsidiary, 'T' AS isprimarysub, NULL AS externalid FROM customer
  UNION ALL SELECT id, entity, subsidiary, 'F', externalid FROM x_relationship;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('item',10);
INSERT INTO "sqlite_sequence" VALUES('customer',109);
INSERT INTO "sqlite_sequence" VALUES('transaction',1008);
INSERT INTO "sqlite_sequence" VALUES('x_relationship',5000000);
INSERT INTO "sqlite_sequence" VALUES('transactionline',58);
COMMIT;
