"""What pages were found to say: lineages of claims and statements, their wordings and places, and studies."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Float, ForeignKey, Index, Integer, String, Table, UniqueConstraint

from exowatch.store.tables.base import metadata, text, time, words

lineages = Table(
    "lineages",
    metadata,
    Column("id", Integer, primary_key=True, comment="Number"),
    Column("source_id", String(80), ForeignKey("sources.id"), nullable=False, comment="Source"),
    Column("subject", String(10), nullable=False, comment="claim or statement"),
    Column("state", String(12), nullable=False, comment="candidate, live, unconfirmed, gone or flapping"),
    Column("current_key", String(64), nullable=False, comment="Key of its present wording"),
    time("first_seen", "First fit capture that held it", required=True),
    Column("first_run_id", String(40), ForeignKey("runs.id"), nullable=False, comment="Run of that capture"),
    Column("left_censored", Boolean, nullable=False, default=False, comment="True: older than our first look"),
    time("last_seen", "Last fit capture that held it, as far as a change was met"),
    time("absent_since", "First fit capture without it; NULL: present"),
    Column("misses", Integer, nullable=False, default=0, comment="Separate runs whose fit captures lack it"),
    Column("group_id", Integer, index=True, comment="Same claim on several sources"),
    Column(
        "returns",
        Integer,
        nullable=False,
        server_default="0",
        comment="How often it came back after runs had lacked it, each time within 30 days of the last",
    ),
    time("returned_at", "When it last came back"),
    comment="A claim or statement through all its wordings and moves on one source",
)
Index(None, lineages.c.source_id, lineages.c.state)
Index(None, lineages.c.source_id, lineages.c.current_key)

_reading_columns = (
    ("knowledge", "Reading digest of the rules that read it"),
    ("reader", "Digest of the program that read it"),
)

claims = Table(
    "claims",
    metadata,
    Column("id", Integer, primary_key=True, comment="Number"),
    Column("lineage_id", Integer, ForeignKey("lineages.id"), nullable=False, comment="The claim it words"),
    Column("key", String(64), nullable=False, index=True, comment="SHA-256 of the normalised quote"),
    text("quote", "The sentence, verbatim", required=True),
    Column("language", String(12), comment="Language"),
    words("kinds", "efficacy, disease, safety, superiority, guarantee, mechanism, regulatory, testimonial"),
    Column("stance", String(12), nullable=False, comment="asserted, hedged, negated, attributed or question"),
    Column("subject", String(40), nullable=False, comment="What it is about"),
    Column("source_material", String(12), nullable=False, comment="human, animal, plant, autologous or unstated"),
    words("cells", "Cells named"),
    Column("material", String(24), nullable=False, comment="exosome, conditioned_medium, secretome, prp, …"),
    Column("route", String(24), nullable=False, comment="topical, topical_after_procedure, injection, intravenous, …"),
    text("product", "Product named"),
    words("conditions", "Ids of the conditions named"),
    Column("conditions_full", JSON, nullable=False, comment="The same with name, tier and MeSH id"),
    Column("tier", String(10), comment="Gravest tier among them: cosmetic, medical, serious"),
    words("agencies", "Regulators named"),
    Column("status", String(16), comment="Regulatory status claimed"),
    Column("strength", Integer, nullable=False, comment="0 hedged title … 5 guarantee"),
    words("numbers", "Numbers with units"),
    words("areas", "Where on the body: face, eyes, scalp, neck, hands, body, intimate, joints"),
    words("combination", "Other treatments it names together with it"),
    text("attribution", "To whom the page ascribes it"),
    Column("framing", String(24), comment="From investigational to cure"),
    words("evidence_offered", "Kinds of evidence the page offers"),
    Column("cues", JSON, nullable=False, comment="Words that triggered each rule"),
    words("rule_ids", "Rules that fired"),
    Column("certainty", Float, comment="How likely it was read rightly, 0 to 1; NULL: not weighed"),
    *(Column(name, String(64), nullable=False, comment=why) for name, why in _reading_columns),
    comment="Wordings of claims, as read under one set of rules: one row a stance and judgement",
)
Index(None, claims.c.lineage_id)

statements = Table(
    "statements",
    metadata,
    Column("id", Integer, primary_key=True, comment="Number"),
    Column("lineage_id", Integer, ForeignKey("lineages.id"), nullable=False, comment="The statement it words"),
    Column("key", String(64), nullable=False, index=True, comment="SHA-256 of the normalised quote"),
    text("quote", "The sentence, verbatim", required=True),
    Column("language", String(12), comment="Language"),
    words("agencies", "Regulators named"),
    Column("status", String(16), nullable=False, comment="approved, not_approved, cleared, warning, banned, …"),
    text("scope", "What it covers", required=True),
    Column("jurisdiction", String(2), comment="Whose law it speaks of"),
    Column("stance", String(12), nullable=False, comment="asserted, hedged, negated, attributed or question"),
    words("rule_ids", "Rules that fired"),
    *(Column(name, String(64), nullable=False, comment=why) for name, why in _reading_columns),
    comment="Wordings of regulatory statements, as read under one set of rules: one row a stance",
)
Index(None, statements.c.lineage_id)

appearances = Table(
    "appearances",
    metadata,
    Column("id", Integer, primary_key=True, comment="Number"),
    Column("lineage_id", Integer, ForeignKey("lineages.id"), nullable=False, index=True, comment="What appears"),
    Column("page_id", Integer, ForeignKey("pages.id"), nullable=False, comment="Where"),
    Column("zone", String(12), nullable=False, comment="body, faq, caption, title, description, alt, jsonld, …"),
    Column("claim_id", Integer, ForeignKey("claims.id"), index=True, comment="Present wording, of a claim"),
    Column("statement_id", Integer, ForeignKey("statements.id"), comment="Present wording, of a statement"),
    Column("visible", String(8), nullable=False, comment="yes, no or unknown"),
    Column("speaker", String(12), nullable=False, comment="trader, customer, third_party or unknown"),
    Column("locator", JSON, nullable=False, comment="css, attr, json_path, pdf_page, block and offsets"),
    text("context", "The paragraph it stands in", required=True),
    Column("heading_path", JSON, nullable=False, comment="Headings above it"),
    time("first_seen", "First fit capture that held it here", required=True),
    Column("capture_id", String(40), ForeignKey("captures.id"), nullable=False, comment="Capture of this wording"),
    Column("live", Boolean, nullable=False, default=True, comment="True: the last fit capture held it"),
    time("last_seen", "When it was last held, once it is absent; NULL: as long as the page's last fit capture"),
    time("absent_since", "First fit capture of the page without it"),
    Column("misses", Integer, nullable=False, default=0, comment="Separate runs whose fit capture here lacks it"),
    Column("miss_run_id", String(40), comment="Last such run"),
    UniqueConstraint("page_id", "lineage_id", "zone"),
    comment="Where a lineage stands: one row a page and zone",
)

studies = Table(
    "studies",
    metadata,
    Column("id", Integer, primary_key=True, comment="Number"),
    Column("key", String(200), nullable=False, index=True, comment="doi:… or url:…"),
    Column("source_id", String(80), ForeignKey("sources.id"), nullable=False, comment="Source"),
    Column("page_id", Integer, ForeignKey("pages.id"), nullable=False, comment="Its article page"),
    Column("capture_id", String(40), ForeignKey("captures.id"), nullable=False, comment="Capture it was read from"),
    Column("doi", String(200), comment="DOI, lower case"),
    text("title", "Title", required=True),
    Column("title_key", String(70), index=True, comment="Its title as a name; NULL: too short to name one study"),
    Column("language", String(12), comment="Language"),
    text("journal", "Journal"),
    Column("published_on", String(32), comment="Date of publication as given"),
    Column("design", String(40), comment="Design"),
    Column("subjects", String(10), comment="human, animal or in_vitro"),
    Column("participants", Integer, comment="People in it"),
    Column("level", String(8), comment="OCEBM 2011 level"),
    Column("retracted", Boolean, nullable=False, default=False, comment="True: retracted"),
    Column("body", JSON, nullable=False, comment="The whole study as read"),
    time("first_seen", "First capture", required=True),
    time("last_seen", "Last capture that changed it", required=True),
    Column("knowledge", String(64), nullable=False, comment="Reading digest of the rules that read it"),
    Column("reader", String(64), nullable=False, comment="Digest of the program that read it"),
    UniqueConstraint("page_id", "key"),
    comment="Studies, as their article pages give them",
)

study_notices = Table(
    "study_notices",
    metadata,
    Column(
        "target", String(240), primary_key=True, comment="Identifier, or title: and a digest, of the study it is about"
    ),
    Column(
        "kind", String(12), primary_key=True, comment="retracted, concern or corrected; reinstated and cleared lift"
    ),
    Column("notice", String(200), primary_key=True, comment="Key of the notice, which is kept as a study of its own"),
    time("at", "When it was first met", required=True),
    time("lifted_at", "When it was met that it counts no more: withdrawn itself, or taken back; NULL: it counts"),
    comment="What notices say of studies, whether those were met or not",
)

study_names = Table(
    "study_names",
    metadata,
    Column("name", String(240), primary_key=True, comment="An identifier: doi:…, pmid:…, a register's number, url:…"),
    Column("key", String(200), nullable=False, index=True, comment="Key of the study it names"),
    comment="Identifiers of studies: one met through several sources is one study",
)
