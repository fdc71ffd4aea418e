"""The ``v_*`` views: the stable surface for analysts, one row a thing, the same text on SQLite and PostgreSQL."""

from __future__ import annotations

from sqlalchemy import Connection, text

#: Where a wording was last held: as long as its page says the same, that is the page's last fit capture.
_LAST_SEEN = "CASE WHEN a.live THEN p.last_fit_at ELSE a.last_seen END"
#: Absence needs proof: ``no`` only where two separate runs lack it on the whole site, or the words stand elsewhere.
#: Whether the last look is too long ago is for whoever knows the hour to say (query.py).
_LIVE = """CASE WHEN s.retired_on IS NOT NULL OR l.state = 'flapping' THEN 'unknown'
        WHEN a.live THEN 'yes'
        WHEN l.state = 'gone' THEN 'no'
        WHEN EXISTS (SELECT 1 FROM appearances e WHERE e.lineage_id = a.lineage_id AND e.live) THEN 'no'
        ELSE 'unknown' END"""


def _last_fit_before(moment: str) -> str:
    """The last time before ``moment`` that the page was read and found fit, unchanged ones included."""
    return f"""(SELECT MAX(o.at) FROM outcomes o WHERE o.source_id = p.source_id AND o.url = p.url
        AND o.result IN ('READ', 'UNCHANGED') AND o.code <> 'suspicious' AND o.at < {moment})"""


#: A flag is about the words it was raised on: once its place says other words, these stand there no more.
_REPLACED = "now.key <> f.claim_key"
_REPLACED_AT = """(SELECT MAX(ch.at) FROM changes ch WHERE ch.lineage_id = f.lineage_id AND ch.url = p.url
        AND ch.before IN (SELECT w.quote FROM claims w WHERE w.lineage_id = f.lineage_id AND w.key = f.claim_key))"""
_FLAG_LAST_SEEN = f"""CASE WHEN {_REPLACED}
        THEN COALESCE({_last_fit_before(_REPLACED_AT)}, proof.fetched_at) ELSE {_LAST_SEEN} END"""
_FLAG_LIVE = f"""CASE WHEN s.retired_on IS NULL AND {_REPLACED} THEN 'no' ELSE {_LIVE} END"""
_FLAG_ABSENT_SINCE = f"CASE WHEN {_REPLACED} THEN {_REPLACED_AT} ELSE a.absent_since END"
#: Where other words stood in their place before, they are there since the capture that showed them.
_FLAG_FIRST_SEEN = "CASE WHEN f.before IS NULL THEN a.first_seen ELSE proof.fetched_at END"
_FLAG_CENSORED = "(l.left_censored AND f.before IS NULL)"
_WORDS = "a.context, a.heading_path, a.locator, a.capture_id, cap.content_digest AS body_digest"

#: An article page holds one study: it is absent since the page was first read without any, and proven absent once a
#: separate run saw the page so, or the server said in two runs that the page is not there.
_STUDY_ABSENT_SINCE = """(SELECT MIN(xc.fetched_at) FROM readings x JOIN captures xc ON xc.id = x.capture_id
        WHERE x.page_id = p.id AND x.studies = 0 AND xc.fetched_at > (
            SELECT MAX(yc.fetched_at) FROM readings y JOIN captures yc ON yc.id = y.capture_id
            WHERE y.page_id = p.id AND y.studies > 0))"""
#: By the order of runs and not by the clock, as for claims: held up to the run that was the source's baseline.
_STUDY_CENSORED = """EXISTS (SELECT 1 FROM readings x JOIN captures xc ON xc.id = x.capture_id
        JOIN runs r ON r.id = x.run_id JOIN runs base ON base.id = s.baseline_run_id
        WHERE x.page_id = p.id AND x.studies > 0 AND r.fence <= base.fence AND xc.fetched_at >= st.first_seen)"""
_STUDY_LIVE = f"""CASE WHEN s.retired_on IS NOT NULL THEN 'unknown'
        WHEN p.vanished THEN 'no' WHEN p.gone_runs > 0 THEN 'unknown'
        WHEN {_STUDY_ABSENT_SINCE} IS NULL THEN 'yes'
        WHEN p.last_fit_at > {_STUDY_ABSENT_SINCE} THEN 'no' ELSE 'unknown' END"""


def _notice_on(kind: str) -> str:
    """A notice that counts says so of the study, which goes by the name it gives or alone bears the title."""
    return f"""EXISTS (SELECT 1 FROM study_notices n WHERE n.kind = '{kind}' AND n.lifted_at IS NULL AND (
            n.target IN (SELECT m.name FROM study_names m WHERE m.key = st.key)
            OR n.target IN (SELECT x.title_key FROM studies x WHERE x.key = st.key AND NOT EXISTS (
                SELECT 1 FROM studies y WHERE y.title_key = x.title_key AND y.key <> st.key))))"""


def _place(
    last_seen: str = _LAST_SEEN,
    absent_since: str = "a.absent_since",
    live: str = _LIVE,
    first_seen: str = "a.first_seen",
    censored: str = "l.left_censored",
) -> str:
    """Columns that say where a wording stands and since when."""
    return f"""a.zone, a.visible, a.speaker, {first_seen} AS first_seen, {censored} AS left_censored,
            {last_seen} AS last_seen,
            {absent_since} AS absent_since, p.fit_captures, p.last_fit_at, {live} AS live, l.state AS lineage_state"""


#: A decision is about the words of its flag: these are still what the claim says.
_SAYS_SO = "l.current_key = r.claim_key OR (a.live AND now.key = r.claim_key AND l.state <> 'gone')"

#: On how many sites the same claim stands, and since when on the first.
_ON_SITES = """l.group_id,
            CASE WHEN l.group_id IS NULL THEN 1 ELSE (SELECT COUNT(DISTINCT g.source_id) FROM lineages g
                WHERE g.group_id = l.group_id AND g.state <> 'gone') END AS sites,
            CASE WHEN l.group_id IS NULL THEN l.first_seen ELSE (SELECT MIN(g.first_seen) FROM lineages g
                WHERE g.group_id = l.group_id) END AS sites_since"""
_PLACED = """
    JOIN lineages l ON l.id = a.lineage_id
    JOIN pages p ON p.id = a.page_id
    JOIN sources s ON s.id = p.source_id
    JOIN captures cap ON cap.id = a.capture_id
"""
_SOURCE = "s.id AS source, s.trader, s.kind AS source_kind, s.jurisdiction, p.url, p.title AS page_title"

VIEWS: dict[str, str] = {
    "v_claims": f"""
        SELECT a.id, {_SOURCE}, c.quote, c.kinds, c.stance, c.conditions, c.conditions_full, c.tier, c.subject,
            c.source_material, c.cells, c.material, c.route, c.product, c.agencies, c.status, c.framing,
            c.evidence_offered, c.strength, c.numbers, c.areas, c.combination, c.attribution, c.cues, c.rule_ids,
            c.certainty,
            asm.verdict, asm.flag, asm.severity, asm.reasons, c.language, {_place()}, {_WORDS}, c.key AS claim_key,
            a.lineage_id, {_ON_SITES}, c.id AS claim_id, c.knowledge, c.reader, s.audience, s.tags, s.frame
        FROM appearances a JOIN claims c ON c.id = a.claim_id {_PLACED}
        LEFT JOIN assessments asm ON asm.id = (
            SELECT MIN(x.id) FROM assessments x WHERE x.claim_id = c.id AND x.valid_to IS NULL)
    """,
    "v_statements": f"""
        SELECT a.id, {_SOURCE}, st.quote, st.agencies, st.status, st.scope, st.jurisdiction AS about_jurisdiction,
            st.stance, st.language, {_place()}, {_WORDS}, st.key AS statement_key, a.lineage_id, st.rule_ids,
            st.knowledge, st.reader, s.audience, s.tags, s.frame
        FROM appearances a JOIN statements st ON st.id = a.statement_id {_PLACED}
    """,
    "v_flags": f"""
        SELECT f.id, {_SOURCE}, c.quote, f.context, f.heading_path, f.locator,
            {_place(_FLAG_LAST_SEEN, _FLAG_ABSENT_SINCE, _FLAG_LIVE, _FLAG_FIRST_SEEN, _FLAG_CENSORED)},
            l.first_seen AS lineage_first_seen,
            c.kinds, c.stance, c.conditions, c.route, c.product, c.agencies,
            c.status, c.certainty,
            f.severity, f.verdict, f.reasons, f.change, f.before, f.raised_at, f.jurisdictions, c.language,
            f.capture_id, proof.content_digest AS body_digest, proof.fetched_at,
            f.lineage_id, {_ON_SITES}, f.claim_key, f.case_id, c.knowledge, c.reader, f.state,
            decided.reading AS review, decided.action, f.state_why,
            s.name AS source_name, s.audience, s.tags, s.frame, f.run_id
        FROM flags f
        JOIN claims c ON c.id = f.claim_id
        JOIN appearances a ON a.id = f.appearance_id {_PLACED}
        JOIN claims now ON now.id = a.claim_id
        JOIN captures proof ON proof.id = f.capture_id
        LEFT JOIN reviews decided ON decided.id = (SELECT MAX(x.id) FROM reviews x WHERE x.flag_id = f.id)
    """,
    "v_studies": f"""
        SELECT st.id, s.id AS source, p.url, st.doi, st.title, st.language, st.journal, st.published_on, st.design,
            st.subjects, st.participants, st.level, st.level AS evidence_level,
            ((EXISTS (SELECT 1 FROM studies x WHERE x.key = st.key AND x.retracted)
                    AND NOT {_notice_on("reinstated")}) OR {_notice_on("retracted")}) AS retracted, st.key, st.body,
            (SELECT COUNT(DISTINCT x.source_id) FROM studies x WHERE x.key = st.key) AS sources,
            st.first_seen,
            {_STUDY_CENSORED} AS left_censored,
            CASE WHEN {_STUDY_ABSENT_SINCE} IS NULL THEN COALESCE(p.last_fit_at, st.last_seen)
                ELSE COALESCE({_last_fit_before(_STUDY_ABSENT_SINCE)}, st.last_seen) END AS last_seen,
            {_STUDY_ABSENT_SINCE} AS absent_since,
            p.fit_captures, p.last_fit_at, {_STUDY_LIVE} AS live, st.capture_id, st.knowledge, st.reader,
            s.jurisdiction, s.tags, s.frame
        FROM studies st JOIN pages p ON p.id = st.page_id JOIN sources s ON s.id = st.source_id
        WHERE st.id = (SELECT MIN(x.id) FROM studies x WHERE x.key = st.key)
    """,
    "v_changes": """
        SELECT ch.id, s.id AS source, s.trader, s.jurisdiction, ch.url, ch.subject, ch.kind, ch.cause, ch.before,
            ch.after, ch.similarity, ch.why, ch.at, ch.lineage_id, ch.run_id, s.kind AS source_kind, s.tags, s.frame
        FROM changes ch JOIN sources s ON s.id = ch.source_id
    """,
    "v_coverage": """
        SELECT rs.run_id, s.id AS source, s.name, s.kind, s.jurisdiction, rs.verdict, rs.baseline, rs.why,
            rs.finish_reason, rs.pages_expected, r.started_at, rs.closed_at, r.kind AS run_kind, r.simulated,
            COUNT(o.url) AS seen,
            SUM(CASE WHEN o.result = 'READ' THEN 1 ELSE 0 END) AS read,
            SUM(CASE WHEN o.result = 'UNCHANGED' THEN 1 ELSE 0 END) AS unchanged,
            SUM(CASE WHEN o.result = 'UNFIT' THEN 1 ELSE 0 END) AS unfit,
            SUM(CASE WHEN o.result = 'FAILED' THEN 1 ELSE 0 END) AS failed,
            SUM(CASE WHEN o.result = 'DISALLOWED' THEN 1 ELSE 0 END) AS disallowed
        FROM run_sources rs
        JOIN runs r ON r.id = rs.run_id
        JOIN sources s ON s.id = rs.source_id
        LEFT JOIN outcomes o ON o.run_id = rs.run_id AND o.source_id = rs.source_id
        GROUP BY rs.run_id, s.id, s.name, s.kind, s.jurisdiction, rs.verdict, rs.baseline, rs.why, rs.finish_reason,
            rs.pages_expected, r.started_at, rs.closed_at, r.kind, r.simulated
    """,
    "v_sources": """
        SELECT s.id, s.name, s.kind, s.jurisdiction, s.audience, s.language, s.via, s.start_urls, s.trader,
            s.trader_registration_no, s.trader_group, s.frame, s.found_by, s.tags, s.cadence, s.max_pages, s.added_on,
            s.reason, s.retired_on, s.baseline_run_id,
            (SELECT COUNT(*) FROM pages p WHERE p.source_id = s.id AND p.last_fit_at IS NOT NULL) AS pages,
            (SELECT MAX(p.last_fit_at) FROM pages p WHERE p.source_id = s.id) AS last_fit_at,
            (SELECT COUNT(*) FROM flags f WHERE f.source_id = s.id AND f.state = 'open') AS open_flags
        FROM sources s
    """,
    "v_frames": "SELECT f.id, f.body, (SELECT COUNT(*) FROM sources s WHERE s.frame = f.id) AS sources FROM frames f",
    "v_pages": """
        SELECT p.id, p.source_id AS source, p.url, p.title, p.kind, p.language, p.attitude, p.attitude_why,
            p.published_on, p.first_seen, p.last_fit_at, p.fit_captures, p.text_length, p.vanished,
            p.last_fit_capture_id AS capture_id
        FROM pages p
    """,
    "v_page_features": """
        SELECT pf.id, p.source_id AS source, p.url, pf.feature, pf.text, pf.zone, pf.css, pf.block, pf.start_at,
            pf.end_at, pf.first_seen
        FROM page_features pf JOIN pages p ON p.id = pf.page_id WHERE pf.gone_at IS NULL
    """,
    "v_captures": """
        SELECT c.id, c.source_id AS source, c.run_id, c.url, c.final_url, c.fetched_at, c.status, c.media_type,
            c.payload_digest, c.content_digest, c.size, c.truncated, c.warc_file, c.warc_offset, c.fitness,
            c.fitness_why, c.language, c.suspicious, c.ip, c.certificate, c.user_agent, c.language_sent, c.rendered,
            c.clock_offset
        FROM captures c
    """,
    "v_looks": """
        SELECT l.id, l.run_id, l.source_id AS source, l.url, l.capture_id, l.read_from, l.warc_file, l.warc_offset,
            l.beside_file, l.beside_offset, l.pictures, l.browser_lacks, l.crawler_lacks, l.unread, l.lacking,
            l.secured, l.case_id, l.at
        FROM looks l
    """,
    "v_readings": """
        SELECT r.id, r.capture_id, p.source_id AS source, p.url, r.run_id, r.knowledge, r.reader, r.read_at, r.claims,
            r.statements, r.studies
        FROM readings r JOIN pages p ON p.id = r.page_id
    """,
    "v_assessments": """
        SELECT a.id, a.claim_id, c.quote, a.jurisdiction, a.verdict, a.flag, a.severity, a.reasons, a.judging,
            a.valid_from, a.valid_to, b.evidence_id, e.key AS evidence, e.kind AS evidence_kind, e.url AS evidence_url,
            b.mismatches, b.direction, b.words
        FROM assessments a JOIN claims c ON c.id = a.claim_id LEFT JOIN bearings b ON b.assessment_id = a.id
            LEFT JOIN evidence e ON e.id = b.evidence_id
    """,
    "v_lineages": """
        SELECT l.id, l.source_id AS source, l.subject, l.state, l.first_seen, l.left_censored, l.last_seen,
            l.absent_since, l.misses, l.returns, l.returned_at, l.group_id,
            (SELECT COUNT(*) FROM claims c WHERE c.lineage_id = l.id) AS wordings,
            (SELECT COUNT(*) FROM appearances a WHERE a.lineage_id = l.id AND a.live) AS places
        FROM lineages l
    """,
    "v_reviews": f"""
        SELECT r.id, r.flag_id, {_SOURCE}, c.quote, r.reading, r.action, r.because, r.note, r.by, r.at,
            CASE WHEN {_SAYS_SO} THEN 'current' ELSE 'stale' END AS wording,
            CASE WHEN EXISTS (SELECT 1 FROM reviews x WHERE x.flag_id = r.flag_id AND x.id > r.id)
                THEN 'no' ELSE 'yes' END AS holds,
            f.severity, f.verdict, f.change, f.state, f.case_id, c.kinds, c.stance, c.conditions, c.route, c.product,
            c.agencies, c.status, a.zone, c.language, c.rule_ids, r.claim_key, f.lineage_id, c.knowledge, c.reader,
            s.audience, s.tags, s.frame
        FROM reviews r
        JOIN flags f ON f.id = r.flag_id
        JOIN claims c ON c.id = f.claim_id
        JOIN appearances a ON a.id = f.appearance_id {_PLACED}
        JOIN claims now ON now.id = a.claim_id
    """,
    "v_cases": """
        SELECT c.id, c.trader, c.status, c.opened_at, c.opened_by, c.deadline_on, c.note,
            (SELECT COUNT(*) FROM flags f WHERE f.case_id = c.id) AS flags,
            (SELECT MAX(e.at) FROM case_events e WHERE e.case_id = c.id AND e.kind = 'letter') AS letter_at,
            (SELECT MAX(e.at) FROM case_events e WHERE e.case_id = c.id AND e.kind = 'reply') AS reply_at,
            (SELECT MAX(e.at) FROM case_events e WHERE e.case_id = c.id) AS last_step_at
        FROM cases c
    """,
    "v_case_events": """
        SELECT e.id, e.case_id, c.trader, e.kind, e.flag_id, e.status, e.deadline_on, e.words, e.by, e.at
        FROM case_events e JOIN cases c ON c.id = e.case_id
    """,
}


def make_views(db: Connection) -> None:
    """Drop and make every view: they hold no data, so they always fit the program that made them."""
    for name in VIEWS:
        db.execute(text(f"DROP VIEW IF EXISTS {name}"))
    for name, body in VIEWS.items():
        db.execute(text(f"CREATE VIEW {name} AS {body.replace(':', chr(92) + ':')}"))
