// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArgumentsTest {
    @TempDir
    Path folder;

    private static TableAddress parse(String text) {
        return TableAddress.parse(text, Optional.empty());
    }

    @Test
    void atAfterTheLastSlashPinsAVersion() {
        assertEquals(new TableAddress("a/b.lance", Optional.of("3")), parse("a/b.lance@3"));
        assertEquals(new TableAddress("a/b.lance", Optional.of("v1")), parse("a/b.lance@v1/"));
        assertEquals(new TableAddress("file:///a/b", Optional.of("3")), parse("file:///a/b@3"));
        assertEquals(new TableAddress("me@home/b.lance", Optional.empty()), parse("me@home/b.lance"));
        assertEquals(new TableAddress("s3://user@bucket/b", Optional.empty()), parse("s3://user@bucket/b"));
        assertEquals(new TableAddress("a/b", Optional.empty()), parse("a/b/"));
    }

    @Test
    void folderOfExactlyThatNameWins() throws IOException {
        Path odd = Files.createDirectory(folder.resolve("t@3"));
        assertEquals(new TableAddress(odd.toString(), Optional.empty()), parse(odd.toString()));
        assertEquals(new TableAddress(odd.toString(), Optional.of("2")), parse(odd + "@2"));
    }

    @Test
    void versionGivenTwiceOrNotAtAllIsRefused() {
        assertThrows(UsageException.class, () -> TableAddress.parse("a@3", Optional.of("4")));
        assertThrows(UsageException.class, () -> parse("a/b@"));
        assertEquals(Optional.of("4"), TableAddress.parse("a", Optional.of("4")).version());
    }

    @Test
    void columnsAreSplitOutsideQuotesAndBrackets() {
        assertEquals(List.of("a", "b.c", "`odd, name`"), ColumnList.split("a, b.c,`odd, name`"));
        assertEquals(List.of("f(a, b) as c", "st['x,y']", "l[1]"), ColumnList.split("f(a, b) as c,st['x,y'],l[1]"));
        assertEquals(List.of("odd, name", "plain"), ColumnList.names("`odd, name`,plain"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a,", ",a", "a,,b", "f(a", "a)", "'a", "`a"})
    void brokenColumnListsAreRefused(String text) {
        assertThrows(UsageException.class, () -> ColumnList.split(text));
    }

    @Test
    void computedColumnsAreNoNames() {
        for (String text : List.of("x * 2 as y", "l[1]", "lower(a)", "a + 1", "a||b", "`a` as b", "x AS y")) {
            assertThrows(UsageException.class, () -> ColumnList.names(text), text);
        }
        assertEquals(List.of("a.b", "my-col", "a as b"), ColumnList.names("a.b,my-col,`a as b`"));
    }

    @Test
    void vectorsComeAsTextAndFiles() throws IOException {
        VectorArgument one = VectorArgument.parse("[1, 2.5, -3e2]");
        assertFalse(one.isMatrix());
        assertArrayEquals(new float[] {1, 2.5f, -300}, one.vectors().getFirst());
        Path file = Files.writeString(folder.resolve("q.json"), "[[1,2],[3,4]]");
        VectorArgument two = VectorArgument.parse("@" + file);
        assertTrue(two.isMatrix());
        assertArrayEquals(new float[] {3, 4}, two.vectors().get(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1,2", "[]", "[[]]", "[1,", "[1]]", "[1,\"x\"]", "[[1],[1,2]]", "[[1],2]", "{}", "[1] [2]", "@file.txt"})
    void brokenVectorsAreRefused(String text) {
        assertThrows(UsageException.class, () -> VectorArgument.parse(text));
    }

    @Test
    void rowNumbersComeAsTextAndFiles() throws IOException {
        assertArrayEquals(new long[] {5, 1, 5}, RowNumbers.parse("5, 1,5", "--rows"));
        assertArrayEquals(new long[] {-1}, RowNumbers.parse("18446744073709551615", "--row-ids"));
        Path file = Files.writeString(folder.resolve("rows.json"), "[3, 2, 1]");
        assertArrayEquals(new long[] {3, 2, 1}, RowNumbers.parse("@" + file, "--rows"));
        Path empty = Files.writeString(folder.resolve("none.json"), "[]");
        assertArrayEquals(new long[0], RowNumbers.parse("@" + empty, "--rows"));
        for (String bad : List.of("", "a", "1,,2", "-1", "1.5")) {
            assertThrows(UsageException.class, () -> RowNumbers.parse(bad, "--rows"));
        }
        Path broken = Files.writeString(folder.resolve("broken.json"), "[1, 2");
        assertThrows(UsageException.class, () -> RowNumbers.parse("@" + broken, "--rows"));
    }

    @Test
    void quantilesAreOfTheSortedTimes() {
        Durations times = new Durations(new long[] {4_000_000, 1_000_000, 3_000_000, 2_000_000});
        assertEquals(2.5, times.medianMillis());
        assertEquals(4, times.quantileMillis(0.99));
        assertEquals(1, times.minMillis());
        assertEquals(2.5, times.first(2).medianMillis());
        assertEquals(2.5, times.last(2).medianMillis());
        assertEquals(3, new Durations(new long[] {3_000_000}).quantileMillis(0.95));
    }
}
