#!/usr/bin/env bash
# Smoke test of a running installation that keeps its mail (development, staging without SMTP):
#
#   crates/server/tests/smoke.sh http://127.0.0.1:8080
#
# Signs up, confirms, signs in, looks around, signs out. Ends at the first failure with a word on what it was.
set -u

BASE_URL="${1:-${BASE_URL:-}}"
[ -n "$BASE_URL" ] || { echo "usage: $0 BASE_URL" >&2; exit 2; }

NAME="smoke-$(date +%s)-$$-$RANDOM"
EMAIL="$NAME@example.com"
PASSWORD="Test123456 by the harbour"
JSON="Content-Type: application/json"

fail() { echo "FAILED: $1" >&2; [ -z "${2:-}" ] || echo "$2" >&2; exit 1; }
ok() { echo "ok: $1"; }
# expect WORDS ANSWER STEP: the answer contains the words.
expect() { case "$2" in *"$1"*) ok "$3" ;; *) fail "$3: no $1 in the answer" "$2" ;; esac; }

# Health
expect '"status":"ok"' "$(curl -sS "$BASE_URL/api/health" 2>&1)" "health"

# CSP headers
expect "default-src 'none'" "$(curl -sSI "$BASE_URL/api/health" 2>&1 | grep -i '^content-security-policy:')" "CSP of the API"
expect "script-src 'self'" "$(curl -sSI "$BASE_URL/" 2>&1 | grep -i '^content-security-policy:')" "CSP of the pages"

# Sign up
ANSWER=$(curl -sS -w ' %{http_code}' -X POST "$BASE_URL/api/auth/signup" -H "$JSON" \
  -d "{\"email\":\"$EMAIL\",\"username\":\"$NAME\",\"password\":\"$PASSWORD\"}" 2>&1)
expect " 202" "$ANSWER" "sign-up"

# Nobody signs in with an address that is not confirmed
ANSWER=$(curl -sS -w ' %{http_code}' -X POST "$BASE_URL/api/auth/login" -H "$JSON" \
  -d "{\"email\":\"$EMAIL\",\"password\":\"$PASSWORD\"}" 2>&1)
expect " 401" "$ANSWER" "no sign-in before the confirmation"

# Confirm the address with the link from the development mailbox
TOKEN=""
for _ in $(seq 100); do
  TOKEN=$(curl -sS "$BASE_URL/api/dev/mail" | tr '{' '\n' | grep -F "\"to\":\"$EMAIL\"" \
    | sed -n 's/.*#token=\([A-Za-z0-9_-]*\).*/\1/p')
  [ -n "$TOKEN" ] && break
  sleep 0.1
done
[ -n "$TOKEN" ] || fail "confirmation mail: none came within ten seconds"
ANSWER=$(curl -sS -w ' %{http_code}' -X POST "$BASE_URL/api/auth/verify-email" -H "$JSON" -d "{\"token\":\"$TOKEN\",\"password\":\"$PASSWORD\"}" 2>&1)
expect " 200" "$ANSWER" "confirmation"

# Sign in; -v shows the cookies
ANSWER=$(curl -sS -X POST "$BASE_URL/api/auth/login" -H "$JSON" \
  -d "{\"email\":\"$EMAIL\",\"password\":\"$PASSWORD\"}" -v 2>&1)
expect "HttpOnly; SameSite=Lax; Secure; Path=/" "$ANSWER" "sign-in sets a protected cookie"
SESSION=$(echo "$ANSWER" | sed -n 's/^< set-cookie: __Host-auth_token=\([A-Za-z0-9_.-]*\);.*/\1/Ip')
[ -n "$SESSION" ] || fail "sign-in: no session cookie" "$ANSWER"

# A protected endpoint, with and without the cookie
expect "\"username\":\"$NAME\"" "$(curl -sS -b "__Host-auth_token=$SESSION" "$BASE_URL/api/auth/me" 2>&1)" "me with the cookie"
expect '"code":"unauthenticated"' "$(curl -sS "$BASE_URL/api/auth/me" 2>&1)" "me without the cookie"

# The refresh token brings another access token
REFRESH=$(echo "$ANSWER" | sed -n 's/^< set-cookie: __Host-refresh_token=\([A-Za-z0-9_-]*\);.*/\1/Ip')
expect '"access_expires_at"' "$(curl -sS -X POST -b "__Host-refresh_token=$REFRESH" "$BASE_URL/api/auth/refresh" 2>&1)" "refresh"
expect '"kty":"OKP"' "$(curl -sS "$BASE_URL/.well-known/jwks.json" 2>&1)" "public keys"

# Sign out; another site may not
ANSWER=$(curl -sS -X POST -b "__Host-auth_token=$SESSION" -H "Origin: https://evil.example" "$BASE_URL/api/auth/logout" 2>&1)
expect '"code":"cross_site_request"' "$ANSWER" "another site cannot sign out"
CSRF=$(curl -sS -b "__Host-auth_token=$SESSION" "$BASE_URL/api/auth/csrf" | sed -n 's/.*"token":"\([^"]*\)".*/\1/p')
ANSWER=$(curl -sS -w ' %{http_code}' -X POST -b "__Host-auth_token=$SESSION" -H "X-CSRF-Token: $CSRF" "$BASE_URL/api/auth/logout" 2>&1)
expect " 204" "$ANSWER" "sign-out"
expect '"code":"unauthenticated"' "$(curl -sS -b "__Host-auth_token=$SESSION" "$BASE_URL/api/auth/me" 2>&1)" "the old cookie is worthless"

echo "all is well"
