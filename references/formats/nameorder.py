"""Which word of a name without a comma is the family name where East Asia has it first: “Nguyen
Van Anh”, “Zhang Wei”, “Kim Min-Soo”, and “Van Anh Nguyen” all the same.

The commonest family names of each country are few and bear nine of ten people in Vietnam, eight of
ten in Korea and six of ten in China; whoever begins with one and does not end in one is written in
that order. What stays open is said, so that somebody looks.
"""

import re
import unicodedata

_VIETNAMESE = set(
    "bui dang dao dinh do doan duong ho hoang huynh le luong ly ngo nguyen pham phan tran trinh"
    " truong vo vu".split()
)
_OTHERS = set(
    # China, Hong Kong and Taiwan
    "cai cao chan chang chen cheng cheung cui deng ding dong du duan fan fang feng fu gao gong guo"
    " han he hong hou hsu hu huang jia jiang jin kong leung li liang liao lin liu lu luo ma mao"
    " meng ouyang pan peng qian qin qiu ren shao shen shi song su sun tang tao tian tsai wang wong"
    " wu xie xiong xu xue yang yao ye yin yu yuan zeng zhang zhao zheng zhong zhou zhu zou"
    # Korea
    " cho choi hwang jung kang kim kwon lee park shin yoon"
    # Japan
    " hayashi inoue ito kato kimura kobayashi matsumoto nakamura saito sasaki sato shimizu suzuki"
    " takahashi tanaka watanabe yamada yamaguchi yamamoto yoshida".split()
)
_FAMILIES = _VIETNAMESE | _OTHERS
# Given names or articles elsewhere: “Kim Anderson”, “Le Corbusier”.
_GIVEN_TOO = set(
    "chan do du fan fu han he jin jung kim le lee li lin ma park ren song su sun".split()
)
_MIDDLE = {"van", "thi"}
_ONE = r"(?:zh|ch|sh|kw|[bpmfdtnlgkhjqxrzcsyw])?[aeiouy]{1,4}(?:ng|[nmklph])?"
_VIETNAMESE_ONE = (
    r"(?:ngh?|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdghklmnprstvx])?[aeiouy]{1,3}(?:ng|nh|ch|[cmnpt])?"
)
_SYLLABLES = re.compile(rf"(?:{_ONE}){{1,2}}|{_VIETNAMESE_ONE}")
_HYPHENED = re.compile(rf"{_ONE}-{_ONE}")
_WESTERN_END = re.compile(r".{2,}(?:sen|son|man|ell|er)")


def family_first(words: list[str]) -> tuple[bool, bool]:
    """`(whether the first word is the family name, whether that is in doubt)`."""
    first, *rest = map(_plain, words)
    if first not in _FAMILIES or not rest or len(rest) > 3:
        return False, False
    if len(rest) == 1 and _HYPHENED.fullmatch(rest[0]):
        return True, False
    if first in _VIETNAMESE and rest[0] in _MIDDLE and len(rest) > 1:
        return True, True
    if rest[-1] in _FAMILIES:
        return len(rest) > 1, True
    asian = all(_SYLLABLES.fullmatch(word) and not _WESTERN_END.fullmatch(word) for word in rest)
    if first in _GIVEN_TOO and first not in _VIETNAMESE:
        return asian and len(rest) > 1, asian
    return asian or (first not in _GIVEN_TOO and len(rest) == 1), asian or first not in _GIVEN_TOO


def is_east_asian(family: str) -> bool:
    """Whether it is one of the commonest family names there."""
    return _plain(family) in _FAMILIES


def _plain(word):
    """“Trần” → “tran”."""
    bare = unicodedata.normalize("NFD", word[:40].casefold()).replace("đ", "d")
    return "".join(sign for sign in bare if not unicodedata.combining(sign))
