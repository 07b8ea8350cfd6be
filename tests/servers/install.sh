#!/bin/sh
# The servers that the tests talk to come from Debian's packages. Installed when missing and when that is allowed.
set -eu
PACKAGES="dovecot-imapd dovecot-lmtpd postfix postgresql libreoffice-calc-nogui fonts-noto-cjk"
PATH="$PATH:/usr/sbin:/sbin"
missing=""
command -v dovecot >/dev/null || missing="$missing dovecot"
[ -x /usr/lib/dovecot/lmtp ] || missing="$missing dovecot-lmtpd"
command -v postfix >/dev/null || missing="$missing postfix"
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing="$missing postgresql"
command -v soffice >/dev/null || missing="$missing libreoffice"
[ -z "$missing" ] && exit 0
if [ "$(id -u)" = 0 ]; then
  sudo=""
elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
  sudo="sudo -n"
else
  echo "the tests need$missing; please do: sudo apt-get install --no-install-recommends $PACKAGES" >&2
  exit 1
fi
command -v apt-get >/dev/null || { echo "the tests need$missing; install them with your system's own tool" >&2; exit 1; }
log=$(mktemp)
if ! { $sudo apt-get update && $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $PACKAGES; } >"$log" 2>&1; then
  tail -20 "$log" >&2
  echo "the packages could not be installed; please do: apt-get install --no-install-recommends $PACKAGES" >&2
  exit 1
fi
rm -f "$log"
