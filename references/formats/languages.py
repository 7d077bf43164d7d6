"""The language of a work: ISO 639-1 here, three letters in MEDLINE, names in BibTeX and EndNote."""

import re

from publishing.languages import language_code
from publishing.later import later

babel_core = later("babel.core")

# ISO 639-2 as libraries use it (bibliographic codes: ger, not deu), beside ISO 639-1.
_THREE = """
    aar-aa abk-ab afr-af aka-ak alb-sq amh-am ara-ar arg-an arm-hy asm-as ava-av ave-ae aym-ay
    aze-az bak-ba bam-bm baq-eu bel-be ben-bn bis-bi bos-bs bre-br bul-bg bur-my cat-ca cha-ch
    che-ce chi-zh chu-cu chv-cv cor-kw cos-co cre-cr cze-cs dan-da div-dv dut-nl dzo-dz eng-en
    epo-eo est-et ewe-ee fao-fo fij-fj fin-fi fre-fr fry-fy ful-ff geo-ka ger-de gla-gd gle-ga
    glg-gl glv-gv gre-el grn-gn guj-gu hat-ht hau-ha heb-he her-hz hin-hi hmo-ho hrv-hr hun-hu
    ibo-ig ice-is ido-io iii-ii iku-iu ile-ie ina-ia ind-id ipk-ik ita-it jav-jv jpn-ja kal-kl
    kan-kn kas-ks kau-kr kaz-kk khm-km kik-ki kin-rw kir-ky kom-kv kon-kg kor-ko kua-kj kur-ku
    lao-lo lat-la lav-lv lim-li lin-ln lit-lt ltz-lb lub-lu lug-lg mac-mk mah-mh mal-ml mao-mi
    mar-mr may-ms mlg-mg mlt-mt mon-mn nau-na nav-nv nbl-nr nde-nd ndo-ng nep-ne nno-nn nob-nb
    nor-no nya-ny oci-oc oji-oj ori-or orm-om oss-os pan-pa per-fa pli-pi pol-pl por-pt pus-ps
    que-qu roh-rm rum-ro run-rn rus-ru sag-sg san-sa sin-si slo-sk slv-sl sme-se smo-sm sna-sn
    snd-sd som-so sot-st spa-es srd-sc srp-sr ssw-ss sun-su swa-sw swe-sv tah-ty tam-ta tat-tt
    tel-te tgk-tg tgl-tl tha-th tib-bo tir-ti ton-to tsn-tn tso-ts tuk-tk tur-tr twi-tw uig-ug
    ukr-uk urd-ur uzb-uz ven-ve vie-vi vol-vo wel-cy wln-wa wol-wo xho-xh yid-yi yor-yo zha-za
    zul-zu
"""
THREE = {two: three for three, two in (pair.split("-") for pair in _THREE.split())}
_TWO = {three: two for two, three in THREE.items()}
# Names of the LaTeX packages babel and polyglossia, where they are no English names of a language.
_LATEX = {
    "acadian": "fr", "american": "en", "australian": "en", "austrian": "de", "brazil": "pt",
    "brazilian": "pt",
    "british": "en", "canadian": "en", "canadien": "fr", "castilian": "es", "francais": "fr",
    "frenchb": "fr",
    "germanb": "de", "magyar": "hu", "mexican": "es", "naustrian": "de", "newzealand": "en",
    "ngerman": "de",
    "nswissgerman": "de", "nynorsk": "nn", "polutonikogreek": "el", "portuges": "pt",
    "slovene": "sl",
    "swissgerman": "de", "ukenglish": "en", "usenglish": "en", "valencian": "ca",
}  # fmt: skip


def to_two(text: str) -> str:
    """“spa”, “es-ES”, “Spanish” or “español” → “es”; three letters where ISO 639-1 has none; else
    empty."""
    code = re.split(r"[-_;,/(]", text)[0].strip(" .").casefold()
    if code in THREE or code in _TWO:
        return _TWO.get(code, code)
    alias = babel_core.get_global("language_aliases").get(code, "") if len(code) == 3 else ""
    return (
        _LATEX.get(code)
        or (alias if 2 <= len(alias) <= 3 else "")
        or language_code(code)
        or _own_name(code)
    )


def to_three(code: str) -> str:
    """“es” → “spa”, as MEDLINE has it."""
    return THREE.get(code, code)


def _own_name(name: str) -> str:
    own = {
        "español": "es",
        "castellano": "es",
        "català": "ca",
        "français": "fr",
        "deutsch": "de",
        "italiano": "it",
    }
    return own.get(name) or {
        "português": "pt",
        "nederlands": "nl",
        "svenska": "sv",
        "türkçe": "tr",
    }.get(name, "")
