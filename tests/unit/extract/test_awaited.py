"""An approval that is awaited, supposed or lacking is none, in any language and at any distance from its word."""

import pytest

from tests.unit.extract.reading import read

FAVOURABLE = {"approved", "cleared", "registered", "compliant"}
AWAITED = {
    "en": (
        "FDA approval of our exosomes is pending.",
        "Exosomes are awaiting FDA approval.",
        "We expect FDA approval of exosomes next year.",
        "Exosomes could be approved by the FDA soon.",
        "If the FDA approves exosomes, prices will fall.",
        "Exosomes lack approval from any regulator.",
        "The FDA declined to approve exosomes.",
        "Exosomes would need FDA approval.",
        "Botox is FDA approved; exosomes are not.",
        "Exosomes are nonapproved products of no FDA standing.",
        "These un-approved exosomes are sold to the public.",
        "Our exosomes are pre-approved for financing.",
    ),
    "de": ("Die Zulassung der Exosomen steht noch aus.", "Für die Exosomen ist die Zulassung beantragt."),
    "fr": ("L'autorisation des exosomes est en attente.", "Les exosomes sont en cours d'approbation par la FDA."),
    "es": ("La aprobación de los exosomas está pendiente.", "Los exosomas esperan, en trámite, la aprobación."),
    "it": ("L'approvazione degli esosomi è in attesa.",),
    "pt": ("A aprovação dos exossomos está pendente.", "O exossomo aguarda a aprovação da Anvisa."),
    "nl": ("De goedkeuring van exosomen laat op zich wachten.",),
    "pl": ("Egzosomy oczekują na zatwierdzenie przez FDA.",),
    "ru": ("Экзосомы ожидают одобрения Минздрава.", "Заявка на одобрение экзосом FDA на рассмотрении."),
    "uk": ("Екзосоми очікують на схвалення МОЗ.",),
    "tr": ("Eksozomların FDA onayı beklenmektedir.",),
    "ar": ("الإكسوسومات في انتظار موافقة FDA.",),
    "fa": ("اگزوزوم‌ها مورد تأیید FDA نیستند.", "اگزوزوم در انتظار تأیید FDA است."),
    "ko": ("엑소좀의 FDA 승인을 기다리고 있습니다.", "엑소좀은 식약처 승인 대기 중입니다."),
    "ja": ("承認待ちのエクソソーム。", "エクソソームはFDAの審査中で、承認を待っています。"),
    "zh": ("外泌体正在等待FDA批准。", "外泌体的批准仍在审批中。"),
    "el": ("Η έγκριση των εξωσωμάτων εκκρεμεί.",),
    "sr": ("Egzozomi čekaju odobrenje ALIMS-a.", "Егзозоми чекају одобрење АЛИМС-а."),
    "hr": ("Odobrenje za egzosome je u postupku.",),
}


@pytest.mark.parametrize("language", AWAITED)
def test_an_approval_that_is_not_held_is_never_read_as_one(language):
    for sentence in AWAITED[language]:
        _, found = read(sentence, language=language)
        assert not {claim.status for claim in found.claims} & FAVOURABLE, sentence
        assert not {told.status for told in found.statements} & FAVOURABLE, sentence


@pytest.mark.parametrize(
    "sentence",
    [
        "Our exosomes are FDA approved, and results are lasting.",
        "What are you waiting for when exosomes are FDA approved!",
        "FDA-approved exosomes may smooth wrinkles.",
    ],
)
def test_an_approval_beside_a_doubt_of_something_else_is_one(sentence):
    _, found = read(sentence)
    assert "approved" in {claim.status for claim in found.claims}


def test_waiting_for_a_result_denies_no_effect():
    _, found = read("Exosomes smooth wrinkles, with the final photographs pending.")
    assert [claim.stance for claim in found.claims if claim.zone != "title"] == ["asserted"]
