// SPDX-License-Identifier: Apache-2.0
package dev.joust.testdata;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/// One table that the reference wrote, and what the reference reads from it.
///
/// @param name the case, as `integers-2.2`
/// @param folder holds `data.lance`, `case.properties` and the expected rows
/// @param properties of `case.properties`; their keys are listed in `make_golden.py`
public record GoldenTable(String name, Path folder, Properties properties) {

    /// What is asked of a reader.
    public enum Reading {
        /// The expected rows.
        NOW,
        /// A refusal whose message holds [GoldenTable#refusedName].
        REFUSED,
        /// Either of the two: the expected rows, or a refusal by name.
        LATER
    }

    static GoldenTable load(Path folder) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(folder.resolve("case.properties"))) {
            properties.load(reader);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new GoldenTable(folder.getFileName().toString(), folder, properties);
    }

    /// The table's root.
    public Path table() {
        return folder.resolve("data.lance");
    }

    /// The folder that {@link #folder} was when the table was written, which its manifests name; null where they name none.
    public @Nullable String writtenBelow() {
        return properties.getProperty("path");
    }

    /// The rows of the newest version of a branch.
    public ExpectedRows expectedOfBranch(String branch) {
        return ExpectedRows.open(folder.resolve("branch-" + branch.replace('/', '-') + ".arrow"));
    }

    /// The latest version's rows with the columns that no file holds, named in the property `row_columns`.
    public ExpectedRows rowColumns() {
        return ExpectedRows.open(folder.resolve("row-columns.arrow"));
    }

    public Reading reading() {
        return Reading.valueOf(property("reading").toUpperCase(Locale.ROOT));
    }

    /// What the message of a refusal names.
    public String refusedName() {
        return property("names");
    }

    /// The version of the table's new data files, as `2.2`.
    public String storageVersion() {
        return property("storage");
    }

    /// The table's latest version.
    public long version() {
        return Long.parseLong(property("version"));
    }

    /// Live rows of the latest version.
    public long rowCount() {
        return Long.parseLong(property("rows"));
    }

    /// The older versions whose rows are known too.
    public List<Long> olderVersions() {
        String versions = properties.getProperty("versions", "");
        return versions.isEmpty() ? List.of() : Arrays.stream(versions.split(",")).map(Long::valueOf).toList();
    }

    /// The value of a key that the case must have.
    public String property(String key) {
        String value = properties.getProperty(key);
        if (value == null) {
            throw new IllegalStateException("case " + name + " has no property " + key);
        }
        return value;
    }

    /// What the reference reads from the latest version, all columns in order.
    public ExpectedRows expected() {
        Path rows = folder.resolveSibling(properties.getProperty("expected", name)).resolve("expected.arrow");
        return ExpectedRows.open(rows);
    }

    /// The same with blobs as bytes, of tables that have some.
    public ExpectedRows expectedBytes() {
        return ExpectedRows.open(folder.resolve("expected-bytes.arrow"));
    }

    /// What the reference reads from an older version, one of [#olderVersions].
    public ExpectedRows expected(long version) {
        return ExpectedRows.open(folder.resolve("expected-v" + version + ".arrow"));
    }

    /// What the reference finds by the table's vector index; columns in `make_golden.py`.
    public ExpectedRows searches() {
        return ExpectedRows.open(folder.resolve("searches.arrow"));
    }

    /// `_rowid` and `_rowaddr` (uint64) of the latest version's rows.
    public ExpectedRows rowIds() {
        return ExpectedRows.open(folder.resolve("row-ids.arrow"));
    }

    /// The table's data files, also those of older versions, by name.
    public List<Path> dataFiles() {
        return filesBelow("data", ".lance");
    }

    /// The table's manifests, by name.
    public List<Path> manifests() {
        return filesBelow("_versions", ".manifest");
    }

    /// The table's deletion files, by name.
    public List<Path> deletionFiles() {
        return filesBelow("_deletions", "");
    }

    private List<Path> filesBelow(String child, String suffix) {
        Path parent = table().resolve(child);
        if (!Files.isDirectory(parent)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(parent)) {
            return files.filter(file -> file.toString().endsWith(suffix)).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Copies the table, for a test that changes it.
    ///
    /// @param root the copy's root, made here
    /// @return `root`
    public Path copyTo(Path root) {
        return copy(table(), root);
    }

    /// Copies the case with the tables beside its own.
    ///
    /// @param root the copy's folder, made here
    /// @return `root`
    public Path copyAllTo(Path root) {
        return copy(folder, root);
    }

    private static Path copy(Path original, Path root) {
        try (Stream<Path> paths = Files.walk(original)) {
            for (Path path : (Iterable<Path>) paths::iterator) {
                Path copy = root.resolve(original.relativize(path).toString());
                if (Files.isDirectory(path)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(path, copy);
                }
            }
            return root;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return folder.getParent().getFileName() + "/" + name;
    }
}
