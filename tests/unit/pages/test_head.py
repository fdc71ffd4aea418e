"""Title, descriptions, Open Graph, meta values, dates and JSON-LD are read where they stand."""

from __future__ import annotations

import json

import pytest

from exowatch.pages.head import iso_day
from exowatch.pages.jsonld import json_ld
from tests.unit.pages.conftest import Read, texts


def test_title_and_descriptions_are_blocks_and_exact_repetitions_are_dropped(read: Read) -> None:
    page = read(
        "<title>Serum</title><meta name=description content='A calm serum.'><meta property=og:title content=Serum>"
        "<meta property=og:description content='Calm skin in a week.'>"
        "<meta name=twitter:description content='A calm serum.'>"
        "<p>Text</p>"
    )
    assert page.title == "Serum"
    assert [(b.kind, b.zone, b.text, b.locator.attr) for b in page.blocks[:-1]] == [
        ("meta", "title", "Serum", None),
        ("meta", "description", "A calm serum.", "content"),
        ("meta", "description", "Calm skin in a week.", "content"),
    ]


def test_meta_names_are_lower_case_and_repeated_values_keep_their_order(read: Read) -> None:
    page = read(
        "<meta name=citation_author content='B. Reed'><meta name=Citation_Author content='A. Alder'>"
        "<meta name=DC.Type content=Text><meta property=og:site_name content=Alder><p>x"
    )
    assert page.meta["citation_author"] == ("B. Reed", "A. Alder")
    assert page.meta["dc.type"] == ("Text",)
    assert page.meta["og:site_name"] == ("Alder",)


@pytest.mark.parametrize(
    ("head", "day"),
    [
        ("<meta name=citation_date content='2026/2/9'>", "2026-02-09"),
        ("<meta property=article:published_time content='2025-11-03T08:00:00+02:00'>", "2025-11-03"),
        ("<meta name=DC.Date.issued content='2024'>", "2024"),
        ('<script type="application/ld+json">{"datePublished":"2023-05-06"}</script>', "2023-05-06"),
        ("<time datetime='2022-01-02'>2 January</time>", "2022-01-02"),
        ("<meta name=date content='tomorrow'>", None),
    ],
)
def test_the_day_of_publication_is_found(read: Read, head: str, day: str | None) -> None:
    assert read(f"{head}<p>Text</p>").published_on == day


def test_what_is_no_day_is_none() -> None:
    assert [iso_day(value) for value in ("2026-13-01", "0001-01-01", "20260101", "", "2026-02-31")] == [None] * 5


def test_links_are_absolute_without_fragments_and_canonical_is_kept(read: Read) -> None:
    page = read(
        "<base href='https://alder.example/en/'><link rel=canonical href='/en/serum'>"
        "<a href='team#anna'>The <b>team</b></a><a href='/p?x=1' rel='nofollow noopener'>Prices</a><a href=#top>Up</a>"
        "<a href='mailto:a@b.example'>Mail</a><a href='javascript:void(0)'>No</a><a href='http://[bad'>Bad</a>"
        "<a href='//other.example/a b'>Other</a><a href='team'><img alt='Our team'></a>"
    )
    assert [(link.url, link.text, link.nofollow) for link in page.links] == [
        ("https://alder.example/en/team", "The team", False),
        ("https://alder.example/p?x=1", "Prices", True),
        ("https://other.example/a b", "Other", False),
        ("https://alder.example/en/team", "", False),
    ]
    assert page.canonical == "https://alder.example/en/serum"


def test_json_ld_questions_answers_and_descriptions_carry_their_paths(read: Read) -> None:
    data = {
        "@graph": [
            {
                "@type": "FAQPage",
                "mainEntity": [
                    {
                        "@type": "Question",
                        "name": "Is it safe?",
                        "acceptedAnswer": {
                            "@type": "Answer",
                            "text": "<p>Mostly &amp; surely.</p><ul><li>Ask</li></ul>",
                        },
                    }
                ],
            },
            {"@type": ["MedicalClinic"], "name": "Alder Rooms", "description": "Quiet rooms"},
            {"@type": "Person", "name": "Dr Reed"},
            {"@type": "Review", "reviewBody": "My skin calmed."},
        ]
    }
    page = read(f"<p>Text</p><script type='application/ld+json'>{json.dumps(data)}</script>")
    found = [b for b in page.blocks if b.zone == "jsonld"]
    assert [(b.kind, b.text, b.locator.json_path) for b in found] == [
        ("question", "Is it safe?", "$['@graph'][0].mainEntity[0].name"),
        ("answer", "Mostly & surely. Ask", "$['@graph'][0].mainEntity[0].acceptedAnswer.text"),
        ("meta", "Alder Rooms", "$['@graph'][1].name"),
        ("meta", "Quiet rooms", "$['@graph'][1].description"),
        ("meta", "My skin calmed.", "$['@graph'][3].reviewBody"),
    ]
    assert found[1].question_index == found[0].index


@pytest.mark.parametrize(
    "script",
    [
        '{"description": "Calm", }',
        '<!-- {"description": "Calm"} -->',
        '{"description": "Calm"} {"broken": ',
        '{"description": "Ca\nlm"}',
        '[{"description": ["Calm"]}]',
        '{"description": {"@value": "Calm"}}',
    ],
)
def test_json_ld_with_common_faults_is_read(script: str) -> None:
    assert [draft.text.replace(" ", "") for draft in json_ld(script, None)[0]] == ["Calm"]


@pytest.mark.parametrize("script", ["", "{", "[" * 100_000, '{"a":' * 50_000, "null", '"text"', "{'single': 'quotes'}"])
def test_json_ld_beyond_repair_gives_nothing(script: str) -> None:
    assert json_ld(script, None)[0] == []


def test_lone_surrogates_in_json_ld_can_be_stored(read: Read) -> None:
    page = read('<p>x</p><script type="application/ld+json">{"description": "calm \\ud800 skin \\u0000."}</script>')
    assert texts(page, "jsonld") == ["calm ? skin ."]
