"""The ladder of statuses and the names of authorities, by words alone and against any weights."""

import pytest

from exowatch.extract.fold import fold
from exowatch.extract.sense import senses_of
from exowatch.extract.standing import FAVOURABLE, STATUSES, denied_status, standing
from exowatch.extract.statements import statements_in
from exowatch.model.pages import Block
from tests.unit.extract.denials import CLAIMS, DENIALS
from tests.unit.extract.reading import KNOWLEDGE, read

#: Weights that know nothing, and weights that are sure of the worst.
UNSURE = {f"status:{status}": 0.2 for status in STATUSES}
SURE_OF_APPROVAL = {**UNSURE, "status:approved": 0.99, "status:registered": 0.98}


def sense(text, language="en"):
    return next(senses_of([Block(0, "paragraph", "body", text)], KNOWLEDGE, language))


def status(text, language="en", chances=UNSURE, stance="asserted"):
    one = sense(text, language)
    return standing(one, chances, "negated" if denied_status(one) else stance)


def authorities(text, language):
    return {hit.rule.name for hit in sense(text, language).of("agency")}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("The serum is approved by the FDA.", "approved"),
        ("Our exosomes are FDA cleared.", "cleared"),
        ("The vial bears a CE mark.", "approved"),
        ("The serum was notified to the CPNP.", "registered"),
        ("It is manufactured in a GMP facility.", "other"),
        ("The serum complies with the rules.", "compliant"),
        ("The treatment is perfectly legal.", "compliant"),
        ("Being a cream, it needs no licence.", "other"),
        ("The agency sent the firm a warning letter.", "warning"),
        ("It must not be injected.", "banned"),
        ("Exosomes of human cells are prohibited in cosmetics.", "banned"),
        ("Such a treatment is not lawful.", "banned"),
        ("These are unapproved drugs.", "not_approved"),
        ("The exosomes are not approved.", "not_approved"),
        ("The product is not registered as a medicine.", "not_approved"),
    ],
)
def test_each_rung_is_read_from_its_words(text, told):
    assert status(text) == told


@pytest.mark.parametrize(
    ("language", "text", "told"),
    [
        ("pl", "Produkt nie ma w kraju rejestracji jako lek.", "not_approved"),
        ("zh", "本产品未经批准。", "not_approved"),
        ("zh", "备案的化妆品不得注射。", "banned"),
        ("de", "Das Präparat ist nicht zugelassen.", "not_approved"),
        ("fr", "Ce sérum est dispensé d’autorisation.", "other"),
        ("es", "El suero no requiere autorización.", "other"),
        ("it", "Il siero è marcato CE.", "approved"),
        ("ru", "Есть декларация соответствия.", "compliant"),
        ("tr", "Ürün ruhsatsızdır.", "not_approved"),
        ("ja", "本剤は未承認です。", "not_approved"),
        ("ko", "무허가 제품입니다.", "not_approved"),
    ],
)
def test_each_rung_is_read_in_other_languages(language, text, told):
    assert status(text, language) == told


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "No exosome is approved."),
        ("en", "These are unlicensed products."),
        ("en", "Injecting it is against the rules."),
        ("en", "Nobody at the agency has even looked at it."),
        ("vi", "Bộ Y tế chưa cấp phép."),
        ("id", "BPOM belum menerbitkan izin edar."),
        ("ar", "هيئة الدواء ما اعتمدت أي منتج."),
        ("ro", "Produsul nu are autorizație."),
        ("cs", "SÚKL ji neschválil."),
    ],
)
def test_no_weight_makes_an_approval_of_a_denial(language, text):
    assert status(text, language, SURE_OF_APPROVAL) not in FAVOURABLE


@pytest.mark.parametrize("language", DENIALS)
def test_no_denial_of_any_language_is_an_approval(language):
    for chances in (SURE_OF_APPROVAL, {**UNSURE, "status:compliant": 0.999}):
        assert [text for text in DENIALS[language] if status(text, language, chances) in FAVOURABLE] == []


@pytest.mark.parametrize("language", DENIALS)
def test_no_statement_of_an_approval_is_read_out_of_a_denial(language):
    for text in DENIALS[language]:
        told = {one.status for one in statements_in(sense(text, language), language, about=True)}
        assert not told & {"approved", "cleared", "compliant"}, text


@pytest.mark.parametrize("language", CLAIMS)
def test_a_plain_claim_keeps_its_rung(language):
    assert [status(text, language) for _, text in CLAIMS[language]] == [told for told, _ in CLAIMS[language]]


def test_a_negated_stance_is_never_an_approval():
    assert standing(sense("Approved by the FDA."), SURE_OF_APPROVAL, "negated") not in FAVOURABLE


def test_the_answer_no_takes_the_approval_out_of_its_question():
    _, found = read("Are your exosomes approved by the FDA?", "No.")
    assert not {claim.status for claim in found.claims if claim.quote.text == "No."} & FAVOURABLE


def test_a_portuguese_contraction_is_no_denial():
    assert not denied_status(sense("Registrado no portal europeu.", "pt"))


def test_the_french_word_ce_is_no_mark():
    told = sense("Est-ce que ce sérum est doux ?", "fr").of("status")
    assert not any(hit.rule.id == "status.ce-mark" for hit in told)


@pytest.mark.parametrize(
    ("language", "text", "names"),
    [
        ("zh", "未經FDA批准，也未获EMA批准。", {"FDA", "EMA"}),
        ("ko", "FDA의 승인과 식약처 허가", {"FDA", "MFDS"}),
        ("ja", "厚労省はFDA承認を認めない", {"MHLW", "FDA"}),
        ("zh", "衛福部尚未核准。", {"MOHW"}),
        ("tr", "TİTCK'den ruhsatlı", {"TİTCK"}),
        ("tr", "Sağlık Bakanlığı'nın izniyle", {"Ministry of Health"}),
        ("tr", "Amerikan ilaç dairesi izniyle", {"FDA"}),
        ("ar", "مؤسسة الغذاء والدواء", {"JFDA"}),
        ("ar", "هيئة الدواء المصرية", {"EDA"}),
        ("fa", "سازمان غذا و دارو", {"IFDA"}),
        ("vi", "Bộ Y tế", {"Ministry of Health"}),
        ("cs", "podle SÚKL", {"SUKL"}),
        ("ro", "Agenția Europeană a Medicamentului", {"EMA"}),
        ("sr", "odobrenje ALIMS-a", {"ALIMS"}),
        ("ru", "письмо Роспотребнадзора и Минздрава", {"Rospotrebnadzor", "Ministry of Health"}),
        ("en", "CPNP notified, rich in DHA", set()),
        ("pl", "wada zastawki", set()),
    ],
)
def test_an_authority_is_named_once_and_in_any_language(language, text, names):
    assert authorities(text, language) == names


def test_the_american_and_the_saudi_authority_are_told_apart():
    assert authorities("هيئة الغذاء والدواء الأمريكية", "ar") == {"FDA"}


def test_no_name_stands_for_two_authorities():
    seen: dict[tuple[str, str], set[str]] = {}
    for rule in KNOWLEDGE.rules:
        if rule.role == "agency":
            for language, terms in rule.terms.items():
                for term in terms:
                    seen.setdefault((language, fold(term).text), set()).add(str(rule.name))
    anywhere = {term: names for (language, term), names in seen.items() if language == "*"}
    assert not {at: names for at, names in seen.items() if len(names | anywhere.get(at[1], set())) > 1}


def test_authorities_of_at_least_45_places_are_known():
    assert len({rule.jurisdiction for rule in KNOWLEDGE.rules if rule.role == "agency"}) >= 45


@pytest.mark.parametrize("text", ["Brain health", "Exosomes for knees and backs", "Exosome drips give you new energy."])
def test_no_approval_is_read_where_no_word_of_one_stands(text):
    assert status(text, chances=SURE_OF_APPROVAL) not in FAVOURABLE
