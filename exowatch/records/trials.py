"""ClinicalTrials.gov (API v2): trials as registered, page by page."""

from __future__ import annotations

from typing import Any

from exowatch.errors import UnreadableError
from exowatch.model.records import Answer, Record
from exowatch.records.plain import json_of, with_values, without_addresses, words


def read_trials(body: bytes, url: str) -> Answer:
    """One answer: a list of trials, or one; UnreadableError where it is neither."""
    told = json_of(body, url)
    if not isinstance(told, dict) or not {"studies", "protocolSection"} & told.keys():
        raise UnreadableError("no answer of ClinicalTrials.gov", url=url)
    found = [told] if "protocolSection" in told else told.get("studies") or []
    token = told.get("nextPageToken")
    records = tuple(_record(one) for one in found if isinstance(one, dict))
    return Answer(records, with_values(url, pageToken=token) if token else None, told.get("totalCount"))


def _record(one: dict[str, Any]) -> Record:
    protocol = one.get("protocolSection") or {}
    naming, status = protocol.get("identificationModule") or {}, protocol.get("statusModule") or {}
    design = protocol.get("designModule") or {}
    number = str(naming.get("nctId") or "")
    types = [design.get("studyType"), *(design.get("phases") or []), (design.get("designInfo") or {}).get("allocation")]
    return Record(
        kind="trial",
        id=number,
        url=f"https://clinicaltrials.gov/study/{number}",
        title=words(naming.get("officialTitle") or naming.get("briefTitle")),
        summary=_told(protocol),
        published=(status.get("studyFirstPostDateStruct") or status.get("startDateStruct") or {}).get("date"),
        updated=(status.get("lastUpdatePostDateStruct") or {}).get("date"),
        language="en",
        identifiers=(f"nct:{number.lower()}",) if number else (),
        journal="ClinicalTrials.gov",
        types=tuple(str(kind) for kind in types if kind),
        facts=without_addresses(one),
    )


def _told(protocol: dict[str, Any]) -> str:
    """The plan in sentences, in the future tense of a plan: a register holds no results unless it says so."""
    design, arms = protocol.get("designModule") or {}, protocol.get("armsInterventionsModule") or {}
    conditions = ", ".join((protocol.get("conditionsModule") or {}).get("conditions") or [])
    given = "; ".join(words(one.get("name")) for one in arms.get("interventions") or [] if isinstance(one, dict))
    count = (design.get("enrollmentInfo") or {}).get("count")
    info = design.get("designInfo") or {}
    first = [words(one.get("measure")) for one in (protocol.get("outcomesModule") or {}).get("primaryOutcomes") or []]
    lines = [
        words((protocol.get("descriptionModule") or {}).get("briefSummary")),
        f"Participants with {conditions} will be enrolled." if conditions else "",
        f"{count} participants will be enrolled." if count else "",
        f"They will receive: {given}." if given else "",
        f"Allocation will be: {str(info['allocation']).lower().replace('_', ' ')}." if info.get("allocation") else "",
        f"Primary outcome will be: {'; '.join(first)}." if first else "",
    ]
    return "\n".join(line for line in lines if line)
