"""Words by which somebody speaks of his own dissatisfaction.

Owns one careful question, "might a person's complaint be behind this?", asked before mail is put aside as a
machine's. It errs towards yes for what a person says of himself, and it is no classifier: `triage.classify` is.
"""

from __future__ import annotations

import re

READ = 4000  # characters looked at

_GRIEVANCE = re.compile(
    r"\bi(?: would| wish| want|'d| am writing| need| have to| must|'m writing| am| would like)?(?: like)?(?: to)?"
    r"(?: make| lodge| raise| register| file)?(?: a| my| an)?(?: formal| official)? complain\w*"
    r"|\b(?:my|our|formal|this|official) complaint\b|\bcomplaint about\b|\bcomplain(?:ing)? about\b|\bdissatisf\w+"
    r"|\bi(?: am|'m|’m)(?: \w+)? (?:unhappy|disappointed|upset|angry|furious|disgusted|appalled|fed up|"
    r"dissatisfied|shocked)"
    r"|\b(?:unacceptable|appalling|disgraceful|dreadful|shambles|scandal|shocking service|terrible service)\b"
    r"|\b(?:rude|never (?:came|answered|repaired|replied|called)|nobody (?:came|answered|replied|called|answers|"
    r"helps))\b"
    r"|\bno ?(?:one|body) (?:has )?(?:ever )?(?:came|answered|answers|replied|replies|responds|picks|called|"
    r"bothered)\b"
    r"|\b(?:useless|awful|terrible|horrible|disgusting|outrage\w*|ridiculous|hopeless|a joke|not good enough|"
    r"still waiting)\b"
    r"|\bcwyn(?:o|ion)?\b|\banfodlon\b|\bannerbyniol\b|\bgwarthus\b|\bsiomedig\b"
    r"|\b(?:beschwer\w+|unzufrieden\w*|unverschämt\w*|unerträglich|skandal\w*|inakzeptabel|enttäusch\w+|ärger\w+|"
    r"frechheit|reklam\w+"
    r"|niemand (?:antwortet|kümmert|meldet))\b|\bkeiner antwortet\b"
    r"|\b(?:réclamation|me plain\w+|plainte|inacceptable|inadmissible|scandaleux|mécontent\w*|insatisf\w+|déçue?s?|"
    r"honteux|lamentable)\b"
    r"|\bpersonne ne (?:répond|rappelle|vient)\b"
    r"|\b(?:queja\w*|reclamaci\w+|quejarme|inaceptable|indignad\w+|vergonzos\w+|insatisfech\w+|pésim\w+|"
    r"nadie (?:contesta|responde))\b"
    r"|\b(?:reclamo|lamentel\w+|lamentarmi|inaccettabile|vergognos\w+|insoddisfatt\w+|delus\w+|pessim\w+|"
    r"nessuno (?:risponde|rispond\w+))\b"
    r"|\b(?:klacht\w*|onaanvaardbaar|onacceptabel|ontevreden|teleurgesteld|schandalig|belachelijk|"
    r"niemand (?:antwoordt|reageert))\b"
    r"|\b(?:reclama\w+|queixa\w*|inaceitável|insatisfeit\w+|péssim\w+|vergonhos\w+|ninguém (?:responde|atende))\b"
    r"|\b(?:klagomål\w*|klaga\w*|missnöjd\w*|oacceptab\w+|besviken|ingen (?:svarar|svarer|tager|tar))\b"
    r"|\b(?:klage\w*|utilfreds\w*|uacceptab\w+|skuffe\w+|misfornøyd\w*|uakseptab\w+)\b"
    r"|\b(?:valitus|valittaa|reklamaatio|tyytymätön|törkeää|skarg\w+|reklamacj\w+|niezadowolon\w+|skandaliczn\w+)\b"
    r"|\b(?:stížnost\w*|nespokojen\w*|sťažnos\w+|panasz\w*|plângere|nemulțumit\w*|şikayet\w*|жалоб\w+|недовол\w+|"
    r"скарг\w+)",
)
_OUGHT = re.compile(r"complaints? (?:procedure|policy|form|department|team|handling)|zero complaints?")


def grievance(text: str) -> str | None:
    """The first words of dissatisfaction in this text, or None."""
    match = _GRIEVANCE.search(_OUGHT.sub(" ", text[:READ].lower()))
    return match[0].strip() if match else None
