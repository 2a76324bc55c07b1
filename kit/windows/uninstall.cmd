@echo off
rem Take shelterctl out of this account. Keys and stores lie elsewhere, and stay.
setlocal
"%SystemRoot%\System32\chcp.com" 65001 >nul
set "here=%~dp0"
if not exist "%here%current" goto lacking
set /p version=<"%here%current"
cd /d "%TEMP%"
rem Windows lets nobody write to a program that runs, nor rename a folder in which something is open.
if exist "%here%going" goto going
2>nul ( >>"%here%%version%\python\python.exe" echo off ) || goto open
ren "%here%%version%" going 2>nul || goto open
:going
"%here%going\python\python.exe" -I -B "%here%uninstall.py" || goto refused
rmdir /s /q "%here%." & (if not "%SHELTERCTL_QUIET%"=="yes" pause) & exit /b 0
:lacking
echo Run the uninstall.cmd that lies where the program was installed: %%LOCALAPPDATA%%\Programs\shelterctl
echo Запустите uninstall.cmd оттуда, куда установлена программа: %%LOCALAPPDATA%%\Programs\shelterctl
goto refused
:open
"%here%%version%\python\python.exe" -I -B "%here%uninstall.py" open
:refused
if not "%SHELTERCTL_QUIET%"=="yes" pause
exit /b 1
