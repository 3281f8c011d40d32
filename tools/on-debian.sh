#!/bin/sh
# Run a command in the project where the mail clients of the tests are Debian packages. On Debian that is here. Ubuntu
# has Chromium, Firefox and Thunderbird as snaps only and SOGo not at all: there it is a Debian below var/debian, which
# is made once, with a copy of the project in it.
# Usage: tools/on-debian.sh COMMAND...
set -eu
[ "$(. /etc/os-release && echo "${ID:-}")" = debian ] && exec "$@"
cd "$(dirname "$0")/.."
if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || { echo "Run this as root: the tests need a Debian of their own here." >&2; exit 1; }
    exec sudo --preserve-env=CI "$0" "$@"
fi
root=$PWD/var/debian
if [ ! -e "$root/ready" ]; then
    tools/debian.sh debootstrap debian-archive-keyring
    rm -rf "$root"
    mkdir -p "$root"
    echo "Making a Debian in $root"
    debootstrap --variant=minbase --include=ca-certificates,git,make \
        --keyring=/usr/share/keyrings/debian-archive-keyring.gpg \
        trixie "$root" >"$root.log" ||
        { tail "$root.log" >&2; exit 1; }
    touch "$root/ready"
fi
# The machine's own certificates and names: what it trusts and finds, its Debian does too.
cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
cp /etc/hosts /etc/resolv.conf "$root/etc/"
mkdir -p "$root/srv/keeneye"
git -c safe.directory="$PWD" ls-files -z --cached --others --exclude-standard |
    tar --create --null --files-from=- --ignore-failed-read | tar --extract --no-same-owner --directory "$root/srv/keeneye"
# In a mount namespace of its own, which ends with the command: nothing stays mounted, whatever happens.
exec unshare --mount --pid --fork --kill-child sh -euc '
    root=$1
    shift
    mount --make-rprivate /
    mount -t proc proc "$root/proc"
    mount --rbind /dev "$root/dev"
    mount -t tmpfs tmpfs "$root/dev/shm"
    mount --bind /sys "$root/sys"
    exec chroot "$root" env HOME=/srv sh -euc "cd /srv/keeneye && exec \"\$@\"" sh "$@"
' sh "$root" "$@"
