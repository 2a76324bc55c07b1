"""The program behind the shortcut: the menu, in a window that stays open while there is something to read."""

import sys

from shelterctl.__main__ import main

try:
    main()
except SystemExit as end:
    if end.code:
        sys.stdout.write("\n[Enter] ")
        sys.stdout.flush()
        sys.stdin.readline()
    raise
