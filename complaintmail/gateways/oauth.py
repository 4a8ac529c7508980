"""Access tokens for mail servers that take no passwords: the client-credentials grant, by the standard library.

A token is kept for ten minutes at most, and never to within a minute of its end. The secret is read for each request
and never shown; what goes wrong is one clear line (the provider's own `error_description` where it gives one).
"""

from __future__ import annotations

import json
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable

from complaintmail.clock import Clock, SystemClock
from complaintmail.config.model import OAuth2
from complaintmail.errors import LoginRefused, TemporaryFailure

SECONDS = 30
KEPT = 600.0  # seconds at most: one that was revoked is not used for long
_MICROSOFT = "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token"
_GOOGLE = "https://oauth2.googleapis.com/token"
_SCOPES = {"microsoft": "https://outlook.office365.com/.default", "google": "https://mail.google.com/"}


def token_source(oauth: OAuth2, clock: Clock | None = None) -> Callable[[], str]:
    """A function that gives a token good for at least a minute."""
    return _Tokens(oauth, clock or SystemClock()).token


class _Tokens:
    def __init__(self, oauth: OAuth2, clock: Clock) -> None:
        self._oauth = oauth
        self._clock = clock
        self._lock = threading.Lock()
        self._token = ""
        self._good_until = float("-inf")

    def token(self) -> str:
        with self._lock:
            if self._clock.monotonic() >= self._good_until:
                self._token, lasts = self._ask()
                self._good_until = self._clock.monotonic() + min(KEPT, max(0.0, lasts - 60))
            return self._token

    def _ask(self) -> tuple[str, float]:
        oauth = self._oauth
        url = oauth.token_url or (
            _MICROSOFT.format(tenant=urllib.parse.quote(oauth.tenant or "", safe=""))
            if oauth.provider == "microsoft"
            else _GOOGLE
        )
        form = {
            "grant_type": "client_credentials",
            "client_id": oauth.client_id,
            "client_secret": oauth.client_secret.reveal() if oauth.client_secret else "",
            "scope": oauth.scope or _SCOPES.get(oauth.provider, ""),
        }
        host = urllib.parse.urlsplit(url).hostname
        request = urllib.request.Request(url, urllib.parse.urlencode(form).encode(), method="POST")
        try:
            with urllib.request.urlopen(request, timeout=SECONDS) as answer:
                said = json.loads(answer.read(1_000_000))
            return str(said["access_token"]), float(said.get("expires_in", 300))
        except urllib.error.HTTPError as refused:
            why = _reason(refused)
            if refused.code in (400, 401, 403):
                raise LoginRefused(f"{host} gives no token for client {oauth.client_id}: {why}") from None
            raise TemporaryFailure(f"{host} gives no token just now: {why}") from None
        except (OSError, ValueError, KeyError, TypeError) as failed:
            raise TemporaryFailure(f"{host} gives no token just now: {failed}") from None


def _reason(refused: urllib.error.HTTPError) -> str:
    try:
        said = json.loads(refused.read(100_000))
        words = str(said.get("error_description") or said.get("error") or "")
    except (OSError, ValueError, AttributeError):
        words = ""
    return " ".join(words.split())[:300] or f"HTTP {refused.code}"
