"""Short everyday words of the languages read here: enough to tell which of them a paragraph is in."""

from __future__ import annotations

_WORDS = {
    "en": "the and of to is in that for with are this by from be on as at it your you our we have not or which can",
    "de": "der die und das ist nicht mit den von zu für auf ein eine sich werden im dem des sind auch wird oder bei",
    "fr": "le la les des et est une un dans pour que qui sur par avec pas du au sont votre nous vous ce cette plus ou",
    "es": "el la los las de y que en un una es por con para del se no su al como más son este esta lo pero o",
    "pt": "o a os as de e que em um uma é por com para do da no na não se dos das são mais ao como sua ou pela",
    "it": "il la i gli le di e che in un una è per con del della non si dei delle sono da al come più o nel anche",
    "pl": "i w z na do nie się jest to że przez od po oraz dla jak o są lub który które po za ich może także być",
    "tr": "ve bir bu için ile da de olarak en çok daha olan gibi sonra kadar ise veya ne her değil cilt olan hem",
    "sh": "i je u na se da za su od sa ili koji koje kao ne može biti su to nije će iz po koja bez ako samo sve već",
    "sl": "in je na se za so ki da pri ali tudi po z od kot lahko ne bo še pa kar ter smo vas vaše brez več",
    "id": "dan yang di untuk dengan dari ini pada adalah tidak dapat atau ke akan anda kami juga oleh dalam itu",
    "nl": "de het een en van is dat niet te op met voor zijn in er aan ook bij naar uit wordt deze worden of maar",
    "ro": "și de la în cu pe o un este nu care pentru din sau mai se prin sunt ale al lui după fi ca a acest",
    "cs": "a v se na je že s z do o to pro jako by jsou po ale za od si ve jsem který při nebo také může není",
    "sv": "och att det i en är som på för med av den till inte har om ett vid eller kan från de så efter",
    "hu": "a az és hogy nem is egy van ez meg de ha vagy csak már mint után során által kell lehet azt el",
    "ru": "и в не на что с по для как это от при или из к его а но же может быть также после у мы вы они",
    "uk": "і в не на що з та для як це від при або із до його а але ж може бути також після у ми ви вони є",
    "bg": "и на в да се за от с не е по като са при или която който след може до ще това че си при",
    "sr-cyrl": "и је у на се да за су од са или који које као не може бити то није ће из по која без ако само",
}
#: Word to the languages that use it.
LANGUAGES_OF: dict[str, tuple[str, ...]] = {}
for _language, _line in _WORDS.items():
    for _word in set(_line.split()):
        LANGUAGES_OF[_word] = (*LANGUAGES_OF.get(_word, ()), _language)
#: Languages that the votes can speak for.
VOTED = frozenset(_WORDS)
#: Serbian is ekavian on the whole, Croatian and Bosnian are ijekavian.
_EKAVIAN_LINE = "lečenje lepota vreme posle gde mesto telo deo pre sveže šta reč uvek ovde ćelija ćelije primena"
_IJEKAVIAN_LINE = (
    "liječenje ljepota vrijeme poslije gdje mjesto tijelo dio prije svježe što riječ uvijek ovdje stanica tijekom"
)
EKAVIAN = frozenset(_EKAVIAN_LINE.split())
IJEKAVIAN = frozenset(_IJEKAVIAN_LINE.split())
