"""Take links, PATH and the entry in the list of programs out of this account; uninstall.cmd removes the folder then."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).absolute().parent))
import account

account.left()
sys.stdout.reconfigure(encoding="utf-8")
sys.stdout.write(
    "\nshelterctl is taken out of this account. Your key and your store stay where they are.\n"
    "\nПрограмма shelterctl убрана из вашей учётной записи. Ключ и хранилище остались на месте.\n"
)
