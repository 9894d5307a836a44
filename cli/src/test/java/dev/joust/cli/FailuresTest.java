// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.joust.testdata.GoldenTables;

class FailuresTest {
    @TempDir
    static Path folder;

    private static final String TABLE = GoldenTables.named("versions-and-tags").table().toString();

    /// What `embed` is tested with.
    private static final String MODELS = "../embed/src/test/resources/dev/joust/embed/models";

    static Stream<String> operationsThatFail() {
        return Stream.of(
                "info FOLDER/absent.lance", "scan FOLDER", "scan TABLE -c nmae", "scan TABLE -w nmae=1", "scan TABLE -w id==", "scan TABLE -w id",
                "count TABLE@77", "count TABLE --at notag", "scan TABLE --branch b", "restore TABLE 99", "tag delete TABLE x", "count TABLE@../../x", "take TABLE --rows 40", "take TABLE --row-ids 99999999999",
                "search TABLE --vector [1,2]", "search TABLE --vector [1] --metric hamming", "search TABLE -c id --vector [1,2]", "search TABLE -c nope --vector [1]", "delete TABLE -w id==",
                "import FOLDER/absent.arrow FOLDER/t.lance", "import FOLDER FOLDER/t.lance", "import TABLE TABLE", "scan TABLE -o FOLDER/no/such/folder.csv",
                "embed --image FOLDER/absent.png", "images search --data FOLDER/absent star", "images add --data FOLDER/x FOLDER/absent.png",
                "embed --text x --model FOLDER/absent", "embed --text x --variant fp16", "embed --text x --model MODELS/sentence-mean --variant int4",
                "embed --text x --model MODELS/cross-encoder", "serve --port 0 --data FOLDER/x --model MODELS/sentence-mean", "images add --data FOLDER/x --model MODELS/sentence-odd FOLDER",
                "embed --image FOLDER/absent.png --model MODELS/siglip", "validate FOLDER/absent");
    }

    static Stream<String> wrongArguments() {
        return Stream.of(
                "", "frobnicate", "scan", "scan TABLE TABLE", "scan TABLE --no-such-option", "scan TABLE --limit many", "scan TABLE --limit -1",
                "scan TABLE -o x.txt", "scan TABLE -o x.xlsx", "scan TABLE --format xml", "scan TABLE -o x.csv --format csv", "scan TABLE@1 --at 1", "scan TABLE@",
                "scan TABLE -c a,,b", "scan memory://t", "scan TABLE --dialect sql",
                "take TABLE", "take TABLE --rows x", "take TABLE --rows 1 --row-ids 1", "head TABLE -n -1", "export TABLE", "search TABLE", "search TABLE --vector x",
                "search TABLE --vector [1] -k 0", "search TABLE --vector [1] --metric far", "search TABLE --text words",
                "search TABLE --vector [1] --distance-range 1", "delete TABLE", "delete TABLE@1 -w id=1", "delete TABLE -w id=1 --at 1", "import TABLE", "import - FOLDER/t.lance --format xml",
                "import x.csv FOLDER/t.lance --mode merge", "import x.csv FOLDER/t.lance --storage-version legacy", "import x.csv FOLDER/t.lance --storage-version 9",
                "import x.csv FOLDER/t@1", "embed", "embed --text a --image b", "images", "images add", "images search --data FOLDER", "images search --data FOLDER x -k 0",
                "serve --port 99999", "embed --text a --variant a/b", "embed --text a --model-threads 0", "bench TABLE", "bench TABLE --op dance", "bench TABLE --op index", "bench TABLE --op append",
                "update TABLE", "update TABLE --set a", "update TABLE --set =1", "update TABLE --set a=1 --set a=2", "update TABLE@2 --set a=1", "merge a b", "merge a b.lance --on id --matched x", "merge a b --on id --matched fail --matched-if true", "merge a b --on id --not-matched-by-source-if true", "merge a b --on id --matched ignore --not-matched ignore", "column add TABLE x", "column cast TABLE id blue", "column", "compact TABLE --target-rows 0", "cleanup TABLE --older-than soon", "cleanup TABLE --retain 0", "index create TABLE", "index recall TABLE idx -k 0", "index recall TABLE idx -o x.png", "index optimize TABLE --merge -1", "fts TABLE -q x", "explain TABLE", "analyze TABLE", "fts TABLE -q y",
                "optimize TABLE@1");
    }

    private static Run run(String command, String... more) {
        String[] words = command.isEmpty() ? new String[0] : command.replace("TABLE", TABLE).replace("FOLDER", folder.toString()).replace("MODELS", MODELS).split(" ");
        Object[] all = Stream.concat(Arrays.stream(words), Arrays.stream(more)).toArray();
        return Run.of(all);
    }

    @ParameterizedTest
    @MethodSource("operationsThatFail")
    void failedOperationExitsWithOneAndALine(String command) {
        assertClear(1, run(command), command);
    }

    @ParameterizedTest
    @MethodSource("wrongArguments")
    void wrongArgumentsExitWithTwo(String command) {
        assertClear(2, run(command), command);
    }

    private static void assertClear(int exit, Run run, String command) {
        assertEquals(exit, run.exit(), command + ": " + run.out() + run.err());
        assertEquals("", run.out(), command);
        long lines = run.err().lines().count();
        assertTrue(lines >= 1 && lines <= 2, command + ": " + run.err());
        assertFalse(run.err().contains("Exception") || run.err().contains("\tat "), command + ": " + run.err());
    }

    @Test
    void debugAddsTheTrace() {
        assertTrue(run("info FOLDER/absent.lance --debug").err().contains("\tat dev.joust."));
    }

    @ParameterizedTest
    @ValueSource(strings = {"info", "schema", "count", "scan", "head", "take", "import", "export", "search", "delete", "update", "merge", "versions", "restore", "tag create", "tag list", "tag delete", "branch create", "branch list", "branch delete", "manifest show", "manifest diff", "validate", "embed", "images add", "images search", "serve", "bench"})
    void helpShowsAnExample(String command) {
        Run run = run(command, "--help");
        assertEquals(0, run.exit(), run.err());
        assertTrue(run.out().contains("Example: joust " + command), run.out());
    }

    @Test
    void helpListsWhatIsNotThereYetAsSuch() {
        Run run = run("--help");
        assertEquals(0, run.exit());
        assertTrue(run.out().lines().anyMatch(line -> line.strip().matches("explain +Not available yet\\.")), run.out());
        assertTrue(run("explain x").err().contains("not available yet"));
        assertTrue(Run.ok("--version").startsWith("joust "));
    }

    @Test
    void secretsDoNotAppear() {
        Run run = run("info s3://bucket/t --debug --io-stats --storage-option aws_secret_access_key=hunter2");
        assertEquals(1, run.exit());
        assertFalse(run.err().contains("hunter2") || run.out().contains("hunter2"));
    }
}
