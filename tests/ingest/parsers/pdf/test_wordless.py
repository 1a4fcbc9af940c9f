"""Text that is of no language is doubted; text of languages without a dictionary, code and names are not."""

from __future__ import annotations

import random
import string
import textwrap

import pytest

from ingest.parsers.layout import Print, line_of
from ingest.parsers.pdf import PdfParser
from ingest.parsers.pdf.doubts import wordless_doubt
from tests.files.documents import lines, pdf_of

ENGLISH = (
    "All human beings are born free and equal in dignity and rights. They are endowed with reason and conscience and "
    "should act towards one another in a spirit of brotherhood. Everyone has the right to life, liberty and security "
    "of person. No one shall be held in slavery or servitude. Everyone has the right to recognition everywhere as a "
    "person before the law. All are equal before the law and are entitled without any discrimination to protection. "
    "Everyone charged with a penal offence has the right to be presumed innocent until proved guilty in a public trial."
)
OTHERS = {
    "pl": (
        "Wszyscy ludzie rodzą się wolni i równi pod względem swej godności i swych praw. Są oni obdarzeni rozumem "
        "i sumieniem i powinni postępować wobec innych w duchu braterstwa. Każdy człowiek posiada wszystkie prawa "
        "i wolności bez względu na różnice rasy, koloru, płci, języka, wyznania, poglądów politycznych, majątku, "
        "urodzenia. Nikt nie może być trzymany w niewoli ani w poddaństwie; niewolnictwo i handel niewolnikami są "
        "zakazane."
    ),
    "cs": (
        "Všichni lidé rodí se svobodní a sobě rovní co do důstojnosti a práv. Jsou nadáni rozumem a svědomím a "
        "mají spolu jednat v duchu bratrství. Každý má všechna práva a všechny svobody, stanovené touto deklarací, "
        "bez jakéhokoli rozlišování, zejména podle rasy, barvy, pohlaví, jazyka, náboženství, politického nebo "
        "jiného smýšlení. Každý má právo na život, svobodu a osobní bezpečnost. Čtvrt hodiny trvá cesta od vrchu k "
        "lesu."
    ),
    "hr": (
        "Sva ljudska bića rađaju se slobodna i jednaka u dostojanstvu i pravima. Ona su obdarena razumom i "
        "sviješću i trebaju jedna prema drugima postupati u duhu bratstva. Svakome su dostupna sva prava i slobode "
        "navedene u ovoj deklaraciji bez razlike bilo koje vrste, kao što su rasa, boja, spol, jezik, vjera, "
        "političko ili drugo mišljenje, nacionalno ili društveno podrijetlo, imovina, rođenje. Smrt, krv, trg, "
        "vrh, četvrtak."
    ),
    "hu": (
        "Minden emberi lény szabadon születik és egyenlő méltósága és joga van. Az emberek, ésszel és "
        "lelkiismerettel bírván, egymással szemben testvéri szellemben kell hogy viseltessenek. Mindenki, bármely "
        "megkülönböztetésre való tekintet nélkül hivatkozhat a jelen nyilatkozatban kinyilvánított összes jogokra "
        "és szabadságokra."
    ),
    "fi": (
        "Kaikki ihmiset syntyvät vapaina ja tasavertaisina arvoltaan ja oikeuksiltaan. Heille on annettu järki ja "
        "omatunto, ja heidän on toimittava toisiaan kohtaan veljeyden hengessä. Jokainen on oikeutettu kaikkiin "
        "tässä julistuksessa esitettyihin oikeuksiin ja vapauksiin ilman minkäänlaista rotuun perustuvaa erotusta."
    ),
    "tr": (
        "Bütün insanlar hür, haysiyet ve haklar bakımından eşit doğarlar. Akıl ve vicdana sahiptirler ve "
        "birbirlerine karşı kardeşlik zihniyeti ile hareket etmelidirler. Herkes, ırk, renk, cinsiyet, dil, din, "
        "siyasi veya diğer herhangi bir akide, milli veya içtimai menşe, servet, doğuş gibi fark gözetilmeksizin "
        "bu haklardan istifade edebilir."
    ),
    "cy": (
        "Genir pawb yn rhydd ac yn gydradd â'i gilydd mewn urddas a hawliau. Fe'u cynysgaeddir â rheswm a "
        "chydwybod, a dylai pawb ymddwyn y naill at y llall mewn ysbryd cymodlon. Y mae gan bawb hawl i'r holl "
        "hawliau a'r rhyddfreintiau a nodir yn y datganiad hwn, heb unrhyw wahaniaeth o gwbl yn arbennig unrhyw "
        "wahaniaeth hil, lliw, rhyw, iaith."
    ),
    "vi": (
        "Tất cả mọi người sinh ra đều được tự do và bình đẳng về nhân phẩm và quyền lợi. Mọi con người đều được "
        "tạo hóa ban cho lý trí và lương tâm và cần phải đối xử với nhau trong tình bằng hữu. Không ai phải bị làm "
        "nô lệ."
    ),
    "code": (
        "def parse(stream, strict=False): handler = getattr(module, name); subprocess.run(args, check=True, "
        "capture_output=True); httpd.serve_forever(); print(fmt.format(width, height)); struct.unpack(buf); "
        "ctrl.xpath(); return sorted(mapping.items(), key=lambda pair: pair[1]); tmpl.substr(index); raise "
        "ValueError(message) from exc"
    ),
}


def doubted(text: str) -> bool:
    printed = [
        line_of([Print(word, 10.0 * n, 0, 10.0 * n + 9, 10) for n, word in enumerate(line.split())], 10)
        for line in textwrap.wrap(text, 80)
    ]
    return wordless_doubt(printed) is not None


@pytest.mark.parametrize("language", OTHERS)
def test_words_of_languages_without_a_dictionary_and_code_are_believed(language: str):
    """They have vowels, as words of every language do."""
    assert not doubted(OTHERS[language])


@pytest.mark.parametrize("places", [1, 3, 5, 10, 19])
def test_shifted_letters_are_doubted(places: int):
    """As by a map that names each letter as one further on; where vowels take the place of vowels nothing tells."""
    letters = string.ascii_lowercase
    assert doubted(ENGLISH.lower().translate(str.maketrans(letters, letters[places:] + letters[:places])))


def test_letters_exchanged_at_random_are_mostly_doubted():
    """Where the vowels stay in most words nothing tells."""
    letters = string.ascii_lowercase
    found = 0
    for seed in range(40):
        others = "".join(random.Random(seed).sample(letters, 26))
        found += doubted(ENGLISH.lower().translate(str.maketrans(letters, others)))
    assert found >= 32


def test_a_page_of_such_text_is_doubted_and_kept_as_it_is():
    """OCR is to tell; a font that is not embedded has no shape to look at."""
    letters = string.ascii_lowercase
    shifted = ENGLISH.lower().translate(str.maketrans(letters, letters[3:] + letters[:3]))
    parsed = PdfParser().parse(pdf_of(lines(*textwrap.wrap(shifted, 80))), "a.pdf")
    assert parsed.doubts[1].reason == "words of no language"
    assert not parsed.doubts[1].withhold
    assert PdfParser().parse(pdf_of(lines(*textwrap.wrap(ENGLISH, 80))), "a.pdf").doubts == {}
