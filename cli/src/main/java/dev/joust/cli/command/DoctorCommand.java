// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import dev.joust.io.ObjectStores;
import dev.joust.io.StoreCheck;
import dev.joust.io.StoreCheck.Outcome;

/// `doctor`: what keeps a store from working, a line per check with what to do about it.
@Command(
        name = "doctor",
        description = "Find out what keeps a bucket or folder from working: credentials, region, endpoint, clock, conditional puts.",
        footer = {"", "Puts a few small objects below the URI, and removes them.", "Example: joust doctor s3://photos/db"})
final class DoctorCommand extends BaseCommand {
    @Parameters(index = "0", paramLabel = "URI", description = "A bucket, a prefix of one, or a folder.")
    @SuppressWarnings("NullAway.Init")
    private String uri;

    @Option(names = "--read-only", description = "Put nothing there.")
    private boolean readOnly;

    @Option(names = "--json", description = "Print one JSON object {ok, checks[{name, outcome, found, fix}]}.")
    private boolean asJson;

    DoctorCommand(Context context) {
        super(context);
    }

    @Override
    int run(Resources resources) throws IOException {
        String root = TableAddress.parse(uri, Optional.empty()).uri();
        List<StoreCheck> checks = ObjectStores.examine(root, resources.storageOptions(root), !readOnly);
        boolean isGood = checks.stream().noneMatch(check -> check.outcome() == Outcome.FAILED);
        if (asJson) {
            print(checks, isGood);
        } else {
            for (StoreCheck check : checks) {
                context.out().printf(Locale.ROOT, "%-8s%-17s%s%n", word(check.outcome()), check.name(), check.found());
                if (!check.fix().isEmpty()) {
                    context.out().printf(Locale.ROOT, "%-8s%-17s-> %s%n", "", "", check.fix());
                }
            }
        }
        return isGood ? 0 : 1;
    }

    private static String word(Outcome outcome) {
        return switch (outcome) {
            case OK -> "ok";
            case WARNING -> "warning";
            case FAILED -> "FAILED";
            case SKIPPED -> "-";
        };
    }

    private void print(List<StoreCheck> checks, boolean isGood) throws IOException {
        Json.printObject(context.out(), json -> {
            json.writeBooleanField("ok", isGood);
            json.writeArrayFieldStart("checks");
            for (StoreCheck check : checks) {
                json.writeStartObject();
                json.writeStringField("name", check.name());
                json.writeStringField("outcome", check.outcome().name().toLowerCase(Locale.ROOT));
                json.writeStringField("found", check.found());
                json.writeStringField("fix", check.fix());
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }
}
