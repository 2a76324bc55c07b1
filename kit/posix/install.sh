#!/bin/sh
# Install shelterctl from the wheels beside this file, without a network: finds a Python that fits, install.py does it.
#
# No code is run from the folder in which somebody stands, nor from one beside the kit: programs are looked for in whole
# paths of PATH alone, and Python runs isolated (-I). What the account itself sets for every program (LD_PRELOAD) stays.
set -eu
case $0 in */*) here=${0%/*} ;; *) here=. ;; esac
here=$(CDPATH='' cd -- "$here" && pwd)
searched=""
set -f
IFS=:
for folder in ${PATH-}; do
    case $folder in /*) searched=$searched${searched:+:}$folder ;; esac
done
unset IFS
set +f
PATH=$searched
export PATH
cd /

damaged() {
    cat >&2 <<END
The kit is damaged or was changed: $1. Nothing was installed. Copy or download it again.

Набор повреждён или изменён: $1. Ничего не установлено. Скопируйте или скачайте его заново.
END
    exit 6
}

for file in KIT SHA256SUMS install.py; do
    if [ ! -f "$here/$file" ]; then damaged "$file"; fi
done
wanted=$(sed -n 's/^python: \([0-9. ]*\)$/\1/p' "$here/KIT")
same='
import hashlib, sys
summed, file = (open(name, "rb").read() for name in sys.argv[1:])
sys.exit(hashlib.sha256(file).hexdigest().encode() + b"  install.py" not in summed.split(b"\n"))
'
found=""
# shellcheck disable=SC2086 # versions are words
for python in ${PYTHON:-$(printf 'python%s ' $wanted) python3 python}; do
    version=$("$python" -I -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || continue
    found="$found $version"
    case " $wanted " in
        *" $version "*)
            "$python" -I -c "$same" "$here/SHA256SUMS" "$here/install.py" || damaged install.py
            exec "$python" -I "$here/install.py" "$@"
            ;;
    esac
done
cat >&2 <<END
This kit needs Python $wanted; on this computer there is:${found:- none}.
Install it from this system's packages, or take a kit that was made for the Python that is there.
If it lies in an unusual place: PYTHON=/path/to/python sh install.sh

Этому набору нужен Python $wanted; на этом компьютере есть:${found:- ничего}.
Установите его из пакетов системы или возьмите набор, сделанный для того Python, который есть.
Если он лежит в необычном месте: PYTHON=/путь/к/python sh install.sh
END
exit 3
