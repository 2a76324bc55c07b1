@echo off
rem Install shelterctl from this folder into the account of whoever runs it: no network, no administrator.
rem Programs of the system are called by their whole paths, and Python runs isolated (-I): nothing that lies in the
rem folder where this was started, or beside the kit, is run. Until the kit is checked, only copies of its own few
rem files run, in a new folder where nothing lies beside them.
setlocal
set "system=%SystemRoot%\System32"
"%system%\chcp.com" 65001 >nul
set "here=%~dp0"
set "python=%here%program\python"
if not exist "%python%\python.exe" goto packed
if not exist "%here%check.py" goto packed
set "apart=%TEMP%\shelterctl-%RANDOM%-%RANDOM%-%RANDOM%"
md "%apart%" || goto refused
cd /d "%apart%" || goto refused
copy /b /y "%python%\python.exe" "%apart%" >nul
copy /b /y "%python%\python3*.dll" "%apart%" >nul
copy /b /y "%python%\python3*.zip" "%apart%" >nul
copy /b /y "%python%\python3*._pth" "%apart%" >nul
copy /b /y "%python%\vcruntime140*.dll" "%apart%" >nul
copy /b /y "%python%\libcrypto-3*.dll" "%apart%" >nul
copy /b /y "%python%\_hashlib.pyd" "%apart%" >nul
set "damaged=program\python"
"%apart%\python.exe" -I -B -c "import hashlib,sys; a,b=(open(x,'rb').read() for x in sys.argv[1:]); sys.exit(6*((hashlib.sha256(b).hexdigest()+'  check.py').encode() not in a.splitlines()))" "%here%SHA256SUMS" "%here%check.py"
set ended=%errorlevel%
if "%ended%"=="6" set "damaged=check.py"
if not "%ended%"=="0" goto damaged
"%apart%\python.exe" -I -B "%here%check.py"
set ended=%errorlevel%
if not "%ended%"=="0" goto ended
"%python%\python.exe" -I -B -X "pycache_prefix=%apart%" "%here%install.py" %*
set ended=%errorlevel%
goto ended
:damaged
echo The kit is damaged or was changed: %damaged%. Nothing was installed. Copy or download it again.
echo Набор повреждён или изменён: %damaged%. Ничего не установлено. Скопируйте или скачайте его заново.
set ended=6
goto ended
:refused
echo The folder for temporary files cannot be written to: %TEMP%. Nothing was installed.
echo В папку для временных файлов нельзя писать: %TEMP%. Ничего не установлено.
set ended=8
goto ended
:packed
echo The rest of the kit is not beside this file. Unpack the whole zip first, then start install.cmd from there.
echo Рядом с этим файлом нет остального набора. Сначала распакуйте весь архив, затем запустите install.cmd оттуда.
set ended=2
:ended
cd /d "%system%"
if defined apart rmdir /s /q "%apart%"
if not "%SHELTERCTL_QUIET%"=="yes" pause
exit /b %ended%
