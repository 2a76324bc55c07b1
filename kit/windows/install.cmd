@echo off
rem Install shelterctl from this folder into the account of whoever runs it: no network, no administrator.
setlocal
chcp 65001 >nul
if not exist "%~dp0program\python\python.exe" goto packed
"%~dp0program\python\python.exe" -I -B "%~dp0install.py" %*
set ended=%errorlevel%
goto ended
:packed
echo The rest of the kit is not beside this file. Unpack the whole zip first, then start install.cmd from there.
echo Рядом с этим файлом нет остального набора. Сначала распакуйте весь архив, затем запустите install.cmd оттуда.
set ended=2
:ended
if not "%SHELTERCTL_QUIET%"=="yes" pause
exit /b %ended%
