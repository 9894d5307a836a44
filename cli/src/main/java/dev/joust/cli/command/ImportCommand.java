// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import dev.joust.format.commit.Operation;
import dev.joust.format.file.FileVersion;
import dev.joust.format.schema.Schema;
import dev.joust.format.table.Dataset;
import dev.joust.format.table.Fragment;
import dev.joust.format.table.WriteOptions;
import dev.joust.io.ObjectStore;

/// `import`: rows from a file, a table or standard input into a table.
@Command(
        name = "import",
        description = "Write rows of a file, a table or standard input to a table.",
        footer = {"", "Example: joust import images.parquet photos/images.lance --mode append"})
final class ImportCommand extends BaseCommand {
    @Mixin
    private final Sources source = new Sources();

    @Parameters(index = "1", paramLabel = "URI", description = "The table's folder.")
    @SuppressWarnings("NullAway.Init")
    private String uri;

    @Mixin
    private final WrittenTable written = new WrittenTable();

    @Option(names = "--mode", paramLabel = "MODE", defaultValue = "create", description = "create (the default; fails if the table is there), append or overwrite (both make the table if it is not there).")
    @SuppressWarnings("NullAway.Init")
    private String mode;

    @Option(names = "--storage-version", paramLabel = "V", description = "Version of the data files of a table that is created or overwritten: 2.0, 2.1 or 2.2 (stable). Default: 2.2, or what the table has.")
    private @Nullable String storageVersion;

    @Option(names = "--max-rows-per-file", paramLabel = "N", defaultValue = "1048576", description = "Rows per data file at most. Default: 1048576.")
    private int maxRowsPerFile;

    @Option(names = "--page-bytes", paramLabel = "N", defaultValue = "8388608", hidden = true, description = "Bytes of a column gathered for a page. Default: 8388608.")
    private int pageBytes;

    @Option(names = "--stable-row-ids", description = "Make a table whose rows keep their ids.")
    private boolean stableRowIds;

    @Option(names = "--external-blobs", description = "Take blobs that are given by URIs as links to files outside the table. Whoever reads such a blob reads that file.")
    private boolean externalBlobs;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean asJson;

    private enum Mode {
        CREATE,
        APPEND,
        OVERWRITE
    }

    ImportCommand(Context context) {
        super(context);
    }

    @Override
    int run(Resources resources) throws IOException {
        long startNanos = System.nanoTime();
        String target = written.uri(uri);
        Mode chosen = mode();
        if (maxRowsPerFile < 1) {
            throw new UsageException("--max-rows-per-file must be at least 1");
        }
        WriteOptions options = WriteOptions.DEFAULT
                .withFileVersion(fileVersion())
                .withMaxRowsPerFile(maxRowsPerFile)
                .withPageSizeBytes(pageBytes)
                .withStableRowIds(stableRowIds)
                .withExternalBlobs(externalBlobs);
        ObjectStore store = resources.store(target);
        Optional<Dataset> present = chosen == Mode.CREATE ? Optional.empty() : existing(resources, store);
        Schema known = chosen == Mode.APPEND ? present.map(Dataset::schema).orElse(null) : null;
        long count;
        Dataset dataset;
        int files;
        try (Progress rows = Progress.of(source.open(context, resources, known), context)) {
            if (chosen == Mode.APPEND && present.isPresent()) {
                Dataset before = present.get();
                List<Fragment> fragments = before.withOptions(options).writeFragments(rows);
                files = fileCount(fragments);
                dataset = before.commit(new Operation.Append(fragments));
            } else {
                dataset = present.isPresent()
                        ? present.get().withOptions(options).overwrite(rows.schema(), rows)
                        : Dataset.create(resources.session(), store, rows.schema(), rows, options);
                files = fileCount(dataset.manifest().fragments());
            }
            count = rows.rowCount();
        }
        report(count, files, dataset.version(), (System.nanoTime() - startNanos) / 1e9);
        return 0;
    }

    private Mode mode() {
        try {
            return Mode.valueOf(mode.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new UsageException("--mode " + mode + ": there are create, append and overwrite");
        }
    }

    private @Nullable FileVersion fileVersion() {
        return switch (storageVersion) {
            case null -> null;
            case "2.0" -> FileVersion.V2_0;
            case "2.1" -> FileVersion.V2_1;
            case "2.2", "stable" -> FileVersion.V2_2;
            case "0.1", "legacy", "2.3", "next" ->
                throw new UsageException("--storage-version " + storageVersion
                        + ": files of that version are read, not written; there are 2.0, 2.1 and 2.2");
            default -> throw new UsageException("--storage-version " + storageVersion + ": there are 2.0, 2.1 and 2.2");
        };
    }

    private static Optional<Dataset> existing(Resources resources, ObjectStore store) throws IOException {
        return Dataset.exists(store) ? Optional.of(Dataset.open(resources.session(), store)) : Optional.empty();
    }

    private static int fileCount(List<Fragment> fragments) {
        return fragments.stream().mapToInt(fragment -> fragment.files().size()).sum();
    }

    private void report(long rows, int files, long version, double seconds) throws IOException {
        if (asJson) {
            Json.printObject(context.out(), json -> {
                json.writeNumberField("rows", rows);
                json.writeNumberField("files", files);
                json.writeNumberField("version", version);
                json.writeNumberField("seconds", Math.round(seconds * 1000) / 1000.0);
            });
        } else {
            context.out().println(rows + " rows in " + files + " files, version " + version);
        }
    }
}
