"""Describes: objects and fields as Salesforce tells them, with every key that a recorded describe has.

What belongs here: shape. The keys are those of the describes recorded by CumulusCI (API 52.0).
"""

from __future__ import annotations

from typing import Any

from o2c_orchestration.sandbox.salesforce.fields import NUMBERS, Field, SObject
from o2c_orchestration.sandbox.salesforce.org import Org

Wire = dict[str, Any]
ENCODING, BATCH_MAX = "UTF-8", 200
MASTER_TYPE = "012000000000000AAA"
_SOAP = {
    "id": "tns:ID",
    "reference": "tns:ID",
    "boolean": "xsd:boolean",
    "date": "xsd:date",
    "datetime": "xsd:dateTime",
    "int": "xsd:int",
    "address": "urn:address",
}
_BYTES_A_CHARACTER = 3
# Keys of a field that are the same for all of ours.
_NULL = (
    "calculatedFormula",
    "controllerName",
    "defaultValueFormula",
    "extraTypeInfo",
    "filteredLookupInfo",
    "inlineHelpText",
    "mask",
    "maskType",
    "referenceTargetField",
    "relationshipOrder",
)
_FALSE = (
    "aiPredictionField",
    "dependentPicklist",
    "deprecatedAndHidden",
    "displayLocationInDecimal",
    "encrypted",
    "formulaTreatNullNumberAsZero",
    "highScaleNumber",
    "htmlFormatted",
    "namePointing",
    "polymorphicForeignKey",
    "queryByDistance",
    "restrictedDelete",
    "searchPrefilterable",
    "writeRequiresMasterRead",
)


def global_describe(org: Org, version: str) -> Wire:
    """All objects."""
    return {
        "encoding": ENCODING,
        "maxBatchSize": BATCH_MAX,
        "sobjects": [_summary(each, version) for each in org.objects],
    }


def basic(kind: SObject, version: str, recent: list[Wire]) -> Wire:
    """What `sobjects/X` answers with."""
    return {"objectDescribe": _summary(kind, version), "recentItems": recent}


def describe(org: Org, kind: SObject, version: str, host: str) -> Wire:
    """One object with its fields and the ways to its children."""
    summary = _summary(kind, version)
    urls = summary.pop("urls")
    template = f"https://{host}/{{ID}}"
    urls |= {
        "uiDetailTemplate": template,
        "uiEditTemplate": f"{template}/e",
        "uiNewRecord": f"https://{host}/{kind.prefix}/e",
    }
    full = summary | {
        "actionOverrides": [],
        "childRelationships": [_child(each.child, each.lookup) for each in org.children(kind)],
        "compactLayoutable": True,
        "defaultImplementation": None,
        "extendedBy": None,
        "extendsInterfaces": None,
        "fields": [_field(each) | _compound(kind, each) for each in kind.fields.values()],
        "implementedBy": None,
        "implementsInterfaces": None,
        "listviewable": None,
        "lookupLayoutable": None,
        "namedLayoutInfos": [],
        "networkScopeFieldName": None,
        "recordTypeInfos": [_master(kind, version)],
        "searchLayoutable": True,
        "sobjectDescribeOption": "FULL",
        "supportedScopes": [{"label": f"All {kind.plural.lower()}", "name": "everything"}],
        "urls": urls,
    }
    return dict(sorted(full.items()))


def _summary(kind: SObject, version: str) -> Wire:
    base = f"/services/data/{version}/sobjects/{kind.name}"
    return {
        "activateable": False,
        "associateEntityType": None,
        "associateParentEntity": None,
        "createable": kind.createable,
        "custom": kind.custom,
        "customSetting": False,
        "deepCloneable": False,
        "deletable": kind.deletable,
        "deprecatedAndHidden": False,
        "feedEnabled": not kind.custom,
        "hasSubtypes": False,
        "isInterface": False,
        "isSubtype": False,
        "keyPrefix": kind.prefix,
        "label": kind.label,
        "labelPlural": kind.plural,
        "layoutable": True,
        "mergeable": kind.name in ("Account", "Contact"),
        "mruEnabled": True,
        "name": kind.name,
        "queryable": True,
        "replicateable": True,
        "retrieveable": True,
        "searchable": True,
        "triggerable": True,
        "undeletable": kind.deletable,
        "updateable": kind.createable,
        "urls": {
            "compactLayouts": f"{base}/describe/compactLayouts",
            "rowTemplate": f"{base}/{{ID}}",
            "approvalLayouts": f"{base}/describe/approvalLayouts",
            "listviews": f"{base}/listviews",
            "describe": f"{base}/describe",
            "quickActions": f"{base}/quickActions",
            "layouts": f"{base}/describe/layouts",
            "sobject": base,
        },
    }


def _child(child: SObject, lookup: Field) -> Wire:
    return {
        "cascadeDelete": lookup.cascade,
        "childSObject": child.name,
        "deprecatedAndHidden": False,
        "field": lookup.name,
        "junctionIdListNames": [],
        "junctionReferenceTo": [],
        "relationshipName": lookup.children,
        "restrictedDelete": False,
    }


def _master(kind: SObject, version: str) -> Wire:
    layout = f"/services/data/{version}/sobjects/{kind.name}/describe/layouts/{MASTER_TYPE}"
    return {
        "active": True,
        "available": True,
        "defaultRecordTypeMapping": True,
        "developerName": "Master",
        "master": True,
        "name": "Master",
        "recordTypeId": MASTER_TYPE,
        "urls": {"layout": layout},
    }


def _field(each: Field) -> Wire:
    numeric = each.type in NUMBERS
    plain, off = dict.fromkeys(_NULL), dict.fromkeys(_FALSE, False)
    told = {
        "aggregatable": each.filterable and each.type != "boolean",
        "autoNumber": each.auto_number is not None,
        "byteLength": each.length if each.type in ("id", "reference") else each.length * _BYTES_A_CHARACTER,
        "calculated": each.calculated,
        "caseSensitive": each.case_sensitive,
        "cascadeDelete": each.cascade and each.required,
        "createable": each.createable,
        "custom": each.custom,
        "defaultValue": each.default,
        "defaultedOnCreate": each.defaulted,
        "digits": each.precision if each.type == "int" else 0,
        "externalId": each.external_id,
        "filterable": each.filterable,
        "groupable": each.filterable and not (numeric and each.type != "int") and each.type != "datetime",
        "idLookup": each.identifies,
        "label": each.label,
        "length": each.length,
        "name": each.name,
        "nameField": each.name_field,
        "nillable": not each.required,
        "permissionable": not each.required and each.updateable,
        "picklistValues": [_choice(value) for value in each.values],
        "precision": each.precision if numeric and each.type != "int" else 0,
        "referenceTo": list(each.refers_to),
        "relationshipName": each.relation,
        "restrictedPicklist": each.restricted,
        "scale": each.scale,
        "soapType": _SOAP.get(each.type, "xsd:double" if numeric else "xsd:string"),
        "sortable": each.filterable,
        "type": each.type,
        "unique": each.unique,
        "updateable": each.updateable,
    }
    return dict(sorted((plain | off | told).items()))


def _compound(kind: SObject, part: Field) -> Wire:
    """The address that a field is a part of."""
    whole = next((each.name for each in kind.fields.values() if part.name in each.compound), None)
    return {"compoundFieldName": whole}


def _choice(value: str) -> Wire:
    return {"active": True, "defaultValue": False, "label": value, "validFor": None, "value": value}
