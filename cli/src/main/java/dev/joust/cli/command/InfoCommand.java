// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

import com.fasterxml.jackson.core.JsonGenerator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import dev.joust.format.refs.Branch;
import dev.joust.format.refs.Tag;
import dev.joust.format.schema.Field;
import dev.joust.format.table.DataFile;
import dev.joust.format.table.Dataset;
import dev.joust.format.table.Fragment;
import dev.joust.format.table.IndexMetadata;
import dev.joust.format.table.Manifest;

/// `info`: what a table holds, from its manifest alone.
@Command(name = "info", description = "What a table holds.", footer = {"", "Example: joust info photos/images.lance --json"})
final class InfoCommand extends BaseCommand {
    @Mixin
    private final TableParameters table = new TableParameters();

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean asJson;

    InfoCommand(Context context) {
        super(context);
    }

    @Override
    int run(Resources resources) throws IOException {
        Dataset dataset = resources.open(table.address());
        Map<String, Long> tags = new TreeMap<>();
        for (Tag tag : dataset.refs().tags().list().values()) {
            if (Objects.equals(Branch.nullForMain(tag.branch()), dataset.branch())) {
                tags.put(tag.name(), tag.version());
            }
        }
        Facts facts = Facts.of(dataset.manifest());
        if (asJson) {
            Json.printObject(context.out(), json -> write(json, facts, tags));
        } else {
            print(context.out(), facts, tags);
        }
        return 0;
    }

    /// Columns of indices by the indices' names; segments of one index count once.
    private record Facts(Manifest manifest, long rows, long deletedRows, int dataFiles, long bytes, List<IndexMetadata> indices) {
        static Facts of(Manifest manifest) {
            long rows = 0;
            long deleted = 0;
            int files = 0;
            long bytes = 0;
            for (Fragment fragment : manifest.fragments()) {
                rows += fragment.liveRowCount();
                deleted += fragment.deletedRowCount();
                for (DataFile file : fragment.files()) {
                    files++;
                    bytes += file.sizeBytes();
                }
            }
            Map<String, IndexMetadata> indexByName = new LinkedHashMap<>();
            manifest.indices().stream()
                    .filter(index -> !index.isSystem())
                    .forEach(index -> indexByName.putIfAbsent(index.name(), index));
            return new Facts(manifest, rows, deleted, files, bytes, List.copyOf(indexByName.values()));
        }

        List<String> columnsOf(IndexMetadata index) {
            List<String> names = new ArrayList<>();
            for (Field field : manifest.schema().preOrder()) {
                if (index.fieldIds().contains(field.id())) {
                    names.add(field.name());
                }
            }
            return names;
        }
    }

    /// The kind of an index by the message that describes it: `.../lance.table.BTreeIndexDetails` is BTREE.
    private static String typeOf(IndexMetadata index) {
        String url = index.detailsTypeUrl();
        if (url == null || url.isEmpty()) {
            return "UNKNOWN";
        }
        String name = url.substring(Math.max(url.lastIndexOf('.'), url.lastIndexOf('/')) + 1);
        return name.replaceAll("(Index)?Details$", "").toUpperCase(Locale.ROOT);
    }

    private static void write(JsonGenerator json, Facts facts, Map<String, Long> tags) throws IOException {
        json.writeNumberField("version", facts.manifest().version());
        json.writeStringField("storage_version", facts.manifest().dataFormatVersion());
        json.writeNumberField("rows", facts.rows());
        json.writeNumberField("deleted_rows", facts.deletedRows());
        json.writeNumberField("fragments", facts.manifest().fragments().size());
        json.writeNumberField("data_files", facts.dataFiles());
        json.writeNumberField("bytes", facts.bytes());
        json.writeArrayFieldStart("columns");
        for (Field field : facts.manifest().schema().fields()) {
            json.writeStartObject();
            json.writeStringField("name", field.name());
            json.writeStringField("type", TypeNames.of(field));
            json.writeBooleanField("nullable", field.nullable());
            json.writeNumberField("field_id", field.id());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayFieldStart("indices");
        for (IndexMetadata index : facts.indices()) {
            json.writeStartObject();
            json.writeStringField("name", index.name());
            json.writeStringField("type", typeOf(index));
            json.writeArrayFieldStart("columns");
            for (String column : facts.columnsOf(index)) {
                json.writeString(column);
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeObjectFieldStart("tags");
        for (Map.Entry<String, Long> tag : tags.entrySet()) {
            json.writeNumberField(tag.getKey(), tag.getValue());
        }
        json.writeEndObject();
    }

    private static void print(PrintStream out, Facts facts, Map<String, Long> tags) {
        out.println("version          " + facts.manifest().version());
        out.println("storage version  " + facts.manifest().dataFormatVersion());
        out.println("rows             " + facts.rows() + " (and " + facts.deletedRows() + " deleted)");
        out.println("fragments        " + facts.manifest().fragments().size());
        out.println("data files       " + facts.dataFiles() + " (" + facts.bytes() + " bytes)");
        out.println("columns");
        for (Field field : facts.manifest().schema().fields()) {
            out.println("  " + field.id() + "  " + field.name() + ": " + TypeNames.of(field) + (field.nullable() ? "" : " not null"));
        }
        facts.indices().forEach(index -> out.println("index " + index.name() + "  " + typeOf(index) + " of "
                + String.join(", ", facts.columnsOf(index))));
        tags.forEach((name, version) -> out.println("tag " + name + "  version " + version));
    }
}
