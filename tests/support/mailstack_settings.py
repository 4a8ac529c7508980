"""The settings of the private Dovecot and Postfix; each line that is not obvious has its reason."""

from __future__ import annotations

from pathlib import Path

from tests.support.certificates import Certificate


def dovecot_conf(state: Path, tls: Certificate, *, imap: int, imaps: int, store: str, fsync: bool) -> str:
    return f"""
base_dir = {state}/dovecot
state_dir = {state}/dovecot-state
log_path = {state}/dovecot.log
protocols = imap lmtp
listen = 127.0.0.1
ssl = yes
ssl_cert = <{tls.cert}
ssl_key = <{tls.key}
ssl_min_protocol = TLSv1.2
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_failure_delay = 0
# Addresses have apostrophes.
auth_username_chars =
# Mail processes never run as root; a bare number needs no passwd entry.
mail_uid = 5000
mail_gid = 5000
first_valid_uid = 5000
mail_location = {store}:{state}/mail/%d/%n
mail_fsync = {"optimized" if fsync else "never"}
mail_max_userip_connections = 1000
recipient_delimiter = +
submission_host = 127.0.0.1:1
# A password of their own first; everybody else has the usual one.
passdb {{
  driver = passwd-file
  args = {state}/users
}}
passdb {{
  driver = static
  args = password=secret
}}
userdb {{
  driver = static
  args = uid=5000 gid=5000 home={state}/mail/%d/%n/home allow_all_users=yes
}}
namespace inbox {{
  inbox = yes
  separator = /
  # Only a user who makes this folder has it: a Sent folder known by its use, not by its name.
  mailbox Verzonden {{
    special_use = \\Sent
  }}
}}
service imap-login {{
  service_count = 0
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service imap {{
  process_limit = 2000
}}
service lmtp {{
  unix_listener lmtp {{
    mode = 0666
  }}
}}
service auth {{
  unix_listener auth-smtp {{
    mode = 0666
  }}
}}
# A failed log-in in one test must not slow down the next.
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  unix_listener stats-writer {{
    mode = 0666
  }}
}}
"""


def postfix_main_cf(state: Path, tls: Certificate, *, book: int) -> str:
    return f"""
compatibility_level = 3.6
queue_directory = {state}/queue
data_directory = {state}/postfix-state
maillog_file = {state}/postfix.log
maillog_file_prefixes = {state}
myhostname = mx.example.test
mydomain = example.test
mydestination =
inet_interfaces = loopback-only
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
disable_dns_lookups = yes
smtp_host_lookup = native
alias_maps =
alias_database =
local_recipient_maps =
recipient_delimiter = +
virtual_mailbox_domains = tcp:127.0.0.1:{book}
virtual_mailbox_maps = tcp:127.0.0.1:{book}
virtual_transport = lmtp:unix:{state}/dovecot/lmtp
# Anybody else: refused at RCPT, so that nothing can leave.
default_transport = error:no mail leaves this machine
relay_transport = error:no mail leaves this machine
smtpd_recipient_restrictions = reject_unlisted_recipient, permit_mynetworks, permit_sasl_authenticated, reject
smtpd_relay_restrictions = permit_mynetworks, permit_sasl_authenticated, reject
smtpd_tls_security_level = may
smtpd_tls_cert_file = {tls.cert}
smtpd_tls_key_file = {tls.key}
smtpd_tls_mandatory_protocols = >=TLSv1.2
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = {state}/dovecot/auth-smtp
smtpd_sasl_security_options = noanonymous
broken_sasl_auth_clients = no
smtpd_forbid_bare_newline = yes
# Never add a From, Date or Message-ID that the sender left out.
local_header_rewrite_clients =
# Take mail as fast as it comes, from as many connections, and never slow down who makes mistakes.
in_flow_delay = 0
smtpd_client_connection_count_limit = 0
smtpd_error_sleep_time = 0
smtpd_soft_error_limit = 10000
smtpd_hard_error_limit = 10000
message_size_limit = 0
virtual_mailbox_limit = 0
mailbox_size_limit = 0
minimal_backoff_time = 2s
maximal_backoff_time = 5s
queue_run_delay = 2s
smtputf8_enable = yes
"""


def postfix_master_cf(*, smtp: int, smtps: int) -> str:
    services = [
        f"127.0.0.1:{smtp} inet n - n - - smtpd",
        f"127.0.0.1:{smtps} inet n - n - - smtpd\n  -o smtpd_tls_wrappermode=yes",
        "pickup unix n - n 60 1 pickup",
        "cleanup unix n - n - 0 cleanup",
        "qmgr unix n - n 300 1 qmgr",
        "tlsmgr unix - - n 1000? 1 tlsmgr",
        "rewrite unix - - n - - trivial-rewrite",
        "bounce unix - - n - 0 bounce",
        "defer unix - - n - 0 bounce",
        "trace unix - - n - 0 bounce",
        "verify unix - - n - 1 verify",
        "flush unix n - n 1000? 0 flush",
        "proxymap unix - - n - - proxymap",
        "proxywrite unix - - n - 1 proxymap",
        "smtp unix - - n - - smtp",
        "relay unix - - n - - smtp",
        "showq unix n - n - - showq",
        "error unix - - n - - error",
        "retry unix - - n - - error",
        "discard unix - - n - - discard",
        "lmtp unix - - n - - lmtp",
        "anvil unix - - n - 1 anvil",
        "scache unix - - n - 1 scache",
        "postlog unix-dgram n - n - 1 postlogd",
    ]
    return "\n".join(services) + "\n"
