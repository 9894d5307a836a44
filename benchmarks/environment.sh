# SPDX-License-Identifier: Apache-2.0
# Sourced by the drivers of this folder: sets `here`, `python`, `java` and `jar`, and builds the jar.
# JOUST_PYTHON names a Python that has benchmarks/requirements.txt; else one is made under benchmarks/target.
# JOUST_JAVA names a Java 25 or newer; else JAVA_HOME's, or the newest under /usr/lib/jvm.
set -eu
here=$(cd "$(dirname "$0")" && pwd)

python=${JOUST_PYTHON:-}
if [ -z "$python" ]; then
    python=$here/target/venv/bin/python
    if [ ! -x "$python" ]; then
        python3 -m venv "$here/target/venv"
        "$python" -m pip install --quiet --requirement "$here/requirements.txt"
    fi
fi

java=${JOUST_JAVA:-}
if [ -z "$java" ]; then
    for home in ${JAVA_HOME:-} $(ls -d /usr/lib/jvm/*-25* /usr/lib/jvm/*-2[6-9]* 2>/dev/null || true); do
        if [ -x "$home/bin/java" ] && [ -x "$home/bin/javac" ]; then
            java=$home/bin/java
            "$java" --version 2>/dev/null | head -1 | grep -qE ' (2[5-9]|[3-9][0-9])' && break
            java=
        fi
    done
fi
[ -n "$java" ] || { echo "$(basename "$0"): no Java 25 found; set JOUST_JAVA" >&2; exit 1; }

jar=$here/target/benchmarks.jar
(cd "$here/.." && ./mvnw -q -Dquick -Pbenchmark-jar -DskipTests -Dinvoker.skip=true -pl benchmarks -am package)
