// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

import dev.joust.cli.input.RowSources;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.table.ScanOptions;

/// Opens what `SRC` names: standard input, a file by its ending, or a Lance table.
final class Sources {
    private Sources() {}

    static BatchReader open(String source, Context context, Resources resources) throws IOException {
        if (source.equals(RowSources.STANDARD_INPUT)) {
            return RowSources.standardInput(context.in(), resources.memory());
        }
        Optional<RowSources.Kind> kind = RowSources.kindOf(source);
        if (kind.isPresent() && !Files.isDirectory(Path.of(source))) {
            if (kind.get() == RowSources.Kind.PARQUET) {
                throw UsageException.notAvailable(source + ": Parquet");
            }
            return RowSources.file(Path.of(source), kind.get(), resources.memory());
        }
        TableAddress address = TableAddress.parse(source, Optional.empty());
        if (!address.uri().contains("://") && !Files.isDirectory(Path.of(address.uri()))) {
            throw new IllegalArgumentException(source + ": neither a table nor a file ending in .arrow, .arrows, .csv or .jsonl");
        }
        return resources.open(address).scan(ScanOptions.ALL);
    }
}
