// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Options that every command has.
final class CommonOptions {
    @Option(names = "--debug", description = "Add the trace to a failure.")
    boolean debug;

    @Option(names = "--io-stats", description = "Print requests and bytes as one JSON line on standard error.")
    boolean ioStats;

    @Option(names = "--timing", description = "Print how long it took on standard error.")
    boolean timing;

    @Option(
            names = "--storage-option",
            paramLabel = "KEY=VALUE",
            description = "Setting of the object store, under the reference's names; may be repeated.")
    List<String> storageOptions = new ArrayList<>();

    @Option(names = "--storage-options-file", paramLabel = "FILE", description = "Such settings, a key=value per line.")
    @Nullable Path storageOptionsFile;

    @Option(
            names = "--cache-dir",
            paramLabel = "DIR",
            description = "Keep what is read of object stores in DIR, for later commands. Default: $JOUST_CACHE_DIR, if set.")
    @Nullable Path cacheFolder;

    @Option(
            names = "--unsafe-commit",
            description = "Write to stores that can't decide between two writers: of two at once, the rows of one are lost.")
    boolean unsafeCommit;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Print this.")
    boolean help;

    /// Where what is read of object stores is kept; null for nowhere.
    @Nullable Path cacheFolder() {
        String variable = System.getenv("JOUST_CACHE_DIR");
        return cacheFolder != null || variable == null || variable.isEmpty() ? cacheFolder : Path.of(variable);
    }

    /// Settings of the object store; those on the command line win.
    Map<String, String> allStorageOptions() throws IOException {
        Map<String, String> all = new LinkedHashMap<>();
        if (storageOptionsFile != null) {
            Properties properties = new Properties();
            try (Reader in = Files.newBufferedReader(storageOptionsFile, StandardCharsets.UTF_8)) {
                properties.load(in);
            }
            properties.forEach((key, value) -> all.put(key.toString(), value.toString()));
        }
        for (String option : storageOptions) {
            int equals = option.indexOf('=');
            if (equals < 1) {
                throw new UsageException("--storage-option is KEY=VALUE"); // what was given may be a secret
            }
            all.put(option.substring(0, equals), option.substring(equals + 1));
        }
        if (unsafeCommit) {
            all.put("unsafe_commit", "true");
        }
        return all;
    }
}
