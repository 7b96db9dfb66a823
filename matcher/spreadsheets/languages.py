"""The names of languages, so that "German", "Deutsch", "deu" and "de" are one language."""

from collections.abc import Mapping
from types import MappingProxyType

_NAMES = """
af afr afrikaans
am amh amharic
ar ara arabic العربية
az aze azerbaijani
be bel belarusian
bg bul bulgarian български
bn ben bengali bangla বাংলা
bs bos bosnian bosanski
ca cat catalan català
cs ces cze czech čeština
cy cym wel welsh cymraeg
da dan danish dansk
de deu ger german deutsch
el ell gre greek ελληνικά
en eng english
eo epo esperanto
es spa spanish español castellano castilian
et est estonian eesti
eu eus baq basque euskara
fa fas per persian farsi فارسی
fi fin finnish suomi
fr fra fre french français
ga gle irish gaeilge
gl glg galician galego
gu guj gujarati
ha hau hausa
he heb iw hebrew עברית
hi hin hindi हिन्दी
hr hrv croatian hrvatski
ht hat haitian|creole kreyòl
hu hun hungarian magyar
hy hye arm armenian
id ind indonesian bahasa|indonesia
ig ibo igbo
is isl ice icelandic íslenska
it ita italian italiano
ja jpn japanese 日本語
ka kat geo georgian
kk kaz kazakh
km khm khmer
kn kan kannada
ko kor korean 한국어
ku kur kurdish kurdî
lt lit lithuanian lietuvių
lv lav latvian latviešu
mk mkd mac macedonian
ml mal malayalam
mn mon mongolian
mr mar marathi
ms msa may malay bahasa|melayu
mt mlt maltese malti
my mya bur burmese
ne nep nepali
nl nld dut dutch nederlands flemish vlaams
no nor nb nob nn nno norwegian norsk bokmål
pa pan punjabi panjabi
pl pol polish polski
ps pus pashto
pt por portuguese português
ro ron rum romanian română
ru rus russian русский
rw kin kinyarwanda
si sin sinhala sinhalese
sk slk slo slovak slovenčina
sl slv slovenian slovene slovenščina
so som somali
sq sqi alb albanian shqip
sr srp serbian srpski српски
sv swe swedish svenska
sw swa swahili kiswahili
ta tam tamil
te tel telugu
th tha thai ไทย
ti tir tigrinya
tl tgl tagalog filipino pilipino
tr tur turkish türkçe
uk ukr ukrainian українська
ur urd urdu اردو
uz uzb uzbek
vi vie vietnamese tiếng|việt
xh xho xhosa
yo yor yoruba
yue cantonese
zh zho chi chinese mandarin 中文
zu zul zulu
sh serbo-croatian
ase american|sign|language asl
bfi british|sign|language bsl
"""


def _codes() -> dict[str, str]:
    codes = {}
    for line in _NAMES.strip().splitlines():
        code, *names = (name.replace("|", " ") for name in line.split())
        codes.update(dict.fromkeys((code, *names), code))
    return codes


CODES: Mapping[str, str] = MappingProxyType(_codes())
"""Case-folded names and codes of languages -> the code the pairing compares."""


def _titles() -> dict[str, str]:
    split = [[name.replace("|", " ") for name in row.split()] for row in _NAMES.strip().splitlines()]
    return {code: next(name for name in names if len(name) > 3).title() for code, *names in split}


TITLES: Mapping[str, str] = MappingProxyType(_titles())
"""The code of a language -> its English name, as a page writes it."""
