// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.io.IOException;
import java.util.List;

import com.fasterxml.jackson.core.JsonGenerator;
import org.jspecify.annotations.Nullable;

import dev.joust.format.commit.Transaction;
import dev.joust.format.table.BasePath;
import dev.joust.format.table.DataFile;
import dev.joust.format.table.Dataset;
import dev.joust.format.table.DeletionFile;
import dev.joust.format.table.Fragment;
import dev.joust.format.table.IndexMetadata;
import dev.joust.format.table.Manifest;
import dev.joust.format.table.WriterVersion;

/// Writes what a manifest says as the fields of a JSON object.
record ManifestJson(JsonGenerator json, Dataset dataset) {
    void write(@Nullable Transaction transaction) throws IOException {
        Manifest manifest = dataset.manifest();
        json.writeNumberField("version", manifest.version());
        text("branch", manifest.branch());
        json.writeStringField("timestamp", manifest.timestamp().toString());
        WriterVersion writer = manifest.writerVersion();
        text("writer", writer == null ? null : writer.library() + " " + writer.version());
        json.writeStringField("storage_version", manifest.dataFormatVersion());
        json.writeStringField("reader_feature_flags", Long.toUnsignedString(manifest.readerFeatureFlags()));
        json.writeStringField("writer_feature_flags", Long.toUnsignedString(manifest.writerFeatureFlags()));
        number("max_fragment_id", manifest.maxFragmentId());
        json.writeStringField("next_row_id", Long.toUnsignedString(manifest.nextRowId()));
        json.writeStringField("transaction_file", manifest.transactionFile());
        transaction(transaction);
        Json.writeTexts(json, "config", manifest.config());
        Json.writeTexts(json, "table_metadata", manifest.tableMetadata());
        Json.writeFields(json, manifest.schema());
        json.writeArrayFieldStart("base_paths");
        for (BasePath base : manifest.basePaths()) {
            json.writeStartObject();
            json.writeNumberField("id", Integer.toUnsignedLong(base.id()));
            text("name", base.name());
            json.writeBooleanField("is_dataset_root", base.isDatasetRoot());
            json.writeStringField("path", base.path());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayFieldStart("fragments");
        for (Fragment fragment : manifest.fragments()) {
            fragment(fragment);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("indices");
        for (IndexMetadata index : manifest.indices()) {
            json.writeStartObject();
            json.writeStringField("name", index.name());
            json.writeStringField("uuid", index.uuid().toString());
            numbers("fields", index.fieldIds());
            json.writeNumberField("dataset_version", index.datasetVersion());
            text("details", index.detailsTypeUrl());
            base(index.baseId());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void transaction(@Nullable Transaction transaction) throws IOException {
        if (transaction == null) {
            json.writeNullField("transaction");
            return;
        }
        json.writeObjectFieldStart("transaction");
        writeFields(json, transaction);
        json.writeEndObject();
    }

    static void writeFields(JsonGenerator json, Transaction transaction) throws IOException {
        json.writeNumberField("read_version", transaction.readVersion());
        json.writeStringField("uuid", transaction.uuid());
        json.writeStringField("operation", transaction.operation().name());
        Json.writeTexts(json, "properties", transaction.properties());
    }

    private void fragment(Fragment fragment) throws IOException {
        json.writeStartObject();
        json.writeNumberField("id", fragment.id());
        json.writeNumberField("physical_rows", fragment.physicalRowCount());
        json.writeArrayFieldStart("files");
        for (DataFile file : fragment.files()) {
            json.writeStartObject();
            json.writeStringField("path", file.path());
            numbers("fields", file.fieldIds());
            numbers("columns", file.columnIndices());
            json.writeStringField("file_version", file.majorVersion() + "." + file.minorVersion());
            json.writeNumberField("bytes", file.sizeBytes());
            base(file.baseId());
            json.writeEndObject();
        }
        json.writeEndArray();
        DeletionFile deletions = fragment.deletionFile();
        if (deletions == null) {
            json.writeNullField("deletion_file");
        } else {
            json.writeObjectFieldStart("deletion_file");
            json.writeStringField("path", deletions.fileName(fragment.id()));
            base(deletions.baseId());
            json.writeEndObject();
        }
        json.writeArrayFieldStart("deleted_offsets");
        if (deletions != null) {
            for (long offset : dataset.deletions(fragment).offsetsAscending()) {
                json.writeNumber(offset);
            }
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private void base(@Nullable Integer baseId) throws IOException {
        number("base_id", baseId == null ? null : Integer.toUnsignedLong(baseId));
    }

    private void text(String key, @Nullable String text) throws IOException {
        json.writeFieldName(key);
        json.writeString(text);
    }

    private void number(String key, @Nullable Long number) throws IOException {
        if (number == null) {
            json.writeNullField(key);
        } else {
            json.writeNumberField(key, number);
        }
    }

    private void numbers(String key, List<Integer> numbers) throws IOException {
        json.writeArrayFieldStart(key);
        for (int number : numbers) {
            json.writeNumber(number);
        }
        json.writeEndArray();
    }
}
