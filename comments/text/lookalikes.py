"""Letters of other alphabets, and signs, that pass for Latin ones: after Unicode's confusables
(UTS 39), as far as names go.

Compatibility forms (full width, mathematical, circled) are not here: `fold` has turned them into
plain letters before.
"""

import re

from publishing.search import fold

# Each row: the Latin letter, and what is taken for it, in small letters.
_TABLE = """
a αаɑᴀ⍺ӕⲁᎪꓮ
b βьвƅɓʙⲃᏴꓐ
c сϲᴄⲥçᏟꓚ
d ԁɗժᴅᎠꓓ
e еεєɛэᴇ℮ҽᎬꓰ
f ƒϝքꜰẝꓝ
g ɡɢցԍᶃᏀꓖ
h һнհʜⲏᎻꓧ
i ιіɩɪıⲓᎥꓲ
j јϳյᴊᎫꓙ
k κкᴋⲕқᏦꓗ
l ӏ1|ǀ∣ʟłᏞꓡ
m мμᴍⲙᎷꓟ
n нηпոռɴνɲℕиⲛꓠ
o οоσօᴏө0ⲟഠ๐०ꓳ
p ρрᴘⲣþᏢꓑ
q ԛգզ
r гяᴦʀɍⲅᏒꓣ
s ѕꜱƽսᏚꓢ
t тτᴛⲧᎢꓔ
u υսᴜцʋꓴ
v ѵᴠᏙꓦ
w ωѡԝᴡшɯᎳꓪ
x хχⲭ×ꓫ
y уγүʏⲩᎽꓬ
z ζᴢʐᏃꓜ
"""
# What is compared has no capitals; ν is here for Ν, μ for Μ. Cherokee has no small letters here.
_MAP = {
    ord(sign): line[0] for line in reversed(_TABLE.split("\n")) if line for sign in line[2:]
} | {ord("н"): "h"}
# Signs that turn the direction of what follows: no name needs them, and with one “anA” reads “Ana”.
TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")


def bare(name):
    """A name as it looks: no accents, no capitals, no spaces, no marks, nothing invisible, all
    letters Latin that pass for it."""
    return "".join(re.findall(r"\w", alike(name)))


def alike(name):
    """The same with its words apart."""
    return fold(fold(TURNING.sub("", name))).translate(_MAP).replace("i", "l")


def passes_for(name, other):
    """Whether readers would take one for the other: the same letters, forwards or turned round, or
    all words of the other among others."""
    here, there = bare(name), bare(other)
    if here == there or (TURNING.search(name) and here[::-1] == there):
        return True
    words, wanted = (set(re.findall(r"\w+", alike(each))) for each in (name, other))
    return len(wanted) > 1 and wanted <= words
