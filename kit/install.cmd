@echo off
rem Install shelterctl from the wheels beside this file, without a network: finds a Python that fits, install.py does it.
setlocal
chcp 65001 >nul
set PYTHONUTF8=1
set wanted=
for /f "tokens=1,* delims=: " %%a in ('findstr /b "python:" "%~dp0KIT"') do set wanted=%%b
for %%v in (%wanted%) do (
    py -%%v -c "" >nul 2>nul && set chosen=py -%%v&& goto found
)
for %%v in (%wanted%) do (
    python -c "import sys; sys.exit('%%v' != '%%d.%%d' %% sys.version_info[:2])" >nul 2>nul && set chosen=python&& goto found
)
echo This kit needs Python %wanted%, and it is not on this computer.
echo Install it (for this user is enough), or take a kit that was made for the Python that is there.
echo.
echo Этому набору нужен Python %wanted%, а на этом компьютере его нет.
echo Установите его (достаточно для своей учётной записи) или возьмите набор, сделанный для того Python, который есть.
pause
exit /b 3

:found
%chosen% -I "%~dp0install.py" %*
set ended=%errorlevel%
pause
exit /b %ended%
