"""Words that tell names from other words with a capital: first names, words that are none, capitals that may stay.

Owns the tables and nothing else. They need not be whole: what stands in none of them is taken for a name inside a
sentence, and asked about at the beginning of one.
"""

from __future__ import annotations

from complaintmail.triage.names import ALSO_WORDS, SHORT_FORMS
from complaintmail.triage.rules import shipped_rules

_MORE_NAMES = """
aaron abdul abigail adam adrian agnes ahmed aisha alan alana albert alexis alfie alice alicia alison alistair amanda
amelia amina amir amy ana andrea angela angus anita ann anna anne annette annie antonia archie arthur ashley audrey
ava barbara barry beatrice ben benjamin bernard beryl bethan bethany beverley bradley brenda brian bridget bruce
caitlin callum cameron carl carla carmen carole caroline carolyn catriona ceri charlotte chloe claire clara clare
claudia clive colin connor courtney craig cynthia daniel danielle danny darren david dean debra denise dennis derek
diana diane dilys dominic donald donna doreen doris douglas duncan dylan eileen elaine elena eleri eliot ella ellen
ellie ellis elsie emily emma eric erin ethan eva evan eve evelyn farah fatima felicity fiona frances francesca
francis freddie frederick gabriel gareth gary gavin gemma geoff geoffrey george georgia georgina gerald gerard
gillian gina gloria gordon graham greg gregory gwen gwyneth haley hamza hannah harriet harrison harvey hassan hayley
heidi henry hilary hollie howard hugh hussain ian ibrahim imogen imran ingrid irene isaac isabel isabella isla
ismail jack jackie jacob jacqueline jake jamal jan jane janet janice jasmin jason jay jean jeff jeffrey jemma jenna
jeremy jess jessica jill jo joan joanna joanne jodie joel jonathan jordan josh joshua joyce juan judith julia julian
julie justin karen karl kate katrina kay keith kelly ken kenneth kerry kevin khadija kieran kim kirsty kyle laila
lara laura lauren lawrence layla leah leanne lee len leo leon leonard leroy lesley leslie lewis liam lilian linda
lindsay lisa lloyd logan lois lorna lorraine louis louise lucas lucy luke lydia lynda lynn lynne mabel madison
maisie malcolm mandy marc marcus mareike maria marian marie marilyn marion marjorie marlene martha martin martina
mason matilda matt matthew maureen maurice max maya megan mehmet melanie melissa mia michele michelle mildred millie
mina miriam mohammad moira monica morag morgan muriel mustafa nadia naomi natalie natasha nathan neil nia niamh
nicola nicole nigel nina noah noel nora norma norman olive oliver olivia omar oscar owen pam pamela pascal paul
paula pauline peggy penelope peter phil philip philippa phillip phoebe phyllis polly priya rachael rachel rahul raj
ralph raymond rebekah reece rhiannon rhys rita robyn roger roland ronald rory rosalind rosemary rosie ross roy
russell ruth ryan sabrina sadia saima sally sam samantha samina sanjay sara sean sebastian selina shane shannon
sharon shaun sheila shirley sian sidney silvia simon siobhan sofia sonia sophia sophie stacey stanley stella
stephanie stewart stuart susanna suzanne sybil sylvia tamara tania tanya tara terence teresa terry tess theo theresa
tim timothy tina toby tracey tracy trevor tristan tyler una usman valerie vanessa vera verity veronica vincent
virginia vivian vivien walter wayne wendy wilfred winifred yasmin yusuf yvonne zac zachary zahra zainab zara zoe
"""
_MORE_COMMON = """
a about absolutely after afternoon again all also although altogether always am an and another any anybody anyone
anything are as at attended away back be because been before being best both brilliant but by came can class classes
clean clear clearly college come could course courses customer day days definitely did do does doing done during
each easy encouraging end enjoyed even evening ever every everybody everyone everything excellent extremely fab
fabulous fantastic feedback feel felt few first five food for four friendly from full fun further gave genuinely get
getting give given giving go going good got great group had happy has have having he hello help helped helpful
helping her here hers high highly him his honestly how however huge i i'd i'll i'm i've if in incredibly informative
inspiring instructor interesting into is it it's its just keep kind kindness knowledge knowledgeable last later
learned learner learners learning learnt lessen lessons let like lots lovely made make making manager many may me
more morning most much my myself near never new next nice no nobody none not nothing now of off offer often on once
one only or order other our out outstanding over overall part patient people perfect person please pleased positive
praise proud quick quickly rarely real really reception receptionist right room said same say seven she short should
simply since six so some somebody someone something soon special spot staff still student students such super superb
sure take taught teacher teaching team ten thank thanks that the their them then there these they thing things this
thorough those though three thrilled through throughout to today together tomorrow took top totally trainer trainers
training truly tutor tutors two uncommonly under understanding until up us using usually very visit was way we week
welcome welcoming well went were what when where which while who whole why will wish with within without wonderful
work working workshop would wow year years yes yesterday yet you your yours
"""
_CAPITALS = """
aid april august autumn britain british christmas covid cv december diwali easter eid england english esol european
excel february first-aid french friday gcse german god google health internet ireland irish it italian january july
june level march mathematics maths may microsoft monday nhs november october office ok outlook polish powerpoint
ramadan safety saturday scotland scottish september spanish spring summer sunday teams thursday tuesday uk wales
wednesday welsh windows winter word zoom
"""

FIRST_NAMES = frozenset(_MORE_NAMES.split()).union(*SHORT_FORMS)
KEPT_CAPITALS = frozenset(_CAPITALS.split())
_FELT = {word for says in ("complaint", "praise") for word in shipped_rules().tables[says] if " " not in word}
COMMON = (frozenset(word.replace("'", "") for word in _MORE_COMMON.split()) | (_FELT - ALSO_WORDS)) - FIRST_NAMES
