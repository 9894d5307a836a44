// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import dev.joust.format.CorruptFileException;
import dev.joust.format.UnsupportedFormatException;
import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.file.LanceFileReader;
import dev.joust.format.table.DataFile;
import dev.joust.format.table.Dataset;
import dev.joust.format.table.Fragment;
import dev.joust.format.table.ScanOptions;
import dev.joust.io.ObjectPath;
import dev.joust.io.ObjectStore;

/// `validate`: whether a version of a table is whole: its data files are there, sound and as long as the manifest says,
/// its deletion files fit. `--deep` reads every value, too.
@Command(
        name = "validate",
        description = "Check that a table is whole.",
        footer = {"", "Example: joust validate photos/images.lance --deep"})
final class ValidateCommand extends BaseCommand {
    private static final Pattern CORRUPT = Pattern.compile("(.*?) @ ([0-9]+): (.*)", Pattern.DOTALL);
    private static final ObjectPath DATA = ObjectPath.of("data");

    @Mixin
    private final TableParameters table = new TableParameters();

    @Option(names = "--deep", description = "Read every value.")
    private boolean deep;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean asJson;

    /// @param path   of the file, below the table
    /// @param offset in that file; -1 where the whole of it is meant
    private record Problem(String path, long offset, String what) {}

    ValidateCommand(Context context) {
        super(context);
    }

    @Override
    int run(Resources resources) throws IOException {
        List<Problem> problems = new ArrayList<>();
        ObjectStore store = resources.store(table.address().uri());
        Dataset dataset = null;
        try {
            dataset = resources.open(table.address());
        } catch (CorruptFileException e) {
            problems.add(problem(e, "_versions"));
        }
        if (dataset != null) {
            for (Fragment fragment : dataset.manifest().fragments()) {
                for (DataFile file : fragment.files()) {
                    check(resources, store, fragment, file, problems);
                }
            }
            if (problems.isEmpty()) {
                scan(dataset, problems);
            }
        }
        report(problems);
        return problems.isEmpty() ? 0 : 1;
    }

    private static void check(
            Resources resources, ObjectStore store, Fragment fragment, DataFile file, List<Problem> problems) {
        if (file.baseId() != null) {
            return; // lies in another table
        }
        ObjectPath path = DATA.resolve(file.path());
        try {
            long sizeBytes = store.head(path).sizeBytes();
            if (file.sizeBytes() > 0 && sizeBytes != file.sizeBytes()) {
                problems.add(new Problem(path.value(), -1, "has " + sizeBytes + " bytes, the manifest says " + file.sizeBytes()));
                return;
            }
            try (LanceFileReader reader = LanceFileReader.open(resources.session(), store, path, sizeBytes)) {
                if (fragment.physicalRowCount() > 0 && reader.rowCount() != fragment.physicalRowCount()) {
                    problems.add(new Problem(path.value(), -1, "has " + reader.rowCount() + " rows, the manifest says "
                            + fragment.physicalRowCount()));
                }
            }
        } catch (CorruptFileException e) {
            problems.add(problem(e, path.value()));
        } catch (IOException e) {
            problems.add(new Problem(path.value(), -1, "cannot be read: " + e.getMessage()));
        } catch (UnsupportedFormatException e) {
            problems.add(new Problem(path.value(), -1, String.valueOf(e.getMessage())));
        }
    }

    /// Reads the deletion files, and with `--deep` all columns.
    private void scan(Dataset dataset, List<Problem> problems) throws IOException {
        ScanOptions options = deep ? ScanOptions.ALL : ScanOptions.ALL.withColumns(List.of()).withRowAddresses();
        long rows = 0;
        try (BatchReader reader = dataset.scan(options)) {
            for (Batch batch = reader.next(); batch != null; batch = reader.next()) {
                rows += batch.rowCount();
                batch.close();
            }
            if (rows != dataset.countRows()) {
                problems.add(new Problem("_versions", -1, rows + " rows are there, the manifest says " + dataset.countRows()));
            }
        } catch (CorruptFileException e) {
            problems.add(problem(e, "data"));
        } catch (java.nio.file.NoSuchFileException e) {
            problems.add(new Problem(String.valueOf(e.getMessage()), -1, "is not there"));
        }
    }

    private static Problem problem(CorruptFileException failure, String whereUnknown) {
        String message = String.valueOf(failure.getMessage());
        Matcher matcher = CORRUPT.matcher(message);
        return matcher.matches()
                ? new Problem(matcher.group(1), Long.parseLong(matcher.group(2)), matcher.group(3))
                : new Problem(whereUnknown, -1, message);
    }

    private void report(List<Problem> problems) throws IOException {
        if (!asJson) {
            problems.forEach(problem -> context.out().println(problem.path() + (problem.offset() < 0 ? "" : " @ " + problem.offset())
                    + ": " + problem.what()));
            context.out().println(problems.isEmpty() ? "ok" : problems.size() + " problems");
            return;
        }
        Json.printObject(context.out(), json -> {
            json.writeBooleanField("ok", problems.isEmpty());
            json.writeArrayFieldStart("problems");
            for (Problem problem : problems) {
                json.writeStartObject();
                json.writeStringField("path", problem.path());
                writeOffset(json, problem.offset());
                json.writeStringField("what", problem.what());
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }

    private static void writeOffset(com.fasterxml.jackson.core.JsonGenerator json, @Nullable Long offset) throws IOException {
        if (offset == null || offset < 0) {
            json.writeNullField("offset");
        } else {
            json.writeNumberField("offset", offset);
        }
    }
}
