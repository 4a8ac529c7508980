"""The words by which a mail shows that it cannot wait, or that a law has a say in it: one rule a line.

A rule is a pattern over one sentence in small letters, and a few letters of which one must be in it, and one of `also`
where there are some (so that most rules cost nothing). `topic`: not where it only names a course or a book; `denied`:
not where it is said of nothing ("no data breach"). Gaps are bounded, so each rule takes time in proportion to the text.
English, and the commonest Welsh words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class Concern(StrEnum):
    SAFETY = "safety"  # a child or an adult at risk, abuse
    SELF_HARM = "self-harm"
    THREAT = "threat"  # violence, or the threat of it
    LEGAL = "legal"
    REGULATOR = "regulator"
    PRESS = "press"
    DISCRIMINATION = "discrimination"
    DATA = "data"  # a complaint about how personal data was handled
    ACCESS = "access"  # they ask for what is recorded about them
    REPEATED = "repeated"
    DATE = "date"  # an examination or a deadline is at stake


@dataclass(frozen=True, slots=True)
class Rule:
    concern: Concern
    needles: tuple[str, ...]
    pattern: re.Pattern[str]
    topic: bool = True
    denied: bool = True
    cased: bool = False  # over the sentence as it was written
    asked: bool = False  # only where somebody asks for it
    also: tuple[str, ...] = ()


def _rule(concern: Concern, needles: str, pattern: str, *, topic: bool = True, denied: bool = True,
          cased: bool = False, asked: bool = False, also: str = "") -> Rule:  # fmt: skip
    more = tuple(filter(None, also.split("|")))
    return Rule(concern, tuple(needles.split("|")), re.compile(pattern), topic, denied, cased, asked, more)


_CHILD = (
    r"(?:child(?:ren)?|kids?|son|daughter|baby|toddler|infant|boys?|girls?|pupils?|students?|teenagers?|learners?|"
    r"grand(?:son|daughter|child(?:ren)?)|niece|nephew|minors?|apprentices?|\d{1,2}[- ]year[- ]olds?|young person|"
    r"young people)"
)
_ADULT = (
    r"(?:vulnerable (?:adults?|person|people|man|woman)|residents?|service users?|patients?|clients?|mother|mum|mam|"
    r"father|dad|grand(?:mother|father)|nan|gran|sister|brother|partner|wife|husband|friend|neighbour)"
)
_WHO = rf"(?:{_CHILD}|{_ADULT})"
_HURTS = (
    r"(?:hit|hits|hitting|slapped|punched|kicked|beat|beats|beating|bit|shook|burned|burnt|choked|strangled|grabbed)"
)
_BE = r"(?:is|are|was|were|be|been|being|get|gets|got|getting)"
_STAFF = (
    r"(?:tutor|teacher|trainer|assessor|instructor|carer|coach|staff|worker|manager|driver|man|woman|father|mother|"
    r"boyfriend|girlfriend|partner|husband|wife|uncle|stepfather|stepdad|lecturer|mentor|supervisor|student|learner)"
)
_SELF = r"(?:myself|himself|herself|themsel(?:f|ves)|yourself)"
_OF_THEIRS = r"(?:my|our|his|her|their|your)"
_DATA = (
    r"(?:data|(?:personal |private |contact |bank |home )?(?:details|information)|(?:medical |health |personal )"
    r"(?:records?|notes|history)|records|file|home address|phone number|email address(?:es)?|date of birth|passport|"
    r"grades|results|health information|medical information)"
)
_WRONGLY = (
    rf"(?:without (?:{_OF_THEIRS} |any |asking|even )?(?:consent|permission|knowledge|agreement|asking)?|"
    r"(?:to|with) (?:other|another|every(?:one|body)|the whole|the wrong|a (?:third|wrong|stranger|different)|third|"
    r"some(?:one|body) else|strangers|somebody|my (?:ex|employer|family|neighbour|father|mother|manager|husband|wife|"
    r"boss|landlord)|all (?:the |of )|people)|publicly|online|by mistake|in error|on (?:facebook|the website|a public))"
)
_REGULATORS = (
    r"(?:ombudsman|regulators?|ofqual|ofsted|estyn|information commissioner|trading standards|citizens advice|cqc|"
    r"care quality commission|awarding (?:body|organisation)|my (?:local )?mp|member of parliament|member of the "
    r"senedd|qualifications wales|ccea|charity commission|health and safety executive|"
    r"office of the independent adjudicator|equality and human rights commission|financial conduct authority|acas)"
)
_MARKED = (
    r"(?:black|white|asian|african|muslim|jewish|christian|hindu|sikh|gay|lesbian|bisexual|trans(?:gender)?|disabled|"
    r"deaf|blind|dyslexic|autistic|pregnant|(?:a )?(?:woman|man|wheelchair user|foreigner|traveller|gypsy)|female|male|"
    r"foreign|welsh|polish|irish|romanian|indian|pakistani|old|older|too old|age|race|religion|disabilit(?:y|ies)|sex|"
    r"gender|pregnancy|skin|accent|nationality|sexuality|faith|ethnicity|colour|autism|dyslexia|hijab|turban)"
)
_MONTH = r"(?:january|february|march|april|may|june|july|august|september|october|november|december)"
_WHEN = (
    rf"(?:tomorrow|today|tonight|next (?:week|month|monday|tuesday|wednesday|thursday|friday)|this (?:week|afternoon|"
    rf"monday|tuesday|wednesday|thursday|friday)|on (?:monday|tuesday|wednesday|thursday|friday|saturday)|"
    rf"in (?:a|one|two|three|four|\d{{1,2}}) (?:days?|weeks?|hours?)|(?:on )?(?:the )?\d{{1,2}}(?:st|nd|rd|th)?"
    rf"(?: of)? {_MONTH})"
)
_STAKE = (
    r"(?:exam(?:ination)?s?|resits?|viva|driving test|assessment|interview|hearing|enrolment|visa|submission|deadline|"
    r"university place|start date|graduation)"
)

C = Concern
RULES: tuple[Rule, ...] = (
    # Suicide and self-harm
    _rule(C.SELF_HARM, "suicid", r"(?<!political )(?<!career )(?<!commercial )\bsuicid(?:e|al)\b(?! squad)"),
    _rule(C.SELF_HARM, "self-harm|self harm|selfharm", r"\bself[- ]?harm(?:ing|ed|s)?\b"),
    _rule(C.SELF_HARM, "self|selves",
          rf"\b(?:kill(?:ed|ing)?|hang(?:ed|ing)?|harm(?:ed|ing)?|drown(?:ed|ing)?|poison(?:ed|ing)?|starv(?:e|ed|"
          rf"ing)) {_SELF}\b(?! (?:laughing|on |falling|tripping|slipping|over |running|trying))", topic=False,
          also="kill|hang|harm|drown|poison|starv"),
    _rule(C.SELF_HARM, "self|selves",
          rf"\b(?:want(?:s|ed)? to|going to|gonna|started|been|keeps? on|keep|urges? to|thoughts? of|thinking (?:of|"
          rf"about)|tempted to|threaten(?:s|ed|ing) to|tried to|afraid \w+ (?:will|might|may)) (?:hurt|hurting|cut|"
          rf"cutting|injure|injuring|burn|burning|do something to) {_SELF}\b", topic=False,
          also="hurt|cut|injur|burn|do something to"),
    _rule(C.SELF_HARM, " life| lives",
          rf"\b(?:end(?:ed|ing)?|tak(?:e|es|ing|en)|took) {_OF_THEIRS} (?:own )?li(?:fe|ves)\b(?! (?:savings|in(?:to)? "
          r"(?:my|their|his|her|your)|seriously|over|back|membership|story))", topic=False),
    _rule(C.SELF_HARM, "to live|be alive|to exist|wake up|to go on|be here",
          r"\b(?:do not|don't|dont|no longer|didn't|did not|cannot|can't|not) (?:want|wish|deserve|bear|know how) to "
          r"(?:be alive|exist|wake up|(?:be here|go on|live)(?: \w+)? any ?(?:more|longer)|go on living|live"
          r"(?! (?:here|there|in|at|with|on|near|next|under|by|abroad|alone|away|off|from|like|somewhere|close|and)))",
          topic=False, denied=False),
    _rule(C.SELF_HARM, "die|dead|better off",
          r"\b(?:want(?:s|ed|ing)? to|wish(?:es|ed)? to|ready to|rather|wish i (?:could|would)) die\b(?! (?:of|from|"
          r"laughing|down|hard))|\bwish(?:es|ed)? (?:i|he|she|they) (?:was|were) dead\b|\bbetter off (?:dead|without "
          r"me)\b|\brather be dead\b", topic=False),
    _rule(C.SELF_HARM, "living|to live|in live|being alive|end it all|ending it all",
          r"\b(?:not|isn't|n't|no longer|nothing) worth living\b|\bno (?:reason|point) (?:to|in) (?:live|living|"
          r"going on "
          r"living|being alive)\b|\bnothing (?:left )?to live for\b|\bend(?:ing)? it all\b", topic=False, denied=False),
    _rule(C.SELF_HARM, "overdos|wrists|in front of|off a|off the|under a|under the",
          r"\b(?:took|taken|take|taking|had) an overdose\b(?! of (?!pills|tablets|paracetamol|insulin|medic))|"
          r"\boverdosed\b"
          r"|\bslit(?:ting)? (?:my|her|his|their) wrists\b|\b(?:throw|thrown|jump(?:ed|ing)?)(?: (?:myself|himself|"
          r"herself))? (?:off|in front of|under) (?:a|the) (?:bridge|roof|building|train|cliff|bus|lorry|car)\b"),
    _rule(C.SELF_HARM, "be alive|time you read this",
          r"\bby the time you read this,? i(?:'ll| will)? (?:be )?(?:dead|gone)\b|\b(?:won't|will not) be alive\b",
          topic=False, denied=False),
    _rule(C.SELF_HARM, "hunan|fy hun|ei hun|eu hun|byw|marw",
          r"\bhunan-?laddiad\w*|\blladd (?:fy|ei|eu) hun\w*|\bniweidio (?:fy|ei|eu) hun\w*|\bhunan-?(?:niwe|anaf)\w*|"
          r"\bddim (?:eisiau|isio|moyn|am) byw\b(?! (?:yn|yma|mewn|gyda))|\b(?:eisiau|isio|moyn) marw\b"),
    # A child or an adult at risk
    _rule(C.SAFETY, "safeguarding",
          r"\bsafeguarding (?:\w+ )?(?:concern|issue|matter|referral|alert|risk|allegation|incident|disclosure|"
          r"complaint|failure|failing|problem|breach)s?\b|\b(?:report|reporting|raise|raising|is a|as a|this is) "
          r"safeguarding\b(?! (?:and|training|polic|course|lead|officer|team|certificate|level|qualification))"),
    _rule(C.SAFETY, "abus|neglect|starv|beaten|molest|exploit|hurt|traffick|groomed|scalded|restrained|bruise",
          rf"\b{_WHO}\b[^,:]{{0,40}}?\b{_BE} (?:\w+ ){{0,2}}(?:abused|neglected|starved|beaten(?! (?:at|in|to|by the "
          rf"\w+ team))|molested|exploited|trafficked|groomed|scalded|restrained|hurt by)\b|\b{_WHO}\b[^,:]{{0,40}}?"
          r"\b(?:bruises?|bruised)\b"),
    _rule(C.SAFETY, "hit|slap|punch|kick|beat|bit|shook|burn|chok|strang|grab|hurt by|injured by",
          rf"\b{_HURTS} (?:my|our|a|the|his|her|their) (?:\w+ )?{_WHO}\b(?! (?:hard|with a (?:fee|bill|charge)))|"
          rf"\b{_WHO} (?:\w+ ){{0,2}}{_BE} (?:\w+ )?(?:hit|slapped|punched|kicked|beaten|bitten|grabbed|hurt|"
          rf"injured) by (?:a|an|the|his|her|their|my|your|one of|another) (?:\w+ ){{0,3}}{_STAFF}\b"),
    _rule(C.SAFETY, "abus|exploitation",
          rf"\b(?:abus(?:e|es|ed|ing)) (?:of )?(?:my|our|a|the|his|her|their|these|those|vulnerable) (?:\w+ )?{_WHO}\b|"
          rf"\b(?:sexual|physical|domestic|child|emotional|elder|financial) (?:abuse|exploitation)\b|"
          rf"\b{_WHO}(?:'s|s')? abuse\b"),
    _rule(C.SAFETY, "sexual|rap|molest|grop|inappropriately|groom|touched",
          r"\bsexual(?:ly)? (?:assault|abus|harass|touch|exploit|violen|advance)\w*|\brap(?:ed|ist)\b|\brape\b(?! "
          r"?seed)|"
          r"\bmolest\w*|\bgrop(?:ed|ing)\b|\bgroomed (?:by|my|her|him|our|a|the|young|children)\b|\btouched (?:me|"
          r"her|him|them|my \w+) (?:inappropriately|sexually|between)\b|\b(?:being|of|is|was) groom(?:ed|ing) "
          r"(?:by|my|our|her|him|children|young|a|the)\b"),
    _rule(C.SAFETY, "risk|danger|not safe|n't safe|feel safe|fear|afraid|scared for|frightened for",
          rf"\b(?:at|in) (?:\w+ )?risk of (?:serious |further |significant )?(?:harm|abuse|neglect|exploitation|dying|"
          rf"death|violence|starv)\w*|\b(?:{_WHO}|life|lives|she|he|they|i|we) (?:may be |could be |might be |is |"
          rf"are |was "
          r"|were |am |'s |'re |'m )(?:still |now |all )?(?:at risk(?! of)|in (?:\w+ )?danger(?! of))\b|\bin "
          r"(?:immediate|"
          r"serious|grave|real) danger\b|\b(?:fear(?:s|ing|ed)?|afraid|scared|frightened) for (?:my|our|his|her|their) "
          r"(?:\w+ )?(?:life|lives|safety)\b|\b(?:not|n't) (?:feel )?safe (?:at home|in (?:my|her|his|their) (?:own )?"
          r"home|with (?:him|her|them|my))", denied=False),
    _rule(C.SAFETY, "alone|attended|supervis|unconscious|outside|food|water|medic|insulin",
          rf"\b{_CHILD}\b[^,:]{{0,30}}?\b(?:left|found|locked) (?:\w+ ){{0,2}}(?:alone|unattended|unsupervised|"
          rf"unconscious|outside)\b|\b{_WHO}\b[^,:]{{0,30}}?\b(?:without (?:any )?|no |not (?:given|had|been given) "
          r"(?:her |his |any |their )?)(?:food|water|medication|medicine|insulin)\b"),
    _rule(C.SAFETY, "slavery|traffick|forced marriage|genital|radicalis|county lines",
          r"\bmodern slavery\b|\bhuman trafficking\b|\btrafficked\b|\bforced marriage\b|\bgenital mutilation\b|"
          r"\bradicalis(?:ed|ing)\b|\bcounty lines\b"),
    _rule(C.SAFETY, "diogelu|am-drin|amdrin|perygl|esgeulus|reisio",
          r"\b(?:p|b|ph)ryder\w* (?:o ran |am )?diogelu\b(?! data)|\b(?:mater|fater|achos|risg|problem)\w* (?:o ran |"
          r"am )?diogelu\b(?! data)|\b[cgh]+am-?drin\w*|"
          r"\bmewn perygl\b|\b(?:plentyn|blentyn|phlentyn|plant|blant|mab|ferch|merch)\b[^,:]{0,30}\besgeulus\w*|"
          r"\b(?:ei|fy|cael) (?:th|d)?reisio\b"),
    # Violence and threats
    _rule(C.THREAT, "threat",
          r"\bthreat(?:en(?:s|ed|ing)?) (?:to (?:\w+ )?(?:hit|kill|hurt|beat|harm|punch|attack|stab|shoot|burn|rape|"
          r"smash)|"
          r"(?:me|us|him|her|them|staff|another|a|the|my) ?(?:\w+ )?(?:with (?:a )?(?:knife|violence|gun|weapon|bottle|"
          r"physical)|physically|to (?:\w+ )?(?:hit|kill|hurt|beat|harm|punch|attack|stab)))|\bthreatened (?:me|us|"
          r"him|her|my (?:son|daughter|wife|husband|family|children))(?! (?:with|to|that))\b|\bphysically threaten\w*|"
          r"\bthreatening (?:behaviour|manner|letters?|messages?|texts?|language|emails?|phone)\b|\b(?:death|bomb) "
          r"threats?\b|\bthreats? (?:of violence|against|to kill|to harm|to hurt)\b"),
    _rule(C.THREAT, "kill|hurt|stab|shoot|batter|beat|punch|smash|burn|bomb|attack",
          r"\b(?:i|we|he|she|they)(?:'ll| will| am going to|'m going to|'s going to| is going to|'re going to| shall| "
          r"could) (?:\w+ )?(?:kill|hurt|stab|shoot|batter|beat up|punch|smash|burn down|bomb|attack) (?:you|him|her|"
          r"them|"
          r"your|that (?:man|woman|tutor)|the (?:tutor|teacher|staff|manager|place|building|office)|some(?:one|body)|"
          r"every(?:one|body)|people|him|me)\b(?! an? (?:e-?mail|message|line|note))", topic=False),
    _rule(C.THREAT, "punch|kick|stab|attack|assault|strangl|slap|headbutt|beaten|spat",
          rf"\b{_BE} (?:\w+ )?(?:punched|kicked(?! (?:off|out|back))|stabbed|attacked|assaulted|strangled|slapped|"
          r"headbutted|beaten up|spat at|spat on)\b|\b(?:punched|kicked|stabbed|attacked|assaulted|strangled|slapped|"
          r"headbutted|spat (?:at|on)) (?:me|us|him|her|them|my|our|another|a (?:student|learner|colleague|child)|"
          r"one of)\b(?! (?:off|out))"),
    _rule(C.THREAT, "hit me|pushed|grabbed me|grabbed my",
          r"\bhit me\b(?! (?:with (?:a |an )?(?:fee|charge|bill|fine|cost|price)|that|hard|like|when|how))|\bpushed "
          r"(?:me|"
          r"him|her) (?:over|down|against|into)\b|\bgrabbed (?:me|my (?:arm|neck|throat|hair|wrist))\b", topic=False),
    _rule(C.THREAT, "knife|gun|weapon|machete|axe",
          r"\b(?:pulled|waved|brandished|threatened|came at|attacked|carrying|brought)(?: (?!on\b|in\b|and\b)\w+){0,3} "
          r"(?:knife|gun|weapon|machete|axe)\b"),
    _rule(C.THREAT, "violen|physical",
          r"\bphysical(?:ly)? (?:assault|attack|violence|violent)\w*|\bviolent (?:towards|behaviour|outburst|attack|"
          r"man|"
          r"incident)\b|\b(?:act|acts|incident) of violence\b|\b(?:was|is|became|got|turned|been) (?:\w+ )?violent\b"),
    _rule(C.THREAT, "where you|where he|where she|where they|your back|his back|her back|regret",
          r"\bknow where (?:you|he|she|they|your \w+) (?:all )?lives?\b|\b(?:you|they|he|she)(?:'ll| will) regret "
          r"(?:this|it)\b|\bwatch (?:your|his|her) backs?\b", topic=False),
    _rule(C.THREAT, "ygwth|ygyth|ymosod|trais|drais",
          r"\b(?:b|f|m|mh)yg(?:w|y)th\w*|\bymosod(?:odd|iad|wyd|iadau)?\b|\b[td]rais\b"),
    # Lawyers, regulators, the press
    _rule(C.LEGAL, "legal|solicitor|lawyer|letter before|pre-action|barrister|court|claim|litigat|tribunal|"
          r"injunction|judicial",
          r"\blegal (?:action|proceedings|claim|representatives?|recourse|steps|route|remedy)\b|\b(?:my|our|the) "
          r"(?:solicitor|lawyer|barrister|legal team)s? (?:will|has|have|is|are|advise[sd]|says?|said|to|who|in|"
          r"regarding|"
          r"and|about)\b|\bsolicitor'?s'? letter\b|\b(?:instruct|contact|consult|see|hire|involve|instruct|engag|"
          r"seek|speak "
          r"to|spoken to|speaking to|hear from|pass(?:ed)? (?:this|it) to|advised by|through)(?:e?d|ing)? (?:a |my |"
          r"our |the "
          r"|\w+ )?(?:solicitor|lawyer|barrister|legal advice)s?\b|\bletter before (?:action|claim)\b|\bpre-action\b|"
          r"\bsmall claims\b|\b(?:county|high) court\b|\b(?:employment )?tribunal\b|\bjudicial review\b|\b(?:take|"
          r"taking|"
          r"took|taken) (?:\w+ ){1,3}to court\b|\bsee you in court\b|\bgo(?:ing)? to court\b|\bcourt (?:proceedings|"
          r"action|claim|papers)\b|\blitigation\b|\binjunction\b"),
    _rule(C.LEGAL, "sue|SUE|uing", r"\b(?:sue|SUE) (?:you|YOU|them|your|him|her|the|this|for|FOR)\b|\b[Ss]uing\b",
          cased=True),
    _rule(C.LEGAL, "yfreith|llys", r"\b[cg]h?yfreithi(?:wr|wyr|ol)\b|\bi['r]*r? ?llys\b"),
    _rule(C.REGULATOR, "ombuds|regulator|ofqual|ofsted|office of|estyn|commission|standards|advice|cqc|awarding| mp|"
          "parliament|senedd|ccea|qualifications wales|adjudicator|acas|executive|financial conduct",
          rf"\b(?:report|complain|go|going|take|taking|taken|refer|escalat|contact|writ|inform|rais|copied|copying|"
          rf"forward|approach)\w*(?: [\w,']+){{0,7}}? (?:to |with )?(?:the )?{_REGULATORS}\b"),
    _rule(C.REGULATOR, "ICO|OIA|HSE|MP",
          r"\b(?:[Rr]eport|[Cc]omplain|[Tt]ak|[Rr]efer|[Cc]ontact|[Ww]rit|[Ii]nform|[Rr]ais|[Ee]scalat|[Gg]o)\w*"
          r"(?: [\w,']+){0,6} (?:ICO|OIA|HSE|MP)\b", cased=True),
    _rule(C.REGULATOR, "ombwdsm", r"\bombwdsm[oay]n\b"),
    _rule(C.PRESS, "press|media|paper|journalist|bbc|itv|daily mail|watchdog|reporter|facebook|trustpilot|tiktok|"
          r"twitter",
          r"\b(?:go|going|gone|went|contact(?:ed|ing)?|speak(?:ing)?|spoken?|talk(?:ed|ing)?|tell|told|sell|selling|"
          r"inform(?:ed|ing)?|writ(?:e|ing|ten)|tak(?:e|ing))(?: \w+){0,4}? (?:to |with |on )?(?:the |a |our |my "
          r")?(?:local "
          r"|national )?(?:press|media|newspapers?|journalists?|bbc|itv|daily mail|watchdog|reporters?)\b|\b(?:to|"
          r"in) the (?:national |local )?(?:papers|press|newspapers?)\b(?! (?:for|of|button))|\b(?:post|posting|share|"
          r"sharing|put|"
          r"putting|publish\w*)(?: \w+){0,4} (?:on|to|over) (?:\w+ )?(?:social media|facebook|twitter|tiktok|"
          r"trustpilot)\b"),
    _rule(C.PRESS, "wasg|cyfryngau|newyddiadur", r"\b(?:y|i'r) wasg\b|\by cyfryngau\b|\bi'r cyfryngau\b|"
          r"\bnewyddiadur\w*"),
    # Discrimination
    _rule(C.DISCRIMINATION, "discriminat|racis|racial|sexis|phobi|antisemit|anti-semit|ableis|ageis|misogyn",
          r"(?<!anti-)(?<!not )\bdiscriminat(?:ed?|es|ing|ion|ory)\b|\bracis(?:t|m|ts)\b|\bracial(?:ly)?\b|"
          r"\bsexis[tm]\b|"
          r"\b(?:homo|trans|islamo|xeno)phobi[ca]\b|\banti-?semiti\w+|\bableis[tm]\b|\bageis[tm]\b|\bmisogyn\w+"),
    _rule(C.DISCRIMINATION,
          "because i am|because i'm|because she is|because she's|because he is|because he's|because we are|because "
          "we're|because they are|because of my|because of her|because of his|because of our|because of their|due to "
          "my|due to her|due to his|due to our|due to their|on account of",
          rf"\b(?:because (?:i am|i'm|she is|she's|he is|he's|we are|we're|they are|of (?:my|her|his|our|their))|due "
          rf"to (?:my|her|his|our|their)|on account of (?:my|her|his|our|their)) (?:\w+ )?{_MARKED}\b(?! (?:doctor|cab|"
          rf"ink|"
          r"paper|friday|person in))", topic=False),
    _rule(C.DISCRIMINATION, "adjustment|equality act|protected characteristic",
          r"\b(?:refus|den|no|not|without|fail|ignor|never|lack|didn't|haven't|hasn't)\w*(?: \w+){0,4} (?:reasonable )"
          r"adjustments?\b|\breasonable adjustments? (?:\w+ ){0,3}(?:not|never|refused|denied|ignored)\b|\bequality "
          r"act\b|\bprotected characteristics?\b", denied=False),
    _rule(C.DISCRIMINATION, "wahaniaeth|hilio|hiliae", r"\bg?wahaniaeth(?:u|wyd|odd)(?: yn)? erbyn\b|\bhili(?:ol|"
          r"aeth)\b"),
    # Personal data
    _rule(C.DATA, "breach|gdpr|privacy|confidential|data protection|my data|personal data|our data",
          r"\b(?:data|privacy|gdpr) breach(?:es)?\b|\b(?:gdpr|data protection) (?:complaint|violation|failure)\b|"
          r"\b(?:breach(?:ed|es|ing)?|violat(?:ed?|ion|es)|invasion|broke|broken|against) (?:of )?(?:\w+ "
          r"){0,3}?(?:gdpr|data protection|confidentiality|privacy|(?:my|personal|our) data)\b"),
    _rule(C.DATA, "detail|data|info|record|file|address|number|birth|passport|grade|result|notes|history",
          rf"\b(?:shar|sent|send|gave|giv|pass|publish|post|e?mail|forward|copied|show|stor|us|reveal|expos|releas|"
          rf"disclos)(?:e?d|ing|en|e|ed on|ing on|ed)?(?: out)? (?:all )?(?:of )?{_OF_THEIRS} (?:\w+ )?{_DATA}\b"
          rf"[^,:]{{0,40}}?\b{_WRONGLY}"),
    _rule(C.DATA, "leak|lost|losing|misus|mishandl|sold|disclos|publish|expos",
          r"\b(?:leak|lost|losing|misus|mishandl|sold|disclos|publish|expos)(?:e?d|ing)? (?:all )?(?:of )?"
          r"(?:my|our|her|his) (?:\w+ )?(?:personal |private |medical )?(?:data|details|information|records?|"
          r"medical \w+)\b",
          also="data|details|information|record|medical"),
    _rule(C.DATA, "data|details|information|records",
          r"\bhow (?:you|they|it|the \w+|your \w+)(?: have| has|'ve)? (?:handled?|us(?:e|ed|es)|stor(?:e|ed|es)|"
          r"shar(?:e|ed)"
          r"|process(?:ed)?|looked after|kept|keeps?|treated?) (?:my|our|his|her|their) (?:own )?(?:personal |"
          r"private )?(?:data"
          r"|information|details|records)\b|\b(?:misuse|mishandling|loss|handling|leak|unauthorised \w+|unlawful "
          r"\w+) of (?:my|our|his|her|their|personal) (?:personal |private )?(?:data|information|details|records)\b"),
    _rule(C.DATA, "data protection|gdpr|personal data|information commissioner|privacy",
          r"\bcomplain(?:t|ts|ing|ed)? (?:\w+ )?(?:about|to|under|regarding) (?:(?!course|training|module|class|"
          r"lectur|session|workshop)\w+ ){0,4}?(?:data protection|gdpr|personal "
          r"data|privacy|information commissioner)\b"),
    _rule(C.DATA, "else's|other people|other student|other learner|other customer|another|visible|cc'd",
          r"\b(?:received|sent|got|given|see|saw|shown|emailed) (?:me |us )?(?:\w+ ){0,3}?(?:some(?:one|body) else's|"
          r"other "
          r"(?:people|student|learner|customer)s?'?s?'?|another (?:\w+)'s) (?:\w+ )?(?:details|data|results|records?|"
          r"information|certificates?|file|email addresses)\b|\b(?:e-?mail )?addresses? (?:\w+ ){0,3}visible to\b|"
          r"\bcc'd (?:everyone|everybody|the whole|all)\b",
          also="details|data|result|record|information|certificate|file|email address|visible|cc'd"),
    _rule(C.DATA, "manylion|nata|data|wybodaeth|gdpr",
          r"\b(?:rhannu|rannu|ddatgelu|golli|rhannwyd|rhanodd|colli|collwyd|datgelu|datgelwyd|gollwyd) (?:fy|ein) "
          r"(?:manylion|nata|data|"
          r"ngwybodaeth|gwybodaeth)\b|\bdorri (?:\w+ ){0,3}(?:diogelu data|gdpr)\b|\btorri (?:\w+ ){0,3}(?:diogelu "
          r"data|gdpr)\b"),
    # What is recorded about them
    _rule(C.ACCESS, "subject access|dsar|access request", r"\bsubject access\b|\bdsar\b|\bdata access request\b"),
    _rule(C.ACCESS, "SAR", r"\b(?:[Mm]ake|[Ss]ubmit|[Tt]his is|[Aa]|[Mm]y|formal|under) (?:a |formal )?SARs?\b",
          cased=True),
    _rule(C.ACCESS, "cop",
          r"\bcop(?:y|ies) of (?:all |any |every ?thing |the |what |of |whatever )*(?:(?:my|our|his|her) (?:own |"
          r"full |whole "
          r"|entire )?(?:personal )?(?:data|information|file|records|notes|case file)\b|(?:personal )?(?:data|"
          r"information|"
          r"records?|notes?|documents?)?(?: that| which)? ?you (?:hold|have|keep|store|recorded|have recorded)\b)",
          topic=False),
    _rule(C.ACCESS, "you h|you k|you st|you re|you g|you've|recorded|held|kept",
          r"\b(?:you(?:'ve| have)? (?:hold|have|keep|store|stored|recorded|kept|got)|(?:is|are|been|recorded or|held "
          r"or) (?:held|recorded|kept))(?: \w+){0,3} (?:on|about) (?:me|us|myself|my (?:son|daughter|child))\b",
          topic=False, asked=True),
    _rule(C.ACCESS, "access to m|access to o|access to t|access to a|access m|access our|access the|access all|see my|"
          "see all my|send me my|send me all my|article 15",
          r"\b(?:request(?:ing)?|right of|right to|would like|i'd like|want|entitled to|ask(?:ing)? for|apply for) "
          r"(?:\w+ )"
          r"{0,2}?access(?: to)? (?:my|our|the|all my) (?:own |full )?(?:personal )?(?:data|information|records|file|"
          r"notes)\b|"
          r"\b(?:would like|want|wish|ask|like) to see (?:all )?my (?:own |full |whole |personal )?(?:file|records|"
          r"data|notes)\b|\bsend me (?:all )?my (?:personal |full |whole )?(?:data|file|records)\b|\barticle 15\b",
          topic=False),
    _rule(C.ACCESS, "cais|copi", r"\bcais (?:am )?(?:gwrthrych|mynediad|fynediad|gweld fy)\b|\bcopi o(?:'r)? (?:fy |"
          r"holl |\w+ )?(?:nata|data|ngwybodaeth|gwybodaeth|cofnodion|manylion)\b"),
    # They have been here before
    _rule(C.REPEATED, "time|email|e-mail|letter|complaint|message|call|attempt",
          r"\b(?:this is|for) (?:now |already )?(?:the|my|our) (?:second|third|fourth|fifth|sixth|seventh|eighth|"
          r"ninth|tenth|"
          r"umpteenth|\d?(?:2nd|3rd|\dth)) (?:\w+ )?(?:time (?:i|we|that|of|now)|e-?mail|letter|complaint|message|"
          r"call|attempt)\b|\bthird time of (?:asking|writing)\b", topic=False,
          also="second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|umpteenth|2nd|3rd|0th|1th|2th|3th|4th|5th|"
               "6th|7th|8th|9th"),
    _rule(C.REPEATED, "times|twice|repeatedly|again and again|weeks|months|before",
          r"\b(?:e-?mailed|written|wrote|called|rung|rang|phoned|complained|contacted|asked|chased|reported|messaged|"
          r"telephoned)(?: [\w']+){0,5}? (?:twice|repeatedly|again and again|(?:several|many|numerous|two|three|four|"
          r"five|six|seven|eight|nine|ten|\d{1,3}|multiple|countless|a dozen|so many) times)\b|\b(?:complained|written|"
          r"e-?mailed|wrote)"
          r"(?: \w+){0,3} before\b(?! (?:the|i|my|you|we|it|\d))|\bchas(?:ed|ing) (?:this|you|it)(?: \w+)? for "
          r"(?:\w+ )?(?:weeks|months)\b", topic=False),
    _rule(C.REPEATED, "reply to|replies to|response to|answer to|acknowledgement to|ignored|unanswered",
          r"\b(?:no|never|not|without|any|still) (?:\w+ ){0,3}?(?:reply|replies|response|answer|acknowledgement) to "
          r"(?:any of "
          r"|all )?(?:my|our) (?:last|previous|earlier|first|two|three|four|many|other|e-?mails|letters|calls|"
          r"messages)|"
          r"\b(?:previous|earlier|last|two|three|four|many|all my|my|our) (?:e-?mails|letters|messages|complaints|"
          r"calls) (?:\w+ ){0,3}?(?:ignored|unanswered)\b", topic=False, denied=False),
    _rule(C.REPEATED, "trydydd|pedwerydd|pumed|ail |sawl |dro ar", r"\b(?:trydydd|pedwerydd|ail|pumed) (?:dro|tro|"
          r"e-bost|llythyr)\b|\bsawl "
          r"(?:gwaith|tro)\b|\bdro ar ôl tro\b"),
    # A date is at stake
    _rule(C.DATE, "exam|resit|viva|test|assess|interview|hearing|enrol|visa|submi|deadline|university place|start date|"
          "graduat",
          rf"\b(?:my|our|the|her|his|a|an|their)(?: [\w'-]+){{0,3}}? {_STAKE}(?: [\w'-]+){{0,3}}? (?:is|are|closes|"
          rf"starts?|takes place|due)(?: \w+){{0,2}}? {_WHEN}\b|\b(?:have|got|sit|sitting|take|taking|face|facing)(?: "
          rf"[\w'-]+){{0,4}}? {_STAKE}(?: [\w'-]+){{0,3}}? {_WHEN}\b", topic=False),
    _rule(C.DATE, "exam|resit|viva|test|place|visa|offer|deadline|interview|start|enrol|job|universit|"
          "assess|hearing|submission|graduation|apprentice",
          rf"\b(?:miss|lose|losing|missing|forfeit)(?: out on)? (?:my|our|the|her|his|a|their) (?:\w+ )?(?:{_STAKE}|(?:"
          rf"university |college )?(?:place|offer)|job(?: offer)?|apprenticeship)\b|\bin time for (?:my|our|the|her|"
          rf"his) "
          rf"(?:\w+ )?{_STAKE}\b|\bbefore (?:my|our|her|his) (?:\w+ )?{_STAKE}\b|\bdeadline is\b|\b(?:won't|will not|"
          rf"unable "
          r"to|cannot|can't|not be able to) sit (?:my|the|her|his|our) (?:\w+ )?(?:exam|examination|test|resit)s?\b",
          topic=False, denied=False, also="miss|los|forfeit|in time for|before |deadline is| sit "),
    _rule(C.DATE, "arholiad|dyddiad cau", r"\barholiad(?:au)? (?:\w+ ){0,3}(?:yfory|nesaf|ddydd|heddiw)\b|\bdyddiad "
          r"cau\b"),
)  # fmt: skip
