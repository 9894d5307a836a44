@echo off
rem SPDX-License-Identifier: Apache-2.0
rem Starts the command line with the first JDK of 25 or newer that is found. Builds nothing.
setlocal enabledelayedexpansion
set "root=%~dp0.."
set "jdk="
for %%J in ("%JOUST_JAVA_HOME%" "%JAVA_HOME%") do if not defined jdk if not "%%~J"=="" call :consider "%%~J"
if not defined jdk for %%C in (java.exe) do if not "%%~$PATH:C"=="" call :consider "%%~dp$PATH:C.."
if not defined jdk for /d %%J in ("%ProgramFiles%\Java\*" "%ProgramFiles%\Eclipse Adoptium\*" "%ProgramFiles%\Microsoft\jdk*" "%ProgramFiles%\Zulu\*" "%ProgramFiles%\Amazon Corretto\*" "%USERPROFILE%\.jdks\*" "%USERPROFILE%\.sdkman\candidates\java\*") do if not defined jdk call :consider "%%~J"
if not defined jdk (
  echo joust: no JDK 25 or newer found; install one ^(for example Eclipse Temurin 25^) or point JOUST_JAVA_HOME at it 1>&2
  exit /b 3
)
set "jar=%root%\cli\target\joust-cli.jar"
if not exist "%jar%" (
  echo joust: not built yet; run in %root%: mvnw.cmd -q -Dquick -DskipTests -pl cli -am package 1>&2
  exit /b 3
)
set "kind=plain"
set "flag=-XX:TieredStopAtLevel=1"
for %%C in (search serve bench images embed compact optimize) do if "%~1"=="%%C" (
  set "kind=vector"
  set "flag=--add-modules=jdk.incubator.vector"
)
for %%C in (create optimize recall) do if "%~1 %~2"=="index %%C" (
  set "kind=vector"
  set "flag=--add-modules=jdk.incubator.vector"
)
set "ORT_DISABLE_TELEMETRY=1"
"%jdk%\bin\java.exe" -Djdk.virtualThreadScheduler.parallelism=16 -XX:+AutoCreateSharedArchive "-XX:SharedArchiveFile=%root%\cli\target\joust-%kind%.jsa" -Xlog:disable -XX:+UseSerialGC %flag% --add-opens=java.base/java.nio=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED %JOUST_JAVA_OPTS% -cp "%jar%" dev.joust.cli.Main %*
exit /b %errorlevel%

:consider
if not exist "%~1\bin\java.exe" exit /b
if not exist "%~1\release" exit /b
for /f "tokens=2 delims==" %%V in ('findstr /b "JAVA_VERSION=" "%~1\release"') do for /f "tokens=1 delims=." %%M in ("%%~V") do if %%M geq 25 set "jdk=%~1"
exit /b
