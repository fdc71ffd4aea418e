"""Things of a page that law names are found in its sentences, and nobody's name is kept with them."""

import pytest

from exowatch.errors import KnowledgeError
from exowatch.extract.findings import findings
from exowatch.knowledge.features import load_features
from exowatch.model.sources import Source
from exowatch.pages.page import read_page
from tests.unit.extract.reading import KNOWLEDGE

TOP = "<h1>Exosome facial</h1><p>Our exosome serum makes skin glow.</p>"


def features(body, place="IE", language="en", kind="clinic"):
    page = read_page(
        f"<html lang={language}><title>Exosomes</title><body><main>{TOP}{body}</main></body></html>".encode(),
        url="https://a.example/",
        content_type="text/html; charset=utf-8",
        status=200,
        truncated=None,
        fitness=KNOWLEDGE.fitness,
    )
    return findings(page, Source("a", "a", kind, place, ("https://a.example/",)), KNOWLEDGE).features


@pytest.mark.parametrize(
    "sentence",
    [
        "Loved by celebrities in Dubai.",
        "Von Ärzten empfohlen.",
        "Ünlüler bunu seviyor.",
        "Рекомендуют врачи.",
        "医師が推奨する美容液です。",
    ],
)
def test_endorsements_are_found_in_many_languages(sentence):
    assert features(f"<p>{sentence}</p>").endorsements == (sentence,)


@pytest.mark.parametrize("sentence", ["For healthcare professionals only.", "Nur für Fachkreise.", "医療関係者の方へ"])
def test_a_gate_for_professionals_is_found(sentence):
    assert features(f"<p>{sentence}</p>").gate == sentence


def test_staff_who_treat_are_no_endorsement_and_no_gate():
    told = features("<p>Our healthcare professionals look after you.</p><p>Ask your dermatologist first.</p>")
    assert (told.endorsements, told.gate) == ((), None)


def test_what_a_customer_says_is_kept_without_the_name_below_it():
    told = features("<blockquote>“My skin has never looked better, I love it.” – Anna Kowalska</blockquote>")
    assert told.testimonials
    assert not any("Kowalska" in text for text in told.testimonials)


def test_prices_are_amounts_with_their_currency():
    told = features("<p>From €250 a session, a course of three for 1.200 EUR. Call 01 234 5678.</p>")
    assert told.prices == ("€250 a session", "course of three for 1.200 EUR")


def test_a_sentence_that_law_requires_is_missing_or_there():
    missing = features("<p>Sonuçlar harika.</p>", place="TR", language="tr").required_missing
    assert missing
    assert all(name.startswith("tr-") for name in missing)
    assert features("<p>Sonuçlar kişiden kişiye değişir.</p>", place="TR", language="tr").required_missing == ()
    assert features("<p>Great results.</p>").required_missing == ()
    assert features("<p>Sonuçlar harika.</p>", place="TR", language="tr", kind="journal").required_missing == ()


def test_a_file_whose_example_fails_is_refused(tmp_path):
    told = "- {id: gate, reason: x, source: x, terms: [staff only], examples: {match: [Everybody], not: [x]}}\n"
    (tmp_path / "features.yml").write_text(told)
    with pytest.raises(KnowledgeError, match="an example fails"):
        load_features(tmp_path / "features.yml")


@pytest.mark.parametrize(
    ("sentence", "prices"),
    [
        ("From €250 to €400 a session.", ("€250 to €400 a session",)),
        ("500–900 € je Behandlung", ("500–900 € je Behandlung",)),
        ("12 mois 90 €", ("12 mois 90 €",)),
        ("Face €350, neck €150, 3 sessions €900", ("€350", "€150", "3 sessions €900")),
        ("A course is 1 200 €.", ("1 200 €",)),
        ("It costs EUR 1'200 in all.", ("EUR 1'200",)),
        ("Only £90.", ("£90",)),
    ],
)
def test_amounts_are_whole_whatever_parts_their_thousands(sentence, prices):
    assert features(f"<p>{sentence}</p>").prices == prices


@pytest.mark.parametrize(
    "sentence",
    [
        "I love my new skin – Anna Kowalska",
        "My name is Anna Kowalska and my hair grew back.",
        "“Great,” said Anna Kowalska, “my skin is new.”",
    ],
)
def test_no_name_is_kept_with_a_voice(sentence):
    assert not any("Kowalska" in text for text in features(f"<p>{sentence}</p>").testimonials)


@pytest.mark.parametrize(
    "sentence",
    [
        "The HPRA does not endorse products.",
        "An actress was in court last week.",
        "Not endorsed by any authority.",
        "Our gold standard among Hollywood films.",
    ],
)
def test_a_celebrity_or_body_without_a_tie_to_the_treatment_is_no_endorsement(sentence):
    assert features(f"<p>{sentence}</p>").endorsements == ()


@pytest.mark.parametrize("sentence", ["5 x 5 ml, for professional use only", "전문가용 앰플"])
def test_a_label_of_a_product_is_no_gate(sentence):
    assert features(f"<p>{sentence}</p>").gate is None


@pytest.mark.parametrize(
    ("sentence", "language"),
    [
        ("Meine Haut war noch nie so weich.", "de"),
        ("Моя кожа сияет уже неделю.", "ru"),
        ("Cildim bebek gibi oldu.", "tr"),
        ("Ma peau est transformée.", "fr"),
        ("«Расчёска наконец-то чистая!» – Инна, 38", "ru"),
        ("“Equipe pontual e educada.” Márcia, 48", "pt"),
        ("「もっちりして手が離れない！」（36歳・販売）", "ja"),
        ("One patient, a midwife, told me that strangers ask her age.", "en"),
    ],
)
def test_customers_are_heard_in_many_languages_with_and_without_quotation_marks(sentence, language):
    assert features(f"<p>{sentence}</p>", language=language).testimonials


@pytest.mark.parametrize(
    "sentence",
    [
        "My patients ask me about exosomes.",
        "“I treat acne first and melasma last.” – Dr Anna Kowalska",
        "I have spots right now, should I wait?",
        "Our patients report softer skin.",
    ],
)
def test_doctors_questions_and_crowds_are_no_customer_s_voice(sentence):
    assert features(f"<p>{sentence}</p>").testimonials == ()


def test_an_interview_is_no_row_of_testimonials():
    answers = ("I like it in rosacea.", "I began in 2021.", "I am careful with melasma.", "I never inject it.")
    assert features("".join(f"<p>“{one}”</p>" for one in answers)).testimonials == ()


@pytest.mark.parametrize(
    "sentence",
    [
        "My name is Anna Kowalska and my hair is back.",
        "“Great,” said Anna Kowalska, “my skin is new.”",
        "Mrs Kowalska told us: my skin is new.",
        "“My skin is new.” – Kowalska",
        "“My skin is new.”<br>Kowalska, 41",
        "« My skin is new. » Kowalska, 41 ans",
        "My skin is new.<cite>Kowalska, Gdynia</cite>",
    ],
)
def test_a_voice_that_names_itself_is_kept_without_the_name(sentence):
    told = features(f"<p>{sentence}</p>")
    assert told.testimonials
    assert not any("Kowalska" in text for text in (*told.testimonials, *(one.text for one in told.places)))


@pytest.mark.parametrize(
    "sentence",
    [
        "A clinic in Cork was fined €75,120 for it.",
        "The global market will reach $1.4 billion.",
        "Turnover rose to €11 million.",
        "Cold box, delivery from €15.",
        "Parking is €4 an hour.",
        "Late cancellation fee €50.",
    ],
)
def test_fines_markets_turnover_and_postage_are_no_prices(sentence):
    assert features(f"<p>{sentence}</p>").prices == ()


@pytest.mark.parametrize(
    ("sentence", "price"),
    [
        ("Drei Sitzungen kosten 1400 Franken.", "1400 Franken"),
        ("Τρεις επισκέψεις κοστίζουν 420 ευρώ.", "420 ευρώ"),
        ("От 145 000 тенге.", "145 000 тенге"),
        ("엑소좀 1회 99,000", "99,000"),
        ("Second syringe half price.", "Second syringe half price."),
        ("Fine lines look softer for €90.", "€90"),
    ],
)
def test_prices_are_read_with_named_currencies_in_lists_and_as_discounts(sentence, price):
    assert features(f"<p>{sentence}</p>").prices == (price,)


def test_pictures_are_offered_in_words_or_named_by_a_caption_and_a_time_is_none():
    assert features("<p>See our before and after photos.</p>").before_after
    assert features("<figure><img src=a.jpg alt=''><figcaption>After 3 sessions</figcaption></figure>").before_after
    assert features("<p>Wash your hands before and after.</p>").before_after == ()


def test_a_seller_s_page_that_says_its_product_is_not_approved_limits_its_promise():
    assert features("<p>The FDA has not approved any exosome product.</p>").disclaimers


def test_a_regulator_s_page_offers_nothing():
    told = features("<p>“My skin is new.” – Anna</p><p>Sold at €90.</p>", kind="regulator")
    assert (told.testimonials, told.prices) == ((), ())


def test_each_feature_has_its_place():
    (place,) = features("<p>Come in. From €250 a session.</p>").places
    assert (place.feature, place.text, place.zone) == ("prices", "€250 a session", "body")
    assert (place.start, place.end) == (9, 29)
    assert place.css


def test_a_feature_of_few_examples_is_refused(tmp_path):
    told = "- {id: gate, reason: x, source: x, terms: [staff only], examples: {match: [staff only], not: [x]}}\n"
    (tmp_path / "features.yml").write_text(told)
    with pytest.raises(KnowledgeError, match="fewer than 3"):
        load_features(tmp_path / "features.yml")


def test_a_rated_line_is_a_voice_where_it_says_more_than_a_number():
    assert features("<p>★★★★★ Best money I have spent on my face.</p>").testimonials
    assert features("<p>★★★★★ 4.8 (2,114 reviews)</p>").testimonials == ()


def test_an_invitation_to_write_a_review_is_no_review():
    told = features("<h2>Отзывы</h2><p>Оставьте отзыв о нас на картах.</p>", language="ru")
    assert told.testimonials == ()


@pytest.mark.parametrize(
    "sentence",
    [
        "The Northern Society of Hair Surgeons recommends this protocol.",
        "Дерматолог рекомендует наш препарат.",
        "Een bekende zangeres gebruikt onze exosomen.",
        "“I put it on before every red carpet,” says an actress.",
    ],
)
def test_somebody_known_or_a_professional_outside_who_uses_it_endorses_it(sentence):
    assert features(f"<p>{sentence}</p>").endorsements == (sentence,)


def test_each_gate_has_its_place_and_the_first_is_the_page_s():
    told = features("<p>Are you a registered health practitioner?</p><p>For health professionals only.</p>")
    assert [one.text for one in told.places] == [told.gate, "For health professionals only."]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Sabine K.", "Nach der zweiten Sitzung sah ich endlich wieder wach aus."),
        ("Anna, 38, Leeds", "Strangers ask what was done after the third visit."),
        ("Оксана", "Шкіра стала рівнішою, подруги питають, що я зробила."),
        ("Marie L., Lyon", "On me demande maintenant ce que j'ai fait."),
    ],
)
def test_a_paragraph_with_nothing_but_a_name_below_it_is_a_voice(name, said):
    assert features(f"<p>{said}</p><p>{name}</p>").testimonials == (said,)


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Sabine leads our practice and has worked here for years.", "Sabine K."),
        ("The serum is put on after needling, and nothing hurts.", "Oksana"),
        ("Our facial costs 300 euros and takes an hour of your day.", "Sabine K."),
        ("I had a facial, it was nice", "Sabine K."),
    ],
)
def test_a_name_below_what_its_bearer_did_not_say_makes_no_voice(said, name):
    assert features(f"<p>{said}</p><p>{name}</p>").testimonials == ()


def test_who_speaks_of_himself_below_a_heading_of_reviews_is_a_voice_and_who_asks_is_none():
    body = "<h2>Reviews</h2><p>Two bottles in and I look softer.</p><p>Did I miss the offer?</p>"
    assert features(body).testimonials == ("Two bottles in and I look softer.",)


@pytest.mark.parametrize(
    ("feature", "text"),
    [
        ("endorsements", "Scelto dai medici della nazionale di nuoto."),
        ("prices", "La primera valoración es gratuita."),
        ("prices", "Per session Rs 12,000"),
        ("disclaimers", "Every scalp responds differently; we make no promises about the outcome."),
        ("disclaimers", "Ces informations ne remplacent pas un avis médical."),
        ("before_after", "Baseline vs. 6 months, male, 41"),
    ],
)
def test_words_of_many_languages_show_what_law_names(feature, text):
    body = f"<p>Our exosome facial renews the skin and reduces wrinkles. Book today.</p><p>{text}</p>"
    assert len(getattr(features(body), feature)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "A $150 deposit holds your slot.",
        "We are hiring: nurse, $42 per hour.",
        "A clinic charged my neighbour $6,000.",
        "Its site says “not medical advice” and shows before and after shots.",
    ],
)
def test_what_is_no_offer_and_no_limit_of_its_own_is_none(text):
    told = features(f"<p>Our exosome facial renews the skin and reduces wrinkles.</p><p>{text}</p>")
    assert (told.prices, told.disclaimers, told.before_after) == ((), (), ())
