// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.io.IOException;
import java.time.Duration;
import java.util.Locale;

import com.fasterxml.jackson.core.JsonGenerator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import dev.joust.format.table.CleanupPlan;
import dev.joust.format.table.CleanupPolicy;
import dev.joust.format.table.CleanupStats;
import dev.joust.format.table.Dataset;

/// `cleanup`: deletes old versions and the files that no version needs.
@Command(
        name = "cleanup",
        description = "Delete old versions, and the files that no version needs.",
        footer = {"", "Example: joust cleanup photos/images.lance --older-than 2d --dry-run"})
final class CleanupCommand extends BaseCommand {
    @Parameters(index = "0", paramLabel = "URI", description = "The table's folder.")
    @SuppressWarnings("NullAway.Init")
    private String uri;

    @Mixin
    private final WrittenTable written = new WrittenTable();

    @Option(
            names = "--older-than",
            paramLabel = "AGE",
            description = "Versions older than this go: 14d, 12h, 0s (default: 14d, unless --retain is given).")
    private @Nullable String olderThan;

    @Option(names = "--retain", paramLabel = "N", description = "All but the newest N versions go.")
    private @Nullable Integer retain;

    @Option(names = "--keep-tagged", description = "Let tagged versions stay, instead of failing where one would go.")
    private boolean keepTagged;

    @Option(
            names = "--delete-unverified",
            description = "Files of no version go at once, not after 7 days. Only where nobody writes.")
    private boolean deleteUnverified;

    @Option(names = "--dry-run", description = "Tell what would go, and delete nothing.")
    private boolean dryRun;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean asJson;

    CleanupCommand(Context context) {
        super(context);
    }

    @Override
    int run(Resources resources) throws IOException {
        CleanupPolicy policy = policy();
        Dataset dataset = Dataset.open(resources.session(), resources.store(written.uri(uri)));
        if (dryRun) {
            CleanupPlan plan = dataset.upkeep().planCleanup(policy);
            report(plan.stats(), plan);
            return 0;
        }
        CleanupStats stats = dataset.upkeep().cleanup(policy);
        report(stats, null);
        return stats.failedDeletes() == 0 ? 0 : 1;
    }

    private CleanupPolicy policy() {
        try {
            Duration age = olderThan == null
                    ? retain == null ? CleanupPolicy.DEFAULT.olderThan() : null
                    : CleanupPolicy.age(olderThan);
            return CleanupPolicy.DEFAULT
                    .withOlderThan(age)
                    .withRetainVersions(retain)
                    .withErrorIfTagged(!keepTagged)
                    .withDeleteUnverified(deleteUnverified);
        } catch (IllegalArgumentException e) {
            throw new UsageException(e.getMessage());
        }
    }

    private void report(CleanupStats stats, @Nullable CleanupPlan plan) throws IOException {
        if (asJson) {
            Json.printObject(context.out(), json -> write(json, stats, plan));
            return;
        }
        if (plan != null) {
            for (CleanupPlan.File file : plan.files()) {
                context.out().println(file.path() + (file.unverified() ? " (of no version)" : ""));
            }
        }
        long files = stats.dataFilesRemoved() + stats.deletionFilesRemoved() + stats.indexFilesRemoved()
                + stats.transactionFilesRemoved();
        context.out().println((plan == null ? "" : "would go: ") + stats.oldVersions() + " versions, " + files
                + " files beside their manifests, " + stats.bytesRemoved() + " bytes"
                + (stats.failedDeletes() == 0 ? "" : "; " + stats.failedDeletes() + " files could not be deleted"));
    }

    private static void write(JsonGenerator json, CleanupStats stats, @Nullable CleanupPlan plan) throws IOException {
        json.writeNumberField("bytes_removed", stats.bytesRemoved());
        json.writeNumberField("old_versions", stats.oldVersions());
        json.writeNumberField("data_files_removed", stats.dataFilesRemoved());
        json.writeNumberField("transaction_files_removed", stats.transactionFilesRemoved());
        json.writeNumberField("index_files_removed", stats.indexFilesRemoved());
        json.writeNumberField("deletion_files_removed", stats.deletionFilesRemoved());
        json.writeNumberField("failed_deletes", stats.failedDeletes());
        if (plan == null) {
            return;
        }
        json.writeBooleanField("dry_run", true);
        json.writeArrayFieldStart("files");
        for (CleanupPlan.File file : plan.files()) {
            json.writeStartObject();
            json.writeStringField("path", file.path());
            json.writeStringField("kind", file.kind().name().toLowerCase(Locale.ROOT));
            json.writeBooleanField("unverified", file.unverified());
            json.writeNumberField("bytes", file.sizeBytes());
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
