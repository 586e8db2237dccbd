"""Queries and what the sandbox's parser thinks of them, as JSON on standard output, for `salesforce_soql_oracle.js`.

Run by hand: see the script. Nothing in the test suite needs it.
"""

from __future__ import annotations

import json
import sys

from o2c_orchestration.sandbox.salesforce.errors import SalesforceError
from o2c_orchestration.sandbox.salesforce.soql import parse

QUERIES = r"""
SELECT Id FROM Account
select id, name from account limit 5
SELECT Id, Account.Name, Owner.Profile.Name FROM Opportunity WHERE IsWon = true
SELECT Id FROM Opportunity WHERE CloseDate >= 2026-01-01 AND CloseDate < 2026-02-01
SELECT Id FROM Opportunity WHERE SystemModstamp > 2026-01-01T00:00:00Z ORDER BY SystemModstamp ASC, Id ASC LIMIT 2000
SELECT Id FROM Opportunity WHERE SystemModstamp > 2026-01-01T00:00:00.000+00:00
SELECT Id FROM Opportunity WHERE SystemModstamp >= 2026-01-01T00:00:00+0000
SELECT Id FROM Account WHERE Name LIKE 'A%' OR Name LIKE '_b'
SELECT Id FROM Account WHERE (Name = 'a' OR Name = 'b') AND Site != null
SELECT Id FROM Account WHERE NOT Name = 'a'
SELECT Id FROM Account WHERE NOT (Name = 'a' AND Site = 'b')
SELECT Id FROM Account WHERE (NOT Name = 'a') AND Site = 'b'
SELECT Id FROM Account WHERE Name IN ('a', 'b') AND Site NOT IN ('c')
SELECT Id FROM Account WHERE Id IN (SELECT AccountId FROM Opportunity WHERE IsWon = true)
SELECT Id FROM Account WHERE Id NOT IN (SELECT AccountId FROM Opportunity)
SELECT Id, (SELECT Id, Quantity FROM OpportunityLineItems ORDER BY SortOrder LIMIT 10) FROM Opportunity
SELECT (SELECT PricebookEntry.Product2.ProductCode FROM OpportunityLineItems WHERE Quantity > 1.5) FROM Opportunity
SELECT COUNT() FROM Account
SELECT COUNT(Id) FROM Account
SELECT COUNT(Id) total, StageName FROM Opportunity GROUP BY StageName
SELECT Type, SUM(Amount) FROM Opportunity GROUP BY Type HAVING SUM(Amount) > 100 ORDER BY Type DESC NULLS LAST
SELECT StageName, COUNT(Id) FROM Opportunity GROUP BY StageName ORDER BY COUNT(Id) DESC
SELECT COUNT_DISTINCT(AccountId), MIN(Amount), MAX(Amount), AVG(Amount) FROM Opportunity
SELECT Id FROM Account WHERE CreatedDate = TODAY
SELECT Id FROM Account WHERE CreatedDate = LAST_N_DAYS:30 ORDER BY Name NULLS FIRST
SELECT Id FROM Account ORDER BY Name LIMIT 10 OFFSET 20
SELECT Id FROM Account WHERE Name = 'O\'Brien'
SELECT Id FROM Account WHERE Name = ''
SELECT Id FROM Opportunity WHERE Amount > -5.5 AND Amount < 1000000
SELECT a.Id, a.Name FROM Account a WHERE a.Name = 'x'
SELECT FIELDS(ALL) FROM Account LIMIT 200
SELECT FIELDS(STANDARD), Foo__c FROM Account
SELECT Id FROM Order WHERE Status = 'Draft'
SELECT Id FROM Account FOR VIEW
SELECT Id FROM O2C_Invoice__c WHERE Opportunity__r.Account.Name = 'x' AND Account__c != null
SELECT Id FROM Account WHERE IsDeleted = FALSE AND Name <> 'x'
SELECT Id, Name FROM Account WHERE Name = 'a\\b'
SELECT Account.Name nm, COUNT(Id) FROM Opportunity GROUP BY Account.Name
SELECT Name n FROM Opportunity GROUP BY Name
SELECT CALENDAR_YEAR(CloseDate), COUNT(Id) FROM Opportunity GROUP BY CALENDAR_YEAR(CloseDate)
SELECT toLabel(StageName) FROM Opportunity
SELECT FORMAT(Amount) Amt FROM Opportunity
SELECT TYPEOF What WHEN Account THEN Phone ELSE Name END FROM Event
SELECT Id FROM Account WITH SECURITY_ENFORCED
SELECT Id FROM Account WHERE Amount > USD5000
SELECT Id FROM Account USING SCOPE Mine
SELECT Id FROM Account WHERE Multi__c INCLUDES ('a;b', 'c')
SELECT convertCurrency(Amount) FROM Opportunity
SELECT FROM Account
SELECT Id FROM
SELECT Id Account
SELECT Id, FROM Account
SELECT * FROM Account
SELECT Id FROM Account WHERE
SELECT Id FROM Account WHERE Name
SELECT Id FROM Account WHERE Name =
SELECT Id FROM Account WHERE Name = "a"
SELECT Id FROM Account WHERE Name == 'a'
SELECT Id FROM Account WHERE Name = 'a' AND
SELECT Id FROM Account WHERE (Name = 'a'
SELECT Id FROM Account WHERE Name = 'a')
SELECT Id FROM Account WHERE Name IS NULL
SELECT Id FROM Account WHERE Name IN 'a'
SELECT Id FROM Account WHERE Name IN ()
SELECT Id FROM Account WHERE Name LIKE
SELECT Id FROM Account LIMIT
SELECT Id FROM Account LIMIT 'a'
SELECT Id FROM Account LIMIT 5 ORDER BY Id
SELECT Id FROM Account ORDER Name
SELECT Id FROM Account ORDER BY
SELECT Id FROM Account GROUP Name
SELECT Id FROM Account; DROP TABLE x
SELECT Id FROM Account WHERE CreatedDate > 2026-01-01T00:00:00 00:00
SELECT Id FROM Account WHERE Name = 'a
SELECT Id FROM (SELECT Id FROM Account)
SELECT Id FROM Account JOIN Contact
INSERT INTO Account
UPDATE Account SET Name = 'x'
SELECT Id FROM Account WHERE Name = 'a' AND Site = 'b' OR Site = 'c'
SELECT (SELECT Id FROM Contacts FROM Account
SELECT COUNT( FROM Account
SELECT Id FROM Account WHERE Name NOT LIKE 'a'
SELECT Id FROM Account ORDER BY Name NULLS
"""


def taken(soql: str) -> bool:
    """Whether the sandbox can read the query."""
    try:
        parse(soql)
    except SalesforceError:
        return False
    return True


if __name__ == "__main__":
    json.dump([[soql, taken(soql)] for soql in QUERIES.strip().splitlines()], sys.stdout)
