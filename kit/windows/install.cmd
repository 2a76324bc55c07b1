@echo off
rem Install shelterctl from this folder into the account of whoever runs it: no network, no administrator.
setlocal
chcp 65001 >nul
"%~dp0program\python\python.exe" -I -B "%~dp0install.py" %*
set ended=%errorlevel%
if not "%SHELTERCTL_QUIET%"=="yes" pause
exit /b %ended%
