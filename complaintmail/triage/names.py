"""Names that are also words, short forms of names, and titles.

Owns the tables and nothing else. A name that is also a word counts as a name only where the words beside it say so.
"""

from __future__ import annotations

# ruff: noqa: SIM905 - word lists are read and reviewed as running text

TITLES = frozenset("mr mrs ms miss mx dr doctor prof professor sir dame rev reverend councillor cllr".split())
ALSO_MONTHS = frozenset("april may june august january".split())

ALSO_WORDS = ALSO_MONTHS | frozenset(
    """abbey abbot amber angel art ash ashes autumn baker ball banks barber barn bath bay beach bean beer
    bell best bill birch bird bishop black blue bolt bond book booth bow bowl branch brand bridge bright
    brook brooks brown buck bull bush butcher butler call cane carol carpenter carter case cash castle
    chance chase cherry christian christmas church clay close cloud coal coast cold complaint cook cooper
    corner cotton court crane crisp cross crow crown crystal curry daisy dale dame dawn day days dean deer
    dick director don draper drew drinkwater driver duck duke earl early east england english faith farmer
    fast field fields fish fisher flint flood flower forest forth fowler fox frank freeman french friend
    frost gale gardener garland garrison gates gay gene gift ginger glass glen glover gold golden good
    goodman grace grant graves gray green grey grove guard gun guy hall hand hands harbour hardy harmony
    harp hart haste hawk hay hazel head heath heather hello herb hill hills holiday holly hood hope horn
    house hunt hunter iris irish ivory ivy jack jade jasmine jay jewel jolly joy judge kent key king kings
    kitchen knight lake lamb land lane laurel law leader leaf lee lily lincoln lion little lock london long
    lord love low lucky major manager marina mark marks marsh mason master may mead melody mercer merit
    merry miles mill miller mills minor money monk moon moor moss mount mountain myrtle new noble norm north
    nurse oak office olive page paige painter palmer park parker parks parrot pat patience peach peacock
    pearl peg penny pet pike piper pit plant pole pond pool poppy porter post potter power powers precious
    price priest prince prior proper prudence queen quick rain ray reading reed reeve regards rice rich ring
    river rivers rob robin rock rocky rod rose rowan royal ruby rule rusty sage sailor sale salt sandy
    savage scott service sharp shepherd shore short silver singer skip sky slater small smart snow south
    spark sparks spear speed spring squire staff star steel stone storm street strong sue summer summers
    sunny support swan sweet swift tanner taylor teal team temple thanks thorn tiger tower town trust tucker
    turner twist van victor viola violet wales walker wall walls ward warden warner waters way weaver weeks
    wells welsh west wheel wheeler white wild will wills winner winter winters wise wolf wood woods woodward
    word worth york young your""".split()
)

_SHORT = """
robert rob bob bobby robbie bert | william will bill billy liam | elizabeth liz beth lizzie betty eliza libby |
richard rick dick richie | james jim jimmy jamie | john jack johnny | margaret maggie meg peggy | anthony tony |
edward ed eddie ted ned | charles charlie chuck | katherine catherine kathryn kate katie kathy cathy kit |
thomas tom tommy | michael mike mick | susan sue susie | deborah debbie deb | patricia pat trish patsy | patrick
pat paddy | andrew andy drew | david dave | stephen steven steve | alexander alex sandy | alexandra alex sandra
| nicholas nick | joseph joe | rebecca becky | jennifer jenny jen | victoria vicky vicki | henry harry | harold
harry | mary molly | sarah sally | helen nell | eleanor nell ellie | dorothy dot | christopher chris kit |
christine chris tina | samantha sam | samuel sam | mohammed mo mohamed muhammad
"""

SHORT_FORMS: tuple[frozenset[str], ...] = tuple(frozenset(names.split()) for names in _SHORT.split("|"))
