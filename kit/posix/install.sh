#!/bin/sh
# Install shelterctl from the wheels beside this file, without a network: finds a Python that fits, install.py does it.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
wanted=$(sed -n 's/^python: //p' "$here/KIT")
found=""
# shellcheck disable=SC2086 # versions are words
for python in ${PYTHON:-$(printf 'python%s ' $wanted) python3 python}; do
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || continue
    found="$found $version"
    case " $wanted " in
        *" $version "*) exec "$python" -I "$here/install.py" "$@" ;;
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
