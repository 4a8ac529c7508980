"""The tables. SQLAlchemy Core, no ORM: rows are written in batches and handed out as frozen values.

What a crash leaves at each row, and who tidies, stands in docs/states.md. Closed sets are CHECKed and "one live"
is a partial unique index: the database keeps the promise even if we forget.
"""

from __future__ import annotations

from complaintmail.store.columns import Instant as Instant
from complaintmail.store.columns import Json as Json
from complaintmail.store.columns import beside_the_index as beside_the_index
from complaintmail.store.columns import canonical as canonical
from complaintmail.store.columns import metadata as metadata
from complaintmail.store.columns import written_out as written_out
from complaintmail.store.schema_cases import UNTOLD_DUTY as UNTOLD_DUTY
from complaintmail.store.schema_cases import case as case
from complaintmail.store.schema_cases import case_action as case_action
from complaintmail.store.schema_cases import case_address as case_address
from complaintmail.store.schema_cases import case_link as case_link
from complaintmail.store.schema_cases import case_person as case_person
from complaintmail.store.schema_cases import obligation as obligation
from complaintmail.store.schema_cases import offer as offer
from complaintmail.store.schema_cases import person_state as person_state
from complaintmail.store.schema_cases import policy_text as policy_text
from complaintmail.store.schema_cases import reference_counter as reference_counter
from complaintmail.store.schema_learning import learnt as learnt
from complaintmail.store.schema_learning import taught as taught
from complaintmail.store.schema_mail import event as event
from complaintmail.store.schema_mail import head as head
from complaintmail.store.schema_mail import journal as journal
from complaintmail.store.schema_mail import mailbox_state as mailbox_state
from complaintmail.store.schema_mail import message as message
from complaintmail.store.schema_mail import raw_mail as raw_mail
from complaintmail.store.schema_mail import setting as setting
from complaintmail.store.schema_post import UNTOLD as UNTOLD
from complaintmail.store.schema_post import letter as letter
from complaintmail.store.schema_post import letter_alias as letter_alias
from complaintmail.store.schema_post import link_void as link_void
from complaintmail.store.schema_praise import praise as praise
