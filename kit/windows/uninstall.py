"""Remove the shortcuts, the PATH and the entry in the list of programs from this account; uninstall.cmd then removes
the folder.

With the argument ``open`` it says why that is not possible now.
"""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).absolute().parent))
import account

OPEN = (
    "shelterctl is open. Close its windows, then run this again. Nothing was changed.",
    "Программа shelterctl открыта. Закройте её окна и запустите это ещё раз. Ничего не изменено.",
)
LEFT = (
    "shelterctl was removed from this account. Your key and your store stay where they are.",
    "Программа shelterctl убрана из вашей учётной записи. Ключ и хранилище остались на месте.",
)

if sys.argv[1:] == ["open"]:
    english, russian = OPEN
else:
    account.left()
    english, russian = LEFT
sys.stdout.reconfigure(encoding="utf-8")
sys.stdout.write(f"\n{english}\n\n{russian}\n")
